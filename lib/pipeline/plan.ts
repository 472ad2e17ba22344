/**
 * Decides which cells are due. Each Describe call is an event in the customer's own audit pipeline, so not everything
 * is read every minute (aws-services.md section 6): what is open to the internet every 5 minutes, what exists hourly,
 * everything daily at a time of its own, and whatever was never read at once.
 */
import { createHash } from 'node:crypto';
import { type CellRecord, type Place, placeKey, type PlaceRecord, type ServiceProfile } from '../model/inventory.ts';

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

export function tierOf(cell: CellRecord | undefined): Tier {
  const known = Object.values(cell?.known ?? {});
  if (known.some((k) => k.hot)) return 'hot';
  return known.length > 0 ? 'active' : 'daily';
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

function isDue(place: Place, cell: CellRecord | undefined, now: Date): boolean {
  if (cell === undefined) return true;
  const tier = tierOf(cell);
  // A cell that did not answer while it holds something is asked again at its own pace, never put off to the next day.
  const since = now.getTime() - Date.parse(cell.triedAt);
  if (tier !== 'daily') return since >= TIER_MS[tier];
  return (
    since >= TIER_MS.daily || (since >= TIER_MS.active && slotPassed(place, Date.parse(cell.triedAt), now.getTime()))
  );
}

/** Each place has its own minute of the day: seventeen thousand of them must not come at once. */
function slotPassed(place: Place, last: number, now: number): boolean {
  const digest = createHash('sha256').update(placeKey(place)).digest();
  const offset = digest.readUInt32BE(0) % TIER_MS.daily;
  const slot = Math.floor((now - offset) / TIER_MS.daily) * TIER_MS.daily + offset;
  return last < slot && slot <= now;
}
