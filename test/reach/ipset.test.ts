import fc from 'fast-check';
import ipaddr from 'ipaddr.js';
import { describe, expect, it } from 'vitest';
import {
  BITS,
  blocksOf,
  complement,
  contains,
  EVERYBODY,
  FAMILIES,
  type Family,
  intersect,
  type IpSet,
  NOBODY,
  parseBlock,
  parseBlocks,
  perFamily,
  sizeOf,
  subtract,
  union,
  widestBlock,
} from '../../lib/reach/ipset.ts';

const LAST = { v4: 2n ** 32n - 1n, v6: 2n ** 128n - 1n };
const family = fc.constantFrom(...FAMILIES);
/** How many addresses at either end of the space the naive sets are compared over. */
const EDGE = 24n;

/** Ranges near both ends of the space, as they come: unsorted, overlapping, touching. */
function rangesIn(one: Family): fc.Arbitrary<{ first: bigint; last: bigint }[]> {
  const place = fc.oneof(fc.bigInt(0n, EDGE - 1n), fc.bigInt(LAST[one] - EDGE + 1n, LAST[one]));
  return fc.array(
    fc.tuple(place, place).map(([a, b]) => (a < b ? { first: a, last: b } : { first: b, last: a })),
    { maxLength: 5 },
  );
}
const twoSets = family.chain((one) => fc.tuple(fc.constant(one), rangesIn(one), rangesIn(one)));

function points(one: Family): bigint[] {
  const low = Array.from({ length: Number(EDGE) }, (_, i) => BigInt(i));
  return [...low, LAST[one] / 2n, ...low.map((i) => LAST[one] - i)];
}
const naive = (ranges: IpSet, point: bigint): boolean =>
  ranges.some(({ first, last }) => first <= point && point <= last);

function expectNormal(set: IpSet, one: Family): void {
  for (const [i, { first, last }] of set.entries()) {
    expect(first >= 0n && first <= last && last <= LAST[one]).toBe(true);
    const before = set[i - 1];
    if (before !== undefined) expect(before.last + 1n < first).toBe(true);
  }
}

describe('sets of addresses', () => {
  it('unite, intersect, subtract and turn round as sets of single addresses do', () => {
    fc.assert(
      fc.property(twoSets, ([one, a, b]) => {
        const [left, right] = [union(a), union(b)];
        const results = {
          union: union(a, b),
          intersect: intersect(left, right),
          complement: complement(left, one),
          subtract: subtract(left, right, one),
        };
        for (const set of Object.values(results)) expectNormal(set, one);
        for (const point of points(one)) {
          const [inA, inB] = [naive(a, point), naive(b, point)];
          expect(contains(results.union, point)).toBe(inA || inB);
          expect(contains(results.intersect, point)).toBe(inA && inB);
          expect(contains(results.complement, point)).toBe(!inA);
          expect(contains(results.subtract, point)).toBe(inA && !inB);
        }
      }),
      { numRuns: 500 },
    );
  });

  it('obey the laws of sets', () => {
    fc.assert(
      fc.property(twoSets, ([one, x, y]) => {
        const [a, b] = [union(x), union(y)];
        const not = (set: IpSet): IpSet => complement(set, one);
        expect(not(not(a))).toEqual(a);
        expect(not(union(a, b))).toEqual(intersect(not(a), not(b)));
        expect(not(intersect(a, b))).toEqual(union(not(a), not(b)));
        expect(union(a, b)).toEqual(union(b, a));
        expect(union(a, a)).toEqual(a);
        expect(intersect(a, a)).toEqual(a);
        expect(intersect(a, not(a))).toEqual([]);
        expect(union(a, not(a))).toEqual(EVERYBODY[one]);
        expect(sizeOf(a) + sizeOf(b)).toBe(sizeOf(union(a, b)) + sizeOf(intersect(a, b)));
      }),
      { numRuns: 500 },
    );
  });

  it('are whole and empty at the ends', () => {
    for (const one of FAMILIES) {
      expect(complement([], one)).toEqual(EVERYBODY[one]);
      expect(complement(EVERYBODY[one], one)).toEqual([]);
      expect(sizeOf(EVERYBODY[one])).toBe(2n ** BigInt(BITS[one]));
      expect(sizeOf(NOBODY[one])).toBe(0n);
    }
    expect(perFamily((one) => EVERYBODY[one])).toEqual(EVERYBODY);
  });

  it('join halves written apart', () => {
    expect(parseBlocks(['128.0.0.0/1', '0.0.0.0/1', '8000::/1', '::/1'])).toEqual({ ...EVERYBODY, unread: [] });
  });
});

describe('blocks as AWS writes them', () => {
  it.each([
    ['8.8.8.8', 'v4', '8.8.8.8/32'],
    ['8.8.8.77/24', 'v4', '8.8.8.0/24'],
    [`${' '.repeat(54)}8.8.8.0/24`, 'v4', '8.8.8.0/24'],
    [' 8.8.8.0/24 ', 'v4', '8.8.8.0/24'],
    ['255.255.255.255', 'v4', '255.255.255.255/32'],
    ['1.2.3.4/0', 'v4', '0.0.0.0/0'],
    ['1.2.3.4/08', 'v4', '1.0.0.0/8'],
    ['::/0', 'v6', '::/0'],
    ['::1', 'v6', '::1/128'],
    ['2600:1F18::1/36', 'v6', '2600:1f18::/36'],
    ['::ffff:8.8.8.8', 'v6', '::ffff:808:808/128'],
    ['ffff:ffff:ffff:ffff:ffff:ffff:ffff:ffff', 'v6', 'ffff:ffff:ffff:ffff:ffff:ffff:ffff:ffff/128'],
  ] as const)('reads %j', (text, one, block) => {
    const parsed = parseBlock(text);
    expect(parsed?.family).toBe(one);
    expect(blocksOf(parsed?.set ?? [], one, 5)).toEqual({ blocks: [block], more: false });
  });

  it.each([
    '',
    ' ',
    '/',
    '/8',
    '0/0',
    '8.8.8',
    '127.1',
    '010.0.0.1',
    '0x8.8.8.8',
    '134744072',
    '8.8.8.8/',
    '8.8.8.8/33',
    '8.8.8.8/-1',
    '8.8.8.8/+8',
    '8.8.8.8/8.0',
    '8.8.8.8/255.0.0.0',
    '8.8.8.8/32/32',
    '8.8.8.8 /8',
    '8.8.8.256',
    '::/129',
    '::/0000',
    '[::1]',
    'fe80::1%eth0',
    ':::',
    '1::2::3',
    'office',
    '*',
    `${'0'.repeat(70)}::`,
    `${' '.repeat(55)}8.8.8.0/24`,
  ])('does not read %j', (text) => {
    expect(parseBlock(text)).toBeUndefined();
    expect(parseBlocks([text, '8.8.8.8']).unread).toEqual([text]);
  });

  it('agrees with ipaddr.js on which addresses a block holds', () => {
    const block = fc.oneof(
      fc.tuple(fc.ipV4(), fc.nat(32)).map(([address, bits]) => `${address}/${bits}`),
      fc.tuple(fc.ipV6(), fc.nat(128)).map(([address, bits]) => `${address}/${bits}`),
    );
    fc.assert(
      fc.property(block, fc.bigInt(0n, LAST.v6), (text, offset) => {
        const { family: one = 'v4', set = [] } = parseBlock(text) ?? {};
        const [{ first, last } = { first: 0n, last: -1n }] = set;
        const inside = first + (offset % (last - first + 1n));
        for (const value of [first - 1n, first, inside, last, last + 1n]) {
          if (value < 0n || value > LAST[one]) continue;
          const bytes = Array.from({ length: BITS[one] / 8 }, (_, i) =>
            Number((value >> BigInt(BITS[one] - 8 * (i + 1))) & 255n),
          );
          const [network, bits] = ipaddr.parseCIDR(text);
          expect(contains(set, value)).toBe(ipaddr.fromByteArray(bytes).match(network, bits));
        }
      }),
      { numRuns: 1_000 },
    );
  });
});

describe('blocks for people', () => {
  it('spells a range that is no block as the largest blocks in it', () => {
    const { v4 } = parseBlocks(['8.8.8.1', '8.8.8.2', '8.8.8.3', '8.8.8.4/30']);
    expect(blocksOf(v4, 'v4', 10)).toEqual({ blocks: ['8.8.8.1/32', '8.8.8.2/31', '8.8.8.4/30'], more: false });
    expect(blocksOf(v4, 'v4', 2)).toEqual({ blocks: ['8.8.8.1/32', '8.8.8.2/31'], more: true });
    expect(blocksOf(v4, 'v4', 3).more).toBe(false);
    expect(blocksOf(v4, 'v4', 0)).toEqual({ blocks: [], more: true });
    expect(blocksOf([], 'v4', 0)).toEqual({ blocks: [], more: false });
  });

  it('reaches both ends of the space', () => {
    expect(blocksOf(EVERYBODY.v4, 'v4', 1)).toEqual({ blocks: ['0.0.0.0/0'], more: false });
    expect(blocksOf(EVERYBODY.v6, 'v6', 1)).toEqual({ blocks: ['::/0'], more: false });
    const rest = complement(parseBlocks(['0.0.0.0']).v4, 'v4');
    expect(blocksOf(rest, 'v4', 100).blocks).toHaveLength(32);
    expect(blocksOf(rest, 'v4', 100).blocks.at(-1)).toBe('128.0.0.0/1');
  });

  it('adds up to the set again, and its largest block is the widest', () => {
    fc.assert(
      fc.property(twoSets, ([one, a, b]) => {
        const set = union(a, b);
        const { blocks, more } = blocksOf(set, one, 10_000);
        expect(more).toBe(false);
        expect(parseBlocks(blocks)[one]).toEqual(set);
        const widest = Math.min(...blocks.map((block) => Number(block.split('/')[1])));
        expect(widestBlock(set, one)).toBe(blocks.length === 0 ? undefined : widest);
      }),
      { numRuns: 500 },
    );
  });

  it('does not take a wide range for a wide block', () => {
    // 256 addresses that start in the middle of one /24 and end in the middle of the next.
    const across = [{ first: 0x08080880n, last: 0x0808097fn }];
    expect(widestBlock(across, 'v4')).toBe(25);
    expect(widestBlock([{ first: 1n, last: 1n }], 'v6')).toBe(128);
    expect(widestBlock([], 'v4')).toBeUndefined();
  });
});
