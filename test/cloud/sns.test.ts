/**
 * The SNS sinks against moto: topic, subscription, queue, as SNS would deliver. The topic, its filter and the queue are
 * moto's; message and publishing are ours. That filter policies see attributes of a message with a structure is moto's
 * word alone: SNS documents attributes for plain messages.
 */
import { CreateTopicCommand, SNSClient, SubscribeCommand } from '@aws-sdk/client-sns';
import { CreateQueueCommand, GetQueueAttributesCommand, ReceiveMessageCommand, SQSClient } from '@aws-sdk/client-sqs';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { Notice } from '../../lib/model/incident.ts';
import { memoryStore } from '../../lib/stores/memory.ts';
import { notify } from '../../lib/pipeline/notify.ts';
import { snsSink } from '../../lib/sinks/sns.ts';
import type { Audience } from '../../lib/sinks/sns-message.ts';
import { testNotice } from '../../lib/sinks/test-notice.ts';
import { aNotice, anIncident, aState } from '../support/builders.ts';
import { type Moto, startMoto } from './moto.ts';

const credentials = { accessKeyId: 'AKIAAJARTEST', secretAccessKey: 'x' };
const { signal } = new AbortController();
let moto: Moto;
let sns: SNSClient;
let sqs: SQSClient;
const clientIn = (region: string) => new SNSClient({ endpoint: moto.url, region, credentials, maxAttempts: 1 });

beforeAll(async () => {
  moto = await startMoto();
  sns = clientIn('us-east-1');
  sqs = new SQSClient({ endpoint: moto.url, region: 'us-east-1', credentials, maxAttempts: 1 });
});
beforeEach(() => moto.reset());
afterAll(async () => {
  sns?.destroy();
  sqs?.destroy();
  await moto?.stop();
});

async function topic(name: string, client: SNSClient = sns): Promise<string> {
  const { TopicArn } = await client.send(new CreateTopicCommand({ Name: name }));
  if (TopicArn === undefined) throw new Error('moto made no topic');
  return TopicArn;
}

/** A queue behind the topic; what it holds is read with `received`. */
async function queue(topicArn: string, name: string, attributes: Record<string, string> = {}): Promise<string> {
  const { QueueUrl } = await sqs.send(new CreateQueueCommand({ QueueName: name }));
  const { Attributes: found } = await sqs.send(
    new GetQueueAttributesCommand({ QueueUrl, AttributeNames: ['QueueArn'] }),
  );
  const client = clientIn(topicArn.split(':')[3] ?? '');
  await client.send(
    new SubscribeCommand({
      TopicArn: topicArn,
      Protocol: 'sqs',
      Endpoint: found?.QueueArn,
      Attributes: { RawMessageDelivery: 'true', ...attributes },
    }),
  );
  client.destroy();
  return QueueUrl ?? '';
}

async function received(QueueUrl: string) {
  const { Messages: messages = [] } = await sqs.send(
    new ReceiveMessageCommand({ QueueUrl, MaxNumberOfMessages: 10, MessageAttributeNames: ['All'] }),
  );
  return messages.map(({ Body = '', MessageAttributes = {} }) => ({
    body: JSON.parse(Body) as unknown,
    attributes: Object.fromEntries(Object.entries(MessageAttributes).map(([k, { StringValue }]) => [k, StringValue])),
  }));
}

const sink = (audience: Audience, topicArn: string, fallback?: { client: SNSClient; topicArn: string }) =>
  snsSink({ id: `sns:${audience}`, client: sns, topicArn, audience, ...(fallback === undefined ? {} : { fallback }) });
const low = (over: Partial<Notice> = {}) => aNotice({ incident: anIncident({ severity: 'low' }), ...over });
const SERIOUS = JSON.stringify({ severityRank: [{ numeric: ['>=', 4] }] });

describe('a queue behind a topic', () => {
  it.each(['page', 'machine'] as const)('of %s gets the document itself, with its attributes', async (audience) => {
    const arn = await topic(audience);
    const url = await queue(arn, 'q');
    const { id } = await sink(audience, arn).deliver(aNotice(), signal);
    expect(id).toMatch(new RegExp(`^[0-9a-f-]{36} ${arn}$`));
    const [only, ...more] = await received(url);
    expect(more).toEqual([]);
    expect(only?.body).toEqual({ schemaVersion: 1, ...aNotice() });
    expect(only?.attributes).toMatchObject({ severity: 'critical', severityRank: '5', isTest: 'false' });
  });

  it('of chat gets what Amazon Q wants, and nothing around it', async () => {
    const arn = await topic('chat');
    const url = await queue(arn, 'q');
    await sink('chat', arn).deliver(aNotice(), signal);
    expect(await received(url)).toMatchObject([
      { body: { version: '1.0', source: 'custom', metadata: { threadId: aNotice().incident.id } } },
    ]);
  });

  it('without raw delivery gets subject and document in an envelope', async () => {
    const arn = await topic('page');
    const url = await queue(arn, 'q', { RawMessageDelivery: 'false' });
    await sink('page', arn).deliver(aNotice(), signal);
    const [only] = await received(url);
    const Message = JSON.stringify({ schemaVersion: 1, ...aNotice() });
    expect(only?.body).toMatchObject({ Type: 'Notification', Subject: aNotice().subject, Message });
  });

  it.each(['page', 'chat', 'machine'] as const)('of %s gets only what its filter lets through', async (audience) => {
    const arn = await topic(audience);
    const serious = await queue(arn, 'serious', { FilterPolicy: SERIOUS });
    const tests = await queue(arn, 'tests', { FilterPolicy: '{"isTest":["true"]}' });
    for (const notice of [low(), aNotice(), testNotice(new Date())]) await sink(audience, arn).deliver(notice, signal);
    expect((await received(serious)).map(({ attributes }) => attributes['severity'])).toEqual(['critical', 'critical']);
    expect((await received(tests)).map(({ attributes }) => attributes['isTest'])).toEqual(['true']);
  });

  it('gets a notice whose names are hostile and whose lists are long, whole', async () => {
    const arn = await topic('page');
    const url = await queue(arn, 'q');
    const { endpoint } = aNotice();
    const name = '\ufffe\u0000"\\<!channel>\u202e\u{1f513}';
    await sink('page', arn).deliver(aNotice({ endpoint: { ...endpoint, name } }), signal);
    const addresses = Array.from({ length: 5_000 }, (_, i) => `10.0.${i >> 8}.${i & 255}`);
    await sink('page', arn).deliver(aNotice({ endpoint: { ...endpoint, addresses } }), signal);
    expect(await received(url)).toMatchObject([
      { body: { endpoint: { name } } },
      { body: { truncated: true, omitted: { addresses: '+4984 more, see report' } } },
    ]);
  });
});

describe('the outbox', () => {
  it('is emptied in batches, every notice arriving once under its key', async () => {
    const arn = await topic('machine');
    const url = await queue(arn, 'q');
    const store = memoryStore({ sinks: ['sns:machine'] });
    const owed = Array.from({ length: 25 }, (_, i) => (i % 2 ? low : aNotice)({ key: `n${i}` }));
    await store.commit({ state: aState(), expected: 0, lines: [], notices: owed, incidents: [] });
    const now = () => new Date('2027-01-01T00:00:00.000Z');
    expect(await notify(store, [sink('machine', arn)], 'run', now, signal)).toMatchObject({
      delivered: 25,
      deferred: [],
    });
    const keys: string[] = [];
    for (let i = 0; i < 3; i++) keys.push(...(await received(url)).map(({ body }) => (body as Notice).key));
    expect(keys.toSorted()).toEqual(owed.map(({ key }) => key).toSorted());
  });
});

describe('a topic that is gone', () => {
  it('is refused by its name, and replaced by the one in another region', async () => {
    const ireland = clientIn('eu-west-1');
    const other = await topic('page', ireland);
    const url = await queue(other, 'q');
    const gone = `${await topic('page')}-gone`;
    await expect(sink('page', gone).deliver(aNotice(), signal)).rejects.toMatchObject({
      code: 'sink-refused',
      message: expect.stringContaining('NotFound'),
      cure: expect.stringContaining(`there is no topic ${gone}`),
    });
    const both = sink('page', gone, { client: ireland, topicArn: other });
    expect((await both.deliver(aNotice(), signal)).id).toContain(other);
    expect(await both.deliverAll([low(), low()], signal)).toEqual([
      { id: expect.stringContaining(other) },
      { id: expect.stringContaining(other) },
    ]);
    expect(await received(url)).toHaveLength(3);
    ireland.destroy();
  });
});
