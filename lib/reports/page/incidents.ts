/** The exposure windows, drawn and listed. No instant is shown that nobody observed. */
import { html } from 'hono/html';
import type { WindowEnd } from '../../model/incident.ts';
import type { Report, ReportIncident } from '../../model/report.ts';
import { type Markup, theirs } from '../escape.ts';
import { boundsText, endBounds, startBounds, timeToDetect } from '../moments.ts';
import { handledLines } from '../handled.ts';
import { timeline } from '../timeline.ts';
import { whoLines } from '../who.ts';
import { CLOSE_WORDS, ORIGIN_WORDS, PROTECTION_WORDS, STATUS_WORDS } from '../wording.ts';
import { badge, dataAtRisk, endpointName, moment } from './parts.ts';
import { made, tablePieces, type TableRow } from './table.ts';

export function timelineSection(report: Report): Markup {
  if (report.incidents.length === 0) return html``;
  return html`<section id="timeline" aria-labelledby="timeline-heading"><h2 id="timeline-heading">Timeline</h2>
<p class="lead">Solid where the exposure is certain; hatched between two observations, where the change lies. An arrow: open at the end.</p>
${timeline(report)}</section>`;
}

const CAPTION = 'Exposure windows, by their first bad observation';
const COLUMNS = [
  'Incident',
  'Endpoint',
  'What changed',
  'Window, UTC',
  'Time to detect',
  'Exposed for',
  'Data at risk',
];

export function* incidentSection({ incidents }: Report): Generator<Markup> {
  yield html`<section id="incidents" aria-labelledby="incidents-heading"><h2 id="incidents-heading">Incidents</h2>
`;
  if (incidents.length === 0) yield html`<p class="nothing">No exposure window is on record in this period.</p>`;
  else yield* tablePieces(CAPTION, 'incidents', COLUMNS, made(incidents, incidentRow));
  yield html`</section>`;
}

function incidentRow(incident: ReportIncident, at: number): TableRow {
  return {
    id: `incident-${at + 1}`,
    cells: [
      html`<span class="number">${at + 1}</span>${badge(incident.severity)} <span class="quiet">${STATUS_WORDS[incident.status]}, score ${incident.score}</span>`,
      endpointName(incident),
      whatChanged(incident),
      windowBounds(incident),
      html`${boundsText(timeToDetect(incident), 'start unknown')}`,
      html`${boundsText(incident.exposure, 'seen once')}${incident.status === 'open' && html` <span class="quiet">${incident.closedLater === undefined ? 'and counting' : 'by the end of the period'}</span>`}`,
      dataAtRisk(incident.data),
    ],
    below: evidence(incident),
  };
}

function whatChanged({ protection, from, to, origin, basis, verdict }: ReportIncident): Markup {
  return html`<b>${PROTECTION_WORDS[protection]}</b> <span class="change">${from === undefined ? 'no earlier level' : from} → <b>${to}</b></span>
<span class="quiet">${ORIGIN_WORDS[origin]}, ${basis}, ${verdict}</span>`;
}

function windowBounds({ start, closed, closedLater }: ReportIncident): Markup {
  return html`<dl class="bounds"><dt>Start</dt>${startBounds(start).map(([label, at]) => bound(label, at))}
<dt>End</dt>${closed === undefined ? html`<dd><span>${closedLater === undefined ? 'open' : 'open at the end of the period; later:'}</span></dd>${closedLater !== undefined && end(closedLater)}` : end(closed)}</dl>`;
}

function end(closed: WindowEnd): Markup {
  return html`${endBounds(closed).map(([label, at]) => bound(label, at))}<dd><span>${CLOSE_WORDS[closed.cause]}</span></dd>`;
}

function bound(label: string, at: string | undefined): Markup {
  return html`<dd><span>${label}</span> ${at === undefined ? 'never' : moment(at)}</dd>`;
}

function evidence({
  evidence: seen,
  reasons,
  allowances,
  id,
  glass,
  wasAccepted = [],
  handling,
  reopened,
  attribution,
}: ReportIncident): Markup {
  return html`<dl class="evidence"><div><dt>Evidence</dt><dd>${theirs(seen)}</dd></div>
<div><dt>Who</dt><dd><ul>${whoLines(attribution).map((line) => html`<li>${theirs(line)}</li>`)}</ul></dd></div>
<div><dt>Why this severity</dt><dd><ul>${reasons.map((reason) => html`<li>${theirs(reason)}</li>`)}</ul></dd></div>
<div><dt>Incident id</dt><dd><code>${id}</code></dd>${allowances.length > 0 && html`<dt>Allowance in force</dt><dd>${allowances.map((allowance, at) => html`${at > 0 && ', '}${theirs(allowance)}`)}</dd>`}${glass !== undefined && underGlass(glass)}${wasAccepted.map(past)}</div>${reopened !== undefined && html`<div><dt>Reopened</dt><dd>${reopened.count} times: repaired, and it did not hold within half an hour; all of it counts as exposed</dd></div>`}${handling !== undefined && html`<div><dt>Handled</dt><dd><ul>${handledLines(handling).map((line) => html`<li>${theirs(line)}</li>`)}</ul></dd></div>`}</dl>`;
}

function underGlass({ entries, isOver }: NonNullable<ReportIncident['glass']>): Markup {
  const how = isOver ? 'open longer than was approved' : 'approved by two for its hours; nobody was woken';
  return html`<dt>Break-glass</dt><dd>${entries.map((entry, at) => html`${at > 0 && ', '}${theirs(entry)}`)}: ${how}</dd>`;
}

function past({ id, until, reason, ticket }: NonNullable<ReportIncident['wasAccepted']>[number]): Markup {
  return html`<dt>Was accepted</dt><dd>under ${theirs(id)} until ${until}: ${theirs(reason)} (${theirs(ticket)})</dd>`;
}
