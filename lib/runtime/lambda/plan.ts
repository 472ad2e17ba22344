/** Plan: visits that are due every minute, places where a cell is due every five; the queues spread the work. */
import * as z from 'zod/mini';
import { planTask } from '../../model/messages.ts';
import { dueProbes, dueSweeps, unlistedProbes } from '../../pipeline/roster.ts';
import { batcher } from './batcher.ts';
import { accounts } from './accounts.ts';
import { collectQueue, probeQueue, state } from './state.ts';
import { logger, metrics } from './telemetry.ts';

export async function plan(event: unknown): Promise<void> {
  const { task } = z.parse(planTask, event);
  const [store, now] = [await state(), new Date()];
  const probes = batcher(probeQueue());
  if (task === 'probe') {
    const sent = await dueProbes(store.roster(0, 1), probes.add, now);
    await probes.flush();
    metrics.addMetric('ProbesPlanned', 'Count', sent);
    return;
  }
  const sweeps = batcher(collectQueue());
  const { gaps, places, inDoubt, sent } = await dueSweeps(await accounts(), store, sweeps.add, now);
  await sweeps.flush();
  const unlisted = await unlistedProbes(store, { places, inDoubt }, probes.add, now);
  await probes.flush();
  metrics.addMetric('SweepsPlanned', 'Count', sent);
  metrics.addMetric('AccountGaps', 'Count', gaps.length);
  for (const { code, subject, detail } of gaps.slice(0, 100)) logger.warn('not listed', { code, subject, detail });
  logger.info('planned', { places: places.length, sent, unlisted, gaps: gaps.length });
}
