/**
 * Tables with hairlines. The header is drawn again on each page, where it is an artifact: in the structure a table has it
 * once. A row goes to the next page whole; one that is taller than a page goes on there.
 */
import { BODY_WIDTH, INK, MARGIN, TYPE } from './ink.ts';
import type { Sheet, Tag } from './sheet.ts';
import type { Line, Piece } from './text.ts';

/** Paragraphs, one below the other. */
export type Cell = readonly (readonly Piece[])[];

export interface Column {
  readonly title: string;
  /** Of the width of the table. */
  readonly share: number;
}

export interface Row {
  /** The first one names the row. */
  readonly cells: readonly Cell[];
  /** Over the whole width, under the cells. */
  readonly below?: readonly Fact[];
}

export interface Fact {
  readonly label: string;
  readonly value: readonly Piece[];
}

const GAP = 10;
const PAD = 4.5;
const { lead } = TYPE.table;

/** Of the labels under a row. */
const LABEL = 88;

/** One cell as it stands on the page: its lines, and where. */
interface Box {
  readonly lines: readonly Line[];
  readonly x: number;
  readonly tag: Tag;
}

/** A row in lines: of each cell, and of what is under them. */
interface Measured {
  readonly cells: readonly (readonly Line[])[];
  /** Label and value of each fact. */
  readonly below: readonly (readonly [readonly Line[], readonly Line[]])[];
  readonly height: number;
}

/** What is above the rows, and how they go on with the next page. */
interface Opened {
  readonly table: Tag;
  readonly body: Tag;
  readonly nextPage: () => void;
}

/** Nothing where there are no rows. Each is taken when its turn comes. */
export function drawTable(sheet: Sheet, title: string, columns: readonly Column[], rows: Iterable<Row>): void {
  const places = placesOf(columns);
  let opened: Opened | undefined;
  for (const row of rows) {
    const next = measured(sheet, places, row);
    opened ??= openTable(sheet, title, columns, places, next.height);
    drawRow(sheet, opened.body, places, next, opened.nextPage);
  }
  if (opened === undefined) return;
  opened.table.end();
  sheet.y += 10;
}

/** Of a header and the first row, as far as they stay together. */
export function heightOfStart(sheet: Sheet, columns: readonly Column[], first: Row): number {
  const places = placesOf(columns);
  return headHeightOf(headsOf(sheet, columns, places)) + Math.min(MAX_WHOLE, measured(sheet, places, first).height);
}

function headsOf(sheet: Sheet, columns: readonly Column[], places: readonly Place[]): readonly (readonly Line[])[] {
  return columns.map(({ title: text }, at) =>
    sheet.lines([{ text, colour: INK.soft }], 'table', places[at]?.width ?? 0),
  );
}

function headHeightOf(heads: readonly (readonly Line[])[]): number {
  return Math.max(...heads.map(({ length }) => length)) * lead + PAD;
}

function openTable(
  sheet: Sheet,
  title: string,
  columns: readonly Column[],
  places: readonly Place[],
  firstHeight: number,
): Opened {
  const heads = headsOf(sheet, columns, places);
  const headHeight = headHeightOf(heads);
  const table = sheet.tag('Table', undefined, { title });
  const tagged = sheet.tag('TR', sheet.tag('THead', table));
  const header = (draw: (lines: readonly Line[], x: number) => void): void => {
    heads.forEach((lines, at) => {
      draw(lines, places[at]?.x ?? 0);
    });
    sheet.y += headHeight;
    sheet.artifact(() => sheet.rule(MARGIN.side, sheet.y, BODY_WIDTH, INK.dark, 0.7));
  };
  // A header does not stand alone at the foot of a page.
  sheet.room(headHeight + Math.min(MAX_WHOLE, firstHeight));
  header((lines, x) => {
    const th = sheet.tag('TH', tagged, { scope: 'Column' });
    const { y } = sheet;
    th.add(() => sheet.draw(lines, x, y, 'table'));
    th.end();
  });
  const nextPage = (): void => {
    sheet.nextPage();
    header((lines, x) => sheet.artifact(() => sheet.draw(lines, x, sheet.y, 'table'), 'Pagination'));
  };
  return { table, body: sheet.tag('TBody', table), nextPage };
}

interface Place {
  readonly x: number;
  readonly width: number;
}

function placesOf(columns: readonly Column[]): readonly Place[] {
  const whole = columns.reduce((sum, { share }) => sum + share, 0);
  const each = (share: number): number => (share / whole) * (BODY_WIDTH + GAP);
  let x: number = MARGIN.side;
  return columns.map(({ share }) => {
    const place = { x, width: each(share) - GAP };
    x += each(share);
    return place;
  });
}

function measured(sheet: Sheet, places: readonly Place[], { cells, below = [] }: Row): Measured {
  const first = cells.map((cell, at) => cell.flatMap((pieces) => sheet.lines(pieces, 'table', places[at]?.width ?? 0)));
  const facts = below.map(({ label, value }) => {
    const [name = []] = sheet.lines([{ text: label, colour: INK.soft }], 'table', LABEL - GAP);
    return [[name], sheet.lines(value, 'table', BODY_WIDTH - LABEL)] as const;
  });
  const tallest = Math.max(...first.map(({ length }) => length));
  const under = facts.reduce((sum, [, value]) => sum + Math.max(1, value.length), 0);
  return { cells: first, below: facts, height: (tallest + under) * lead + 3 * PAD };
}

function drawRow(sheet: Sheet, body: Tag, places: readonly Place[], row: Measured, nextPage: () => void): void {
  // Of a row that no page holds, what fits stays here.
  if (sheet.left < Math.min(row.height, MAX_WHOLE)) nextPage();
  sheet.y += PAD;
  const tr = sheet.tag('TR', body);
  const boxes = row.cells.map((lines, at): Box => {
    const tag = sheet.tag(at === 0 ? 'TH' : 'TD', tr, at === 0 ? { scope: 'Row' } : {});
    return { lines, x: places[at]?.x ?? 0, tag };
  });
  drawBoxes(sheet, boxes, nextPage);
  tr.end();
  if (row.below.length > 0) {
    const line = sheet.tag('TR', body);
    const tag = sheet.tag('TD', line, { columns: places.length });
    sheet.y += 3;
    for (const [label, value] of row.below) {
      const boxes = [
        { lines: label, x: MARGIN.side, tag },
        { lines: value, x: MARGIN.side + LABEL, tag },
      ];
      drawBoxes(sheet, boxes, nextPage);
    }
    line.end();
  }
  sheet.y += PAD;
  sheet.artifact(() => sheet.rule(MARGIN.side, sheet.y, BODY_WIDTH));
}

const MAX_WHOLE = 420;

/** Side by side, on as many pages as the longest takes. */
function drawBoxes(sheet: Sheet, boxes: readonly Box[], nextPage: () => void): void {
  let rest = boxes;
  while (rest.some(({ lines }) => lines.length > 0)) {
    const fit = Math.floor(sheet.left / lead);
    if (fit < 1) {
      nextPage();
      sheet.y += PAD;
      continue;
    }
    const { y } = sheet;
    for (const { lines, x, tag } of rest) {
      if (lines.length > 0) tag.add(() => sheet.draw(lines.slice(0, fit), x, y, 'table'));
    }
    sheet.y += Math.min(fit, Math.max(...rest.map(({ lines }) => lines.length))) * lead;
    rest = rest.map((box) => ({ ...box, lines: box.lines.slice(fit) }));
  }
}
