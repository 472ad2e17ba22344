/**
 * A CloudTrail record as it arrives: in an EventBridge envelope, bare (a log file), or as the text that LookupEvents
 * answers (aws-services.md sections 5.4 and 5.5). What places the event must be right, or it is malformed; what tells of
 * the caller is taken as far as it can be read. Requests and answers are left as they are: parameters.ts walks them.
 */
import * as z from 'zod/mini';
import { printable } from '../model/text.ts';

/** EventBridge carries 256 KB, CloudTrail's files records of that size too. */
export const MAX_RECORD_CHARS = 1_048_576;
/** Of one text about the caller, before it is made printable. */
const MAX_TEXT = 2_048;
/** Clocks differ; what is further ahead happened when it arrived. */
const MAX_AHEAD_MS = 15 * 60_000;

const text = lax(
  z.pipe(
    z.string().check(z.minLength(1)),
    z.transform((value: string) => value.slice(0, MAX_TEXT)),
  ),
);
const flag = lax(
  z.pipe(
    z.union([z.boolean(), z.enum(['true', 'false'])]),
    z.transform((value: boolean | 'true' | 'false') => value === true || value === 'true'),
  ),
);
const account = z.string().check(z.regex(/^\d{12}$/));
const word = z.string().check(z.regex(/^[\w.-]{1,128}$/));
const moment = z.string().check(z.regex(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d{1,9})?Z$/));

const envelope = z.object({
  source: z.string().check(z.maxLength(MAX_TEXT)),
  'detail-type': z.string().check(z.maxLength(MAX_TEXT)),
  account: lax(account),
  detail: z.unknown(),
});

const session = z.object({
  sessionIssuer: lax(z.object({ arn: text, userName: text })),
  attributes: lax(z.object({ mfaAuthenticated: flag })),
  sourceIdentity: text,
});

const identity = z.object({
  type: text,
  arn: text,
  principalId: text,
  accountId: text,
  userName: text,
  invokedBy: text,
  sessionContext: lax(session),
  onBehalfOf: lax(z.object({ userId: text, identityStoreArn: text })),
});

const record = z.object({
  eventID: z.string().check(z.regex(/^[\w-]{1,128}$/)),
  eventTime: moment,
  eventSource: word,
  eventName: word,
  awsRegion: z.string().check(z.regex(/^[a-z]{2,8}-[a-z-]{1,24}-\d{1,2}$/)),
  recipientAccountId: lax(account),
  eventVersion: text,
  readOnly: flag,
  errorCode: text,
  userIdentity: lax(identity),
  sourceIPAddress: text,
  userAgent: text,
  sessionCredentialFromConsole: flag,
  requestParameters: z.optional(z.unknown()),
  responseElements: z.optional(z.unknown()),
});

export type TrailRecord = z.infer<typeof record> & { readonly account: string; readonly at: string };

export type ReadRecord =
  | { readonly kind: 'record'; readonly record: TrailRecord }
  | { readonly kind: 'ignored' | 'malformed'; readonly why: string };

export function readRecord(event: unknown, now: Date): ReadRecord {
  const opened = open(event);
  if (opened.kind !== 'opened') return opened;
  const parsed = record.safeParse(opened.detail);
  if (!parsed.success) return malformed(wrongIn(parsed.error));
  const account = accountOf(parsed.data, opened.account);
  if (account === undefined) return malformed('no recipientAccountId');
  const at = momentOf(parsed.data.eventTime, now);
  if (at === undefined) return malformed('eventTime is no moment');
  return { kind: 'record', record: { ...parsed.data, account, at } };
}

type Opened =
  | { readonly kind: 'opened'; readonly detail: unknown; readonly account?: string | undefined }
  | Exclude<ReadRecord, { readonly kind: 'record' }>;

function open(event: unknown): Opened {
  if (typeof event === 'string') {
    const parsed = parseJson(event);
    return parsed === undefined ? malformed('no JSON document of a record’s size') : open(parsed.value);
  }
  if (typeof event !== 'object' || event === null || Array.isArray(event)) return malformed('no object');
  if (!('detail' in event || 'detail-type' in event)) return { kind: 'opened', detail: event };
  const parsed = envelope.safeParse(event);
  if (!parsed.success) return malformed(wrongIn(parsed.error));
  const { source, 'detail-type': type, account, detail } = parsed.data;
  // Anybody may put events on a bus, but not of a source that begins so.
  if (!source.startsWith('aws.')) return malformed(`source ${printable(source, 64)} is not of AWS: possibly spoofed`);
  if (!type.endsWith(' via CloudTrail')) return { kind: 'ignored', why: `${printable(type, 64)}: not of CloudTrail` };
  return { kind: 'opened', detail, account };
}

/** A text in a text is opened once: no document of AWS is wrapped twice. */
function parseJson(value: string): { readonly value: object } | undefined {
  if (value.length > MAX_RECORD_CHARS) return undefined;
  try {
    const parsed: unknown = JSON.parse(value);
    return typeof parsed === 'object' && parsed !== null ? { value: parsed } : undefined;
  } catch (error) {
    if (error instanceof SyntaxError) return undefined;
    throw error;
  }
}

/** Records before version 1.02 have no recipient; the caller's own account stands for it then. */
function accountOf(
  { recipientAccountId, eventVersion, userIdentity }: z.infer<typeof record>,
  sent: string | undefined,
): string | undefined {
  if (recipientAccountId !== undefined) return recipientAccountId;
  if (sent !== undefined) return sent;
  const isOld = eventVersion === '1.0' || eventVersion === '1.00' || eventVersion === '1.01';
  const own = userIdentity?.accountId;
  return isOld && own !== undefined && /^\d{12}$/.test(own) ? own : undefined;
}

function momentOf(eventTime: string, now: Date): string | undefined {
  const time = Date.parse(eventTime);
  if (Number.isNaN(time)) return undefined;
  return (time > now.getTime() + MAX_AHEAD_MS ? now : new Date(time)).toISOString();
}

function wrongIn(error: z.core.$ZodError): string {
  const [issue] = error.issues;
  return issue === undefined ? 'not a record' : `${issue.path.map(String).join('.') || 'record'}: ${issue.code}`;
}

function malformed(why: string): { readonly kind: 'malformed'; readonly why: string } {
  return { kind: 'malformed', why };
}

/** Absent where it cannot be read. */
function lax<T extends z.core.$ZodType>(schema: T) {
  return z.optional(
    z.pipe(
      z.unknown(),
      z.transform((value: unknown) => z.safeParse(schema, value).data),
    ),
  );
}
