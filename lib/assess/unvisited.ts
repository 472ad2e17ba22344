/**
 * Stretches in which nobody visited an endpoint for longer than it is due (evidence-and-alerts.md section 1.2, Q2): two
 * intervals and a minute after one visit it counts as unseen until the next. Each is a line of the ledger, written by the
 * visit that ends it. A visit that comes late lay within such a stretch: what was told of it is taken back and told anew. So
 * what stands on record depends on the set of visits alone, never on the order in which they arrived. Pure.
 */
import type { LedgerLine } from '../model/ledger.ts';
import type { Reading } from '../model/reading.ts';
import type { EndpointState, FoldState, LastVisit, Sample } from '../model/state.ts';
import type { VerdictName } from '../model/verdict.ts';
import { allowedMs, LONGEST_PAUSE_MS } from './overdue.ts';

interface Visit extends LastVisit {
  /** What it concluded; absent of one that is folded away. */
  readonly verdict?: VerdictName;
}

interface Stretch {
  readonly lastVisitAt: string;
  readonly from: string;
  readonly to: string;
  readonly everyMs?: number;
  readonly verdict?: VerdictName;
}

/** Of the newest visit among what was folded. What is gone is due to nobody until it is seen again. */
export function lastVisit({ visited }: FoldState, sample: Sample): Pick<FoldState, 'visited'> {
  const visit = visitOf(sample);
  if (visit === undefined) return visited === undefined ? {} : { visited };
  const { verdict: _later, ...last } = visit;
  return { visited: last };
}

/** What the ledger is owed of the stretches around this sample, the newest of those that `before` does not hold. */
export function unvisitedLines(
  before: EndpointState | undefined,
  sample: Sample,
  { runId, endpoint }: Reading,
  now: Date,
): readonly LedgerLine[] {
  const visit = visitOf(sample);
  if (before === undefined || visit === undefined || endpoint.shared === true) return [];
  const { earlier, later, isUnbroken } = around(before, sample);
  // Others came in between, of which there is no more than that.
  if (isUnbroken) return [];
  const was = stretchBetween(earlier, later);
  const is = [stretchBetween(earlier, visit), stretchBetween(visit, later)];
  const written = { kind: 'gap', runId, subject: endpoint.id, recordedAt: now.toISOString() } as const;
  // Where a visit of another vantage came at the very same moment, it is as it was.
  if (was !== undefined && is.some((stretch) => stretch !== undefined && isSame(stretch, was))) return [];
  return [
    ...(was === undefined ? [] : [{ ...written, observedAt: was.to, body: bodyOf('visited-after-all', was) }]),
    ...is.flatMap((stretch) =>
      stretch === undefined ? [] : [{ ...written, observedAt: stretch.to, body: bodyOf('unvisited', stretch) }],
    ),
  ];
}

function isSame(a: Stretch, b: Stretch): boolean {
  return a.from === b.from && a.to === b.to;
}

function bodyOf(kind: string, { lastVisitAt, from, to, everyMs, verdict }: Stretch): LedgerLine['body'] {
  return {
    ...{ kind, from, to, lastVisitAt },
    ...(everyMs === undefined ? {} : { everySeconds: Math.round(everyMs / 1_000) }),
    ...(verdict === undefined ? {} : { verdict }),
  };
}

/** `unvisited` samples bring news of the configuration, and nobody went there. */
function visitOf({ at, everyMs, unvisited, deleted, context }: Sample): Visit | undefined {
  if (unvisited === true) return undefined;
  const due = everyMs === undefined ? {} : { everyMs };
  return { at, ...due, ...(deleted ? { gone: true as const } : {}), verdict: context.verdict.name };
}

/** The visits next to it in time. */
function around(
  { base, recent }: EndpointState,
  { at, id }: Sample,
): { readonly earlier?: Visit; readonly later?: Visit; readonly isUnbroken: boolean } {
  const isEarlier = (sample: Sample): boolean => sample.at < at || (sample.at === at && sample.id < id);
  const visits = recent.filter(({ unvisited }) => unvisited !== true);
  const last = visits.findLast(isEarlier);
  const next = visits.find((sample) => !isEarlier(sample));
  const earlier = last === undefined ? base.visited : visitOf(last);
  const later = next === undefined ? undefined : visitOf(next);
  const known = { ...(earlier === undefined ? {} : { earlier }), ...(later === undefined ? {} : { later }) };
  return { ...known, isUnbroken: next?.unbroken === true };
}

/** The visit that ends it was asked for by the schedule that was in force since the one before it. */
function stretchBetween(earlier: Visit | undefined, later: Visit | undefined): Stretch | undefined {
  if (earlier === undefined || later === undefined || earlier.gone === true) return undefined;
  const everyMs = later.everyMs ?? earlier.everyMs;
  const { at: lastVisitAt } = earlier;
  const from = unseenFrom({ at: lastVisitAt, ...(everyMs === undefined ? {} : { everyMs }) });
  if (from >= later.at) return undefined;
  const { verdict } = later;
  const known = { ...(everyMs === undefined ? {} : { everyMs }), ...(verdict === undefined ? {} : { verdict }) };
  return { lastVisitAt, from, to: later.at, ...known };
}

/** From when on an endpoint is unseen unless somebody visits it. `undefined`: it never was, or is gone. */
export function unseenSince({ base, recent }: EndpointState): string | undefined {
  const newest = recent.findLast(({ unvisited }) => unvisited !== true);
  const last = newest === undefined ? base.visited : visitOf(newest);
  return last === undefined || last.gone === true ? undefined : unseenFrom(last);
}

/** From when on it is unseen, where nobody comes after this visit. Where nobody says how often it is due, a day at least. */
export function unseenFrom({ at, everyMs }: LastVisit): string {
  const allowed = everyMs === undefined ? LONGEST_PAUSE_MS : allowedMs(everyMs);
  return new Date(Date.parse(at) + allowed).toISOString();
}
