/**
 * What one pass over the inventory adds up to: places that were swept, what is remembered of the others, and doors of
 * the second inventory joined with what services and files list.
 */
import { withFlows } from '../assess/copies.ts';
import { codeOfStatus, unseenEndpoint } from '../assess/presence.ts';
import { reconcile } from '../assess/reconcile.ts';
import { type CoverageGap, type Endpoint, isRegistered } from '../model/endpoint.ts';
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
import { TIER_MS, tierOf } from './plan.ts';

/** A cell not read for so many of its intervals is stale. */
const OVERDUE = 2;

export interface PassRun {
  readonly source: InventorySource;
  readonly store: Pick<StateStore, 'read' | 'inventory'>;
  readonly now: () => Date;
  /** What people registered themselves: doors of it are not forgotten. */
  readonly registered?: readonly Endpoint[];
}

export class InventoryPass {
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
  /** Registered endpoints by the doors that were found to be theirs before this pass. */
  readonly #merged = new Map<string, string>();
  #calls = 0;
  readonly #inDoubt: (account: string) => boolean;
  constructor(
    since: string,
    accounts: number,
    places: readonly Place[],
    gaps: readonly CoverageGap[],
    inDoubt: (account: string) => boolean = () => false,
  ) {
    this.#inDoubt = inDoubt;
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
  async recall({ place, cells }: PlaceRecord, run: PassRun): Promise<void> {
    if (!run.source.includes(place)) return;
    const offered = new Set(run.source.services.map((s) => s.service));
    const unlisted = this.#unlisted(place);
    let holds = false;
    for (const [service, cell] of Object.entries(cells)) {
      this.#rememberMerges(cell);
      if (!offered.has(service) || this.#swept.get(placeKey(place))?.includes(service) === true) continue;
      this.#cells[cell.status]++;
      const gap = unlisted ?? doubtOf(place, service, cell, run.now());
      if (gap !== undefined && gap !== unlisted) this.#gaps.push(gap);
      for (const [id, known] of Object.entries(cell.known)) {
        if (known.gone === true || this.#endpoints.has(id)) continue;
        const endpoint = (await run.store.read(id))?.endpoint ?? known.door;
        if (endpoint === undefined) continue;
        holds = true;
        this.#endpoints.set(id, gap === undefined ? endpoint : unseenEndpoint(endpoint));
      }
    }
    // Once for all of it; where nothing was known nothing is missed.
    if (unlisted !== undefined && holds) this.#gaps.push(unlisted);
  }

  /** Whether something was found that no service and no file may list. */
  hasDoors(): boolean {
    return [...this.#endpoints.values()].some((endpoint) => !isRegistered(endpoint));
  }

  #rememberMerges({ known }: CellRecord): void {
    for (const [id, { mergedInto }] of Object.entries(known)) {
      if (mergedInto !== undefined) this.#merged.set(id, mergedInto);
    }
  }

  #unlisted(place: Place): CoverageGap | undefined {
    const subject = placeKey(place);
    // Where the list is in doubt its own gap says so; what is known stays as it was read, until that is stale.
    if (this.#places.has(subject) || this.#inDoubt(place.account)) return undefined;
    const detail = 'the account or region is no longer listed: what was known there is unknown';
    return { stage: 'inventory', subject, code: 'not-in-inventory', detail };
  }

  async inventory(names: Listed<NameRecord>, { registered = [], store }: PassRun): Promise<Inventory> {
    this.#gaps.push(...names.gaps);
    const remembered = { merged: this.#merged, namesInDoubt: names.gaps.length > 0 };
    const { endpoints, forgotten, merged } = reconcile(
      withFlows([...registered, ...this.#endpoints.values()]),
      names.items,
      remembered,
    );
    await this.#saveMerges(merged, remembered.namesInDoubt, store);
    const coverage: Coverage = {
      accounts: this.#accounts,
      places: this.#places.size,
      cells: this.#cells,
      calls: this.#calls,
    };
    return {
      since: this.#since,
      endpoints: [...endpoints, ...(await this.#openDoors(merged, store))].toSorted((a, b) => (a.id < b.id ? -1 : 1)),
      gone: this.#gone,
      gaps: this.#gaps,
      forgotten,
      recreated: this.#recreated,
      coverage,
    };
  }

  /** A forgotten door that somebody registered since is judged on while an incident of it is open: else nothing ends that. */
  async #openDoors(merged: ReadonlyMap<string, string>, store: PassRun['store']): Promise<readonly Endpoint[]> {
    const open: Endpoint[] = [];
    for (const id of merged.keys()) {
      const door = this.#endpoints.get(id);
      const state = await store.read(id);
      if (door !== undefined && state?.incidents.some((i) => i.status === 'open') === true) open.push(door);
    }
    return open;
  }

  /** Which doors are which endpoints' is kept for when names cannot be read; then nothing of it is unlearned. */
  async #saveMerges(
    merged: ReadonlyMap<string, string>,
    namesInDoubt: boolean,
    { inventory }: PassRun['store'],
  ): Promise<void> {
    const places = new Map<string, Pick<Place, 'account' | 'region'>>();
    for (const { id, account, region } of this.#endpoints.values()) {
      if (account === undefined || region === undefined || merged.get(id) === this.#merged.get(id)) continue;
      if (merged.has(id) || !namesInDoubt) places.set(placeKey({ account, region }), { account, region });
    }
    for (const { account, region } of places.values()) {
      const record = await inventory.read(account, region);
      if (record !== undefined) await inventory.save(withMerges(record, merged, namesInDoubt));
    }
  }
}

function withMerges(record: PlaceRecord, merged: ReadonlyMap<string, string>, namesInDoubt: boolean): PlaceRecord {
  const knownOf = (known: CellRecord['known']): CellRecord['known'] =>
    Object.fromEntries(
      Object.entries(known).map(([id, { mergedInto, ...rest }]) => {
        const into = merged.get(id) ?? (namesInDoubt ? mergedInto : undefined);
        return [id, into === undefined ? rest : { ...rest, mergedInto: into }];
      }),
    );
  const cells = Object.entries(record.cells).map(([service, cell]) => [
    service,
    { ...cell, known: knownOf(cell.known) },
  ]);
  return { ...record, cells: Object.fromEntries(cells) };
}

/** Why what is remembered of a cell does not count as read. */
export function doubtOf(place: Place, service: string, cell: CellRecord, now: Date): CoverageGap | undefined {
  const subject = cellKey(place, service);
  const code = codeOfStatus(cell.status);
  if (code !== undefined) {
    return { stage: 'inventory', subject, code, detail: cell.detail ?? `last sweep: ${cell.status}` };
  }
  const age = now.getTime() - Date.parse(cell.triedAt);
  if (age <= OVERDUE * TIER_MS[tierOf(cell)]) return undefined;
  return { stage: 'inventory', subject, code: 'stale', detail: `last read ${cell.triedAt}` };
}
