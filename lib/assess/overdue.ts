/**
 * What should have been looked at by now: two intervals and a minute without a look are a coverage gap
 * (evidence-and-alerts.md section 5.3, I3). Pure: how often a thing is due is the caller's to say.
 */
import type { Engine } from '../model/endpoint.ts';
import { cellKey, type CellRecord, type PlaceRecord } from '../model/inventory.ts';
import type { EndpointState, View } from '../model/state.ts';

export const ALLOWED_INTERVALS = 2;
export const ALLOWED_MS = 60_000;

/** MySQL is visited once a day and a nightly scan is a fair cadence: a pause longer than this is a stretch unwatched. */
export const LONGEST_PAUSE_MS = 25 * 3_600_000;

/** How long nobody needs to look at what is due so often. */
export function allowedMs(intervalMs: number): number {
  return ALLOWED_INTERVALS * intervalMs + ALLOWED_MS;
}

export interface Overdue {
  /** `account/region/service` of a cell, the id of an endpoint. */
  readonly subject: string;
  /** Since the last look; infinite where no moment is on record. */
  readonly ageMs: number;
}

/** The age of a look that is too old; `undefined` of one that is not. */
export function overdueAge(at: string, intervalMs: number, now: Date): number | undefined {
  const age = now.getTime() - Date.parse(at);
  if (Number.isNaN(age)) return Number.POSITIVE_INFINITY;
  return age > allowedMs(intervalMs) ? age : undefined;
}

/** Cells of one place that nobody tried to read, whatever the last try brought. */
export function overdueCells(
  { place, cells }: PlaceRecord,
  intervalOf: (cell: CellRecord) => number,
  now: Date,
): readonly Overdue[] {
  return Object.entries(cells).flatMap(([service, cell]) => {
    const ageMs = overdueAge(cell.triedAt, intervalOf(cell), now);
    return ageMs === undefined ? [] : [{ subject: cellKey(place, service), ageMs }];
  });
}

/** The slowest planned cycle (design section 4), and the daily visit of servers that count connections. */
const LEAST_CYCLE_MS = 5 * 60_000;
const LONGEST_CYCLE_MS = 24 * 3_600_000;

/** How long what a vantage saw stands, and how long nothing is amiss where it is silent. */
export function viewLasts(cycleMs: number): number {
  return allowedMs(Math.min(Math.max(cycleMs, LEAST_CYCLE_MS), LONGEST_CYCLE_MS));
}

/** How often a vantage looks; not known of one that looked once. */
export function cycleOf({ at, prior }: View): number | undefined {
  return prior === undefined ? undefined : Date.parse(at) - Date.parse(prior);
}

/** Vantages that used to look at it and no longer do, while others go on. */
export function overdueVantages({ views = {} }: EndpointState, now: Date): readonly Overdue[] {
  const all = Object.entries(views).map(([subject, view]) => {
    const cycle = cycleOf(view);
    const ageMs = now.getTime() - Date.parse(view.at);
    return { subject, ageMs, isLate: cycle !== undefined && !(ageMs <= viewLasts(cycle)), at: view.at };
  });
  const newest = all.reduce((a, { at }) => (at > a ? at : a), '');
  return all.filter(({ isLate, at }) => isLate && at < newest).map(({ subject, ageMs }) => ({ subject, ageMs }));
}

export interface Visiting {
  /** Whether there is anything to visit. */
  readonly isVisited: (state: EndpointState) => boolean;
  /** Whether some probe visits it as often as it is due: none of its own, or one with a daily budget, does not. */
  readonly isProbed: (engine: Engine) => boolean;
  readonly intervalOf: (state: EndpointState) => number;
}

export function overdueVisit(state: EndpointState, visiting: Visiting, now: Date): Overdue | undefined {
  const { endpoint, lastReadingAt } = state;
  if (!visiting.isVisited(state) || !visiting.isProbed(endpoint.engine)) return undefined;
  const ageMs = overdueAge(lastReadingAt, visiting.intervalOf(state), now);
  return ageMs === undefined ? undefined : { subject: endpoint.id, ageMs };
}
