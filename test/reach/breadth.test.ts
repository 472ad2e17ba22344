import { describe, expect, it } from 'vitest';
import { BREADTHS, breadthOf, breadthOfBoth, broader, PUBLIC } from '../../lib/reach/breadth.ts';
import {
  complement,
  contains,
  EVERYBODY,
  FAMILIES,
  NOBODY,
  parseBlock,
  parseBlocks,
  type Range,
  sizeOf,
  subtract,
} from '../../lib/reach/ipset.ts';

function breadthOfBlocks(...blocks: readonly string[]): string {
  return breadthOfBoth(parseBlocks(blocks));
}

describe('how much of the internet a set of addresses is', () => {
  it.each([
    ['all of IPv4', ['0.0.0.0/0'], 'WORLD'],
    ['all of IPv6', ['::/0'], 'WORLD'],
    ['all that IPv6 has handed out', ['2000::/3'], 'WORLD'],
    ['two halves', ['0.0.0.0/1', '128.0.0.0/1'], 'WORLD'],
    ['all but one block of a hundredth', ['0.0.0.0/1', '128.0.0.0/2', '192.0.0.0/3'], 'WORLD'],
    ['one half', ['128.0.0.0/1'], 'BROAD'],
    ['a /7', ['2.0.0.0/7'], 'BROAD'],
    ['two neighbours that make up a /7', ['2.0.0.0/8', '3.0.0.0/8'], 'BROAD'],
    ['two /8 that do not', ['3.0.0.0/8', '4.0.0.0/8'], 'LIMITED'],
    ['a /7 of which half is private', ['10.0.0.0/7'], 'BROAD'],
    ['a /8', ['8.0.0.0/8'], 'LIMITED'],
    ['an IPv6 /31', ['2600::/31'], 'BROAD'],
    ['an IPv6 /32', ['2600::/32'], 'LIMITED'],
    ['one address', ['8.8.8.8'], 'LIMITED'],
    ['one address of each family', ['8.8.8.8', '2600::1'], 'LIMITED'],
    ['an address and all of IPv6', ['8.8.8.8', '::/0'], 'WORLD'],
    ['private ranges', ['10.0.0.0/8', '172.16.0.0/12', '192.168.0.0/16', '100.64.0.0/10', 'fc00::/7'], 'NONE'],
    ['what nobody routes', ['0.0.0.0/8', '127.0.0.0/8', '224.0.0.0/3', '::/3', '2002::/16', '2001:db8::/32'], 'NONE'],
    ['nobody', [], 'NONE'],
  ])('%s', (_, blocks, wanted) => {
    expect(breadthOfBlocks(...blocks)).toBe(wanted);
  });

  it('draws the line of WORLD at 99 % of the public space', () => {
    const hundredth = sizeOf(PUBLIC.v4) / 100n;
    const without = (count: bigint): ReturnType<typeof subtract> =>
      // 16.0.0.0 starts a stretch of public space longer than a hundredth of it.
      subtract(EVERYBODY.v4, [{ first: 0x10000000n, last: 0x10000000n + count - 1n }], 'v4');
    expect(breadthOf(without(hundredth - 1n), 'v4')).toBe('WORLD');
    expect(breadthOf(without(hundredth + 1n), 'v4')).toBe('BROAD');
  });

  it('draws the line of BROAD at half of the public space, to the address', () => {
    for (const family of FAMILIES) {
      let left = sizeOf(PUBLIC[family]) / 2n;
      const half: Range[] = [];
      for (const { first, last } of PUBLIC[family]) {
        const size = last - first + 1n < left ? last - first + 1n : left;
        if (size > 0n) half.push({ first, last: first + size - 1n });
        left -= size;
      }
      expect(sizeOf(half) * 2n).toBe(sizeOf(PUBLIC[family]));
      expect(breadthOf(half, family)).toBe('BROAD');
    }
    // Every second /9: no block is wide, and together they are a little more than half.
    const spread = (count: number) => parseBlocks(Array.from({ length: count }, (_, i) => `${i}.128.0.0/9`)).v4;
    expect([breadthOf(spread(256), 'v4'), breadthOf(spread(100), 'v4')]).toEqual(['BROAD', 'LIMITED']);
  });

  it('holds no special range of either family', () => {
    for (const special of [
      '0.0.0.1',
      '10.1.2.3',
      '100.64.0.1',
      '127.0.0.1',
      '172.16.0.1',
      '192.0.0.1',
      '192.168.0.1',
      '198.51.100.1',
      '203.0.113.1',
      '224.0.0.1',
      '169.254.169.254',
      '192.0.2.1',
      '198.19.0.1',
      '240.0.0.1',
      '255.255.255.255',
      '192.88.99.1',
    ]) {
      expect(contains(PUBLIC.v4, parseBlock(special)?.set[0]?.first ?? 0n), special).toBe(false);
    }
    for (const special of [
      '::1',
      'fe80::1',
      'fd00::1',
      '2001::1',
      '2001:db8::1',
      '2002::1',
      '3fff::1',
      '4000::',
      'ff02::1',
    ]) {
      expect(contains(PUBLIC.v6, parseBlock(special)?.set[0]?.first ?? 0n), special).toBe(false);
    }
    expect(contains(PUBLIC.v4, 0x08080808n)).toBe(true);
    expect(breadthOf(complement(PUBLIC.v4, 'v4'), 'v4')).toBe('NONE');
    expect(breadthOfBoth(PUBLIC)).toBe('WORLD');
    expect(breadthOfBoth(NOBODY)).toBe('NONE');
  });

  it('orders breadths', () => {
    for (const [i, a] of BREADTHS.entries()) {
      for (const [j, b] of BREADTHS.entries()) expect(broader(a, b)).toBe(BREADTHS[Math.max(i, j)]);
    }
  });
});
