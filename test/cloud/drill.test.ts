/**
 * A drill on AWS: the deployed bundles, driven as Lambda would. The door is the drill's own function, behind a server that
 * stands for its URL; queues, topics, subscription and filter are moto's; everything else is ours. The door opens by the clock alone;
 * the alert has to come to the queue behind the machine topic and nowhere else, and guard has to say so, or that it did not.
 */
import { GetQueueAttributesCommand } from '@aws-sdk/client-sqs';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { drillSchedule, openingAt } from '../../lib/model/drill.ts';
import type { Notice } from '../../lib/model/incident.ts';
import { buildReport } from '../../lib/pipeline/report.ts';
import { openDynamoStore } from '../../lib/stores/dynamodb.ts';
import { type PlantedDrill, plantDrill } from './aws/plant-drill.ts';
import { startWorld, type World } from './aws/world.ts';

const SCHEDULE = '10m/6h';
const MINUTE_MS = 60_000;

let world: World;
let drill: PlantedDrill;
beforeAll(async () => {
  world = await startWorld({ scheduled: [] });
  drill = await plantDrill(world, SCHEDULE);
});
afterAll(async () => {
  drill?.close();
  await world?.stop();
});

/** So many minutes: what is due is planned and published, and then guard looks. */
async function minutes(count: number): Promise<void> {
  const { driver, clock } = world;
  for (let i = 0; i < count; i++) {
    const next = clock.now() + MINUTE_MS;
    await driver.invoke('plan', { task: 'probe' });
    await driver.settle(0);
    await driver.invoke('notify', { task: 'sweep' });
    await driver.invoke('guard', { task: 'guard' });
    await driver.settle(0);
    clock.skip(next - clock.now());
  }
}

/** Some seconds before the next opening, and so many minutes. */
async function toNextOpening(minutesBefore: number): Promise<number> {
  const { everyMs } = drillSchedule(SCHEDULE);
  const { from } = openingAt(drillSchedule(SCHEDULE), new Date(world.clock.now() + everyMs));
  world.clock.skip(Date.parse(from) - minutesBefore * MINUTE_MS - 20_000 - world.clock.now());
  return Date.parse(from);
}

/** What guard told of the drill since. */
function told(since: number): readonly string[] {
  return world.driver.arrivals
    .slice(since)
    .flatMap(({ topic, body }) => {
      if (topic !== 'health') return [];
      const news = JSON.parse(body) as Record<'began' | 'ended', readonly { readonly key: string }[]>;
      return (['began', 'ended'] as const).flatMap((when) => news[when].map(({ key }) => `${when} ${key}`));
    })
    .filter((line) => line.includes('drill'));
}

function heard(since: number): readonly { readonly topic: string; readonly notice: Notice; readonly at: number }[] {
  return world.driver.arrivals
    .slice(since)
    .flatMap(({ topic, body, at }) => (topic === 'health' ? [] : [{ topic, at, notice: JSON.parse(body) as Notice }]));
}

const store = () =>
  openDynamoStore({ client: world.stack.dynamodb, table: world.stack.table, sinks: [], now: () => new Date() });

async function outcomes(): Promise<readonly unknown[]> {
  const found: unknown[] = [];
  for await (const { kind, body } of (await store()).ledger()) if (kind === 'drill') found.push(body);
  return found;
}

it('that goes well: one alert and one recovery to machines, nobody paged, and guard says so', async () => {
  const from = await toNextOpening(2);
  const since = world.driver.arrivals.length;
  await minutes(14);
  const doors = heard(since).filter(({ notice }) => notice.incident.protection === 'authentication');
  expect(doors.map(({ topic, notice }) => `${topic} ${notice.kind} ${notice.incident.severity}`)).toEqual([
    'machine opened critical',
    'machine closed critical',
  ]);
  expect(heard(since).filter(({ topic }) => topic !== 'machine')).toEqual([]);
  expect(heard(since).every(({ notice }) => notice.subject.startsWith('[DRILL '))).toBe(true);
  await minutes(8);
  expect(told(since)).toEqual([]);
  const [outcome] = await outcomes();
  expect(outcome).toMatchObject({ from: new Date(from).toISOString() });
  const { alertSeconds, recoverySeconds } = outcome as { alertSeconds: number; recoverySeconds: number };
  expect(Math.max(alertSeconds, recoverySeconds)).toBeLessThanOrEqual(120);
  const { Attributes } = await world.stack.sqs.send(
    new GetQueueAttributesCommand({ QueueUrl: drill.queueUrl, AttributeNames: ['All'] }),
  );
  expect([Attributes?.ApproximateNumberOfMessages, Attributes?.ApproximateNumberOfMessagesNotVisible]).toEqual([
    '0',
    '0',
  ]);
  expect(world.driver.failures).toEqual([]);
  console.log(`drill: alert ${alertSeconds} s after the opening, recovery ${recoverySeconds} s after the closing`);
});

it('is in no report as an exposure', async () => {
  const query = { toolVersion: '0', allowlist: { entries: [], digest: 'none', file: 'none' } };
  // Nothing else was ever read in this world.
  await expect(buildReport(await store(), query)).rejects.toThrow('no reading is on record');
});

it('that nobody tells of, though the door says that it opens, is critical, until one is told again', async () => {
  const { driver } = world;
  drill.jam();
  await toNextOpening(1);
  const since = driver.arrivals.length;
  await minutes(8);
  expect(told(since)).toEqual([]);
  await minutes(2);
  expect(told(since)).toEqual(['began drill/alert']);
  expect(heard(since)).toEqual([]);
  drill.free();
  await toNextOpening(1);
  await minutes(4);
  // The opening before, now over, had no recovery either; that of this one is still to come.
  expect(told(since)).toEqual(['began drill/alert', 'began drill/recovery', 'ended drill/alert']);
});
