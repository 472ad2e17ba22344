/** A condition on one key against what is known of the key: can it be true, is it always, and was it undecided. */
import { describe, expect, it } from 'vitest';
import { EVERYBODY, NOBODY } from '../../lib/reach/ipset.ts';
import type { Knowledge } from '../../lib/reach/policy-caller.ts';
import { keyTruth } from '../../lib/reach/policy-key.ts';
import { parseOperator } from '../../lib/reach/policy-operator.ts';
import { ANYTHING, foldCase, glob, literal, type Pattern } from '../../lib/reach/policy-pattern.ts';

const FREE: Knowledge = { present: 'maybe', shapes: [ANYTHING] };
const UNKNOWN: Knowledge = { ...FREE, unknown: true };
const NEVER: Knowledge = { present: 'never', shapes: [] };
const always = (...values: readonly string[]): Knowledge => ({ present: 'always', shapes: values.map(literal) });
const maybe = (...values: readonly string[]): Knowledge => ({ present: 'maybe', shapes: values.map(literal) });

interface Over {
  readonly exact?: boolean;
  readonly unread?: boolean;
}
/** `must`, `may`, `no`; with a question mark where it was undecided. */
function truth(name: string, texts: readonly string[], known: Knowledge, { exact = true, unread = false }: Over = {}) {
  const operator = parseOperator(name);
  const { kind } = operator;
  const pattern = (text: string): Pattern => {
    if (kind === 'arn' || kind === 'string-like') return glob(text);
    return kind === 'bool' || kind === 'string-ignoring-case' ? foldCase(literal(text)) : literal(text);
  };
  const values = texts.map((text) => ({ pattern: pattern(text), exact }));
  const { may, must, undecided } = keyTruth({ operator, texts, values, unread }, known);
  expect([may === EVERYBODY || may === NOBODY, must === EVERYBODY || must === NOBODY]).toEqual([true, true]);
  const said = must === EVERYBODY ? 'must' : may === EVERYBODY ? 'may' : 'no';
  return undecided ? `${said}?` : said;
}

describe('text', () => {
  it.each<[string, readonly string[], Knowledge, string]>([
    ['StringEquals', ['a'], always('a'), 'must'],
    ['StringEquals', ['b', 'a'], always('a'), 'must'],
    ['StringEquals', ['a'], always('b'), 'no'],
    ['StringEquals', ['A'], always('a'), 'no'],
    ['StringEquals', ['a'], always('a', 'b'), 'may'],
    ['StringEquals', ['a', 'b'], always('a', 'b'), 'must'],
    ['StringEquals', [], always('a'), 'no'],
    ['StringEquals', ['a'], maybe('a'), 'may'],
    ['StringEquals', ['a'], NEVER, 'no'],
    ['StringEquals', ['a'], FREE, 'may'],
    ['StringEquals', ['a'], UNKNOWN, 'may?'],
    ['StringNotEquals', ['a'], always('a'), 'no'],
    ['StringNotEquals', ['a'], always('b'), 'must'],
    ['StringNotEquals', ['a'], always('a', 'b'), 'may'],
    ['StringNotEquals', ['a'], NEVER, 'must'],
    ['StringNotEquals', ['a'], maybe('a'), 'may'],
    ['StringEqualsIfExists', ['a'], NEVER, 'must'],
    ['StringEqualsIfExists', ['a'], maybe('a'), 'must'],
    ['StringEqualsIfExists', ['a'], maybe('b'), 'may'],
    ['StringEqualsIfExists', ['a'], always('b'), 'no'],
    ['StringEqualsIgnoreCase', ['AbC'], always('aBc'), 'must'],
    ['StringEqualsIgnoreCase', ['x'], always('a'), 'no'],
    ['StringLike', ['a*'], always('abc'), 'must'],
    ['StringLike', ['a*'], always('bc'), 'no'],
    ['StringLike', ['*'], FREE, 'may'],
    ['StringLike', ['*'], { present: 'always', shapes: [ANYTHING] }, 'must'],
    ['StringEquals', ['*'], always('a'), 'no'],
    ['Bool', ['TRUE'], always('true'), 'must'],
    ['Bool', ['true'], always('true', 'false'), 'may'],
    ['Bool', ['false'], always('true'), 'no'],
    ['ArnLike', ['arn:aws:iam::1:*'], always('arn:aws:iam::1:root'), 'must'],
    ['ArnLike', ['arn:aws:iam::1:*'], always('arn:aws:iam::2:root'), 'no'],
    // A star of an ARN stays within its part; of text it does not.
    ['ArnLike', ['arn:aws:*:r:1:root'], always('arn:aws:iam:x:r:1:root'), 'no'],
    ['StringLike', ['arn:aws:*:r:1:root'], always('arn:aws:iam:x:r:1:root'), 'must'],
    ['ArnNotLike', ['arn:aws:*:r:1:root'], always('arn:aws:iam:x:r:1:root'), 'must'],
    ['ForAllValues:StringEquals', ['a'], NEVER, 'must'],
    ['ForAnyValue:StringNotEquals', ['a'], NEVER, 'no'],
  ])('%s %j of %j: %s', (name, texts, known, said) => {
    expect(truth(name, texts, known)).toBe(said);
  });

  it('with a variable in it is never for certain, and says so where it counts', () => {
    expect(truth('StringEquals', ['a'], always('a'), { exact: false })).toBe('may?');
    expect(truth('StringEquals', ['a'], always('b'), { exact: false })).toBe('no');
    expect(truth('StringNotEquals', ['a'], always('a'), { exact: false })).toBe('may?');
    expect(truth('ArnLike', ['arn:aws:*:r:1:root'], always('arn:aws:iam:x:r:1:root'), { exact: false })).toBe('may?');
    expect(truth('StringEquals', ['a'], NEVER, { exact: false })).toBe('no');
    // Where one value fits for certain the other need not be known.
    expect(truth('StringEqualsIfExists', ['a'], NEVER, { exact: false })).toBe('must');
  });

  it('beside what is no text may be anything', () => {
    expect(truth('StringEquals', ['a'], always('b'), { unread: true })).toBe('may?');
    expect(truth('StringEquals', ['a'], always('a'), { unread: true })).toBe('must');
    expect(truth('StringNotEquals', ['a'], always('b'), { unread: true })).toBe('may?');
  });
});

describe('numbers, dates, bytes and addresses', () => {
  it.each(['NumericLessThan', 'DateGreaterThan', 'BinaryEquals', 'IpAddress'])(
    '%s may hold of what holds anything',
    (name) => {
      expect(truth(name, ['1'], FREE)).toBe('may');
      expect(truth(name, ['1'], { present: 'always', shapes: [ANYTHING] })).toBe('may');
      expect(truth(name, ['1'], UNKNOWN)).toBe('may?');
      // Of a key of another type it is out of place.
      expect(truth(name, ['1'], always('a'))).toBe('may?');
      expect(truth(name, ['1'], FREE, { exact: false })).toBe('may?');
      expect(truth(name, [], FREE)).toBe('no');
      expect(truth(name, [], FREE, { unread: true })).toBe('may?');
      expect(truth(name, ['1'], NEVER)).toBe('no');
    },
  );
});

describe('whether the key is there', () => {
  it.each<[readonly string[], string, string, string]>([
    [['true'], 'no', 'may', 'must'],
    [['TRUE'], 'no', 'may', 'must'],
    [['false'], 'must', 'may', 'no'],
    [['true', 'false'], 'must', 'must', 'must'],
    [[], 'no', 'no', 'no'],
  ])('is asked by Null %j: always there %s, perhaps %s, never %s', (texts, there, perhaps, missing) => {
    expect([always('a'), FREE, NEVER].map((known) => truth('Null', texts, known))).toEqual([there, perhaps, missing]);
  });

  it('is undecided where that is neither true nor false, or no text, or not known', () => {
    for (const known of [always('a'), FREE, NEVER]) {
      expect(truth('Null', ['true', 'maybe'], known)).toBe('may?');
      expect(truth('Null', ['false'], known, { unread: true })).toBe('may?');
    }
    expect(truth('Null', ['true'], UNKNOWN)).toBe('may?');
    expect(truth('Null', ['true', 'false'], UNKNOWN)).toBe('must');
  });
});

describe('an operator that is none', () => {
  it('may be true and may not, whatever the key', () => {
    for (const known of [always('a'), FREE, NEVER]) expect(truth('StringEqual', ['a'], known)).toBe('may?');
  });
});
