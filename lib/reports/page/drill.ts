/** Does the detector detect? Openings of ajar's own door, and whether each was told (evidence-and-alerts.md section 1.2, Q10). */
import { html } from 'hono/html';
import { isInTime, PROMISED_SECONDS } from '../../model/drill.ts';
import type { ReportDrill } from '../../model/report.ts';
import type { Markup } from '../escape.ts';
import { count } from '../moments.ts';
import { moment } from './parts.ts';
import { table } from './table.ts';

/** Rows a page shows, the newest; drill.csv lists all. */
export const MAX_OPENINGS = 500;

export function drillSection({ totals, openings }: ReportDrill): Markup {
  const { due, alerted, late, missed, recovered, slowestSeconds } = totals;
  const shown = openings.slice(-MAX_OPENINGS);
  const rows = shown.map(({ from, to, alertSeconds, recoverySeconds }) => ({
    cells: [moment(from), took(alertSeconds), moment(to), took(recoverySeconds)],
  }));
  const facts: readonly (readonly [string, string])[] = [
    ['Openings', count(due)],
    [`Alerted within ${PROMISED_SECONDS} s`, count(alerted)],
    ['Late', count(late)],
    ['Never', count(missed)],
    [`Closings told within ${PROMISED_SECONDS} s`, count(recovered)],
    ...(slowestSeconds === undefined ? [] : [['Slowest alert', `${count(slowestSeconds)} s`] as const]),
  ];
  return html`
<section id="drill" aria-labelledby="drill-heading"><h2 id="drill-heading">Drill</h2>
<p class="lead">A door of ajar's own is opened on purpose and closed again, looked at, judged and told as any other. No exposure: it holds nothing, and is counted nowhere above.</p>
<dl class="sources">${facts.map(([label, value]) => html`<div><dt>${label}</dt><dd>${value}</dd></div>`)}</dl>
${table('Drill', 'drill', ['Opened', 'Alert after', 'Closed', 'Recovery after'], rows)}
${openings.length > shown.length && html`<p class="more">+${count(openings.length - shown.length)} more in drill.csv.</p>`}</section>`;
}

function took(seconds: number | undefined): Markup {
  if (seconds === undefined) return html`<b>never</b>`;
  return isInTime(seconds) ? html`${count(seconds)} s` : html`<b>${count(seconds)} s</b>`;
}
