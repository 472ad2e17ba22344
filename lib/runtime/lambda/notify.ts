/** Notify: publishes what is owed, when the stream says that something is and every minute in case it did not. */
import { SNSClient } from '@aws-sdk/client-sns';
import type { Sink } from '../../model/sink.ts';
import { notify } from '../../pipeline/notify.ts';
import { snsSink } from '../../sinks/sns.ts';
import { optionalSetting, setting } from './environment.ts';
import { once } from './once.ts';
import { state } from './state.ts';
import { logger, metrics } from './telemetry.ts';
import type { Work } from './worker.ts';

const topics = once((): readonly Sink[] => {
  const client = new SNSClient({});
  const fallbackArn = optionalSetting('AJAR_TOPIC_PAGE_FALLBACK');
  const fallback =
    fallbackArn === undefined
      ? {}
      : {
          fallback: {
            client: new SNSClient({ region: fallbackArn.split(':')[3] ?? setting('AWS_REGION') }),
            topicArn: fallbackArn,
          },
        };
  return [
    snsSink({ id: 'sns:page', audience: 'page', client, topicArn: setting('AJAR_TOPIC_PAGE'), ...fallback }),
    snsSink({ id: 'sns:chat', audience: 'chat', client, topicArn: setting('AJAR_TOPIC_CHAT') }),
    snsSink({ id: 'sns:machine', audience: 'machine', client, topicArn: setting('AJAR_TOPIC_MACHINE') }),
  ];
});

export async function publish({ runId, signal }: Work): Promise<void> {
  const { delivered, deferred } = await notify(await state(), topics(), runId, () => new Date(), signal);
  metrics.addMetric('Published', 'Count', delivered);
  metrics.addMetric('Deferred', 'Count', deferred.length);
  for (const { sink, key, error, dueAt } of deferred)
    logger.error('not accepted: tried again', { sink, key, error, dueAt });
}
