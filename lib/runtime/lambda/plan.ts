/** Plan: visits that are due every minute, places where a cell is due every five; the queues spread the work. */
import { randomUUID } from 'node:crypto';
import * as z from 'zod/mini';
import { planTask, type ProbeMessage } from '../../model/messages.ts';
import { tellAccountGaps } from '../../pipeline/account-gaps.ts';
import { drillEndpoint, planDrill, withoutOldDrill } from '../../pipeline/drill.ts';
import { paginate } from '../../pipeline/paging.ts';
import { dueProbes, dueSweeps, unlistedProbes } from '../../pipeline/roster.ts';
import type { DynamoStore } from '../../stores/dynamodb.ts';
import { batcher } from './batcher.ts';
import { accounts } from './accounts.ts';
import { optionalSetting, setting } from './environment.ts';
import { assessQueue, collectQueue, probeQueue, state } from './state.ts';
import { logger, metrics } from './telemetry.ts';

export async function plan(event: unknown): Promise<void> {
  const { task } = z.parse(planTask, event);
  const [store, now] = [await state(), new Date()];
  const probes = batcher(probeQueue());
  if (task === 'probe') return planProbes(store, probes, now);
  const sweeps = batcher(collectQueue());
  const { gaps, places, inDoubt, listing, sent } = await dueSweeps(await accounts(), store, sweeps.add, now);
  await sweeps.flush();
  const unlisted = await unlistedProbes(store, { places, inDoubt }, probes.add, now);
  await probes.flush();
  // Of one schedule alone: on the hour three of them list the accounts at the same moment.
  if (task === 'hot') await tellAccountGaps(listing, store, { runId: randomUUID(), now: () => now });
  metrics.addMetric('SweepsPlanned', 'Count', sent);
  metrics.addMetric('AccountGaps', 'Count', gaps.length);
  for (const { code, subject, detail } of gaps.slice(0, 100)) logger.warn('not listed', { code, subject, detail });
  logger.info('planned', { places: places.length, sent, unlisted, gaps: gaps.length });
}

/** As the last plan of this environment left them. */
let sparse: ReadonlySet<string> = new Set();

type Probes = ReturnType<typeof batcher<ProbeMessage>>;

/** The drill last: nothing about it may keep a visit from being planned. */
async function planProbes(store: DynamoStore, probes: Probes, now: Date): Promise<void> {
  const url = optionalSetting('AJAR_DRILL_URL');
  const paging = paginate(now, sparse);
  const sent = await dueProbes(withoutOldDrill(store.roster(0, 1), url), probes.add, now, paging);
  sparse = paging.sparse();
  await probes.flush();
  metrics.addMetric('ProbesPlanned', 'Count', sent);
  const drill = url === undefined ? undefined : drillEndpoint(url, setting('AWS_REGION'));
  await planDrill(drill, store, {
    ...{ runId: randomUUID(), now, probe: probes.add },
    assess: (reading) => assessQueue().send([{ body: { kind: 'reading', reading } }]),
  });
  await probes.flush();
}
