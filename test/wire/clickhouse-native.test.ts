/** The first packet each way of ClickHouse's own protocol; whole visits are in test/probes/clickhouse.test.ts. */
import { describe, expect, it } from 'vitest';
import { HELLO, KINDS, readFirst } from '../../lib/wire/clickhouse-native.ts';
import { refusal } from '../support/wire-failure.ts';

const text = (value: string): readonly number[] => [...varint(Buffer.byteLength(value)), ...Buffer.from(value)];

function varint(value: number): readonly number[] {
  return value < 0x80 ? [value] : [(value & 0x7f) | 0x80, ...varint(value >> 7)];
}
/** Reads of bytes that were sent, and how many of them were taken. */
function read(...bytes: readonly number[]) {
  let at = 0;
  const take = (count: number): Promise<Buffer> => {
    const found = Buffer.from(bytes.slice(at, at + count));
    at += count;
    return found.length === count ? Promise.resolve(found) : Promise.reject(new Error('the stream ended'));
  };
  return readFirst(take);
}
const hello = (name = 'ClickHouse', revision = 54_465) => [
  0,
  ...text(name),
  ...varint(23),
  ...varint(8),
  ...varint(revision),
];
const code = (value: number): readonly number[] => [...Buffer.from([value & 255, value >> 8, 0, 0])];
const exception = (name = 'DB::Exception', message = 'default: Authentication failed') => [
  2,
  ...code(516),
  ...text(name),
  ...text(message),
];

it('says hello as a stranger: the default user, no password', () => {
  expect(HELLO.toString('latin1')).toBe('\0\u000Eexposure-probe\u0001\u0001\xB2\xA9\u0003\0\u0007default\0');
  expect(KINDS).toEqual([0, 2]);
});

describe('a hello', () => {
  it('tells the version', async () => {
    expect(await read(...hello())).toEqual({ kind: 'hello', version: '23.8' });
    expect(await read(...hello('ClickHouse server'))).toEqual({ kind: 'hello', version: '23.8' });
  });

  it.each([
    ['another name', hello('xClickHouse')],
    ['a revision before any', hello('ClickHouse', 49_999)],
    ['a revision after any', hello('ClickHouse', 100_000)],
  ])('of %s is none', async (_what, bytes) => {
    await expect(read(...bytes)).rejects.toEqual(refusal('malformed', 'a hello, but none of ClickHouse'));
  });

  it('is one from the first revision to the last', async () => {
    for (const revision of [50_000, 99_999]) expect((await read(...hello('ClickHouse', revision))).kind).toBe('hello');
  });
});

describe('an exception', () => {
  it('tells its code and message, and the stack behind is not read', async () => {
    const found = { kind: 'exception', code: 516, message: 'default: Authentication failed' };
    expect(await read(...exception(), 1, 2, 3)).toEqual(found);
    expect(await read(...exception('DB::NetException'))).toEqual(found);
  });

  it.each(['Exception', 'DB::Error', 'xDB::Exception', 'DB::Exception2', `DB::${'a'.repeat(21)}Exception`])(
    'of %s is none',
    async (name) => {
      await expect(read(...exception(name))).rejects.toEqual(
        refusal('malformed', 'an exception, but none of ClickHouse'),
      );
    },
  );
});

describe('a stranger that sends', () => {
  it('another packet is none', async () => {
    for (const kind of [1, 3, 255]) {
      await expect(read(kind)).rejects.toEqual(refusal('malformed', `packet ${kind}, neither hello nor exception`));
    }
  });

  it('text of no length, or longer than any, is refused before it is taken', async () => {
    await expect(read(0, 0)).rejects.toEqual(refusal('limit', 'text of 0 bytes'));
    await expect(read(0, ...varint(257))).rejects.toEqual(refusal('limit', 'text of 257 bytes'));
    await expect(read(...hello('ClickHouse'.padEnd(256)))).resolves.toMatchObject({ kind: 'hello' });
    await expect(read(...exception('DB::Exception', 'x'.repeat(1_024)))).resolves.toMatchObject({ code: 516 });
    await expect(read(...exception('DB::Exception', 'x'.repeat(1_025)))).rejects.toEqual(
      refusal('limit', 'text of 1025 bytes'),
    );
  });

  it('a number without end is refused after three bytes', async () => {
    await expect(read(0, 0x80, 0x80, 0x80, 0x01)).rejects.toEqual(
      refusal('limit', 'a number of more than three bytes'),
    );
  });

  it('less than it says has not spoken', async () => {
    for (const whole of [hello(), exception()])
      for (let length = 0; length < whole.length; length++)
        await expect(read(...whole.slice(0, length)), `${length}`).rejects.toThrow('the stream ended');
  });
});
