/**
 * What makes ajar say less, as the ledger has it (evidence-and-alerts.md section 1.2, Q6): acknowledgements, break-glass, sinks
 * and listeners that were taken away. Each with its moment, and who did it where the record names somebody.
 */
import { z } from 'zod';
import type { LedgerEntry } from '../model/ledger.ts';
import type { ReportChange } from '../model/report-evidence.ts';

export type Said = Pick<ReportChange, 'kind' | 'subject' | 'text' | 'by'>;

const glassBody = z.object({
  kind: z.literal('opened'),
  incident: z.object({
    id: z.string(),
    glass: z.object({ entries: z.array(z.string()), isOver: z.literal(false) }),
  }),
});
const raisedBody = z.object({
  ...{ of: z.literal('guard'), event: z.literal('alarmed'), text: z.string(), detail: z.string() },
  deafens: z.string().exactOptional(),
  by: z.string().exactOptional(),
});
const ids = z.array(z.string());
const sinksBody = z.object({ event: z.literal('sinks'), removed: ids, added: ids, changed: ids });

/** Nobody is woken of what is under break-glass. `approversOf`: who approved an entry of this id, as far as is on record. */
export function glassSilence({ body }: LedgerEntry, approversOf: (id: string) => readonly string[]): readonly Said[] {
  const { success, data } = glassBody.safeParse(body);
  if (!success) return [];
  const { id, glass } = data.incident;
  const by = [...new Set(glass.entries.flatMap(approversOf))].sort();
  const text = `under break-glass ${glass.entries.join(', ')}: nobody is woken`;
  return [{ kind: 'silence', subject: id, text, ...byOf(by) }];
}

/** Guard found that nobody listens, or that somebody touched what ajar rests on. */
export function alarmChange({ subject, body }: LedgerEntry): readonly Said[] {
  const { success, data } = raisedBody.safeParse(body);
  if (!success) return [];
  const { text, detail, deafens, by } = data;
  const who = by === undefined ? {} : { by };
  if (deafens !== undefined) return [{ kind: 'silence', subject: deafens, text: `${text}: ${detail}`, ...who }];
  if (subject.startsWith('tampering/')) return [{ kind: 'guardrail', subject, text: detail, ...who }];
  return [];
}

/** Sinks of a deployed ajar, as guard read them from its settings. */
export function sinksChange({ subject, body }: LedgerEntry): readonly Said[] {
  const { success, data } = sinksBody.safeParse(body);
  return success ? sinksSaid(subject, data) : [];
}

interface SinksChange {
  readonly removed: readonly string[];
  readonly added: readonly string[];
  readonly changed?: readonly string[];
}

/** Whoever was told and is not any more is a silence; who is new is none. */
export function sinksSaid(
  subject: string,
  { removed, added, changed = [] }: SinksChange,
  by?: string,
): readonly Said[] {
  const who = by === undefined ? {} : { by };
  const said = (kind: Said['kind'], words: string, which: readonly string[]): readonly Said[] =>
    which.length === 0 ? [] : [{ kind, subject, text: `${words}: ${which.join(', ')}`, ...who }];
  return [
    ...said('silence', 'no longer told', removed),
    ...said('run', 'told from here on', added),
    ...said('run', 'told otherwise', changed),
  ];
}

export function byOf(names: readonly string[]): { readonly by?: string } {
  return names.length === 0 ? {} : { by: names.join(', ') };
}
