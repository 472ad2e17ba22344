import { describe, expect, it } from 'vitest';
import { isListed } from '../../lib/aws/listed.ts';

describe('whether a list shows a thing', () => {
  it.each([
    [['a', 'b'], true, true],
    [['a', 'b'], false, true],
    [['b'], true, false],
    [['b'], false, undefined],
    [[], true, false],
  ])('%j, whole %s', (items, whole, expected) => {
    expect(isListed({ items, whole }, (item) => item === 'a')).toBe(expected);
  });
});
