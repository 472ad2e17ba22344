/**
 * The only ways a stranger's text enters a report. Index names, hosts, banners and certificate subjects are
 * chosen by whoever runs the server (evidence-and-alerts.md section 6.4), so no format builds a cell, a node
 * or an attribute from them without passing through here.
 */
import { html } from 'hono/html';
import { AjarError } from '../model/errors.ts';
import { printable, spelledJson } from '../model/text.ts';

/** Characters of one text in a page. The full text is in report.json. */
export const TEXT_LIMIT = 300;
/** Of one cell, which may list several texts. Spreadsheets take four times as much. */
export const CELL_LIMIT = 8_000;

/** What `html` returns. A promise only where a promise went in, which `pageText` refuses. */
export type Markup = ReturnType<typeof html>;

/** One visible line: what cannot be shown is spelled out, and nothing at all is said to be blank. */
export function shown(text: string, limit: number = TEXT_LIMIT): string {
  return printable(text, limit) || '(blank)';
}

/** A stranger's text in a page: alone in its element, and unable to turn the text around it. */
export function theirs(text: string, limit: number = TEXT_LIMIT): Markup {
  return html`<bdi>${shown(text, limit)}</bdi>`;
}

export function pageText(markup: Markup): string {
  if (markup instanceof Promise) throw new AjarError('invariant', 'a report page may not wait for anything');
  return markup.toString();
}

// After a separator or a quote too: a spreadsheet that splits on another separator than ours starts a cell there.
const FORMULA = /(^|[,;|\t"'])(\s*)([=+\-@\uff1d\uff0b\uff0d\uff20])/gu;

/** A cell no spreadsheet computes. Applied after `shown`, so no control character is left to hide behind. */
export function cell(text: string): string {
  return text === '' ? '' : shown(text, CELL_LIMIT).replace(FORMULA, "$1$2'$3");
}

/** Sorted keys, two spaces, one trailing newline; exact text, spelled so that showing the file does nothing. */
export function jsonText(document: object): string {
  const text = JSON.stringify(document, sortedKeys, 2);
  return `${spelledJson(text)}\n`;
}

/** The same text in parts, of which the longest is one row of a table: a long report is too much to hold as one. */
export function* jsonParts(document: object): Generator<string> {
  yield* partsOf(document, '');
  yield '\n';
}

function* partsOf(value: unknown, indent: string): Generator<string> {
  if (typeof value !== 'object' || value === null || Object.keys(value).length === 0) {
    yield whole(value, indent);
    return;
  }
  const inner = `${indent}  `;
  if (Array.isArray(value)) {
    for (const [at, each] of value.entries()) yield `${at === 0 ? '[' : ','}\n${inner}${whole(each, inner)}`;
    yield `\n${indent}]`;
    return;
  }
  let before = '{';
  for (const [key, each] of Object.entries(sortedKeys('', value) as object)) {
    if (each === undefined) continue;
    yield `${before}\n${inner}${spelledJson(JSON.stringify(key))}: `;
    yield* partsOf(each, inner);
    before = ',';
  }
  yield before === '{' ? '{}' : `\n${indent}}`;
}

/** A newline inside a text is spelled, so that each one here begins a line. */
function whole(value: unknown, indent: string): string {
  return spelledJson(JSON.stringify(value ?? null, sortedKeys, 2)).replaceAll('\n', `\n${indent}`);
}

function sortedKeys(_key: string, value: unknown): unknown {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return value;
  // fromEntries defines, it does not assign: a key named __proto__ stays a key.
  return Object.fromEntries(Object.entries(value).sort(([a], [b]) => (a < b ? -1 : 1)));
}
