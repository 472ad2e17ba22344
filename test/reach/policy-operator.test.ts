import { describe, expect, it } from 'vitest';
import { type OperatorKind, parseOperator, truthIfAbsent } from '../../lib/reach/policy-operator.ts';

/** Every operator that AWS documents, with what it negates. */
const OPERATORS: readonly (readonly [OperatorKind, readonly string[], readonly string[]])[] = [
  ['string', ['StringEquals'], ['StringNotEquals']],
  ['string-ignoring-case', ['StringEqualsIgnoreCase'], ['StringNotEqualsIgnoreCase']],
  ['string-like', ['StringLike'], ['StringNotLike']],
  ['arn', ['ArnEquals', 'ArnLike'], ['ArnNotEquals', 'ArnNotLike']],
  [
    'numeric',
    ['NumericEquals', 'NumericLessThan', 'NumericLessThanEquals', 'NumericGreaterThan', 'NumericGreaterThanEquals'],
    ['NumericNotEquals'],
  ],
  [
    'date',
    ['DateEquals', 'DateLessThan', 'DateLessThanEquals', 'DateGreaterThan', 'DateGreaterThanEquals'],
    ['DateNotEquals'],
  ],
  ['bool', ['Bool'], []],
  ['binary', ['BinaryEquals'], []],
  ['ip', ['IpAddress'], ['NotIpAddress']],
  ['null', ['Null'], []],
];
const each = OPERATORS.flatMap(([kind, positive, negated]) => [
  ...positive.map((name) => [name, kind, false] as const),
  ...negated.map((name) => [name, kind, true] as const),
]);

describe('an operator', () => {
  it.each(each)('%s is %s, negated: %s, whatever its case', (name, kind, negated) => {
    for (const spelt of [name, name.toLowerCase(), name.toUpperCase()]) {
      expect(parseOperator(spelt)).toEqual({ kind, negated, ifExists: false });
    }
  });

  it.each(each.filter(([name]) => name !== 'Null'))('%s may have a suffix, a set, or both', (name, kind, negated) => {
    expect(parseOperator(`${name}IfExists`)).toEqual({ kind, negated, ifExists: true });
    expect(parseOperator(`ForAnyValue:${name}`)).toEqual({ kind, negated, ifExists: false, quantifier: 'any' });
    expect(parseOperator(`ForAllValues:${name}IfExists`)).toEqual({
      kind,
      negated,
      ifExists: true,
      quantifier: 'all',
    });
  });

  it.each([
    'NullIfExists',
    'ForAnyValue:Null',
    'ForAllValues:NullIfExists',
    'StringEqual',
    'XStringEquals',
    'StringEqualsX',
    'StringEquals\n',
    'ForSomeValues:Bool',
    'ForAnyValue:ForAnyValue:Bool',
    '',
    'constructor',
  ])('%j is none, and negates nothing', (name) => {
    expect(parseOperator(name)).toMatchObject({ kind: 'unknown', negated: false });
  });

  it('that may not be combined is as if it were not combined', () => {
    expect(parseOperator('NullIfExists')).toEqual({ kind: 'unknown', negated: false, ifExists: false });
    expect(parseOperator('XIfExists')).toEqual({ kind: 'unknown', negated: false, ifExists: true });
  });
});

describe('a key that the request does not hold', () => {
  it.each([
    ['StringEquals', false],
    ['StringNotEquals', true],
    ['StringEqualsIfExists', true],
    ['StringNotEqualsIfExists', true],
    ['ForAnyValue:StringEquals', false],
    ['ForAnyValue:StringNotEquals', false],
    ['ForAllValues:StringEquals', true],
    ['ForAllValues:StringNotEquals', true],
    ['ForAnyValue:StringEqualsIfExists', true],
  ])('under %s is %s', (name, truth) => {
    expect(truthIfAbsent(parseOperator(name))).toBe(truth);
  });
});
