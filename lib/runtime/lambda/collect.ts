/** Collect: reads what is due of one place, and hands everything that it read to the vantages. */
import * as z from 'zod/mini';
import { collectMessage } from '../../model/messages.ts';
import { collectPlace } from '../../pipeline/collect-place.ts';
import { inventory } from './inventory.ts';
import { assessQueue, collectQueue, probeQueue, state } from './state.ts';
import { logger, metrics } from './telemetry.ts';
import type { Work } from './worker.ts';

export async function collect(body: unknown, { signal, runId }: Work): Promise<void> {
  const message = z.parse(collectMessage, body);
  const run = {
    source: await inventory(),
    store: await state(),
    now: () => new Date(),
    signal,
    runId,
    vantage: 'aws-api',
  };
  const collected = await collectPlace(message, run);
  if (collected === undefined) return;
  const { probes, gone, again, inventory: read } = collected;
  await probeQueue().send(probes.map((probe) => ({ body: probe })));
  await assessQueue().send(gone.map((reading) => ({ body: { kind: 'reading', reading } })));
  if (again !== undefined) await collectQueue().send([again]);
  if (read === undefined) return;
  metrics.addMetric('ApiCalls', 'Count', read.coverage.calls);
  const { account, region } = message.place;
  logger.info('read', { account, region, cells: read.coverage.cells, endpoints: probes.length, gone: gone.length });
}
