/**
 * One pass over the AWS inventory: which accounts and regions, which of their cells are due, what they answered, and
 * what of the rest is still known. `full` sweeps everything at once; otherwise the tiers decide.
 */
import pLimit from 'p-limit';
import type { CoverageGap } from '../model/endpoint.ts';
import {
  placeKey,
  type CellRecord,
  type Inventory,
  type InventorySource,
  type KnownEndpoint,
  type Listed,
  type Place,
  type PlaceRecord,
  type PlaceResult,
} from '../model/inventory.ts';
import { collect, isDeleted, PLACES_AT_ONCE } from './collect.ts';
import { faultLine } from './fault.ts';
import { InventoryPass, type PassRun } from './inventory-pass.ts';
import { dueTask, type Task } from './plan.ts';

export interface InventoryRun extends PassRun {
  readonly signal: AbortSignal;
  readonly full: boolean;
  readonly placesAtOnce?: number;
  readonly onPlace?: (result: PlaceResult, progress: { readonly done: number; readonly total: number }) => void;
}

export async function takeInventory(run: InventoryRun): Promise<Inventory> {
  const since = run.now().toISOString();
  const listed = await listPlaces(run.source);
  const { gaps, accounts, inDoubt } = listed;
  const places = [...listed.places, ...(await rememberedPlaces(listed, run.store))].filter((place) =>
    run.source.includes(place),
  );
  const tasks = await dueTasks(places, run);
  const pass = new InventoryPass(since, accounts.length, places, gaps, inDoubt);
  await collect(tasks, {
    source: run.source,
    records: run.store.inventory,
    states: run.store,
    signal: run.signal,
    now: run.now,
    ...(run.placesAtOnce === undefined ? {} : { placesAtOnce: run.placesAtOnce }),
    onPlace: async (result, progress) => {
      pass.add(result);
      run.onPlace?.(result, progress);
    },
  });
  for await (const record of run.store.inventory.all()) await pass.recall(record, run);
  const names = joined(await listEach(accounts, (account) => run.source.names(account)));
  const listing = { accounts, gaps, isWhole: listed.isListWhole };
  return { ...(await pass.inventory(names, run)), listing };
}

export interface ListedPlaces {
  readonly places: readonly Place[];
  readonly gaps: readonly CoverageGap[];
  readonly accounts: readonly string[];
  /** Whether this account may have places that nobody listed: then those that are known are not gone. */
  readonly inDoubt: (account: string) => boolean;
  /** There are no other accounts. */
  readonly isListWhole: boolean;
  /** No account is in doubt. */
  readonly isWhole: boolean;
}

/** All places of all accounts. What could not be listed is a gap; what is known of it stays known. */
export async function listPlaces(source: Pick<InventorySource, 'accounts' | 'regions'>): Promise<ListedPlaces> {
  const { items, gaps: accountGaps, partial } = await source.accounts();
  const accounts = items.map((i) => i.account);
  const regions = await listEach(accounts, (account) => source.regions(account));
  const unsure = new Set(accounts.filter((_, i) => regions[i]?.partial === true));
  const listed = joined(regions);
  return {
    places: listed.items,
    gaps: [...accountGaps, ...listed.gaps],
    accounts,
    inDoubt: (account) => partial === true || unsure.has(account),
    isListWhole: partial !== true,
    isWhole: partial !== true && unsure.size === 0,
  };
}

/** Places that are known and nobody could list this time: they are read as before. */
export async function rememberedPlaces(
  { places, inDoubt, isWhole }: Pick<ListedPlaces, 'places' | 'inDoubt' | 'isWhole'>,
  { inventory }: Pick<PassRun['store'], 'inventory'>,
): Promise<readonly Place[]> {
  // Everything that is known would be read only to find none.
  if (isWhole) return [];
  const known = new Set(places.map(placeKey));
  const remembered: Place[] = [];
  for await (const { place } of inventory.all()) {
    if (inDoubt(place.account) && !known.has(placeKey(place))) remembered.push(place);
  }
  return remembered;
}

/** Some accounts at a time, in their order. */
async function listEach<T>(
  accounts: readonly string[],
  list: (account: string) => Promise<Listed<T>>,
): Promise<readonly Listed<T>[]> {
  return pLimit(PLACES_AT_ONCE).map(accounts, (account) => listedOf(account, list));
}

function joined<T>(lists: readonly Listed<T>[]): Listed<T> {
  return { items: lists.flatMap((l) => l.items), gaps: lists.flatMap((l) => l.gaps) };
}

/** One account that breaks is a gap of its own, and the others are listed all the same. */
export async function listedOf<T>(account: string, list: (account: string) => Promise<Listed<T>>): Promise<Listed<T>> {
  try {
    return await list(account);
  } catch (error) {
    const gap = { stage: 'inventory', subject: account, code: 'fault', detail: faultLine(error) } as const;
    return { items: [], gaps: [gap], partial: true };
  }
}

/** Which cells of these places are due. */
export async function dueTasks(
  places: readonly Place[],
  run: PassRun & Pick<InventoryRun, 'full'>,
): Promise<readonly Task[]> {
  const tasks: Task[] = [];
  const { services, home } = run.source;
  for (const place of places) {
    const record = run.full ? undefined : await run.store.inventory.read(place.account, place.region);
    const task = dueTask(place, await withoutUnjudged(record, run), services, home, run.now());
    if (task !== undefined) tasks.push(task);
  }
  return tasks;
}

/**
 * A run may end between sweep and judgement: what it listed, and nobody judged as it was listed then, is listed again at
 * once.
 */
async function withoutUnjudged(record: PlaceRecord | undefined, run: PassRun): Promise<PlaceRecord | undefined> {
  if (record === undefined) return undefined;
  const cells: Record<string, CellRecord> = {};
  for (const [service, cell] of Object.entries(record.cells)) {
    const judged = await Promise.all(
      Object.entries(cell.known).map(([id, known]) => isJudged(id, known, cell, run.store)),
    );
    if (judged.every((is) => is)) cells[service] = cell;
  }
  return { ...record, cells };
}

/** A door is remembered whole: it needs no sweep to be judged, and has no state where it is another endpoint's. */
async function isJudged(
  id: string,
  { door, gone, misses }: KnownEndpoint,
  { status, triedAt }: CellRecord,
  store: PassRun['store'],
): Promise<boolean> {
  if (door !== undefined && gone !== true) return true;
  const state = await store.read(id);
  if (gone === true || state === undefined) return gone === true && isDeleted(state);
  const isListed = status === 'complete' && misses === 0;
  return !isListed || (state.endpoint.declaredAt ?? '') >= triedAt;
}
