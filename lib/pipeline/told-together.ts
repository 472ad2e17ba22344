/**
 * Several notices as one message for people: who is meant, how many, since when, and what they share. What each of them is in
 * full the machine topic has, notice by notice. Every name in it is printable and bounded.
 */
import type { Incident, Notice } from '../model/incident.ts';
import { asciiOf, printable } from '../model/text.ts';
import { SEVERITIES } from '../model/verdict.ts';

const LINE_LIMIT = 400;
const SUBJECT_LIMIT = 99;
const NAME_LIMIT = 40;
/** Room for the label, and for how many more there are. */
const LIST_LIMIT = 330;

/** `why` says what makes one message of them. At least one notice. */
export function toldTogether(notices: readonly [Notice, ...Notice[]], why: string): Notice {
  const [first] = notices;
  if (notices.length === 1) return first;
  const worst = SEVERITIES.find((severity) => notices.some(({ incident }) => incident.severity === severity));
  const lead = notices.find(({ incident }) => incident.severity === worst) ?? first;
  const incidents = notices.flatMap(({ incident, also }) => [incident, ...also]);
  const endpoints = new Map(notices.map(({ endpoint }) => [endpoint.id, endpoint]));
  const subject = subjectOf(notices, lead, endpoints.size);
  const lines = [
    `WHAT     ${counted(notices.map(({ kind, incident }) => `${wordFor(kind)} ${incident.protection} ${incident.to}`))}; ${why}`,
    `WHERE    ${listed([...endpoints.values()].map(({ name, id }) => name ?? id))}`,
    `SINCE    ${sinceOf(incidents)}`,
    lineOf(notices, 'WHO ') ?? 'WHO      not the same of all: see each',
    `DATA     ${dataOf(incidents)}`,
    lineOf(notices, 'DO NOW') ?? 'DO NOW   look first at what they share: what it lets in, it lets in to all of them',
    `RUNBOOK  docs/runbooks.md#${lead.incident.protection}`,
    `INCIDENT ${incidents.length}: ${listed(incidents.map(({ id }) => id))}`,
    'VERIFIED each by itself: the machine topic and the report have every one',
  ];
  return {
    ...lead,
    also: incidents.filter((incident) => incident !== lead.incident),
    subject,
    lines: [subject, ...lines].map((line) => printable(line, LINE_LIMIT)),
  };
}

function subjectOf(notices: readonly Notice[], lead: Notice, endpoints: number): string {
  const badge = /^\[[^\]]*\]/.exec(lead.subject)?.[0] ?? `[${lead.incident.severity.toUpperCase()}]`;
  const what = counted(notices.map(({ incident }) => `${incident.protection} ${incident.to}`));
  const places = new Set(notices.map(({ endpoint }) => [endpoint.account, endpoint.region].join('/')));
  const where = places.size === 1 ? [...places][0] : `${places.size} places`;
  return asciiOf(printable(`${badge} ${endpoints} endpoints: ${what}; ${where}`, LINE_LIMIT), SUBJECT_LIMIT);
}

function wordFor(kind: Notice['kind']): string {
  return kind === 'attributed' ? 'more known of' : kind;
}

/** Most first. */
function counted(texts: readonly string[]): string {
  const counts = new Map<string, number>();
  for (const text of texts) counts.set(text, (counts.get(text) ?? 0) + 1);
  const sorted = [...counts].sort(([a, m], [b, n]) => n - m || (a < b ? -1 : 1));
  const shown = sorted.slice(0, 4).map(([text, count]) => `${count} ${text}`);
  return [...shown, ...(sorted.length > 4 ? [`+${sorted.length - 4} kinds more`] : [])].join(', ');
}

/** As many as fit, and how many more. */
function listed(names: readonly string[]): string {
  let text = '';
  let shown = 0;
  for (const name of names) {
    const next = `${text}${text === '' ? '' : ', '}${printable(name, NAME_LIMIT)}`;
    if (next.length > LIST_LIMIT) break;
    text = next;
    shown++;
  }
  return shown === names.length ? text : `${text} +${names.length - shown} more, see report`;
}

function sinceOf(incidents: readonly Incident[]): string {
  const seen = incidents.map(({ start }) => start.upper).sort();
  const good = incidents.flatMap(({ start }) => start.lower ?? []).sort();
  const lower =
    good.length === incidents.length ? `${good[0]} (last good of the first)` : 'no good observation before, of some';
  return `between ${lower} and ${seen.at(-1)} (first bad of the last)`;
}

function dataOf(incidents: readonly Incident[]): string {
  const known = incidents.filter(({ data }) => data !== undefined);
  const classes = new Set(known.flatMap(({ data }) => (data?.classes ?? []).map((hit) => hit.class)));
  const unknown = known.length < incidents.length ? `; not known of ${incidents.length - known.length}` : '';
  return `${[...classes].sort().join(', ') || 'nothing recognised'}${unknown}; names only, no record read`;
}

/** A line that all of them have word for word. */
function lineOf(notices: readonly Notice[], label: string): string | undefined {
  const of = new Set(notices.map(({ lines }) => lines.find((line) => line.startsWith(label))));
  const [only] = of;
  return of.size === 1 ? only : undefined;
}
