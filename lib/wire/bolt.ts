import { printable } from '../model/text.ts';
import { WireError } from './error.ts';
import { type PackMessage, type PackValue, unpackMessage } from './packstream.ts';

/** Bolt, versions 3 to 5.8 (probes.md section 3.11): a handshake of versions, then messages in chunks. */

/** Versions 5.8 to 5.0, 4.4 to 4.2, 4.1 and 3. The manifest of 5.7 is not offered: its length is the server's to choose. */
export const HANDSHAKE = Buffer.from('6060b01700080805000204040000010400000003', 'hex');

export interface BoltVersion {
  readonly major: number;
  readonly minor: number;
}

/** Undefined where it is none of those that were offered. */
export function readVersion(answer: Buffer): BoltVersion | undefined {
  const [minor = 0, major = 0] = answer.subarray(2, 4);
  if (answer.length !== 4 || answer.readUInt16BE() !== 0) return undefined;
  const most = { 5: 8, 4: 4, 3: 0 }[major];
  const least = major === 4 ? 1 : 0;
  return most !== undefined && minor <= most && minor >= least ? { major, minor } : undefined;
}

const TINY_TEXT = 0x80;
const TINY_MAP = 0xa0;

function text(value: string): Buffer {
  const bytes = Buffer.from(value);
  const head = bytes.length < 16 ? [TINY_TEXT + bytes.length] : [0xd0, bytes.length];
  return Buffer.concat([Buffer.from(head), bytes]);
}

function map(entries: Readonly<Record<string, Buffer>>): Buffer {
  const pairs = Object.entries(entries).flatMap(([key, value]) => [text(key), value]);
  return Buffer.concat([Buffer.from([TINY_MAP + pairs.length / 2]), ...pairs]);
}

function message(tag: number, ...fields: readonly Buffer[]): Buffer {
  const body = Buffer.concat([Buffer.from([0xb0 + fields.length, tag]), ...fields]);
  const size = Buffer.alloc(2);
  size.writeUInt16BE(body.length);
  return Buffer.concat([size, body, Buffer.alloc(2)]);
}

const AGENT = text('exposure-probe/1');
const NO_CREDENTIALS = { scheme: text('none') };
export const GOODBYE = message(0x02);
/** From 5.1 on HELLO says nothing of credentials, and LOGON follows. */
export const hasLogon = ({ major, minor }: BoltVersion): boolean => major === 5 && minor >= 1;
export const LOGON = message(0x6a, map(NO_CREDENTIALS));

export function hello(version: BoltVersion): Buffer {
  const agent = { user_agent: AGENT };
  return message(
    0x01,
    map(hasLogon(version) ? { ...agent, bolt_agent: map({ product: AGENT }) } : { ...agent, ...NO_CREDENTIALS }),
  );
}

/** A read and at most `rows` of its answer, in one go. */
export function read({ major }: BoltVersion, statement: string, rows: number): Buffer {
  const run = message(0x10, text(statement), map({}), map({ mode: text('r') }));
  const count = Buffer.from([0xc9, rows >> 8, rows & 0xff]);
  return Buffer.concat([run, major === 3 ? message(0x3f) : message(0x3f, map({ n: count }))]);
}

/** The two reads of a `Channel` that messages need. */
interface Source {
  readExactly(count: number): Promise<Buffer>;
}

const MAX_MESSAGE = 16 * 1024;
const MAX_CHUNKS = 64;

/** One message out of its chunks. Empty chunks before it keep a connection alive. */
export async function readMessage(source: Source): Promise<BoltReply> {
  const parts: Buffer[] = [];
  let bytes = 0;
  for (let n = 0; n < MAX_CHUNKS; n++) {
    const size = (await source.readExactly(2)).readUInt16BE();
    if (size === 0 && bytes > 0) return replyOf(unpackMessage(Buffer.concat(parts)));
    bytes += size;
    if (bytes > MAX_MESSAGE) throw new WireError('limit', `message over ${MAX_MESSAGE} bytes`);
    if (size > 0) parts.push(await source.readExactly(size));
  }
  throw new WireError('limit', `more than ${MAX_CHUNKS} chunks`);
}

export type BoltReply =
  | { readonly kind: 'success'; readonly server: string; readonly hasMore: boolean }
  | { readonly kind: 'failure'; readonly code: string; readonly message: string }
  | { readonly kind: 'record'; readonly first: string }
  | { readonly kind: 'ignored' };

export function replyOf({ tag, fields: [first] }: PackMessage): BoltReply {
  switch (tag) {
    case 0x70:
      return {
        kind: 'success',
        server: member(first, 'server', 100),
        hasMore: isMap(first) && first.get('has_more') === true,
      };
    case 0x71: {
      const cell = Array.isArray(first) ? (first as readonly PackValue[])[0] : undefined;
      return { kind: 'record', first: typeof cell === 'string' ? printable(cell) : '' };
    }
    case 0x7e:
      return { kind: 'ignored' };
    case 0x7f:
      // Since 5.7 the code has another name.
      return {
        kind: 'failure',
        code: member(first, 'code', 100) || member(first, 'neo4j_code', 100),
        message: member(first, 'message', 200),
      };
    default:
      throw new WireError('malformed', `message ${tag.toString(16)}`);
  }
}

function isMap(value: PackValue): value is ReadonlyMap<string, PackValue> {
  return value instanceof Map;
}

function member(value: PackValue, key: string, limit: number): string {
  const found = isMap(value) ? value.get(key) : undefined;
  return typeof found === 'string' ? printable(found, limit) : '';
}
