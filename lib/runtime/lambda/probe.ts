/**
 * Probe: visits one endpoint as a stranger would and hands on what it saw. Holds no credentials that read anything: its
 * queue, the queue of readings, and the connection budgets are all it can reach in AWS.
 */
import * as z from 'zod/mini';
import { probeMessage } from '../../model/messages.ts';
import { dialTestNet } from '../../net/dial.ts';
import { pacer } from '../../net/visit.ts';
import { hearing } from '../../pipeline/hearing.ts';
import { withInventory } from '../../pipeline/listed.ts';
import { ANY_PORT } from '../../pipeline/any-port.ts';
import { asked } from '../../pipeline/asked.ts';
import { OLD_TLS } from '../../pipeline/old-tls.ts';
import { probeEndpoint } from '../../pipeline/probe.ts';
import type { ProbeRun } from '../../pipeline/probe-run.ts';
import { withoutWords } from '../../pipeline/probe-observation.ts';
import { type SelfTest, selfTest } from '../../pipeline/self-test.ts';
import { stopSwitch } from '../../pipeline/stop.ts';
import { PROBES } from '../../probes/catalogue.ts';
import { USER_AGENT } from '../version.ts';
import { hearCanary } from './canary.ts';
import { listSetting, optionalSetting, setting } from './environment.ts';
import { gathered } from './gather.ts';
import { once } from './once.ts';
import { assessQueue, state } from './state.ts';
import { logger, metrics } from './telemetry.ts';
import type { Work } from './worker.ts';

/** For as long as the environment lives: what it heard, and when it last asked whom. */
const lasting = {
  pacer: pacer(),
  hearing: hearing(),
  stop: stopSwitch({
    read: async () => (await state()).stop(),
    now: () => new Date(),
    onUnreadable(error) {
      metrics.addMetric('StopSwitchUnreadable', 'Count', 1);
      logger.error('the stop switch cannot be read', { error });
    },
  }),
};
let tested: SelfTest | undefined;
let beside: Pick<ProbeRun, 'oldTls' | 'anyPort'> | undefined;

function ownTest(only: readonly string[]): SelfTest {
  tested ??= selfTest({
    ...{ only, now: () => new Date(), answers: dialTestNet },
    onCaptive(detail) {
      metrics.addMetric('CaptiveVantage', 'Count', 1);
      logger.error('the vantage is captive', { detail });
    },
  });
  return tested;
}

/** From one delivery of a message to the next, at least: VisibilityTimeout of the probe queues (template.test.ts). */
export const HIDDEN_MS = 90_000;

/** Visits of a run end together, and so do their readings leave. */
const hand = once(() => gathered(assessQueue()));

/**
 * By the queue's clock where it says: ours may be minutes ahead, and then nobody would look. What is delivered again was hidden
 * in between: a run that died comes back when the next visits are planned, and nobody is to be visited for both.
 */
function isOver(until: string, { takenAt, deliveries = 1 }: Pick<Work, 'takenAt' | 'deliveries'>): boolean {
  if (takenAt === undefined) return new Date().toISOString() > until;
  return Date.parse(takenAt) + (deliveries - 1) * HIDDEN_MS > Date.parse(until);
}

export async function probe(body: unknown, work: Work): Promise<void> {
  const { signal, runId, takenAt } = work;
  const message = z.parse(probeMessage, body);
  const { endpoint, until, everyMs } = message;
  if (until !== undefined && isOver(until, work)) {
    metrics.addMetric('VisitsSkipped', 'Count', 1);
    return;
  }
  const only = listSetting('AJAR_ONLY') ?? [];
  const permission = optionalSetting('AJAR_PERMISSION');
  const { budgets } = await state();
  const clock = (): Date => new Date();
  beside ??= { oldTls: asked(OLD_TLS, budgets, clock), anyPort: asked(ANY_PORT, budgets, clock) };
  const run: ProbeRun = {
    ...lasting,
    ...beside,
    selfTest: ownTest(only),
    ...(permission === undefined ? {} : { permission }),
    ...(everyMs === undefined ? {} : { everyMs }),
    ...{ runId, signal, userAgent: USER_AGENT, probes: PROBES, vantage: setting('AJAR_VANTAGE') },
    ...{ metadata: 2, rawNames: false, concurrency: 1, budgets, now: () => new Date() },
    // Private ranges are opened for stand-ins alone: never without saying which.
    policy: { allowPrivate: only.length > 0 && optionalSetting('AJAR_ALLOW_PRIVATE') === 'yes', only },
  };
  if ((await lasting.stop.stopped()) === undefined) await hearCanary(run);
  const outcome = await probeEndpoint(endpoint, run);
  if (outcome.kind === 'cancelled') throw new Error(`${endpoint.id}: cut short before it was visited`);
  const reading = withoutWords(withInventory(message)(outcome.reading));
  if (outcome.kind === 'not-due') {
    logger.debug('not due', { endpoint: endpoint.id, detail: outcome.detail });
    // What was read of its configuration is news all the same; what is only remembered is none.
    if (reading.remembered === true) return;
  }
  await hand()({ kind: 'reading', reading: { ...reading, ...(takenAt === undefined ? {} : { takenAt }) } });
  metrics.addMetric('Visits', 'Count', 1);
}
