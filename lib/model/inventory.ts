import type { CoverageGap, Endpoint } from './endpoint.ts';
import type { NameRecord } from './second-inventory.ts';

export const PARTITIONS = ['aws', 'aws-cn', 'aws-us-gov', 'aws-eusc'] as const;
export type Partition = (typeof PARTITIONS)[number];

/** One account in one region: the unit of a sweep. */
export interface Place {
  readonly account: string;
  readonly region: string;
  readonly partition: Partition;
  /** Its organisation's id: a policy that lets only that in is closed. Absent where it is in none. */
  readonly organization?: string;
}

/** Stands for an organisation's id where nobody answered: a policy that only this decides is unknown, neither open nor closed. */
export const UNKNOWN_ORGANIZATION = 'unknown';

/** `account/region`, the name of a place wherever one is written down. */
export function placeKey({ account, region }: Pick<Place, 'account' | 'region'>): string {
  return `${account}/${region}`;
}

/** `account/region/service`, the name of a cell. */
export function cellKey(place: Pick<Place, 'account' | 'region'>, service: string): string {
  return `${placeKey(place)}/${service}`;
}

/**
 * How one service of one place answered. Only `complete` may conclude that something is absent. `not-offered` is a
 * service that AWS does not run there; `not-enabled` a region the account has not opened, which is not the same as empty.
 */
export const CELL_STATUSES = [
  'complete',
  'partial',
  'denied',
  'throttled',
  'not-enabled',
  'not-offered',
  'failed',
] as const;
export type CellStatus = (typeof CELL_STATUSES)[number];

/** What one collector learned of one place. */
export interface CellReport {
  readonly place: Place;
  readonly service: string;
  readonly status: CellStatus;
  readonly endpoints: readonly Endpoint[];
  /** Whole cell, or single resources of a cell whose list is complete. */
  readonly gaps: readonly CoverageGap[];
  readonly calls: number;
  readonly at: string;
  /** Things that exist and are no endpoint as they stand: one change opens a door there. */
  readonly watched?: number;
}

/** Accounts, regions or names, and what of them could not be listed. */
export interface Listed<T> {
  readonly items: readonly T[];
  readonly gaps: readonly CoverageGap[];
  /** There may be more: what is missing here is not missed. */
  readonly partial?: true;
}

/** One service's price per sweep of one place, in API calls. */
export interface CallCost {
  /** Calls that are made even where there is nothing. */
  readonly empty: number;
  /** Further calls per resource, detail calls included. */
  readonly each: number;
}

export interface ServiceProfile {
  readonly service: string;
  /** A global service is swept once per account, in its partition's home region. */
  readonly scope: 'regional' | 'global';
  readonly cost: CallCost;
  /** Says something only of places that hold something else: guard rails around nothing are not kept. */
  readonly accompanies?: true;
}

/** Where the inventory comes from. `runtime` builds it over AWS; tests build whole organisations of it. */
export interface InventorySource {
  readonly services: readonly ServiceProfile[];
  /** The region in which global services are swept. */
  readonly home: string;
  /** Whether the user asked for this place: what he left out is neither swept nor missed. */
  includes(place: Place): boolean;
  accounts(): Promise<Listed<{ readonly account: string; readonly name?: string }>>;
  regions(account: string): Promise<Listed<Place>>;
  /** Reports arrive as services are done; one failing service never hides another. */
  sweep(place: Place, services: readonly string[], signal: AbortSignal): Promise<readonly CellReport[]>;
  /** Asks for one resource by name. `undefined` where nobody answered; `false` only on the API's own word. */
  exists(place: Place, endpoint: Endpoint): Promise<boolean | undefined>;
  /** Public names of an account and what they point at. */
  names(account: string): Promise<Listed<NameRecord>>;
}

/** Cells by how they answered, and what was not even listed. */
export interface Coverage {
  readonly accounts: number;
  readonly places: number;
  readonly cells: Readonly<Record<CellStatus, number>>;
  readonly calls: number;
}

/** One pass over the inventory, as the scan takes it. */
export interface Inventory {
  /** When the pass began: what was declared before is remembered, not read. */
  readonly since: string;
  /** To be judged: listed now, or known and not listed (then nothing of them is declared). */
  readonly endpoints: readonly Endpoint[];
  /** The API itself says that they no longer exist. */
  readonly gone: readonly Endpoint[];
  readonly gaps: readonly CoverageGap[];
  readonly forgotten: readonly Forgotten[];
  readonly recreated: PlaceResult['recreated'];
  readonly coverage: Coverage;
  /** How the list of accounts and regions was read. Absent where places were given. Its gaps are among `gaps` too. */
  readonly listing?: Listing;
}

/** Which accounts were asked for their regions, and what could not be listed. */
export interface Listing {
  readonly accounts: readonly string[];
  readonly gaps: readonly CoverageGap[];
  /** There are no others: an account that is not among them is ours no longer. */
  readonly isWhole: boolean;
}

/** A door that no service inventory knows. */
export interface Forgotten {
  readonly endpointId: string;
  /** One bounded line: through what it was found and what opens it. */
  readonly why: string;
}

/** What is remembered of one cell between sweeps. */
export interface CellRecord {
  readonly status: CellStatus;
  readonly triedAt: string;
  /** The last time its list was whole. */
  readonly completeAt?: string;
  readonly calls: number;
  /** By endpoint id. An endpoint stays here until the API itself says that it is gone. */
  readonly known: Readonly<Record<string, KnownEndpoint>>;
  /** Of the gap, where it is not complete. */
  readonly detail?: string;
  /** Sweeps in a row that were not complete. */
  readonly failures?: number;
  /** As in the report. */
  readonly watched?: number;
  /** The gap that the ledger was told of last, while it lasts. */
  readonly told?: CoverageGap['code'];
  /** Something of it is being made: it has no door yet, and will. */
  readonly unsettled?: true;
}

export interface KnownEndpoint {
  /** How many whole lists in a row did not show it. */
  readonly misses: number;
  readonly incarnation?: string;
  /** Open to somebody on the internet by its configuration, or about to change: swept with the hot list. */
  readonly hot: boolean;
  /** Of a door that no service lists, as it was last seen: it may have no state of its own, and must not be forgotten. */
  readonly door?: Endpoint;
  /** The registered endpoint that the door was last found to be. */
  readonly mergedInto?: string;
  /** The API said so; kept until that is judged, whatever ends the run before. */
  readonly gone?: true;
}

export interface PlaceRecord {
  readonly place: Place;
  /** By service. */
  readonly cells: Readonly<Record<string, CellRecord>>;
}

/** One sweep of some cells of one place, merged with what was remembered. */
export interface PlaceResult {
  readonly place: Place;
  readonly cells: readonly CellReport[];
  /** Listed now. */
  readonly endpoints: readonly Endpoint[];
  /** Known, and not listed by a list that is in doubt or for the first time: unknown, never gone. */
  readonly unseen: readonly Endpoint[];
  /** Missed twice and denied by the API itself. */
  readonly gone: readonly Endpoint[];
  /** Same name, another life: whatever it lost is compared with what was there before. */
  readonly recreated: readonly { readonly endpointId: string; readonly from: string; readonly to: string }[];
  readonly gaps: readonly CoverageGap[];
}
