/** How fast, who allowed what, and who changed the watch itself (section 1.2, Q4 to Q6). */
import { html } from 'hono/html';
import type { Report } from '../../model/report.ts';
import type { ReportChange, ReportException, Spread } from '../../model/report-evidence.ts';
import { type Markup, theirs } from '../escape.ts';
import { count, span } from '../moments.ts';
import { moment } from './parts.ts';
import { table } from './table.ts';

/** Rows a page shows; exceptions.csv and changes.csv list all. */
const MAX_REGISTER = 500;

const METRIC_WORDS = [
  ['detect', 'To detect', 'from the start of the window to the first bad verdict'],
  ['alert', 'To alert', 'from there to the first receipt of an alert'],
  ['acknowledge', 'To acknowledge', 'from the receipt to the first acknowledgement'],
  ['recover', 'To recover', 'from the start of the window to its end'],
] as const;

export function metricSection({ evidence: { metrics } }: Report): Markup {
  const rows = METRIC_WORDS.map(([name, words, meaning]) => ({
    cells: [html`${words} <span class="quiet">${meaning}</span>`, ...figures(metrics[name])],
  }));
  const { censored } = metrics;
  return html`<section id="metrics" aria-labelledby="metrics-heading"><h2 id="metrics-heading">How fast</h2>
<p class="lead">Upper bounds: nothing looks faster than it may have been. ${censored.length === 0 ? 'No window was open at the end.' : `${count(censored.length)} ${censored.length === 1 ? 'window was' : 'windows were'} open at the end: in no figure, and longer than any.`}</p>
${table('How fast', 'metrics', ['', 'Half within', '95 % within', 'At most', 'Counted', 'Without an upper bound'], rows)}</section>`;
}

function figures({ n, p50, p95, max, unbounded }: Spread): readonly Markup[] {
  const said = (seconds: number | undefined): Markup =>
    seconds === undefined ? html`<span class="quiet">none</span>` : html`${span(seconds)}`;
  return [said(p50), said(p95), said(max), html`${count(n)}`, html`${count(unbounded)}`];
}

export function exceptionSection({ evidence: { exceptions } }: Report): Markup {
  const shown = exceptions.slice(0, MAX_REGISTER);
  return html`<section id="exceptions" aria-labelledby="exceptions-heading"><h2 id="exceptions-heading">Exceptions</h2>
${shown.length === 0 ? html`<p class="nothing">No allowance was in force in the period: everything alerted.</p>` : table('Allowances in force in the period', 'exceptions', ['Exception', 'Owner, approved by', 'In force', 'Why', 'Matched', 'Flags'], shown.map(exceptionRow))}
${exceptions.length > shown.length && html`<p class="more">+${count(exceptions.length - shown.length)} more in exceptions.csv.</p>`}</section>`;
}

function exceptionRow({
  id,
  owner,
  author,
  approvedBy,
  reason,
  ticket,
  approvedOn,
  expires,
  ...exception
}: ReportException) {
  const { scope, permits, endpoints, incidents, flags } = exception;
  return {
    cells: [
      html`<span class="name">${theirs(id)}</span>`,
      html`${theirs(owner)}${author !== undefined && html` <span class="quiet">written by ${theirs(author)}</span>`} <span class="quiet">approved by ${approvedBy.map((who, at) => html`${at > 0 && ', '}${theirs(who)}`)}</span>`,
      html`<span class="when"><time datetime="${approvedOn}">${approvedOn}</time> to <time datetime="${expires}">${expires}</time></span>`,
      html`${theirs(reason)} <span class="quiet">${theirs(ticket)}</span>`,
      html`${count(endpoints.length)} ${endpoints.length === 1 ? 'endpoint' : 'endpoints'}, ${count(incidents.length)} ${incidents.length === 1 ? 'incident' : 'incidents'}`,
      flags.length === 0
        ? html`<span class="quiet">none</span>`
        : html`<b>${flags.map((flag) => flag.replaceAll('-', ' ')).join(', ')}</b>`,
    ],
    below: html`<p class="quiet">Covers <code>${theirs(scope)}</code><br>Permits <code>${theirs(permits)}</code></p>`,
  };
}

export function changeSection({ evidence: { changes } }: Report): Markup {
  const shown = changes.slice(-MAX_REGISTER);
  const rows = shown.map(({ at, seq, kind, subject, by, text }: ReportChange) => ({
    cells: [
      moment(at),
      html`${kind} <span class="quiet">${theirs(subject)}</span>`,
      by === undefined ? html`<span class="quiet">not on record</span>` : theirs(by),
      theirs(text),
      html`${count(seq)}`,
    ],
  }));
  return html`<section id="changes" aria-labelledby="changes-heading"><h2 id="changes-heading">Changes of the watch itself</h2>
${rows.length === 0 ? html`<p class="nothing">No change is on record.</p>` : table('Changes of the watch itself', 'changes', ['When', 'What', 'By', 'How', 'Ledger entry'], rows)}
${changes.length > shown.length && html`<p class="more">+${count(changes.length - shown.length)} earlier in changes.csv.</p>`}</section>`;
}
