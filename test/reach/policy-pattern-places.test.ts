/** lib/reach/policy-pattern.ts place by place: where a wildcard stands, where a nameless word begins and ends, parts of ARNs. */
import { describe, expect, it } from 'vitest';
import {
  ANYTHING,
  arnIncludes,
  arnOverlaps,
  foldCase,
  glob,
  includes,
  joined,
  literal,
  overlaps,
} from '../../lib/reach/policy-pattern.ts';
import { shape } from '../support/pattern-shape.ts';

/** `always`, `may` or `never`. */
function match(pattern: string, text: string): string {
  const [may, must] = [overlaps(glob(pattern), shape(text)), includes(glob(pattern), shape(text))];
  expect(may || !must).toBe(true);
  return must ? 'always' : may ? 'may' : 'never';
}

describe('a pattern matches text', () => {
  it.each([
    ['', '', 'always'],
    ['', 'a', 'never'],
    ['a', '', 'never'],
    ['a', 'a', 'always'],
    ['a', 'b', 'never'],
    ['ab', 'a', 'never'],
    ['a', 'ab', 'never'],
    ['*', '', 'always'],
    ['**', '', 'always'],
    ['a*', 'a', 'always'],
    ['a**', 'a', 'always'],
    ['*a', 'a', 'always'],
    ['*a', 'ba', 'always'],
    ['*a', 'ab', 'never'],
    ['*ab', 'aab', 'always'],
    ['*ab', 'abab', 'always'],
    ['*aab', 'aaab', 'always'],
    ['a*a', 'a', 'never'],
    ['a*a', 'aa', 'always'],
    ['a*b*c', 'abcbc', 'always'],
    ['a*b*c', 'acbac', 'always'],
    ['a*b*c', 'acc', 'never'],
    ['?', '', 'never'],
    ['?', 'a', 'always'],
    ['?', 'ab', 'never'],
    ['??', 'ab', 'always'],
    ['*?', '', 'never'],
    ['*?', 'ab', 'always'],
    ['?*', 'a', 'always'],
    ['a?', 'ba', 'never'],
    ['?b', 'aa', 'never'],
    ['*??', 'a', 'never'],
  ])('%j against %j: %s', (pattern, text, wanted) => {
    expect(match(pattern, text)).toBe(wanted);
  });
});

describe('a pattern matches text with a run of anything in it', () => {
  it.each([
    ['', '~', 'may'],
    ['a', '~', 'may'],
    ['?', '~', 'may'],
    ['*', '~', 'always'],
    ['a*', '~', 'may'],
    ['*a', '~', 'may'],
    ['a*', 'a~', 'always'],
    ['a*', 'ab~', 'always'],
    ['ab*', 'a~', 'may'],
    ['b*', 'a~', 'never'],
    ['*a', '~a', 'always'],
    ['*b', '~a', 'never'],
    ['*a*', '~a~', 'always'],
    ['*b*', '~a~', 'may'],
    ['a?', 'a~', 'may'],
    ['a*b', 'a~b', 'always'],
    ['a*b', 'a~', 'may'],
    ['a*c', 'a~b', 'never'],
    ['ab', 'a~b', 'may'],
    ['ac', 'a~b', 'never'],
    ['axb', 'a~b', 'may'],
    ['a', 'a~a', 'never'],
    ['aa', 'a~a', 'may'],
    ['', 'a~', 'never'],
    ['*?', 'a~', 'may'],
  ])('%j against %j: %s', (pattern, text, wanted) => {
    expect(match(pattern, text)).toBe(wanted);
  });
});

describe('a pattern matches a word that it cannot spell', () => {
  it.each([
    ['*', '#', 'always'],
    ['?', '#', 'may'],
    ['???', '#', 'may'],
    ['a', '#', 'never'],
    ['abc', '#', 'never'],
    ['', '#', 'never'],
    ['a*', '#', 'may'],
    ['*a', '#', 'may'],
    ['0*9', '#', 'may'],
    ['Z?', '#', 'may'],
    ['z?', '#', 'may'],
    ['A?', '#', 'may'],
    ['9?', '#', 'may'],
    ['/*', '#', 'never'],
    [':*', '#', 'never'],
    ['@*', '#', 'never'],
    ['[*', '#', 'never'],
    ['`*', '#', 'never'],
    ['{*', '#', 'never'],
    ['-*', '#', 'never'],
    ['*/', '#', 'never'],
    ['x*', 'x#', 'always'],
    ['x', 'x#', 'never'],
    ['xa', 'x#', 'never'],
    ['x?', 'x#', 'may'],
    ['xa?', 'x#', 'may'],
    ['?', 'x#', 'never'],
    ['*:b', '#:b', 'always'],
    ['a:b', '#:b', 'never'],
    ['a*:b', '#:b', 'may'],
    ['?:b', '#:b', 'may'],
    ['*:c', '#:b', 'never'],
    ['a:*', '#:~', 'never'],
    ['a*:*', '#:~', 'may'],
    ['a*', '#:~', 'may'],
    ['*:*', '#:~', 'always'],
    ['?a', '#', 'may'],
    ['?:', '#', 'never'],
    ['a?:', '#', 'never'],
  ])('%j against %j: %s', (pattern, text, wanted) => {
    expect(match(pattern, text)).toBe(wanted);
  });
});

describe('letters and wildcards', () => {
  it('are folded from A to Z alone', () => {
    expect(foldCase(literal('@AZ[`az{É'))).toEqual(literal('@az[`az{É'));
    expect(glob('a*?b')).toEqual([97, -1, -2, 98]);
    expect(literal('*?')).toEqual([42, 63]);
    expect(literal('\u{1f600}')).toHaveLength(2);
  });
});

describe('an ARN is matched part by part', () => {
  const arn = 'arn:aws:es:us-east-1:1:domain/d/a:b';
  it.each([
    [arn, true, true],
    ['arn:aws:es:*:1:domain/d/*', true, true],
    ['arn:*:es:*:1:domain/d/*', true, true],
    ['*:*:*:*:*:*', true, true],
    // Its resource keeps its colons, no other part has any.
    ['arn:aws:es:us-east-1:1:*b', true, true],
    ['arn:aws:es:us-east-1:*:b', false, false],
    ['arn:aws:*:1:domain/d/a:b', false, false],
    ['arn:aws:s3:*:1:domain/d/*', false, false],
    ['arn:aws:es:*:1:domain/e/*', false, false],
    ['x:aws:es:*:1:domain/d/*', false, false],
    // No whole ARN: plain text, and nothing certain.
    ['arn:aws:es:*', true, false],
    ['*', true, false],
    ['arn:aws:es:us-east-1:1', false, false],
  ])('%s: can %j, always %j', (pattern, may, must) => {
    expect([arnOverlaps(glob(pattern), literal(arn)), arnIncludes(glob(pattern), literal(arn))]).toEqual([may, must]);
  });

  it('that is known in part only', () => {
    const known = joined(literal('arn:aws:es:us-east-1:1:'), ANYTHING);
    expect(arnIncludes(glob('arn:aws:es:*:1:*'), known)).toBe(true);
    expect(arnIncludes(glob('arn:aws:es:*:1:domain/*'), known)).toBe(false);
    expect(arnOverlaps(glob('arn:aws:es:*:1:domain/*'), known)).toBe(true);
    expect(arnOverlaps(glob('arn:aws:es:*:2:domain/*'), known)).toBe(false);
    expect([arnOverlaps(glob(arn), ANYTHING), arnIncludes(glob('*:*:*:*:*:*'), ANYTHING)]).toEqual([true, false]);
    expect(arnIncludes(glob('*'), known)).toBe(false);
  });
});
