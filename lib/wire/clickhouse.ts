import { printable } from '../model/text.ts';
import type { Reply } from './http-front.ts';
import { parseBody } from './json-cut.ts';
import { member } from './json.ts';
import type { Field } from './listing.ts';

/** What ClickHouse answers over HTTP (probes.md section 3.13), pure and bounded. */

const MAX_ROWS = 200;
const MAX_NAME = 255;
/** probes.md section 1, rule 10. */
const MAX_DESCRIBED = 50;
const MAX_FIELDS = 200;

export interface Answered {
  /** Marks of the product beside the text itself. */
  readonly markers: number;
  readonly version: string;
  /** The code of an exception; undefined where the query was answered. */
  readonly code: number | undefined;
}

/** The reply to `SELECT version()`. Undefined where it bears no mark of ClickHouse. */
export function readVersion(reply: Reply): Answered | undefined {
  const headed = Object.keys(reply.headers).some((name) => name.startsWith('x-clickhouse-')) ? 1 : 0;
  const code = exceptionOf(reply);
  if (code !== undefined) return { markers: headed + 1, version: '', code };
  const rows = reply.status === 200 ? rowsOf(reply) : undefined;
  const version = rows?.[0]?.[0];
  if (rows?.length !== 1 || typeof version !== 'string' || !/^\d{1,4}(?:\.\w{1,12}){1,4}/u.test(version))
    return undefined;
  return { markers: headed + 1, version, code: undefined };
}

/** `Code: 194, e.displayText() = DB::Exception: ...` of old versions, `Code: 194. DB::Exception: ...` of new ones. */
export function exceptionOf({ status, headers, body }: Reply): number | undefined {
  if (status === 200) return undefined;
  const found = /^Code: (\d{1,5})[.,].{0,40}DB::(?:\w{0,20})Exception/u.exec(body.toString('utf8', 0, 200));
  const said = found?.[1] ?? /^\d{1,5}$/u.exec(headers['x-clickhouse-exception-code'] ?? '')?.[0];
  return said === undefined ? undefined : Number(said);
}

export interface Table {
  readonly name: string;
  readonly records?: number;
  readonly bytes?: number;
}
export interface Tables {
  readonly objects: readonly Table[];
  readonly truncated: boolean;
}

/** Rows of database, name and, where the server has them, rows and bytes. Undefined where this is no such list. */
export function readTables(reply: Reply): Tables | undefined {
  const rows = reply.status === 200 ? rowsOf(reply) : undefined;
  if (rows === undefined) return undefined;
  const objects = rows.slice(0, MAX_ROWS).flatMap(([database, name, records, bytes]): Table[] => {
    if (typeof database !== 'string' || typeof name !== 'string') return [];
    return [
      {
        name: printable(`${database}.${name}`, MAX_NAME),
        ...amount('records', records),
        ...amount('bytes', bytes),
      },
    ];
  });
  if (rows.length > 0 && objects.length === 0) return undefined;
  return { objects, truncated: reply.truncated || rows.length >= MAX_ROWS };
}

/** Rows of database, table, name and type: fields by table, of so many tables at most. Empty where this is no such list. */
export function readColumns(reply: Reply): ReadonlyMap<string, readonly Field[]> {
  const byTable = new Map<string, Field[]>();
  for (const [database, table, name, type] of (reply.status === 200 ? rowsOf(reply) : undefined) ?? []) {
    if (![database, table, name, type].every((part) => typeof part === 'string')) continue;
    const key = printable(`${String(database)}.${String(table)}`, MAX_NAME);
    const fields = byTable.get(key) ?? [];
    if (fields.length >= MAX_FIELDS || (fields.length === 0 && byTable.size >= MAX_DESCRIBED)) continue;
    fields.push({ name: printable(String(name), MAX_NAME), type: printable(String(type), 40) });
    byTable.set(key, fields);
  }
  return byTable;
}

function rowsOf(reply: Reply): readonly (readonly unknown[])[] | undefined {
  const json = parseBody(reply, 2);
  const data = member(json, 'data');
  const isTable = Array.isArray(member(json, 'meta')) && Array.isArray(data);
  return isTable ? data.filter((row): row is unknown[] => Array.isArray(row)) : undefined;
}

/** Numbers of 64 bits come quoted from some versions, and null where the engine does not count. */
function amount(key: 'records' | 'bytes', value: unknown): { readonly records?: number; readonly bytes?: number } {
  const number = typeof value === 'string' && /^\d{1,15}$/u.test(value) ? Number(value) : value;
  return typeof number === 'number' && Number.isSafeInteger(number) && number >= 0 ? { [key]: number } : {};
}
