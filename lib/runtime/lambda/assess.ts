/** Assess: folds one reading into its endpoint's state; what is owed goes with it in the same transaction. */
import * as z from 'zod/mini';
import { isUnexplained } from '../../assess/attribution.ts';
import { assessMessage } from '../../model/messages.ts';
import { assess } from '../../pipeline/assess.ts';
import { allowlist } from './allowlist.ts';
import { changeQueue, state } from './state.ts';
import { logger, metrics } from './telemetry.ts';

/** CloudTrail's own memory may be so late. */
const SEARCH_SECONDS = 900;

export async function judge(body: unknown): Promise<void> {
  const { reading } = z.parse(assessMessage, body);
  const {
    transitions,
    notices,
    state: judged,
  } = await assess(reading, await state(), await allowlist(), () => new Date());
  const opened = transitions.some((t) => t.kind === 'opened');
  // Who opens the drill's door is known, and no event tells of it.
  if (opened && reading.endpoint.drill !== true && judged.incidents.some(isUnexplained)) {
    // Its event may be on its way; where it never comes, it is searched for.
    const body = { kind: 'explain', endpointId: reading.endpoint.id, isLast: false, attempt: 0 } as const;
    await changeQueue().send([{ body, delaySeconds: SEARCH_SECONDS }]);
  }
  metrics.addMetric('Readings', 'Count', 1);
  metrics.addMetric(reading.endpoint.drill === true ? 'DrillNotices' : 'Notices', 'Count', notices.length);
  if (transitions.length > 0) logger.info('changed', { endpoint: reading.endpoint.id, transitions });
}
