/** The sinks of a deployed ajar: the real outbox and table, Secrets Manager and SNS stood in for, receivers on loopback. */
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { GetSecretValueCommand, SecretsManagerClient } from '@aws-sdk/client-secrets-manager';
import { PublishBatchCommand, PublishCommand, SNSClient } from '@aws-sdk/client-sns';
import { mockClient } from 'aws-sdk-client-mock';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest';
import { EMPTY_ALLOWLIST } from '../../../lib/model/allowlist.ts';
import type { Json } from '../../../lib/model/ledger.ts';
import type { AwsPlace, SinkEntry } from '../../../lib/model/sink-entry.ts';
import { SINKS_NOTE, type SinksInForce, sinksTriedOf, TRIED_NOTE } from '../../../lib/model/sinks-in-force.ts';
import { assess } from '../../../lib/pipeline/assess.ts';
import { sinkFor } from '../../../lib/runtime/sinks.ts';
import { dynoxide, startDynamo } from '../../stores/dynamodb-server.ts';
import { awsError } from '../../support/aws.ts';
import { aReading } from '../../support/readings.ts';

const program = dynoxide();
const arn = (name: string): string => `arn:aws:secretsmanager:eu-west-1:111122223333:secret:ajar/${name}-AbCdEf`;
const KEY = 'k'.repeat(32);
const END = '9999-12-31T23:59:59.999Z';
const work = () => ({ signal: AbortSignal.timeout(20_000), runId: 'r' });
const secrets = mockClient(SecretsManagerClient);
const sns = mockClient(SNSClient);

describe.runIf(program === undefined)('sinks of a deployed ajar', () => {
  it.skip('are not tried: @dynoxide/linux-x64 is not installed on this platform', () => {});
});

describe.runIf(program !== undefined)('sinks of a deployed ajar', async () => {
  const server = await startDynamo(program ?? '');
  const asked: { readonly path: string; readonly headers: object; readonly body: string }[] = [];
  let receiver: Server;
  const at = (path: string): string => `http://127.0.0.1:${(receiver.address() as AddressInfo).port}${path}`;

  beforeAll(async () => {
    receiver = createServer((request, response) => {
      let body = '';
      request.on('data', (chunk: Buffer) => (body += chunk.toString()));
      request.on('end', () => {
        asked.push({ path: request.url ?? '', headers: request.headers, body });
        response.end('ok');
      });
    });
    await new Promise<void>((resolve) => receiver.listen(0, '127.0.0.1', resolve));
  });
  afterAll(async () => {
    receiver.closeAllConnections();
    receiver.close();
    await server.stop();
  });
  beforeEach(async () => {
    asked.length = 0;
    for (const mock of [secrets, sns]) mock.reset();
    sns.on(PublishBatchCommand).callsFake(({ PublishBatchRequestEntries }: { PublishBatchRequestEntries: [] }) => ({
      Successful: PublishBatchRequestEntries.map(({ Id }) => ({ Id, MessageId: 'm' })),
    }));
    sns.on(PublishCommand).resolves({ MessageId: 'm' });
    const topicOf = (audience: string): string => `arn:aws:sns:eu-west-1:123456789012:ajar-${audience}`;
    for (const [name, value] of Object.entries({
      ...{ AWS_REGION: 'eu-west-1', AWS_ACCESS_KEY_ID: 'x', AWS_SECRET_ACCESS_KEY: 'x' },
      ...{ AWS_ENDPOINT_URL_DYNAMODB: server.url, AJAR_TABLE: await server.table() },
      ...{ AJAR_TOPIC_PAGE: topicOf('page'), AJAR_TOPIC_CHAT: topicOf('chat'), AJAR_TOPIC_MACHINE: topicOf('machine') },
    })) {
      vi.stubEnv(name, value);
    }
    vi.resetModules();
  });
  afterEach(() => vi.unstubAllEnvs());

  /** A Lambda that has just started. */
  const lambda = async () => {
    const { notes, state } = await import('../../../lib/runtime/lambda/state.ts');
    const { publish } = await import('../../../lib/runtime/lambda/notify.ts');
    return { notes: notes(), store: await state(), publish };
  };
  type Lambda = Awaited<ReturnType<typeof lambda>>;
  const inForce = async (
    { notes }: Lambda,
    entries: readonly SinkEntry<AwsPlace>[],
    removed: SinksInForce['removed'] = [],
  ) => notes.save(SINKS_NOTE, { version: 1, entries, removed, at: '2026-12-04T10:00:00.000Z' } as unknown as Json);
  const expose = async ({ store }: Lambda, id = 'a') => {
    await assess(aReading({ at: 1, endpoint: { id }, sees: [{}] }), store, EMPTY_ALLOWLIST, () => new Date());
    const open = aReading({ at: 2, endpoint: { id }, sees: [{ auth: 'open-anonymous' }] });
    await assess(open, store, EMPTY_ALLOWLIST, () => new Date());
  };
  const owed = async ({ store }: Lambda) => [...new Set((await store.outbox.due(END, 100)).map(({ sink }) => sink))];

  const hook: SinkEntry<AwsPlace> = {
    ...{ type: 'webhook', escalation: false, format: 'notice', url: { secret: arn('hook'), field: 'url' } },
    secret: { secret: arn('hook'), field: 'key' },
  };
  const slack: SinkEntry<AwsPlace> = { type: 'slack', escalation: false, url: { secret: arn('slack') } };

  it('are owed what is committed, and told with the secrets that they name, each read once', async () => {
    const ajar = await lambda();
    await inForce(ajar, [hook, slack]);
    secrets.on(GetSecretValueCommand, { SecretId: arn('hook') }).resolves({
      SecretString: JSON.stringify({ url: at('/hook'), key: 'whsec' }),
    });
    secrets.on(GetSecretValueCommand, { SecretId: arn('slack') }).resolves({ SecretString: `${at('/slack')}\n` });
    await expose(ajar);
    expect(new Set(await owed(ajar))).toEqual(new Set(['sns:page', 'sns:chat', 'sns:machine', 'webhook', 'slack']));
    await ajar.publish({}, work());
    expect(await owed(ajar)).toEqual([]);
    expect(new Set(asked.map(({ path }) => path))).toEqual(new Set(['/hook', '/slack']));
    expect(asked.find(({ path }) => path === '/hook')?.headers).toHaveProperty('ajar-signature');
    expect(secrets.commandCalls(GetSecretValueCommand)).toHaveLength(2);
  });

  it('of which one cannot read its secret lose nothing, hold nobody up, and are told of by name', async () => {
    const ajar = await lambda();
    await inForce(ajar, [hook, slack]);
    secrets.on(GetSecretValueCommand).rejects(awsError('AccessDeniedException', 400, 'not authorized'));
    secrets.on(GetSecretValueCommand, { SecretId: arn('slack') }).resolves({ SecretString: at('/slack') });
    await expose(ajar);
    await ajar.publish({ task: 'sweep' }, work());
    expect(await owed(ajar)).toEqual(['webhook']);
    const waiting = await ajar.store.outbox.due(END, 100);
    const [left] = waiting;
    expect(left?.lastError).toContain(`secret ${arn('hook')} cannot be read: AccessDeniedException`);
    expect(left?.lastError).toContain('--param sinkSecrets');
    const tried = sinksTriedOf(await ajar.notes.read(TRIED_NOTE));
    expect(Object.keys(tried?.faults ?? {})).toEqual(['webhook']);
    // Allowed again: the very next try takes it.
    const mended = { SecretString: JSON.stringify({ url: at('/hook'), key: 'whsec' }) };
    secrets.on(GetSecretValueCommand, { SecretId: arn('hook') }).resolves(mended);
    for (const entry of waiting) await ajar.store.outbox.postpone(entry, '2026-01-01T00:00:00.000Z');
    await ajar.publish({ task: 'sweep' }, work());
    expect(await owed(ajar)).toEqual([]);
    expect(sinksTriedOf(await ajar.notes.read(TRIED_NOTE))?.faults).toEqual({});
  });

  it('that were taken out are settled unsent for what they were owed before, and the ledger says so', async () => {
    const ajar = await lambda();
    await inForce(ajar, [slack]);
    await expose(ajar);
    await inForce(ajar, [], [{ id: 'slack', at: new Date().toISOString() }]);
    await ajar.publish({}, work());
    expect(await owed(ajar)).toEqual([]);
    expect(asked).toEqual([]);
    const lines = [];
    for await (const entry of ajar.store.ledger()) lines.push(JSON.stringify(entry));
    expect(lines.join()).toContain('not sent, this sink was taken out of sinks.yaml');
  });

  it('that were taken out long ago keep what they are owed since: they may be back', async () => {
    const ajar = await lambda();
    await inForce(ajar, [slack]);
    await expose(ajar);
    await inForce(ajar, [], [{ id: 'slack', at: '2026-01-01T00:00:00.000Z' }]);
    await ajar.publish({}, work());
    expect(await owed(ajar)).toEqual(['slack']);
  });

  it('written in a form of another version keep nobody from being paged', async () => {
    const ajar = await lambda();
    await ajar.notes.save(SINKS_NOTE, { version: 2, sinks: {} });
    await expose(ajar);
    expect(new Set(await owed(ajar))).toEqual(new Set(['sns:page', 'sns:chat', 'sns:machine']));
    await ajar.publish({}, work());
    expect(await owed(ajar)).toEqual([]);
  });

  it('each get the test alert, those that were taken out do not', async () => {
    const ajar = await lambda();
    await inForce(ajar, [slack], [{ id: 'teams', at: '2026-01-01T00:00:00.000Z' }]);
    secrets.on(GetSecretValueCommand).resolves({ SecretString: at('/slack') });
    expect(Object.keys((await ajar.publish({ task: 'test' }, work())) ?? {})).toEqual([
      ...['sns:page', 'sns:chat', 'sns:machine'],
      'slack',
    ]);
    expect(asked[0]?.body).toContain('nothing is open');
  });
});

describe('a secret', () => {
  const fresh = async () => {
    vi.resetModules();
    return (await import('../../../lib/runtime/lambda/secrets.ts')).secretAt;
  };
  beforeEach(() => {
    secrets.reset();
    vi.stubEnv('AWS_REGION', 'eu-west-1');
  });
  afterEach(() => vi.unstubAllEnvs());

  it('is kept for five minutes and no longer, and one that could not be read not at all', async () => {
    const secretAt = await fresh();
    secrets.on(GetSecretValueCommand).rejectsOnce(new Error('slow')).resolves({ SecretString: 'a' });
    const place = { secret: arn('a') };
    await expect(secretAt(place, 0)).rejects.toMatchObject({ code: 'sink-refused' });
    expect((await secretAt(place, 1)).text).toBe('a');
    await secretAt(place, 299_000);
    expect(secrets.commandCalls(GetSecretValueCommand)).toHaveLength(2);
    secrets.on(GetSecretValueCommand).resolves({ SecretString: 'b' });
    expect((await secretAt(place, 301_000)).text).toBe('b');
  });

  it.each([
    ['is no JSON', KEY, 'is no JSON'],
    ['has no such field', JSON.stringify({ other: KEY }), 'has no text in the field key'],
    ['has only an inherited one', JSON.stringify({ a: KEY }), 'has no text in the field toString', 'toString'],
    ['holds no text there', JSON.stringify({ key: [KEY] }), 'has no text in the field key'],
  ])('that %s is refused, and no word of it is said', async (_, SecretString, said, field = 'key') => {
    const secretAt = await fresh();
    secrets.on(GetSecretValueCommand).resolves({ SecretString });
    const error = await secretAt({ secret: arn('a'), field }).catch((cause: unknown) => cause);
    expect(String(error)).toContain(said);
    expect(JSON.stringify([String(error), error, (error as Error).stack])).not.toContain(KEY.slice(0, 8));
  });

  it('that is binary, or of another form than the sink needs, is refused without a word of it', async () => {
    const secretAt = await fresh();
    secrets.on(GetSecretValueCommand).resolves({ SecretBinary: new Uint8Array([1]) });
    await expect(secretAt({ secret: arn('a') })).rejects.toThrow('is binary');
    secrets.on(GetSecretValueCommand).resolves({ SecretString: `ftp://${KEY}` });
    const { sinkOf } = await import('../../../lib/runtime/lambda/sinks.ts');
    const sink = sinkOf({ type: 'teams', escalation: false, url: { secret: arn('b') } });
    const { aNotice } = await import('../../support/builders.ts');
    const error = await sink.deliver(aNotice(), work().signal).catch((cause: unknown) => cause);
    expect(String(error)).toContain('not an https URL');
    expect(String((error as Error).stack)).not.toContain(KEY);
  });
});

it('a sink promises the outbox before it is made what it keeps when it is', async () => {
  const { sinkOf } = await import('../../../lib/runtime/lambda/sinks.ts');
  const place = { secret: arn('a') };
  const bus = 'arn:aws:events:eu-west-1:111122223333:event-bus/security';
  const url = 'https://x.example/';
  const pairs = [
    [sinkOf({ type: 'slack', escalation: false, url: place }), sinkFor({ type: 'slack', id: 'slack', url })],
    [sinkOf({ type: 'teams', escalation: false, url: place }), sinkFor({ type: 'teams', id: 'teams', url })],
    [
      sinkOf({ type: 'pagerduty', escalation: true, region: 'eu', key: place }),
      sinkFor({ type: 'pagerduty', id: 'escalation:pagerduty', key: KEY, region: 'eu' }),
    ],
    [sinkOf({ type: 'eventbridge', escalation: false, bus }), sinkFor({ type: 'eventbridge', id: 'eventbridge', bus })],
    [
      sinkOf({ type: 'securityhub', escalation: false }),
      sinkFor({ type: 'securityhub', id: 'securityhub', role: 'security/ajar-findings' }),
    ],
    [
      sinkOf({ type: 'webhook', escalation: false, format: 'asff', url: place }),
      sinkFor({ type: 'webhook', id: 'webhook', format: 'asff', url }),
    ],
  ] as const;
  for (const [before, after] of pairs) {
    expect([before.id, before.groups, before.endsLast]).toEqual([after.id, after.groups, after.endsLast]);
  }
});
