import { describe, expect, it } from 'vitest';
import { sourcesOf } from '../../lib/runtime/sources.ts';

const OWN = ['192.0.2.7', '2001:db8::7'];

describe('--source', () => {
  it('is an address, with a name or its own', () => {
    expect(sourcesOf(['office=192.0.2.7', '2001:db8::7', '127.0.0.9'], OWN)).toEqual([
      { name: 'office', localAddress: '192.0.2.7' },
      { name: '2001-db8--7', localAddress: '2001:db8::7' },
      { name: '127.0.0.9', localAddress: '127.0.0.9' },
    ]);
  });

  it.each([
    ['a name alone', ['office'], /not an IP address/u],
    ['an address of another machine', ['198.51.100.1'], /this machine has no such address/u],
    ['a name that is no word', ['the office=192.0.2.7'], /a name is a word/u],
    ['a vantage given twice', ['a=192.0.2.7', 'a=127.0.0.1'], /two vantages of one name/u],
    ['too many', Array.from({ length: 9 }, (_, n) => `127.0.0.${n + 1}`), /at most 8/u],
  ])('refuses %s', (_, given, why) => {
    expect(() => sourcesOf(given, OWN)).toThrow(why);
  });
});
