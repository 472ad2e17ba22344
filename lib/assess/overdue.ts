/**
 * What should have been looked at by now: two intervals and a minute without a look are a coverage gap
 * (evidence-and-alerts.md section 5.3, I3). Pure: how often a thing is due is the caller's to say.
 */
import type { Engine } from '../model/endpoint.ts';
import { cellKey, type CellRecord, type PlaceRecord } from '../model/inventory.ts';
import type { EndpointState } from '../model/state.ts';

export const ALLOWED_INTERVALS = 2;
export const ALLOWED_MS = 60_000;

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
  return age > ALLOWED_INTERVALS * intervalMs + ALLOWED_MS ? age : undefined;
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
