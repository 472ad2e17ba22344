import { printable } from '../model/text.ts';
import { WireError } from './error.ts';
import { type Listed, nameOf, type Row, rowsOf, type Rows, type Welcome, MAX_ROWS } from './listing.ts';
import type { Reply } from './http-front.ts';
import { parseBody } from './json-cut.ts';
import { asObject, member } from './json.ts';
import { Reader } from './reader.ts';

/**
 * Manticore and Sphinx: one question, asked in their MySQL dialect and over HTTP (probes.md sections 3.19 and 4.16). The
 * dialect is MySQL's as far as its packets go, and knows no accounts before Manticore 27.1.5.
 */

const QUESTION = 'SHOW TABLES';

/** What their own protocol begins with: its version, 1. No packet of the dialect is of no bytes. */
export const API_GREETING: Buffer = Buffer.from('00000001', 'hex');

/** PROTOCOL_41 and SECURE_CONNECTION, 16 MiB packets, utf8; no user and no password. */
export const LOGIN: Buffer = packet(1, Buffer.from(`008200000000000121${'00'.repeat(23)}0000`, 'hex'));
export const SHOW_TABLES: Buffer = packet(0, Buffer.from(`\u0003${QUESTION}`));
export const QUIT: Buffer = packet(0, Buffer.from([1]));

function packet(sequence: number, payload: Buffer): Buffer {
  const head = Buffer.alloc(4);
  head.writeUIntLE(payload.length, 0, 3);
  head.writeUInt8(sequence, 3);
  return Buffer.concat([head, payload]);
}

const MAX_PACKET = 4 * 1024;
const MAX_COLUMNS = 16;

/** `take` hands over exactly as many bytes as it is asked for. */
type Take = (count: number) => Promise<Buffer>;

async function payload(take: Take): Promise<Buffer> {
  const length = (await take(4)).readUIntLE(0, 3);
  if (length === 0 || length > MAX_PACKET) throw new WireError('limit', `packet of ${length} bytes`);
  return take(length);
}

export interface Refusal {
  readonly code: number;
  readonly text: string;
}

/** Undefined where the login was taken. */
export async function readLogin(take: Take): Promise<Refusal | undefined> {
  const reply = await payload(take);
  if (reply[0] === 0x00) return undefined;
  return refusalOf(reply);
}

function refusalOf(reply: Buffer): Refusal {
  const reader = new Reader(reply);
  if (reader.u8() !== 0xff) throw new WireError('malformed', 'neither OK nor an error');
  const code = reader.u16le();
  return { code, text: printable(reader.take(Math.min(reader.remaining, 200)).toString('utf8')) };
}

/** The first column of at most 200 rows. */
export async function readTables(take: Take): Promise<Rows | Refusal> {
  const head = await payload(take);
  if (head[0] === 0xff) return refusalOf(head);
  const columns = head[0] ?? 0;
  if (head.length !== 1 || columns === 0 || columns > MAX_COLUMNS)
    throw new WireError('malformed', 'no table of columns');
  for (let column = 0; column < columns; column++) await payload(take);
  if (!isEnd(await payload(take))) throw new WireError('malformed', 'no end of columns');
  const rows: Row[] = [];
  while (rows.length < MAX_ROWS) {
    const row = await payload(take);
    if (isEnd(row)) return { rows, truncated: false };
    rows.push({ name: firstText(row) });
  }
  return { rows, truncated: true };
}

function isEnd(reply: Buffer): boolean {
  return reply[0] === 0xfe && reply.length < 9;
}

/** A string behind its length. Names are shorter than 251 bytes, whose length is one byte, or as long as two may say. */
function firstText(row: Buffer): string {
  const reader = new Reader(row);
  const short = reader.u8();
  if (short > 0xfc || short === 0xfb) throw new WireError('malformed', 'a row without a name');
  const name = nameOf(reader.take(short === 0xfc ? reader.u16le() : short).toString('utf8'));
  if (name === undefined) throw new WireError('malformed', 'a row without a name');
  return name;
}

/** The same over HTTP: a list of one result set, told by four of its members. */
export function readSql(reply: Reply): Welcome | undefined {
  return readSqlList(reply) === undefined ? undefined : { markers: 2, version: '' };
}

export function readSqlList(reply: Reply): Listed {
  const found = reply.status === 200 ? parseBody(reply, 3) : undefined;
  const result: unknown = Array.isArray(found) && found.length === 1 ? found[0] : undefined;
  const columns = member(result, 'columns');
  const isOurs =
    Array.isArray(columns) && asObject(member(columns[0], 'Table') ?? member(columns[0], 'Index')) !== undefined;
  if (!isOurs || (!reply.truncated && member(result, 'error') !== '')) return undefined;
  return rowsOf(member(result, 'data'), reply, (item) => {
    const name = nameOf(member(item, 'Table') ?? member(item, 'Index'));
    return name === undefined ? undefined : { name };
  });
}
