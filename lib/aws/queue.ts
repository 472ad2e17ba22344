/**
 * An SQS queue as a stage's outlet. Calls: SendMessageBatch, up to ten messages and 256 KiB each. An entry that SQS
 * did not take is an error of the whole send: the message that caused it comes again, and its repeats are harmless.
 */
import { SendMessageBatchCommand, type SQSClient } from '@aws-sdk/client-sqs';
import { AjarError } from '../model/errors.ts';
import { MAX_MESSAGE_BYTES } from '../model/messages.ts';
import type { Queue, Queued } from '../model/queue.ts';

const BATCH = 10;

export function sqsQueue<T>(client: SQSClient, url: string): Queue<T> {
  return {
    async send(messages) {
      for (const batch of batchesOf(messages.map(bodyOf))) {
        const Entries = batch.map(({ text, delay }, i) => ({
          Id: String(i),
          MessageBody: text,
          ...(delay === undefined ? {} : { DelaySeconds: delay }),
        }));
        const { Failed = [] } = await client.send(new SendMessageBatchCommand({ QueueUrl: url, Entries }));
        const [first] = Failed;
        if (first !== undefined) {
          throw new AjarError(
            'queue-refused',
            `${Failed.length} of ${batch.length} messages refused: ${first.Code ?? ''}`,
          );
        }
      }
    },
  };
}

interface Body {
  readonly text: string;
  readonly bytes: number;
  readonly delay: number | undefined;
}

function bodyOf<T>({ body, delaySeconds }: Queued<T>): Body {
  const text = JSON.stringify(body);
  const bytes = Buffer.byteLength(text);
  if (bytes > MAX_MESSAGE_BYTES) throw new AjarError('invariant', `a message of ${bytes} bytes is more than SQS takes`);
  return { text, bytes, delay: delaySeconds };
}

/** Ten at a time, and together no more than one alone may be. */
function batchesOf(bodies: readonly Body[]): readonly (readonly Body[])[] {
  const batches: Body[][] = [];
  let bytes = 0;
  for (const body of bodies) {
    const last = batches.at(-1);
    if (last === undefined || last.length === BATCH || bytes + body.bytes > MAX_MESSAGE_BYTES) {
      batches.push([body]);
      bytes = body.bytes;
    } else {
      last.push(body);
      bytes += body.bytes;
    }
  }
  return batches;
}
