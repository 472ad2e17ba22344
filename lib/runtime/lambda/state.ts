/** The store and the queues of a Lambda, made once for as long as its environment lives. */
import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { SQSClient } from '@aws-sdk/client-sqs';
import { sqsQueue } from '../../aws/queue.ts';
import type { AssessMessage, CollectMessage, ExplainMessage, ProbeMessage } from '../../model/messages.ts';
import type { Queue } from '../../model/queue.ts';
import { openDynamoStore } from '../../stores/dynamodb.ts';
import { listSetting, setting } from './environment.ts';
import { once, onceAsync } from './once.ts';

export const state = onceAsync(() =>
  openDynamoStore({
    client: new DynamoDBClient({}),
    table: setting('AJAR_TABLE'),
    sinks: SINKS,
    now: () => new Date(),
  }),
);

/** Each notice is owed to each of these. */
export const SINKS = ['sns:page', 'sns:chat', 'sns:machine'] as const;

/** Whichever region its URL names: a vantage sends home what it saw. */
function queueAt<T>(url: string): Queue<T> {
  return sqsQueue(new SQSClient({ region: regionOf(url) }), url);
}

export const collectQueue = once((): Queue<CollectMessage> => queueAt(setting('AJAR_COLLECT_QUEUE')));
export const assessQueue = once((): Queue<AssessMessage> => queueAt(setting('AJAR_ASSESS_QUEUE')));
export const changeQueue = once((): Queue<ExplainMessage> => queueAt(setting('AJAR_CHANGE_QUEUE')));

/** Every vantage has a queue of its own, and each endpoint is looked at from all of them. */
export const probeQueue = once((): Queue<ProbeMessage> => {
  const queues = (listSetting('AJAR_PROBE_QUEUE') ?? [setting('AJAR_PROBE_QUEUE')]).map(queueAt<ProbeMessage>);
  return {
    async send(messages) {
      for (const queue of queues) await queue.send(messages);
    },
  };
});

/** `https://sqs.eu-west-1.amazonaws.com/…`; any other URL is a stand-in in our own region. */
function regionOf(url: string): string {
  return /^https:\/\/sqs\.([a-z0-9-]+)\.amazonaws\./.exec(url)?.[1] ?? setting('AWS_REGION');
}
