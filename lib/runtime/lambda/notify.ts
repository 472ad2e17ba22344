/** Notify: publishes what is owed, when the stream says that something is and every minute in case it did not. */
import { setTimeout as sleep } from 'node:timers/promises';
import { SNSClient } from '@aws-sdk/client-sns';
import * as z from 'zod/mini';
import type { Sink } from '../../model/sink.ts';
import type { StateStore } from '../../model/store.ts';
import { notify } from '../../pipeline/notify.ts';
import { snsSink } from '../../sinks/sns.ts';
import { testNotice } from '../../sinks/test-notice.ts';
import { isOwedNotice } from '../../stores/dynamodb-table.ts';
import { optionalSetting, setting } from './environment.ts';
import { once } from './once.ts';
import { readSinks } from './owed.ts';
import { sinksOf, trySinks } from './sinks.ts';
import { notes, state } from './state.ts';
import { logger, metrics } from './telemetry.ts';
import { TOPIC_TIMES } from './times.ts';
import type { Work } from './worker.ts';

/** What is refused is owed still: the outbox tries again, on a clock of its own. */
const TIMES = { maxAttempts: 2, requestHandler: TOPIC_TIMES } as const;

const topics = once((): readonly Sink[] => {
  const client = new SNSClient(TIMES);
  const fallbackArn = optionalSetting('AJAR_TOPIC_PAGE_FALLBACK');
  const fallback =
    fallbackArn === undefined
      ? {}
      : {
          fallback: {
            client: new SNSClient({ ...TIMES, region: fallbackArn.split(':')[3] ?? setting('AWS_REGION') }),
            topicArn: fallbackArn,
          },
        };
  return [
    snsSink({ id: 'sns:page', audience: 'page', client, topicArn: setting('AJAR_TOPIC_PAGE'), ...fallback }),
    snsSink({ id: 'sns:chat', audience: 'chat', client, topicArn: setting('AJAR_TOPIC_CHAT') }),
    snsSink({ id: 'sns:machine', audience: 'machine', client, topicArn: setting('AJAR_TOPIC_MACHINE') }),
  ];
});

/** The index may be moments behind the stream that woke us: so often, and so long, it is asked again. */
const LOOKS = 5;
const LOOK_MS = 300;
/** So often it waits for what belongs together; then all of it leaves. */
const WAITS = 6;

/** `{"task":"test"}`, by hand: a test alert to every topic and sink, and who took it. Rejects where one did not. */
const testTask = z.object({ task: z.literal('test') });
/** Every minute. */
const sweepTask = z.object({ task: z.literal('sweep') });

export async function publish(event: unknown, work: Work): Promise<Readonly<Record<string, string>> | undefined> {
  const inForce = await readSinks(notes());
  const sinks = [...topics(), ...sinksOf(inForce)];
  if (z.safeParse(testTask, event).success)
    return testAlert(sinks.slice(0, sinks.length - inForce.removed.length), work);
  await publishOwed(event, sinks, work);
  if (z.safeParse(sweepTask, event).success) await trySinks(inForce, notes());
  return undefined;
}

async function testAlert(sinks: readonly Sink[], { signal }: Work): Promise<Readonly<Record<string, string>>> {
  const notice = testNotice(new Date());
  const taken = sinks.map(async (sink) => [sink.id, (await sink.deliver(notice, signal)).id] as const);
  return Object.fromEntries(await Promise.all(taken));
}

async function publishOwed(event: unknown, sinks: readonly Sink[], { runId, signal }: Work): Promise<void> {
  const [store, expected] = [await state(), owedIn(event)];
  let published = 0;
  let [flush, waits] = [false, 0];
  for (let look = 1; look <= LOOKS; look++) {
    const { delivered, deferred, postponed, overtook, stormed, until } = await notify(
      ...([store, sinks, runId, () => new Date(), signal] as const),
      { endpoints: () => countOf(store), flush },
    );
    published += delivered;
    if (stormed > 0) logger.error('a storm: one message a minute to people, all to machines', { stormed });
    for (const { sink, key, error, dueAt } of deferred) {
      logger.error('not accepted: tried again', { sink, key, error, dueAt });
    }
    metrics.addMetric('Deferred', 'Count', deferred.length);
    metrics.addMetric('Postponed', 'Count', postponed);
    metrics.addMetric('Overtook', 'Count', overtook);
    metrics.addMetric('StormMode', 'Count', stormed);
    // What waits for its like leaves in this run: the next one may be a minute away.
    if (until !== undefined && !flush && !signal.aborted) {
      flush = ++waits === WAITS;
      await sleep(Math.max(0, until.getTime() - Date.now()));
      look--;
      continue;
    }
    // What another of us took meanwhile is no reason to wait for ever.
    if (published + deferred.length >= expected || signal.aborted) break;
    await sleep(LOOK_MS);
  }
  metrics.addMetric('Published', 'Count', published);
}

/** Endpoints that the sweeps know of. Read only where many of them changed at once. */
async function countOf({ inventory }: Pick<StateStore, 'inventory'>): Promise<number> {
  const ids = new Set<string>();
  for await (const { cells } of inventory.all()) {
    for (const { known } of Object.values(cells)) for (const id of Object.keys(known)) ids.add(id);
  }
  return ids.size;
}

/** How many notices a stream's event says to be owed; a schedule's says none. */
function owedIn(event: unknown): number {
  const { success, data } = z.safeParse(streamEvent, event);
  return success ? data.Records.filter(({ dynamodb }) => isOwedNotice(dynamodb.Keys)).length : 0;
}

const streamEvent = z.object({
  Records: z.array(
    z.object({ dynamodb: z.object({ Keys: z.optional(z.object({ pk: z.object({ S: z.string() }) })) }) }),
  ),
});
