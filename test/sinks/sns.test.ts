/** Covers sns.ts, sns-publish.ts and sns-refusal.ts: what counts as accepted, what is tried next, what is said of a refusal. */
import { type PublishBatchCommandInput, PublishBatchCommand, PublishCommand, SNSClient } from '@aws-sdk/client-sns';
import { mockClient } from 'aws-sdk-client-mock';
import { afterEach, describe, expect, it } from 'vitest';
import type { Notice } from '../../lib/model/incident.ts';
import { type SnsOptions, snsSink } from '../../lib/sinks/sns.ts';
import { messageBytes, type SnsMessage } from '../../lib/sinks/sns-message.ts';
import { awsError } from '../support/aws.ts';
import { anIncident, aNotice } from '../support/builders.ts';

const credentials = { accessKeyId: 'x', secretAccessKey: 'x' };
const here = new SNSClient({ region: 'us-east-1', credentials, maxAttempts: 1 });
const there = new SNSClient({ region: 'eu-west-1', credentials, maxAttempts: 1 });
const first = mockClient(here);
const second = mockClient(there);
afterEach(() => {
  first.reset();
  second.reset();
});

const TOPIC = 'arn:aws:sns:us-east-1:111122223333:page';
const OTHER = 'arn:aws:sns:eu-west-1:111122223333:page';
const { signal } = new AbortController();

function sink(over: Partial<SnsOptions> = {}) {
  return snsSink({ id: 'sns:page', client: here, topicArn: TOPIC, audience: 'page', ...over });
}
const withFallback = (over: Partial<SnsOptions> = {}) =>
  sink({ fallback: { client: there, topicArn: OTHER }, ...over });
const notices = (count: number): readonly Notice[] =>
  Array.from({ length: count }, (_, i) => aNotice({ key: `n${i}` }));

type Entries = NonNullable<PublishBatchCommandInput['PublishBatchRequestEntries']>;
/** Accepts each entry but those whose text has one of these keys in it. */
function accepting(prefix: string, ...refused: readonly string[]) {
  return ({ PublishBatchRequestEntries: entries = [] }: PublishBatchCommandInput) => {
    const isRefused = ({ Message }: Entries[number]) => refused.some((key) => Message?.includes(`\\"${key}\\"`));
    return {
      Successful: entries.filter((e) => !isRefused(e)).map(({ Id }) => ({ Id, MessageId: `${prefix}${Id}` })),
      Failed: entries
        .filter(isRefused)
        .map(({ Id }) => ({ Id, Code: 'InternalError', Message: 'x', SenderFault: false })),
    };
  };
}
const never = () => new Promise<never>(() => undefined);

describe('a notice is accepted', () => {
  it('by the MessageId that SNS gave it; the receipt says by which topic', async () => {
    first.on(PublishCommand).resolves({ MessageId: 'm1' });
    expect(await withFallback().deliver(aNotice(), signal)).toEqual({ id: `m1 ${TOPIC}` });
    const [call] = first.commandCalls(PublishCommand);
    expect(call?.args[0].input).toMatchObject({
      TopicArn: TOPIC,
      MessageStructure: 'json',
      Subject: aNotice().subject,
    });
    expect(second.calls()).toEqual([]);
  });

  it.each([{}, { MessageId: '' }])('never by an answer like %j', async (answer) => {
    first.on(PublishCommand).resolves(answer);
    await expect(sink().deliver(aNotice(), signal)).rejects.toMatchObject({
      code: 'sink-refused',
      message: expect.stringContaining('without a MessageId'),
    });
  });

  it('under the same bytes when it is sent again', async () => {
    first.on(PublishCommand).resolves({ MessageId: 'm' });
    for (let i = 0; i < 2; i++) await sink().deliver(aNotice(), signal);
    const [one, two] = first.commandCalls(PublishCommand).map(({ args }) => args[0].input);
    expect(two).toEqual(one);
  });
});

describe('a topic that refuses', () => {
  it.each([
    ['AuthorizationErrorException', 403, /allow sns:Publish on arn:aws:sns:us-east-1/],
    ['AuthorizationError', 403, /allow sns:Publish/],
    ['NotFoundException', 404, /there is no topic arn:aws:sns/],
    ['KMSAccessDeniedException', 400, /allow kms:GenerateDataKey and kms:Decrypt/],
    ['KMSDisabledException', 400, /enable the key/],
    ['ThrottledException', 429, /tried again/],
    ['InvalidParameterException', 400, /standard topic/],
  ])('says %s, and what to do', async (name, status, cure) => {
    first.on(PublishCommand).rejects(awsError(name, status));
    await expect(sink().deliver(aNotice(), signal)).rejects.toMatchObject({
      code: 'sink-refused',
      message: `${TOPIC}: ${name} (HTTP ${status}): ${name}`,
      cure: expect.stringMatching(cure),
    });
  });

  it('claims no cure where none is known', async () => {
    first.on(PublishCommand).rejects(awsError('InternalErrorException', 500));
    await expect(sink().deliver(aNotice(), signal)).rejects.toMatchObject({ cure: undefined });
  });

  it('is followed by the second one, whose name is in the receipt', async () => {
    first.on(PublishCommand).rejects(awsError('InternalErrorException', 500));
    second.on(PublishCommand).resolves({ MessageId: 'm2' });
    expect(await withFallback().deliver(aNotice(), signal)).toEqual({ id: `m2 ${OTHER}` });
  });

  it('is followed by the second one where it does not answer at all', async () => {
    first.on(PublishCommand).callsFake(never);
    second.on(PublishCommand).resolves({ MessageId: 'm2' });
    expect(await withFallback({ attemptMs: 20 }).deliver(aNotice(), signal)).toEqual({ id: `m2 ${OTHER}` });
  });

  it('is named beside the second one where both refuse', async () => {
    first.on(PublishCommand).rejects(awsError('NotFoundException', 404));
    second.on(PublishCommand).rejects(awsError('AuthorizationErrorException', 403));
    await expect(withFallback().deliver(aNotice(), signal)).rejects.toMatchObject({
      message: expect.stringMatching(/us-east-1.*NotFound.*; .*eu-west-1.*AuthorizationError/),
      cure: expect.stringMatching(/there is no topic .*; allow sns:Publish/),
    });
  });

  it('is not followed by the second one once the run is over', async () => {
    const run = new AbortController();
    first.on(PublishCommand).callsFake(() => {
      run.abort();
      return never();
    });
    await expect(withFallback().deliver(aNotice(), run.signal)).rejects.toMatchObject({
      code: 'sink-refused',
      message: `${TOPIC}: AbortError: This operation was aborted`,
    });
    expect(second.calls()).toEqual([]);
  });

  it('is not even asked once the run is over', async () => {
    await expect(withFallback().deliver(aNotice(), AbortSignal.abort())).rejects.toMatchObject({
      code: 'sink-refused',
    });
    expect([first.calls(), second.calls()]).toEqual([[], []]);
  });
});

describe('several notices', () => {
  const batches = () =>
    first.commandCalls(PublishBatchCommand).map(({ args }) => args[0].input.PublishBatchRequestEntries ?? []);

  it('go out ten at a time, each with a receipt of its own', async () => {
    first.on(PublishBatchCommand).callsFake(accepting('m'));
    const outcomes = await sink().deliverAll(notices(23), signal);
    expect(outcomes).toEqual(notices(23).map((_, i) => ({ id: `m${i} ${TOPIC}` })));
    expect(batches().map((entries) => entries.length)).toEqual([10, 10, 3]);
    for (const entries of batches()) expect(new Set(entries.map(({ Id }) => Id)).size).toBe(entries.length);
  });

  it('are never more than 256 KiB in one request', async () => {
    first.on(PublishBatchCommand).callsFake(accepting('m'));
    const long = notices(20).map((notice) => ({ ...notice, incident: anIncident({ reasons: ['x'.repeat(31_000)] }) }));
    await sink({ audience: 'machine' }).deliverAll(long, signal);
    const sizes = batches().map((entries) => entries.reduce((sum, e) => sum + messageBytes(e as SnsMessage), 0));
    expect(Math.max(...sizes)).toBeLessThanOrEqual(256 * 1024);
    expect(batches().map((entries) => entries.length)).toEqual([8, 8, 4]);
  });

  it('are refused one by one: what became of one says nothing of another', async () => {
    first.on(PublishBatchCommand).callsFake(accepting('m', 'n1'));
    const outcomes = await sink().deliverAll(notices(3), signal);
    expect(outcomes).toEqual([{ id: `m0 ${TOPIC}` }, { error: `${TOPIC}: InternalError: x` }, { id: `m2 ${TOPIC}` }]);
  });

  it('are not accepted where SNS says nothing of them, or gives no MessageId', async () => {
    const taken = [
      { Id: '0', MessageId: '' },
      { Id: '2', MessageId: 'm2' },
      { Id: '9', MessageId: 'm9' },
    ];
    first.on(PublishBatchCommand).resolves({ Successful: taken, Failed: [] });
    const outcomes = await sink().deliverAll(notices(3), signal);
    const refused = { error: expect.stringContaining('NoMessageId') };
    expect(outcomes).toEqual([refused, refused, { id: `m2 ${TOPIC}` }]);
  });

  it('that the first topic refuses go to the second, and only those', async () => {
    first.on(PublishBatchCommand).callsFake(accepting('m', 'n1', 'n3'));
    second.on(PublishBatchCommand).callsFake(accepting('w', 'n3'));
    const outcomes = await withFallback().deliverAll(notices(4), signal);
    expect(outcomes).toEqual([
      { id: `m0 ${TOPIC}` },
      { id: `w1 ${OTHER}` },
      { id: `m2 ${TOPIC}` },
      { error: `${TOPIC}: InternalError: x; ${OTHER}: InternalError: x` },
    ]);
  });

  it('all go to the second topic where the first fails or does not answer', async () => {
    second.on(PublishBatchCommand).callsFake(accepting('w'));
    for (const fail of [() => Promise.reject(awsError('ThrottledException', 429)), never]) {
      first.on(PublishBatchCommand).callsFake(fail);
      const outcomes = await withFallback({ attemptMs: 20 }).deliverAll(notices(12), signal);
      expect(outcomes).toEqual(notices(12).map((_, i) => ({ id: `w${i} ${OTHER}` })));
    }
  });

  it('keep the receipts they have when the run ends in between', async () => {
    const run = new AbortController();
    first
      .on(PublishBatchCommand)
      .callsFakeOnce(accepting('m'))
      .callsFake(() => {
        setImmediate(() => run.abort());
        return never();
      });
    const outcomes = await withFallback().deliverAll(notices(12), run.signal);
    expect(outcomes.filter((o) => 'id' in o)).toHaveLength(10);
    expect(outcomes.slice(10)).toMatchObject([{ error: expect.any(String) }, { error: expect.any(String) }]);
    expect(second.calls()).toEqual([]);
  });

  it('are all owed still where the run was over before', async () => {
    const outcomes = await withFallback().deliverAll(notices(2), AbortSignal.abort());
    expect(outcomes).toEqual([{ error: 'not sent: cancelled' }, { error: 'not sent: cancelled' }]);
    expect(first.calls()).toEqual([]);
  });

  it('do not suffer from one that no message can be made of', async () => {
    first.on(PublishBatchCommand).callsFake(accepting('m'));
    const spoiled = JSON.parse('{"key":"of another version"}') as Notice;
    const outcomes = await sink().deliverAll([aNotice(), spoiled, aNotice()], signal);
    expect(outcomes).toMatchObject([
      { id: `m0 ${TOPIC}` },
      { error: expect.stringContaining('no message could be made of it') },
      { id: `m2 ${TOPIC}` },
    ]);
  });

  it('of which there are none need no request', async () => {
    expect(await sink().deliverAll([], signal)).toEqual([]);
    expect(first.calls()).toEqual([]);
  });
});
