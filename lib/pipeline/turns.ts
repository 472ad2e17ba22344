/**
 * Which of the notices that are due may leave now. Of one incident each sink gets them in the order in which they came
 * to be owed: who reads RECOVERED and then OPEN believes that it is open again. One that is never accepted must not keep
 * the others for ever: they go past it, and say so. Nothing waits for a notice of another incident or another sink: what
 * opens one incident and tells of another besides does not wait for what that one is still owed.
 */
import type { Notice, OutboxEntry } from '../model/incident.ts';
import type { Outbox } from '../model/store.ts';
import { printable } from '../model/text.ts';

/** Each earlier one was refused so often, or this one waited so long: it goes. */
export const PATIENCE = { attempts: 8, ms: 5 * 60_000 } as const;
/** Then it is looked at again: the earlier one may be on its way with another deliverer. */
const POSTPONED_MS = 1_000;
const ENDS: ReadonlySet<Notice['kind']> = new Set(['closed', 'accepted']);
const LINE_LIMIT = 400;
const SHOWN = 5;

export interface Turns {
  /** What leaves: with a line more where it goes past an earlier one. What is settled and deferred is the entry. */
  readonly ready: readonly { readonly entry: OutboxEntry; readonly notice: Notice }[];
  readonly postponed: number;
  readonly overtook: number;
}

/** `endsLast`: sinks at which what ends an incident waits for as long as it takes (model/sink.ts). */
export async function turns(
  due: readonly OutboxEntry[],
  outbox: Outbox,
  now: () => Date,
  endsLast: ReadonlySet<string> = new Set(),
): Promise<Turns> {
  const together = new Set(due.map(nameOf));
  const found = await Promise.all(
    due.map(async (entry) => {
      const { after = [] } = entry.notice;
      const earlier = after.length === 0 ? [] : await outbox.owed(after, entry.sink);
      return { entry, earlier };
    }),
  );
  const ready: Turns['ready'][number][] = [];
  let [postponed, overtook] = [0, 0];
  for (const { entry, earlier } of found) {
    const { notice, sink } = entry;
    // That one is tried first, and this one with the next look: then it is known what became of it.
    if (earlier.some(({ key }) => together.has(nameOf({ notice: { key }, sink })))) continue;
    const waited = now().getTime() - Date.parse(notice.createdAt);
    const isPatient = !isFirst(notice) && waited < PATIENCE.ms;
    const isLast = endsLast.has(sink) && ENDS.has(notice.kind) && earlier.length > 0;
    const goes = !isLast && (!isPatient || earlier.every(({ attempts }) => attempts >= PATIENCE.attempts));
    if (!goes) {
      await outbox.postpone(entry, new Date(now().getTime() + POSTPONED_MS).toISOString());
      postponed++;
      continue;
    }
    if (earlier.length > 0) overtook++;
    ready.push({ entry, notice: saying(notice, earlier) });
  }
  return { ready, postponed, overtook };
}

/** Nobody was told of this incident yet. */
function isFirst({ key, incident }: Notice): boolean {
  return key === `${incident.id}/opened/1`;
}

/** Of one notice at one sink. */
export function nameOf({ notice, sink }: { readonly notice: Pick<Notice, 'key'>; readonly sink: string }): string {
  return `${sink} ${notice.key}`;
}

/** Right below the subject: what is cut off of a long message is its end. */
function saying(notice: Notice, earlier: readonly { readonly key: string }[]): Notice {
  if (earlier.length === 0) return notice;
  const names = earlier.slice(0, SHOWN).map(({ key }) => key.split('/').slice(-2).join(' '));
  const more = earlier.length > SHOWN ? ` and ${earlier.length - SHOWN} more` : '';
  const line = `EARLIER  an earlier message of this incident was not delivered: ${names.join(', ')}${more}; it may come after this one`;
  const [subject, ...rest] = notice.lines;
  return { ...notice, lines: [subject ?? notice.subject, printable(line, LINE_LIMIT), ...rest] };
}
