/** Which endpoints a vantage visits now, and which cells are read now. */
import { unseenEndpoint } from '../assess/presence.ts';
import type { CoverageGap } from '../model/endpoint.ts';
import { type Listed, type Place, placeKey } from '../model/inventory.ts';
import type { CollectMessage, ProbeMessage } from '../model/messages.ts';
import type { EndpointState } from '../model/state.ts';
import type { StateStore } from '../model/store.ts';
import { isDeleted } from './collect.ts';
import { listPlaces } from './inventory.ts';
import { isAnythingDue } from './plan.ts';

/** What is open, or may be: every minute. What is known to be closed: every five. */
export const PROBE_MS = { open: 60_000, closed: 5 * 60_000 } as const;
/** A schedule's own lateness must not make every second visit a late one. */
const SLACK_MS = 10_000;

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
  store: Pick<StateStore, 'states'>,
  send: (message: ProbeMessage) => Promise<void>,
  now: Date,
): Promise<number> {
  let sent = 0;
  for await (const state of store.states()) {
    const age = now.getTime() - Date.parse(state.lastReadingAt);
    if (!isVisited(state) || age < probeIntervalOf(state) - SLACK_MS) continue;
    // Nothing is read of the configuration here: whatever is declared is remembered.
    await send({ kind: 'probe', endpoint: state.endpoint, since: now.toISOString() });
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
): Promise<{ readonly places: readonly Place[]; readonly gaps: readonly CoverageGap[]; readonly sent: number }> {
  const { places, gaps } = await listPlaces(source);
  let sent = 0;
  for (const place of places) {
    const record = await store.inventory.read(place.account, place.region);
    if (!isAnythingDue(place, record, now)) continue;
    await send({ kind: 'collect', place, services: [] });
    sent++;
  }
  return { places, gaps, sent };
}

/** Endpoints of places that are no longer listed: nothing of them counts as declared, and they are visited all the same. */
export async function unlistedProbes(
  store: Pick<StateStore, 'read' | 'inventory'>,
  listed: readonly Place[],
  send: (message: ProbeMessage) => Promise<void>,
  now: Date,
): Promise<number> {
  const known = new Set(listed.map(placeKey));
  let sent = 0;
  for await (const { place, cells } of store.inventory.all()) {
    if (known.has(placeKey(place))) continue;
    for (const id of Object.values(cells).flatMap((cell) => Object.keys(cell.known))) {
      const state = await store.read(id);
      if (state === undefined || isDeleted(state)) continue;
      const detail = 'the account or region is no longer listed: what was known there is unknown';
      const gaps = [{ stage: 'inventory', subject: id, code: 'not-in-inventory', detail } as const];
      await send({ kind: 'probe', endpoint: unseenEndpoint(state.endpoint), since: now.toISOString(), gaps });
      sent++;
    }
  }
  return sent;
}
