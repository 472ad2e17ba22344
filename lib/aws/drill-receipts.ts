/**
 * What the machine topic said of the drill, as it came to a queue behind it: raw, as notify published it. Calls:
 * ReceiveMessage, long enough that every server of the queue is asked, until it says that there is no more; and
 * DeleteMessageBatch. When SQS had it is SQS's own word. What cannot be read is left, and so ends among the dead letters.
 */
import { DeleteMessageBatchCommand, type Message, ReceiveMessageCommand, type SQSClient } from '@aws-sdk/client-sqs';
import * as z from 'zod/mini';
import { DRILL_ID, type DrillReceipt, type DrillReceipts } from '../model/drill.ts';
import { AjarError } from '../model/errors.ts';
import { NOTICE_KINDS } from '../model/incident.ts';

const BATCH = 10;
/** An opening is two to four messages: so many are weeks of them. */
const MAX_CALLS = 10;
const WAIT_SECONDS = 1;

const incident = z.object({ protection: z.string(), to: z.string(), detectedAt: z.iso.datetime({ precision: 3 }) });
const notice = z.object({
  key: z.string().check(z.minLength(1), z.maxLength(200)),
  kind: z.enum(NOTICE_KINDS),
  incident,
  also: z.optional(z.array(z.partial(incident))),
  endpoint: z.object({ id: z.literal(DRILL_ID) }),
});

export function drillReceipts(client: SQSClient, QueueUrl: string): DrillReceipts {
  return {
    async take() {
      const receipts: DrillReceipt[] = [];
      for (let call = 0; call < MAX_CALLS; call++) {
        const { Messages = [] } = await client.send(
          new ReceiveMessageCommand({
            ...{ QueueUrl, MaxNumberOfMessages: BATCH, WaitTimeSeconds: WAIT_SECONDS },
            MessageSystemAttributeNames: ['SentTimestamp'],
          }),
        );
        receipts.push(...Messages.flatMap(receiptOf));
        if (Messages.length === 0) return { receipts, isAll: true };
      }
      return { receipts, isAll: false };
    },
    async drop(receipts) {
      for (let i = 0; i < receipts.length; i += BATCH) {
        const Entries = receipts.slice(i, i + BATCH).map(({ handle }, n) => ({ Id: String(n), ReceiptHandle: handle }));
        const { Failed = [] } = await client.send(new DeleteMessageBatchCommand({ QueueUrl, Entries }));
        const [first] = Failed;
        if (first !== undefined)
          throw new AjarError('queue-refused', `${Failed.length} receipts not deleted: ${first.Code ?? ''}`);
      }
    },
  };
}

function receiptOf({ Body = '', Attributes, ReceiptHandle = '' }: Message): readonly DrillReceipt[] {
  const sent = Number(Attributes?.SentTimestamp);
  const { success, data } = z.safeParse(notice, parsed(Body));
  if (!success || !(sent > 0)) return [];
  const { key, incident: first, also = [] } = data;
  const door = [first, ...also].find(({ protection }) => protection === 'authentication');
  const detectedAt = door?.detectedAt ?? first.detectedAt;
  return [
    { key, kind: kindOf(data.kind, door?.to), detectedAt, at: new Date(sent).toISOString(), handle: ReceiptHandle },
  ];
}

/** `to`: of authentication, where it is told of that. */
function kindOf(told: string, to: string | undefined): DrillReceipt['kind'] {
  if (told === 'closed' && to !== undefined) return 'closed';
  return told === 'opened' && to === 'off' ? 'opened' : 'other';
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text) as unknown;
  } catch {
    return undefined;
  }
}
