/** What is open now: the page for the wall. */
import { html } from 'hono/html';
import type { Report, ReportIncident } from '../../model/report.ts';
import { SEVERITIES } from '../../model/verdict.ts';
import { type Markup, theirs } from '../../reports/escape.ts';
import { count } from '../../reports/moments.ts';
import { badge, moment } from '../../reports/page/parts.ts';
import { headline, verdictStrip } from '../../reports/page/summary.ts';
import { age, nameOf, percentText, placeOf, stepOf } from './parts.ts';

const MAX_CARDS = 50;

export function nowPage(report: Report | undefined, now: Date): Markup {
  if (report === undefined) return nothingYet();
  const open = openOf(report);
  return html`<section class="now ${open.length > 0 ? 'is-open' : 'is-calm'}" aria-labelledby="headline">
<h1 id="headline">${headline(report)}</h1>
${open.length > 0 && html`<ul class="cards">${open.slice(0, MAX_CARDS).map((incident) => card(incident, now))}</ul>`}
${open.length > MAX_CARDS && html`<p class="more"><a href="/incidents?status=open">+${count(open.length - MAX_CARDS)} more</a></p>`}
</section>
${figures(report)}
${verdictStrip(report, 'Verdicts now')}`;
}

/** Worst first, then the oldest. */
export function openOf({ incidents }: Report): readonly ReportIncident[] {
  return incidents
    .filter(({ status }) => status === 'open')
    .toSorted(
      (a, b) =>
        SEVERITIES.indexOf(a.severity) - SEVERITIES.indexOf(b.severity) ||
        b.score - a.score ||
        (a.start.upper < b.start.upper ? -1 : 1),
    );
}

function card(incident: ReportIncident, now: Date): Markup {
  const { id, severity, start, handling } = incident;
  const acked = handling?.acked === undefined ? 'not acknowledged' : html`acknowledged by ${theirs(handling.acked.by)}`;
  return html`<li>${badge(severity)} <a href="/incidents/${id}">${nameOf(incident)}</a> <span class="since"><b>${age(start.upper, now)}</b> <span class="quiet">since ${moment(start.upper)}</span> <span class="quiet">${acked}</span></span>
<span class="what">${stepOf(incident)}. ${placeOf(incident)}</span></li>`;
}

function figures(report: Report): Markup {
  const { totals, evidence, drill } = report;
  const { percent } = evidence.watch;
  const last = drill?.openings.at(-1);
  const rows: readonly (readonly [string, string])[] = [
    ['Endpoints watched', count(totals.endpoints)],
    ['Open windows', count(totals.open)],
    ['Watched, of the last days', percent === undefined ? 'not known' : percentText(percent)],
    ['Coverage gaps', count(totals.gaps)],
    [
      'Last drill alerted after',
      last === undefined ? 'no drill' : last.alertSeconds === undefined ? 'never' : `${last.alertSeconds} s`,
    ],
  ];
  return html`<dl class="figures">${rows.map(([label, value]) => html`<div><dt>${label}</dt><dd>${value}</dd></div>`)}</dl>`;
}

function nothingYet(): Markup {
  return html`<section class="now" aria-labelledby="headline"><h1 id="headline">Nothing was watched yet.</h1>
<p class="lead">No reading is on record. <code>ajar scan --file inventory.yaml</code> takes the first one; <code>ajar demo</code> shows what comes then.</p></section>`;
}
