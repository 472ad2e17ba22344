import { printable } from '../model/text.ts';
import type { Rows } from './cassandra-reply.ts';

/** Names of keyspaces, tables and columns, and estimates of their sizes, out of Cassandra's own tables. */

const MAX_OBJECTS = 200;
const MAX_FIELDS = 200;
const MAX_WITH_FIELDS = 50;
const SYSTEM = /^(?:system|system_\w+|dse_\w+|solr_admin)$/u;

interface Named {
  readonly name: string;
  readonly kind: 'keyspace' | 'table';
  readonly records?: number;
  readonly bytes?: number;
  readonly system: boolean;
  readonly fields?: readonly { readonly name: string; readonly type: string }[];
}

export interface NamesHeard {
  readonly keyspaces: Rows;
  readonly tables?: Rows | undefined;
  readonly columns?: Rows | undefined;
  readonly sizes?: Rows | undefined;
}

export function namesOf({ keyspaces, tables, columns, sizes }: NamesHeard): { objects: Named[]; truncated: boolean } {
  const names = keyspaces.rows.map(([name]) => text(name));
  const found = (tables?.rows ?? []).map(([keyspace, table]) => ({ keyspace: text(keyspace), table: text(table) }));
  const fields = fieldsOf(columns);
  const estimates = estimatesOf(sizes);
  const objects: Named[] = [
    ...names.map((name): Named => ({ name, kind: 'keyspace', system: SYSTEM.test(name) })),
    ...found.map(({ keyspace, table }): Named => {
      const name = `${keyspace}.${table}`;
      const listed = fields.get(name);
      return {
        name,
        kind: 'table',
        ...estimates.get(name),
        system: SYSTEM.test(keyspace),
        ...(listed === undefined ? {} : { fields: listed }),
      };
    }),
  ];
  // Theirs first: what is a stranger's own may not be crowded out by some sixty tables that every server has.
  const ordered = [...objects.filter(({ system }) => !system), ...objects.filter(({ system }) => system)];
  const cut = keyspaces.cut || tables?.cut === true || columns?.cut === true;
  return { objects: ordered.slice(0, MAX_OBJECTS), truncated: cut || ordered.length > MAX_OBJECTS };
}

function fieldsOf(columns: Rows | undefined): ReadonlyMap<string, { name: string; type: string }[]> {
  const byTable = new Map<string, { name: string; type: string }[]>();
  for (const [keyspace, table, column, type] of columns?.rows ?? []) {
    const name = `${text(keyspace)}.${text(table)}`;
    const fields = byTable.get(name) ?? [];
    if (SYSTEM.test(text(keyspace)) || (fields.length === 0 && byTable.size >= MAX_WITH_FIELDS)) continue;
    if (fields.length < MAX_FIELDS) fields.push({ name: text(column), type: text(type) });
    byTable.set(name, fields);
  }
  return byTable;
}

/** Partitions and their mean size per range of this node: the sum is what it estimates for its share. */
function estimatesOf(sizes: Rows | undefined): ReadonlyMap<string, { records: number; bytes: number }> {
  const byTable = new Map<string, { records: number; bytes: number }>();
  if (sizes === undefined || sizes.cut) return byTable;
  for (const [keyspace, table, partitions, mean] of sizes.rows) {
    const [count, size] = [amount(partitions), amount(mean)];
    if (count === undefined || size === undefined) continue;
    const name = `${text(keyspace)}.${text(table)}`;
    const sum = byTable.get(name) ?? { records: 0, bytes: 0 };
    byTable.set(name, { records: sum.records + count, bytes: sum.bytes + count * size });
  }
  for (const [name, { records, bytes }] of byTable) {
    if (!Number.isSafeInteger(records) || !Number.isSafeInteger(bytes)) byTable.delete(name);
  }
  return byTable;
}

function text(cell: Buffer | undefined): string {
  return printable((cell ?? Buffer.alloc(0)).subarray(0, 1_024).toString('utf8'));
}

function amount(cell: Buffer | undefined): number | undefined {
  if (cell?.length !== 8) return undefined;
  const value = Number(cell.readBigInt64BE());
  return Number.isSafeInteger(value) && value >= 0 ? value : undefined;
}
