import { printable } from '../model/text.ts';
import { WireError } from './error.ts';
import { Reader } from './reader.ts';

/**
 * Kafka's protocol, the three oldest versions of three requests (probes.md section 3.14). A message is its length in four
 * bytes, then what it says; an answer begins with the number of its question.
 */

const CLIENT = 'exposure-probe';
const API_VERSIONS = 18;
const METADATA = 3;
const SASL_HANDSHAKE = 17;
/** Every topic. A name would be worse than rude: brokers create topics that are asked for by name. */
const ALL_TOPICS = Buffer.from('ffffffff', 'hex');
/** A channel gives no more for one reply; a larger list of topics is read this far and is cut. */
export const MAX_BODY = 60 * 1024;
const MAX_APIS = 512;
const MAX_BROKERS = 512;
const MAX_TOPICS = 10_000;
const MAX_PARTITIONS = 20_000;
const MAX_REPLICAS = 64;
const MAX_MECHANISMS = 32;
/** Kafka allows 249 characters. */
const MAX_NAME = 249;

export const apiVersions = (id: number): Buffer => request(API_VERSIONS, 0, id, Buffer.alloc(0));
export const metadata = (id: number): Buffer => request(METADATA, 1, id, ALL_TOPICS);
/** For a mechanism that does not exist: the answer lists those that do. */
export const saslHandshake = (id: number): Buffer => request(SASL_HANDSHAKE, 0, id, string('EXPOSURE-PROBE'));

function request(api: number, version: number, id: number, body: Buffer): Buffer {
  const head = Buffer.alloc(12);
  const client = string(CLIENT);
  head.writeInt32BE(8 + client.length + body.length, 0);
  head.writeInt16BE(api, 4);
  head.writeInt16BE(version, 6);
  head.writeInt32BE(id, 8);
  return Buffer.concat([head, client, body]);
}

function string(text: string): Buffer {
  const bytes = Buffer.alloc(2);
  bytes.writeInt16BE(Buffer.byteLength(text));
  return Buffer.concat([bytes, Buffer.from(text)]);
}

export const HEAD_BYTES = 8;

export interface ReplyHead {
  readonly bodyBytes: number;
  /** The body is larger than what will be read of it. */
  readonly oversized: boolean;
}

/** A reply that does not name our request is not an answer to it. */
export function replyHead(head: Buffer, id: number): ReplyHead {
  const reader = new Reader(head);
  const bytes = reader.i32be() - 4;
  const named = reader.i32be();
  if (named !== id) throw new WireError('malformed', `reply to ${named}, not to ${id}`);
  if (bytes < 2) throw new WireError('malformed', `reply of ${bytes} bytes`);
  return { bodyBytes: Math.min(bytes, MAX_BODY), oversized: bytes > MAX_BODY };
}

/** Whether these bytes may be the start of a reply to our first request. */
export function isReplyStart(head: Buffer): boolean {
  const isSmall = head[0] === 0 && (head[1] ?? 0) === 0;
  return isSmall && head.subarray(4, 8).equals(Buffer.from([0, 0, 0, 1]).subarray(0, Math.max(0, head.length - 4)));
}

/** An array: null (-1) counts as empty. */
function times(reader: Reader, limit: number, once: () => void): void {
  const count = reader.i32be();
  if (count < -1 || count > limit) throw new WireError('limit', `array of ${count}`);
  for (let n = 0; n < count; n++) once();
}

function text(reader: Reader, isNullable = false): string {
  const length = reader.u16be();
  if (isNullable && length === 0xffff) return '';
  if (length > 0x7fff) throw new WireError('malformed', 'text of negative length');
  return printable(reader.take(length).toString('utf8'), MAX_NAME);
}

const UNSUPPORTED_VERSION = 35;

/** How many requests the broker says it knows. The second marker: ranges in which the least is not above the most. */
export function readApiVersions(body: Buffer): { readonly apis: number; readonly hasMetadata1: boolean } {
  const reader = new Reader(body);
  const error = reader.u16be();
  if (error !== 0 && error !== UNSUPPORTED_VERSION) throw new WireError('malformed', `error ${error} to ApiVersions`);
  let [apis, hasMetadata1] = [0, false];
  times(reader, MAX_APIS, () => {
    const [api, least, most] = [reader.u16be(), reader.u16be(), reader.u16be()];
    if (least > most) throw new WireError('malformed', `versions from ${least} to ${most}`);
    apis++;
    if (api === METADATA) hasMetadata1 = least <= 1 && most >= 1;
  });
  if (apis === 0) throw new WireError('malformed', 'a broker that knows no request');
  return { apis, hasMetadata1 };
}

export interface Topic {
  readonly name: string;
  readonly isInternal: boolean;
}

export interface Topics {
  /** `host:port` as advertised, at most three of them. */
  readonly brokers: readonly string[];
  readonly brokerCount: number;
  readonly topics: readonly Topic[];
  readonly cut: boolean;
}

const MAX_SHOWN = 3;
const MAX_KEPT = 200;

/** Metadata version 1. Of a list that we did not read to its end, what came whole counts. */
export function readMetadata(body: Buffer, oversized: boolean): Topics {
  const reader = new Reader(body);
  const brokers: string[] = [];
  times(reader, MAX_BROKERS, () => {
    reader.skip(4);
    const [host, port] = [text(reader), reader.i32be()];
    text(reader, true); // rack
    brokers.push(`${host}:${port}`);
  });
  if (brokers.length === 0) throw new WireError('malformed', 'a cluster without a broker');
  reader.skip(4); // controller
  const found: Topic[] = [];
  let cut = false;
  try {
    times(reader, MAX_TOPICS, () => found.push(readTopic(reader)));
  } catch (error) {
    if (!oversized || !(error instanceof WireError) || error.reason !== 'truncated') throw error;
    cut = true;
  }
  const topics = found.slice(0, MAX_KEPT);
  return {
    brokers: brokers.slice(0, MAX_SHOWN),
    brokerCount: brokers.length,
    topics,
    cut: cut || found.length > MAX_KEPT,
  };
}

function readTopic(reader: Reader): Topic {
  reader.skip(2); // its error: a topic without a leader is listed all the same
  const name = text(reader);
  const isInternal = reader.u8() === 1;
  times(reader, MAX_PARTITIONS, () => {
    reader.skip(2 + 4 + 4);
    for (const _ of ['replicas', 'in sync']) times(reader, MAX_REPLICAS, () => reader.skip(4));
  });
  return { name, isInternal };
}

const UNSUPPORTED_MECHANISM = 33;

/** The mechanisms a listener takes. Undefined where it takes none: it is no SASL listener. */
export function readMechanisms(body: Buffer): readonly string[] | undefined {
  const reader = new Reader(body);
  if (reader.u16be() !== UNSUPPORTED_MECHANISM) return undefined;
  const mechanisms: string[] = [];
  times(reader, MAX_MECHANISMS, () => mechanisms.push(text(reader)));
  return mechanisms.length === 0 ? undefined : mechanisms;
}
