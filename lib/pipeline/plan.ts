/**
 * Decides which cells are due. Each Describe call is an event in the customer's own audit pipeline, so not everything
 * is read every minute (aws-services.md section 6): what is open to the internet every 5 minutes, what exists hourly,
 * everything daily at a time of its own, and whatever was never read at once.
 */
import { createHash } from 'node:crypto';
import {
  type CellRecord,
  type CellStatus,
  type Place,
  placeKey,
  type PlaceRecord,
  type ServiceProfile,
} from '../model/inventory.ts';

export const TIERS = ['hot', 'active', 'daily'] as const;
export type Tier = (typeof TIERS)[number];

export const TIER_MS: Readonly<Record<Tier, number>> = {
  hot: 5 * 60_000,
  active: 60 * 60_000,
  daily: 24 * 60 * 60_000,
};
/** How often accounts and regions are listed, so that a new one is swept within this. */
export const ACCOUNTS_MS = 15 * 60_000;

/** Services of one place that are due now. */
export interface Task {
  readonly place: Place;
  readonly services: readonly string[];
}

/** What only watches over something is as near to a door as what has one: one new rule opens it. */
export function tierOf(cell: CellRecord | undefined): Tier {
  const known = Object.values(cell?.known ?? {});
  if (known.some((k) => k.hot) || cell?.unsettled === true) return 'hot';
  return known.length > 0 || (cell?.watched ?? 0) > 0 ? 'active' : 'daily';
}

/** Ceilings of what is asked again before its tier would: the first after 5 minutes, a refusal after an hour. */
const RETRY: Readonly<Partial<Record<CellStatus, { readonly first: number; readonly ceiling: number }>>> = {
  denied: { first: TIER_MS.active, ceiling: TIER_MS.daily },
  'not-enabled': { first: TIER_MS.active, ceiling: TIER_MS.active },
  throttled: { first: TIER_MS.hot, ceiling: TIER_MS.active },
  partial: { first: TIER_MS.hot, ceiling: TIER_MS.active },
  failed: { first: TIER_MS.hot, ceiling: TIER_MS.active },
};

/** Milliseconds from one sweep of a cell to the next; a cell that did not answer is never put off to the next day. */
export function intervalOf(cell: CellRecord): number {
  const tier = TIER_MS[tierOf(cell)];
  const retry = RETRY[cell.status];
  if (retry === undefined) return tier;
  const doublings = Math.min(10, Math.max(0, (cell.failures ?? 1) - 1));
  return Math.min(tier, retry.ceiling, retry.first * 2 ** doublings);
}

/** `undefined` where nothing of the place is due. A global service counts only in the place its account is at home in. */
export function dueTask(
  place: Place,
  record: PlaceRecord | undefined,
  services: readonly ServiceProfile[],
  home: string,
  now: Date,
): Task | undefined {
  const due = services
    .filter(({ scope }) => scope === 'regional' || place.region === home)
    .filter(({ service }) => isDue(place, record?.cells[service], now))
    .map(({ service }) => service);
  return due.length === 0 ? undefined : { place, services: due };
}

/** Whether some cell of a place is due, or none was ever read. Services it was never asked for come with its daily ones. */
export function isAnythingDue(place: Place, record: PlaceRecord | undefined, now: Date): boolean {
  const cells = Object.values(record?.cells ?? {});
  return cells.length === 0 || cells.some((cell) => isDue(place, cell, now));
}

/** The tier whose price a cell is: its own, or a faster one while it is asked again. */
export function paceOf(cell: CellRecord | undefined): Tier {
  const interval = cell === undefined ? TIER_MS.daily : intervalOf(cell);
  return interval < TIER_MS.active ? 'hot' : interval < TIER_MS.daily ? 'active' : 'daily';
}

function isDue(place: Place, cell: CellRecord | undefined, now: Date): boolean {
  if (cell === undefined) return true;
  const since = now.getTime() - Date.parse(cell.triedAt);
  const interval = intervalOf(cell);
  if (since >= interval) return true;
  return (
    interval === TIER_MS.daily && since >= TIER_MS.active && slotPassed(place, Date.parse(cell.triedAt), now.getTime())
  );
}

/** Each place has its own minute of the day: seventeen thousand of them must not come at once. */
function slotPassed(place: Place, last: number, now: number): boolean {
  const digest = createHash('sha256').update(placeKey(place)).digest();
  const offset = digest.readUInt32BE(0) % TIER_MS.daily;
  const slot = Math.floor((now - offset) / TIER_MS.daily) * TIER_MS.daily + offset;
  return last < slot && slot <= now;
}
