/** The composition: the real checks and the real store, over stand-ins for what AWS answers. */
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import {
  DescribeRuleCommand,
  EventBridgeClient,
  ListTargetsByRuleCommand,
  PutRuleCommand,
} from '@aws-sdk/client-eventbridge';
import { GetObjectCommand, ListObjectsV2Command, S3Client } from '@aws-sdk/client-s3';
import { ListSchedulesCommand, SchedulerClient } from '@aws-sdk/client-scheduler';
import {
  GetTopicAttributesCommand,
  ListSubscriptionsByTopicCommand,
  PublishCommand,
  SNSClient,
} from '@aws-sdk/client-sns';
import {
  DeleteMessageBatchCommand,
  ReceiveMessageCommand,
  SendMessageBatchCommand,
  SQSClient,
} from '@aws-sdk/client-sqs';
import { mockClient } from 'aws-sdk-client-mock';
import { afterAll, afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { rules } from '../../../lib/events/rules.ts';
import type { Change } from '../../../lib/model/change.ts';
import type { EndpointState } from '../../../lib/model/state.ts';
import { openDynamoStore } from '../../../lib/stores/dynamodb.ts';
import { entryWith, fileOf } from '../../support/allowances.ts';
import { awsError } from '../../support/aws.ts';
import { noticeJson } from '../../../lib/sinks/notice-json.ts';
import { anIncident, aNotice, aState } from '../../support/builders.ts';
import { dynoxide, startDynamo } from '../../stores/dynamodb-server.ts';

const program = dynoxide();
const HUB = '111122223333';
const AUDIENCES = ['page', 'chat', 'machine', 'digest', 'health'] as const;
const topic = (name: string): string => `arn:aws:sns:eu-west-1:${HUB}:ajar-prod-${name}`;
const signal = new AbortController().signal;

const sns = mockClient(SNSClient);
const sqs = mockClient(SQSClient);
const events = mockClient(EventBridgeClient);
const scheduler = mockClient(SchedulerClient);
const s3 = mockClient(S3Client);
const ENDING = fileOf(entryWith({ expires: '2026-12-10' }));

/** Everything of ajar's own stands as it should. */
function allWell(): void {
  for (const mock of [sns, sqs, events, scheduler, s3]) mock.reset();
  sns.on(PublishCommand).resolves({ MessageId: 'm' });
  sns.on(GetTopicAttributesCommand).resolves({ Attributes: { KmsMasterKeyId: 'KEY' } });
  sns.on(ListSubscriptionsByTopicCommand).callsFake(({ TopicArn }: { TopicArn: string }) => ({
    Subscriptions: [{ Protocol: 'email', Endpoint: 'oncall@example.org', SubscriptionArn: `${TopicArn}:1` }],
  }));
  sqs.on(SendMessageBatchCommand).resolves({});
  events.on(PutRuleCommand).resolves({});
  for (const { name, pattern } of rules('ajar-prod-changes')) {
    events
      .on(DescribeRuleCommand, { Name: name, EventBusName: 'ajar-prod' })
      .resolves({ State: 'ENABLED', EventPattern: JSON.stringify(pattern) });
  }
  events
    .on(ListTargetsByRuleCommand)
    .resolves({ Targets: [{ Id: 'change', Arn: `arn:aws:sqs:eu-west-1:${HUB}:ajar-prod-change` }] });
  const schedules = ['plan', 'plan', 'plan', 'plan', 'notify', 'guard', 'report', 'seal'];
  scheduler.on(ListSchedulesCommand).resolves({
    Schedules: schedules.map((of, i) => ({
      Name: `s${i}`,
      State: 'ENABLED',
      Target: { Arn: `arn:aws:lambda:eu-west-1:${HUB}:function:ajar-prod-${of}` },
    })),
  });
}

interface Body {
  readonly began: readonly { readonly key: string }[];
  readonly lasting: readonly { readonly key: string }[];
  readonly ended: readonly { readonly key: string }[];
}
/** What was published since the last time, and where. */
function published() {
  const calls = sns.commandCalls(PublishCommand).map((c) => c.args[0].input);
  sns.resetHistory();
  return calls.map(({ TopicArn, Message }) => {
    const { began, lasting, ended } = JSON.parse((JSON.parse(Message ?? '') as { default: string }).default) as Body;
    const keys = (of: Body['began']) => of.map(({ key }) => key);
    return { to: TopicArn?.split('-').at(-1), began: keys(began), lasting: keys(lasting), ended: keys(ended) };
  });
}

describe.runIf(program === undefined)('guard', () => {
  it.skip('is not tried: @dynoxide/linux-x64 is not installed on this platform', () => {});
});

describe.runIf(program !== undefined)('guard', async () => {
  const server = await startDynamo(program ?? '');
  const client = server.client();
  const pings: string[] = [];
  let answer = 200;
  const deadMan = createServer((request, response) => {
    pings.push(`${request.method} ${request.url}`);
    response.writeHead(answer, { location: '/elsewhere' }).end();
  });
  await new Promise<void>((resolve) => deadMan.listen(0, '127.0.0.1', resolve));
  const url = `http://127.0.0.1:${(deadMan.address() as AddressInfo).port}/s3cr3t`;
  afterAll(async () => {
    client.destroy();
    deadMan.close();
    await server.stop();
  });

  let table: string;
  /** A Lambda environment that begins. */
  async function environment() {
    vi.resetModules();
    const { guard } = await import('../../../lib/runtime/lambda/guard.ts');
    const { metrics } = await import('../../../lib/runtime/lambda/telemetry.ts');
    const added = vi.spyOn(metrics, 'addMetric');
    return {
      async run(at: string) {
        vi.setSystemTime(`2026-12-04T${at}Z`);
        added.mockClear();
        pings.length = 0;
        let error: unknown;
        await guard({ task: 'guard' }, { signal, runId: 'r' }).catch((thrown: unknown) => (error = thrown));
        const measured = Object.fromEntries(added.mock.calls.map(([name, , value]) => [name, value]));
        return { error, measured, told: published(), pings: pings.length };
      },
    };
  }
  const store = () => openDynamoStore({ client, table, sinks: ['sns:page'], now: () => new Date() });

  beforeEach(async () => {
    allWell();
    vi.useFakeTimers({ toFake: ['Date'] });
    vi.setSystemTime('2026-12-04T10:00:00Z');
    table = await server.table();
    answer = 200;
    for (const [name, value] of Object.entries({
      ...{ AWS_REGION: 'eu-west-1', AWS_ACCESS_KEY_ID: 'x', AWS_SECRET_ACCESS_KEY: 'x' },
      ...{ AWS_ENDPOINT_URL_DYNAMODB: server.url, AJAR_TABLE: table, AJAR_HEARTBEAT_URL: url },
      AJAR_CHANGE_QUEUE: `https://sqs.eu-west-1.amazonaws.com/${HUB}/ajar-prod-change`,
      ...Object.fromEntries(AUDIENCES.map((name) => [`AJAR_TOPIC_${name.toUpperCase()}`, topic(name)])),
      ...{ AJAR_ACCOUNTS: '', AJAR_REGIONS: '', AJAR_SUBSCRIPTIONS: '', AJAR_ROLE: '', AJAR_ALLOWLIST: '' },
    })) {
      vi.stubEnv(name, value);
    }
  });
  afterEach(() => {
    vi.unstubAllEnvs();
    vi.useRealTimers();
  });

  it('that finds nothing writes its heartbeat, tells nobody, and lets the dead man hear it', async () => {
    const { error, measured, told, pings: heard } = await (await environment()).run('10:00:00');
    expect([error, told, heard]).toEqual([undefined, [], 1]);
    expect(pings).toEqual(['POST /s3cr3t']);
    expect(events.commandCalls(PutRuleCommand).map((c) => c.args[0].input.Name)).toEqual(['ajar-prod-heartbeat']);
    expect(measured).toEqual({
      ...{
        OverdueCells: 0,
        BlindEndpoints: 0,
        CoverageGaps: 0,
        OverdueProbes: 0,
        SilentVantages: 0,
        OutboxAge: 0,
        Searches: 0,
        Reminders: 0,
        Problems: 0,
        GuardPass: 1,
      },
    });
  });

  it('tells what is wrong with what ajar rests on, once, in whichever environment, and when it is well again', async () => {
    const first = await environment();
    events.on(DescribeRuleCommand, { Name: 'ajar-prod-changes-2' }).resolves({ State: 'DISABLED' });
    scheduler.on(ListSchedulesCommand).resolves({ Schedules: [] });
    sns.on(GetTopicAttributesCommand, { TopicArn: topic('digest') }).rejects(awsError('NotFoundException', 404));
    const began = [
      'own-rule/ajar-prod-changes-2',
      ...['plan', 'notify', 'guard', 'report', 'seal'].map((n) => `own-schedule/${n}`),
      'own-topic/digest',
    ];
    const { told, measured } = await first.run('10:00:00');
    expect(told).toEqual([{ to: 'health', began, lasting: [], ended: [] }]);
    expect(measured).toMatchObject({ Problems: 7, GuardPass: 1 });
    expect((await first.run('10:01:00')).told).toEqual([]);
    const second = await environment();
    expect((await second.run('10:02:00')).told).toEqual([]);
    allWell();
    expect((await second.run('10:03:00')).told).toEqual([]);
    const { told: over } = await second.run('10:05:00');
    expect(over).toEqual([{ to: 'health', began: [], lasting: [], ended: expect.arrayContaining(began) as string[] }]);
  });

  it('reads of its own stack every five minutes, and what it could not read a minute later', async () => {
    const lambda = await environment();
    const asked = () => scheduler.commandCalls(ListSchedulesCommand).length;
    scheduler.on(ListSchedulesCommand).rejects(awsError('AccessDeniedException', 403));
    const { told, pings: heard, measured } = await lambda.run('10:01:00');
    expect([told[0]?.began, heard, measured['GuardPass']]).toEqual([['check/own-schedules'], 0, 0]);
    await lambda.run('10:02:00');
    expect(asked()).toBe(2);
    allWell();
    expect((await lambda.run('10:03:00')).told[0]?.ended).toEqual(['check/own-schedules']);
    await lambda.run('10:04:00');
    expect(asked()).toBe(1);
    await lambda.run('10:05:00');
    expect(asked()).toBe(2);
  });

  it('finds what nobody reads, visits or takes, and asks who did it', async () => {
    const kept = await store();
    await kept.inventory.save({
      place: { account: HUB, region: 'eu-west-1', partition: 'aws' },
      cells: { rds: { status: 'denied', triedAt: '2026-12-01T00:00:00Z', calls: 1, known: {} } },
    });
    const incident = anIncident({ detectedAt: '2026-12-04T10:00:00.000Z' });
    const state: EndpointState = { ...aState(), incidents: [incident] };
    await kept.commit({ state, expected: 0, lines: [], notices: [], incidents: [incident] });
    const lambda = await environment();
    const { told, measured } = await lambda.run('10:15:00');
    expect(told[0]?.began).toEqual(['overdue-cells', 'overdue-probes', 'coverage/denied']);
    expect(measured).toMatchObject({ OverdueCells: 1, CoverageGaps: 1, OverdueProbes: 1, Searches: 1, Reminders: 1 });
    const [send] = sqs.commandCalls(SendMessageBatchCommand).map((c) => c.args[0].input);
    expect(send?.QueueUrl).toContain('ajar-prod-change');
    expect(send?.Entries?.map((e) => JSON.parse(e.MessageBody ?? '') as unknown)).toEqual([
      { kind: 'explain', endpointId: 'device-analytics', isLast: false },
      { kind: 'remind', endpointId: 'device-analytics' },
    ]);
    vi.stubEnv('AJAR_ACCOUNTS', '444455556666');
    expect((await lambda.run('10:16:00')).told[0]?.ended).toEqual(['overdue-cells', 'coverage/denied']);
  });

  it('reads the allowlist where there is a place for one, and tells that it cannot', async () => {
    vi.stubEnv('AJAR_ALLOWLIST', 's3://bucket/allowlist/allowlist.yaml');
    s3.on(GetObjectCommand).resolves({ Body: { transformToString: async () => ENDING } } as never);
    const lambda = await environment();
    const { told, measured } = await lambda.run('10:00:00');
    expect(told[0]?.began).toEqual(['allowlist/ends/2026-12-04T10:00:00.000Z/7']);
    expect(measured['GuardPass']).toBe(1);
    expect((await lambda.run('10:01:00')).told).toEqual([]);
    s3.on(GetObjectCommand).rejects(awsError('AccessDenied', 403));
    const denied = await lambda.run('10:02:00');
    expect([denied.told[0]?.began, denied.pings]).toEqual([['check/allowlist'], 0]);
    const lines = [];
    for await (const line of (await store()).ledger()) if (line.kind !== 'run' && line.kind !== 'gap') lines.push(line);
    expect(lines).toMatchObject([{ kind: 'allowlist', body: { event: 'loaded', counts: { added: 1 } } }]);
  });

  it('does not miss endpoints whose probe keeps a daily budget, or that have none', async () => {
    const kept = await store();
    for (const engine of ['mysql', 'oracle', 'redis'] as const) {
      await kept.commit({ state: aState({ id: engine, engine }), expected: 0, lines: [], notices: [], incidents: [] });
    }
    const { measured } = await (await environment()).run('10:20:00');
    expect(measured['OverdueProbes']).toBe(1);
  });

  it('knows its heartbeat when it comes back, and misses one that does not', async () => {
    const lambda = await environment();
    await lambda.run('10:00:00');
    const change: Change = {
      ...{
        id: 'e1',
        at: '2026-12-04T10:00:00.000Z',
        account: HUB,
        region: 'eu-west-1',
        touched: [],
        services: ['guardrails'],
      },
      ...{
        source: 'events.amazonaws.com',
        name: 'PutRule',
        kind: 'guardrail',
        names: ['ajar-prod-heartbeat', 'ajar-prod'],
      },
      actor: { who: `arn:aws:iam::${HUB}:role/ajar-prod-guard`, type: 'AssumedRole', channel: 'sdk' },
    };
    await (await store()).changes.add(change);
    const well = await lambda.run('10:15:00');
    expect([well.told, well.measured['HeartbeatAge']]).toEqual([[], 900]);
    expect(events.commandCalls(PutRuleCommand)).toHaveLength(2);
    expect((await lambda.run('10:20:00')).told).toEqual([]);
    expect((await lambda.run('10:21:00')).told[0]?.began).toEqual(['event-path']);
    await (await store()).changes.add({ ...change, id: 'e2', at: '2026-12-04T10:15:00.000Z' });
    expect((await lambda.run('10:22:00')).told[0]?.ended).toEqual(['event-path']);
    // Somebody else's hand on the same stack is told at once.
    const other = { ...change.actor, who: `arn:aws:iam::${HUB}:role/dev` };
    await (await store()).changes.add({
      ...change,
      id: 'e3',
      at: '2026-12-04T10:22:30.000Z',
      name: 'DisableRule',
      actor: other,
    });
    expect((await lambda.run('10:23:00')).told[0]?.began).toEqual(['tampering/e3']);
    expect((await lambda.run('10:24:00')).told).toEqual([]);
  });

  it('leaves its pulse in the ledger, and tells that no hour of it is sealed until one is', async () => {
    vi.stubEnv('AJAR_EVIDENCE_BUCKET', 'evidence');
    s3.on(ListObjectsV2Command).resolves({});
    const lambda = await environment();
    for (const at of ['10:00:00', '11:15:00']) {
      expect((await lambda.run(at)).measured, at).toMatchObject({ UnsealedHours: 0 });
    }
    const late = await lambda.run('11:20:00');
    expect(late.told.flatMap(({ began }) => began)).toContain('unsealed-hours');
    expect(late.measured['UnsealedHours']).toBe(1);
    for (const [Prefix, Found] of [
      ['ledger/', 'ledger/2026/'],
      ['ledger/2026/', 'ledger/2026/12/'],
      ['ledger/2026/12/', 'ledger/2026/12/04/'],
    ] as const)
      s3.on(ListObjectsV2Command, { Prefix }).resolves({ CommonPrefixes: [{ Prefix: Found }] });
    const Key = 'ledger/2026/12/04/10.checkpoint.json';
    s3.on(ListObjectsV2Command, { Prefix: 'ledger/2026/12/04/' }).resolves({ Contents: [{ Key }] });
    expect((await lambda.run('11:25:00')).told.flatMap(({ ended }) => ended)).toContain('unsealed-hours');
    const events = [];
    for await (const { kind, body } of (await store()).ledger()) if (kind === 'run') events.push(body['event']);
    expect(events).toEqual(['pulse', 'pulse', 'pulse', 'pulse']);
  });

  it('compares who listens with who should, and is heard on the page topic where nobody listens to its own', async () => {
    vi.stubEnv('AJAR_SUBSCRIPTIONS', 'page email oncall@example.org,health email oncall@example.org');
    sns.on(ListSubscriptionsByTopicCommand).resolves({ Subscriptions: [] });
    sns.on(ListSubscriptionsByTopicCommand, { TopicArn: topic('page') }).resolves({
      Subscriptions: [{ Protocol: 'email', Endpoint: 'oncall@example.org', SubscriptionArn: `${topic('page')}:1` }],
    });
    const { told, pings: heard } = await (await environment()).run('10:00:00');
    expect(told).toEqual([
      {
        ...{ to: 'page', lasting: [], ended: [] },
        began: ['subscriptions/health/nobody', 'subscriptions/missing/health email oncall@example.org'],
      },
    ]);
    expect(heard).toBe(1);
  });

  describe('with a drill', () => {
    const queue = `https://sqs.eu-west-1.amazonaws.com/${HUB}/ajar-prod-drill`;
    beforeEach(() => {
      vi.stubEnv('AJAR_DRILL', '10m/6h');
      vi.stubEnv('AJAR_DRILL_QUEUE', queue);
      sqs.on(ReceiveMessageCommand).resolves({});
      sqs.on(DeleteMessageBatchCommand).resolves({});
      subscribe();
    });
    const Endpoint = `arn:aws:sqs:eu-west-1:${HUB}:ajar-prod-drill`;
    const email = { Protocol: 'email', Endpoint: 'oncall@example.org', SubscriptionArn: `${topic('machine')}:1` };
    const subscribe = (own = [{ Protocol: 'sqs', Endpoint, SubscriptionArn: `${topic('machine')}:2` }]) =>
      sns
        .on(ListSubscriptionsByTopicCommand, { TopicArn: topic('machine') })
        .resolves({ Subscriptions: [email, ...own] });
    const told = (at: string) => {
      const endpoint = { ...aNotice().endpoint, id: 'ajar/drill', drill: true } as const;
      const notice = aNotice({ endpoint, incident: anIncident({ detectedAt: `2026-12-04T${at}.000Z` }) });
      const sent = String(Date.parse(`2026-12-04T${at}.000Z`) + 1_000);
      return { Body: noticeJson(notice), ReceiptHandle: 'h', Attributes: { SentTimestamp: sent } };
    };

    it('hears that it was told, measures how long that took, and forgets the message', async () => {
      const lambda = await environment();
      await lambda.run('11:59:00');
      const waiting = [told('12:00:39')];
      sqs.on(ReceiveMessageCommand).callsFake(() => ({ Messages: waiting.splice(0) }));
      const { measured, told: problems } = await lambda.run('12:01:00');
      expect([measured['DrillAlertSeconds'], problems]).toEqual([40, []]);
      expect(sqs.commandCalls(DeleteMessageBatchCommand).map((c) => c.args[0].input)).toEqual([
        { QueueUrl: queue, Entries: [{ Id: '0', ReceiptHandle: 'h' }] },
      ]);
      await lambda.run('12:17:00');
      const lines = [];
      for await (const line of (await store()).ledger())
        if (line.kind !== 'run' && line.kind !== 'gap') lines.push(line);
      expect(lines).toMatchObject([{ kind: 'drill', subject: 'ajar/drill', body: { alertSeconds: 40 } }]);
    });

    it('tells the health topic what was not told, whoever hears drills', async () => {
      const lambda = await environment();
      await lambda.run('11:59:00');
      const { told: problems, measured } = await lambda.run('12:07:00');
      expect(problems).toMatchObject([{ to: 'health', began: expect.arrayContaining(['drill/alert']) as string[] }]);
      expect(measured['GuardPass']).toBe(1);
    });

    it('has not looked where SQS does not answer, or where its schedule is none, and looks at all else', async () => {
      sqs.on(ReceiveMessageCommand).rejects(awsError('AccessDenied', 403));
      const lambda = await environment();
      const { told: problems, measured, pings: heard } = await lambda.run('12:07:00');
      expect([problems[0]?.began, measured['GuardPass'], heard]).toEqual([['check/drill'], 0, 0]);
      sqs.on(ReceiveMessageCommand).resolves({});
      expect((await lambda.run('12:08:00')).told[0]?.ended).toEqual(['check/drill']);
      vi.stubEnv('AJAR_DRILL', 'hourly');
      expect((await lambda.run('12:09:00')).told[0]?.began).toEqual(['check/drill']);
      vi.stubEnv('AJAR_DRILL', '');
      expect((await lambda.run('12:10:00')).told[0]?.ended).toEqual(['check/drill']);
    });

    it.each([
      ['beside those that were declared', AUDIENCES.map((name) => `${name} email oncall@example.org`).join(',')],
      ['where nobody said who listens', ''],
    ])('knows the subscription of its own queue, and misses it %s', async (_, declared) => {
      vi.stubEnv('AJAR_SUBSCRIPTIONS', declared);
      subscribe([]);
      const lambda = await environment();
      const key = `subscriptions/missing/machine sqs ${Endpoint}`;
      expect((await lambda.run('11:00:00')).told[0]?.began).toEqual([key]);
      subscribe();
      expect((await lambda.run('11:05:00')).told).toMatchObject([{ began: [], ended: [key] }]);
    });
  });

  it('that could not tell fails, does not ping, and tells a minute later', async () => {
    scheduler.on(ListSchedulesCommand).resolves({ Schedules: [] });
    sns.on(PublishCommand).rejects(awsError('AuthorizationErrorException', 403));
    const lambda = await environment();
    const { error, pings: heard, measured } = await lambda.run('10:00:00');
    expect(String(error)).toMatch(/guard did not tell all.*AuthorizationError/);
    expect([heard, measured['GuardPass'], measured['Problems']]).toEqual([0, 0, 5]);
    allWell();
    scheduler.on(ListSchedulesCommand).resolves({ Schedules: [] });
    const again = await lambda.run('10:01:00');
    expect([again.error, again.told[0]?.began.length, again.pings]).toEqual([undefined, 5, 1]);
  });

  it('tells that the dead man did not take its call, follows him nowhere, and never says where he is', async () => {
    const lambda = await environment();
    answer = 302;
    const { told, pings: heard } = await lambda.run('10:00:00');
    expect([told[0]?.began, heard]).toEqual([['dead-man'], 1]);
    answer = 200;
    expect((await lambda.run('10:01:00')).told[0]?.ended).toEqual(['dead-man']);
    vi.stubEnv('AJAR_HEARTBEAT_URL', 'http://127.0.0.1:1/s3cr3t');
    sns.resetHistory();
    vi.setSystemTime('2026-12-04T10:02:00Z');
    const { guard } = await import('../../../lib/runtime/lambda/guard.ts');
    await guard({ task: 'guard' }, { signal, runId: 'r' });
    expect(JSON.stringify(sns.commandCalls(PublishCommand).map((c) => c.args[0].input))).not.toContain('s3cr3t');
    expect(published()[0]?.began).toEqual(['dead-man']);
  });

  it('whose stack has no name tells so, and all else', async () => {
    vi.stubEnv('AJAR_TOPIC_HEALTH', `arn:aws:sns:eu-west-1:${HUB}:health`);
    await (await store()).commit({ state: aState(), expected: 0, lines: [], notices: [], incidents: [] });
    const { told, measured } = await (await environment()).run('10:30:00');
    expect(told[0]?.began).toEqual(['overdue-probes', 'check/own-stack']);
    expect(measured['GuardPass']).toBe(0);
  });

  it('without its change queue tells that no search was asked for', async () => {
    vi.stubEnv('AJAR_CHANGE_QUEUE', '');
    const incident = anIncident({ detectedAt: '2026-12-04T10:00:00.000Z' });
    await (await store()).commit({
      state: aState({ shared: true }),
      expected: 0,
      lines: [],
      notices: [],
      incidents: [incident],
    });
    expect((await (await environment()).run('10:15:00')).told[0]?.began).toEqual(['check/explain']);
  });

  it('tells where the store does not answer, and does not ping', async () => {
    vi.stubEnv('AWS_ENDPOINT_URL_DYNAMODB', 'http://127.0.0.1:1');
    const lambda = await environment();
    const { error, told, pings: heard } = await lambda.run('10:00:00');
    expect(told[0]?.began).toEqual(
      expect.arrayContaining(['check/coverage', 'check/visits', 'check/outbox', 'check/explain', 'check/tampering']),
    );
    expect([String(error).includes('what was told is not known'), heard]).toEqual([true, 0]);
    expect((await lambda.run('10:01:00')).told).toEqual([]);
  });

  it('takes no other task', async () => {
    const { guard } = await import('../../../lib/runtime/lambda/guard.ts');
    await expect(guard({ task: 'daily' }, { signal, runId: 'r' })).rejects.toThrow();
  });
});
