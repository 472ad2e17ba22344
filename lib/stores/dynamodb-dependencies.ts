/**
 * What leads from a dependency to its endpoints (byDependency, aws-services.md section 5.6): one small item for each
 * pair, found by one consistent query. A lead is written before the state that needs it and removed after the state that
 * no longer does, so there may be one too many and never one too few; what an endpoint depends on is asked of its state.
 */
import pLimit from 'p-limit';
import type { Table } from './dynamodb-access.ts';
import { newToken } from './dynamodb-items.ts';

const CONCURRENCY = 8;

function leadKey(scopedKey: string, endpointId: string): { readonly pk: string; readonly sk: string } {
  return { pk: `D#${scopedKey}`, sk: endpointId };
}

/** For a commit that makes `version`. A lead remembers the latest version that was about to need it. */
export async function addLeads(table: Table, endpointId: string, keys: readonly string[], version: number) {
  const limit = pLimit(CONCURRENCY);
  const change = { text: 'SET v = :v', when: 'attribute_not_exists(pk) OR v < :v', values: { ':v': version } };
  await Promise.all(keys.map((key) => limit(() => table.update(leadKey(key, endpointId), change))));
}

/**
 * After that commit. A lead that a later version needs again stays. Never fails: one that stays for nothing leads to
 * a state that denies it.
 */
export async function dropLeads(table: Table, endpointId: string, keys: readonly string[], version: number) {
  const limit = pLimit(CONCURRENCY);
  const when = { text: 'v <= :v', values: { ':v': version } };
  const drop = (key: string) => table.write([{ remove: leadKey(key, endpointId), when }], newToken());
  await Promise.allSettled(keys.map((key) => limit(() => drop(key))));
}

/** Ids that may depend on one of these, each once. */
export async function followLeads(table: Table, scopedKeys: readonly string[]): Promise<readonly string[]> {
  const limit = pLimit(CONCURRENCY);
  const ids = new Set<string>();
  const follow = async (key: string): Promise<void> => {
    for await (const { sk } of table.query({ partition: `D#${key}` })) ids.add(sk);
  };
  await Promise.all([...new Set(scopedKeys)].map((key) => limit(() => follow(key))));
  return [...ids];
}
