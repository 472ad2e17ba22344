/** How far it sees: accounts by regions, each service a square; what was not watched, and why. */
import { html } from 'hono/html';
import type { PopulationCell } from '../../model/report-evidence.ts';
import type { Report } from '../../model/report.ts';
import { type Markup, theirs } from '../../reports/escape.ts';
import { count, span } from '../../reports/moments.ts';
import { moment } from '../../reports/page/parts.ts';
import { table } from '../../reports/page/table.ts';
import { GAP_WORDS, STAGE_WORDS } from '../../reports/wording.ts';
import { share } from './parts.ts';

const MAX_ROWS = 500;

export function coveragePage(report: Report): Markup {
  const { evidence, gaps, period } = report;
  return html`<h1>Coverage</h1>
<p class="lead">What is not listed or not seen is unknown, and unknown is not a pass. Since ${moment(period.from)}.</p>
${places(report)}
${cellMap(evidence.population.cells)}
${interruptions(report)}
<section aria-labelledby="gaps"><h2 id="gaps">Gaps now</h2>
${
  gaps.length === 0
    ? html`<p class="nothing">There is none.</p>`
    : table(
        'Coverage gaps',
        'list',
        ['Subject', 'Cause', 'Since', 'What ends it'],
        gaps.slice(0, MAX_ROWS).map(({ subject, code, stage, since, detail }) => ({
          cells: [
            theirs(subject),
            html`${GAP_WORDS[code].cause} <span class="quiet">${code}, ${STAGE_WORDS[stage]}: ${theirs(detail)}</span>`,
            since === undefined ? html`<span class="quiet">not recorded</span>` : moment(since),
            html`${GAP_WORDS[code].cure}`,
          ],
        })),
      )
}${more(gaps.length)}</section>`;
}

function places({ evidence: { watch } }: Report): Markup {
  return html`<section aria-labelledby="watched"><h2 id="watched">Watched</h2>
<p>${share(watch.percent)} of the time that endpoints existed</p>
${table(
  'Watched time by account and region',
  'map',
  ['Account', 'Region', 'Endpoints', 'Watched'],
  watch.places.slice(0, MAX_ROWS).map(({ account, region, endpoints, percent }) => ({
    cells: [theirs(account), region === undefined ? html`` : theirs(region), html`${count(endpoints)}`, share(percent)],
  })),
)}${more(watch.places.length)}</section>`;
}

function cellMap(cells: readonly PopulationCell[]): Markup {
  if (cells.length === 0) return html``;
  const rows = Map.groupBy(cells, ({ account, region }) => `${account}\n${region}`);
  const statuses = [...new Set(cells.map(({ status }) => status))].toSorted();
  return html`<section aria-labelledby="inventory"><h2 id="inventory">Inventory</h2>
<p class="lead">Each mark is one service of one region. Only a whole list may say that something is not there.</p>
<ul class="key">${statuses.map((status) => html`<li><span class="cell ${status}" aria-hidden="true"></span>${status}, ${count(cells.filter((cell) => cell.status === status).length)}</li>`)}</ul>
${table(
  'Services by account and region',
  'map',
  ['Account', 'Region', 'Services', 'Not whole'],
  [...rows.values()].slice(0, MAX_ROWS).map((row) => ({
    cells: [
      theirs(row[0]?.account ?? ''),
      theirs(row[0]?.region ?? ''),
      html`<span class="cells" aria-hidden="true">${row.map(({ status }) => html`<span class="cell ${status}"></span>`)}</span><span class="say">${row.filter((cell) => cell.status === 'complete').length} of ${row.length} whole</span>`,
      notWhole(row),
    ],
  })),
)}${more(rows.size)}</section>`;
}

const FINE = new Set(['complete', 'not-offered']);

function notWhole(row: readonly PopulationCell[]): Markup {
  const bad = row.filter(({ status }) => !FINE.has(status));
  if (bad.length === 0) return html`<span class="quiet">none</span>`;
  return html`${bad.map(({ service, status }, at) => html`${at > 0 && ', '}${theirs(service)} <span class="quiet">${status}</span>`)}`;
}

function interruptions({ evidence: { watch } }: Report): Markup {
  const rows = watch.interruptions.toReversed();
  return html`<section aria-labelledby="unseen"><h2 id="unseen">Not watched</h2>
${
  rows.length === 0
    ? html`<p class="nothing">No stretch of more than two intervals.</p>`
    : table(
        'Stretches not watched, newest first',
        'list',
        ['Subject', 'From', 'To', 'For', 'Cause'],
        rows.slice(0, MAX_ROWS).map(({ subject, from, to, seconds, cause }) => ({
          cells: [
            theirs(subject),
            moment(from),
            to === undefined ? html`<b>it lasts</b>` : moment(to),
            html`${span(seconds)}`,
            theirs(cause),
          ],
        })),
      )
}${more(rows.length)}</section>`;
}

function more(total: number): Markup {
  return html`${total > MAX_ROWS && html`<p class="more">+${count(total - MAX_ROWS)} more in the CSV of a report.</p>`}`;
}
