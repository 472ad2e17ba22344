/**
 * Sweeps accounts and regions, a few at a time, and merges what they answered with what was known. A place that does
 * not answer leaves its endpoints unknown, never gone. One place's results leave before the next ones come, so memory
 * does not grow with the number of accounts.
 */
import pLimit from 'p-limit';
import { mergePlace, presenceOf, unseenEndpoint, unseenGap } from '../assess/presence.ts';
import type { CoverageGap, Endpoint } from '../model/endpoint.ts';
import type { CellRecord, CellReport, InventorySource, Place, PlaceRecord, PlaceResult } from '../model/inventory.ts';
import type { InventoryRecords, StateStore } from '../model/store.ts';
import type { Task } from './plan.ts';

/** Places swept at once: with two calls in flight per service this stays far below any account's limits. */
export const PLACES_AT_ONCE = 16;

export interface CollectRun {
  readonly source: InventorySource;
  readonly records: InventoryRecords;
  readonly states: Pick<StateStore, 'read'>;
  readonly signal: AbortSignal;
  readonly placesAtOnce?: number;
  readonly onPlace: (result: PlaceResult, progress: { readonly done: number; readonly total: number }) => Promise<void>;
}

/** Calls `onPlace` as each place is done. A cancelled run leaves the rest for the next one. */
export async function collect(tasks: readonly Task[], run: CollectRun): Promise<void> {
  let done = 0;
  const limit = pLimit(run.placesAtOnce ?? PLACES_AT_ONCE);
  // Not all at once: seventeen thousand closures waiting would be memory that grows with the organisation.
  const waiting = new Set<Promise<void>>();
  for (const task of tasks) {
    if (run.signal.aborted) break;
    const work = limit(async () => {
      const result = await sweepPlace(task, run);
      done++;
      if (result !== undefined) await run.onPlace(result, { done, total: tasks.length });
    });
    waiting.add(work);
    const settled = (): boolean => waiting.delete(work);
    work.then(settled, settled);
    if (waiting.size >= 2 * (run.placesAtOnce ?? PLACES_AT_ONCE)) await Promise.race(waiting);
  }
  await Promise.all(waiting);
}

async function sweepPlace({ place, services }: Task, run: CollectRun): Promise<PlaceResult | undefined> {
  if (run.signal.aborted) return undefined;
  const before = await run.records.read(place.account, place.region);
  const swept = await run.source.sweep(place, services, run.signal);
  if (run.signal.aborted) return undefined;
  const reports = withoutIdleCompany(swept, before, run.source);
  const cells: Record<string, CellRecord> = {};
  const merged: Merged[] = [];
  for (const report of reports) {
    const one = await mergeCell(before?.cells[report.service], report, place, run);
    cells[report.service] = one.record;
    merged.push(one);
  }
  await run.records.save(mergePlace(before, place, cells));
  return {
    place,
    cells: reports,
    endpoints: merged.flatMap((m) => m.endpoints),
    unseen: merged.flatMap((m) => m.unseen),
    gone: merged.flatMap((m) => m.gone),
    recreated: merged.flatMap((m) => m.recreated),
    gaps: merged.flatMap((m) => m.gaps),
  };
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
  const known = { ...presence.record.known };
  for (const id of presence.unseen) {
    const endpoint = (await run.states.read(id))?.endpoint;
    const isAsked = presence.ask.includes(id);
    if (endpoint === undefined) {
      // Never judged: no incident could close by its absence, so two whole lists are enough to forget it.
      if (isAsked) delete known[id];
      continue;
    }
    const isGone = isAsked && (await run.source.exists(place, endpoint)) === false;
    if (isGone) {
      gone.push(endpoint);
      delete known[id];
    } else {
      unseen.push(unseenEndpoint(endpoint));
      gaps.push(unseenGap(id, report));
    }
  }
  return {
    endpoints: presence.endpoints,
    unseen,
    gone,
    recreated: presence.recreated,
    gaps,
    record: { ...presence.record, known },
  };
}
