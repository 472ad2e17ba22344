/**
 * Puts each notice on an EventBridge bus, for rules and targets of the reader's own (evidence-and-alerts.md section 3.3):
 * source `ajar`, detail type `Exposure State Change`, the document of web hooks as detail. Accepted means that the bus gave an
 * event id for that very notice. A bus keeps nothing: what no rule matches is gone, and that is the reader's to decide.
 */
import type { EventBridgeClient, PutEventsRequestEntry, PutEventsResultEntry } from '@aws-sdk/client-eventbridge';
import { PutEventsCommand } from '@aws-sdk/client-eventbridge';
import { failureOf } from '../aws/errors.ts';
import type { Notice } from '../model/incident.ts';
import { AjarError } from '../model/errors.ts';
import { type Outcome, type Refusal, refused, type Sink } from '../model/sink.ts';
import { printable } from '../model/text.ts';
import { unlessAborted } from '../net/abort.ts';
import { noticeJson } from './notice-json.ts';

const SOURCE = 'ajar';
const DETAIL_TYPE = 'Exposure State Change';
/** PutEvents takes ten, and 256 KB of all of them: ten of 24 KB with their names leave room. */
const ENTRIES = 10;
const DETAIL_BYTES = 24 * 1024;
const ATTEMPT_MS = 4_000;
const UNTIL_MENDED_MS = 5 * 60_000;
/** Of the bus, not of this event. */
const OF_THE_BUS = /^(AccessDenied|NotAuthorized|ResourceNotFound|InvalidArgument|UnrecognizedClient|ExpiredToken)/;
const ARN = /^arn:[\w:.*-]+([/][\w:.*-]+)*$/;

export interface EventBridgeOptions {
  readonly id: string;
  /** Of the bus's region. */
  readonly client: Pick<EventBridgeClient, 'send'>;
  /** Name or ARN. */
  readonly bus: string;
  readonly attemptMs?: number;
}

export function eventBridgeSink({ id, client, bus, attemptMs = ATTEMPT_MS }: EventBridgeOptions): Sink {
  const put = async (notices: readonly Notice[], signal: AbortSignal): Promise<readonly Outcome[]> => {
    const within = AbortSignal.any([signal, AbortSignal.timeout(attemptMs)]);
    try {
      const command = new PutEventsCommand({ Entries: notices.map((notice) => entryOf(notice, bus)) });
      const { Entries = [] } = await unlessAborted(within, () => client.send(command, { abortSignal: within }));
      return notices.map((_, i) => outcomeOf(Entries[i], bus));
    } catch (error) {
      const refusal = refusalOf(failureOf(error).detail, bus);
      return notices.map(() => refusal);
    }
  };
  return {
    id,
    async deliver(notice, signal) {
      const [outcome] = await put([notice], signal);
      if (outcome !== undefined && 'id' in outcome) return outcome;
      const { error = 'the bus said nothing of it', ...wait } = outcome ?? {};
      throw new AjarError('sink-refused', error, wait);
    },
    async deliverAll(notices, signal) {
      const outcomes: Outcome[] = [];
      for (let from = 0; from < notices.length; from += ENTRIES) {
        outcomes.push(...(await put(notices.slice(from, from + ENTRIES), signal)));
      }
      return outcomes;
    },
  };
}

export function entryOf(notice: Notice, bus: string): PutEventsRequestEntry {
  const { arn } = notice.endpoint;
  return {
    EventBusName: bus,
    Source: SOURCE,
    DetailType: DETAIL_TYPE,
    Time: new Date(notice.createdAt),
    Detail: noticeJson(notice, { bytes: DETAIL_BYTES }),
    Resources: arn !== undefined && arn.length <= 512 && ARN.test(arn) ? [arn] : [],
  };
}

function outcomeOf(entry: PutEventsResultEntry | undefined, bus: string): Outcome {
  if (entry?.EventId) return { id: `${entry.EventId} ${bus}` };
  const said = `${entry?.ErrorCode ?? 'NoEventId'}: ${entry?.ErrorMessage ?? 'the bus gave none for this event'}`;
  return refusalOf(printable(said), bus);
}

/** `said` begins with the name of the error. */
function refusalOf(said: string, bus: string): Refusal {
  const isOfTheBus = OF_THE_BUS.test(said);
  return refused(
    new AjarError('sink-refused', `${bus}: ${said}`, {
      ...(isOfTheBus ? { cure: `allow events:PutEvents on ${bus} to ajar, and check that it exists` } : {}),
      ...(isOfTheBus ? { retryAfterMs: UNTIL_MENDED_MS } : {}),
    }),
  );
}
