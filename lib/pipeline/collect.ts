/**
 * Sweeps accounts and regions, a few at a time, and merges what they answered with what was known. A place that does
 * not answer leaves its endpoints unknown, never gone. One place's results leave before the next ones come, so memory
 * does not grow with the number of accounts.
 */
import pLimit from 'p-limit';
import { believed, mergePlace, presenceOf, unseenEndpoint, unseenGap } from '../assess/presence.ts';
import type { CoverageGap, Endpoint } from '../model/endpoint.ts';
import {
  cellKey,
  type CellRecord,
  type CellReport,
  type InventorySource,
  type KnownEndpoint,
  type Place,
  type PlaceRecord,
  type PlaceResult,
} from '../model/inventory.ts';
import type { EndpointState } from '../model/state.ts';
import type { InventoryRecords, StateStore } from '../model/store.ts';
import { faultLine } from './fault.ts';
import type { Task } from './plan.ts';

/** Places swept at once: with two calls in flight per service this stays far below any account's limits. */
export const PLACES_AT_ONCE = 16;

export interface CollectRun {
  readonly source: InventorySource;
  readonly records: InventoryRecords;
  readonly states: Pick<StateStore, 'read'>;
  readonly signal: AbortSignal;
  readonly now: () => Date;
  readonly placesAtOnce?: number;
  readonly onPlace: (result: PlaceResult, progress: { readonly done: number; readonly total: number }) => Promise<void>;
}

/** Calls `onPlace` as each place is done. A cancelled run leaves the rest for the next one; the first error ends it. */
export async function collect(tasks: readonly Task[], run: CollectRun): Promise<void> {
  let done = 0;
  let failure: { readonly error: unknown } | undefined;
  const limit = pLimit(run.placesAtOnce ?? PLACES_AT_ONCE);
  // Not all at once: seventeen thousand closures waiting would be memory that grows with the organisation.
  const waiting = new Set<Promise<void>>();
  for (const task of tasks) {
    if (run.signal.aborted || failure !== undefined) break;
    const work: Promise<void> = limit(async () => {
      const result = failure === undefined ? await sweepPlace(task, run) : undefined;
      done++;
      if (result !== undefined) await run.onPlace(result, { done, total: tasks.length });
    })
      .catch((error: unknown) => {
        failure ??= { error };
      })
      .finally(() => waiting.delete(work));
    waiting.add(work);
    if (waiting.size >= 2 * (run.placesAtOnce ?? PLACES_AT_ONCE)) await Promise.race(waiting);
  }
  await Promise.all(waiting);
  if (failure !== undefined) throw failure.error;
}

async function sweepPlace({ place, services }: Task, run: CollectRun): Promise<PlaceResult | undefined> {
  if (run.signal.aborted) return undefined;
  const swept = await reportsOf(place, services, run);
  // A run that is cut short keeps what it has read whole; the rest is due again.
  const kept = run.signal.aborted ? swept.filter(({ status }) => status === 'complete') : swept;
  if (kept.length === 0) return undefined;
  // Read after the sweep, which may have taken minutes: what others learned of the place meanwhile is not forgotten.
  const before = await run.records.read(place.account, place.region);
  const reports = withoutIdleCompany(kept, before, run.source).filter((report) => isNews(before, report));
  const cells: Record<string, CellRecord> = {};
  const merged: Merged[] = [];
  const told: CellReport[] = [];
  for (const answered of reports) {
    const report = believed(before?.cells[answered.service], answered);
    const one = await mergeCell(before?.cells[report.service], report, place, run);
    cells[report.service] = one.record;
    merged.push(one);
    told.push(report);
  }
  const latest = merged.some((m) => m.asked) ? await run.records.read(place.account, place.region) : before;
  await run.records.save(mergePlace(latest, place, cells));
  return {
    place,
    cells: told,
    endpoints: merged.flatMap((m) => m.endpoints),
    unseen: merged.flatMap((m) => m.unseen),
    gone: merged.flatMap((m) => m.gone),
    recreated: merged.flatMap((m) => m.recreated),
    gaps: merged.flatMap((m) => m.gaps),
  };
}

/** A sweep that began before one whose answers are known already has nothing to add. */
function isNews(before: PlaceRecord | undefined, { service, at }: CellReport): boolean {
  const known = before?.cells[service];
  return known === undefined || known.triedAt <= at;
}

/** One account whose sweep breaks must not end the pass of all others: its cells failed, and say why. */
async function reportsOf(place: Place, services: readonly string[], run: CollectRun): Promise<readonly CellReport[]> {
  try {
    return await run.source.sweep(place, services, run.signal);
  } catch (error) {
    const detail = faultLine(error);
    const at = run.now().toISOString();
    return services.map((service) => ({
      ...{ place, service, status: 'failed', endpoints: [], calls: 0, at },
      gaps: [{ stage: 'inventory', subject: cellKey(place, service), code: 'fault', detail }],
    }));
  }
}

/** Three switches in each of seventeen thousand empty places would be all that anybody sees. One kept once stays. */
function withoutIdleCompany(
  reports: readonly CellReport[],
  before: PlaceRecord | undefined,
  { services }: InventorySource,
): readonly CellReport[] {
  const company = new Set(services.filter((s) => s.accompanies === true).map((s) => s.service));
  const holds =
    reports.some((r) => !company.has(r.service) && r.endpoints.length > 0) ||
    Object.values(before?.cells ?? {}).some((cell) => Object.keys(cell.known).length > 0);
  return holds ? reports : reports.map((r) => (company.has(r.service) ? { ...r, endpoints: [] } : r));
}

interface Merged extends Pick<PlaceResult, 'endpoints' | 'unseen' | 'gone' | 'recreated' | 'gaps'> {
  readonly record: CellRecord;
  /** The API was asked for single endpoints: time went by. */
  readonly asked: boolean;
}

async function mergeCell(
  before: CellRecord | undefined,
  report: CellReport,
  place: Place,
  run: CollectRun,
): Promise<Merged> {
  const presence = presenceOf(before, report);
  const unseen: Endpoint[] = [];
  const gone: Endpoint[] = [];
  const gaps: CoverageGap[] = [...report.gaps];
  const known: Record<string, KnownEndpoint> = { ...presence.record.known };
  for (const id of presence.unseen) {
    const one = known[id];
    const state = await run.states.read(id);
    const endpoint = state?.endpoint ?? one?.door;
    const isAsked = presence.ask.includes(id) || one?.gone === true;
    if (one === undefined || endpoint === undefined || (one.gone === true && isDeleted(state))) {
      // Never judged: no incident could close by its absence, so two whole lists are enough to forget it.
      if (isAsked) delete known[id];
      continue;
    }
    const exists = isAsked ? await existsStill(place, endpoint, run, gaps) : undefined;
    if (exists !== false) {
      unseen.push(unseenEndpoint(endpoint));
      gaps.push(unseenGap(id, report));
    } else if (state === undefined) {
      delete known[id];
    } else {
      gone.push(state.endpoint);
      known[id] = { ...one, gone: true };
    }
  }
  return {
    endpoints: presence.endpoints,
    unseen,
    gone,
    recreated: presence.recreated,
    gaps,
    record: { ...presence.record, known },
    asked: presence.ask.length > 0,
  };
}

/** Its deletion is on record: nothing more is owed to it. */
export function isDeleted(state: EndpointState | undefined): boolean {
  return state?.recent.at(-1)?.deleted === true;
}

async function existsStill(
  place: Place,
  endpoint: Endpoint,
  { source }: CollectRun,
  gaps: CoverageGap[],
): Promise<boolean | undefined> {
  try {
    return await source.exists(place, endpoint);
  } catch (error) {
    gaps.push({ stage: 'inventory', subject: endpoint.id, code: 'fault', detail: faultLine(error) });
    return undefined;
  }
}
