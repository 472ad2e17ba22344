/** Which endpoints a vantage visits now, and which cells are read now. */
import pLimit from 'p-limit';
import { unseenEndpoint } from '../assess/presence.ts';
import { type Listed, type Listing, type Place, placeKey } from '../model/inventory.ts';
import type { CollectMessage, ProbeMessage } from '../model/messages.ts';
import type { EndpointState } from '../model/state.ts';
import type { StateStore } from '../model/store.ts';
import { isDeleted } from './collect.ts';
import { type ListedPlaces, listPlaces, rememberedPlaces } from './inventory.ts';
import { doubtOf } from './inventory-pass.ts';
import { type Paging, paginate } from './paging.ts';
import { isAnythingDue } from './plan.ts';

/** What is open, or may be: every minute. What is known to be closed: every five. */
export const PROBE_MS = { open: 60_000, closed: 5 * 60_000 } as const;
/** A schedule's own lateness must not make every second visit a late one. */
const SLACK_MS = 10_000;
/** Seventeen thousand places are looked through in seconds, every five minutes. */
const READS_AT_ONCE = 32;

export function probeIntervalOf({ endpoint, posture, incidents }: EndpointState): number {
  const isSafe = posture.verdict.name === 'protected' && endpoint.declared.network?.level === 'on';
  return isSafe && !incidents.some((i) => i.status === 'open') ? PROBE_MS.closed : PROBE_MS.open;
}

/** Behind a host that all customers share there is nothing to visit, and what is gone may be somebody else's by now. */
export function isVisited(state: EndpointState): boolean {
  return state.endpoint.shared !== true && !isDeleted(state);
}

/** Visits that are due, of endpoints as they were last declared. */
export async function dueProbes(
  states: AsyncIterable<EndpointState>,
  send: (message: ProbeMessage) => Promise<void>,
  now: Date,
  paging: Paging = paginate(now),
): Promise<number> {
  let sent = 0;
  for await (const state of states) {
    const page = isVisited(state) ? paging.pageOf(state) : undefined;
    const age = now.getTime() - Date.parse(state.lastReadingAt);
    if (page === undefined || age < probeIntervalOf(state) - SLACK_MS) continue;
    // Nothing is read of the configuration here: whatever is declared is remembered.
    const everyMs = probeIntervalOf(state);
    const until = new Date(now.getTime() + everyMs).toISOString();
    await send({ kind: 'probe', endpoint: state.endpoint, since: now.toISOString(), until, everyMs, page });
    sent++;
  }
  return sent;
}

export interface Accounts {
  accounts(): Promise<Listed<{ readonly account: string }>>;
  regions(account: string): Promise<Listed<Place>>;
}

/** A message for each place where something is due; its reader decides what. Says what could not be listed. */
export async function dueSweeps(
  source: Accounts,
  store: Pick<StateStore, 'read' | 'inventory'>,
  send: (message: CollectMessage) => Promise<void>,
  now: Date,
): Promise<Pick<ListedPlaces, 'places' | 'gaps' | 'inDoubt'> & { readonly sent: number; readonly listing: Listing }> {
  const listed = await listPlaces(source);
  const { gaps, inDoubt } = listed;
  const places = [...listed.places, ...(await rememberedPlaces(listed, store))];
  const due = await pLimit(READS_AT_ONCE).map(places, async (place) =>
    isAnythingDue(place, await store.inventory.read(place.account, place.region), now),
  );
  const found = places.filter((_, i) => due[i] === true);
  // Never the same ones last, should this be cut short.
  const start = Math.floor(now.getTime() / 60_000) % Math.max(1, found.length);
  const chosen = [...found.slice(start), ...found.slice(0, start)];
  for (const place of chosen) await send({ kind: 'collect', place, services: [] });
  const listing = { accounts: listed.accounts, gaps, isWhole: listed.isListWhole };
  return { places, gaps, inDoubt, listing, sent: chosen.length };
}

/**
 * Endpoints of places that are no longer listed, and of cells that nobody managed to read for too long: nothing of them
 * counts as declared, and they are visited all the same.
 */
export async function unlistedProbes(
  store: Pick<StateStore, 'read' | 'inventory'>,
  { places, inDoubt }: Pick<ListedPlaces, 'places' | 'inDoubt'>,
  send: (message: ProbeMessage) => Promise<void>,
  now: Date,
): Promise<number> {
  const listed = new Set(places.map(placeKey));
  let sent = 0;
  for await (const { place, cells } of store.inventory.all()) {
    const isMissed = !listed.has(placeKey(place)) && !inDoubt(place.account);
    for (const [service, cell] of Object.entries(cells)) {
      const doubt = isMissed ? NO_LONGER_LISTED : doubtOf(place, service, cell, now);
      if (doubt === undefined || (!isMissed && doubt.code !== 'stale')) continue;
      for (const id of Object.keys(cell.known)) {
        const state = await store.read(id);
        if (state === undefined || isDeleted(state) || Object.keys(state.endpoint.declared).length === 0) continue;
        const gap = { stage: 'inventory', subject: id, code: doubt.code, detail: doubt.detail } as const;
        await send({ kind: 'probe', endpoint: unseenEndpoint(state.endpoint), since: now.toISOString(), gaps: [gap] });
        sent++;
      }
    }
  }
  return sent;
}

const NO_LONGER_LISTED = {
  code: 'not-in-inventory',
  detail: 'the account or region is no longer listed: what was known there is unknown',
} as const;
