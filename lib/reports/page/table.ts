import { html } from 'hono/html';
import type { Markup } from '../escape.ts';

export interface TableRow {
  readonly id?: string;
  /** The first one is the row's header. */
  readonly cells: readonly Markup[];
  /** A second line over the whole width. */
  readonly below?: Markup;
}

/**
 * A table that a narrow page shows as cards: the roles are spelled out because a stylesheet that changes
 * `display` takes the implied ones away, and each cell carries its column's name for the cards.
 */
export function table(
  caption: string,
  className: string,
  columns: readonly string[],
  rows: Iterable<TableRow>,
): Markup {
  return html`${[...tablePieces(caption, className, columns, rows)]}`;
}

/** The same, row by row: a long table is too much to hold as one. */
export function* tablePieces(
  caption: string,
  className: string,
  columns: readonly string[],
  rows: Iterable<TableRow>,
): Generator<Markup> {
  yield html`<table class="${className}" role="table"><caption>${caption}</caption>
<thead role="rowgroup"><tr role="row">${columns.map((name) => html`<th scope="col" role="columnheader">${name}</th>`)}</tr></thead>
`;
  for (const row of rows) yield group(columns, row);
  yield html`</table>`;
}

/** Each row when its turn comes. */
export function* made<T>(items: Iterable<T>, row: (item: T, at: number) => TableRow): Generator<TableRow> {
  let at = 0;
  for (const item of items) yield row(item, at++);
}

function group(columns: readonly string[], { id, cells, below }: TableRow): Markup {
  const [header, ...rest] = cells;
  return html`<tbody role="rowgroup"${id !== undefined && html` id="${id}"`}><tr role="row"><th scope="row" role="rowheader" data-label="${columns[0]}">${header}</th>${rest.map((content, at) => html`<td role="cell" data-label="${columns[at + 1]}">${content}</td>`)}</tr>
${below !== undefined && html`<tr role="row" class="below"><td role="cell" colspan="${columns.length}">${below}</td></tr>`}</tbody>
`;
}
