/**
 * Every hostile string in every place that a stranger reaches, read back from the PDF (evidence-and-alerts.md section 6.4): it is
 * text, whole as far as its limit goes, no character of it is a blank, and nothing else moved. The reader throws at a glyph that
 * the font lacks.
 */
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { create, type Font } from 'fontkit';
import { expect, test } from 'vitest';
import type { Report } from '../../lib/model/report.ts';
import { printable } from '../../lib/model/text.ts';
import { pdf } from '../../lib/reports/pdf.ts';
import { hostileReport } from '../support/hostile-report.ts';
import { type Element, entry, readPdf } from '../support/read-pdf.ts';
import { bytesOf } from '../support/report-files.ts';

const HOSTILE = JSON.parse(
  readFileSync(new URL('../fixtures/hostile-strings.json', import.meta.url), 'utf8'),
) as string[];
const FONT = create(
  readFileSync(createRequire(import.meta.url).resolve('dejavu-fonts-ttf/ttf/DejaVuSansCondensed.ttf')),
) as Font;

/** As it has to stand on paper: what cannot be shown and what the font has no ink for, as code points. */
function onPaper(text: string, limit: number): string {
  return Array.from(printable(text, limit) || '(blank)', (c) => {
    const point = c.codePointAt(0) ?? 0;
    const { minX, maxX } = FONT.glyphForCodePoint(point).bbox;
    const isSeen = point === 0x20 || (FONT.hasGlyphForCodePoint(point) && maxX > minX);
    return isSeen ? c : `U+${point.toString(16).toUpperCase().padStart(4, '0')}`;
  }).join('');
}

function* leaves(element: Element, at = element.type): Generator<{ readonly at: string; readonly text: string }> {
  // The page that a link of the contents names is not the stranger's.
  const text = element.type === 'Link' ? element.text.replace(/\n\d+$/, '') : element.text;
  if (element.children.length === 0) yield { at, text: squashed(text) };
  for (const [n, child] of element.children.entries()) yield* leaves(child, `${at}/${n}${child.type}`);
}

/** Where a line ended does not count, nor which digest it is. */
function squashed(text: string): string {
  return text.replaceAll(/\b[0-9a-f]{64}\b/g, 'digest').replaceAll(/\s+/g, '');
}

/** One report of several strangers: a document for each would take minutes. */
function paper(texts: readonly string[]) {
  const reports = texts.map(hostileReport);
  const [first] = reports as [Report];
  const of = <T>(rows: (report: Report) => readonly T[]): readonly T[] => reports.flatMap(rows);
  const { population, watch } = first.evidence;
  const report: Report = {
    ...first,
    endpoints: of((each) => each.endpoints).map((each, at) => ({
      ...each,
      // Not shown; by which they are sorted.
      endpoint: { ...each.endpoint, id: String(at).padStart(3, '0') },
    })),
    ...{ incidents: of((each) => each.incidents), gaps: of((each) => each.gaps), limits: of((each) => each.limits) },
    evidence: {
      ...first.evidence,
      population: {
        sources: population.sources,
        cells: of(({ evidence }) => evidence.population.cells),
        differences: of(({ evidence }) => evidence.population.differences),
      },
      watch: {
        ...watch,
        places: of(({ evidence }) => evidence.watch.places),
        interruptions: of(({ evidence }) => evidence.watch.interruptions),
      },
      exceptions: of(({ evidence }) => evidence.exceptions),
      changes: of(({ evidence }) => evidence.changes),
    },
  };
  return readPdf(bytesOf(pdf.render(report)[0]?.content ?? ''));
}

const A_TIME = 10;
const GROUPS = Array.from({ length: Math.ceil(HOSTILE.length / A_TIME) }, (_, at) =>
  HOSTILE.slice(at * A_TIME, (at + 1) * A_TIME),
);

/** Limits of what is shown alone, within a drawing, and as it was written. */
const LIMITS = [300, 60, 1_000];

const CUT = '[^]*';

/**
 * A pattern of all ways in which a text may stand there. Within a sentence of ours its ends are not the ends of the text; a long
 * one may be cut, and the sentence with it.
 */
function waysOf(text: string): string {
  const within = squashed(onPaper(`x${text}x`, 10_000)).slice(1, -1);
  if (within.length > 40) return `${escaped(within.slice(0, 30))}${CUT}`;
  const atStart = squashed(onPaper(`${text}x`, 10_000)).slice(0, -1);
  const atEnd = squashed(onPaper(`x${text}`, 10_000)).slice(1);
  const ways = new Set([...LIMITS.map((limit) => squashed(onPaper(text, limit))), within, atStart, atEnd]);
  return `(${[...ways].map(escaped).join('|')})`;
}

function escaped(text: string): string {
  return text.replaceAll(/[\\^$.*+?()[\]{}|/]/g, '\\$&');
}

test.each(GROUPS.map((texts, at) => [at, texts] as const))('hostile strings of group %i are text', (_at, texts) => {
  const calm = paper(texts.map((_, at) => `calm${at}.`));
  const document = paper(texts);
  expect(document.bookmarks).toEqual(calm.bookmarks);
  for (const key of ['OpenAction', 'AA', 'AcroForm']) expect(entry(document.catalog, key)).toBeUndefined();
  const [found, expected] = [[...leaves(document.root)], [...leaves(calm.root)]];
  expect(found.map(({ at }) => at)).toEqual(expected.map(({ at }) => at));
  const ways = texts.map(waysOf);
  let places = 0;
  found.forEach(({ at, text }, n) => {
    const before = expected[n]?.text ?? '';
    // Names that take two lines above it move lanes to the next page.
    if (at.endsWith('Figure') && ways.some((each) => each.includes(CUT))) return;
    const parts = before.split(/calm(\d)[.]/);
    if (parts.length === 1) {
      expect(text).toBe(before);
      return;
    }
    places++;
    const pattern = parts.map((part, k) => (k % 2 === 0 ? escaped(part) : ways[Number(part)])).join('');
    const isCut = pattern.includes(CUT);
    expect(text).toMatch(new RegExp(`^${isCut ? pattern.slice(0, pattern.indexOf(CUT)) : `${pattern}$`}`, 'u'));
  });
  expect(places).toBeGreaterThan(25 * texts.length);
});
