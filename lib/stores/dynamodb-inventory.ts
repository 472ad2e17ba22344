/** What the sweeps remember of places: one document each, whole or not at all. */
import { placeKey, type PlaceRecord } from '../model/inventory.ts';
import type { InventoryRecords } from '../model/store.ts';
import type { Key, Table } from './dynamodb-access.ts';
import { allShards, checkFits, documentOf, newToken, openDocument, shardOf } from './dynamodb-items.ts';
import { merged } from './merge.ts';
import { compareKeys } from './rows.ts';

function keyOf(place: string): Key {
  return { pk: `A#${shardOf(place)}`, sk: place };
}

export function openInventory(table: Table): InventoryRecords {
  return {
    async read(account, region) {
      const head = await table.get(keyOf(placeKey({ account, region })));
      return (await openDocument<PlaceRecord>(table, head, 'place'))?.value;
    },
    async save(record) {
      const place = placeKey(record.place);
      const token = newToken();
      const { head, parts } = documentOf(keyOf(place), token, record);
      const writes = [head, ...parts].map((put) => ({ put }));
      checkFits(writes, `what is remembered of ${place}`);
      await table.save(writes, token);
    },
    async *all() {
      const shards = allShards().map((shard) => table.query({ partition: `A#${shard}` }));
      for await (const head of merged(shards, (a, b) => compareKeys(a.sk, b.sk))) {
        const opened = await openDocument<PlaceRecord>(table, head, 'place');
        if (opened !== undefined) yield opened.value;
      }
    },
  };
}
