/** The top of the page: what is open at the end of the period, what nobody watched, the totals, the verdicts. */
import { html } from 'hono/html';
import type { Report, ReportIncident, Unwatched } from '../../model/report.ts';
import { VERDICTS, type VerdictName } from '../../model/verdict.ts';
import { type Markup, theirs } from '../escape.ts';
import { count } from '../moments.ts';
import { keyFigures, openWorstFirst } from '../figures.ts';
import { PROTECTION_WORDS, VERDICT_WORDS } from '../wording.ts';
import { badge, moment } from './parts.ts';

/** Open windows named at the top; the rest is in the table. */
const MAX_NAMED = 5;

/** One sentence. Calm only where there is evidence for it: what was not seen is never reported as fine. */
export function headline(report: Report): string {
  const { totals, coverage } = report;
  if (totals.open > 0) return openHeadline(report);
  if (totals.endpoints === 0) return 'Nothing was watched.';
  if (totals.gaps > 0 || totals.verdicts.unknown > 0 || coverage.unwatched.length > 0)
    return 'Nothing was seen open, but not everything was seen.';
  const isPast = isOfThePast(report);
  if (totals.verdicts.exposed > 0 || totals.verdicts.reachable > 0)
    return isPast ? 'Nothing was open that was not accepted.' : 'Nothing is open that was not accepted.';
  return isPast ? 'Nothing was open at the end of the period.' : 'Nothing is open.';
}

/** Of a window that was first seen bad after the period, only that it was not seen closed can be said. */
function openHeadline(report: Report): string {
  const { open } = report.totals;
  const windows = open === 1 ? 'One exposure window' : `${count(open)} exposure windows`;
  const is = open === 1 ? 'is' : 'are';
  const was = open === 1 ? 'was' : 'were';
  return isOfThePast(report) ? `${windows} ${was} not seen closed by the end of the period.` : `${windows} ${is} open.`;
}

/** The record goes on after the period: what it says is no longer about now. */
function isOfThePast({ coverage, period }: Report): boolean {
  return coverage.lastReadingAt !== undefined && coverage.lastReadingAt > period.to;
}

/** A door left ajar. */
export function mark(): Markup {
  return html`<svg class="mark-door" viewBox="0 0 20 24" width="20" height="24" aria-hidden="true"><path class="frame" d="M2 22V2h16v20"/><path class="leaf" d="M5 22V2l9 3.5v19.5z"/></svg>`;
}

export function summarySection(report: Report): Markup {
  const { period, incidents } = report;
  const open = openWorstFirst(incidents);
  return html`<section class="summary ${open.length > 0 ? 'is-open' : 'is-calm'}" aria-labelledby="headline">
<p class="period">${moment(period.from)} to ${moment(period.to)} UTC</p>
<h1 id="headline">${headline(report)}</h1>
${unwatchedList(report)}
${open.length > 0 && html`<ul class="open-now" aria-label="Open at the end of the period">${open.slice(0, MAX_NAMED).map(openLine)}</ul>`}
${open.length > MAX_NAMED && html`<p class="more">+${open.length - MAX_NAMED} more in the table.</p>`}
${figures(report)}
${verdictStrip(report)}
</section>`;
}

function unwatchedList({ coverage }: Report): Markup {
  const { unwatched } = coverage;
  if (unwatched.length === 0) return html``;
  return html`<ul class="unwatched" aria-label="Not watched">${unwatched.slice(0, MAX_NAMED).map(unwatchedLine)}</ul>
${unwatched.length > MAX_NAMED && html`<p class="more">+${unwatched.length - MAX_NAMED} more stretches in summary.csv.</p>`}`;
}

function unwatchedLine({ from, to, why }: Unwatched): Markup {
  if (why === 'before') return html`<li>Nothing is known before ${moment(to)}, the first reading on record.</li>`;
  if (why === 'after') return html`<li>Nothing is known after ${moment(from)}: nobody has looked since.</li>`;
  return html`<li>Nothing is known from ${moment(from)} to ${moment(to)}: nobody looked.</li>`;
}

function openLine({ severity, name, host, port, protection, from, to, start }: ReportIncident): Markup {
  return html`<li>${badge(severity)} <b>${name === undefined ? html`${theirs(host)}:${port}` : theirs(name)}</b>
<span>${PROTECTION_WORDS[protection]} ${from === undefined ? html`found <b>${to}</b>` : html`${from} → <b>${to}</b>`}, seen so since ${moment(start.upper)}</span></li>`;
}

function figures(report: Report): Markup {
  return html`<dl class="figures">${keyFigures(report).map(([label, value]) => html`<div><dt>${label}</dt><dd>${value}</dd></div>`)}</dl>`;
}

/** The order of the strip: worst first, the unseen before the safe. */
const STRIP: readonly VerdictName[] = ['exposed', 'reachable', 'latent', 'unknown', 'protected'];

export function verdictStrip({ totals }: Report, heading = 'Verdicts at the end of the period'): Markup {
  const whole = VERDICTS.reduce((sum, name) => sum + totals.verdicts[name], 0);
  let left = 0;
  const segments = STRIP.map((name) => {
    const share = whole === 0 ? 0 : (totals.verdicts[name] / whole) * 100;
    const segment = html`<rect class="v-${name}" x="${left.toFixed(2)}%" y="0" width="${share.toFixed(2)}%" height="10"/>`;
    left += share;
    return share > 0 && segment;
  });
  return html`<div class="verdicts"><h2>${heading}</h2>
<svg class="strip" width="100%" height="10" aria-hidden="true">${segments}</svg>
<dl>${STRIP.map((name) => html`<div class="v-${name}"><dt>${name}</dt><dd><b>${count(totals.verdicts[name])}</b> <span>${VERDICT_WORDS[name]}</span></dd></div>`)}</dl></div>`;
}
