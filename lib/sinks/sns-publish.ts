/** Publish and PublishBatch, with a receipt for each notice that SNS accepted and a refusal for each that it did not. */
import { PublishBatchCommand, PublishCommand, type SNSClient } from '@aws-sdk/client-sns';
import type { Outcome } from '../model/sink.ts';
import { unlessAborted } from '../net/abort.ts';
import type { SnsMessage } from './sns-message.ts';
import { type Refusal, refusalOf, refusedBy } from './sns-refusal.ts';

export interface SnsTopic {
  /** Of the topic's region. */
  readonly client: SNSClient;
  readonly topicArn: string;
}

/** One notice on its way. */
export interface Parcel {
  readonly index: number;
  readonly message: SnsMessage;
  readonly refusals: readonly Refusal[];
}

export async function publish(
  { client, topicArn }: SnsTopic,
  message: SnsMessage,
  signal: AbortSignal,
): Promise<string> {
  const { MessageId } = await unlessAborted(signal, () =>
    client.send(new PublishCommand({ TopicArn: topicArn, ...message }), { abortSignal: signal }),
  );
  return receipt(MessageId, topicArn);
}

/** The parcel goes on where it was refused. Never rejects. */
interface Result {
  readonly index: number;
  readonly outcome: Outcome;
  readonly refused?: Parcel;
}

export async function publishBatch(
  topic: SnsTopic,
  batch: readonly Parcel[],
  signal: AbortSignal,
): Promise<readonly Result[]> {
  const { client, topicArn } = topic;
  const refuse = (parcel: Parcel, error: unknown): Result => {
    const refusals = [...parcel.refusals, refusalOf(error, topicArn)];
    return {
      index: parcel.index,
      outcome: { error: refusedBy(refusals).message },
      refused: { ...parcel, refusals },
    };
  };
  try {
    const entries = batch.map(({ index, message }) => ({ Id: String(index), ...message }));
    const answer = await unlessAborted(signal, () =>
      client.send(new PublishBatchCommand({ TopicArn: topicArn, PublishBatchRequestEntries: entries }), {
        abortSignal: signal,
      }),
    );
    return batch.map((parcel) => {
      const taken = answer.Successful?.find(({ Id }) => Id === String(parcel.index));
      const failed = answer.Failed?.find(({ Id }) => Id === String(parcel.index));
      if (taken?.MessageId) return { index: parcel.index, outcome: { id: receipt(taken.MessageId, topicArn) } };
      return refuse(parcel, named(failed?.Code ?? 'NoMessageId', failed?.Message ?? 'SNS gave none for this entry'));
    });
  } catch (error) {
    return batch.map((parcel) => refuse(parcel, error));
  }
}

function receipt(messageId: string | undefined, topicArn: string): string {
  if (!messageId) throw named('NoMessageId', 'SNS answered without a MessageId');
  return `${messageId} ${topicArn}`;
}

function named(name: string, message: string): Error {
  return Object.assign(new Error(message), { name });
}
