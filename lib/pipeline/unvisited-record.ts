/**
 * Stretches in which nobody visited an endpoint, as the ledger has them (assess/unvisited.ts): those that were told, without
 * those that were taken back, and cut where a visit lay that came too late to be folded. Whatever order they stand in, the
 * same stretches come of them.
 */
import { z } from 'zod';
import { unseenFrom } from '../assess/unvisited.ts';
import type { CoverageGap } from '../model/endpoint.ts';
import type { LedgerEntry } from '../model/ledger.ts';
import { VERDICTS } from '../model/verdict.ts';

/** One stretch, as it was recorded: not yet cut to a period. */
export interface Stretch {
  readonly from: string;
  readonly to?: string;
  readonly code: CoverageGap['code'] | 'not-running';
  readonly cause: string;
  readonly catchUp?: string;
}

const body = z.object({
  kind: z.enum(['unvisited', 'visited-after-all']),
  from: z.string(),
  to: z.string(),
  lastVisitAt: z.string(),
  everySeconds: z.number().exactOptional(),
  verdict: z.enum(VERDICTS).exactOptional(),
});
type Told = z.infer<typeof body>;

/** Whether an entry tells of such a stretch, and not of what a visit could not conclude. */
export function isUnvisited({ kind, body }: Pick<LedgerEntry, 'kind' | 'body'>): boolean {
  return kind === 'gap' && (body['kind'] === 'unvisited' || body['kind'] === 'visited-after-all');
}

export class UnvisitedRecord {
  readonly #told = new Map<string, Told[]>();
  readonly #late = new Map<string, string[]>();

  add({ subject, body: said }: Pick<LedgerEntry, 'subject' | 'body'>): void {
    const { success, data } = body.safeParse(said);
    if (!success) return;
    const known = this.#told.get(subject) ?? [];
    const others = known.filter(({ from, to }) => from !== data.from || to !== data.to);
    this.#told.set(subject, data.kind === 'unvisited' ? [...others, data] : others);
  }

  addLate({ subject, observedAt }: Pick<LedgerEntry, 'subject' | 'observedAt'>): void {
    const late = this.#late.get(subject);
    if (late === undefined) this.#late.set(subject, [observedAt]);
    else late.push(observedAt);
  }

  /** Oldest first. One that had begun by `at` and ended later has no end. */
  stretchesOf(endpointId: string, at: string): readonly Stretch[] {
    const late = (this.#late.get(endpointId) ?? []).toSorted();
    return (this.#told.get(endpointId) ?? [])
      .flatMap((told) => cutBy(told, late))
      .filter(({ from }) => from < at)
      .toSorted((a, b) => (a.from < b.from ? -1 : 1))
      .map((told) => stretchOf(told, at));
  }
}

function cutBy(told: Told, late: readonly string[]): readonly Told[] {
  const visits = [told.lastVisitAt, ...late.filter((at) => told.lastVisitAt < at && at < told.to), told.to];
  const everyMs = told.everySeconds === undefined ? {} : { everyMs: told.everySeconds * 1_000 };
  return visits.slice(1).flatMap((to, i) => {
    const lastVisitAt = visits[i] ?? to;
    const from = i === 0 ? told.from : unseenFrom({ at: lastVisitAt, ...everyMs });
    return from < to ? [{ ...told, lastVisitAt, from, to }] : [];
  });
}

function stretchOf({ from, to, lastVisitAt, everySeconds, verdict }: Told, at: string): Stretch {
  const due = everySeconds === undefined ? 'once a day at least' : `every ${everySeconds} s`;
  const cause = `not visited since ${lastVisitAt}, and due ${due}`;
  const end = to > at ? {} : { to, ...(verdict === undefined ? {} : { catchUp: verdict }) };
  return { from, code: 'stale', cause, ...end };
}
