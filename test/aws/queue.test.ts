import { SendMessageBatchCommand, SQSClient } from '@aws-sdk/client-sqs';
import { mockClient } from 'aws-sdk-client-mock';
import { afterEach, describe, expect, it } from 'vitest';
import { sqsQueue } from '../../lib/aws/queue.ts';
import { MAX_MESSAGE_BYTES } from '../../lib/model/messages.ts';

const aws = mockClient(SQSClient);
afterEach(() => aws.reset());
const queue = () => sqsQueue<unknown>(new SQSClient({ region: 'eu-west-1' }), 'https://queue');
const sizes = () => aws.commandCalls(SendMessageBatchCommand).map((call) => call.args[0].input.Entries?.length);

describe('a queue of messages', () => {
  it('sends ten at a time, each with its delay', async () => {
    aws.on(SendMessageBatchCommand).resolves({ Successful: [], Failed: [] });
    await queue().send(
      Array.from({ length: 23 }, (_, n) => ({ body: { n }, ...(n === 0 ? { delaySeconds: 30 } : {}) })),
    );
    expect(sizes()).toEqual([10, 10, 3]);
    const [first, second] = aws.commandCalls(SendMessageBatchCommand)[0]?.args[0].input.Entries ?? [];
    expect([first?.DelaySeconds, first?.MessageBody, second?.DelaySeconds]).toEqual([30, '{"n":0}', undefined]);
  });

  it('asks nothing where there is nothing to send', async () => {
    await queue().send([]);
    expect(sizes()).toEqual([]);
  });

  it('keeps a batch within what SQS takes, and refuses a message that is larger than that alone', async () => {
    aws.on(SendMessageBatchCommand).resolves({ Successful: [], Failed: [] });
    const third = 'é'.repeat(MAX_MESSAGE_BYTES / 6);
    await queue().send([third, third, third, third].map((body) => ({ body })));
    expect(sizes()).toEqual([2, 2]);
    await expect(queue().send([{ body: 'x'.repeat(MAX_MESSAGE_BYTES) }])).rejects.toThrow(/more than SQS takes/);
  });

  it('fails where one entry of a batch was not taken', async () => {
    aws.on(SendMessageBatchCommand).resolves({
      Successful: [{ Id: '0', MessageId: 'm', MD5OfMessageBody: '' }],
      Failed: [{ Id: '1', Code: 'InternalError', SenderFault: false }],
    });
    await expect(queue().send([{ body: 1 }, { body: 2 }])).rejects.toThrow('1 of 2 messages refused: InternalError');
  });
});
