/** Is the population complete? Cells with how they answered, sources, and where inventories disagree (section 1.2, Q1). */
import { html } from 'hono/html';
import type { Report } from '../../model/report.ts';
import type { PopulationCell, PopulationDifference } from '../../model/report-evidence.ts';
import { type Markup, theirs } from '../escape.ts';
import { count } from '../moments.ts';
import { moment } from './parts.ts';
import { table } from './table.ts';

/** Rows a page shows, those not read in full first; cells.csv and differences.csv list all. */
const MAX_CELLS = 500;

const DISPOSITION_WORDS: Readonly<Record<PopulationDifference['disposition'], string>> = {
  forgotten: 'listed by no service',
  unseen: 'no longer listed',
  shadow: 'open where the configuration says closed',
};

export function populationSection({ evidence: { population } }: Report): Markup {
  const { cells, sources, differences } = population;
  const unread = cells.filter((cell) => !isRead(cell));
  const sorted = [...unread, ...cells.filter(isRead)].slice(0, MAX_CELLS);
  const said =
    cells.length === 0
      ? 'The inventory is of files alone: no account was asked what it holds.'
      : `${count(cells.length - unread.length)} of ${count(cells.length)} cells (account, region, service) were read in full.`;
  return html`<section id="population" aria-labelledby="population-heading"><h2 id="population-heading">Population</h2>
<p class="lead">${said}</p>
${sources.length > 0 && html`<dl class="sources">${sources.map(({ source, endpoints }) => html`<div><dt>${theirs(source)}</dt><dd>${count(endpoints)}</dd></div>`)}</dl>`}
${differences.length > 0 && differenceTable(differences)}
${sorted.length > 0 && table('Cells, those not read in full first', 'cells', ['Cell', 'Answer', 'Listed', 'Calls', 'Tried', 'Whole list'], sorted.map(row))}
${cells.length > sorted.length && html`<p class="more">+${count(cells.length - sorted.length)} more in cells.csv.</p>`}</section>`;
}

function isRead({ status }: PopulationCell): boolean {
  return status === 'complete' || status === 'not-offered';
}

function row({ account, region, service, status, listed, calls, triedAt, completeAt, detail }: PopulationCell) {
  const at = (instant: string | undefined): Markup =>
    instant === undefined ? html`<span class="quiet">never</span>` : moment(instant);
  return {
    cells: [
      html`${theirs(account)} ${theirs(region)} <b>${theirs(service)}</b>`,
      html`${status === 'complete' ? 'complete' : html`<b>${status}</b>`}${detail !== undefined && html` <span class="quiet">${theirs(detail)}</span>`}`,
      html`${count(listed)}`,
      html`${count(calls)}`,
      at(triedAt),
      at(completeAt),
    ],
  };
}

function differenceTable(differences: readonly PopulationDifference[]): Markup {
  const shown = differences.slice(0, MAX_CELLS);
  const rows = shown.map(({ endpointId, disposition, detail }) => ({
    cells: [theirs(endpointId), html`${DISPOSITION_WORDS[disposition]}`, theirs(detail)],
  }));
  return html`${table('Where inventories disagree', 'differences', ['Endpoint', 'Difference', 'Detail'], rows)}
${differences.length > shown.length && html`<p class="more">+${count(differences.length - shown.length)} more in differences.csv.</p>`}`;
}
