import { WireError } from './error.ts';
import { Reader } from './reader.ts';

/**
 * The CQL native protocol, versions 2 to 5 up to the end of authentication (probes.md section 3.6). A frame is version,
 * flags, stream, opcode, length and body; before version 3 the stream is one byte.
 */

const REPLY = 0x80;
const QUERY = 0x07;
const ONE = 0x0001;
const WITH_PAGE_SIZE = 0x04;
/** Reply flags: compression was not asked for and version 5 is never spoken after READY. */
const WARNINGS = 0x08;
const CUSTOM_PAYLOAD = 0x04;
const TRACING = 0x02;
const KNOWN_FLAGS = WARNINGS | CUSTOM_PAYLOAD | TRACING;
/** A channel gives no more for one reply; a larger one is read this far and is cut. */
export const MAX_BODY = 60 * 1024;
export const OPCODES = { error: 0x00, ready: 0x02, authenticate: 0x03, supported: 0x06, result: 0x08 } as const;

export type Version = 2 | 3 | 4 | 5;

export const headerBytes = (version: Version): number => (version > 2 ? 9 : 8);

/** `body` as it stands; the stream is what a reply must name. */
function frame(version: Version, stream: number, opcode: number, body: Buffer): Buffer {
  const header = Buffer.alloc(headerBytes(version));
  header[0] = version;
  if (version > 2) header.writeUInt16BE(stream, 2);
  else header[2] = stream;
  header[header.length - 5] = opcode;
  header.writeUInt32BE(body.length, header.length - 4);
  return Buffer.concat([header, body]);
}

export function options(version: Version, stream: number): Buffer {
  return frame(version, stream, 0x05, Buffer.alloc(0));
}

/** Says who we are: servers since 4.0 list it among their clients. */
export function startup(version: Version, stream: number): Buffer {
  const pairs = ['CQL_VERSION', '3.0.0', 'DRIVER_NAME', 'exposure-probe'].map(shortString);
  return frame(version, stream, 0x01, Buffer.concat([u16(2), ...pairs]));
}

/** A statement without values, one page of at most `rows`. */
export function query(version: Version, stream: number, statement: string, rows: number): Buffer {
  const text = Buffer.from(statement);
  const [length, page] = [Buffer.alloc(4), Buffer.alloc(4)];
  length.writeUInt32BE(text.length);
  page.writeUInt32BE(rows);
  return frame(version, stream, QUERY, Buffer.concat([length, text, u16(ONE), Buffer.from([WITH_PAGE_SIZE]), page]));
}

function u16(value: number): Buffer {
  const bytes = Buffer.alloc(2);
  bytes.writeUInt16BE(value);
  return bytes;
}

function shortString(text: string): Buffer {
  return Buffer.concat([u16(Buffer.byteLength(text)), Buffer.from(text)]);
}

export interface FrameHead {
  /** As the server has it: one that does not speak our version names its own here. */
  readonly version: number;
  readonly flags: number;
  readonly opcode: number;
  readonly bodyBytes: number;
  /** The body is larger than what will be read of it. */
  readonly oversized: boolean;
}

/** Whether these bytes may be the start of a reply: the direction bit and a version there ever was. */
export function isReplyStart(head: Buffer): boolean {
  const version = (head[0] ?? 0) - REPLY;
  return (version >= 1 && version <= 5) || version === 0x41 || version === 0x42;
}

/** The version's byte tells how long the header is, so it comes first, and the rest of the header after it. */
export function restOfHeader(first: number): number {
  if (!isReplyStart(Buffer.from([first]))) throw new WireError('malformed', `not a reply: ${first.toString(16)}`);
  return first - REPLY > 2 ? 8 : 7;
}

/** A reply to another stream is no answer to us; a protocol error may name stream 0, for want of a better one. */
export function frameHead(header: Buffer, stream: number): FrameHead {
  const reader = new Reader(header);
  const version = reader.u8() - REPLY;
  const flags = reader.u8();
  const named = version > 2 ? reader.u16be() : reader.u8();
  const opcode = reader.u8();
  const bytes = reader.u32be();
  if (!Object.values<number>(OPCODES).includes(opcode)) throw new WireError('malformed', `opcode ${opcode}`);
  const stray = named !== stream && !(opcode === OPCODES.error && named === 0);
  if (stray) throw new WireError('malformed', `reply on stream ${named}, not on ${stream}`);
  return { version, flags, opcode, bodyBytes: Math.min(bytes, MAX_BODY), oversized: bytes > MAX_BODY };
}

/** The body behind what the flags put before it: a tracing id, warnings, a payload. */
export function bodyOf({ flags }: FrameHead, body: Buffer): Reader {
  if ((flags & ~KNOWN_FLAGS) !== 0) throw new WireError('malformed', `flags ${flags}`);
  const reader = new Reader(body);
  if ((flags & TRACING) !== 0) reader.skip(16);
  if ((flags & WARNINGS) !== 0) times(reader.u16be(), () => reader.skip(reader.u16be()));
  if ((flags & CUSTOM_PAYLOAD) !== 0) {
    times(reader.u16be(), () => {
      reader.skip(reader.u16be());
      reader.skip(Math.max(0, reader.i32be()));
    });
  }
  return reader;
}

const MAX_ITEMS = 1_024;

/** Throws where there are more than we would read. */
export function times(count: number, once: () => void): void {
  if (count > MAX_ITEMS) throw new WireError('limit', `${count} items`);
  for (let n = 0; n < count; n++) once();
}
