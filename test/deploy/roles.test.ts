/** What each role of deploy/roles.yml and deploy/vantage.yml allows. A role that grows changes this file, and is reviewed. */
import { beforeAll, describe, expect, it } from 'vitest';
import { SIGNING_ACTIONS } from '../../lib/aws/kms-signer.ts';
import { NEVER } from '../../lib/aws/role-policy.ts';
import { decided, ofType, packagedTemplate, type Template, VANTAGE_ARGS, variablesOf } from './packaged.ts';
import { attribute, type Statement, statementsOf, statementsOfRole } from './statements.ts';

const LOGS = ['logs:CreateLogStream', 'logs:PutLogEvents'];
const KEY = ['kms:Decrypt', 'kms:GenerateDataKey'];
const TABLE_KEY = ['kms:DescribeKey', 'kms:Encrypt', 'kms:ReEncryptFrom', 'kms:ReEncryptTo'];
const CONSUMES = ['sqs:DeleteMessage', 'sqs:GetQueueAttributes', 'sqs:ReceiveMessage'];
const READS_TABLE = ['dynamodb:BatchGetItem', 'dynamodb:GetItem', 'dynamodb:Query'];
const WRITES_TABLE = ['dynamodb:DeleteItem', 'dynamodb:PutItem', 'dynamodb:UpdateItem'];
const ALLOWLIST = ['s3:GetObject', 's3:GetObjectVersion', 's3:ListBucket', 's3:ListBucketVersions'];
const PROBE = [
  ...LOGS,
  ...KEY,
  ...CONSUMES,
  'sqs:SendMessage',
  'dynamodb:GetItem',
  'dynamodb:PutItem',
  'dynamodb:UpdateItem',
];

const ALLOWED: Readonly<Record<string, readonly string[]>> = {
  AssessRole: [
    ...LOGS,
    ...KEY,
    ...TABLE_KEY,
    ...CONSUMES,
    ...READS_TABLE,
    ...WRITES_TABLE,
    ...ALLOWLIST,
    'sqs:SendMessage',
  ],
  AuditorRole: [...READS_TABLE, ...ALLOWLIST, 's3:GetObject', 'kms:Decrypt', 'kms:DescribeKey'],
  ChangeRole: [
    ...[...LOGS, ...KEY, ...TABLE_KEY, ...CONSUMES, ...READS_TABLE, ...WRITES_TABLE, 'sqs:SendMessage'],
    ...['organizations:DescribeOrganization', 'sts:AssumeRole'],
  ],
  CollectRole: [
    ...[...LOGS, ...KEY, ...TABLE_KEY, ...CONSUMES, ...READS_TABLE, ...WRITES_TABLE, 'sqs:SendMessage'],
    ...['organizations:DescribeOrganization', 'sts:AssumeRole'],
  ],
  ConsoleRole: [...LOGS, ...KEY, ...TABLE_KEY, ...READS_TABLE, ...WRITES_TABLE, ...ALLOWLIST],
  DrillRole: LOGS,
  GuardRole: [
    ...[...LOGS, ...KEY, ...TABLE_KEY, ...READS_TABLE, ...WRITES_TABLE, 'sqs:SendMessage', 'sns:Publish'],
    ...['events:DescribeRule', 'events:ListTargetsByRule', 'events:PutRule', 'scheduler:ListSchedules'],
    ...['sns:GetTopicAttributes', 'sns:ListSubscriptionsByTopic', 'sqs:DeleteMessage', 'sqs:ReceiveMessage'],
    ...ALLOWLIST,
  ],
  NotifyRole: [
    ...[...LOGS, ...KEY, ...TABLE_KEY, ...READS_TABLE, ...WRITES_TABLE, 'sqs:SendMessage', 'sns:Publish'],
    ...['dynamodb:DescribeStream', 'dynamodb:GetRecords', 'dynamodb:GetShardIterator', 'dynamodb:ListStreams'],
    ...['events:PutEvents', 'secretsmanager:GetSecretValue', 'securityhub:BatchImportFindings', 'sts:AssumeRole'],
  ],
  PlanRole: [
    ...[...LOGS, ...KEY, ...TABLE_KEY, ...READS_TABLE, ...WRITES_TABLE, 'sqs:SendMessage', 'sts:AssumeRole'],
    ...['organizations:DescribeOrganization', 'organizations:ListAccounts'],
  ],
  ProbeRole: [...PROBE, ...TABLE_KEY],
  ReportRole: [
    ...[...LOGS, ...KEY, 'kms:DescribeKey', ...READS_TABLE, ...ALLOWLIST, 's3:PutObject', 'sqs:SendMessage'],
    'sns:Publish',
  ],
  SealRole: [
    ...[...LOGS, ...KEY, 'kms:DescribeKey', 'kms:GetPublicKey', 'kms:Sign', ...READS_TABLE, 'sqs:SendMessage'],
    ...['s3:GetObject', 's3:ListBucket', 's3:PutObject'],
  ],
  SchedulerRole: ['lambda:InvokeFunction', 'sqs:SendMessage', ...KEY],
};

const SIGNS: readonly string[] = SIGNING_ACTIONS;

/** APIs that know no resources: the only statements that allow anything everywhere. */
const EVERYWHERE = [
  'dynamodb:ListStreams',
  'organizations:DescribeOrganization',
  'organizations:ListAccounts',
  'scheduler:ListSchedules',
];

let hub: Template;
let vantage: Template;
beforeAll(async () => {
  const packaged = await Promise.all([packagedTemplate(), packagedTemplate(VANTAGE_ARGS)]);
  [hub, vantage] = [decided(packaged[0], { given: true }), decided(packaged[1], { given: true })];
}, 120_000);

const allows = (template: Template, role: string): readonly Statement[] =>
  statementsOfRole(role, template.Resources).filter(({ Effect }) => Effect === 'Allow');
const denies = (template: Template, role: string): readonly Statement[] =>
  statementsOfRole(role, template.Resources).filter(({ Effect }) => Effect === 'Deny');
/** Without those of ajar's own account as a watched one: deploy/member-account.yml and its test. */
const rolesOf = (template: Template) => ofType(template, 'AWS::IAM::Role').filter(([name]) => !name.startsWith('Own'));
const sorted = (actions: readonly string[]): readonly string[] => [...new Set(actions)].toSorted();

describe('a role', () => {
  it.each(Object.entries(ALLOWED))('%s allows what is listed here and no more', (role, actions) => {
    expect(sorted(allows(hub, role).flatMap(({ Action }) => Action ?? []))).toEqual(sorted(actions));
  });

  it('is one of those listed here', () => {
    expect(
      rolesOf(hub)
        .map(([name]) => name)
        .toSorted(),
    ).toEqual(Object.keys(ALLOWED).toSorted());
    expect(rolesOf(vantage).map(([name]) => name)).toEqual(['ProbeRole']);
  });

  it('names the resources that it is for, and each action in full', () => {
    for (const template of [hub, vantage]) {
      for (const [role] of rolesOf(template)) {
        for (const { Sid, Action, Resource } of allows(template, role)) {
          const actions = [Action ?? []].flat();
          expect(
            actions.filter((action) => action.includes('*')),
            `${role} ${Sid}`,
          ).toEqual([]);
          if (Resource === '*') expect(EVERYWHERE, `${role} ${Sid}`).toEqual(expect.arrayContaining([...actions]));
        }
      }
    }
  });

  it('may use keys only through the services that it calls', () => {
    for (const [role] of rolesOf(hub).filter(([name]) => name !== 'SchedulerRole')) {
      for (const { Sid, Action, Condition, Resource } of allows(hub, role)) {
        // The key that signs is called by name, by the one role that may; its own policy says so too.
        if ([Action ?? []].flat().every((action) => SIGNS.includes(action))) {
          expect([role, Resource]).toEqual(['SealRole', attribute('SigningKey', 'Arn')]);
          continue;
        }
        const isKey = [Action ?? []].flat().some((action) => action.startsWith('kms:'));
        if (isKey) expect(JSON.stringify(Condition), `${role} ${Sid}`).toContain('kms:ViaService');
      }
    }
  });

  it('of a function is assumed by Lambda alone', () => {
    for (const template of [hub, vantage]) {
      for (const [name, role] of rolesOf(template).filter(
        ([role]) => !['SchedulerRole', 'AuditorRole'].includes(role),
      )) {
        expect(statementsOf(role, 'AssumeRolePolicyDocument'), name).toEqual([
          { Effect: 'Allow', Principal: { Service: 'lambda.amazonaws.com' }, Action: 'sts:AssumeRole' },
        ]);
      }
    }
  });

  it('never reads data or secrets, never undoes evidence, never weakens ajar', () => {
    for (const [name] of ofType(hub, 'AWS::Lambda::Function')) {
      const denied = denies(hub, name.replace('LambdaFunction', 'Role'));
      const actions = denied.flatMap(({ Action }) => Action ?? []);
      expect(actions, name).toEqual(expect.arrayContaining([...NEVER]));
      expect(actions, name).toEqual(
        expect.arrayContaining(['s3:BypassGovernanceRetention', 's3:DeleteObject', 's3:PutBucketPolicy']),
      );
      expect(actions, name).toEqual(
        expect.arrayContaining(['events:DisableRule', 'scheduler:UpdateSchedule', 'iam:*']),
      );
    }
  });

  it('is not denied what it needs', () => {
    for (const role of Object.keys(ALLOWED)) {
      const denied = denies(hub, role).filter(({ Resource }) => Resource === '*');
      const patterns = denied
        .flatMap(({ Action }) => Action ?? [])
        .map((action) => new RegExp(`^${action.replaceAll('*', '.*')}$`));
      const needed = allows(hub, role).flatMap(({ Action }) => Action ?? []);
      expect(
        needed.filter((action) => patterns.some((pattern) => pattern.test(action))),
        role,
      ).toEqual([]);
    }
  });
});

describe('the prober', () => {
  it('is denied everything but its work, in every vantage', () => {
    for (const template of [hub, vantage]) {
      const rest = denies(template, 'ProbeRole').find(({ NotAction }) => NotAction !== undefined);
      const allowed = sorted(allows(template, 'ProbeRole').flatMap(({ Action }) => Action ?? []));
      expect(rest).toMatchObject({ Resource: '*' });
      expect(rest?.NotAction?.toSorted()).toEqual(allowed);
    }
    expect(sorted(allows(vantage, 'ProbeRole').flatMap(({ Action }) => Action ?? []))).toEqual(sorted(PROBE));
  });

  it('reaches connection budgets and nothing else of the table', () => {
    for (const template of [hub, vantage]) {
      const onTable = allows(template, 'ProbeRole').filter(({ Action }) =>
        [Action].flat().some((a) => a?.startsWith('dynamodb:')),
      );
      expect(onTable).toEqual([
        expect.objectContaining({
          Resource: attribute('Table', 'Arn'),
          Condition: {
            'ForAllValues:StringLike': { 'dynamodb:LeadingKeys': ['B#*'] },
            Null: { 'dynamodb:LeadingKeys': 'false' },
          },
        }),
      ]);
    }
  });
});

describe('an auditor', () => {
  it('is whoever was named, reads, and writes nothing', () => {
    const role = hub.Resources['AuditorRole'];
    expect(role === undefined ? [] : statementsOf(role, 'AssumeRolePolicyDocument')).toEqual([
      {
        ...{ Effect: 'Allow', Action: 'sts:AssumeRole' },
        Principal: { AWS: { 'Fn::Split': [',', 'arn:aws:iam::111122223333:role/audit'] } },
      },
    ]);
    const allowed = allows(hub, 'AuditorRole').flatMap(({ Action }) => [Action ?? []].flat());
    expect(allowed.filter((action) => !/:(Get|BatchGet|List|Query|Describe|Decrypt)/.test(action))).toEqual([]);
  });
});

describe('the drill', () => {
  it('is run by strangers, and may write its own log and nothing else', () => {
    expect(allows(hub, 'DrillRole')).toEqual([
      { Sid: 'Logs', Effect: 'Allow', Action: LOGS, Resource: attribute('DrillLogGroup', 'Arn') },
    ]);
    expect(denies(hub, 'DrillRole')).toContainEqual(
      expect.objectContaining({ Effect: 'Deny', NotAction: LOGS, Resource: '*' }),
    );
  });

  it('is read from its own queue by guard alone', () => {
    const readers = rolesOf(hub).filter(([role]) =>
      allows(hub, role).some(({ Resource }) => JSON.stringify(Resource).includes('DrillQueue')),
    );
    expect(readers.map(([role]) => role)).toEqual(['GuardRole']);
  });
});

/** Read by whoever is told of them; a function that SQS invokes is not told. */
const READ_QUEUES = ['AJAR_DRILL_QUEUE'];

describe('the secrets of sinks', () => {
  it('are read by notify alone, those that were given, and every other one is denied to all', () => {
    const given = { 'Fn::Split': [',', expect.stringMatching(/slack-AbCdEf,.*pager-GhIjKl$/) as string] };
    for (const [role] of rolesOf(hub)) {
      const reads = allows(hub, role).filter(({ Action }) => Action === 'secretsmanager:GetSecretValue');
      expect(
        reads.map(({ Resource }) => Resource),
        role,
      ).toEqual(role === 'NotifyRole' ? [given] : []);
    }
    const denied = denies(hub, 'NotifyRole').find(({ Action }) => Action === 'secretsmanager:GetSecretValue');
    expect(denied?.NotResource).toEqual(given);
  });

  it('are no secrets at all where none were given', async () => {
    const bare = decided(await packagedTemplate(), { given: false });
    const denied = denies(bare, 'NotifyRole').find(({ Action }) => Action === 'secretsmanager:GetSecretValue');
    expect(JSON.stringify(denied?.NotResource)).toContain(':secret:none');
    const allowed = allows(bare, 'NotifyRole').flatMap(({ Action }) => Action ?? []);
    expect(allowed.filter((action) => /^(secretsmanager|events|securityhub|sts):/.test(action))).toEqual([]);
  });
});

describe('what a function is told', () => {
  it('of a queue it may send to or read, of a topic it may publish to or read', () => {
    for (const [name] of ofType(hub, 'AWS::Lambda::Function')) {
      const statements = allows(hub, name.replace('LambdaFunction', 'Role'));
      for (const [variable, value] of Object.entries(variablesOf(hub, name))) {
        const [action, place] = variable.endsWith('_QUEUE')
          ? [READ_QUEUES.includes(variable) ? 'sqs:ReceiveMessage' : 'sqs:SendMessage', queueOf(value)]
          : [undefined, topicOf(variable, value)];
        if (place === undefined) continue;
        const may = statements.filter(
          ({ Action, Resource }) =>
            [Action ?? []].flat().some((a) => (action === undefined ? a.startsWith('sns:') : a === action)) &&
            covers(Resource, place),
        );
        expect(may.length, `${name} ${variable}`).toBeGreaterThan(0);
      }
    }
  });

  it('and nobody is told more than its task asks for', () => {
    const told = ofType(hub, 'AWS::Lambda::Function').map(([name]) => {
      const ours = Object.keys(variablesOf(hub, name)).filter((variable) => variable.startsWith('AJAR_'));
      return [name.replace('LambdaFunction', ''), sorted(ours.map((variable) => variable.slice(5))).join(' ')];
    });
    expect(Object.fromEntries(told)).toEqual({
      Assess: 'ALLOWLIST CHANGE_QUEUE TABLE',
      Change: 'ACCOUNTS CHANGE_QUEUE COLLECT_QUEUE EXTERNAL_ID REGIONS ROLE TABLE',
      Collect: 'ASSESS_QUEUE COLLECT_QUEUE EXTERNAL_ID PROBE_QUEUE ROLE TABLE',
      Console: 'ALLOWLIST CONSOLE_HOSTS TABLE',
      Drill: 'DRILL',
      Guard:
        'ACCOUNTS ALLOWLIST CHANGE_QUEUE DRILL DRILL_QUEUE EVIDENCE_BUCKET HEARTBEAT_URL REGIONS ROLE SINKS SUBSCRIPTIONS TABLE TOPIC_CHAT TOPIC_DIGEST TOPIC_HEALTH TOPIC_MACHINE TOPIC_PAGE',
      Notify: 'EXTERNAL_ID TABLE TOPIC_CHAT TOPIC_MACHINE TOPIC_PAGE TOPIC_PAGE_FALLBACK',
      Plan: 'ACCOUNTS ASSESS_QUEUE COLLECT_QUEUE DRILL_URL EXTERNAL_ID PROBE_QUEUE REGIONS ROLE TABLE',
      Probe: 'ASSESS_QUEUE TABLE VANTAGE',
      Report: 'ALLOWLIST EVIDENCE_BUCKET TABLE TOPIC_DIGEST',
      Seal: 'EVIDENCE_BUCKET SIGNING_KEY TABLE',
    });
  });
});

/** Logical name of the queue of `{"Ref": "AssessQueue"}`. */
function queueOf(value: unknown): string | undefined {
  return (value as { Ref?: string }).Ref;
}

function topicOf(variable: string, value: unknown): string | undefined {
  return variable.startsWith('AJAR_TOPIC_') ? (value as { Ref?: string }).Ref : undefined;
}

/** Whether a statement's resources include a queue or topic: by reference, or by its name in any region. */
function covers(resource: unknown, place: string): boolean {
  const text = JSON.stringify(resource);
  const name = String(hub.Resources[place]?.Properties['QueueName'] ?? hub.Resources[place]?.Properties['TopicName']);
  return text.includes(`"${place}"`) || text.includes(`:${name}"`);
}
