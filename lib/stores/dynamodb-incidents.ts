/** Incidents: by endpoint's shard, each written whole with the state that it belongs to; open ones are in the index. */
import type { Incident } from '../model/incident.ts';
import type { IncidentFilter } from '../model/store.ts';
import type { Item, Table, Write } from './dynamodb-access.ts';
import { allShards, documentOf, newToken, openDocument, shardOf } from './dynamodb-items.ts';
import { compareKeys, touches } from './rows.ts';

export function incidentWrites(incidents: readonly Incident[]): readonly Write[] {
  return incidents.flatMap((incident) => {
    const { id, status, start, endpointId } = incident;
    const shard = shardOf(endpointId);
    const open = status === 'open' ? { list: `open#${shard}`, rank: `${start.upper}#${id}` } : {};
    const { head, parts } = documentOf({ pk: `I#${shard}`, sk: id }, newToken(), incident, { s: start.upper, ...open });
    return [head, ...parts].map((put) => ({ put }));
  });
}

/**
 * By start, then id. Where only open ones are asked for, the index says which: one that was opened a moment ago may be
 * missing there, one that was closed is never among them.
 */
export async function* readIncidents(table: Table, filter: IncidentFilter): AsyncGenerator<Incident> {
  const shards = filter.endpointId === undefined ? allShards() : [shardOf(filter.endpointId)];
  const found = await Promise.all(shards.map((shard) => headsOf(table, shard, filter.status === 'open')));
  for (const head of found.flat().toSorted((a, b) => compareKeys(orderOf(a), orderOf(b)))) {
    const incident = (await openDocument<Incident>(table, head, 'incident'))?.value;
    if (incident !== undefined && touches(incident, filter)) yield incident;
  }
}

async function headsOf(table: Table, shard: string, open: boolean): Promise<readonly Item[]> {
  const heads: Item[] = [];
  const range = open ? { partition: `open#${shard}`, index: true as const } : { partition: `I#${shard}` };
  for await (const item of table.query(range)) heads.push(item);
  return open ? (await table.getAll(heads)).filter((item) => item !== undefined) : heads;
}

function orderOf(head: Item): string {
  return `${String(head['s'])}|${head.sk}`;
}
