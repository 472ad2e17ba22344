/** A report of a period, for whoever asks: made from the same evidence as on the command line, and the same bytes. */
import { html } from 'hono/html';
import type { Report } from '../../model/report.ts';
import { type Markup, theirs } from '../../reports/escape.ts';
import { count, day } from '../../reports/moments.ts';
import { state as stateMark } from '../../reports/page/objectives.ts';
import { table } from '../../reports/page/table.ts';

const DAY_MS = 86_400_000;

const FORMAT_WORDS: Readonly<Record<string, string>> = {
  html: 'one page to read',
  pdf: 'to print and to sign',
  csv: 'tables for a spreadsheet',
  json: 'the whole model',
  oscal: 'assessment results, NIST OSCAL',
  ocsf: 'events for a security lake',
  asff: 'findings for AWS Security Hub',
  junit: 'for a build pipeline',
};

export function reportsPage(report: Report | undefined, formats: readonly string[], now: Date): Markup {
  const today = now.toISOString().slice(0, 10);
  const month = new Date(now.getTime() - 30 * DAY_MS).toISOString().slice(0, 10);
  return html`<h1>Reports</h1>
<p class="lead">An auditor's report of a period, in days of UTC. The same evidence gives the same bytes, here and on the command line.</p>
<form class="form" action="/reports/download" method="get">
<div class="two"><div><label for="from">From the start of this day</label><input type="date" id="from" name="from" value="${month}" max="${today}" required></div>
<div><label for="to">to the end of this one</label><input type="date" id="to" name="to" value="${today}" max="${today}" required></div></div>
<fieldset><legend>Formats</legend><div class="checks">${formats.map((name) => html`<label><input type="checkbox" name="format" value="${name}"${(name === 'html' || name === 'csv') && html` checked`}> ${name}${FORMAT_WORDS[name] !== undefined && html` <span class="quiet">${FORMAT_WORDS[name]}</span>`}</label>`)}</div></fieldset>
<button>Make the report</button></form>
${report !== undefined && objectives(report)}`;
}

/** What the last days support, objective by objective. */
function objectives({ evidence, period }: Report): Markup {
  return html`<section aria-labelledby="objectives"><h2 id="objectives">Control objectives, ${day(period.from)} to ${day(period.to)}</h2>
<p class="lead">Evidence toward an assessment, not its conclusion. Not determined is not a pass.</p>
${table(
  'Control objectives',
  'list',
  ['Objective', 'State', 'Checks', 'Supports'],
  evidence.objectives.map(({ id, title, state, checks, requirements }) => ({
    cells: [
      html`<b>${id}</b> ${title}`,
      stateMark(state),
      html`<ul>${checks.filter((check) => check.state === state).map(({ text }) => html`<li>${theirs(text)}</li>`)}</ul>`,
      html`${count(requirements.length)} requirements of ${count(new Set(requirements.map(({ framework }) => framework)).size)} frameworks`,
    ],
  })),
)}</section>`;
}
