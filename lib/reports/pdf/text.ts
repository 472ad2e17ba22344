/**
 * A text as lines of one width. What no face has ink for is spelled as its code point, so that a name is never a blank
 * (evidence-and-alerts.md section 1.6); a given font is asked after the built-in one.
 *
 * Lines break at spaces; a word that fills a line by itself after a mark inside it, else where the line ends.
 */
import { type Face, needsShaping } from './face.ts';
import { INK } from './ink.ts';

/** One stretch of text in one style. */
export interface Piece {
  readonly text: string;
  readonly bold?: true;
  readonly colour?: string;
}

export interface Part {
  readonly face: Face;
  readonly text: string;
  readonly colour: string;
  /** From the start of the line. */
  readonly x: number;
  readonly width: number;
  /** What is drawn is not one glyph for each character in order: the text has to be told beside it. */
  readonly isShaped: boolean;
}
export type Line = readonly Part[];

export interface Faces {
  readonly regular: Face;
  readonly bold: Face;
  /** Given by the reader, for scripts that the built-in one lacks. */
  readonly given?: Face;
}

/** What a line is put together of: one character, or one word that has to be shaped whole. */
interface Cluster extends Omit<Part, 'x'> {
  readonly isRightToLeft: boolean;
}

export function widthOf(line: Line): number {
  const last = line.at(-1);
  return last === undefined ? 0 : last.x + last.width;
}

export function linesOf(pieces: readonly Piece[], faces: Faces, size: number, width: number): readonly Line[] {
  const lines: Line[] = [];
  let row: Cluster[] = [];
  let used = 0;
  const close = (upTo: number): void => {
    lines.push(lineOf(row.slice(0, upTo)));
    const rest = row.slice(upTo);
    const from = rest.findIndex(({ text }) => text !== ' ');
    row = from === -1 ? [] : rest.slice(from);
    used = row.reduce((sum, cluster) => sum + cluster.width, 0);
  };
  for (const piece of pieces) {
    for (const cluster of clustersOf(piece, faces, size, width)) {
      if (cluster.text === ' ' && row.length === 0) continue;
      row.push(cluster);
      used += cluster.width;
      if (used > width && cluster.text !== ' ' && row.length > 1) close(breakOf(row));
    }
  }
  if (row.length > 0) lines.push(lineOf(row));
  return lines;
}

const AFTER = new Set(['/', ':', '-', '.', '_', ',', '|', '=', '&', '?', ';']);

/** How many clusters stay on the line. The last one is the first that does not fit. */
function breakOf(row: readonly Cluster[]): number {
  const last = row.length - 1;
  const space = row.findLastIndex(({ text }, at) => text === ' ' && at < last);
  if (space > 0) return space;
  const mark = row.findLastIndex(({ text }, at) => AFTER.has(text) && at < last);
  return mark >= last / 2 ? mark + 1 : last;
}

/** Neighbours in one style are one part; words that run from the right and stand side by side do so in one run. */
function lineOf(clusters: readonly Cluster[]): Line {
  const end = clusters.findLastIndex(({ text }) => text !== ' ') + 1;
  const parts: (Omit<Part, 'x'> & { readonly isRightToLeft: boolean })[] = [];
  for (let at = 0; at < end; at++) {
    const cluster = clusters[at] as Cluster;
    const before = parts.at(-1);
    const next = clusters[at + 1];
    if (before?.isRightToLeft === true && cluster.text === ' ' && isSameStyle(before, next) && next?.isRightToLeft) {
      at++;
      const text = `${before.text} ${next.text}`;
      parts[parts.length - 1] = { ...before, text, width: before.width + cluster.width + next.width };
    } else if (before !== undefined && !before.isShaped && !cluster.isShaped && isSameStyle(before, cluster)) {
      parts[parts.length - 1] = { ...before, text: before.text + cluster.text, width: before.width + cluster.width };
    } else parts.push(cluster);
  }
  let x = 0;
  return parts.map(({ face, text, colour, width, isShaped }) => {
    const part = { face, text, colour, width, isShaped, x };
    x += width;
    return part;
  });
}

function isSameStyle(a: Cluster, b: Cluster | undefined): boolean {
  return b !== undefined && a.face === b.face && a.colour === b.colour;
}

const RIGHT_TO_LEFT = /^[\p{Script=Arabic}\p{Script=Hebrew}\p{Script=Syriac}\p{Script=Thaana}\p{Script=Nko}]/u;

function* clustersOf(
  { text, bold, colour = INK.text }: Piece,
  faces: Faces,
  size: number,
  width: number,
): Generator<Cluster> {
  const own = bold === true ? faces.bold : faces.regular;
  const scale = size / 1000;
  for (const word of text.split(/( )/)) {
    for (const { face, run } of runsOf(word, own, faces)) {
      if (!needsShaping(run) && face === own) {
        for (const c of run) {
          const each = face.widthOf(c.codePointAt(0) ?? 0) * scale;
          yield { face, text: c, colour, width: each, isShaped: false, isRightToLeft: false };
        }
        continue;
      }
      const whole = face.shapedWidthOf(run) * scale;
      const pieces = whole > width ? Array.from(run) : [run];
      for (const each of pieces) {
        const isRightToLeft = RIGHT_TO_LEFT.test(each);
        const wide = pieces.length === 1 ? whole : face.shapedWidthOf(each) * scale;
        yield { face, text: each, colour, width: wide, isShaped: true, isRightToLeft };
      }
    }
  }
}

/** A word in stretches of one face, what none shows spelled out. */
function runsOf(word: string, own: Face, { regular, given }: Faces): readonly { face: Face; run: string }[] {
  const runs: { face: Face; run: string }[] = [];
  for (const c of word) {
    const point = c.codePointAt(0) ?? 0;
    const face = [own, regular, given].find((each) => each?.shows(point) === true);
    const shown = face === undefined ? `U+${point.toString(16).toUpperCase().padStart(4, '0')}` : c;
    const last = runs.at(-1);
    if (last !== undefined && last.face === (face ?? own)) last.run += shown;
    else runs.push({ face: face ?? own, run: shown });
  }
  return runs;
}
