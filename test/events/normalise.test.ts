import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { type Normalised, normalise } from '../../lib/events/normalise.ts';
import type { Actor, Change } from '../../lib/model/change.ts';
import { aRecord, NOW } from './sample.ts';

function fixture(name: string): unknown {
  return JSON.parse(readFileSync(new URL(`../fixtures/cloudtrail/${name}.json`, import.meta.url), 'utf8'));
}

function changeIn(normalised: Normalised): Change {
  if (normalised.kind !== 'change') throw new Error(normalised.why);
  return normalised.change;
}

type Expected = Omit<Partial<Change>, 'actor'> & { readonly actor?: Partial<Actor> };

const ADMIN = {
  who: 'arn:aws:iam::111122223333:role/aws-reserved/sso.amazonaws.com/eu-west-1/AWSReservedSSO_Admin_0123456789abcdef',
  type: 'AssumedRole',
  human: 'j.doe@example.com',
  mfa: true,
};
const MALLORY = { who: 'arn:aws:iam::111122223333:user/ops/mallory', type: 'IAMUser', from: '198.51.100.7' };

const CHANGES: readonly (readonly [name: string, expected: Expected])[] = [
  [
    'update-domain-config',
    {
      id: '11111111-0000-4000-8000-000000000001',
      at: '2026-12-04T10:01:31.000Z',
      account: '111122223333',
      region: 'eu-west-1',
      source: 'es.amazonaws.com',
      name: 'UpdateDomainConfig',
      kind: 'change',
      touched: ['es:domain/device-analytics'],
      services: ['opensearch'],
      actor: { ...ADMIN, channel: 'console', from: '198.51.100.7' },
    },
  ],
  [
    'authorize-security-group-ingress',
    {
      kind: 'net',
      touched: ['ec2:sg-0a1b2c3d4e5f60718'],
      actor: { who: 'arn:aws:iam::111122223333:role/Terraform', human: 'alice', channel: 'terraform', mfa: false },
    },
  ],
  ['authorize-security-group-ingress-by-name', { touched: ['ec2:sg-0a1b2c3d4e5f60718'], actor: MALLORY }],
  ['modify-security-group-rules', { touched: ['ec2:sg-0a1b2c3d4e5f60718'], actor: { ...MALLORY, channel: 'console' } }],
  [
    'modify-db-instance',
    {
      touched: ['rds:db/Orders', 'rds:db/orders', 'rds:db/orders-old'],
      services: ['rds', 'aurora', 'documentdb', 'neptune'],
      actor: { who: 'arn:aws:iam::111122223333:role/Deploy', channel: 'sdk' },
    },
  ],
  [
    'modify-db-parameter-group',
    { kind: 'change', touched: ['rds:pg/orders-pg16'], actor: { ...ADMIN, channel: 'cli' } },
  ],
  [
    'reboot-db-instance',
    {
      kind: 'apply',
      touched: ['rds:db/orders'],
      actor: { who: 'arn:aws:iam::111122223333:root', type: 'Root', channel: 'cli' },
    },
  ],
  [
    'rds-maintenance-by-service',
    {
      kind: 'apply',
      touched: [],
      actor: { who: '111122223333', type: 'Unknown', by: 'AWS Internal', from: 'AWS Internal', channel: 'service' },
    },
  ],
  [
    'modify-db-snapshot-attribute',
    { kind: 'share', touched: ['rds:snapshot/orders-before-migration'], services: ['rds-snapshots'] },
  ],
  [
    'switchover-blue-green-deployment',
    { touched: ['rds:db/orders', 'rds:db/orders-green-4k2j1p'], services: ['rds', 'aurora', 'documentdb', 'neptune'] },
  ],
  ['aoss-update-security-policy', { touched: [], services: ['opensearch-serverless'], actor: ADMIN }],
  [
    'stop-logging-denied',
    {
      kind: 'guardrail',
      errorCode: 'AccessDenied',
      touched: [],
      services: ['guardrails'],
      names: ['arn:aws:cloudtrail:eu-west-1:111122223333:trail/organization'],
      actor: MALLORY,
    },
  ],
  ['iam-update-assume-role-policy', { kind: 'guardrail', region: 'us-east-1', names: ['ajar-inventory'] }],
  [
    'update-connectivity',
    {
      touched: ['kafka:cluster/telemetry'],
      services: ['msk'],
      actor: {
        who: 'arn:aws:iam::111122223333:role/StackRole',
        by: 'cloudformation.amazonaws.com',
        channel: 'cloudformation',
      },
    },
  ],
  [
    'globalaccelerator-create-listener',
    {
      region: 'us-east-1',
      touched: ['globalaccelerator:accelerator/01234567-89ab-cdef-0123-456789abcdef'],
      services: ['global-accelerator'],
    },
  ],
];

describe('a change', () => {
  it.each(CHANGES)('is read of %s', (name, expected) => {
    expect(normalise(fixture(name), NOW)).toMatchObject({ kind: 'change', change: expected });
  });

  it.each(CHANGES)('is the same of %s in an envelope, bare, and as text', (name) => {
    const event = fixture(name) as { detail?: { eventSource: string } };
    const record = event.detail ?? event;
    const envelope = { source: 'aws.x', 'detail-type': 'AWS API Call via CloudTrail', detail: record };
    const change = normalise(event, NOW);
    for (const form of [record, envelope, JSON.stringify(record), JSON.stringify(envelope)]) {
      expect(normalise(form, NOW)).toEqual(change);
    }
  });

  it('has no errorCode and no names where it has none', () => {
    expect(Object.keys(changeIn(normalise(fixture('update-domain-config'), NOW))).toSorted()).toEqual(
      'account actor at id kind name region services source touched'.split(' '),
    );
  });
});

describe('an event is ignored', () => {
  it.each([
    ['rds-describe', 'rds.amazonaws.com DescribeDBInstances: not in the event table'],
    ['ec2-dry-run', 'ec2.amazonaws.com CreateRoute: refused: Client.DryRunOperation'],
    ['update-domain-config-dry-run', 'es.amazonaws.com UpdateDomainConfig: a dry run'],
  ])('%s', (name, why) => {
    expect(normalise(fixture(name), NOW)).toEqual({ kind: 'ignored', why });
  });

  it.each([
    ['that was refused', aRecord({ errorCode: 'AccessDenied' }), /refused: AccessDenied$/],
    ['that only reads', aRecord({ readOnly: true }), /read-only$/],
    ['that only reads, in text', aRecord({ readOnly: 'true' }), /read-only$/],
    [
      'that is a dry run inside of a wrapper, in any case and as text',
      aRecord({
        eventSource: 'ec2.amazonaws.com',
        eventName: 'ModifySecurityGroupRules',
        requestParameters: { ModifySecurityGroupRulesRequest: { DryRun: 'true', GroupId: 'sg-0a1b2c3d' } },
      }),
      /a dry run$/,
    ],
    [
      'that is a dry run on a guard rail, which is no attempt',
      aRecord({
        eventSource: 'network-firewall.amazonaws.com',
        eventName: 'UpdateFirewallPolicy',
        errorCode: 'AccessDenied',
        requestParameters: { dryRun: true },
      }),
      /a dry run$/,
    ],
    [
      'of another kind',
      { source: 'aws.events', 'detail-type': 'Scheduled Event', detail: {} },
      /^Scheduled Event: not of CloudTrail$/,
    ],
  ])('%s', (_, event, why) => {
    const normalised = normalise(event, NOW);
    expect(normalised).toMatchObject({ kind: 'ignored', why: expect.stringMatching(why) as string });
  });

  it('but not where errorCode is empty, null or no text: then it is looked at', () => {
    for (const errorCode of ['', null, {}, 7]) expect(normalise(aRecord({ errorCode }), NOW).kind).toBe('change');
  });
});

describe('a refused call', () => {
  it.each(['AccessDenied', 'Client.UnauthorizedOperation', 'ThrottlingException'])(
    'on a guard rail is kept with %s',
    (errorCode) => {
      const event = aRecord({ eventSource: 'cloudtrail.amazonaws.com', eventName: 'StopLogging', errorCode });
      expect(changeIn(normalise(event, NOW)).errorCode).toBe(errorCode);
    },
  );

  it('names at most 20 things, each printable and short', () => {
    const name = Array.from({ length: 50 }, (_, i) => `${i}\u001b[31m${'x'.repeat(1_000)}`);
    const event = aRecord({
      eventSource: 'cloudtrail.amazonaws.com',
      eventName: 'StopLogging',
      requestParameters: { name },
    });
    const { names = [] } = changeIn(normalise(event, NOW));
    expect(names).toHaveLength(20);
    expect(names.every((each) => each.length <= 256 && !each.includes('\u001b'))).toBe(true);
  });
});
