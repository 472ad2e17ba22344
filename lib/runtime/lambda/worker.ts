/**
 * One stage behind a queue: each record parsed, handled and answered for by itself, so that what fails comes again
 * alone and ends among the dead letters. The signal is raised before Lambda would end us in the middle of something.
 */
import { BatchProcessor, EventType, processPartialResponse } from '@aws-lambda-powertools/batch';
import type { Context, SQSBatchResponse, SQSEvent, SQSRecord } from 'aws-lambda';
import { AjarError } from '../../model/errors.ts';
import { MAX_MESSAGE_BYTES } from '../../model/messages.ts';
import { logger } from './telemetry.ts';

/** So long before Lambda's own deadline work is asked to stop. */
export const STOP_BEFORE_MS = 8_000;

/** A reading has ten levels, an event of CloudTrail some more. */
const MAX_DEPTH = 64;

export interface Work {
  readonly signal: AbortSignal;
  /** Unique per message and delivery: no two looks at one endpoint may pass for one. */
  readonly runId: string;
  /** By the queue's clock: when the message was sent, and when it was taken first. Absent where the queue does not say. */
  readonly sentAt?: string;
  readonly takenAt?: string;
  /** How often the message was handed out, this time included. */
  readonly deliveries?: number;
}

/** Raised when so little time is left that what is not done has to be left to the next delivery. */
export function workOf(context: Pick<Context, 'awsRequestId' | 'getRemainingTimeInMillis'>): Work {
  const left = Math.max(0, context.getRemainingTimeInMillis() - STOP_BEFORE_MS);
  return { signal: AbortSignal.timeout(left), runId: context.awsRequestId };
}

/** Handles each record of a batch; those that fail are named to SQS, and a batch of which all failed throws. */
export async function eachRecord(
  event: SQSEvent,
  context: Context,
  handle: (body: unknown, work: Work) => Promise<void>,
): Promise<SQSBatchResponse> {
  const work = workOf(context);
  const one = async (record: SQSRecord): Promise<void> => {
    try {
      await handle(bodyOf(record), {
        ...work,
        ...stampsOf(record),
        runId: `${work.runId}/${record.messageId}`,
      });
      // What was cut short is not done, whatever came of it.
      work.signal.throwIfAborted();
    } catch (error) {
      logger.error('not done: it will be delivered again', { messageId: record.messageId, error: error as Error });
      throw error;
    }
  };
  return processPartialResponse(event, one, new BatchProcessor(EventType.SQS), { context });
}

/** Throws what is wrong with it. More than we send is nothing of ours: SQS itself would take four times as much. */
export function bodyOf({ body }: Pick<SQSRecord, 'body'>): unknown {
  const bytes = Buffer.byteLength(body);
  if (bytes > MAX_MESSAGE_BYTES) throw new AjarError('bad-input', `a message of ${bytes} bytes is none of ours`);
  const parsed = parse(body);
  if (isDeeperThan(parsed, MAX_DEPTH))
    throw new AjarError('bad-input', `a message over ${MAX_DEPTH} levels deep is none of ours`);
  return parsed;
}

/** What V8 says of a text that is none quotes from it, and that would be logged. */
function parse(body: string): unknown {
  try {
    return JSON.parse(body);
  } catch (error) {
    if (!(error instanceof SyntaxError)) throw error;
    throw new AjarError('bad-input', `a message of ${body.length} characters that are no JSON is none of ours`);
  }
}

function isDeeperThan(value: unknown, levels: number): boolean {
  if (typeof value !== 'object' || value === null) return false;
  return levels === 0 || Object.values(value).some((inner) => isDeeperThan(inner, levels - 1));
}

/** The instants are the same however often the message is delivered. */
export function stampsOf({ attributes }: Partial<SQSRecord>): Pick<Work, 'sentAt' | 'takenAt' | 'deliveries'> {
  const [sentAt, takenAt] = [attributes?.SentTimestamp, attributes?.ApproximateFirstReceiveTimestamp].map(instantOf);
  const count = attributes?.ApproximateReceiveCount ?? '';
  return {
    ...(sentAt === undefined ? {} : { sentAt }),
    ...(takenAt === undefined ? {} : { takenAt }),
    ...(/^[1-9]\d{0,3}$/.test(count) ? { deliveries: Number(count) } : {}),
  };
}

/** Milliseconds, as SQS writes them. */
function instantOf(ms: string | undefined): string | undefined {
  return ms !== undefined && /^\d{13}$/.test(ms) ? new Date(Number(ms)).toISOString() : undefined;
}
