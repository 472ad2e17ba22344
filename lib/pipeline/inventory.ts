/**
 * One pass over the AWS inventory: which accounts and regions, which of their cells are due, what they answered, and
 * what of the rest is still known. `full` sweeps everything at once; otherwise the tiers decide.
 */
import pLimit from 'p-limit';
import { codeOfStatus, unseenEndpoint } from '../assess/presence.ts';
import { reconcile } from '../assess/reconcile.ts';
import type { CoverageGap, Endpoint } from '../model/endpoint.ts';
import {
  CELL_STATUSES,
  cellKey,
  placeKey,
  type CellRecord,
  type CellStatus,
  type Coverage,
  type Inventory,
  type InventorySource,
  type Listed,
  type Place,
  type PlaceRecord,
  type PlaceResult,
} from '../model/inventory.ts';
import type { NameRecord } from '../model/second-inventory.ts';
import type { StateStore } from '../model/store.ts';
import { collect, PLACES_AT_ONCE } from './collect.ts';
import { dueTask, type Task, TIER_MS, tierOf } from './plan.ts';

/** A cell not read for so many of its intervals is stale. */
const OVERDUE = 2;

export interface InventoryRun {
  readonly source: InventorySource;
  readonly store: Pick<StateStore, 'read' | 'inventory'>;
  readonly now: () => Date;
  readonly signal: AbortSignal;
  readonly full: boolean;
  /** What people registered themselves: doors of it are not forgotten. */
  readonly registered?: readonly Endpoint[];
  readonly placesAtOnce?: number;
  readonly onPlace?: (result: PlaceResult, progress: { readonly done: number; readonly total: number }) => void;
}

export async function takeInventory(run: InventoryRun): Promise<Inventory> {
  const since = run.now().toISOString();
  const { places, gaps, accounts } = await listPlaces(run.source);
  const tasks = await dueTasks(places, run);
  const pass = new Pass(since, accounts.length, places, gaps);
  await collect(tasks, {
    source: run.source,
    records: run.store.inventory,
    states: run.store,
    signal: run.signal,
    ...(run.placesAtOnce === undefined ? {} : { placesAtOnce: run.placesAtOnce }),
    onPlace: async (result, progress) => {
      pass.add(result);
      run.onPlace?.(result, progress);
    },
  });
  for await (const record of run.store.inventory.all()) await pass.recall(record, run);
  const names = await forEachAccount(accounts, (account) => run.source.names(account));
  return pass.inventory(run.registered ?? [], names.items, names.gaps);
}

/** All places of all accounts. What could not be listed is a gap; what is known of it stays known. */
export async function listPlaces(source: InventorySource): Promise<{
  readonly places: readonly Place[];
  readonly gaps: readonly CoverageGap[];
  readonly accounts: readonly string[];
}> {
  const { items, gaps: accountGaps } = await source.accounts();
  const accounts = items.map((i) => i.account);
  const listed = await forEachAccount(accounts, (account) => source.regions(account));
  return { places: listed.items, gaps: [...accountGaps, ...listed.gaps], accounts };
}

/** Some accounts at a time, in their order. */
async function forEachAccount<T>(
  accounts: readonly string[],
  list: (account: string) => Promise<Listed<T>>,
): Promise<Listed<T>> {
  const all = await pLimit(PLACES_AT_ONCE).map(accounts, list);
  return { items: all.flatMap((l) => l.items), gaps: all.flatMap((l) => l.gaps) };
}

async function dueTasks(places: readonly Place[], run: InventoryRun): Promise<readonly Task[]> {
  const tasks: Task[] = [];
  const { services, home } = run.source;
  for (const place of places) {
    const record = run.full ? undefined : await run.store.inventory.read(place.account, place.region);
    const task = dueTask(place, await withoutUnjudged(record, run), services, home, run.now());
    if (task !== undefined) tasks.push(task);
  }
  return tasks;
}

/** A run may end between sweep and judgement: what it listed and nobody judged is listed again at once. */
async function withoutUnjudged(record: PlaceRecord | undefined, run: InventoryRun): Promise<PlaceRecord | undefined> {
  if (record === undefined) return undefined;
  const cells: Record<string, PlaceRecord['cells'][string]> = {};
  for (const [service, cell] of Object.entries(record.cells)) {
    const states = await Promise.all(Object.keys(cell.known).map((id) => run.store.read(id)));
    if (states.every((state) => state !== undefined)) cells[service] = cell;
  }
  return { ...record, cells };
}

/** Adds up the places of one pass. */
class Pass {
  readonly #endpoints = new Map<string, Endpoint>();
  readonly #gone: Endpoint[] = [];
  readonly #gaps: CoverageGap[];
  readonly #recreated: PlaceResult['recreated'][number][] = [];
  /** Services swept, by place. */
  readonly #swept = new Map<string, readonly string[]>();
  readonly #lists = new Map<string, readonly string[]>();
  readonly #cells = Object.fromEntries(CELL_STATUSES.map((s) => [s, 0])) as Record<CellStatus, number>;
  readonly #since: string;
  readonly #accounts: number;
  readonly #places: ReadonlySet<string>;
  #calls = 0;
  constructor(since: string, accounts: number, places: readonly Place[], gaps: readonly CoverageGap[]) {
    this.#since = since;
    this.#accounts = accounts;
    this.#places = new Set(places.map(placeKey));
    this.#gaps = [...gaps];
  }

  add({ place, cells, endpoints, unseen, gone, gaps, recreated }: PlaceResult): void {
    for (const endpoint of [...endpoints, ...unseen]) this.#endpoints.set(endpoint.id, endpoint);
    this.#gone.push(...gone);
    this.#gaps.push(...gaps);
    this.#recreated.push(...recreated);
    this.#swept.set(placeKey(place), this.#one(cells.map((c) => c.service)));
    for (const { status, calls } of cells) {
      this.#cells[status]++;
      this.#calls += calls;
    }
  }

  /** Most places are swept for the same services: one list for all of them. */
  #one(services: readonly string[]): readonly string[] {
    const key = services.join(' ');
    const known = this.#lists.get(key) ?? services;
    this.#lists.set(key, known);
    return known;
  }

  /**
   * Endpoints of cells that this pass did not sweep: as they were last declared, and probed all the same. Of a place
   * that is no longer listed, or a cell that is overdue, nothing counts as declared.
   */
  async recall({ place, cells }: PlaceRecord, { store, source, now }: InventoryRun): Promise<void> {
    if (!source.includes(place)) return;
    const offered = new Set(source.services.map((s) => s.service));
    for (const [service, cell] of Object.entries(cells)) {
      if (!offered.has(service) || this.#swept.get(placeKey(place))?.includes(service) === true) continue;
      this.#cells[cell.status]++;
      const gap = this.#doubt(place, service, cell, now());
      if (gap !== undefined) this.#gaps.push(gap);
      for (const id of Object.keys(cell.known)) {
        const state = this.#endpoints.has(id) ? undefined : await store.read(id);
        if (state === undefined) continue;
        this.#endpoints.set(id, gap === undefined ? state.endpoint : unseenEndpoint(state.endpoint));
      }
    }
  }

  #doubt(place: Place, service: string, cell: CellRecord, now: Date): CoverageGap | undefined {
    const subject = cellKey(place, service);
    if (!this.#places.has(placeKey(place))) {
      const detail = 'the account or region is no longer listed: what was known there is unknown';
      return { stage: 'inventory', subject, code: 'not-in-inventory', detail };
    }
    const code = codeOfStatus(cell.status);
    if (code !== undefined) {
      return { stage: 'inventory', subject, code, detail: cell.detail ?? `last sweep: ${cell.status}` };
    }
    const age = now.getTime() - Date.parse(cell.triedAt);
    if (age <= OVERDUE * TIER_MS[tierOf(cell)]) return undefined;
    return { stage: 'inventory', subject, code: 'stale', detail: `last read ${cell.triedAt}` };
  }

  inventory(registered: readonly Endpoint[], names: readonly NameRecord[], gaps: readonly CoverageGap[]): Inventory {
    this.#gaps.push(...gaps);
    const { endpoints, forgotten } = reconcile([...registered, ...this.#endpoints.values()], names);
    const coverage: Coverage = {
      accounts: this.#accounts,
      places: this.#places.size,
      cells: this.#cells,
      calls: this.#calls,
    };
    return {
      since: this.#since,
      endpoints,
      gone: this.#gone,
      gaps: this.#gaps,
      forgotten,
      recreated: this.#recreated,
      coverage,
    };
  }
}
