/** lib/reach/policy-condition.ts: a Condition element as tests, and several tests weighed together. */
import { describe, expect, it } from 'vitest';
import { type Addresses, blocksOf, EVERYBODY, FAMILIES, NOBODY } from '../../lib/reach/ipset.ts';
import type { Owner } from '../../lib/reach/policy-caller.ts';
import { compileCondition, type Test, weigh } from '../../lib/reach/policy-condition.ts';
import { glob, literal } from '../../lib/reach/policy-pattern.ts';

const OWNER: Owner = { accountId: '111111111111', organizationId: 'o-mine', partition: 'aws', region: 'us-east-1' };

function compiled(condition: unknown): readonly Test[] {
  const tests = compileCondition(condition, OWNER);
  if (tests === undefined) throw new Error('not a condition');
  return tests;
}
const one = (operator: string, key: string, value: unknown): Test | undefined =>
  compiled({ [operator]: { [key]: value } })[0];

describe('a condition', () => {
  it.each([undefined, null, 'x', 7, [], [{ Bool: {} }], { Bool: [] }, { Bool: 'x' }, { Null: {}, Bool: null }])(
    '%j is none that AWS accepts',
    (condition) => expect(compileCondition(condition, OWNER)).toBeUndefined(),
  );

  it('without an operator or a key tests nothing', () => {
    expect(compiled({})).toEqual([]);
    expect(compiled({ Bool: {}, Null: {} })).toEqual([]);
  });

  it('tests each key of each operator, read whatever its case and shown as it is spelt', () => {
    const tests = compiled({
      StringLike: { 'aws:UserAgent': ['a*', 'b'], 'AWS:Referer': 'c' },
      bool: { 'aws:ViaAWSService': true },
    });
    expect(tests.map(({ operator, key, shown, texts }) => [operator.kind, key, shown, texts])).toEqual([
      ['string-like', 'aws:useragent', 'aws:UserAgent', ['a*', 'b']],
      ['string-like', 'aws:referer', 'AWS:Referer', ['c']],
      ['bool', 'aws:viaawsservice', 'aws:ViaAWSService', ['true']],
    ]);
    expect(tests.some(({ source }) => source !== undefined)).toBe(false);
  });

  it.each([
    ['StringEquals', literal('Ab*?')],
    ['StringLike', glob('Ab*?')],
    ['ArnEquals', glob('Ab*?')],
    ['StringEqualsIgnoreCase', literal('ab*?')],
    ['Bool', literal('ab*?')],
    ['NumericEquals', literal('Ab*?')],
  ])('compares by %s as that operator does', (operator, pattern) => {
    expect(one(operator, 'foo:bar', 'Ab*?')?.values).toEqual([{ pattern, exact: true }]);
  });

  it('knows which of its values were not text', () => {
    expect(one('StringEquals', 'foo:bar', ['a', {}])).toMatchObject({ texts: ['a'], unread: true });
    expect(one('StringEquals', 'foo:bar', ['a', 7])).toMatchObject({ texts: ['a', '7'], unread: false });
  });

  it('puts the owner’s side in place of variables', () => {
    expect(one('StringEquals', 'foo:bar', '${aws:ResourceAccount}')?.values).toEqual([
      { pattern: literal('111111111111'), exact: true },
    ]);
    expect(one('StringEquals', 'foo:bar', '${aws:username}')?.values).toMatchObject([{ exact: false }]);
  });

  it('on the source is addresses, however the key is spelt', () => {
    for (const key of ['aws:SourceIp', 'AWS:SOURCEIP']) {
      const test = one('NotIpAddress', key, '0.0.0.0/0');
      expect(test?.source).toMatchObject({ may: { v4: [], v6: EVERYBODY.v6 }, undecided: false });
      expect(test?.values).toEqual([]);
    }
    expect(one('IpAddress', 'aws:SourceIp', ['8.8.8.8', {}])?.source?.undecided).toBe(true);
  });
});

describe('several tests together', () => {
  const shown = (set: Addresses) => FAMILIES.flatMap((family) => blocksOf(set[family], family, 9).blocks);
  const all = ['0.0.0.0/0', '::/0'];
  const from = (...blocks: readonly string[]) => ({ IpAddress: { 'aws:SourceIp': blocks } });
  const office = from('8.8.8.0/24', '2600::/32');
  const decided = (truth: boolean) => ({ Null: { 'aws:PrincipalOrgID': String(truth) } });

  it.each<[string, Record<string, unknown>, readonly string[], readonly string[], readonly string[]]>([
    ['none are always true', {}, all, all, []],
    ['an address is itself', office, ['8.8.8.0/24', '2600::/32'], ['8.8.8.0/24', '2600::/32'], []],
    [
      'one that is true changes nothing',
      { ...decided(true), ...office },
      ['8.8.8.0/24', '2600::/32'],
      ['8.8.8.0/24', '2600::/32'],
      [],
    ],
    [
      'nor does one after it',
      { ...office, ...decided(true) },
      ['8.8.8.0/24', '2600::/32'],
      ['8.8.8.0/24', '2600::/32'],
      [],
    ],
    ['one that is false leaves nobody', { ...office, ...decided(false) }, [], [], []],
    [
      'two on the source leave what both hold',
      { ...office, IpAddressIfExists: { 'aws:SourceIp': ['8.8.8.128/25', '9.9.9.9', '2600::/33'] } },
      ['8.8.8.128/25', '2600::/33'],
      ['8.8.8.128/25', '2600::/33'],
      [],
    ],
    [
      'one that nobody knows makes nothing certain, and is named as it is spelt',
      { ...office, StringEquals: { 'Foo:Bar': 'x' } },
      ['8.8.8.0/24', '2600::/32'],
      [],
      ['Foo:Bar'],
    ],
    ['two that nobody knows are both named', { StringEquals: { 'b:b': 'x', 'a:a': 'x' } }, all, [], ['b:b', 'a:a']],
    [
      'one that a caller decides makes nothing certain either, and is not unknown',
      { StringEquals: { 'aws:Referer': 'x' } },
      all,
      [],
      [],
    ],
  ])('%s', (_name, condition, may, must, undecided) => {
    const weighed = weigh(compiled(condition), { kind: 'anonymous' }, OWNER);
    expect([shown(weighed.may), shown(weighed.must), weighed.undecided]).toEqual([may, must, undecided]);
  });

  it('are weighed for whoever calls', () => {
    const ours = compiled({ StringEquals: { 'aws:PrincipalOrgID': 'o-mine' } });
    expect(weigh(ours, { kind: 'organization', id: 'o-mine' }, OWNER).must).toEqual(EVERYBODY);
    expect(weigh(ours, { kind: 'member' }, OWNER).may).toEqual(NOBODY);
  });
});
