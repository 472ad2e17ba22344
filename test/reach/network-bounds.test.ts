import { describe, expect, it } from 'vitest';
import { EVERYBODY, type IpSet, parseBlocks } from '../../lib/reach/ipset.ts';
import { exceeds, narrow, overlaps, portText, settled } from '../../lib/reach/network-bounds.ts';

const set = (...blocks: readonly string[]): IpSet => parseBlocks(blocks).v4;
const ALL = EVERYBODY.v4;

describe('sets of sources', () => {
  it('of everybody are one object, which costs nothing to narrow by', () => {
    const half = set('0.0.0.0/1');
    expect(settled([...ALL], 'v4')).toBe(ALL);
    expect(narrow(half, ALL, 'v4')).toBe(half);
    expect(narrow(ALL, half, 'v4')).toBe(half);
  });

  it('of fewer stay what they are', () => {
    for (const some of [set(), set('0.0.0.0/1'), set('128.0.0.0/1'), set('0.0.0.0/2', '255.255.255.255')]) {
      expect(settled(some, 'v4')).toBe(some);
    }
    expect(narrow(set('8.0.0.0/7'), set('9.0.0.0/8', '10.0.0.0/8'), 'v4')).toEqual(set('9.0.0.0/8'));
  });

  it('exceed a bound where any of them is outside it', () => {
    expect(exceeds(ALL, ALL, 'v4')).toBe(false);
    expect(exceeds(set('9.0.0.0/8'), set('8.0.0.0/7'), 'v4')).toBe(false);
    expect(exceeds(set('8.0.0.0/7'), set('9.0.0.0/8'), 'v4')).toBe(true);
  });

  it.each([
    [[], ['8.0.0.0/8'], false],
    [['8.0.0.0/8'], ['9.0.0.0/8'], false],
    [['8.0.0.0/8'], ['8.255.255.255'], true],
    [['8.0.0.0/8'], ['8.0.0.0'], true],
    [['1.0.0.0/8', '3.0.0.0/8', '5.0.0.0/8'], ['2.0.0.0/8', '5.5.5.5'], true],
    [['1.0.0.0/8', '3.0.0.0/8', '5.0.0.0/8'], ['2.0.0.0/8', '4.0.0.0/8', '6.0.0.0/8'], false],
  ])('%j and %j overlap: %s', (a, b, do_) => {
    expect(overlaps(set(...a), set(...b))).toBe(do_);
    expect(overlaps(set(...b), set(...a))).toBe(do_);
  });

  it('are asked of ports that read as one or as a range', () => {
    expect([portText(80, 80), portText(80, 81)]).toEqual(['tcp/80', 'tcp/80-81']);
  });
});
