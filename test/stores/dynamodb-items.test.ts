import { randomBytes } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { allShards, checkFits, documentOf, fits, partKeys, shardOf } from '../../lib/stores/dynamodb-items.ts';

const KEY = { pk: 'S#01', sk: 'a' };
/** The sizes DynamoDB counts: names and values. */
const sizeOf = (item: object): number =>
  Object.entries(item).reduce((n, [name, value]) => {
    const bytes =
      typeof value === 'string' ? Buffer.byteLength(value) : value instanceof Uint8Array ? value.length : 21;
    return n + name.length + bytes;
  }, 0);

describe('a document as items', () => {
  it.each([0, 1_000, 379_000, 380_000, 381_000, 760_000, 3_000_000])(
    'of %i bytes that cannot be compressed is never near the limit of one item',
    (size) => {
      const longest = { pk: 'p'.repeat(2_046), sk: 's'.repeat(1_021) };
      const rank = 'r'.repeat(1_024);
      const { head, parts } = documentOf(longest, 'mark', { noise: randomBytes(size).toString('base64') }, { rank });
      for (const item of [head, ...parts]) expect(sizeOf(item)).toBeLessThan(400 * 1_024 - 16_384);
      expect(parts.length).toBe(Number(head['n'] ?? 0));
      expect(parts.map(({ pk, sk }) => ({ pk, sk }))).toEqual(partKeys(longest, parts.length));
      expect(new Set(parts.map((part) => part['m']))).toEqual(new Set(parts.length === 0 ? [] : ['mark']));
    },
  );

  it('goes to the same shard wherever it is computed, and no shard is left empty', () => {
    expect([shardOf('device-analytics'), shardOf('zürich/☃')]).toEqual(['09', '15']);
    const used = new Set(Array.from({ length: 500 }, (_, n) => shardOf(`e${n}`)));
    expect([...used].toSorted((a, b) => (a < b ? -1 : 1))).toEqual(allShards());
  });
});

describe('a transaction', () => {
  const put = (n: number, bytes = 1) => ({ put: { pk: 'p', sk: String(n), z: new Uint8Array(bytes) } });
  const many = (count: number, bytes?: number) => Array.from({ length: count }, (_, n) => put(n, bytes));

  it('takes 100 items of 4 MB together, and says what is beyond', () => {
    expect([fits(many(100)), fits(many(101))]).toEqual([true, false]);
    expect([fits(many(10, 390_000)), fits(many(11, 390_000))]).toEqual([true, false]);
    expect(() => checkFits(many(100), 'x')).not.toThrow();
    expect(() => checkFits(many(101), 'endpoint x')).toThrow(/^endpoint x is 101 items of \d+ bytes/);
  });

  it('has no key that DynamoDB does not take', () => {
    expect(() => checkFits([{ remove: { ...KEY, sk: 'é'.repeat(513) } }], 'x')).toThrow(/key/);
    expect(() => checkFits([{ put: { ...KEY, pk: 'p'.repeat(2_049) } }], 'x')).toThrow(/key/);
  });
});
