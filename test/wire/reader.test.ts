import { describe, expect, it } from 'vitest';
import { WireError } from '../../lib/wire/error.ts';
import { Reader } from '../../lib/wire/reader.ts';

const of = (...bytes: number[]): Reader => new Reader(Buffer.from(bytes));

function failureOf(read: () => unknown): WireError {
  try {
    read();
  } catch (error) {
    if (error instanceof WireError) return error;
    throw error;
  }
  throw new Error('it was read');
}

describe('a cursor over what a stranger sent', () => {
  it.each([
    ['u8', 1, 0xf1],
    ['u16le', 2, 0xf2f1],
    ['u16be', 2, 0xf1f2],
    ['u24le', 3, 0xf3f2f1],
    ['u32le', 4, 0xf4f3f2f1],
    ['u32be', 4, 0xf1f2f3f4],
    ['i32le', 4, 0xf4f3f2f1 - 2 ** 32],
    ['i32be', 4, 0xf1f2f3f4 - 2 ** 32],
    ['i64le', 8, 0xf8f7f6f5f4f3f2f1n - 2n ** 64n],
    ['f64le', 8, -5.185705956736366e274],
  ] as const)('reads %s from %i bytes and no more', (read, length, value) => {
    const bytes = [0xf1, 0xf2, 0xf3, 0xf4, 0xf5, 0xf6, 0xf7, 0xf8, 0xf9];
    const reader = of(...bytes);
    expect(reader[read]()).toBe(value);
    expect(reader.remaining).toBe(bytes.length - length);
    expect(failureOf(() => of(...bytes.slice(0, length - 1))[read]()).reason).toBe('truncated');
  });

  it('takes all there is, and says how much was wanted where there is less', () => {
    const reader = of(1, 2, 3);
    expect([...reader.take(3)]).toEqual([1, 2, 3]);
    expect([...reader.take(0)]).toEqual([]);
    reader.skip(0);
    const failure = failureOf(() => reader.take(2));
    expect([failure.reason, failure.message]).toEqual(['truncated', 'wanted 2 bytes, 0 left']);
  });

  it('never goes back, however a length was spelt', () => {
    const reader = of(1, 2, 3);
    reader.skip(2);
    expect(failureOf(() => reader.skip(-1)).reason).toBe('truncated');
    expect(reader.remaining).toBe(1);
  });

  it('reads text up to its NUL, and the next one after it', () => {
    const reader = new Reader(Buffer.from('one\0two\0rest'));
    expect(reader.cstring(3)).toBe('one');
    expect(reader.cstring(3)).toBe('two');
    expect(reader.remaining).toBe(4);
  });

  it('reads no text that is longer than its limit, and none without an end', () => {
    for (const bytes of ['four\0', 'abc']) {
      const failure = failureOf(() => new Reader(Buffer.from(bytes)).cstring(3));
      expect([failure.reason, failure.message]).toEqual(['malformed', 'no end of text within 3 bytes']);
    }
  });
});
