import { type BsonInput, type Decoded, decodeBson, decodeBsonHead, encodeBson, MAX_DOCUMENT } from './bson.ts';
import { WireError } from './error.ts';
import { Reader } from './reader.ts';

/** MongoDB wire protocol: OP_MSG, and OP_QUERY for servers before 3.6 (probes.md section 3.3). */

const OP_REPLY = 1;
const OP_QUERY = 2004;
const OP_MSG = 2013;
export const HEADER_BYTES = 16;
/** A channel gives no more than this for one reply. */
const MAX_REPLY = MAX_DOCUMENT;
/** OP_MSG bits 0 to 15 that must be understood: checksumPresent, moreToCome. */
const KNOWN_FLAGS = 0b11;

export function opMsg(requestId: number, command: BsonInput): Buffer {
  return frame(requestId, OP_MSG, Buffer.alloc(5), encodeBson(command));
}

/** `$db` has no place here: the database is in the collection's name. */
export function opQuery(requestId: number, command: BsonInput): Buffer {
  const head = Buffer.concat([Buffer.alloc(4), Buffer.from('admin.$cmd\0'), Buffer.from('00000000ffffffff', 'hex')]);
  return frame(requestId, OP_QUERY, head, encodeBson(command));
}

function frame(requestId: number, opcode: number, head: Buffer, document: Buffer): Buffer {
  const header = Buffer.alloc(HEADER_BYTES);
  header.writeInt32LE(HEADER_BYTES + head.length + document.length, 0);
  header.writeInt32LE(requestId, 4);
  header.writeInt32LE(opcode, 12);
  return Buffer.concat([header, head, document]);
}

export interface ReplyHead {
  readonly opcode: number;
  /** Bytes to read: the whole body, or as much of it as we are prepared to. */
  readonly bodyBytes: number;
  readonly oversized: boolean;
}

/** A reply that does not name our request is not an answer to it. */
export function replyHead(header: Buffer, requestId: number): ReplyHead {
  const reader = new Reader(header);
  const bodyBytes = reader.i32le() - HEADER_BYTES;
  reader.skip(4);
  const respondsTo = reader.i32le();
  const opcode = reader.i32le();
  if (opcode !== OP_MSG && opcode !== OP_REPLY) throw new WireError('malformed', `opcode ${opcode}`);
  if (respondsTo !== requestId) throw new WireError('malformed', `reply to ${respondsTo}, not to ${requestId}`);
  if (bodyBytes < 10) throw new WireError('malformed', `reply with a body of ${bodyBytes} bytes`);
  return { opcode, bodyBytes: Math.min(bodyBytes, MAX_REPLY), oversized: bodyBytes > MAX_REPLY };
}

/** `cut` where the document was larger than our limits and only its start was read. */
export type Reply = Decoded;

export function parseReply(head: ReplyHead, body: Buffer): Reply {
  const reader = new Reader(body);
  const trailer = head.opcode === OP_MSG ? skipMsgHead(reader) : skipReplyHead(reader);
  const rest = reader.take(reader.remaining - trailer);
  if (head.oversized) return decodeBsonHead(rest);
  try {
    return { document: decodeBson(rest), cut: false };
  } catch (error) {
    if (error instanceof WireError && error.reason === 'limit') return decodeBsonHead(rest);
    throw error;
  }
}

/** Gives the number of checksum bytes after the document. */
function skipMsgHead(reader: Reader): number {
  const flags = reader.u32le();
  if ((flags & 0xffff & ~KNOWN_FLAGS) !== 0) throw new WireError('malformed', `flags ${flags}`);
  if (reader.u8() !== 0) throw new WireError('malformed', 'first section is not a body');
  return (flags & 1) === 1 ? 4 : 0;
}

function skipReplyHead(reader: Reader): number {
  reader.skip(4 + 8 + 4); // flags, cursor, position
  if (reader.i32le() !== 1) throw new WireError('malformed', 'not exactly one document');
  return 0;
}
