import { describe, expect, it } from 'vitest';
import { UNKNOWN_ORGANIZATION } from '../../lib/model/inventory.ts';
import { type PolicyContext, policyProtection, whoMayCall } from '../../lib/reach/policy.ts';
import type { Protection } from '../../lib/model/protection.ts';
import { aStatement, DOMAIN } from '../support/policies.ts';

function protection(
  statements: readonly Readonly<Record<string, unknown>>[],
  over: Partial<PolicyContext> = {},
): Protection {
  return policyProtection(whoMayCall({ Statement: statements.map(aStatement) }, { ...DOMAIN, ...over }));
}
const from = (...blocks: readonly string[]): Readonly<Record<string, unknown>> => ({
  Condition: { IpAddress: { 'aws:SourceIp': blocks } },
});

describe('the access-policy protection', () => {
  it.each([
    [
      'anyone, unsigned',
      [{ Action: ['es:ESHttpGet', 'es:ESHttpPost'] }],
      'off',
      'statement #0 lets anyone on the internet (WORLD) call es:ESHttpGet, es:ESHttpPost without signing',
    ],
    [
      'anyone, in one family only',
      [{ Sid: 'Everyone' }, { Effect: 'Deny', ...from('0.0.0.0/0') }],
      'off',
      'statement Everyone lets anyone on the internet (WORLD over IPv6) call es:ESHttpGet, es:ESHttpHead, es:ESHttpPost and 3 more without signing',
    ],
    [
      'half the internet',
      [from('0.0.0.0/1')],
      'off',
      'statement #0 lets unsigned requests from 1.0.0.0/8, 2.0.0.0/7, 4.0.0.0/6 and more (BROAD) call es:ESHttpGet, es:ESHttpHead, es:ESHttpPost and 3 more',
    ],
    [
      'an office, in two statements',
      [
        { ...from('8.8.8.0/24'), Action: 'es:ESHttpGet' },
        { ...from('2600:1f18::/36'), Action: 'es:ESHttpGet' },
      ],
      'partial',
      'statements #0, #1 let unsigned requests from 8.8.8.0/24, 2600:1f18::/36 (LIMITED) call es:ESHttpGet',
    ],
    [
      'any AWS account, though unsigned requests are limited',
      [
        { ...from('8.8.8.8'), Action: 'es:ESHttpGet' },
        { Action: 'es:ESHttpGet', Condition: { StringLike: { 'aws:PrincipalAccount': '*' } } },
      ],
      'off',
      'statements #0, #1 let any AWS account (WORLD) call es:ESHttpGet',
    ],
    [
      'another account',
      [{ Principal: { AWS: ['222222222222', '333333333333', '444444444444', '555555555555'] } }],
      'partial',
      'lets in other accounts or organizations: 222222222222, 333333333333, 444444444444 and 1 more',
    ],
    [
      'the configuration',
      [{ Action: 'es:UpdateDomainConfig' }],
      'partial',
      'lets any AWS account call the configuration API',
    ],
    [
      'nobody, as far as can be read',
      [{ Effect: 'allow' }],
      'unknown',
      'no statement known to let a stranger in; undecided: statement #0: Effect',
    ],
    [
      'the own account',
      [{ Principal: { AWS: '111111111111' } }],
      'on',
      'no statement lets a stranger or another account in',
    ],
    [
      'whoever knows what foo:bar is',
      [{ Action: 'es:ESHttpGet', Condition: { StringEquals: { 'foo:bar': 'x' } } }],
      'off',
      'statement #0 lets anyone on the internet (WORLD) call es:ESHttpGet without signing; undecided: foo:bar',
    ],
  ])('%s', (_, statements, level, evidence) => {
    expect(protection(statements)).toEqual({ level, basis: 'declared', evidence });
  });

  it.each([
    ['is not there', undefined, 'on', 'no access policy: only signed requests of the same account'],
    ['is not understood', '{', 'unknown', 'access policy not understood: not JSON'],
  ])('of a policy that %s', (_, policy, level, evidence) => {
    expect(policyProtection(whoMayCall(policy, DOMAIN))).toEqual({ level, basis: 'declared', evidence });
  });

  const only = (org: string, ...blocks: readonly string[]) => [
    {
      Action: 'es:ESHttpGet',
      Condition: {
        IpAddress: { 'aws:SourceIp': blocks },
        Null: { 'aws:PrincipalAccount': 'false', ...(org === '' ? {} : { 'aws:PrincipalOrgID': org }) },
      },
    },
  ];

  it.each([
    ['signed requests from an office', only('', '8.8.8.0/24'), 'requests signed by any AWS account from 8.8.8.0/24'],
    [
      'those of no organization',
      only('true', '8.8.8.0/24'),
      'requests signed by any AWS account outside an organization from 8.8.8.0/24',
    ],
    [
      'three blocks of both families',
      only('', '8.8.8.0/24', '9.9.9.9', '2600::/32'),
      'requests signed by any AWS account from 8.8.8.0/24, 9.9.9.9/32, 2600::/32',
    ],
    [
      'three blocks of four',
      only('', '8.8.8.0/24', '9.9.9.9', '2600::/32', '2700::/32'),
      'requests signed by any AWS account from 8.8.8.0/24, 9.9.9.9/32, 2600::/32 and more',
    ],
  ])('names %s', (_, statements, requests) => {
    const evidence = `statement #0 lets ${requests} (LIMITED) call es:ESHttpGet`;
    expect(protection(statements)).toEqual({ level: 'partial', basis: 'declared', evidence });
  });

  it('names the family that alone is open to the world', () => {
    const evidence = (block: string) => protection([{ ...from(block), Action: 'es:ESHttpGet' }]).evidence;
    expect([evidence('0.0.0.0/0'), evidence('::/0')]).toEqual(
      ['IPv4', 'IPv6'].map(
        (family) => `statement #0 lets anyone on the internet (WORLD over ${family}) call es:ESHttpGet without signing`,
      ),
    );
  });

  it('is unknown where only the owner’s organization decides, and nobody said which that is', () => {
    const ours = { Action: 'es:ESHttpGet', Condition: { StringEquals: { 'aws:PrincipalOrgID': 'o-mine' } } };
    const levels = ['o-mine', 'o-other', UNKNOWN_ORGANIZATION].map(
      (organizationId) => protection([ours], { organizationId }).level,
    );
    expect(levels).toEqual(['on', 'partial', 'unknown']);
    expect(protection([ours], { organizationId: UNKNOWN_ORGANIZATION }).evidence).toContain('o-mine');
    // What lets in anybody does so whoever the owner is.
    expect(protection([{ Action: 'es:ESHttpGet' }, ours], { organizationId: UNKNOWN_ORGANIZATION }).level).toBe('off');
  });

  it('tells accounts of no organization apart', () => {
    const statement = {
      Action: 'dynamodb:GetItem',
      Resource: '*',
      Condition: { StringEqualsIfExists: { 'aws:PrincipalOrgID': 'o-mine' } },
    };
    const table = {
      service: 'dynamodb',
      resourceArn: 'arn:aws:dynamodb:us-east-1:111111111111:table/t',
      dataActions: ['dynamodb:GetItem'],
    };
    expect(protection([statement], table)).toMatchObject({
      level: 'off',
      evidence: 'statement #0 lets any AWS account outside an organization (WORLD) call dynamodb:GetItem',
    });
  });

  it('is one line that fits, whatever the policy holds', () => {
    const names = Array.from({ length: 30 }, (_, i) => ({ Sid: `${'S'.repeat(60)}${i}`, ...from(`8.8.${i}.0/24`) }));
    const { evidence } = protection(names, { dataActions: ['x'.repeat(300)] });
    expect(evidence.length).toBeLessThanOrEqual(200);
    expect(protection(names).evidence).toContain('and 27 more let unsigned requests from');
    expect(protection(names).evidence).not.toContain('\n');
  });
});
