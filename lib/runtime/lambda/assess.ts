/**
 * Assess: folds readings into their endpoints' states; what is owed goes with it in the same transaction. Readings of one
 * endpoint that come in one batch are one write, and visits without news of many endpoints are; where that fails each is folded by
 * itself, and answered for by itself.
 */
import * as z from 'zod/mini';
import type { SQSRecord } from 'aws-lambda';
import { isUnexplained } from '../../assess/attribution.ts';
import { stamped } from '../../assess/stamped.ts';
import { AjarError } from '../../model/errors.ts';
import { type AssessMessage, assessMessage } from '../../model/messages.ts';
import type { Reading } from '../../model/reading.ts';
import type { Decision } from '../../assess/decide.ts';
import { assess } from '../../pipeline/assess.ts';
import { assessBatch } from '../../pipeline/assess-batch.ts';
import { allowlist } from './allowlist.ts';
import { changeQueue, state } from './state.ts';
import { logger, metrics } from './telemetry.ts';
import { bodyOf, stampsOf, type Work } from './worker.ts';

/** CloudTrail's own memory may be so late. */
const SEARCH_SECONDS = 900;

/** For the records of one batch, handled side by side. */
export function judging(records: readonly SQSRecord[]): (body: unknown, work: Work) => Promise<void> {
  const readings = records.flatMap((record) => readingIn(record) ?? []);
  let whole: Promise<ReadonlySet<string>> | undefined;
  return async (body, { sentAt }) => {
    const reading = timed(z.parse(assessMessage, body).reading, sentAt);
    whole ??= judgeAll(readings);
    if (!(await whole).has(reading.endpoint.id)) await judge(reading);
  };
}

/** Endpoints whose readings are judged. Of the others nothing is told, and each of their readings is judged by itself. */
async function judgeAll(readings: readonly Reading[]): Promise<ReadonlySet<string>> {
  const byEndpoint = Map.groupBy(readings, ({ endpoint }) => endpoint.id);
  const done = new Set<string>();
  const settle = async (
    id: string,
    mine: readonly Reading[],
    result: PromiseSettledResult<Decision>,
  ): Promise<void> => {
    if (result.status === 'rejected') throw result.reason;
    await tell(mine, result.value);
    if (mine.length > 1) metrics.addMetric('Coalesced', 'Count', mine.length - 1);
    done.add(id);
  };
  try {
    const judged = await assessBatch(readings, await state(), await allowlist(), () => new Date());
    for (const [id, result] of judged) {
      const mine = byEndpoint.get(id) ?? [];
      await settle(id, mine, result).catch((error: unknown) => warnOf(error, mine.length));
    }
  } catch (error) {
    warnOf(error, readings.length);
  }
  return done;
}

/** Each by itself then, and where that fails its own record says so. */
function warnOf(error: unknown, readings: number): void {
  logger.warn('not folded at once: each by itself', { readings, error: error as Error });
}

async function judge(reading: Reading): Promise<void> {
  await tell([reading], await assess(reading, await state(), await allowlist(), () => new Date()));
}

/** What came of readings of one endpoint. */
async function tell(readings: readonly Reading[], { transitions, notices, state: judged }: Decision): Promise<void> {
  const endpointId = judged.endpoint.id;
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
