/**
 * The message of one alert: a subject and the lines of evidence-and-alerts.md section 3.4, and PATH from AWS. Text only, each
 * line printable and bounded; every name in it came from somebody else and went through `printable`.
 * Who did it is never guessed: until an event is attributed the line says so.
 */
import type { Attribution } from '../model/change.ts';
import type { Incident, NoticeEndpoint, NoticeKind } from '../model/incident.ts';
import type { DataAtRisk } from '../model/observation.ts';
import type { Severity } from '../model/verdict.ts';
import { asciiOf, printable } from '../model/text.ts';
import { clocksOf } from './clocks.ts';
import { fixFor } from './fixes.ts';
import { ackedBy, idsOf, NAME_LIMIT, PLACE_LIMIT, whatOf } from './notice-what.ts';

const SUBJECT_LIMIT = 99; // SNS: fewer than 100 characters
const LINE_LIMIT = 400;
const HOST_LIMIT = 253; // the longest that DNS knows
const SUBJECT_NAME_LEAST = 12;

const BADGE: Readonly<Record<Severity, string>> = {
  critical: 'CRIT',
  high: 'HIGH',
  medium: 'MED',
  low: 'LOW',
  info: 'INFO',
};

export interface Message {
  readonly subject: string;
  readonly lines: readonly string[];
}

export function messageOf(
  kind: NoticeKind,
  incident: Incident,
  also: readonly Incident[],
  endpoint: NoticeEndpoint,
  number: number,
): Message {
  const subject = subjectOf(kind, incident, endpoint);
  const lines = [
    `WHAT     ${whatOf(kind, incident, also, endpoint)}`,
    `WHERE    ${whereOf(endpoint)}`,
    ...pathLine(endpoint),
    ...glassLine(incident),
    `SINCE    ${sinceOf(incident)}`,
    `WHO      ${whoOf(incident.attribution)}`,
    `DATA     ${dataLine(incident.data)}`,
    `DO NOW   ${doNow(kind, incident, endpoint)}`,
    ...fixLine(kind, incident, endpoint),
    ...statusLine(incident),
    `RUNBOOK  docs/runbooks.md#${incident.protection}`,
    `INCIDENT ${incident.id} notice ${number} | legitimate? ${allowanceHint(incident, endpoint)}`,
    `VERIFIED ${kind === 'closed' ? 'before: ' : ''}${incident.evidence}; vantage ${whence(endpoint)}`,
  ].map((line) => printable(line, LINE_LIMIT));
  return { subject, lines: [subject, ...lines] };
}

/** Open to one of our own addresses is not open to the world: where several places looked, it says which. */
function whence({ vantages, less, unsure }: NoticeEndpoint): string {
  const not = less === undefined ? '' : `; not from ${less.join(', ')}`;
  return `${vantages.join(', ')}${not}${unsure === undefined ? '' : `; not known from ${unsure.join(', ')}`}`;
}

function subjectOf(kind: NoticeKind, incident: Incident, endpoint: NoticeEndpoint): string {
  const badge = `${endpoint.drill === true ? 'DRILL ' : ''}${badgeOf(kind, incident)}`;
  const place = [endpoint.account, endpoint.region]
    .filter((part) => part !== undefined)
    .map((part) => printable(part, PLACE_LIMIT))
    .join('/');
  const head = `[${badge}] ${shortWhat(incident)}: ${endpoint.engine} `;
  const tail = ` ${endpoint.port} ${place} since ${incident.start.upper.slice(11, 16)}Z`;
  const room = Math.max(SUBJECT_NAME_LEAST, SUBJECT_LIMIT - head.length - tail.length);
  return ascii(`${head}${ascii(endpoint.name ?? endpoint.id, room)}${tail}`, SUBJECT_LIMIT);
}

function badgeOf(kind: NoticeKind, { severity, closed }: Incident): string {
  switch (kind) {
    case 'closed':
      return closed?.cause === 'withdrawn' ? 'WITHDRAWN' : 'RECOVERED';
    case 'accepted':
      return 'ACCEPTED';
    case 'opened':
    case 'worsened':
      return BADGE[severity];
    case 'flapping':
      return `${BADGE[severity]} FLAPPING`;
    case 'reminder':
      return `${BADGE[severity]} STILL OPEN`;
    case 'escalated':
      return `${BADGE[severity]} ESCALATED`;
    case 'attributed':
      return 'WHO';
  }
}

function ascii(text: string, limit: number): string {
  return asciiOf(printable(text, LINE_LIMIT).replace(/ {2,}/g, ' '), limit);
}

function shortWhat(incident: Incident): string {
  if (incident.protection === 'authentication' && incident.to === 'off') return 'OPEN w/o auth';
  return `${incident.protection} ${incident.to}`;
}

/** Approved by two, or no more. */
function glassLine({ glass }: Incident): readonly string[] {
  if (glass === undefined) return [];
  const ids = idsOf(glass.entries);
  return [
    glass.isOver
      ? `ALLOWED  no more: break-glass ${ids} is over, and it is open still`
      : `ALLOWED  for these hours: break-glass ${ids}, approved by two; nobody was woken`,
  ];
}

function whereOf(e: NoticeEndpoint): string {
  const name = e.name === undefined ? undefined : printable(e.name, NAME_LIMIT);
  const account = e.account === undefined ? undefined : `(${printable(e.account, PLACE_LIMIT)})`;
  const region = e.region === undefined ? undefined : printable(e.region, PLACE_LIMIT);
  const addresses = e.addresses.filter((a) => a !== e.host).join(', ') || undefined;
  const where = [name, account, region, hostAndPort(e), addresses, e.arn]
    .filter((part) => part !== undefined)
    .join(' ');
  return [where, ...whoseOf(e)].join('; ');
}

/** As tags say, its own or those of what it is a copy of. */
function whoseOf({ copyOf, owner }: NoticeEndpoint): readonly string[] {
  const copy = copyOf === undefined ? [] : [`a copy of ${printable(copyOf, HOST_LIMIT)}`];
  return [...copy, ...(owner === undefined ? [] : [`owner ${printable(owner, NAME_LIMIT)}`])];
}

/** Only where an API was read: what opens it, and whether anybody registered it. */
function pathLine({ path, forgotten }: NoticeEndpoint): readonly string[] {
  const parts = [forgotten === true ? 'no service inventory knows this endpoint' : undefined, path];
  const said = parts.filter((part) => part !== undefined);
  return said.length === 0 ? [] : [`PATH     ${said.join('; ')}`];
}

function hostAndPort({ host, port }: NoticeEndpoint): string {
  return `${printable(host, HOST_LIMIT)}:${port}`;
}

/** What events say, newest first; never a guess. */
export function whoOf(attribution: Attribution | undefined): string {
  if (attribution === undefined) return 'not attributed: no API event was read for this endpoint';
  if (attribution.changes.length === 0) {
    return 'no API event explains this: it was done inside the engine, by the provider, or where no trail records';
  }
  return attribution.changes.map(didOf).join('; it made effective ');
}

function didOf({ id, at, name, actor }: Attribution['changes'][number]): string {
  const who = printable(actor.human ?? actor.who, HOST_LIMIT);
  const role = actor.human === undefined ? '' : ` (${printable(actor.who, HOST_LIMIT)})`;
  const from = actor.from === undefined ? '' : ` from ${printable(actor.from, NAME_LIMIT)}`;
  const by = actor.by === undefined ? '' : ` through ${printable(actor.by, NAME_LIMIT)}`;
  const channel = actor.channel === 'unknown' ? '' : `, ${actor.channel}`;
  return `${printable(name, NAME_LIMIT)} by ${who}${role}${from}${by}${channel}, ${at}, event ${printable(id, NAME_LIMIT)}`;
}

function sinceOf({ start, closed, detectedAt }: Incident): string {
  const lower = start.lower === undefined ? 'no good observation before' : `${start.lower} (last good)`;
  const opened = `between ${lower} and ${start.upper} (first bad); detected ${detectedAt}`;
  return closed === undefined
    ? opened
    : `${opened}; ended between ${closed.lower} (last bad) and ${closed.upper} (first good)`;
}

/** Only where somebody did something about it. */
function statusLine({ handling, reopened }: Incident): readonly string[] {
  const { acked, assigned, aware, notes } = handling ?? {};
  const name = (who: string): string => printable(who, NAME_LIMIT);
  const note = notes?.at(-1);
  const said = [
    reopened === undefined ? undefined : `reopened ${reopened.count} times`,
    acked === undefined ? undefined : ackedBy(acked),
    assigned === undefined ? undefined : `assigned to ${name(assigned.to)}`,
    aware === undefined ? undefined : `${name(aware.by)} aware since ${aware.since}: ${firstClock(aware.since)}`,
    note === undefined ? undefined : `note of ${name(note.by)}: ${printable(note.text, HOST_LIMIT)}`,
  ].filter((part) => part !== undefined);
  return handling === undefined ? [] : [`STATUS   ${said.join('; ')}`];
}

function firstClock(since: string): string {
  const gdpr = clocksOf(since).find(({ law }) => law === 'GDPR');
  return `${gdpr?.law} notification due ${gdpr?.dueAt}`;
}

/** Classes by name, with the words that gave them away; never a value, never more than a few. */
export function dataLine(data: DataAtRisk | undefined): string {
  if (data === undefined) return 'not known: this protocol shows no names without logging in';
  const classes = data.classes
    .slice(0, 9)
    .map((hit) => (hit.because.length === 0 ? hit.class : `${hit.class} (${hit.because.slice(0, 3).join(', ')})`));
  if (data.takenFrom !== undefined) {
    return `${classes.join(', ') || 'nothing recognised'}: not read here, taken from what it is a copy of, ${printable(data.takenFrom, HOST_LIMIT)}; it may hold more`;
  }
  const records =
    data.records === undefined ? 'records not known' : `about ${data.records.toLocaleString('en-US')} records`;
  const ransom = data.ransomMarkers > 0 ? '; A RANSOM NOTE IS AMONG THE NAMES: somebody was here before' : '';
  return `${classes.join(', ') || 'nothing recognised'}; ${records} in ${data.objects} objects; names only, no record read${ransom}`;
}

function doNow(kind: NoticeKind, incident: Incident, endpoint: NoticeEndpoint): string {
  if (endpoint.drill === true)
    return "nothing: a drill. This door is ajar's own, holds nothing, and opens and closes on purpose";
  if (incident.closed?.cause === 'withdrawn') return 'nothing for this one; what else is open here stands';
  if (kind === 'closed') return 'keep the evidence; find out who could reach it in the window';
  if (kind === 'accepted') return 'nothing, if the allowance is the one you approved';
  switch (incident.protection) {
    case 'authentication':
      return `restrict the network path to ${hostAndPort(endpoint)} first, then put authentication back; do not delete the data, it is evidence`;
    case 'network':
      return `close port ${endpoint.port} to the internet: security group, firewall or bind address`;
    case 'tls':
      return 'require TLS on the server; treat credentials that crossed in clear as known to others';
    case 'access-policy':
    case 'encryption-at-rest':
    case 'audit-log':
    case 'sharing':
    case 'guardrail':
      return `put ${incident.protection} back as it was`;
  }
}

/** To copy and paste, where there is something to do and one line does it. */
function fixLine(kind: NoticeKind, { protection, status }: Incident, endpoint: NoticeEndpoint): readonly string[] {
  if (endpoint.drill === true || status !== 'open' || kind === 'closed' || kind === 'accepted') return [];
  const fix = fixFor(protection, endpoint);
  if (fix === undefined) return [];
  return ['text' in fix ? `FIX      ${fix.text}` : `FIX      withheld: ${fix.withheld}; see the runbook`];
}

function allowanceHint(incident: Incident, endpoint: NoticeEndpoint): string {
  return incident.protection === 'authentication'
    ? 'anonymous access is never allowed'
    : `ajar allowlist explain ${/^[\w.:/@-]+$/.test(endpoint.id) ? endpoint.id : 'ENDPOINT'}`;
}
