import { WireError } from './error.ts';
import type { Reader } from './reader.ts';

/** MessagePack from strangers, bounded. Integers beyond 2^53, floats and extensions come out as undefined: none is needed. */
export type MsgpackValue =
  | number
  | string
  | boolean
  | null
  | undefined
  | readonly MsgpackValue[]
  | ReadonlyMap<MsgpackValue, MsgpackValue>;

const MAX_DEPTH = 16;
const MAX_VALUES = 50_000;

/** One value. Every element costs at least a byte that came, so the loops end with the bytes. */
export function readMsgpack(reader: Reader): MsgpackValue {
  return new Decoder(reader).value(0);
}

class Decoder {
  readonly #reader: Reader;
  #left = MAX_VALUES;
  constructor(reader: Reader) {
    this.#reader = reader;
  }

  value(depth: number): MsgpackValue {
    if (depth > MAX_DEPTH) throw new WireError('limit', `nested deeper than ${MAX_DEPTH}`);
    if (--this.#left < 0) throw new WireError('limit', `more than ${MAX_VALUES} values`);
    const type = this.#reader.u8();
    if (type <= 0x7f) return type;
    if (type <= 0x8f) return this.#map(type & 0x0f, depth);
    if (type <= 0x9f) return this.#array(type & 0x0f, depth);
    if (type <= 0xbf) return this.#text(type & 0x1f);
    if (type >= 0xe0) return type - 0x100;
    return this.#typed(type, depth);
  }

  #typed(type: number, depth: number): MsgpackValue {
    switch (type) {
      case 0xc0:
        return null;
      case 0xc2:
      case 0xc3:
        return type === 0xc3;
      case 0xc4:
      case 0xc5:
      case 0xc6:
        return this.#skip(this.#uint(1 << (type - 0xc4)));
      case 0xc7:
      case 0xc8:
      case 0xc9:
        return this.#skip(this.#uint(1 << (type - 0xc7)) + 1);
      case 0xca:
        return this.#skip(4);
      case 0xcb:
        return this.#skip(8);
      case 0xcc:
      case 0xcd:
      case 0xce:
        return this.#uint(1 << (type - 0xcc));
      case 0xcf:
        return this.#u64();
      case 0xd0:
      case 0xd1:
      case 0xd2:
      case 0xd3:
        return this.#skip(1 << (type - 0xd0));
      case 0xd4:
      case 0xd5:
      case 0xd6:
      case 0xd7:
      case 0xd8:
        return this.#skip((1 << (type - 0xd4)) + 1);
      case 0xd9:
      case 0xda:
      case 0xdb:
        return this.#text(this.#uint(1 << (type - 0xd9)));
      case 0xdc:
      case 0xdd:
        return this.#array(this.#uint(2 << (type - 0xdc)), depth);
      case 0xde:
      case 0xdf:
        return this.#map(this.#uint(2 << (type - 0xde)), depth);
      default:
        throw new WireError('malformed', `no MessagePack type ${type}`);
    }
  }

  #uint(bytes: number): number {
    return this.#reader.take(bytes).readUIntBE(0, bytes);
  }

  #u64(): number | undefined {
    const value = Number(this.#reader.take(8).readBigUInt64BE());
    return Number.isSafeInteger(value) ? value : undefined;
  }

  #skip(bytes: number): undefined {
    this.#reader.skip(bytes);
    return undefined;
  }

  #text(bytes: number): string {
    return this.#reader.take(bytes).toString('utf8');
  }

  #array(count: number, depth: number): readonly MsgpackValue[] {
    this.#enough(count);
    const list: MsgpackValue[] = [];
    for (let n = 0; n < count; n++) list.push(this.value(depth + 1));
    return list;
  }

  #map(count: number, depth: number): ReadonlyMap<MsgpackValue, MsgpackValue> {
    this.#enough(2 * count);
    const map = new Map<MsgpackValue, MsgpackValue>();
    for (let n = 0; n < count; n++) map.set(this.value(depth + 1), this.value(depth + 1));
    return map;
  }

  #enough(count: number): void {
    if (count > this.#reader.remaining) throw new WireError('truncated', `${count} elements announced`);
  }
}
