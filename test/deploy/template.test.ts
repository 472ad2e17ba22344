/** The CloudFormation templates that `osls package` makes of serverless.yml, deploy/*.yml and deploy/alarms.cjs. */
import { beforeAll, describe, expect, it } from 'vitest';
import { HIDDEN_MS } from '../../lib/runtime/lambda/probe.ts';
import { NOTICE_PREFIX } from '../../lib/stores/dynamodb-table.ts';
import { everyTemplate, FUNCTIONS, ofType, type Template } from './packaged.ts';
import { attribute, statementsOf } from './statements.ts';
import {
  deadLettersOf,
  alarmsOn,
  queueMappings,
  attributeOf,
  refOf,
  refsOf,
  targetOf,
  refusesPlainText,
} from './wiring.ts';

let alone: Template;
let organization: Template;
let vantage: Template;
beforeAll(async () => ({ alone, organization, vantage } = await everyTemplate()), 120_000);
const each = () => [alone, organization, vantage];

describe('queues', () => {
  it('each lead to a queue of dead letters after five tries, or are one', () => {
    for (const template of each()) {
      const dead = new Set(deadLettersOf(template));
      for (const [name, { Properties }] of ofType(template, 'AWS::SQS::Queue')) {
        const redrive = Properties['RedrivePolicy'];
        if (redrive === undefined) expect(dead, name).toContain(name);
        else expect(redrive, name).toMatchObject({ maxReceiveCount: 5 });
      }
    }
  });

  it('alarm when a dead letter lies in them, or when a message waits', () => {
    for (const template of each()) {
      const dead = new Set(deadLettersOf(template));
      for (const [name] of ofType(template, 'AWS::SQS::Queue')) {
        const metric = dead.has(name) ? 'ApproximateNumberOfMessagesVisible' : 'ApproximateAgeOfOldestMessage';
        expect(alarmsOn(template, metric, attribute(name, 'QueueName')), name).toHaveLength(1);
      }
    }
  });

  it('hide a message for half a minute longer than its function may run, and take back what failed, one by one', () => {
    for (const template of [alone, vantage]) {
      for (const [mapping, { Properties }] of queueMappings(template)) {
        const queue = template.Resources[attributeOf(Properties['EventSourceArn'])];
        const worker = template.Resources[attributeOf(Properties['FunctionName'])];
        expect(queue?.Properties['VisibilityTimeout'], mapping).toBe(Number(worker?.Properties['Timeout']) + 30);
        expect(Properties['FunctionResponseTypes'], mapping).toEqual(['ReportBatchItemFailures']);
        expect(Properties['ScalingConfig'], mapping).toMatchObject({ MaximumConcurrency: expect.any(Number) });
      }
    }
    expect(queueMappings(alone)).toHaveLength(4);
  });

  it('hide a visit for as long as the prober believes, and its batch is gathered well within what is left of that', () => {
    for (const template of [alone, vantage]) {
      const [, mapping] = queueMappings(template).find(([name]) => name.startsWith('Probe')) ?? [];
      const properties = mapping?.Properties ?? {};
      const queue = template.Resources[attributeOf(properties['EventSourceArn'])];
      const worker = template.Resources[attributeOf(properties['FunctionName'])];
      expect(Number(queue?.Properties['VisibilityTimeout']) * 1_000).toBe(HIDDEN_MS);
      // SQS gathers more than ten only where it may wait for them.
      expect(properties['BatchSize']).toBeGreaterThan(10);
      expect(properties['MaximumBatchingWindowInSeconds']).toBeGreaterThanOrEqual(1);
      expect(properties['MaximumBatchingWindowInSeconds']).toBeLessThanOrEqual(5);
      expect(worker?.Properties['MemorySize']).toBe(512);
    }
  });

  it('are encrypted, and refuse plain text', () => {
    for (const template of each()) {
      const covered = ofType(template, 'AWS::SQS::QueuePolicy')
        .filter(([, resource]) => statementsOf(resource).some(refusesPlainText))
        .flatMap(([, { Properties }]) => refsOf(Properties['Queues']));
      const queues = ofType(template, 'AWS::SQS::Queue');
      expect(covered.toSorted()).toEqual(queues.map(([name]) => name).toSorted());
      for (const [name, { Properties }] of queues) {
        expect(Properties['KmsMasterKeyId'] ?? Properties['SqsManagedSseEnabled'], name).toBeDefined();
      }
    }
  });
});

describe('functions', () => {
  it('run on Node 24 and arm64, each from its own bundle with its own role', () => {
    const functions = ofType(organization, 'AWS::Lambda::Function');
    expect(functions.map(([, { Properties }]) => Properties['FunctionName'])).toEqual(
      expect.arrayContaining(FUNCTIONS.map((name) => `ajar-prod-${name}`)),
    );
    expect(functions).toHaveLength(FUNCTIONS.length);
    for (const [, { Properties }] of functions) {
      expect(Properties).toMatchObject({ Runtime: 'nodejs24.x', Architectures: ['arm64'] });
      expect(Properties).not.toHaveProperty('VpcConfig');
    }
    expect(new Set(functions.map(([, { Properties }]) => attributeOf(Properties['Role']))).size).toBe(FUNCTIONS.length);
  });

  it('alarm when they fail, when they are refused, and when they need four fifths of their time', () => {
    for (const template of each()) {
      for (const [name, { Properties }] of ofType(template, 'AWS::Lambda::Function')) {
        const [errors, throttles, duration] = ['Errors', 'Throttles', 'Duration'].map((metric) =>
          alarmsOn(template, metric, { Ref: name }),
        );
        expect(errors, name).toHaveLength(1);
        expect(throttles, name).toHaveLength(1);
        expect(duration?.map((alarm) => alarm['Threshold'])).toEqual([Number(Properties['Timeout']) * 800]);
      }
    }
  });

  it('alarm on silence where something has to run every minute', () => {
    const silent = ofType(alone, 'AWS::CloudWatch::Alarm').filter(
      ([, { Properties }]) => Properties['TreatMissingData'] === 'breaching',
    );
    expect(silent.map(([name]) => name).toSorted()).toEqual([
      'GuardPassAlarm',
      'GuardSilentAlarm',
      'NotifySilentAlarm',
      'PlanSilentAlarm',
    ]);
  });

  it('keep their logs for a year', () => {
    for (const [, { Properties }] of ofType(organization, 'AWS::Logs::LogGroup')) {
      expect(Properties['RetentionInDays']).toBe(365);
    }
    expect(ofType(organization, 'AWS::Logs::LogGroup')).toHaveLength(FUNCTIONS.length);
  });

  it('leave a message when an asynchronous run is given up', () => {
    const scheduled = ofType(alone, 'AWS::Scheduler::Schedule').map(([, { Properties }]) => targetOf(Properties));
    const kept = ofType(alone, 'AWS::Lambda::EventInvokeConfig')
      .filter(([, { Properties }]) => JSON.stringify(Properties['DestinationConfig']).includes('FailedRuns'))
      .map(([, { Properties }]) => refOf(Properties['FunctionName']));
    expect(kept.toSorted()).toEqual([...new Set(scheduled)].toSorted());
  });

  it('hear of owed notices only', () => {
    const [stream] = ofType(alone, 'AWS::Lambda::EventSourceMapping').filter(
      ([, { Properties }]) => 'StartingPosition' in Properties,
    );
    const pattern = { eventName: ['INSERT'], dynamodb: { Keys: { pk: { S: [{ prefix: NOTICE_PREFIX }] } } } };
    expect(stream?.[1].Properties['FilterCriteria']).toEqual({ Filters: [{ Pattern: JSON.stringify(pattern) }] });
    expect(stream?.[1].Properties).toMatchObject({ BisectBatchOnFunctionError: true, MaximumRetryAttempts: 5 });
  });
});

describe('alarms', () => {
  it('all tell the health topic, and tell it when it is over', () => {
    for (const template of each()) {
      for (const [name, { Properties }] of ofType(template, 'AWS::CloudWatch::Alarm')) {
        expect(Properties, name).toMatchObject({
          AlarmActions: [{ Ref: 'HealthTopic' }],
          OKActions: [{ Ref: 'HealthTopic' }],
        });
      }
    }
  });

  it('have names of their own that the topic accepts', () => {
    for (const template of each()) {
      const names = ofType(template, 'AWS::CloudWatch::Alarm').map(([, { Properties }]) =>
        String(Properties['AlarmName']),
      );
      expect(new Set(names).size).toBe(names.length);
      expect(names.filter((name) => !/^ajar-prod-[A-Za-z-]+$/.test(name))).toEqual(
        template === vantage ? [] : ['ajar-undelivered-events'],
      );
    }
  });

  it('cover, in each region, a prober that nobody could stop or that a proxy answers', () => {
    for (const template of [alone, vantage]) {
      for (const metric of ['StopSwitchUnreadable', 'CaptiveVantage']) {
        expect(alarmsOn(template, metric, 'ajar'), metric).toHaveLength(1);
      }
    }
  });

  it('cover a topic that cannot deliver', () => {
    for (const template of each()) {
      for (const [name] of ofType(template, 'AWS::SNS::Topic')) {
        const dimension = attribute(name, 'TopicName');
        expect(alarmsOn(template, 'NumberOfNotificationsFailed', dimension), name).toHaveLength(1);
      }
    }
  });
});

describe('schedules', () => {
  it('try again and leave a dead letter', () => {
    for (const [name, { Properties }] of ofType(alone, 'AWS::Scheduler::Schedule')) {
      expect(Properties['Target'], name).toMatchObject({
        DeadLetterConfig: { Arn: attribute('MissedSchedules', 'Arn') },
        RetryPolicy: { MaximumRetryAttempts: expect.any(Number), MaximumEventAgeInSeconds: expect.any(Number) },
      });
    }
  });

  it('ask for each task as often as it is due', () => {
    const due = ofType(alone, 'AWS::Scheduler::Schedule').map(([, { Properties }]) => {
      const { Input } = Properties['Target'] as { Input: string };
      return `${targetOf(Properties)} ${(JSON.parse(Input) as { task: string }).task} ${String(Properties['ScheduleExpression'])}`;
    });
    expect(due.toSorted()).toEqual([
      'GuardLambdaFunction guard rate(1 minute)',
      'NotifyLambdaFunction sweep rate(1 minute)',
      'PlanLambdaFunction active rate(1 hour)',
      'PlanLambdaFunction daily rate(1 day)',
      'PlanLambdaFunction hot rate(5 minutes)',
      'PlanLambdaFunction probe rate(1 minute)',
      'ReportLambdaFunction daily cron(30 0 * * ? *)',
      'SealLambdaFunction seal cron(5 * * * ? *)',
    ]);
  });
});
