import { WireError } from './error.ts';

/** Both languages of memcached, as far as `version` and `stats` go (probes.md section 3.5). */

export const MAX_LINE = 512;
/** 1.6.18 sends 87 counters in 2 KiB, text or binary. */
export const MAX_STATS_BYTES = 16 * 1024;
export const MAX_COUNTERS = 400;
export const BINARY_HEADER = 24;

export interface MemcachedSource {
  readUntil(mark: string, limit: number): Promise<Buffer>;
  readExactly(count: number): Promise<Buffer>;
}

export type VersionReply =
  | { readonly kind: 'version'; readonly version: string }
  | { readonly kind: 'unauthenticated' | 'full' | 'error' | 'foreign' };

/** One whole line in answer to `version`. */
export function readVersion(line: Buffer): VersionReply {
  const text = line.toString('latin1').trimEnd();
  const version = /^VERSION (\S{1,64})$/u.exec(text)?.[1];
  if (version !== undefined) return { kind: 'version', version };
  if (text === 'CLIENT_ERROR unauthenticated') return { kind: 'unauthenticated' };
  if (text.startsWith('ERROR Too many open connections')) return { kind: 'full' };
  return { kind: text === 'ERROR' ? 'error' : 'foreign' };
}

const WORDS = ['VERSION ', 'CLIENT_ERROR ', 'ERROR'];

/** Whether these bytes, too few for a reply, may be the start of one. */
export function isStart(head: Buffer): boolean {
  const text = head.toString('latin1');
  return head[0] === RESPONSE || WORDS.some((word) => word.startsWith(text) || text.startsWith(word));
}

/** The two counters that say how much lies here. */
export interface Counters {
  readonly items?: number;
  readonly bytes?: number;
}

/** `STAT name value` lines up to `END`. Undefined where the server answers `stats` with anything else. */
export async function readStats(source: MemcachedSource): Promise<Counters | undefined> {
  const counters = new Map<string, string>();
  for (let left = MAX_STATS_BYTES, lines = 0; lines < MAX_COUNTERS; lines++) {
    const line = await source.readUntil('\n', Math.min(MAX_LINE, left));
    left -= line.length;
    const text = line.toString('latin1').trimEnd();
    if (text === 'END') return lines === 0 ? undefined : countersOf(counters);
    const [, name, value] = /^STAT (\S+) (.*)$/u.exec(text) ?? [];
    if (name === undefined || value === undefined) return undefined;
    counters.set(name, value);
    if (left <= 0) break;
  }
  throw new WireError('limit', `stats over ${MAX_COUNTERS} lines or ${MAX_STATS_BYTES} bytes`);
}

function countersOf(counters: ReadonlyMap<string, string>): Counters {
  const read = (name: string): number | undefined => {
    const text = counters.get(name);
    return text !== undefined && /^\d{1,15}$/u.test(text) ? Number(text) : undefined;
  };
  const [items, bytes] = [read('curr_items'), read('bytes')];
  return { ...(items === undefined ? {} : { items }), ...(bytes === undefined ? {} : { bytes }) };
}

/** Magic, opcode, key length u16, extras length u8, data type u8, status u16, body length u32, opaque, cas. */
const REQUEST = 0x80;
const RESPONSE = 0x81;
export const VERSION = 0x0b;
export const STAT = 0x10;
export const STATUS_AUTH = 0x20;

export function binaryRequest(opcode: number): Buffer {
  const bytes = Buffer.alloc(BINARY_HEADER);
  bytes.writeUInt8(REQUEST, 0);
  bytes.writeUInt8(opcode, 1);
  return bytes;
}

export interface BinaryReply {
  readonly status: number;
  readonly key: string;
  readonly value: string;
}

/** One whole binary reply. Throws WireError `malformed` where these bytes are no answer to `opcode`. */
export async function readBinary(source: MemcachedSource, opcode: number): Promise<BinaryReply> {
  const head = await source.readExactly(BINARY_HEADER);
  if (head.readUInt8(0) !== RESPONSE || head.readUInt8(1) !== opcode) {
    throw new WireError('malformed', 'not a memcached reply to what was asked');
  }
  const [keyLength, extras, status, size] = [
    head.readUInt16BE(2),
    head.readUInt8(4),
    head.readUInt16BE(6),
    head.readUInt32BE(8),
  ];
  if (size > MAX_LINE) throw new WireError('limit', `reply over ${MAX_LINE} bytes`);
  if (extras + keyLength > size) throw new WireError('malformed', 'key longer than its reply');
  const body = size === 0 ? Buffer.alloc(0) : await source.readExactly(size);
  const key = body.toString('latin1', extras, extras + keyLength);
  return { status, key, value: body.toString('latin1', extras + keyLength) };
}

/** Binary `stats`: one reply a counter, the last one without a name. The status tells a refusal. */
export async function readBinaryStats(
  source: MemcachedSource,
): Promise<{ readonly status: number; readonly counters: Counters }> {
  const counters = new Map<string, string>();
  for (let left = MAX_STATS_BYTES, replies = 0; left > 0 && replies < MAX_COUNTERS; replies++) {
    const { status, key, value } = await readBinary(source, STAT);
    left -= BINARY_HEADER + key.length + value.length;
    if (status !== 0 || key === '') return { status, counters: countersOf(counters) };
    counters.set(key, value);
  }
  throw new WireError('limit', `stats over ${MAX_COUNTERS} replies or ${MAX_STATS_BYTES} bytes`);
}
