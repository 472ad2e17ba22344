import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { Report } from '../../lib/model/report.ts';
import { jsonParts, jsonText } from '../../lib/reports/escape.ts';
import { json } from '../../lib/reports/json.ts';
import { pdf, pdfWith } from '../../lib/reports/pdf.ts';
import { MAX_ROWS } from '../../lib/reports/pdf/cells.ts';
import { all, type Dict, type Element, entry, nameOf, type ReadPdf, readPdf } from '../support/read-pdf.ts';
import { totalsOf } from '../support/report-parts.ts';
import { bytesOf, textOf } from '../support/report-files.ts';
import { EMPTY_REPORT, SAMPLE_REPORT } from '../support/sample-report.ts';

function bytes(report: Report, font?: Uint8Array): Uint8Array {
  return bytesOf(pdfWith(font).render(report)[0]?.content ?? '');
}

function read(report: Report, font?: Uint8Array): ReadPdf {
  return readPdf(bytes(report, font));
}

const SAMPLE = read(SAMPLE_REPORT);

/** Words as they are said: where a line ended does not count. */
function said({ text }: Element): string {
  return text.replaceAll(/\s+/g, ' ').trim();
}

function table(document: ReadPdf, after: string): Element {
  const order = [...walk(document.root)];
  const heading = order.findIndex((each) => /^H\d$/.test(each.type) && said(each) === after);
  const found = order.slice(heading).find(({ type }) => type === 'Table');
  if (heading === -1 || found === undefined) throw new Error(`no table after ${after}`);
  return found;
}

function* walk(element: Element): Generator<Element> {
  yield element;
  for (const child of element.children) yield* walk(child);
}

function sampleText(): string {
  const [file] = json.render(SAMPLE_REPORT);
  return file === undefined ? '' : textOf(file);
}

describe('what it says', () => {
  const { totals } = SAMPLE_REPORT;
  const figures = (document: ReadPdf) =>
    Object.fromEntries(all(document.root, 'Table')[0]?.children.map((row) => row.children.map(said)) ?? []) as Record<
      string,
      string
    >;

  test('the figures of the first page are the totals of the report', () => {
    expect(figures(SAMPLE)).toMatchObject({
      'Endpoints watched': String(totals.endpoints),
      'Incidents in the period': String(totals.incidents),
      'Open at the end': String(totals.open),
      'Critical or high': String(totals.bySeverity.critical + totals.bySeverity.high),
      'Coverage gaps': String(totals.gaps),
      'Objectives not satisfied, of 11': '2',
    });
    const verdicts = table(SAMPLE, 'Verdicts at the end of the period').children.map((row) => row.children.map(said));
    expect(verdicts.map(([name, count]) => [name, count?.split(' ')[0]])).toEqual([
      ...['exposed', 'reachable', 'latent', 'unknown', 'protected'].map((name) => [
        name,
        String(totals.verdicts[name as keyof typeof totals.verdicts]),
      ]),
    ]);
  });

  test('whatever the report holds, as many rows are printed as it counts', () => {
    const subset = fc.record({
      endpoints: fc.subarray([...SAMPLE_REPORT.endpoints]),
      incidents: fc.subarray([...SAMPLE_REPORT.incidents]),
      gaps: fc.subarray([...SAMPLE_REPORT.gaps]),
    });
    fc.assert(
      fc.property(subset, ({ endpoints, incidents, gaps }) => {
        const report = {
          ...SAMPLE_REPORT,
          endpoints,
          incidents,
          gaps,
          totals: totalsOf(endpoints, incidents, gaps.length),
        };
        const document = read(report);
        expect(figures(document)).toMatchObject({
          'Endpoints watched': String(endpoints.length),
          'Incidents in the period': String(incidents.length),
          'Open at the end': String(incidents.filter(({ status }) => status === 'open').length),
        });
        const rows = (heading: string) =>
          all(all(table(document, heading), 'TBody')[0] as Element, 'TR').filter(
            ({ children }) => children[0]?.type === 'TH',
          ).length;
        if (endpoints.length > 0) expect(rows('Endpoints')).toBe(endpoints.length);
        if (incidents.length > 0) expect(rows('Every window')).toBe(incidents.length);
        if (gaps.length > 0) expect(rows('Coverage gaps at the end of the period')).toBe(gaps.length);
      }),
      { numRuns: 8 },
    );
  });

  test('a heading stands on the page on which its table begins', () => {
    const objectives = SAMPLE_REPORT.evidence.objectives.map((each) => ({
      ...each,
      checks: each.checks.map((check) => ({
        ...check,
        subjects: Array.from({ length: 8 }, (_, at) => `410000000017/eu-central-1/documentdb/a-rather-long-name-${at}`),
        count: 8,
      })),
    }));
    const { root } = read({ ...SAMPLE_REPORT, evidence: { ...SAMPLE_REPORT.evidence, objectives } });
    const order = [...walk(root)];
    const headings = order.filter((each) => each.type === 'H3' && said(each).startsWith('EXP-'));
    expect(headings).toHaveLength(11);
    for (const heading of headings) {
      const rest = order.slice(order.indexOf(heading));
      const cells = rest.filter(({ type }) => type === 'TH').slice(0, 4);
      expect(cells.map(({ pages }) => pages[0])).toEqual(cells.map(() => heading.pages[0]));
    }
  });

  test('every incident is there with its id, its bounds and its evidence', () => {
    const text = said(table(SAMPLE, 'Every window'));
    for (const { id, evidence, start } of SAMPLE_REPORT.incidents) {
      expect(text).toContain(id);
      expect(text).toContain(evidence);
      expect(text).toContain(
        `first seen bad ${Number(start.upper.slice(8, 10))} Dec 2019 ${start.upper.slice(11, 19)}`,
      );
    }
  });

  test('a state is a word and a shape before it is a colour', () => {
    const states = all(table(SAMPLE, 'Control objectives'), 'TR')
      .slice(1)
      .map((row) => said(row.children[2] as Element));
    expect(new Set(states)).toEqual(new Set(['✓ satisfied', '✕ not satisfied', '? not determined']));
  });

  test('an empty report says so, and determines nothing', () => {
    const text = said(read(EMPTY_REPORT).root);
    expect(text).toContain('Nothing was watched.');
    expect(text).toContain('No exposure window is on record in this period.');
    expect(text).not.toContain('✓');
  });
});

describe('who reads it with a screen reader', () => {
  test('it is tagged, in English, under its title, and of PDF/UA', () => {
    const { catalog, get } = SAMPLE;
    expect(entry(get(entry(catalog, 'MarkInfo')), 'Marked')).toBe(true);
    expect(entry(catalog, 'Lang')).toBe('en');
    expect(entry(get(entry(catalog, 'ViewerPreferences')), 'DisplayDocTitle')).toBe(true);
    expect(Buffer.from(bytes(SAMPLE_REPORT)).toString('latin1')).toContain('<pdfuaid:part>1</pdfuaid:part>');
  });

  test('headings go down one level at a time, from one H1', () => {
    const levels = [...walk(SAMPLE.root)]
      .map(({ type }) => /^H(\d)$/.exec(type)?.[1])
      .filter((each) => each !== undefined);
    expect(levels.filter((each) => each === '1')).toHaveLength(1);
    levels.slice(1).forEach((level, at) => expect(Number(level)).toBeLessThanOrEqual(Number(levels[at]) + 1));
  });

  test('every cell is in a row, and every header says what it heads', () => {
    const tables = all(SAMPLE.root, 'Table');
    expect(tables.length).toBeGreaterThan(15);
    for (const header of tables.flatMap((each) => all(each, 'TH')))
      expect(nameOf(entry(header.attributes, 'Scope'))).toMatch(/^(Row|Column)$/);
    for (const each of tables) {
      const widths = all(each, 'TR').map((row) =>
        row.children.reduce((sum, cell) => sum + Number(entry(cell.attributes, 'ColSpan') ?? 1), 0),
      );
      expect(new Set(widths).size).toBe(1);
    }
  });

  test('the timeline has words for who does not see it', () => {
    const [figure] = all(SAMPLE.root, 'Figure');
    expect(figure?.alt).toContain('Every window is a row of the table that follows');
    expect(nameOf(entry(figure?.attributes, 'O'))).toBe('Layout');
  });

  test('the bookmarks are the sections, which the contents list with their pages', () => {
    const sections = all(SAMPLE.root, 'H2')
      .map(said)
      .filter((each) => SAMPLE.bookmarks.includes(each));
    expect(sections).toEqual(SAMPLE.bookmarks);
    const contents = all(SAMPLE.root, 'TOCI').map(said);
    const expected = all(SAMPLE.root, 'H2')
      .filter((each) => SAMPLE.bookmarks.includes(said(each)))
      .map((each) => `${said(each)} ${each.pages[0]}`);
    expect(contents).toEqual(expected);
  });
});

describe('pages', () => {
  const [one] = SAMPLE_REPORT.endpoints as [Report['endpoints'][number]];
  const endpoints = Array.from({ length: MAX_ROWS + 3 }, (_, at) => ({
    ...one,
    endpoint: { ...one.endpoint, id: `e${String(at).padStart(5, '0')}`, name: `endpoint ${at}` },
  }));
  const long = read({ ...SAMPLE_REPORT, endpoints, totals: totalsOf(endpoints, SAMPLE_REPORT.incidents, 2) });

  test('each says which of how many it is, of what report, and the digest of report.json', () => {
    const digest = createHash('sha256').update(sampleText()).digest('hex');
    SAMPLE.pages.forEach(({ artifacts }, at) => {
      const furniture = artifacts.join('\n');
      expect(furniture).toContain(`Page ${at + 1} of ${SAMPLE.pages.length}`);
      expect(furniture).toContain(`Report ${SAMPLE_REPORT.id}`);
      expect(furniture).toContain(`SHA-256 of report.json ${digest}`);
    });
  });

  test('a table that goes on has its header again on each page, and in the structure once', () => {
    const roster = table(long, 'Endpoints');
    const pages = new Set([...walk(roster)].flatMap((each) => each.pages));
    expect(pages.size).toBeGreaterThan(50);
    const [first, ...rest] = [...pages].sort((a, b) => a - b);
    const header = ['Endpoint', 'Verdict', 'Protection: declared, observed', 'Last conclusive, UTC', 'Watched'];
    for (const page of rest) expect(long.pages[page - 1]?.artifacts).toEqual(expect.arrayContaining(header));
    expect(long.pages[(first ?? 0) - 1]?.artifacts).not.toEqual(expect.arrayContaining(header));
    expect(all(roster, 'THead')).toHaveLength(1);
  });

  test('of a long table the first rows are printed, and the file is named that has all', () => {
    const rows = all(table(long, 'Endpoints'), 'TH')
      .map(said)
      .filter((each) => each.startsWith('endpoint '));
    expect(rows).toHaveLength(MAX_ROWS);
    expect(said(long.root)).toContain('The first 2,000 of 2,003 rows. All of them are in endpoints.csv.');
    expect(said(SAMPLE.root)).not.toContain('The first 2,000');
  });

  test('a row that no page holds goes on', () => {
    const [incident] = SAMPLE_REPORT.incidents as [Report['incidents'][number]];
    const notes = Array.from({ length: 150 }, (_, at) => ({
      by: 'jdoe',
      at: '2019-12-04T15:03:11.020Z',
      text: `note ${at}`,
    }));
    const document = read({ ...SAMPLE_REPORT, incidents: [{ ...incident, handling: { notes } }] });
    const windows = table(document, 'Every window');
    for (const { text } of notes) expect(said(windows)).toContain(text);
    expect(new Set([...walk(windows)].flatMap((each) => each.pages)).size).toBeGreaterThan(1);
  });
});

describe('the same report', () => {
  test.each([
    ['full', SAMPLE_REPORT],
    ['empty', EMPTY_REPORT],
  ])('is the same bytes twice, and from a copy (%s)', (_name, report) => {
    const once = bytes(report);
    expect(Buffer.compare(bytes(report), once)).toBe(0);
    expect(Buffer.compare(bytes(structuredClone(report)), once)).toBe(0);
  });

  test('is the same bytes in whatever order it was put together', () => {
    const reversed = (value: unknown): unknown => {
      if (Array.isArray(value)) return value.map(reversed);
      if (typeof value !== 'object' || value === null) return value;
      const entries = Object.entries(value).reverse();
      return Object.fromEntries(entries.map(([key, each]) => [key, reversed(each)]));
    };
    expect(Buffer.compare(bytes(reversed(SAMPLE_REPORT) as Report), bytes(SAMPLE_REPORT))).toBe(0);
  });

  test('knows no clock: it was created when its period ended, and its ID is of its content', () => {
    const { trailer, get } = SAMPLE;
    expect(get(entry(get(entry(trailer, 'Info')), 'CreationDate'))).toBe('D:20191209000000Z');
    const id = (document: ReadPdf) => (entry(document.trailer, 'ID') as readonly Uint8Array[]).map((each) => [...each]);
    expect(id(SAMPLE)[0]).toEqual(id(SAMPLE)[1]);
    expect(id(read({ ...SAMPLE_REPORT, limits: ['another'] }))).not.toEqual(id(SAMPLE));
  });

  test('carries its fonts', () => {
    const fonts = (SAMPLE.get(entry(SAMPLE.catalog, 'Pages')) as Dict).dict.get('Kids') as readonly { ref: number }[];
    const used = entry(SAMPLE.get(entry(SAMPLE.get(fonts[0]), 'Resources')), 'Font') as Dict;
    for (const font of used.dict.values()) {
      const [descendant] = entry(SAMPLE.get(font), 'DescendantFonts') as readonly { ref: number }[];
      const descriptor = SAMPLE.get(entry(SAMPLE.get(descendant), 'FontDescriptor'));
      expect(entry(descriptor, 'FontFile2')).toBeDefined();
      // One that is not of every glyph inside makes it no PDF/UA, and an accented letter has parts that nobody asked for.
      expect(entry(descriptor, 'CIDSet')).toBeUndefined();
    }
  });
});

describe('names in other scripts', () => {
  const [endpoint] = SAMPLE_REPORT.endpoints as [Report['endpoints'][number]];
  const named = (name: string, font?: Uint8Array): string => {
    const endpoints = [{ ...endpoint, endpoint: { ...endpoint.endpoint, name } }];
    const report = { ...SAMPLE_REPORT, endpoints, totals: totalsOf(endpoints, [], 0), incidents: [] };
    const row = all(table(read(report, font), 'Endpoints'), 'TH').at(-1);
    return row?.text.split('\n')[0] ?? '';
  };
  const require = createRequire(import.meta.url);
  const MATH = readFileSync(require.resolve('dejavu-fonts-ttf/ttf/DejaVuMathTeXGyre.ttf'));

  test.each([
    ['Größe–Übersicht', 'Größe–Übersicht'],
    ['архив', 'архив'],
    ['Δοκιμή', 'Δοκιμή'],
    ['سلام', 'سلام'],
    ['中文', 'U+4E2DU+6587'],
    ['หก', 'U+0E2BU+0E01'],
    ['a\u2800b', 'aU+2800b'],
    ['a\u00a0b', 'aU+00A0b'],
    ['😀', '😀'],
    ['𝒜', 'U+1D49C'],
  ])('%j is shown as %j: never a blank', (name, shown) => {
    expect(named(name)).toBe(shown);
  });

  test('words from the right keep their order', () => {
    expect(named('شركة سلام')).toBe('شركة سلام');
  });

  test('a given font is asked for what the built-in one lacks', () => {
    expect(named('𝒜', MATH)).toBe('𝒜');
    expect(named('a中', MATH)).toBe('aU+4E2D');
  });

  test.each([
    ['nothing', new Uint8Array()],
    ['a text', new TextEncoder().encode('no font at all')],
    ['half a font', MATH.subarray(0, 900)],
  ])('%s is no font', (_name, font) => {
    expect(() => pdfWith(font).render(SAMPLE_REPORT)).toThrow(expect.objectContaining({ code: 'bad-input' }));
  });
});

test('the parts of a document are its JSON', () => {
  fc.assert(
    fc.property(fc.dictionary(fc.string(), fc.jsonValue()), (document) => {
      expect([...jsonParts(document)].join('')).toBe(jsonText(document));
    }),
  );
  expect([...jsonParts(SAMPLE_REPORT)].join('')).toBe(sampleText());
});

test('pdf is what pdfWith makes without a font', () => {
  const [file] = pdf.render(SAMPLE_REPORT);
  expect(Buffer.compare(bytesOf(file?.content ?? ''), bytes(SAMPLE_REPORT))).toBe(0);
});
