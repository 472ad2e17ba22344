/** What stands between SQS and a function: messages taken, hidden, held back, given back. The queues are moto's. */
import {
  ChangeMessageVisibilityCommand,
  DeleteMessageBatchCommand,
  type Message,
  ReceiveMessageCommand,
  type SQSClient,
} from '@aws-sdk/client-sqs';
import { DELAY } from './wire.ts';

/** moto's own clock never gives a message back by itself: the driver does, on its clock. */
const HIDDEN_S = 43_200;

export interface Taken {
  readonly message: Message;
  /** Asked for by DelaySeconds. */
  readonly delayMs: number;
}

export async function take(sqs: SQSClient, QueueUrl: string): Promise<readonly Taken[]> {
  const { Messages = [] } = await sqs.send(
    new ReceiveMessageCommand({
      QueueUrl,
      MaxNumberOfMessages: 10,
      VisibilityTimeout: HIDDEN_S,
      MessageAttributeNames: ['All'],
      MessageSystemAttributeNames: ['All'],
    }),
  );
  return Messages.map((message) => ({
    message,
    delayMs: Number(message.MessageAttributes?.[DELAY]?.StringValue ?? 0) * 1_000,
  }));
}

export async function remove(sqs: SQSClient, QueueUrl: string, messages: readonly Message[]): Promise<void> {
  if (messages.length === 0) return;
  const Entries = messages.map(({ ReceiptHandle }, i) => ({ Id: String(i), ReceiptHandle: ReceiptHandle ?? '' }));
  await sqs.send(new DeleteMessageBatchCommand({ QueueUrl, Entries }));
}

/** Visible again: received once more, or moved to the dead letters by moto. */
export async function giveBack(sqs: SQSClient, QueueUrl: string, message: Message): Promise<void> {
  const { ReceiptHandle } = message;
  await sqs.send(new ChangeMessageVisibilityCommand({ QueueUrl, ReceiptHandle, VisibilityTimeout: 0 }));
}

/** When it was sent and first taken, on the test's clock: moto has the real one, and all else lives by the other. */
export interface Stamps {
  readonly sent: number;
  taken?: number;
}

/** As Lambda hands it to a function. */
export function recordOf(message: Message, { sent, taken = sent }: Stamps): object {
  const stamps = { SentTimestamp: String(sent), ApproximateFirstReceiveTimestamp: String(taken) };
  return {
    messageId: message.MessageId,
    receiptHandle: message.ReceiptHandle,
    body: message.Body,
    attributes: { ...message.Attributes, ...stamps },
    messageAttributes: {},
    md5OfBody: message.MD5OfBody,
    eventSource: 'aws:sqs',
    eventSourceARN: 'arn:aws:sqs:eu-west-1:123456789012:queue',
    awsRegion: 'eu-west-1',
  };
}

/** Everything that arrived behind a topic, and now is gone from there. */
export async function drain(sqs: SQSClient, QueueUrl: string): Promise<readonly string[]> {
  const all: string[] = [];
  for (;;) {
    const taken = await take(sqs, QueueUrl);
    if (taken.length === 0) return all;
    all.push(...taken.map(({ message }) => message.Body ?? ''));
    await remove(
      sqs,
      QueueUrl,
      taken.map(({ message }) => message),
    );
  }
}
