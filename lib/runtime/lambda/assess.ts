/** Assess: folds one reading into its endpoint's state; what is owed goes with it in the same transaction. */
import * as z from 'zod/mini';
import { assessMessage } from '../../model/messages.ts';
import { assess } from '../../pipeline/assess.ts';
import { allowlist } from './allowlist.ts';
import { state } from './state.ts';
import { logger, metrics } from './telemetry.ts';

export async function judge(body: unknown): Promise<void> {
  const { reading } = z.parse(assessMessage, body);
  const { transitions, notices } = await assess(reading, await state(), await allowlist(), () => new Date());
  metrics.addMetric('Readings', 'Count', 1);
  metrics.addMetric('Notices', 'Count', notices.length);
  if (transitions.length > 0) logger.info('changed', { endpoint: reading.endpoint.id, transitions });
}
