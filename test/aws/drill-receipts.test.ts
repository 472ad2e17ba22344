import { DeleteMessageBatchCommand, ReceiveMessageCommand, SQSClient } from '@aws-sdk/client-sqs';
import { mockClient } from 'aws-sdk-client-mock';
import fc from 'fast-check';
import { afterEach, describe, expect, it } from 'vitest';
import { drillReceipts } from '../../lib/aws/drill-receipts.ts';
import { noticeJson } from '../../lib/sinks/notice-json.ts';
import { awsError } from '../support/aws.ts';
import { anIncident, aNotice, AT } from '../support/builders.ts';

const aws = mockClient(SQSClient);
afterEach(() => aws.reset());
const receipts = () => drillReceipts(new SQSClient({ region: 'eu-west-1' }), 'https://queue');
const SENT = Date.parse('2026-12-04T10:00:42.000Z');

const endpoint = { ...aNotice().endpoint, id: 'ajar/drill', drill: true } as const;
const drill = (over: Parameters<typeof aNotice>[0] = {}) => aNotice({ endpoint, ...over });
const message = (Body: string, n = 0) => ({
  Body,
  MessageId: `m${n}`,
  ReceiptHandle: `h${n}`,
  Attributes: { SentTimestamp: String(SENT) },
});
const holds = (...bodies: readonly string[]) => {
  aws
    .on(ReceiveMessageCommand)
    .resolvesOnce({ Messages: bodies.map(message) })
    .resolves({});
};

describe('what the queue behind the machine topic holds', () => {
  it('is read as notify published it, with the time at which SQS had it', async () => {
    const closed = drill({ kind: 'closed', key: 'k/closed/1' });
    holds(noticeJson(drill()), noticeJson(closed));
    expect(await receipts().take()).toEqual({
      isAll: true,
      receipts: [
        { key: drill().key, kind: 'opened', detectedAt: AT, at: '2026-12-04T10:00:42.000Z', handle: 'h0' },
        { key: 'k/closed/1', kind: 'closed', detectedAt: AT, at: '2026-12-04T10:00:42.000Z', handle: 'h1' },
      ],
    });
  });

  it('counts what is told of authentication alone, whether first or beside something else', async () => {
    const tls = anIncident({ protection: 'tls' });
    const beside = drill({ incident: tls, also: [anIncident()], key: 'beside' });
    const partly = drill({ incident: anIncident({ to: 'partial' }), key: 'partly' });
    holds(
      ...[drill({ incident: tls, key: 'tls' }), beside, partly, drill({ kind: 'worsened', key: 'worse' })].map((n) =>
        noticeJson(n),
      ),
    );
    const { receipts: found } = await receipts().take();
    expect(found.map(({ key, kind }) => [key, kind])).toEqual([
      ['tls', 'other'],
      ['beside', 'opened'],
      ['partly', 'other'],
      ['worse', 'other'],
    ]);
  });

  it('is asked for until there is no more, so long that every server of SQS is asked, and with an end', async () => {
    aws
      .on(ReceiveMessageCommand)
      .resolves({ Messages: Array.from({ length: 10 }, (_, n) => message(noticeJson(drill()), n)) });
    const { receipts: found, isAll } = await receipts().take();
    expect([found.length, isAll]).toEqual([100, false]);
    for (const { args } of aws.commandCalls(ReceiveMessageCommand))
      expect(args[0].input).toMatchObject({ WaitTimeSeconds: 1, MessageSystemAttributeNames: ['SentTimestamp'] });
  });

  it('is unknown where SQS does not answer', async () => {
    aws.on(ReceiveMessageCommand).rejects(awsError('AccessDenied', 403));
    await expect(receipts().take()).rejects.toThrow();
  });

  it('that is no word of the drill is left to become a dead letter', async () => {
    const other = noticeJson(aNotice());
    holds('', 'no JSON', '[]', '{}', 'null', other, other.replace('device-analytics', 'ajar/drill-2'));
    expect(await receipts().take()).toEqual({ receipts: [], isAll: true });
  });

  it('may be anything', async () => {
    await fc.assert(
      fc.asyncProperty(fc.oneof(fc.string(), fc.json()), async (body) => {
        aws.reset();
        holds(body);
        expect(await receipts().take()).toEqual({ receipts: [], isAll: true });
      }),
    );
  });

  it('is forgotten ten at a time; what SQS does not forget is an error', async () => {
    holds(...Array.from({ length: 10 }, () => noticeJson(drill())), noticeJson(drill()));
    const { receipts: found } = await receipts().take();
    aws.on(DeleteMessageBatchCommand).resolves({});
    await receipts().drop(found);
    const sent = aws.commandCalls(DeleteMessageBatchCommand).map((c) => c.args[0].input.Entries?.length);
    expect(sent).toEqual([10, 1]);
    aws.on(DeleteMessageBatchCommand).resolves({ Failed: [{ Id: '0', SenderFault: false, Code: 'InternalError' }] });
    await expect(receipts().drop(found)).rejects.toThrow('1 receipts not deleted: InternalError');
  });
});
