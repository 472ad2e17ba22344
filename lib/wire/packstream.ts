import { WireError } from './error.ts';
import { Reader } from './reader.ts';

/** PackStream, how Bolt writes values (probes.md section 3.11). Everything a stranger sends is under these limits. */

const MAX_DEPTH = 8;
const MAX_ITEMS = 4_096;

/** Bytes and points in time come out as undefined: nothing that is asked here answers with any. */
export type PackValue =
  | string
  | number
  | bigint
  | boolean
  | null
  | undefined
  | readonly PackValue[]
  | ReadonlyMap<string, PackValue>;

export interface PackMessage {
  readonly tag: number;
  readonly fields: readonly PackValue[];
}

/** One message: a structure with its tag. */
export function unpackMessage(bytes: Buffer): PackMessage {
  const reader = new Reader(bytes);
  const marker = reader.u8();
  if (marker >> 4 !== 0xb) throw new WireError('malformed', `not a message: ${marker.toString(16)}`);
  const tag = reader.u8();
  const budget = { items: MAX_ITEMS };
  return { tag, fields: Array.from({ length: marker & 0x0f }, () => value(reader, budget, 0)) };
}

interface Budget {
  items: number;
}

function value(reader: Reader, budget: Budget, depth: number): PackValue {
  if (depth > MAX_DEPTH) throw new WireError('limit', `nested over ${MAX_DEPTH} deep`);
  if (--budget.items < 0) throw new WireError('limit', `more than ${MAX_ITEMS} values`);
  const marker = reader.u8();
  if (marker < 0x80) return marker;
  if (marker >= 0xf0) return marker - 0x100;
  const [kind, low] = [marker >> 4, marker & 0x0f];
  if (kind === 0x8) return text(reader, low);
  if (kind === 0x9) return list(reader, budget, depth, low);
  if (kind === 0xa) return map(reader, budget, depth, low);
  if (kind === 0xb) return structure(reader, budget, depth, low);
  return marked(reader, budget, depth, marker);
}

function marked(reader: Reader, budget: Budget, depth: number, marker: number): PackValue {
  switch (marker) {
    case 0xc0:
      return null;
    case 0xc1:
      return reader.take(8).readDoubleBE();
    case 0xc2:
      return false;
    case 0xc3:
      return true;
    case 0xc8:
      return reader.take(1).readInt8();
    case 0xc9:
      return reader.take(2).readInt16BE();
    case 0xca:
      return reader.i32be();
    case 0xcb:
      return reader.take(8).readBigInt64BE();
    case 0xcc:
    case 0xcd:
    case 0xce:
      reader.skip(size(reader, marker - 0xcc));
      return undefined;
    case 0xd0:
    case 0xd1:
    case 0xd2:
      return text(reader, size(reader, marker - 0xd0));
    case 0xd4:
    case 0xd5:
    case 0xd6:
      return list(reader, budget, depth, size(reader, marker - 0xd4));
    case 0xd8:
    case 0xd9:
    case 0xda:
      return map(reader, budget, depth, size(reader, marker - 0xd8));
    default:
      throw new WireError('malformed', `marker ${marker.toString(16)}`);
  }
}

/** One, two or four bytes. */
function size(reader: Reader, width: number): number {
  return width === 0 ? reader.u8() : width === 1 ? reader.u16be() : reader.u32be();
}

function text(reader: Reader, length: number): string {
  return reader.take(length).toString('utf8');
}

/** As many as were announced, each of which costs the budget, so no count of a stranger's is believed beforehand. */
function list(reader: Reader, budget: Budget, depth: number, count: number): readonly PackValue[] {
  const items: PackValue[] = [];
  for (let n = 0; n < count; n++) items.push(value(reader, budget, depth + 1));
  return items;
}

function map(reader: Reader, budget: Budget, depth: number, count: number): ReadonlyMap<string, PackValue> {
  const entries = new Map<string, PackValue>();
  for (let n = 0; n < count; n++) {
    const key = value(reader, budget, depth + 1);
    if (typeof key !== 'string') throw new WireError('malformed', 'a key that is no text');
    entries.set(key, value(reader, budget, depth + 1));
  }
  return entries;
}

/** Read over: a node, a point in time. */
function structure(reader: Reader, budget: Budget, depth: number, fields: number): undefined {
  reader.skip(1);
  list(reader, budget, depth, fields);
  return undefined;
}
