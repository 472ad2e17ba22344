import { printable } from '../model/text.ts';
import { bodyOf, type FrameHead, OPCODES, times } from './cassandra.ts';
import { WireError } from './error.ts';
import type { Reader } from './reader.ts';

/** What CQL servers answer (probes.md section 3.6), pure and bounded. */

export type CqlReply =
  | { readonly kind: 'ready' }
  | { readonly kind: 'authenticate'; readonly authenticator: string }
  | { readonly kind: 'supported'; readonly supported: Supported }
  | { readonly kind: 'error'; readonly code: number; readonly message: string }
  | { readonly kind: 'rows'; readonly rows: Rows };

export interface Supported {
  /** Keys that only CQL servers have. */
  readonly markers: number;
  readonly product: string;
  /** Of the language, from which the server's own is guessed. */
  readonly cql: string;
}

/** Cells as they came, a row at a time. `cut` where there is more than was read. */
export interface Rows {
  readonly rows: readonly (readonly (Buffer | undefined)[])[];
  readonly cut: boolean;
}

export const ERRORS = { protocol: 0x0a, badCredentials: 0x0100, unauthorized: 0x2100 } as const;

const MAX_COLUMNS = 8;
const MAX_ROWS = 10_000;

export function parseReply(head: FrameHead, body: Buffer): CqlReply {
  const reader = bodyOf(head, body);
  switch (head.opcode) {
    case OPCODES.ready:
      return { kind: 'ready' };
    case OPCODES.authenticate:
      return { kind: 'authenticate', authenticator: shortString(reader) };
    case OPCODES.supported:
      return { kind: 'supported', supported: readSupported(reader) };
    case OPCODES.error: {
      const code = reader.i32be();
      return { kind: 'error', code, message: shortString(reader) };
    }
    case OPCODES.result:
      return { kind: 'rows', rows: readRows(reader, head.oversized) };
    default:
      throw new WireError('malformed', `opcode ${head.opcode}`);
  }
}

function shortString(reader: Reader, limit = 200): string {
  return printable(reader.take(reader.u16be()).toString('utf8'), limit);
}

/** A string multimap. */
function readSupported(reader: Reader): Supported {
  const found = new Map<string, string>();
  times(reader.u16be(), () => {
    const key = shortString(reader, 64);
    const values: string[] = [];
    times(reader.u16be(), () => values.push(shortString(reader, 64)));
    found.set(key, values[0] ?? '');
  });
  const isScylla = [...found.keys()].some((key) => key.startsWith('SCYLLA_'));
  const markers = ['CQL_VERSION', 'COMPRESSION'].filter((key) => found.has(key)).length;
  const product = isScylla ? 'ScyllaDB' : found.has('DSE_VERSION') ? 'DataStax Enterprise' : 'Cassandra';
  return { markers, product, cql: found.get('CQL_VERSION') ?? '' };
}

/** Cassandra's release by the language it speaks; approximate. */
const RELEASES: Readonly<Record<string, string>> = {
  '3.4.7': '5.0',
  '3.4.6': '4.1',
  '3.4.5': '4.0',
  '3.4.4': '3.11',
};

export function releaseOf({ product, cql }: Supported): string | undefined {
  return product === 'Cassandra' ? RELEASES[cql] : undefined;
}

const ROWS = 2;
const FLAG_GLOBAL_TABLE = 0x01;
const FLAG_MORE_PAGES = 0x02;
const FLAG_NO_METADATA = 0x04;
/** Types up to 0x1f have no parameter, but for 0, custom. */
const MAX_PLAIN_TYPE = 0x1f;

function readRows(reader: Reader, oversized: boolean): Rows {
  if (reader.i32be() !== ROWS) throw new WireError('malformed', 'a result without rows');
  const flags = reader.i32be();
  const columns = reader.i32be();
  if (columns < 1 || columns > MAX_COLUMNS) throw new WireError('limit', `${columns} columns`);
  if ((flags & FLAG_MORE_PAGES) !== 0) reader.skip(Math.max(0, reader.i32be()));
  if ((flags & FLAG_NO_METADATA) === 0) skipColumns(reader, columns, (flags & FLAG_GLOBAL_TABLE) !== 0);
  const count = reader.i32be();
  if (count < 0) throw new WireError('malformed', `${count} rows`);
  const rows: (Buffer | undefined)[][] = [];
  for (let n = 0; n < Math.min(count, MAX_ROWS); n++) {
    const row = readRow(reader, columns, oversized);
    if (row === undefined) return { rows, cut: true };
    rows.push(row);
  }
  return { rows, cut: (flags & FLAG_MORE_PAGES) !== 0 || count > MAX_ROWS };
}

function skipColumns(reader: Reader, columns: number, isGlobal: boolean): void {
  const name = (): void => reader.skip(reader.u16be());
  const table = (): void => [name, name].forEach((skip) => skip());
  if (isGlobal) table();
  for (let n = 0; n < columns; n++) {
    if (!isGlobal) table();
    name();
    const type = reader.u16be();
    if (type === 0 || type > MAX_PLAIN_TYPE) throw new WireError('malformed', `column of type ${type}`);
  }
}

/** Undefined where a reply that we did not read to its end stops; in one that we did, that is an error. */
function readRow(reader: Reader, columns: number, oversized: boolean): (Buffer | undefined)[] | undefined {
  try {
    return Array.from({ length: columns }, () => {
      const length = reader.i32be();
      return length < 0 ? undefined : reader.take(length);
    });
  } catch (error) {
    if (oversized && error instanceof WireError && error.reason === 'truncated') return undefined;
    throw error;
  }
}
