import { printable } from '../model/text.ts';
import { type Reply, wholeText } from './http-front.ts';
import { asObject, member, parseJson } from './json.ts';

/** Names, counts, sizes and field types out of the metadata replies of probes.md section 3.7. Pure and bounded. */

export const MAX_INDICES = 200;
export const MAX_FIELD_OBJECTS = 50;
export const MAX_FIELDS = 200;
/** `_mapping` is asked for two levels; a reply that nests deeper is cut. */
const MAX_FIELD_DEPTH = 8;
/** Elasticsearch allows 255 bytes. */
const MAX_NAME = 255;

export interface SearchIndex {
  readonly name: string;
  readonly records?: number;
  readonly bytes?: number;
}
export interface Indices {
  /** At most 200, those of users before those of the system. */
  readonly indices: readonly SearchIndex[];
  readonly truncated: boolean;
}

/** `_cat/indices` as JSON. Undefined where it is not that. */
export function readCat(reply: Reply): Indices | undefined {
  if (reply.status !== 200) return undefined;
  const rows = parseJson(wholeText(reply, '},', ']'));
  return Array.isArray(rows) ? bounded(rows.map(catRow), reply.truncated) : undefined;
}

/** `_stats/docs` of a server whose `_cat` has no JSON. With no index at all the filter leaves `{}`. */
export function readStats(reply: Reply): Indices | undefined {
  if (reply.status !== 200) return undefined;
  const stats = asObject(parseJson(wholeText(reply, '}}},', '}}')));
  if (stats === undefined) return undefined;
  const indices = asObject(member(stats, 'indices'));
  if (indices === undefined) return Object.keys(stats).length === 0 ? { indices: [], truncated: false } : undefined;
  const rows = Object.entries(indices).map(([name, one]) => ({
    name: printable(name, MAX_NAME),
    ...count('records', member(one, 'primaries', 'docs', 'count')),
  }));
  return bounded(rows, reply.truncated);
}

function bounded(rows: readonly (SearchIndex | undefined)[], truncated: boolean): Indices | undefined {
  const known = rows.filter((row) => row !== undefined);
  if (known.length < rows.length) return undefined;
  const users = known.filter(({ name }) => !name.startsWith('.'));
  const system = known.filter(({ name }) => name.startsWith('.'));
  return { indices: [...users, ...system].slice(0, MAX_INDICES), truncated: truncated || known.length > MAX_INDICES };
}

function catRow(row: unknown): SearchIndex | undefined {
  const name = member(row, 'index');
  if (typeof name !== 'string' || name === '') return undefined;
  return {
    name: printable(name, MAX_NAME),
    ...count('records', member(row, 'docs.count')),
    ...count('bytes', member(row, 'store.size')),
  };
}

/** A closed index has null here: then nothing is known, and nothing is said. */
function count<K extends 'records' | 'bytes'>(key: K, value: unknown): { [P in K]?: number } {
  const number = typeof value === 'string' && /^\d{1,15}$/u.test(value) ? Number(value) : value;
  if (typeof number !== 'number' || !Number.isSafeInteger(number) || number < 0) return {};
  return { [key]: number } as { [P in K]: number };
}

export interface Field {
  readonly name: string;
  readonly type: string;
}
export interface Fields {
  readonly byIndex: ReadonlyMap<string, readonly Field[]>;
  readonly truncated: boolean;
}

/** Field names and types per index, from `_mapping`. Undefined where it did not arrive whole or is not that. */
export function readFields(reply: Reply): Fields | undefined {
  const json = reply.status === 200 && !reply.truncated ? parseJson(reply.body.toString('utf8')) : undefined;
  const mappings = asObject(json);
  if (mappings === undefined) return undefined;
  const entries = Object.entries(mappings);
  const users = entries.filter(([name]) => !name.startsWith('.'));
  const system = entries.filter(([name]) => name.startsWith('.'));
  const byIndex = new Map<string, readonly Field[]>();
  let truncated = entries.length > MAX_FIELD_OBJECTS;
  for (const [index, mapping] of [...users, ...system].slice(0, MAX_FIELD_OBJECTS)) {
    const fields: Field[] = [];
    truncated = !collect(member(mapping, 'mappings', 'properties'), '', fields, 0) || truncated;
    byIndex.set(printable(index, MAX_NAME), fields);
  }
  return { byIndex, truncated };
}

/** Dotted names, as a query would spell them. False where a limit cut the list. */
function collect(properties: unknown, path: string, fields: Field[], depth: number): boolean {
  if (depth >= MAX_FIELD_DEPTH) return properties === undefined;
  for (const [name, field] of Object.entries(asObject(properties) ?? {})) {
    if (fields.length >= MAX_FIELDS) return false;
    const type = member(field, 'type');
    if (typeof type === 'string') {
      fields.push({ name: printable(`${path}${name}`, MAX_NAME), type: printable(type, 40) });
    }
    if (!collect(member(field, 'properties'), `${path}${name}.`, fields, depth + 1)) return false;
  }
  return true;
}
