/**
 * Exposure windows as risks. Open is `open`, or `investigating` where somebody has acknowledged it; what an allowance accepts is
 * `deviation-approved`, never closed; closed is only what was seen closed. The bounds of a window stay bounds.
 */
import type { Report, ReportIncident } from '../../model/report.ts';
import type { ReportException } from '../../model/report-evidence.ts';
import { CLOSE_WORDS, ORIGIN_WORDS } from '../wording.ts';
import { type Rows, rowsOf } from '../pieces.ts';
import { windowSeenOf } from './items.ts';
import { distinct, NS, ORIGINS, partyOf, placeText, prose, props, riskOf, uuidOf } from './names.ts';

type Status = 'open' | 'investigating' | 'deviation-approved' | 'closed';

export function isAccepted({ status, closed }: ReportIncident): boolean {
  return status === 'accepted' || closed?.cause === 'accepted';
}

export function statusOf(incident: ReportIncident): Status {
  if (isAccepted(incident)) return 'deviation-approved';
  if (incident.status === 'closed') return 'closed';
  return incident.handling?.acked === undefined ? 'open' : 'investigating';
}

export function risks(incidents: readonly ReportIncident[], { evidence: { exceptions } }: Report): Rows | undefined {
  const once = distinct();
  return rowsOf(incidents, (incident) => risk(incident, once(riskOf(incident.id)), exceptionsOf(incident, exceptions)));
}

function exceptionsOf(incident: ReportIncident, all: readonly ReportException[]): readonly ReportException[] {
  return all.filter(({ id, incidents }) => incident.allowances.includes(id) || incidents.includes(incident.id));
}

export function titleOf(incident: ReportIncident): string {
  return prose(`${incident.protection} ${incident.to}: ${placeText(incident)}`);
}

function risk(incident: ReportIncident, uuid: string, exceptions: readonly ReportException[]): object {
  const { start, closed, closedLater, exposure, origin, severity, score, reasons, data } = incident;
  return {
    uuid,
    title: titleOf(incident),
    description: prose(`${ORIGIN_WORDS[origin]}: ${incident.protection} is ${incident.to}. ${reasons.join('; ')}`),
    statement: `The protection was seen below what it has been or has to be from ${start.upper} on.`,
    props: props({
      ...{ 'incident-id': incident.id, protection: incident.protection, verdict: incident.verdict },
      ...{ 'start-lower': start.lower, 'start-upper': start.upper, 'start-exact': start.exact },
      ...{ 'closed-lower': closed?.lower, 'closed-upper': closed?.upper, 'close-cause': closed?.cause },
      ...{ 'closed-later-upper': closedLater?.upper, 'close-later-cause': closedLater?.cause },
      ...{ 'exposure-least-seconds': exposure.least, 'exposure-most-seconds': exposure.most },
      'data-classes': data?.classes.map((hit) => hit.class).join(' ') || undefined,
      'data-records': data?.records,
    }),
    status: statusOf(incident),
    origins: ORIGINS,
    characterizations: [{ origin: ORIGINS[0], facets: [facet('severity', severity), facet('score', String(score))] }],
    ...(exceptions.length === 0 ? {} : { 'mitigating-factors': exceptions.map((each) => factor(uuid, each)) }),
    'risk-log': { entries: logOf(incident, uuid, exceptions) },
    'related-observations': [{ 'observation-uuid': windowSeenOf(uuid) }],
  };
}

function facet(name: string, value: string): object {
  return { name, system: NS, value };
}

function factor(risk: string, exception: ReportException): object {
  const { id, owner, reason, ticket, approvedOn, expires, endpoints } = exception;
  return {
    uuid: uuidOf('factor', risk, id),
    description: prose(reason),
    props: props({
      'exception-id': id,
      owner,
      ticket,
      'approved-on': approvedOn,
      expires,
      'endpoints-matched': endpoints.length,
    }),
  };
}

interface Entry {
  readonly title: string;
  readonly at: string;
  readonly by?: readonly string[];
  readonly text?: string;
  readonly change?: Status;
}

function logOf(incident: ReportIncident, risk: string, exceptions: readonly ReportException[]): readonly object[] {
  return entriesOf(incident, exceptions)
    .toSorted((a, b) => (a.at < b.at ? -1 : a.at > b.at ? 1 : 0))
    .map(({ title, at, by = [], text, change }, place) => ({
      uuid: uuidOf('risk-log', risk, place),
      title,
      ...(text === undefined ? {} : { description: prose(text) }),
      start: at,
      ...(by.length === 0 ? {} : { 'logged-by': by.map((name) => ({ 'party-uuid': partyOf(name) })) }),
      ...(change === undefined ? {} : { 'status-change': change }),
    }));
}

function entriesOf(incident: ReportIncident, exceptions: readonly ReportException[]): readonly Entry[] {
  const { start, detectedAt, closed, reopened, handling: { acked, assigned, aware, notes = [] } = {} } = incident;
  const entries: Entry[] = [
    { title: 'First seen bad', at: start.upper, change: 'open' },
    { title: 'Detected: first bad verdict on record', at: detectedAt },
    ...(reopened?.last ?? []).map((at) => ({ title: 'Began again', at })),
    ...notes.map(({ at, by, text }) => ({ title: 'Note', at, by: [by], text })),
  ];
  if (start.exact !== undefined) entries.push({ title: 'Changed, by an event of the provider', at: start.exact });
  if (acked !== undefined)
    entries.push({ title: 'Acknowledged', at: acked.at, by: [acked.by], change: 'investigating' });
  if (assigned !== undefined)
    entries.push({ title: 'Assigned', at: assigned.at, by: [assigned.by], text: assigned.to });
  if (aware !== undefined)
    entries.push({ title: 'Personal data affected, says a human', at: aware.at, by: [aware.by] });
  if (isAccepted(incident)) {
    const by = [...new Set(exceptions.flatMap(({ approvedBy }) => approvedBy))];
    const text = exceptions.map(({ id, expires }) => `${id} until ${expires}`).join(', ') || 'by an allowance';
    entries.push({ title: 'Accepted', at: closed?.upper ?? detectedAt, by, text, change: 'deviation-approved' });
  } else if (closed !== undefined) {
    entries.push({ title: 'Closed', at: closed.upper, text: CLOSE_WORDS[closed.cause], change: 'closed' });
  }
  return entries;
}
