import { WireError } from './error.ts';
import { Reader } from './reader.ts';

/**
 * As much BSON as a reply to an anonymous client holds, read within fixed limits (bsonspec.org, version 1.1).
 * Nothing is allocated from a length the peer sent: every length is checked against bytes that are here.
 */
export const MAX_DOCUMENT = 64 * 1024;
export const MAX_DEPTH = 8;
export const MAX_ELEMENTS = 2_000;
const MAX_KEY = 128;

/** `undefined` stands for a value of a type that we only step over (dates, ids, binary). */
export type BsonValue = number | bigint | string | boolean | null | undefined | BsonDocument | readonly BsonValue[];
/** A map, because a stranger's keys must not become properties. */
export type BsonDocument = ReadonlyMap<string, BsonValue>;

export interface Decoded {
  readonly document: BsonDocument;
  /** True when we stopped at a limit of ours; what came before it is complete. */
  readonly cut: boolean;
}

interface Budget {
  elements: number;
  cut: boolean;
  readonly partial: boolean;
}

/** One whole document that fills `bytes`. */
export function decodeBson(bytes: Buffer): BsonDocument {
  return readRoot(bytes, { elements: MAX_ELEMENTS, cut: false, partial: false });
}

/**
 * The start of a document, for replies larger than our limits: a server with thousands of databases must not
 * pass for one that said nothing. Reading stops at the first value that is not whole.
 */
export function decodeBsonHead(bytes: Buffer): Decoded {
  const budget: Budget = { elements: MAX_ELEMENTS, cut: false, partial: true };
  const document = readRoot(bytes.subarray(0, MAX_DOCUMENT), budget);
  return { document, cut: budget.cut };
}

function readRoot(bytes: Buffer, budget: Budget): BsonDocument {
  const reader = new Reader(bytes);
  if (bytes.length > MAX_DOCUMENT) throw new WireError('limit', `document of ${bytes.length} bytes`);
  const length = reader.i32le();
  if (!budget.partial && length !== bytes.length) throw new WireError('malformed', 'document length does not fit');
  if (length < 5) throw new WireError('malformed', `document of ${length} bytes`);
  return readDocument(new Reader(reader.take(Math.min(length - 4, reader.remaining))), 1, budget);
}

/** `body` is what follows the length, up to and including the closing NUL. */
function readDocument(body: Reader, depth: number, budget: Budget): BsonDocument {
  const document = new Map<string, BsonValue>();
  readElements(body, depth, budget, (key, value) => {
    if (document.has(key)) throw new WireError('malformed', 'a key that comes twice');
    document.set(key, value);
  });
  return document;
}

/** Array keys are `0`, `1`, ... and carry nothing. */
function readArray(body: Reader, depth: number, budget: Budget): readonly BsonValue[] {
  const values: BsonValue[] = [];
  readElements(body, depth, budget, (_key, value) => values.push(value));
  return values;
}

function readElements(
  body: Reader,
  depth: number,
  budget: Budget,
  add: (key: string, value: BsonValue) => unknown,
): void {
  if (depth > MAX_DEPTH) throw new WireError('limit', `documents nested deeper than ${MAX_DEPTH}`);
  try {
    while (true) {
      const type = body.u8(); // each turn takes at least one byte: bounded by the document
      if (type === 0) break;
      if (budget.elements-- <= 0) throw new WireError('limit', `more than ${MAX_ELEMENTS} elements`);
      const key = body.cstring(MAX_KEY);
      add(key, readValue(type, body, depth, budget));
      if (budget.cut) return;
    }
  } catch (error) {
    if (!budget.partial || !(error instanceof WireError)) throw error;
    budget.cut = true;
    return;
  }
  if (body.remaining > 0) throw new WireError('malformed', 'bytes after the end of a document');
}

function readValue(type: number, reader: Reader, depth: number, budget: Budget): BsonValue {
  switch (type) {
    case 0x01:
      return reader.f64le();
    case 0x02: // string
    case 0x0d: // code
    case 0x0e: // symbol
      return readString(reader);
    case 0x03:
      return readDocument(nested(reader, budget), depth + 1, budget);
    case 0x04:
      return readArray(nested(reader, budget), depth + 1, budget);
    case 0x08:
      return readBoolean(reader);
    case 0x0a:
      return null;
    case 0x10:
      return reader.i32le();
    case 0x12:
      return reader.i64le();
    default:
      stepOver(type, reader);
      return undefined;
  }
}

function stepOver(type: number, reader: Reader): void {
  switch (type) {
    case 0x05: // binary: length, subtype, bytes
      return reader.skip(length(reader, 0) + 1);
    case 0x06: // undefined
    case 0x7f: // max key
    case 0xff: // min key
      return;
    case 0x07: // object id
      return reader.skip(12);
    case 0x09: // date
    case 0x11: // timestamp
      return reader.skip(8);
    case 0x0b: // regular expression: two texts
      reader.cstring(MAX_KEY);
      reader.cstring(MAX_KEY);
      return;
    case 0x0c: // database pointer: text, object id
      readString(reader);
      return reader.skip(12);
    case 0x0f: // code with scope: its length counts itself
      return reader.skip(length(reader, 4 + 5) - 4);
    case 0x13: // decimal
      return reader.skip(16);
    default:
      throw new WireError('malformed', `unknown type ${type}`);
  }
}

/** A reader of an embedded document's body; short in partial mode, where the document runs past our limit. */
function nested(reader: Reader, budget: Budget): Reader {
  const wanted = length(reader, 5) - 4;
  return new Reader(reader.take(budget.partial ? Math.min(wanted, reader.remaining) : wanted));
}

function readString(reader: Reader): string {
  const text = reader.take(length(reader, 1));
  if (text[text.length - 1] !== 0) throw new WireError('malformed', 'text without its NUL');
  return text.toString('utf8', 0, text.length - 1);
}

function readBoolean(reader: Reader): boolean {
  const byte = reader.u8();
  if (byte > 1) throw new WireError('malformed', `boolean of value ${byte}`);
  return byte === 1;
}

function length(reader: Reader, least: number): number {
  const value = reader.i32le();
  if (value < least) throw new WireError('malformed', `length ${value}`);
  return value;
}

/** What we send: numbers are int32; nothing else is needed. */
export type BsonInput = { readonly [key: string]: number | string | boolean | BsonInput };

export function encodeBson(document: BsonInput): Buffer {
  const body = Buffer.concat(Object.entries(document).map(([key, value]) => encodeElement(key, value)));
  const head = Buffer.alloc(4);
  head.writeInt32LE(body.length + 5);
  return Buffer.concat([head, body, Buffer.alloc(1)]);
}

function encodeElement(key: string, value: BsonInput[string]): Buffer {
  const named = (type: number, bytes: Buffer): Buffer => Buffer.concat([Buffer.from([type]), cstring(key), bytes]);
  if (typeof value === 'boolean') return named(0x08, Buffer.from([value ? 1 : 0]));
  if (typeof value === 'object') return named(0x03, encodeBson(value));
  const number = Buffer.alloc(4);
  if (typeof value === 'number') {
    number.writeInt32LE(value);
    return named(0x10, number);
  }
  const text = cstring(value);
  number.writeInt32LE(text.length);
  return named(0x02, Buffer.concat([number, text]));
}

function cstring(text: string): Buffer {
  return Buffer.from(`${text}\0`, 'utf8');
}
