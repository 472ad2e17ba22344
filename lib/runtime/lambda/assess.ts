/**
 * Assess: folds readings into their endpoints' states; what is owed goes with it in the same transaction. Readings of one
 * endpoint that come in one batch are one write; where that fails each is folded by itself, and answered for by itself.
 */
import * as z from 'zod/mini';
import type { SQSRecord } from 'aws-lambda';
import { isUnexplained } from '../../assess/attribution.ts';
import { stamped } from '../../assess/stamped.ts';
import { AjarError } from '../../model/errors.ts';
import { type AssessMessage, assessMessage } from '../../model/messages.ts';
import type { Reading } from '../../model/reading.ts';
import { assess, assessTogether } from '../../pipeline/assess.ts';
import { allowlist } from './allowlist.ts';
import { changeQueue, state } from './state.ts';
import { logger, metrics } from './telemetry.ts';
import { bodyOf, stampsOf, type Work } from './worker.ts';

/** CloudTrail's own memory may be so late. */
const SEARCH_SECONDS = 900;

/** For the records of one batch, handled side by side. */
export function judging(records: readonly SQSRecord[]): (body: unknown, work: Work) => Promise<void> {
  const readings = records.flatMap((record) => readingIn(record) ?? []);
  const byEndpoint = Map.groupBy(readings, ({ endpoint }) => endpoint.id);
  const together = new Map<string, Promise<boolean>>();
  return async (body, { sentAt }) => {
    const reading = timed(z.parse(assessMessage, body).reading, sentAt);
    const { id } = reading.endpoint;
    const companions = byEndpoint.get(id) ?? [];
    if (companions.length > 1) {
      const done = together.get(id) ?? judgeTogether(companions);
      together.set(id, done);
      if (await done) return;
    }
    await judge([reading]);
  };
}

/** `false` where it did not work, whyever: then nothing of it is told, and each is judged by itself. */
async function judgeTogether(readings: readonly Reading[]): Promise<boolean> {
  try {
    await judge(readings);
    metrics.addMetric('Coalesced', 'Count', readings.length - 1);
    return true;
  } catch (error) {
    logger.warn('not folded at once: each by itself', { readings: readings.length, error: error as Error });
    return false;
  }
}

async function judge(readings: readonly Reading[]): Promise<void> {
  const [first] = readings;
  if (first === undefined) return;
  const fold = readings.length === 1 ? assess.bind(undefined, first) : assessTogether.bind(undefined, readings);
  const decided = await fold(await state(), await allowlist(), () => new Date());
  const { transitions, notices, state: judged } = decided;
  const endpointId = first.endpoint.id;
  const opened = transitions.some((t) => t.kind === 'opened');
  if (opened && judged.incidents.some(isUnexplained)) {
    // Its event may be on its way; where it never comes, it is searched for.
    const body = { kind: 'explain', endpointId, isLast: false, attempt: 0 } as const;
    await changeQueue().send([{ body, delaySeconds: SEARCH_SECONDS }]);
  }
  metrics.addMetric('Readings', 'Count', readings.length);
  for (const { vantage, clockOffMs } of readings) {
    if (clockOffMs === undefined) continue;
    metrics.addMetric('ClocksOff', 'Count', 1);
    logger.warn("a prober's clock is off: its readings are timed by the queue's", { vantage, clockOffMs });
  }
  metrics.addMetric('Notices', 'Count', notices.length);
  if (transitions.length > 0) logger.info('changed', { endpoint: endpointId, transitions });
}

/** By the queue's clock, where it has one. */
function timed(reading: Reading, sentAt: string | undefined): Reading {
  return sentAt === undefined ? reading : stamped(reading, sentAt);
}

/** What is none is refused where its own record is handled. */
function readingIn(record: SQSRecord): Reading | undefined {
  try {
    const { success, data } = z.safeParse(assessMessage, bodyOf(record));
    return success ? timed((data satisfies AssessMessage).reading, stampsOf(record).sentAt) : undefined;
  } catch (error) {
    if (!(error instanceof AjarError)) throw error;
    return undefined;
  }
}
