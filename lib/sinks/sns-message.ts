/**
 * One notice as one SNS message: never split, within 32 KiB with its attributes (evidence-and-alerts.md section 3.1).
 * One topic per audience, since chat and paging would both read the `https` body of a shared one.
 */
import { AjarError } from '../model/errors.ts';
import type { Notice } from '../model/incident.ts';
import { linkless } from './inert.ts';
import { MESSAGE_BYTES, noticeJson, utf8Bytes } from './notice-json.ts';
import { type Attributes, attributesOf } from './sns-attributes.ts';
import { chatBody } from './sns-chat.ts';

/** `page` wakes people, `chat` is Amazon Q's, `machine` gets documents. */
export type Audience = 'page' | 'chat' | 'machine';

/** As Publish and PublishBatch take it. */
export interface SnsMessage {
  readonly Message: string;
  /** Only where protocols differ: SNS documents that attributes travel with plain messages alone. */
  readonly MessageStructure?: 'json';
  readonly Subject: string;
  readonly MessageAttributes: Attributes;
}

const MAX_LINES = 16;
const LINE_LIMIT = 400;
const SUBJECT_LIMIT = 99; // fewer than 100 characters
const SMS_LIMIT = 140; // one part

export function messageFor(audience: Audience, notice: Notice): SnsMessage {
  // It is not even owed to the others (model/sink.ts): should it ever be, it becomes a refusal and wakes nobody.
  if (notice.endpoint.drill === true && audience !== 'machine')
    throw new AjarError('invariant', 'a drill is told to machines alone');
  const head = { Subject: subjectOf(notice.subject), MessageAttributes: attributesOf(notice) };
  const room = MESSAGE_BYTES - messageBytes({ Message: '', ...head });
  switch (audience) {
    case 'page':
      return { Message: pageBodies(notice, head.Subject, room), MessageStructure: 'json', ...head };
    case 'chat':
      return { Message: chatBody(notice), ...head };
    case 'machine':
      return { Message: noticeJson(notice, { bytes: room }), ...head };
  }
}

/** As SNS counts: the body, and name, type and value of each attribute; here the subject too. */
export function messageBytes({ Message, Subject, MessageAttributes }: SnsMessage): number {
  const attributes = Object.entries(MessageAttributes).flatMap(([name, { DataType, StringValue }]) => [
    name,
    DataType ?? '',
    StringValue ?? '',
  ]);
  return [Message, Subject, ...attributes].reduce((sum, text) => sum + utf8Bytes(text), 0);
}

/** People get text. `default` is what all other protocols get (https, sqs, lambda, firehose, email-json): the document. */
function pageBodies(notice: Notice, subject: string, room: number): string {
  const email = notice.lines
    .slice(0, MAX_LINES)
    .map((line) => linkless(line, LINE_LIMIT))
    .join('\n');
  // A backtick or an ellipsis is outside the alphabet of text messages, and would halve what fits.
  const sms = `${subject.replaceAll('`', "'")} (${notice.incident.id.slice(0, 8)})`.slice(0, SMS_LIMIT);
  const within = (json: string): string => JSON.stringify({ default: json, email: email || subject, sms });
  return within(noticeJson(notice, { bytes: room, within }));
}

/** Printable ASCII that begins with a letter, number or punctuation mark. */
function subjectOf(text: string): string {
  const plain = linkless(text, LINE_LIMIT)
    .replace(/[^\x20-\x7e]/g, '?')
    .trim();
  const named = /^[\p{L}\p{N}\p{P}]/u.test(plain) ? plain : `ajar: ${plain}`.trim();
  return named.length <= SUBJECT_LIMIT ? named : `${named.slice(0, SUBJECT_LIMIT - 3)}...`;
}
