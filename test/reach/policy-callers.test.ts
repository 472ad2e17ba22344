/** lib/reach/policy.ts: how the answer about one policy is put together. What each condition means is test/cases/policy.json. */
import { describe, expect, it } from 'vitest';
import { UNKNOWN_ORGANIZATION } from '../../lib/model/inventory.ts';
import { blocksOf, NOBODY } from '../../lib/reach/ipset.ts';
import { type Callers, type PolicyContext, whoMayCall } from '../../lib/reach/policy.ts';
import { aStatement, DOMAIN } from '../support/policies.ts';

type Elements = Readonly<Record<string, unknown>>;
const VERBS: Partial<PolicyContext> = { dataActions: ['es:ESHttpGet', 'es:ESHttpPut'] };
const TABLE: Partial<PolicyContext> = {
  service: 'dynamodb',
  resourceArn: 'arn:aws:dynamodb:us-east-1:111111111111:table/t',
  dataActions: ['dynamodb:GetItem'],
};

function ask(statements: readonly Elements[], over: Partial<PolicyContext> = VERBS): Callers {
  return whoMayCall({ Statement: statements.map(aStatement) }, { ...DOMAIN, ...over });
}
const given = (operator: string, key: string, value: unknown): Elements => ({
  Condition: { [operator]: { [key]: value } },
});
const from = (...blocks: readonly string[]): Elements => given('IpAddress', 'aws:SourceIp', blocks);

const NOT_LET_IN = { addresses: NOBODY, breadth: 'NONE', actions: [], statements: [] };

describe('the answer', () => {
  it('where there is no policy is that no stranger is let in, and that there is none', () => {
    expect(whoMayCall(undefined, DOMAIN)).toEqual({
      anonymous: NOT_LET_IN,
      anyAwsPrincipal: NOT_LET_IN,
      standaloneAccount: NOT_LET_IN,
      crossAccounts: [],
      configOpen: false,
      undecided: [],
      absent: true,
    });
    expect(whoMayCall({ Statement: [] }, DOMAIN)).not.toHaveProperty('absent');
  });

  it('where the policy is not understood is that nothing is known, and why, fit to be shown', () => {
    const notKnown = { ...NOT_LET_IN, breadth: 'UNKNOWN' };
    expect(whoMayCall('{"\\u202ea":1,"\\u202eA":2}', DOMAIN)).toEqual({
      anonymous: notKnown,
      anyAwsPrincipal: notKnown,
      standaloneAccount: notKnown,
      crossAccounts: [],
      configOpen: false,
      undecided: [],
      unreadable: 'key "U+202Ea" twice in one object',
    });
  });

  it('tells for each stranger from where, what, and by which statement', () => {
    const callers = ask([
      { ...from('8.8.8.0/24', '10.0.0.0/7'), Action: 'es:ESHttpGet', Sid: 'Office' },
      { Principal: { AWS: '222222222222' } },
    ]);
    expect(blocksOf(callers.anonymous.addresses.v4, 'v4', 5).blocks).toEqual(['8.8.8.0/24', '11.0.0.0/8']);
    for (const caller of [callers.anonymous, callers.anyAwsPrincipal, callers.standaloneAccount]) {
      // A /7 as written, though half of it is private.
      expect(caller).toMatchObject({ breadth: 'BROAD', actions: ['es:ESHttpGet'], statements: ['Office'] });
    }
    expect(callers.crossAccounts).toEqual(['222222222222']);
  });

  it('tells strangers apart by what they send', () => {
    const breadths = ({ anonymous, anyAwsPrincipal, standaloneAccount }: Callers) =>
      [anonymous, anyAwsPrincipal, standaloneAccount].map(({ breadth }) => breadth);
    const org = 'aws:PrincipalOrgID';
    expect(breadths(ask([given('Null', 'aws:PrincipalAccount', 'true')]))).toEqual(['WORLD', 'NONE', 'NONE']);
    expect(breadths(ask([given('StringNotEquals', org, 'o-mine')]))).toEqual(['WORLD', 'WORLD', 'WORLD']);
    expect(breadths(ask([{ ...given('Null', org, 'false') }]))).toEqual(['NONE', 'WORLD', 'NONE']);
    expect(breadths(ask([{ Action: '*', Resource: '*' }], TABLE))).toEqual(['NONE', 'WORLD', 'WORLD']);
  });

  it('goes by the partition and the account of the resource', () => {
    const ours = given('ArnLike', 'aws:PrincipalArn', 'arn:aws-cn:iam::*:*');
    expect(ask([ours]).anyAwsPrincipal.breadth).toBe('NONE');
    const china = { ...VERBS, resourceArn: DOMAIN.resourceArn.replace('aws', 'aws-cn') };
    expect(ask([{ ...ours, Resource: '*' }], china).anyAwsPrincipal.breadth).toBe('WORLD');
    expect(ask([{ ...ours, Resource: '*' }], { ...VERBS, resourceArn: '' }).anyAwsPrincipal.breadth).toBe('WORLD');
  });

  it('goes by the families of the endpoint', () => {
    expect(ask([from('0.0.0.0/0')], { ...VERBS, families: ['v6'] }).anonymous).toEqual(NOT_LET_IN);
  });

  it('is about policies with a Resource unless the service has none', () => {
    const statement = { Effect: 'Allow', Principal: '*', Action: 'es:*' };
    const undecided = (over: Partial<PolicyContext>) =>
      whoMayCall({ Statement: [statement] }, { ...DOMAIN, ...over }).undecided;
    expect(undecided({})).toEqual(['statement #0: Resource']);
    expect(undecided({ resourceless: false })).toEqual(['statement #0: Resource']);
    expect(undecided({ resourceless: true })).toEqual([]);
  });
});

describe('other accounts', () => {
  const accounts = (count: number) => Array.from({ length: count }, (_, i) => String(222222222222 + i));

  it('are those that get in, not those that are only named', () => {
    const shut = given('StringEquals', 'aws:PrincipalAccount', 'none');
    const [a, b] = accounts(2);
    expect(ask([{ Principal: { AWS: a } }, { Principal: { AWS: b }, ...shut }]).crossAccounts).toEqual([a]);
    expect(ask([{ Principal: { AWS: a }, Action: 'es:Describe*' }]).crossAccounts).toEqual([]);
  });

  it('beyond the first hundred count as let in', () => {
    const shut = given('StringEquals', 'aws:PrincipalAccount', 'none');
    expect(ask([{ Principal: { AWS: accounts(102) }, ...shut }]).crossAccounts).toEqual(accounts(102).slice(100));
    expect(ask([{ Principal: { AWS: accounts(100) }, ...shut }]).crossAccounts).toEqual([]);
  });

  it('tell what could not be decided for them alone', () => {
    const unsure = { Principal: { AWS: '222222222222' }, ...given('StringEquals', 'foo:bar', 'x') };
    expect(ask([unsure])).toMatchObject({ anonymous: { breadth: 'NONE' }, undecided: ['foo:bar'] });
  });
});

describe('the configuration', () => {
  const update = (over: Elements): Elements => ({ Action: 'es:UpdateDomainConfig', Resource: '*', ...over });
  it.each<[string, Elements, boolean]>([
    ['is open to any account', update({}), true],
    ['is open to accounts of an organization alone', update(given('Null', 'aws:PrincipalOrgID', 'false')), true],
    ['is open to accounts outside of one alone', update(given('Null', 'aws:PrincipalOrgID', 'true')), true],
    ['is shut to unsigned requests anyhow', update(given('Null', 'aws:PrincipalAccount', 'true')), false],
    ['is shut where only another account may', update({ Principal: { AWS: '222222222222' } }), false],
    ['is shut where only the data is open', { Action: 'es:ESHttp*' }, false],
  ])('%s', (_, statement, open) => {
    expect(ask([statement]).configOpen).toBe(open);
  });
});

describe('what could not be decided', () => {
  const keys = (count: number): Elements => ({
    Condition: { StringEquals: Object.fromEntries(Array.from({ length: count }, (_, i) => [`foo:${i}`, 'x'])) },
  });
  const named = (count: number) => Array.from({ length: count }, (_, i) => `foo:${i}`);

  it('is told once, statements without an effect first', () => {
    expect(ask([{ ...keys(2) }, { ...keys(2) }, { Effect: 'allow' }]).undecided).toEqual([
      'statement #2: Effect',
      'foo:0',
      'foo:1',
    ]);
  });

  it('is told up to twenty, and how many are left', () => {
    expect(ask([keys(20)]).undecided).toEqual(named(20));
    expect(ask([keys(21)]).undecided).toEqual([...named(20), '1 more']);
  });

  it('is told in a hundred printable characters each', () => {
    const [long = '', odd] = ask([
      { Condition: { StringEquals: { ['k'.repeat(101)]: 'x', 'foo:\u202e': 'x' } } },
    ]).undecided;
    expect([long.length, long.slice(0, 99), odd]).toEqual([100, 'k'.repeat(99), 'foo:U+202E']);
  });
});

describe('an owner whose organization nobody said', () => {
  const unknown = { ...VERBS, organizationId: UNKNOWN_ORGANIZATION };
  const ours = given('StringEquals', 'aws:PrincipalOrgID', 'o-mine');

  it('is asked about as each that the policy names', () => {
    expect(ask([ours], unknown).ownerDecides).toContain('on for o-mine');
    expect(ask([{}], unknown)).toEqual(ask([{}]));
    expect(ask([given('StringEquals', 'aws:PrincipalOrgID', '${aws:ResourceOrgID}')], unknown)).toMatchObject({
      anonymous: { breadth: 'NONE' },
    });
  });

  it('has a policy that is there or understood no more than any other', () => {
    const context = { ...DOMAIN, ...unknown };
    expect(whoMayCall(undefined, context)).toEqual(whoMayCall(undefined, DOMAIN));
    expect(whoMayCall('x', context)).toEqual(whoMayCall('x', DOMAIN));
  });
});
