import { printable } from '../model/text.ts';
import { type Reply, readFront } from './http-front.ts';
import { asObject, member } from './json.ts';

/** What the small engines have in common: a page that tells the product, and one list of names (probes.md section 3.19). */

export const MAX_ROWS = 200;
/** At metadata level 2: objects whose fields are told, and fields of each (probes.md section 1, rule 10). */
const MAX_DESCRIBED = 50;
const MAX_FIELDS = 200;
const MAX_NAME = 255;

/** Marks of the product on a page. */
export interface Welcome {
  readonly markers: number;
  readonly version: string;
  /** Where it is another than the listing's. */
  readonly product?: string;
  /** The page itself asked for credentials, in the product's words. */
  readonly refused?: boolean;
}

export interface Field {
  readonly name: string;
  readonly type: string;
}
export interface Row {
  readonly name: string;
  readonly records?: number;
  readonly bytes?: number;
  readonly fields?: readonly Field[];
}
export interface Rows {
  readonly rows: readonly Row[];
  readonly truncated: boolean;
}

/**
 * What a list said: names; in the product's words, that credentials are asked for or that the anonymous user may not see
 * it, or something that is neither; or (undefined) nothing that counts.
 */
export type Listed = Rows | 'refused' | 'restricted' | 'neither' | undefined;

/** At most 200 rows of what `read` makes of each; undefined where there were some and `read` knows none. */
export function rowsOf(
  items: unknown,
  { truncated }: Reply,
  read: (item: unknown) => Row | undefined,
): Rows | undefined {
  if (!Array.isArray(items)) return undefined;
  const rows = items.slice(0, MAX_ROWS).flatMap((item) => read(item) ?? []);
  if (items.length > 0 && rows.length === 0) return undefined;
  return { rows, truncated: truncated || items.length > MAX_ROWS };
}

/** What a 200 holds; 401 and 403 are a refusal, unless a wall in front gave them. */
export function unlessRefused(reply: Reply, read: () => Rows | undefined): Listed {
  if (reply.status === 401 || reply.status === 403) return readFront(reply).row === 'waf' ? undefined : 'refused';
  return reply.status === 200 ? read() : undefined;
}

/** A list of plain names. */
export function plainRows(items: unknown, reply: Reply): Rows | undefined {
  return rowsOf(items, reply, (item) => {
    const name = nameOf(item);
    return name === undefined ? undefined : { name };
  });
}

/** A name as it may be shown; undefined where it is none. */
export function nameOf(value: unknown): string | undefined {
  return typeof value === 'string' && value !== '' ? printable(value, MAX_NAME) : undefined;
}

/** One or both of the two amounts, where they are whole numbers. */
export function amounts(amount: {
  readonly records?: unknown;
  readonly bytes?: unknown;
}): Pick<Row, 'records' | 'bytes'> {
  const isCount = (value: unknown): value is number =>
    typeof value === 'number' && Number.isSafeInteger(value) && value >= 0;
  const { records, bytes } = amount;
  return { ...(isCount(records) ? { records } : {}), ...(isCount(bytes) ? { bytes } : {}) };
}

/** Fields by name: either an object whose values tell the type, or a list of objects with a name and a type. */
export function fieldsOf(value: unknown, typeOf: (field: unknown) => string): readonly Field[] {
  const pairs = Array.isArray(value)
    ? value.map((field): [unknown, unknown] => [member(field, 'name'), field])
    : Object.entries(asObject(value) ?? {});
  return pairs.slice(0, MAX_FIELDS).flatMap(([key, field]) => {
    const name = nameOf(key);
    return name === undefined ? [] : [{ name, type: printable(typeOf(field), 40) }];
  });
}

/** Fields only of the first 50, and of none below metadata level 2; counts and sizes of none at level 0. */
export function within({ rows, truncated }: Rows, level: 0 | 1 | 2): Rows {
  if (level === 2) {
    const shown = rows.map((row, at) => (at < MAX_DESCRIBED ? row : withoutFields(row)));
    return { rows: shown, truncated };
  }
  return { rows: rows.map(withoutFields), truncated };
}

function withoutFields({ name, records, bytes }: Row): Row {
  return { name, ...amounts({ records, bytes }) };
}
