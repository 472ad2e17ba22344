/**
 * The store of a deployed ajar: one DynamoDB table (dynamodb-table.ts). Decisions rest on consistent reads of the table
 * itself; its index only says where to look for what is due or open.
 */
import type { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import type { EndpointState } from '../model/state.ts';
import type { StateStore } from '../model/store.ts';
import { openTable } from './dynamodb-access.ts';
import { openAccountGaps } from './dynamodb-notes.ts';
import { openBudgets } from './dynamodb-budgets.ts';
import { readStop } from './dynamodb-stop.ts';
import { openChanges } from './dynamodb-changes.ts';
import { followLeads } from './dynamodb-dependencies.ts';
import { readIncidents } from './dynamodb-incidents.ts';
import { openInventory } from './dynamodb-inventory.ts';
import { allShards } from './dynamodb-items.ts';
import { journalClock } from './dynamodb-journal.ts';
import { openLedger } from './dynamodb-ledger.ts';
import { openOutbox, type OwedTo } from './dynamodb-outbox.ts';
import { openRecords } from './dynamodb-records.ts';
import { openPages } from './dynamodb-revisits.ts';
import { openStates, stateKey } from './dynamodb-state.ts';
import { keysOfEndpoint } from '../model/change.ts';
import { merged } from './merge.ts';
import { compareKeys } from './rows.ts';

export interface DynamoOptions {
  /** The caller's: the store does not close it. Its time-outs and tries are the store's. */
  readonly client: DynamoDBClient;
  readonly table: string;
  /** Every notice is owed to each of these. */
  readonly sinks: OwedTo;
  readonly now: () => Date;
  /** For a role that may only read: the ledger as far as others have sealed it. */
  readonly readOnly?: boolean;
}

export interface DynamoStore extends StateStore {
  /**
   * One of `of` parts of the roster, in no order, at half the price of `states` and some moments behind it: for a plan
   * that is made again a minute later. At most 16 parts have anything in them.
   */
  roster(part: number, of: number): AsyncIterable<EndpointState>;
  /** Why nothing may be probed from this table's vantage; `undefined` where it may. */
  stop(): Promise<string | undefined>;
}

export async function openDynamoStore({
  client,
  table: name,
  sinks,
  now,
  readOnly = false,
}: DynamoOptions): Promise<DynamoStore> {
  const table = openTable(client, name);
  const clock = journalClock(now);
  const ledger = openLedger(table, clock, readOnly);
  const states = openStates(table, clock, sinks);
  const pages = openPages(table);
  const readAll = async (ids: readonly string[]): Promise<ReadonlyMap<string, EndpointState>> => {
    const found = await states.readAll(ids);
    return new Map((await pages.with([...found.values()])).map((state) => [state.endpoint.id, state]));
  };
  const read = async (id: string): Promise<EndpointState | undefined> => {
    const found = await states.read(id);
    return found?.page === undefined ? found : (await pages.with([found]))[0];
  };
  return {
    read,
    revisits: { read: readAll, note: pages.note },
    async commit(commit) {
      const result = await states.commit(commit);
      if (result === 'committed' && commit.lines.length > 0) await ledger.seal();
      return result;
    },
    append: (lines) => ledger.append(lines),
    async *states(prefix = '') {
      // All that start with it stand together, up to it with the last character there is.
      const range = prefix === '' ? {} : { from: prefix, to: `${prefix}\u{10ffff}` };
      const shards = allShards().map((shard) => table.query({ partition: `S#${shard}`, ...range }));
      const withNoted = pages.listing();
      for await (const head of merged(shards, (a, b) => compareKeys(a.sk, b.sk))) {
        const state = await states.open(head);
        if (state !== undefined) yield withNoted(state);
      }
    },
    async *roster(part, of) {
      const withNoted = pages.listing();
      for (const shard of allShards().filter((_, n) => n % of === part)) {
        for await (const head of table.query({ partition: `S#${shard}`, stale: true })) {
          const state = await states.open(head);
          if (state !== undefined) yield withNoted(state);
        }
      }
    },
    incidents: (filter = {}) => readIncidents(table, filter),
    ledger: ({ from = 1, to = Number.MAX_SAFE_INTEGER } = {}) => ledger.entries(from, to),
    ledgerHead: () => ledger.head(),
    outbox: openOutbox(table, ledger, clock),
    budgets: openBudgets(table),
    stop: () => readStop(table),
    inventory: openInventory(table),
    accountGaps: openAccountGaps(table),
    changes: openChanges(table, now),
    records: openRecords(table, ledger, clock),
    async dependents(scopedKeys) {
      const heads = await table.getAll((await followLeads(table, scopedKeys)).map(stateKey));
      const found: string[] = [];
      for (const head of heads) {
        const endpoint = (await states.open(head))?.endpoint;
        if (endpoint !== undefined && keysOfEndpoint(endpoint).some((key) => scopedKeys.includes(key)))
          found.push(endpoint.id);
      }
      return found.sort(compareKeys);
    },
    async close() {},
  };
}
