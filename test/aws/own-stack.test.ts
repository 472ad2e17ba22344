/** Covers own-stack.ts, own-rules.ts and own-topics.ts; names and numbers are compared with deploy/*.yml. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import {
  DescribeRuleCommand,
  EventBridgeClient,
  ListTargetsByRuleCommand,
  PutRuleCommand,
} from '@aws-sdk/client-eventbridge';
import { ListSchedulesCommand, SchedulerClient } from '@aws-sdk/client-scheduler';
import { GetTopicAttributesCommand, ListSubscriptionsByTopicCommand, SNSClient } from '@aws-sdk/client-sns';
import { mockClient } from 'aws-sdk-client-mock';
import { afterEach, describe, expect, it } from 'vitest';
import { parseDocument } from 'yaml';
import { beat, OWN_SCHEDULES, ruleProblems, scheduleProblems } from '../../lib/aws/own-rules.ts';
import {
  heartbeatOf,
  isOwnName,
  OWN_FUNCTIONS,
  OWN_STACK_ACTIONS,
  ownKeys,
  ownStackOf,
} from '../../lib/aws/own-stack.ts';
import { readSubscriptions, topicFacts } from '../../lib/aws/own-topics.ts';
import { rules } from '../../lib/events/rules.ts';
import { awsError } from '../support/aws.ts';

const config = { region: 'eu-west-1', credentials: { accessKeyId: 'x', secretAccessKey: 'x' }, maxAttempts: 1 };
const [events, scheduler, sns] = [new EventBridgeClient(config), new SchedulerClient(config), new SNSClient(config)];
const [onEvents, onScheduler, onSns] = [mockClient(events), mockClient(scheduler), mockClient(sns)];
afterEach(() => {
  for (const mock of [onEvents, onScheduler, onSns]) mock.reset();
});

const HUB = '111122223333';
const HEALTH = `arn:aws:sns:eu-west-1:${HUB}:ajar-prod-health`;
const stack = ownStackOf(HEALTH);
const ROOT = join(import.meta.dirname, '../..');
const yaml = (file: string): unknown =>
  parseDocument(readFileSync(join(ROOT, file), 'utf8'), { merge: true, logLevel: 'silent' }).toJS();

describe('ajar’s own stack', () => {
  it('is named by its health topic', () => {
    expect(stack).toEqual({ name: 'ajar-prod', partition: 'aws', region: 'eu-west-1', account: HUB });
    expect(ownStackOf(`arn:aws-cn:sns:cn-north-1:${HUB}:ajar-health-health`).name).toBe('ajar-health');
  });

  it.each([
    '',
    'ajar-prod-health',
    `arn:aws:sns:eu-west-1:${HUB}:health`,
    `arn:aws:sqs:eu-west-1:${HUB}:x-health`,
    'arn:aws:sns:eu-west-1:me:x-health',
  ])('has no name where that is %s', (arn) => {
    expect(() => ownStackOf(arn)).toThrow(/no topic <stack>-health/);
  });

  it('files changes where lib/events does: its region, the global home, its logs, its keys', () => {
    expect(ownKeys(stack, ['KEY'])).toEqual([
      `${HUB}/eu-west-1/guardrails`,
      `${HUB}/us-east-1/guardrails`,
      ...OWN_FUNCTIONS.map((name) => `${HUB}/eu-west-1/logs:log-group//aws/lambda/ajar-prod-${name}`),
      `${HUB}/eu-west-1/kms:key/KEY`,
    ]);
    expect(ownKeys({ ...stack, region: 'us-east-1' }, []).filter((key) => key.endsWith('guardrails'))).toHaveLength(1);
  });

  it.each([
    ['ajar-prod', true],
    ['ajar-prod-changes-1', true],
    ['AJAR-PROD-page', true],
    [`arn:aws:sns:eu-west-1:${HUB}:ajar-prod-page:0a1b`, true],
    ['ajar-prod/EveryMinuteGuard', true],
    ['ajar-inventory', true],
    ['ajar-forwarder', true],
    ['ajar-findings', true],
    ['ajar-changes-6', true],
    ['read-only', true],
    ['ajar-production', false],
    ['my-ajar-prod', false],
    ['ajar-dev-changes-1', false],
    ['ajar', false],
    ['', false],
  ])('%s is one of its names: %s', (name, isOwn) => {
    expect(isOwnName(stack, name, ['read-only'])).toBe(isOwn);
  });

  it('has the functions of serverless.yml, the schedules of deploy/schedules.yml and the names of deploy/*.yml', () => {
    const { functions } = yaml('serverless.yml') as { functions: Record<string, unknown> };
    expect(OWN_FUNCTIONS.toSorted()).toEqual(Object.keys(functions).toSorted());
    const { Resources } = yaml('deploy/schedules.yml') as {
      Resources: Record<string, { Type: string; Properties: { Target: { Arn: string } } }>;
    };
    const targets = Object.values(Resources).flatMap(({ Type, Properties }) =>
      Type === 'AWS::Scheduler::Schedule'
        ? [Properties.Target.Arn.replace('LambdaFunction.Arn', '').toLowerCase()]
        : [],
    );
    expect(Object.fromEntries([...Map.groupBy(targets, (t) => t)].map(([t, all]) => [t, all.length]))).toEqual(
      OWN_SCHEDULES,
    );
    // Who listens by the stack's own hand: guard.ts declares the queue's, and serverless.yml those of `email`.
    const listeners = ['deploy/topics.yml', 'deploy/drill.yml'].flatMap((file) =>
      Object.entries((yaml(file) as { Resources: Record<string, { Type: string }> }).Resources)
        .filter(([, { Type }]) => Type === 'AWS::SNS::Subscription')
        .map(([id]) => id),
    );
    expect(listeners).toHaveLength(3);
    expect(listeners).toContain('DrillReceipts');
    for (const [file, name] of [
      ['deploy/topics.yml', 'TopicName: ${self:custom.name}-health'],
      ['deploy/bus.yml', 'Name: ${self:custom.name}'],
      ['deploy/bus.yml', 'Name: ${self:custom.name}-changes-6'],
      ['deploy/schedules.yml', 'Name: ${self:custom.name}'],
      ['deploy/queues.yml', 'QueueName: ${self:custom.name}-change'],
      ['deploy/roles.yml', 'RoleName: ${self:custom.name}-guard'],
      ['serverless.yml', 'name: ${self:custom.name}-guard'],
    ] as const) {
      expect(
        readFileSync(join(ROOT, file), 'utf8')
          .split('\n')
          .map((line) => line.trim()),
        file,
      ).toContain(name);
    }
    const member = readFileSync(join(ROOT, 'deploy/member-account.yml'), 'utf8');
    const names = [...member.matchAll(/(?:Name|RoleName|ManagedPolicyName|QueueName): (ajar-[a-z0-9-]+)$/gm)].map(
      ([, name]) => name ?? '',
    );
    expect(names.length).toBeGreaterThan(8);
    expect(names.filter((name) => !isOwnName(stack, name, []))).toEqual([]);
  });

  it('asks for no more than it says', () => {
    const made = [
      DescribeRuleCommand,
      ListTargetsByRuleCommand,
      PutRuleCommand,
      ListSchedulesCommand,
      GetTopicAttributesCommand,
      ListSubscriptionsByTopicCommand,
    ];
    expect(OWN_STACK_ACTIONS.map((action) => action.replace(/^.*:/, '')).toSorted()).toEqual(
      made.map((command) => command.name.replace('Command', '')).toSorted(),
    );
  });
});

describe('its heartbeat', () => {
  it('is a rule of its bus that is disabled and matches nothing', async () => {
    onEvents.on(PutRuleCommand).resolves({});
    await beat(events, stack, new Date('2026-12-04T10:00:00.000Z'));
    expect(heartbeatOf(stack)).toEqual({
      rule: 'ajar-prod-heartbeat',
      bus: 'ajar-prod',
      role: `arn:aws:iam::${HUB}:role/ajar-prod-guard`,
    });
    expect(onEvents.commandCalls(PutRuleCommand).map((c) => c.args[0].input)).toEqual([
      {
        ...{
          Name: 'ajar-prod-heartbeat',
          EventBusName: 'ajar-prod',
          State: 'DISABLED',
          EventPattern: '{"source":["ajar.heartbeat"]}',
        },
        Description:
          'Matches nothing: ajar writes it to see that it is told of changes. Last written 2026-12-04T10:00:00.000Z',
      },
    ]);
    expect(onEvents.commandCalls(PutRuleCommand)[0]?.args[0].input.Description?.length).toBeLessThanOrEqual(512);
  });
});

describe('its rules', () => {
  const [rule] = rules('ajar-prod-changes');
  if (rule === undefined) throw new Error('there are rules');
  const EventPattern = JSON.stringify(rule.pattern);
  const Arn = `arn:aws:sqs:eu-west-1:${HUB}:ajar-prod-change`;
  const subjects = async () => (await ruleProblems(events, stack, [rule])).map((p) => p.subject);
  const good = () => {
    onEvents
      .on(DescribeRuleCommand, { Name: 'ajar-prod-changes-1', EventBusName: 'ajar-prod' })
      .resolves({ State: 'ENABLED', EventPattern });
    onEvents.on(ListTargetsByRuleCommand).resolves({ Targets: [{ Id: 'change', Arn }] });
  };

  it('are well as deploy/bus.yml has them, in whatever order', async () => {
    good();
    expect(await subjects()).toEqual([]);
    const { source, detail } = rule.pattern;
    const turned = {
      detail: {
        $or: detail.$or
          .toReversed()
          .map((each) => ({ eventName: each.eventName.toReversed(), eventSource: each.eventSource })),
      },
      source,
    };
    onEvents
      .on(DescribeRuleCommand)
      .resolves({ State: 'ENABLED_WITH_ALL_CLOUDTRAIL_MANAGEMENT_EVENTS', EventPattern: JSON.stringify(turned) });
    expect(await subjects()).toEqual([]);
  });

  it.each<[string, object, string]>([
    ['off', { State: 'DISABLED', EventPattern }, 'is DISABLED'],
    ['in no state', { EventPattern }, 'is in no known state'],
    ['without a pattern', { State: 'ENABLED' }, 'has another pattern than it should'],
    [
      'narrower',
      { State: 'ENABLED', EventPattern: EventPattern.replace('"DisableRule",', '') },
      'has another pattern than it should',
    ],
    ['no JSON', { State: 'ENABLED', EventPattern: '{' }, 'has another pattern than it should'],
  ])('are not where one is %s', async (_, answer, says) => {
    good();
    onEvents.on(DescribeRuleCommand).resolves(answer);
    expect(await subjects()).toEqual([`rule ajar-prod-changes-1 ${says}`]);
  });

  it('are not where one leads elsewhere, or is gone', async () => {
    good();
    onEvents.on(ListTargetsByRuleCommand).resolves({ Targets: [{ Id: 'x', Arn: `${Arn}-not` }] });
    expect(await subjects()).toEqual(['rule ajar-prod-changes-1 no longer leads to the change queue']);
    onEvents.on(ListTargetsByRuleCommand).resolves({
      Targets: [
        { Id: 'change', Arn },
        { Id: 'x', Arn: 'arn:aws:sqs:eu-west-1:444455556666:x' },
      ],
    });
    expect(await subjects()).toEqual(['rule ajar-prod-changes-1 leads elsewhere too']);
    onEvents.on(DescribeRuleCommand).rejects(awsError('ResourceNotFoundException'));
    expect(await subjects()).toEqual(['rule ajar-prod-changes-1 is gone']);
  });

  it('are not known where AWS does not say', async () => {
    onEvents.on(DescribeRuleCommand).rejects(awsError('AccessDeniedException'));
    await expect(subjects()).rejects.toThrow('AccessDeniedException');
  });
});

describe('its schedules', () => {
  const schedule = (name: string, of: string, State: 'ENABLED' | 'DISABLED' = 'ENABLED') => ({
    ...{ Name: name, State, Target: { Arn: `arn:aws:lambda:eu-west-1:${HUB}:function:ajar-prod-${of}` } },
  });
  const ALL = [
    ...['a', 'b', 'c', 'd'].map((name) => schedule(name, 'plan')),
    ...['notify', 'guard', 'report', 'seal'].map((name) => schedule(name, name)),
  ];
  const subjects = async () => (await scheduleProblems(scheduler, stack)).map((p) => p.subject);

  it('are well on as many pages as they come', async () => {
    onScheduler
      .on(ListSchedulesCommand, { GroupName: 'ajar-prod' })
      .resolves({ Schedules: ALL.slice(0, 3), NextToken: 't' });
    onScheduler.on(ListSchedulesCommand, { NextToken: 't' }).resolves({ Schedules: ALL.slice(3) });
    expect(await subjects()).toEqual([]);
  });

  it('are not where one is off or gone', async () => {
    const held = [...ALL.slice(1).filter(({ Name }) => Name !== 'report'), schedule('report', 'report', 'DISABLED')];
    onScheduler.on(ListSchedulesCommand).resolves({ Schedules: held });
    expect(await subjects()).toEqual(['schedule report is DISABLED', 'plan has 3 of 4 schedules']);
  });

  it('are all gone with their group', async () => {
    onScheduler.on(ListSchedulesCommand).rejects(awsError('ResourceNotFoundException', 404));
    expect(await subjects()).toEqual([
      'plan has 0 of 4 schedules',
      'notify has 0 of 1 schedules',
      'guard has 0 of 1 schedules',
      'report has 0 of 1 schedules',
      'seal has 0 of 1 schedules',
    ]);
  });

  it('are not known where AWS does not say', async () => {
    onScheduler.on(ListSchedulesCommand).rejects(awsError('AccessDeniedException'));
    await expect(subjects()).rejects.toThrow('AccessDeniedException');
  });
});

describe('its topics', () => {
  const topics = (['page', 'health'] as const).map((audience) => ({
    audience,
    arn: `arn:aws:sns:eu-west-1:${HUB}:ajar-prod-${audience}`,
  }));
  const [page, health] = topics.map(({ arn }) => arn);

  it('are there and encrypted, and tell with which keys', async () => {
    onSns
      .on(GetTopicAttributesCommand, { TopicArn: page })
      .resolves({ Attributes: { KmsMasterKeyId: `arn:aws:kms:eu-west-1:${HUB}:key/KEY-1` } });
    onSns.on(GetTopicAttributesCommand, { TopicArn: health }).resolves({ Attributes: { KmsMasterKeyId: 'KEY-0' } });
    expect(await topicFacts(sns, topics)).toEqual({ problems: [], keyIds: ['KEY-0', 'KEY-1'] });
  });

  it('are not where one is gone or in the clear, and not known where AWS does not say', async () => {
    onSns.on(GetTopicAttributesCommand, { TopicArn: page }).rejects(awsError('NotFoundException', 404));
    onSns.on(GetTopicAttributesCommand, { TopicArn: health }).resolves({ Attributes: {} });
    const { problems } = await topicFacts(sns, topics);
    expect(problems.map((p) => p.subject)).toEqual([
      'the page topic is gone',
      'the health topic is no longer encrypted',
    ]);
    onSns.on(GetTopicAttributesCommand).rejects(awsError('AuthorizationErrorException', 403));
    await expect(topicFacts(sns, topics)).rejects.toThrow('AuthorizationErrorException');
  });

  it('have subscriptions on all pages, confirmed where they have an ARN', async () => {
    const one = (Endpoint: string, SubscriptionArn: string) => ({ Protocol: 'email', Endpoint, SubscriptionArn });
    onSns
      .on(ListSubscriptionsByTopicCommand, { TopicArn: page })
      .resolves({ Subscriptions: [one('a', `${page}:1`)], NextToken: 't' });
    onSns
      .on(ListSubscriptionsByTopicCommand, { TopicArn: page, NextToken: 't' })
      .resolves({ Subscriptions: [one('b', 'PendingConfirmation'), one('c', 'Deleted')] });
    onSns.on(ListSubscriptionsByTopicCommand, { TopicArn: health }).rejects(awsError('NotFoundException', 404));
    expect(await readSubscriptions(sns, topics)).toEqual([
      { audience: 'page', protocol: 'email', endpoint: 'a', confirmed: true },
      { audience: 'page', protocol: 'email', endpoint: 'b', confirmed: false },
      { audience: 'page', protocol: 'email', endpoint: 'c', confirmed: false },
    ]);
  });

  it('do not go on for ever, and are not known where AWS does not say', async () => {
    let n = 0;
    onSns
      .on(ListSubscriptionsByTopicCommand)
      .callsFake(() => ({ Subscriptions: Array.from({ length: 100 }, () => ({})), NextToken: String(n++) }));
    await expect(readSubscriptions(sns, topics)).rejects.toThrow('more than 5000');
    onSns.on(ListSubscriptionsByTopicCommand).rejects(awsError('AuthorizationErrorException', 403));
    await expect(readSubscriptions(sns, topics)).rejects.toThrow('AuthorizationErrorException');
  });
});
