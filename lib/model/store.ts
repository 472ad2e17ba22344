import type { Change } from './change.ts';
import type { CoverageGap } from './endpoint.ts';
import type { Incident, Notice, OutboxEntry } from './incident.ts';
import type { PlaceRecord } from './inventory.ts';
import type { Json, LedgerEntry, LedgerLine } from './ledger.ts';
import type { EndpointState, Revisit } from './state.ts';

/** One decision, whole or not at all. */
export interface Commit {
  readonly state: EndpointState;
  /** Version that was read; 0 for an endpoint never seen. The stored one becomes this plus one. */
  readonly expected: number;
  readonly lines: readonly LedgerLine[];
  readonly notices: readonly Notice[];
  /** Incidents that are new or changed. */
  readonly incidents: readonly Incident[];
}

export interface IncidentFilter {
  readonly status?: Incident['status'];
  readonly endpointId?: string;
  /** Windows that touch this period. */
  readonly from?: string;
  readonly to?: string;
}

/**
 * Where state, ledger and outbox live. A commit is atomic: whoever comes second gets `conflict`,
 * reads again and decides again. Throws AjarError `store-*`; never overwrites what it cannot read.
 */
export interface StateStore {
  read(endpointId: string): Promise<EndpointState | undefined>;
  commit(commit: Commit): Promise<'committed' | 'conflict'>;
  /** Lines that belong to no endpoint: runs, allowlist loads. */
  append(lines: readonly LedgerLine[]): Promise<void>;
  /** All states, by endpoint id, in pages the store chooses. */
  states(prefix?: string): AsyncIterable<EndpointState>;
  /** By start.upper, then id. */
  incidents(filter?: IncidentFilter): AsyncIterable<Incident>;
  ledger(range?: { readonly from?: number; readonly to?: number }): AsyncIterable<LedgerEntry>;
  ledgerHead(): Promise<{ readonly seq: number; readonly hash: string }>;
  outbox: Outbox;
  budgets: ConnectionBudgets;
  inventory: InventoryRecords;
  /** Of accounts and organisations that could not be listed: those that the ledger was told of and that had not ended. */
  accountGaps: { read(): Promise<readonly ToldGap[]>; save(gaps: readonly ToldGap[]): Promise<void> };
  changes: Changes;
  records: Records;
  /** Absent of a store in which each visit is a version of its state. */
  revisits?: Revisits;
  /** Ids of endpoints that depend on one of these scoped keys (model/change.ts); each once, sorted. */
  dependents(scopedKeys: readonly string[]): Promise<readonly string[]>;
  close(): Promise<void>;
}

/**
 * Visits without news (model/revisit.ts): whatever reads a state has them with it. They are evidence of nothing by
 * themselves, and none of them is in the ledger.
 */
export interface Revisits {
  /** Many states at once, as `read` gives each. Rejects where one of them cannot be read. */
  read(endpointIds: readonly string[]): Promise<ReadonlyMap<string, EndpointState>>;
  /** All of these or none: on one page, in one write. Throws `conflict` where others keep writing on it. */
  note(page: string, revisits: readonly Revisit[]): Promise<void>;
}

/** Small documents of which the ledger is told as they change: the document and its lines are written whole or not at all. */
export interface Records {
  read(key: string): Promise<{ readonly value: Json; readonly version: string } | undefined>;
  /** `version`: of what was read; absent where there was none. Whoever comes second gets `conflict`, and nothing is written. */
  save(
    key: string,
    change: {
      /** An object. */
      readonly value: Json;
      readonly version: string | undefined;
      readonly lines: readonly LedgerLine[];
    },
  ): Promise<'saved' | 'conflict'>;
}

export interface ToldGap {
  readonly subject: string;
  readonly code: CoverageGap['code'];
}

/** Notices owed. A commit puts each notice here once per sink named when the store was opened. */
export interface Outbox {
  due(now: string, limit: number): Promise<readonly OutboxEntry[]>;
  /**
   * Takes an entry for one deliverer, where there may be several: until then it is due to nobody else. `false` where another
   * took it, or it was settled. One that took it and died leaves it due again at that time.
   */
  claim?(entry: OutboxEntry, until: string): Promise<boolean>;
  /** The sink accepted it. The receipt goes to the ledger as a `notice` line in the same transaction. */
  settle(
    entry: OutboxEntry,
    receipt: { readonly at: string; readonly id: string; readonly runId: string },
  ): Promise<void>;
  /** The sink did not: try again at `dueAt`. */
  defer(entry: OutboxEntry, dueAt: string, error: string): Promise<void>;
  /** Not its turn: looked at again at `dueAt`, and no attempt is counted. Nothing where somebody else moved it meanwhile. */
  postpone(entry: OutboxEntry, dueAt: string): Promise<void>;
  /** Of the notices with these keys those that this sink is owed still, in any order; never one that it accepted. */
  owed(keys: readonly string[], sink: string): Promise<readonly Owed[]>;
  pending(): Promise<number>;
}

/** A notice that a sink did not accept yet. */
export interface Owed {
  readonly key: string;
  readonly attempts: number;
}

/** Connections that cost a server something, counted per endpoint and vantage. */
export interface ConnectionBudgets {
  /** Counts one more connection, unless `stopAt` is reached or the last was less than `minIntervalMs` ago. */
  spend(
    key: string,
    now: string,
    budget: { readonly stopAt: number; readonly minIntervalMs: number },
  ): Promise<{ readonly allowed: boolean; readonly used: number; readonly last?: string }>;
  /** The server blocks us: nothing more is spent until a human resets it. */
  exhaust(key: string, now: string): Promise<void>;
  /** A human says the server's counter was reset. */
  reset(key: string): Promise<void>;
  /** What such a connection taught, in a word; the last one counts. */
  remember(key: string, word: string): Promise<void>;
  recall(key: string): Promise<string | undefined>;
}

/** What the sweeps remember of accounts and regions. */
export interface InventoryRecords {
  read(account: string, region: string): Promise<PlaceRecord | undefined>;
  save(record: PlaceRecord): Promise<void>;
  /** By account, then region, in pages the store chooses. */
  all(): AsyncIterable<PlaceRecord>;
}

/**
 * Changes that events told of, kept for 90 days: to drop what is delivered twice, and to explain what a sweep finds.
 * Each is found by the scoped keys of what it touched; where it touched a whole cell, by that cell's key.
 */
export interface Changes {
  /** `false` where it is known already. */
  add(change: Change): Promise<boolean>;
  /** That touched one of these scoped keys or cells, from and to inclusive, each once, newest first, at most `limit`. */
  about(query: {
    readonly keys: readonly string[];
    readonly from: string;
    readonly to: string;
    readonly limit: number;
  }): Promise<readonly Change[]>;
}
