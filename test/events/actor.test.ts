import { describe, expect, it } from 'vitest';
import { actorOf } from '../../lib/events/actor.ts';
import type { Channel } from '../../lib/model/change.ts';

const ROLE = 'arn:aws:iam::111122223333:role/Deploy';
const SSO_ROLE = 'AWSReservedSSO_Admin_0123456789abcdef';

function role(over: object = {}, session: object = {}) {
  return {
    type: 'AssumedRole',
    principalId: 'AROAEXAMPLE:i-0abc',
    arn: 'arn:aws:sts::111122223333:assumed-role/Deploy/i-0abc',
    sessionContext: { sessionIssuer: { arn: ROLE, userName: 'Deploy' }, ...session },
    ...over,
  };
}

describe('who', () => {
  it.each([
    ['a role, by its issuer', role(), ROLE],
    [
      'a role without an issuer, by its session',
      role({ sessionContext: {} }),
      'arn:aws:sts::111122223333:assumed-role/Deploy/i-0abc',
    ],
    [
      'a user',
      { type: 'IAMUser', arn: 'arn:aws:iam::111122223333:user/bob', userName: 'bob' },
      'arn:aws:iam::111122223333:user/bob',
    ],
    ['root', { type: 'Root', arn: 'arn:aws:iam::111122223333:root' }, 'arn:aws:iam::111122223333:root'],
    ['a web identity', { type: 'WebIdentityUser', userName: 'repo:o/r', principalId: 'p' }, 'repo:o/r'],
    ['another account', { type: 'AWSAccount', principalId: 'AIDA', accountId: '999900001111' }, 'AIDA'],
    ['a service', { type: 'AWSService', invokedBy: 'rds.amazonaws.com' }, 'rds.amazonaws.com'],
    [
      'a user of Identity Center, by his store',
      {
        type: 'IdentityCenterUser',
        accountId: '111122223333',
        onBehalfOf: { userId: 'u-1', identityStoreArn: 'arn:aws:identitystore::111122223333:identitystore/d-1' },
      },
      'arn:aws:identitystore::111122223333:identitystore/d-1',
    ],
    ['nobody', undefined, 'not named'],
    ['an empty identity', {}, 'not named'],
  ])('is %s', (_, userIdentity, who) => {
    expect(actorOf({ userIdentity }).who).toBe(who);
  });

  it('is Unknown by type where the record does not say', () => {
    expect(actorOf({})).toEqual({ who: 'not named', type: 'Unknown', channel: 'unknown' });
  });
});

describe('the person behind a session', () => {
  const sso = {
    sessionIssuer: {
      arn: `arn:aws:iam::111122223333:role/aws-reserved/sso.amazonaws.com/${SSO_ROLE}`,
      userName: SSO_ROLE,
    },
  };
  const named = { principalId: 'AROAEXAMPLE:jane@example.com', sessionContext: sso };

  it.each([
    ['the source identity, before all else', role(named, {}), undefined, 'jane@example.com'],
    [
      'the session of Identity Center',
      role({ ...named, principalId: undefined, arn: `arn:aws:sts::1:assumed-role/${SSO_ROLE}/j` }),
      undefined,
      'j',
    ],
    [
      'the session of Identity Center by the role’s ARN alone',
      role({ ...named, sessionContext: { sessionIssuer: { arn: sso.sessionIssuer.arn } } }),
      undefined,
      'jane@example.com',
    ],
    ['the user on whose behalf', role({ onBehalfOf: { userId: 'u-1' } }), undefined, 'u-1'],
  ])('is %s', (_, userIdentity, __, human) => {
    expect(actorOf({ userIdentity }).human).toBe(human);
  });

  it('is the source identity even in a session of Identity Center', () => {
    const sessionContext = { ...sso, sourceIdentity: 'alice' };
    expect(actorOf({ userIdentity: role({ ...named, sessionContext }) }).human).toBe('alice');
  });

  it.each(['jane@example.com', 'jane', 'Jane.Doe'])(
    'is never guessed from a session named %s of any other role',
    (name) => {
      expect(actorOf({ userIdentity: role({ principalId: `AROAEXAMPLE:${name}` }) })).not.toHaveProperty('human');
    },
  );

  it('is nobody in a session without a name', () => {
    const userIdentity = role({ ...named, principalId: 'AROAEXAMPLE:', arn: undefined });
    expect(actorOf({ userIdentity })).not.toHaveProperty('human');
  });
});

describe('the channel', () => {
  const cases: readonly (readonly [Channel, Parameters<typeof actorOf>[0]])[] = [
    ['console', { sessionCredentialFromConsole: true, userAgent: 'aws-cli/2.27.0 exec-env/CloudShell' }],
    ['console', { userAgent: 'console.amazonaws.com' }],
    ['cli', { userAgent: 'aws-cli/2.27.0 md/Botocore#1.35' }],
    [
      'terraform',
      { userAgent: 'APN/1.0 HashiCorp/1.0 Terraform/1.9.8 terraform-provider-aws/5.80.0 aws-sdk-go-v2/1.32' },
    ],
    ['pulumi', { userAgent: 'APN/1.0 Pulumi/1.0 PulumiAWS/1.0 Terraform/1.9 aws-sdk-go-v2/1.32' }],
    ['cloudformation', { userAgent: 'cloudformation.amazonaws.com' }],
    [
      'cloudformation',
      { userIdentity: { invokedBy: 'cloudformation.amazonaws.com' }, sessionCredentialFromConsole: true },
    ],
    ['cloudformation', { sourceIPAddress: 'cloudformation.amazonaws.com' }],
    ['sdk', { userAgent: 'Boto3/1.35.0' }],
    ['sdk', { userAgent: 'aws-sdk-java/2.29' }],
    ['sdk', { userAgent: 'APN/1.0 Somebody/1.0' }],
    ['service', { userIdentity: { type: 'AWSService' } }],
    ['service', { userIdentity: { invokedBy: 'rds.amazonaws.com' }, userAgent: 'rds.amazonaws.com' }],
    ['service', { sourceIPAddress: 'AWS Internal', userAgent: 'AWS Internal' }],
    ['unknown', { userAgent: 'curl/8.0' }],
    ['unknown', {}],
  ];
  it.each(cases)('is %s of %j', (channel, record) => {
    expect(actorOf(record).channel).toBe(channel);
  });
});

describe('the service that acted', () => {
  it.each([
    ['rds.amazonaws.com', { userIdentity: { invokedBy: 'rds.amazonaws.com' }, sourceIPAddress: '10.0.0.1' }],
    ['autoscaling.amazonaws.com', { sourceIPAddress: 'autoscaling.amazonaws.com' }],
    ['AWS Internal', { sourceIPAddress: 'AWS Internal' }],
    [undefined, { sourceIPAddress: '198.51.100.7' }],
    [undefined, { sourceIPAddress: 'evil.example/x.amazonaws.com' }],
    [undefined, { userIdentity: { invokedBy: '' } }],
  ])('is %s of %j', (by, record) => {
    expect(actorOf(record).by).toBe(by);
  });
});

it.each([
  [true, true],
  [false, false],
  [undefined, undefined],
])('mfa %s is %s', (mfaAuthenticated, mfa) => {
  const userIdentity = role({}, { attributes: { mfaAuthenticated } });
  expect(actorOf({ userIdentity }).mfa).toBe(mfa);
});

it('shows one printable line of each field, however hostile', () => {
  const hostile = `\u001b[31mroot\r\nX: y\u202e${'A'.repeat(10_000)}`;
  const actor = actorOf({
    userIdentity: {
      type: hostile,
      arn: hostile,
      invokedBy: hostile,
      sessionContext: { sourceIdentity: hostile },
    },
    sourceIPAddress: hostile,
    userAgent: hostile,
  });
  for (const value of Object.values(actor)) {
    expect(String(value)).toMatch(/^[^\p{Cc}\p{Cf}]*$/u);
    expect(String(value).length).toBeLessThanOrEqual(600);
  }
});
