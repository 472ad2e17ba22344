import { WireError } from './error.ts';

/**
 * Bounds-checked cursor over bytes a stranger sent. Every read goes through `take`, so no probe can run
 * past the end, and no loop of ours ends on a byte of theirs.
 */
export class Reader {
  readonly #bytes: Buffer;
  #at = 0;
  constructor(bytes: Buffer) {
    this.#bytes = bytes;
  }

  get remaining(): number {
    return this.#bytes.length - this.#at;
  }

  take(count: number): Buffer {
    if (count < 0 || count > this.remaining) {
      throw new WireError('truncated', `wanted ${count} bytes, ${this.remaining} left`);
    }
    this.#at += count;
    return this.#bytes.subarray(this.#at - count, this.#at);
  }

  skip(count: number): void {
    this.take(count);
  }
  u8(): number {
    return this.take(1).readUInt8();
  }
  u16le(): number {
    return this.take(2).readUInt16LE();
  }
  u16be(): number {
    return this.take(2).readUInt16BE();
  }
  u24le(): number {
    return this.take(3).readUIntLE(0, 3);
  }
  u32le(): number {
    return this.take(4).readUInt32LE();
  }
  u32be(): number {
    return this.take(4).readUInt32BE();
  }
  i32le(): number {
    return this.take(4).readInt32LE();
  }
  i32be(): number {
    return this.take(4).readInt32BE();
  }
  i64le(): bigint {
    return this.take(8).readBigInt64LE();
  }
  f64le(): number {
    return this.take(8).readDoubleLE();
  }

  /** Text up to NUL, at most `limit` bytes, invalid UTF-8 replaced. */
  cstring(limit: number): string {
    const end = this.#bytes.indexOf(0, this.#at);
    if (end === -1 || end - this.#at > limit) {
      throw new WireError('malformed', `no end of text within ${limit} bytes`);
    }
    const text = this.take(end - this.#at).toString('utf8');
    this.skip(1);
    return text;
  }
}
