/** Every window of the last days: filtered by a plain form, a page at a time. */
import { html } from 'hono/html';
import type { Report, ReportIncident } from '../../model/report.ts';
import { SEVERITIES } from '../../model/verdict.ts';
import type { Markup } from '../../reports/escape.ts';
import { boundsText, count } from '../../reports/moments.ts';
import { badge, endpointName, moment } from '../../reports/page/parts.ts';
import { table } from '../../reports/page/table.ts';
import { STATUS_WORDS } from '../../reports/wording.ts';
import { type Query, rowsOf } from './query.ts';
import { nameOf, pager, search, select, stepOf } from './parts.ts';

const COLUMNS = ['Incident', 'Endpoint', 'What changed', 'First seen so', 'Exposed for', 'Status'];

export function incidentsPage({ incidents, period }: Report, query: Query): Markup {
  const matching = incidents.filter((incident) => matches(incident, query)).toReversed();
  const { rows, page } = rowsOf(matching, query.page);
  const asked = { status: query.status, severity: query.severity, q: query.q };
  return html`<h1>Incidents</h1>
<p class="lead">Exposure windows since ${moment(period.from)}, the newest first. A window closes only when somebody saw it closed.</p>
<form class="filter" action="/incidents" method="get">${select('status', 'Status', Object.keys(STATUS_WORDS), query.status)}${select('severity', 'Severity', SEVERITIES, query.severity)}${search(query.q, 'Name, host, account or id')}<button class="second">Show</button></form>
<p class="quiet">${count(matching.length)} of ${count(incidents.length)}</p>
${rows.length === 0 ? html`<p class="nothing">None of them fits.</p>` : table('Incidents, newest first', 'list', COLUMNS, rows.map(rowOf))}
${pager('/incidents', asked, page, matching.length)}`;
}

function matches(incident: ReportIncident, { status, severity, q }: Query): boolean {
  const { id, endpointId, host, name = '', account = '', engine } = incident;
  if (status !== '' && incident.status !== status) return false;
  if (severity !== '' && incident.severity !== severity) return false;
  return [id, endpointId, host, name, account, engine].some((text) => text.toLowerCase().includes(q.toLowerCase()));
}

function rowOf(incident: ReportIncident) {
  const { id, severity, start, exposure, status, handling } = incident;
  return {
    cells: [
      html`${badge(severity)} <a href="/incidents/${id}"><span class="say">${nameOf(incident)}, incident </span><code>${id.slice(0, 8)}</code></a>`,
      endpointName(incident),
      stepOf(incident),
      moment(start.upper),
      html`${boundsText(exposure, 'seen once')}`,
      html`${STATUS_WORDS[status]}${status === 'open' && html` <span class="quiet">${handling?.acked === undefined ? 'not acknowledged' : 'acknowledged'}</span>`}`,
    ],
  };
}
