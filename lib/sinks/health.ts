/**
 * What is wrong with ajar itself, to a topic of its own (evidence-and-alerts.md section 3.5): words for people, a document
 * for machines, one message a pass and within the budget. Where nobody listens there, or the topic does not take it, it goes
 * to the page topic: a second path.
 */
import type { HealthNews, Told } from '../model/health.ts';
import { printable, spelledJson } from '../model/text.ts';
import { linkless } from './inert.ts';
import { MESSAGE_BYTES } from './notice-json.ts';
import type { Attributes } from './sns-attributes.ts';
import { messageBytes, type SnsMessage } from './sns-message.ts';
import { publish, type SnsTopic } from './sns-publish.ts';
import { type Refusal, refusalOf, refusedBy } from './sns-refusal.ts';

const ATTEMPT_MS = 3_000;
const SUBJECT_LIMIT = 99;
const SMS_LIMIT = 140;
/** The first that fits the budget. `affected` is for machines. */
const FORMS = [
  { problems: 20, detail: 1_000, affected: 50 },
  { problems: 20, detail: 300, affected: 5 },
  { problems: 10, detail: 100, affected: 0 },
  { problems: 3, detail: 60, affected: 0 },
] as const;
type Form = (typeof FORMS)[number];

export interface HealthTopics {
  readonly health: SnsTopic;
  readonly page: SnsTopic;
}

/** Resolves with the receipt; rejects with `sink-refused` where neither topic took it. */
export async function publishHealth(news: HealthNews, topics: HealthTopics, signal: AbortSignal): Promise<string> {
  const message = healthMessage(news);
  const isDeaf = news.deaf.includes('health') && !news.deaf.includes('page');
  const refusals: Refusal[] = [];
  for (const topic of isDeaf ? [topics.page, topics.health] : [topics.health, topics.page]) {
    try {
      return await publish(topic, message, AbortSignal.any([signal, AbortSignal.timeout(ATTEMPT_MS)]));
    } catch (error) {
      refusals.push(refusalOf(error, topic.topicArn));
    }
  }
  throw refusedBy(refusals);
}

export function healthMessage(news: HealthNews): SnsMessage {
  const Subject = subjectOf(news);
  const head = { Subject, MessageStructure: 'json', MessageAttributes: attributesOf(news) } as const;
  let message: SnsMessage = { ...head, Message: '' };
  for (const form of FORMS) {
    const email = linesOf(news, form).join('\n');
    const sms = Subject.slice(0, SMS_LIMIT);
    message = { ...head, Message: JSON.stringify({ default: documentOf(news, Subject, form), email, sms }) };
    if (messageBytes(message) <= MESSAGE_BYTES) break;
  }
  return message;
}

/** Printable ASCII, fewer than 100 characters. */
function subjectOf({ began, lasting, ended, open }: HealthNews): string {
  const [first] = [...began, ...lasting, ...ended];
  const others = began.length + lasting.length + ended.length - 1;
  const isOver = began.length + lasting.length === 0;
  const mark = isOver ? 'OK' : first?.severity === 'critical' ? 'CRIT' : 'WARN';
  const more = others > 0 ? ` (+${others} more)` : '';
  const state = isOver ? ' - over' : began.length === 0 ? ' - still' : '';
  const rest = isOver && open > 0 ? `, ${open} open` : '';
  const tail = `${state}${more}${rest}`;
  const lead = `[${mark}] ajar itself: `;
  const room = SUBJECT_LIMIT - lead.length - tail.length;
  const plain = linkless(first?.subject ?? 'nothing', room)
    .replaceAll('…', '...')
    .replace(/[^\x20-\x7e]/g, '?');
  return `${lead}${plain.length <= room ? plain : `${plain.slice(0, room - 3)}...`}${tail}`;
}

function attributesOf({ began, lasting, ended }: HealthNews): Attributes {
  const worst = [...began, ...lasting].some(({ severity }) => severity === 'critical') ? 'critical' : 'warning';
  const state = began.length > 0 ? 'began' : lasting.length > 0 ? 'lasting' : 'ended';
  const count = began.length + lasting.length + ended.length;
  return {
    kind: { DataType: 'String', StringValue: 'health' },
    severity: { DataType: 'String', StringValue: worst },
    state: { DataType: 'String', StringValue: state },
    problems: { DataType: 'Number', StringValue: String(count) },
  };
}

function linesOf({ at, began, lasting, ended, open }: HealthNews, form: Form): readonly string[] {
  const part = (title: string, told: readonly Told[]): readonly string[] => {
    if (told.length === 0) return [];
    const shown = told
      .slice(0, form.problems)
      .flatMap(({ severity, subject, detail, since, once }) => [
        `${severity.toUpperCase()}  ${linkless(subject, SUBJECT_LIMIT)}`,
        `  ${linkless(detail, form.detail)}`,
        ...(once === true ? [] : [`  since ${since}`]),
      ]);
    return [title, ...shown, ...more(told, form), ''];
  };
  return [
    ...part('NEW', began),
    ...part('STILL', lasting),
    ...part('OVER', ended),
    `${open === 0 ? 'Nothing is' : `${open} of these or others are`} open at ${at}. This is about ajar, not about what it watches.`,
  ];
}

function more(told: readonly Told[], { problems }: Form): readonly string[] {
  return told.length > problems ? [`+${told.length - problems} more`] : [];
}

function documentOf({ at, began, lasting, ended, open, deaf }: HealthNews, subject: string, form: Form): string {
  const part = (told: readonly Told[]) =>
    told.slice(0, form.problems).map(({ key, severity, subject: line, detail, since, affected = [], once }) => ({
      ...{ key: printable(key), severity, subject: printable(line, SUBJECT_LIMIT), since },
      detail: printable(detail, form.detail),
      ...(affected.length === 0 ? {} : affectedOf(affected, form)),
      ...(once === true ? { once } : {}),
    }));
  const omitted = [began, lasting, ended].reduce((sum, told) => sum + Math.max(0, told.length - form.problems), 0);
  return spelledJson(
    JSON.stringify({
      ...{ schemaVersion: 1, kind: 'health', at, subject, open, deaf },
      ...{ began: part(began), lasting: part(lasting), ended: part(ended) },
      ...(omitted === 0 ? {} : { omitted }),
    }),
  );
}

function affectedOf(affected: readonly string[], form: Form): { affected: readonly string[]; affectedCount: number } {
  return { affected: affected.slice(0, form.affected).map((one) => printable(one)), affectedCount: affected.length };
}
