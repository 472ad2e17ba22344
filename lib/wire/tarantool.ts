import { printable } from '../model/text.ts';
import { WireError } from './error.ts';
import { type MsgpackValue, readMsgpack } from './msgpack.ts';
import { Reader } from './reader.ts';

/** Tarantool's IPROTO, as far as a guest gets (probes.md section 4.10). Pure. */

export const GREETING_BYTES = 128;
export const PING: Buffer = Buffer.from('ce000000058200400101', 'hex');
/** SELECT on `_vspace` (281), ids from 512 on, at most 50: spaces of the users' own, if a guest may see any. */
export const SELECT_SPACES: Buffer = Buffer.from('ce0000001782000101028610cd011911001232130014052091cd0200', 'hex');
/** The length before each message: a 32-bit MessagePack integer. */
export const LENGTH_BYTES = 5;
const MAX_MESSAGE = 64 * 1024;
const MAX_NAME = 255;
export const FIRST_USER_SPACE = 512;

const KEY = { type: 0x00, sync: 0x01, data: 0x30, error: 0x31 } as const;

/** The version, or undefined where the first bytes are no greeting. */
export function readGreeting(bytes: Buffer): string | undefined {
  const [first = '', second = ''] = bytes.toString('latin1').split('\n');
  const version = /^Tarantool (\d[\w.-]{0,40}) \(Binary\) [0-9a-f-]{36} *$/u.exec(first)?.[1];
  return bytes.length === GREETING_BYTES && /^[A-Za-z0-9+/=]{20,64} *$/u.test(second) ? version : undefined;
}

export function messageLength(head: Buffer): number {
  const reader = new Reader(head);
  if (reader.u8() !== 0xce) throw new WireError('malformed', 'a message without a 32-bit length');
  const length = reader.u32be();
  if (length > MAX_MESSAGE) throw new WireError('limit', `a message of ${length} bytes`);
  return length;
}

export interface Answered {
  readonly ok: boolean;
  /** Of a refusal; bit 0x8000 taken off. */
  readonly code: number;
  readonly data: readonly MsgpackValue[];
}

/** An answer to our message of that number, or WireError. */
export function parseAnswer(body: Buffer, sync: number): Answered {
  const reader = new Reader(body);
  const header = readMsgpack(reader);
  const type = header instanceof Map ? header.get(KEY.type) : undefined;
  if (!(header instanceof Map) || typeof type !== 'number' || header.get(KEY.sync) !== sync) {
    throw new WireError('malformed', 'not an answer to what was asked');
  }
  const content = reader.remaining > 0 ? readMsgpack(reader) : undefined;
  const data: MsgpackValue = content instanceof Map ? content.get(KEY.data) : undefined;
  return { ok: type === 0, code: type & 0x7fff, data: Array.isArray(data) ? data : [] };
}

export interface Space {
  readonly name: string;
  readonly id: number;
}

/** `[id, owner, name, engine, ...]`; only id and name are kept. */
export function readSpaces({ data }: Answered): readonly Space[] {
  return data.flatMap((tuple) => {
    if (!Array.isArray(tuple)) return [];
    const [id, , name] = tuple as readonly MsgpackValue[];
    return typeof id === 'number' && typeof name === 'string' ? [{ id, name: printable(name, MAX_NAME) }] : [];
  });
}
