/** What Lambda's pollers and the schedules do, in small: messages from queues to stages, and back again where one failed. */
import { setTimeout as sleep } from 'node:timers/promises';
import {
  ChangeMessageVisibilityCommand,
  DeleteMessageCommand,
  type Message,
  ReceiveMessageCommand,
  SendMessageCommand,
  type SQSClient,
} from '@aws-sdk/client-sqs';
import { AjarError } from '../../model/errors.ts';
import type { CollectMessage } from '../../model/messages.ts';
import type { DemoAccount, Queues } from './aws-account.ts';
import type { Functions } from './aws-functions.ts';

/** Delivered so often, then told. */
const MAX_RECEIVES = 3;
const IDLE_MS = 50;

export interface Delivery {
  /** Delivers until every queue is empty, then has notify publish. What is delayed comes in its own time. */
  settle(): Promise<void>;
  /** As the schedules do every minute. */
  publish(): Promise<void>;
  send(queue: keyof Queues, body: unknown): Promise<void>;
  /** What arrived behind the topic since the last time. */
  arrived(): Promise<readonly string[]>;
}

export function openDelivery({ sqs, queues, inbox }: DemoAccount, functions: Functions, signal: AbortSignal): Delivery {
  const publish = async (): Promise<void> => {
    await functions.invoke('notify', {});
  };
  const deliver = async (stage: keyof Queues): Promise<boolean> => {
    const url = queues[stage];
    // As serverless.yml has it.
    const messages = await receive(sqs, url, stage === 'collect' ? 1 : 10);
    if (messages.length === 0) return false;
    const result = await functions.invoke(stage, { Records: messages.map((m) => recordOf(m, stage)) });
    const failed = failedOf(result);
    for (const message of messages) {
      if (failed.includes(message.MessageId ?? '')) await again(message, url, stage);
      else await remove(sqs, url, message);
    }
    return true;
  };
  const again = async ({ Attributes, ReceiptHandle }: Message, QueueUrl: string, stage: string): Promise<void> => {
    if (Number(Attributes?.ApproximateReceiveCount ?? 1) >= MAX_RECEIVES)
      throw new AjarError('invariant', `${stage} failed ${MAX_RECEIVES} times:\n${functions.log()}`);
    await sleep(IDLE_MS, undefined, { signal });
    await sqs.send(new ChangeMessageVisibilityCommand({ QueueUrl, ReceiptHandle, VisibilityTimeout: 0 }));
  };
  return {
    publish,
    async settle() {
      for (let isBusy = true; isBusy; ) {
        signal.throwIfAborted();
        isBusy = false;
        for (const stage of ['change', 'collect', 'probe', 'assess'] as const)
          isBusy = (await deliver(stage)) || isBusy;
      }
      await publish();
    },
    async send(queue, body) {
      await sqs.send(new SendMessageCommand({ QueueUrl: queues[queue], MessageBody: JSON.stringify(body) }));
    },
    async arrived() {
      const messages = await receive(sqs, inbox, 10);
      for (const message of messages) await remove(sqs, inbox, message);
      return messages.map(({ Body = '' }) => Body);
    },
  };
}

async function receive(sqs: SQSClient, QueueUrl: string, MaxNumberOfMessages: number): Promise<readonly Message[]> {
  const { Messages = [] } = await sqs.send(
    new ReceiveMessageCommand({
      ...{ QueueUrl, MaxNumberOfMessages, VisibilityTimeout: 60 },
      MessageSystemAttributeNames: ['ApproximateReceiveCount'],
    }),
  );
  return Messages;
}

async function remove(sqs: SQSClient, QueueUrl: string, { ReceiptHandle }: Message): Promise<void> {
  await sqs.send(new DeleteMessageCommand({ QueueUrl, ReceiptHandle }));
}

/** As Lambda hands it to a function, but for what the sweep reads. */
function recordOf({ MessageId, ReceiptHandle, Body = '', Attributes }: Message, stage: keyof Queues): object {
  return {
    messageId: MessageId,
    receiptHandle: ReceiptHandle,
    body: stage === 'collect' ? held(Body) : Body,
    attributes: Attributes ?? {},
    messageAttributes: {},
    eventSource: 'aws:sqs',
    eventSourceARN: `arn:aws:sqs:us-west-2:000000000000:ajar-demo-${stage}`,
  };
}

/** moto has not, or breaks, much of what a sweep of everything reads, and each of those takes its five tries. */
export const SWEPT = ['opensearch'] as const;

/** `services: []` says: whatever is due. */
function held(body: string): string {
  const message = JSON.parse(body) as CollectMessage;
  return message.services.length > 0 ? body : JSON.stringify({ ...message, services: SWEPT });
}

/** Of ReportBatchItemFailures. */
function failedOf(result: unknown): readonly string[] {
  if (typeof result !== 'object' || result === null || !('batchItemFailures' in result)) return [];
  const { batchItemFailures: failures } = result;
  return Array.isArray(failures)
    ? failures.map((each: { readonly itemIdentifier?: unknown }) => String(each.itemIdentifier))
    : [];
}
