/**
 * The digest of a period as one SNS message (evidence-and-alerts.md section 3.1): words for people, a document for machines,
 * never split and within the budget. Its subject holds numbers only; every name in it is escaped and bounded.
 */
import type { Digest, DigestIncident } from '../model/digest.ts';
import { printable, spelledJson } from '../model/text.ts';
import { SEVERITIES } from '../model/verdict.ts';
import { linkless } from './inert.ts';
import { MESSAGE_BYTES } from './notice-json.ts';
import type { Attributes } from './sns-attributes.ts';
import { messageBytes, type SnsMessage } from './sns-message.ts';

/** The first that fits the budget. `rows` of each list. */
const FORMS = [
  { rows: 20, chars: 120 },
  { rows: 10, chars: 60 },
  { rows: 3, chars: 40 },
] as const satisfies readonly Form[];
interface Form {
  readonly rows: number;
  readonly chars: number;
}

export function digestMessage(digest: Digest): SnsMessage {
  const Subject = subjectOf(digest);
  const head = { Subject, MessageStructure: 'json', MessageAttributes: attributesOf(digest) } as const;
  let message: SnsMessage = { ...head, Message: '' };
  for (const form of FORMS) {
    const email = linesOf(digest, form).join('\n');
    message = { ...head, Message: JSON.stringify({ default: documentOf(digest, Subject, form), email, sms: Subject }) };
    if (messageBytes(message) <= MESSAGE_BYTES) break;
  }
  return message;
}

/** Of dates and counts: less than 99 characters for any number of incidents that a table can hold. */
function subjectOf({ period, open, openBySeverity, opened, recovered, gaps }: Digest): string {
  const worst = SEVERITIES.find((severity) => openBySeverity[severity] > 0);
  const of = worst === undefined ? '' : ` (${openBySeverity[worst]} ${worst})`;
  const counts = `${open.length} open${of}, +${opened.length} -${recovered.length}, ${gapCount(gaps)} not seen`;
  return `[DIGEST] ${period.from.slice(0, 10)} ${counts}`;
}

function attributesOf({ open, openBySeverity }: Digest): Attributes {
  const worst = SEVERITIES.find((severity) => openBySeverity[severity] > 0) ?? 'none';
  return {
    kind: { DataType: 'String', StringValue: 'digest' },
    severity: { DataType: 'String', StringValue: worst },
    open: { DataType: 'Number', StringValue: String(open.length) },
  };
}

function linesOf(digest: Digest, form: Form): readonly string[] {
  const { period, open, openBySeverity, opened, recovered, gaps, allowances, report } = digest;
  const counts = SEVERITIES.filter((s) => openBySeverity[s] > 0).map((s) => `${openBySeverity[s]} ${s}`);
  const part = (title: string, count: number, rows: readonly string[], detail = ''): readonly string[] => [
    `${title} ${count}${detail}`,
    ...rows.slice(0, form.rows).map((row) => `  ${row}`),
    ...(rows.length > form.rows ? [`  +${rows.length - form.rows} more, see report`] : []),
  ];
  const incidents = (these: readonly DigestIncident[]) => these.map((incident) => incidentLine(incident, form));
  const unwatched = digest.unwatchedSeconds > 0 ? `; nobody watched for ${digest.unwatchedSeconds} s` : '';
  return [
    `ajar from ${period.from} to ${period.to}: ${digest.endpoints} endpoints`,
    ...part('OPEN', open.length, incidents(open), counts.length === 0 ? '' : `: ${counts.join(', ')}`),
    ...part('OPENED', opened.length, incidents(opened)),
    ...part('RECOVERED', recovered.length, incidents(recovered)),
    ...part(
      'NOT SEEN',
      gapCount(gaps),
      gaps.map(({ code, count, example }) => `${count} ${shown(code, form)}, as ${shown(example, form)}`),
      unwatched,
    ),
    ...part(
      'ALLOWANCES',
      allowances.length,
      allowances.map(({ id, message }) => `${shown(id, form)} ${shown(message, form)}`),
      ' that end soon or have ended',
    ),
    `REPORT ${report.id} ${printable(report.place)}`,
  ];
}

function incidentLine(incident: DigestIncident, form: Form): string {
  const { id, severity, protection, to, engine, endpoint, where = '', since, over, cause } = incident;
  const end = over === undefined ? '' : ` until ${over} (${cause})`;
  const names = [engine, endpoint, where].map((name) => shown(name, form)).join(' ');
  return `${severity.toUpperCase()} ${protection} ${to}: ${names} since ${since}${end} [${shown(id, form).slice(0, 8)}]`;
}

function documentOf(digest: Digest, subject: string, form: Form): string {
  const { key, period, report, endpoints, openBySeverity, unwatchedSeconds } = digest;
  const lists = {
    open: digest.open.map((incident) => escaped(incident, form)),
    opened: digest.opened.map((incident) => escaped(incident, form)),
    recovered: digest.recovered.map((incident) => escaped(incident, form)),
    gaps: digest.gaps.map((gap) => escaped(gap, form)),
    allowances: digest.allowances.map((allowance) => escaped(allowance, form)),
  };
  const cut = Object.entries(lists).map(([name, rows]) => [name, rows.slice(0, form.rows)] as const);
  const omitted = Object.entries(lists).flatMap(([name, { length }]) =>
    length > form.rows ? [[name, length - form.rows] as const] : [],
  );
  return spelledJson(
    JSON.stringify({
      ...{ schemaVersion: 1, kind: 'digest', key, period, subject },
      report: escaped(report, { ...form, chars: 200 }),
      ...{ endpoints, openBySeverity, unwatchedSeconds },
      counts: Object.fromEntries(Object.entries(lists).map(([name, { length }]) => [name, length])),
      ...Object.fromEntries(cut),
      ...(omitted.length === 0 ? {} : { omitted: Object.fromEntries(omitted) }),
    }),
  );
}

function escaped(row: object, form: Pick<Form, 'chars'>): Readonly<Record<string, unknown>> {
  const texts = Object.entries(row).map(([name, value]: [string, unknown]) => [
    name,
    typeof value === 'string' ? plain(value, form) : value,
  ]);
  return Object.fromEntries(texts) as Readonly<Record<string, unknown>>;
}

function plain(text: string, { chars }: Pick<Form, 'chars'>): string {
  return printable(text, chars).replace(/[\ufffe\uffff]/g, '\ufffd');
}

/** To people, in a mail. */
function shown(text: string, { chars }: Pick<Form, 'chars'>): string {
  return linkless(text, chars);
}

function gapCount(gaps: Digest['gaps']): number {
  return gaps.reduce((sum, { count }) => sum + count, 0);
}
