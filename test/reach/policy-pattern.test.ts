import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  ANYTHING,
  arnIncludes,
  arnOverlaps,
  foldCase,
  glob,
  includes,
  literal,
  overlaps,
} from '../../lib/reach/policy-pattern.ts';
import { shape } from '../support/pattern-shape.ts';

describe('a pattern and a shape', () => {
  it.each([
    ['*', '', true, true],
    ['', '', true, true],
    ['', 'a', false, false],
    ['?', '', false, false],
    ['a?c*', 'abc', true, true],
    ['a*c', 'abcb', false, false],
    ['*a*b*', 'xxaxxbxx', true, true],
    ['A', 'a', false, false],
    ['d/*', 'd/~', true, true],
    ['d/logs*', 'd/~', true, false],
    ['d*', 'd/~', true, true],
    ['d', 'd/~', false, false],
    ['e/*', 'd/~', false, false],
    ['*/x', 'd/~', true, false],
    ['o-*', 'o-#', true, true],
    ['o-mine', 'o-#', false, false],
    ['o-mine*', 'o-#', true, false],
    ['o-????', 'o-#', true, false],
    ['o-mine/*', 'o-#/~', false, false],
    ['*/ou-1/*', 'o-#/~', true, false],
    ['111111111111', '#', false, false],
    ['1*', '#', true, false],
    ['*', '#', true, true],
    ['#', '#', false, false],
    ['', '~', true, false],
    ['*', '~', true, true],
  ])('%j against %j: can match %j, always matches %j', (pattern, text, some, every) => {
    expect(overlaps(glob(pattern), shape(text))).toBe(some);
    expect(includes(glob(pattern), shape(text))).toBe(every);
  });

  it('takes wildcards of a literal for themselves', () => {
    expect(overlaps(literal('o-*'), shape('o-#'))).toBe(false);
    expect(overlaps(literal('*'), literal('*'))).toBe(true);
    expect(overlaps(literal('*'), literal('a'))).toBe(false);
  });

  it('folds ASCII letters and leaves wildcards', () => {
    expect(foldCase(glob('ES:*Get?Ä'))).toEqual(glob('es:*get?Ä'));
  });

  /** Every short text of a shape: runs of up to three of these letters, words of one to three. */
  function textsOf(text: string): string[] {
    const letters = ['a', 'b', ':'];
    const runs = ['', ...letters, ...letters.flatMap((x) => letters.map((y) => x + y)), 'aab', 'b:a', 'abb'];
    const [head = '', ...rest] = text;
    if (text === '') return [''];
    const heads = head === '~' ? runs : [head];
    const tails = textsOf(rest.join(''));
    return heads.flatMap((one) => tails.map((tail) => one + tail));
  }
  const aPattern = fc.array(fc.constantFrom('a', 'b', ':', '*', '?'), { maxLength: 5 }).map((list) => list.join(''));
  const aShape = fc.array(fc.constantFrom('a', 'b', ':', '~'), { maxLength: 4 }).map((list) => list.join(''));

  it('agrees with trying every short text', () => {
    fc.assert(
      fc.property(aPattern, aShape, (pattern, text) => {
        const expression = new RegExp(`^${pattern.replaceAll('*', '[^]*').replaceAll('?', '[^]')}$`);
        const texts = textsOf(text);
        const some = texts.some((one) => expression.test(one));
        const every = texts.every((one) => expression.test(one));
        if (some) expect(overlaps(glob(pattern), shape(text))).toBe(true);
        if (includes(glob(pattern), shape(text))) expect(every).toBe(true);
        // Without a run in the shape there is just one text, and both questions are the same.
        if (!text.includes('~')) {
          expect(overlaps(glob(pattern), shape(text))).toBe(some);
          expect(includes(glob(pattern), shape(text))).toBe(some);
        }
        // With short patterns every match has a short witness, unless it is longer than the runs tried here.
        if (pattern.length <= 2 && !some) expect(overlaps(glob(pattern), shape(text))).toBe(false);
      }),
      { numRuns: 5_000 },
    );
  });

  it('is done soon with a pattern made to be slow', () => {
    const start = performance.now();
    expect(overlaps(glob('*a'.repeat(5_000)), literal('a'.repeat(300)))).toBe(false);
    expect(includes(glob(`${'*a'.repeat(100)}b`), literal('a'.repeat(2_000)))).toBe(false);
    expect(performance.now() - start).toBeLessThan(1_000);
  });
});

describe('ARNs', () => {
  const foreign = shape('arn:aws:iam::#:~');
  it.each([
    ['arn:aws:iam::*:role/x', true, false],
    ['arn:aws:iam::*:*', true, true],
    ['arn:*:*:*:*:*', true, true],
    ['arn:*:iam::111111111111:role/*', false, false],
    ['arn:aws:iam::111111111111:*', false, false],
    ['arn:aws:sts::*:*', false, false],
    ['arn:aws:iam::*', true, false],
    ['*', true, false],
  ])('%s: can match a foreign principal %j, always matches it %j', (pattern, some, every) => {
    expect(arnOverlaps(glob(pattern), foreign)).toBe(some);
    expect(arnIncludes(glob(pattern), foreign)).toBe(every);
  });

  it('does not take six parts of anything for all of it', () => {
    expect(arnIncludes(glob('*:*:*:*:*:*'), ANYTHING)).toBe(false);
  });
});
