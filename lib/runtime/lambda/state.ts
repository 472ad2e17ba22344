/** The store and the queues of a Lambda, made once for as long as its environment lives. */
import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { SQSClient } from '@aws-sdk/client-sqs';
import { sqsQueue } from '../../aws/queue.ts';
import type {
  AssessMessage,
  CollectMessage,
  ExplainMessage,
  ProbeMessage,
  RemindMessage,
} from '../../model/messages.ts';
import type { Queue } from '../../model/queue.ts';
import { openDynamoStore } from '../../stores/dynamodb.ts';
import { openTable } from '../../stores/dynamodb-access.ts';
import { openNotes } from '../../stores/dynamodb-notes.ts';
import { listSetting, setting } from './environment.ts';
import { once, onceAsync } from './once.ts';
import { owedTo } from './owed.ts';
import { logger, metrics } from './telemetry.ts';
import { CALL_TIMES } from './times.ts';

const dynamo = once(() => new DynamoDBClient({ requestHandler: CALL_TIMES }));

export const state = onceAsync(() => {
  const [client, table] = [dynamo(), setting('AJAR_TABLE')];
  return openDynamoStore({ client, table, sinks: owedTo(client, table), now: () => new Date() });
});

export const notes = once(() => openNotes(openTable(dynamo(), setting('AJAR_TABLE'))));

/** Whichever region its URL names: a vantage sends home what it saw. */
function queueAt<T>(url: string): Queue<T> {
  return sqsQueue(new SQSClient({ region: regionOf(url), requestHandler: CALL_TIMES }), url);
}

export const collectQueue = once((): Queue<CollectMessage> => queueAt(setting('AJAR_COLLECT_QUEUE')));
export const assessQueue = once((): Queue<AssessMessage> => queueAt(setting('AJAR_ASSESS_QUEUE')));
export const changeQueue = once((): Queue<ExplainMessage | RemindMessage> => queueAt(setting('AJAR_CHANGE_QUEUE')));

/**
 * Every vantage has a queue of its own, and each endpoint is looked at from all of them. The first is the one beside this
 * stack; a vantage that was removed or cannot be reached must not keep the others from looking.
 */
export const probeQueue = once((): Queue<ProbeMessage> => {
  const [home, ...others] = (listSetting('AJAR_PROBE_QUEUE') ?? [setting('AJAR_PROBE_QUEUE')]).map(
    queueAt<ProbeMessage>,
  );
  return {
    async send(messages) {
      const sent = await Promise.allSettled(others.map((queue) => queue.send(messages)));
      await home?.send(messages);
      const failed = sent.filter((one) => one.status === 'rejected');
      if (failed.length === 0) return;
      metrics.addMetric('VantagesUnreached', 'Count', failed.length);
      logger.error('a vantage did not take its work', { reasons: failed.map((one) => String(one.reason)) });
    },
  };
});

/** `https://sqs.eu-west-1.amazonaws.com/…`; any other URL is a stand-in in our own region. */
function regionOf(url: string): string {
  return /^https:\/\/sqs\.([a-z0-9-]+)\.amazonaws\./.exec(url)?.[1] ?? setting('AWS_REGION');
}
