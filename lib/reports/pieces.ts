/**
 * JSON written while it is made. A document holds its small parts as they are and its long arrays as functions that give one
 * element after the other, so that what is in memory is one row and not a hundred thousand (evidence-and-alerts.md section 1.6).
 */
import { spelledJson } from '../model/text.ts';

const DEPTH = 4;

/** An array made row by row. */
export type Rows = () => Iterable<object>;

/** Absent where there is nothing to list: OSCAL knows no empty arrays. */
export function rowsOf<T>(items: readonly T[], row: (item: T) => object): Rows | undefined {
  if (items.length === 0) return undefined;
  return function* rows() {
    for (const item of items) yield row(item);
  };
}

/** The same of several lists, one after the other. */
export function joined(...lists: readonly (Rows | undefined)[]): Rows | undefined {
  const given = lists.filter((list) => list !== undefined);
  if (given.length === 0) return undefined;
  return function* rows() {
    for (const list of given) yield* list();
  };
}

/** One document, in pieces: a field a line down to this depth and to the arrays, each element of those on a line of its own. */
export function* documentPieces(document: object): Generator<string> {
  yield* written(document, '');
  yield '\n';
}

/** One document a line. */
export function* linePieces(documents: Iterable<object>): Generator<string> {
  for (const document of documents) yield `${spelledJson(JSON.stringify(document))}\n`;
}

function* written(value: unknown, pad: string): Generator<string> {
  if (isRows(value)) yield* listed(value(), pad);
  else if (!holdsRows(value) && (pad.length >= 2 * DEPTH || !isFilled(value))) yield spelledJson(JSON.stringify(value));
  else if (Array.isArray(value)) yield* listed(value as readonly unknown[], pad);
  else yield* fields(value as object, pad);
}

function* listed(items: Iterable<unknown>, pad: string): Generator<string> {
  const inner = `${pad}  `;
  let before = '[\n';
  for (const item of items) {
    yield `${before}${inner}`;
    yield* written(item, inner);
    before = ',\n';
  }
  yield before === '[\n' ? '[]' : `\n${pad}]`;
}

function* fields(value: object, pad: string): Generator<string> {
  const inner = `${pad}  `;
  let before = '{\n';
  for (const [key, each] of Object.entries(value)) {
    if (each === undefined) continue;
    yield `${before}${inner}${JSON.stringify(key)}: `;
    yield* written(each, inner);
    before = ',\n';
  }
  yield before === '{\n' ? '{}' : `\n${pad}}`;
}

function isRows(value: unknown): value is Rows {
  return typeof value === 'function';
}

function isFilled(value: unknown): boolean {
  return typeof value === 'object' && value !== null && Object.keys(value).length > 0;
}

function holdsRows(value: unknown): boolean {
  if (typeof value !== 'object' || value === null) return false;
  return Object.values(value).some((each) => isRows(each) || holdsRows(each));
}
