/** Small pieces of text that several sections print. A stranger's text enters by `theirs` alone. */
import { shown } from '../escape.ts';
import { count, instant } from '../moments.ts';
import { INK } from './ink.ts';
import type { Sheet } from './sheet.ts';
import type { Cell, Row } from './table.ts';
import type { Piece } from './text.ts';

/** Rows of a table that are printed; the CSV file has all. */
export const MAX_ROWS = 2_000;

export const own = (text: string): Piece => ({ text });
export const bold = (text: string, colour: string = INK.text): Piece => ({ text, bold: true, colour });
export const soft = (text: string): Piece => ({ text, colour: INK.soft });
export const theirs = (text: string, limit?: number): Piece => ({ text: shown(text, limit) });
export const theirsBold = (text: string): Piece => ({ text: shown(text), bold: true });
export const theirsSoft = (text: string): Piece => ({ text: shown(text), colour: INK.soft });

/** The rows that are printed, each made when its turn comes. */
export function* printed<T>(items: readonly T[], row: (item: T, at: number) => Row): Generator<Row> {
  for (const [at, item] of items.slice(0, MAX_ROWS).entries()) yield row(item, at);
}

/** One paragraph. */
export const cell = (...pieces: readonly Piece[]): Cell => [pieces];

/** `4 Dec 2019 15:02:10`, UTC as everything. */
export const moment = (at: string): Piece => own(instant(at));

/** `a, b, c`, of many the first ones. */
export function listed(texts: readonly string[], most: number, whole: number = texts.length): readonly Piece[] {
  const pieces = texts.slice(0, most).flatMap((text, at) => [...(at === 0 ? [] : [own(', ')]), theirs(text)]);
  return whole > Math.min(most, texts.length)
    ? [...pieces, soft(` and ${count(whole - Math.min(most, texts.length))} more`)]
    : pieces;
}

/** Of a table that is longer than what is printed: how much, and where the rest is. */
export function theRest(sheet: Sheet, whole: number, file: string): void {
  if (whole <= MAX_ROWS) return;
  sheet.paragraph([bold(`The first ${count(MAX_ROWS)} of ${count(whole)} rows.`), own(` All of them are in ${file}.`)]);
}
