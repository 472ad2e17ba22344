/** Change: looks at what an event touched; and, where no event came with an alert, searches for the one that explains it. */
import * as z from 'zod/mini';
import { explainMessage } from '../../model/messages.ts';
import { explainEndpoint, handleChange } from '../../pipeline/change.ts';
import { EMPTY_ALLOWLIST } from '../../model/allowlist.ts';
import { partitionOfRegion } from '../../aws/partitions.ts';
import { lookUpChanges } from './lookup.ts';
import { collectQueue, state } from './state.ts';
import { logger, metrics } from './telemetry.ts';
import type { Work } from './worker.ts';

export async function change(body: unknown, { runId }: Work): Promise<void> {
  const store = await state();
  const run = {
    ...{ store, collect: collectQueue(), runId, vantage: 'aws-events', now: () => new Date() },
    // Nothing is judged here: an allowance decides nothing about who did what.
    allowlist: EMPTY_ALLOWLIST,
    placeOf: async (account: string, region: string) => {
      const known = await store.inventory.read(account, region);
      const partition = partitionOfRegion(region);
      return known?.place ?? (partition === undefined ? undefined : { account, region, partition });
    },
  };
  const asked = z.safeParse(explainMessage, body);
  if (asked.success) {
    const { endpointId, isLast } = asked.data;
    await lookUpChanges(endpointId, store);
    const explained = await explainEndpoint(endpointId, run, isLast);
    logger.info('searched who did it', { endpointId, isLast, explained });
    return;
  }
  const handled = await handleChange(body, run);
  metrics.addMetric(handled.kind === 'change' ? 'Changes' : 'EventsIgnored', 'Count', 1);
  if (handled.kind === 'malformed') logger.warn('not an event that CloudTrail writes', { why: handled.why });
  if (handled.kind !== 'change') return;
  const { name, account, region, touched } = handled.change;
  logger.info('change', { name, account, region, touched, explained: handled.explained });
}
