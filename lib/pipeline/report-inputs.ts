/** Reads what a report takes from a store beside its ledger, reduced to what it says. */
import type { EndpointState } from '../model/state.ts';
import type { PlaceRecord } from '../model/inventory.ts';
import type { Allowlist } from '../model/allowlist.ts';
import type { ReportInputs, ReportPlace, ReportState } from '../model/report-inputs.ts';
import type { StateStore } from '../model/store.ts';
import { unseenSince } from '../assess/unvisited.ts';
import { isDeleted } from './collect.ts';
import { readSealed, type SealedSource } from './read-sealed.ts';

interface Asked {
  readonly from?: string;
  readonly to?: string;
  readonly allowlist: Allowlist;
  readonly sealed?: SealedSource;
}

/** In this order, and the ledger behind them: whatever they tell of is in what is then read of it. */
export async function readInputs(store: StateStore, { from, to, allowlist, sealed }: Asked): Promise<ReportInputs> {
  const { seq: readAfter } = await store.ledgerHead();
  const states = await collect(store.states(), stateOf);
  const until = to ?? newestOf(states);
  const touching = { ...(from === undefined ? {} : { from }), ...(until === undefined ? {} : { to: until }) };
  const incidents = await collect(store.incidents(touching), (incident) => incident);
  const places = await collect(store.inventory.all(), placeOf);
  return { readAfter, allowlist, sealed: await readSealed(sealed, { from, to: until }), states, incidents, places };
}

/** The last reading of any endpoint but ajar's own doors. */
export function newestOf(states: readonly ReportState[]): string | undefined {
  let newest: string | undefined;
  for (const { endpoint, lastReadingAt } of states) {
    if (endpoint.drill !== true && (newest === undefined || lastReadingAt > newest)) newest = lastReadingAt;
  }
  return newest;
}

async function collect<T, R>(items: AsyncIterable<T>, reduced: (item: T) => R): Promise<R[]> {
  const found: R[] = [];
  for await (const item of items) found.push(reduced(item));
  return found;
}

function stateOf(state: EndpointState): ReportState {
  const { endpoint, posture, lastReadingAt, lastConclusiveAt, gapSince, deletedAt } = state;
  const unseen = unseenSince(state);
  return {
    ...{ endpoint, posture, lastReadingAt },
    ...(lastConclusiveAt === undefined ? {} : { lastConclusiveAt }),
    ...(gapSince === undefined ? {} : { gapSince }),
    ...(deletedAt === undefined || !isDeleted(state) ? {} : { deletedAt }),
    ...(unseen === undefined ? {} : { unseenSince: unseen }),
  };
}

function placeOf({ place: { account, region }, cells }: PlaceRecord): ReportPlace {
  const reduced = Object.entries(cells).map(([service, { status, triedAt, completeAt, calls, detail, known }]) => [
    service,
    {
      ...{ status, triedAt, calls },
      ...(completeAt === undefined ? {} : { completeAt }),
      ...(detail === undefined ? {} : { detail }),
      known: Object.fromEntries(
        Object.entries(known).map(([id, { misses, gone }]) => [
          id,
          { misses, ...(gone === undefined ? {} : { gone }) },
        ]),
      ),
    },
  ]);
  return { place: { account, region }, cells: Object.fromEntries(reduced) };
}
