/**
 * Publishes notices to the SNS topic of one audience, and to a second topic, in another region if wanted, where the
 * first does not take them. Accepted means that SNS gave a MessageId for that very notice; the receipt names the topic.
 */
import type { Notice } from '../model/incident.ts';
import type { Outcome, Sink } from '../model/sink.ts';
import { utf8Bytes } from './notice-json.ts';
import { type Audience, messageBytes, messageFor } from './sns-message.ts';
import { type Parcel, publish, publishBatch, type SnsTopic } from './sns-publish.ts';
import { type Refusal, refusalOf, refusedBy } from './sns-refusal.ts';

/** PublishBatch: entries, and bytes of all of them with their attributes. */
const BATCH_ENTRIES = 10;
const BATCH_BYTES = 256 * 1024;
/** A topic that does not answer must leave time for the other one. */
const ATTEMPT_MS = 4_000;

export interface SnsOptions extends SnsTopic {
  readonly id: string;
  readonly audience: Audience;
  readonly fallback?: SnsTopic;
  readonly attemptMs?: number;
}

export function snsSink({
  id,
  audience,
  fallback,
  attemptMs = ATTEMPT_MS,
  ...first
}: SnsOptions): Sink & Required<Pick<Sink, 'deliverAll'>> {
  const topics: readonly SnsTopic[] = fallback === undefined ? [first] : [first, fallback];
  const within = (signal: AbortSignal) => AbortSignal.any([signal, AbortSignal.timeout(attemptMs)]);
  return {
    id,
    ...(audience === 'machine' ? {} : { groups: true }),
    async deliver(notice, signal) {
      const message = messageFor(audience, notice);
      const refusals: Refusal[] = [];
      let cause: unknown;
      for (const topic of topics) {
        try {
          return { id: await publish(topic, message, within(signal)) };
        } catch (error) {
          cause = error;
          refusals.push(refusalOf(error, topic.topicArn));
          if (signal.aborted) break;
        }
      }
      throw refusedBy(refusals, cause);
    },
    async deliverAll(notices, signal) {
      const outcomes: Outcome[] = notices.map(() => ({ error: 'not sent: cancelled' }));
      let owed = prepare(audience, notices, outcomes);
      for (const topic of topics) {
        if (signal.aborted) break;
        const batches = batchesOf(owed).map((batch) => publishBatch(topic, batch, within(signal)));
        const results = (await Promise.all(batches)).flat();
        for (const { index, outcome } of results) outcomes[index] = outcome;
        owed = results.flatMap(({ refused }) => refused ?? []);
      }
      return outcomes;
    },
  };
}

/** A notice that cannot be made a message is its own misfortune, not that of the others. */
function prepare(audience: Audience, notices: readonly Notice[], outcomes: Outcome[]): readonly Parcel[] {
  return notices.flatMap((notice, index) => {
    try {
      return [{ index, message: messageFor(audience, notice), refusals: [] }];
    } catch (error) {
      outcomes[index] = { error: `no message could be made of it: ${String(error)}` };
      return [];
    }
  });
}

function batchesOf(parcels: readonly Parcel[]): readonly (readonly Parcel[])[] {
  const batches: Parcel[][] = [];
  let bytes = 0;
  for (const parcel of parcels) {
    const last = batches.at(-1);
    const size = messageBytes(parcel.message) + utf8Bytes(String(parcel.index));
    if (last === undefined || last.length === BATCH_ENTRIES || bytes + size > BATCH_BYTES) {
      batches.push([parcel]);
      bytes = size;
    } else {
      last.push(parcel);
      bytes += size;
    }
  }
  return batches;
}
