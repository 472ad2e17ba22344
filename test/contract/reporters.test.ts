/**
 * Every reporter of the catalogue against every hostile string, read back with a real parser of the format
 * (evidence-and-alerts.md section 6.4): the text is where it belongs, once for each place, and nothing else moved.
 */
import { parse as parseCsv } from 'csv-parse/sync';
import { afterAll, describe, expect, test } from 'vitest';
import { FINDING_LIMITS } from '../../lib/model/asff.ts';
import { printable } from '../../lib/model/text.ts';
import type { Report } from '../../lib/model/report.ts';
import { REPORTERS } from '../../lib/reports/catalogue.ts';
import { CELL_LIMIT, TEXT_LIMIT } from '../../lib/reports/escape.ts';
import { LABEL_LIMIT } from '../../lib/reports/timeline.ts';
import { jsonTexts, shownOrEscaped, xmlTexts } from '../support/document-oracles.ts';
import { hostileReport } from '../support/hostile-report.ts';
import { HOSTILE } from '../support/hostile-strings.ts';
import { fingerprints, textFiles } from '../support/report-files.ts';
import { inAws } from '../support/reports.ts';
import { takeApart } from '../support/read-page.ts';
import { EMPTY_REPORT, SAMPLE_REPORT } from '../support/sample-report.ts';

const CALM = 'calm';
/** Of one text in OSCAL, OCSF and JUnit. */
const DOCUMENT_LIMIT = 1_000;

// Written here a second time on purpose: what a file must not contain, whoever escaped it.
const UNSEEN =
  /[\u0000-\u0009\u000b\u000c\u000e-\u001f\u007f-\u009f\u00ad\u061c\u180e\u200b-\u200f\u2028-\u202e\u2060-\u206f\ufeff]|\p{Cs}|[\u{e0000}-\u{e007f}]/u;
const FORMULA_START = /^[\s"']*(?<!['])[=+\-@\uff1d\uff0b\uff0d\uff20]/u;

type Files = ReturnType<typeof textFiles>;
/** Fails where the files hold the text in any other way than the format's own. */
type Oracle = (hostile: Files, calm: Files, text: string) => void;

function inPage(text: string): readonly string[] {
  return [TEXT_LIMIT, LABEL_LIMIT].map((limit) => printable(text, limit) || '(blank)');
}

function inCell(text: string): string {
  const seen = printable(text, CELL_LIMIT);
  if (text === '') return '';
  const guarded = Array.from(seen || '(blank)').map((character, at, all) => {
    if (!'=+-@\uff1d\uff0b\uff0d\uff20'.includes(character)) return character;
    const before = all.slice(0, at).join('').trimEnd().at(-1);
    return before === undefined || ',;|\t"\''.includes(before) ? `'${character}` : character;
  });
  return guarded.join('');
}

/** `sentence`: how a text is shown that has others of ours around it. */
function sameBut(
  hostile: readonly string[],
  calm: readonly string[],
  allowed: readonly string[],
  sentence?: (calm: string) => string | readonly string[],
): void {
  expect(hostile).toHaveLength(calm.length);
  expect(calm.filter((each) => each.includes(CALM)).length).toBeGreaterThan(0);
  const known = new Map<string, readonly string[]>([[CALM, allowed]]);
  calm.forEach((each, at) => {
    // Tens of thousands of texts: what is as it was is no assertion of its own.
    if (hostile[at] === each && !each.includes(CALM)) return;
    const may = known.get(each) ?? [sentence !== undefined && each.includes(CALM) ? sentence(each) : each].flat();
    known.set(each, may);
    expect(may).toContain(hostile[at]);
  });
}

/** Of formats whose documents are read as the texts in them. `limits`: of one text. */
function inDocuments(textsOf: (content: string) => readonly string[], limits: readonly number[]): Oracle {
  return (hostile, calm, text) => {
    for (const { content } of hostile) expect(content).not.toMatch(UNSEEN);
    const [read, calmRead] = [hostile, calm].map((files) => files.flatMap(({ content }) => textsOf(content)));
    const stranger = (each: string): string => each.replaceAll(CALM, () => text);
    sameBut(read ?? [], calmRead ?? [], shownOrEscaped(CALM, stranger, limits), (each) =>
      shownOrEscaped(each, stranger, limits),
    );
  };
}

/** The title of a finding holds a place that was cut before, by half. */
function inFindings(hostile: Files, calm: Files, text: string): void {
  const files = (all: Files): Files =>
    all.map(({ name, content }) => ({ name, content: content.replaceAll(TITLE, '') }));
  const titles = (all: Files): readonly string[] => all.flatMap(({ content }) => content.match(TITLE) ?? []);
  const title = `network off: ${printable(`${text} ${text}:9200`, FINDING_LIMITS.title / 2)}`;
  expect(titles(hostile).map((found) => (JSON.parse(`{${found.slice(1)}}`) as { Title: string }).Title)).toEqual([
    title,
  ]);
  expect(titles(calm)).toHaveLength(1);
  const { id, description, engine } = FINDING_LIMITS;
  inDocuments(jsonTexts, [id, description, engine])(files(hostile), files(calm), text);
}
const TITLE = /,"Title":"(?:[^"\\]|\\.)*"/g;

const ORACLES: Readonly<Record<string, Oracle>> = {
  asff: inFindings,
  // XML has no way to write these two: they are spelled, as other characters that cannot be seen are.
  junit: (hostile, calm, text) =>
    inDocuments(xmlTexts, [DOCUMENT_LIMIT])(
      hostile,
      calm,
      text.replaceAll('\ufffe', 'U+FFFE').replaceAll('\uffff', 'U+FFFF'),
    ),
  ocsf: inDocuments(jsonTexts, [DOCUMENT_LIMIT]),
  oscal: inDocuments(jsonTexts, [DOCUMENT_LIMIT]),
  'oscal-1.2': inDocuments(jsonTexts, [DOCUMENT_LIMIT]),
  csv: (hostile, calm, text) => {
    hostile.forEach(({ content }, at) => {
      expect(content).not.toMatch(UNSEEN);
      const rows: string[][] = parseCsv(content, { record_delimiter: '\r\n' });
      const calmRows: string[][] = parseCsv(calm[at]?.content ?? '', { record_delimiter: '\r\n' });
      expect(rows).toHaveLength(calmRows.length);
      expect(content.split('\r\n')).toHaveLength(rows.length + 1);
      expect(content.replaceAll('\r\n', '')).not.toMatch(/[\r\n]/);
      expect(rows.map((row) => row.length)).toEqual(calmRows.map((row) => row.length));
      // A table of our own words alone does not change.
      if (!calmRows.flat().includes(CALM)) return expect(content).toBe(calm[at]?.content);
      sameBut(rows.flat(), calmRows.flat(), [inCell(text)], (each) => inCell(each.replaceAll(CALM, () => text)));
      // A spreadsheet set to another separator would start cells elsewhere.
      const starts = content.split(/\r\n|[,;|\t]/).filter((start) => FORMULA_START.test(start));
      expect(starts).toEqual([]);
    });
  },
  html: (hostile, calm, text) => {
    const [page, calmPage] = [hostile[0]?.content ?? '', calm[0]?.content ?? ''];
    expect(page).not.toMatch(UNSEEN);
    const [read, calmRead] = [takeApart(page), takeApart(calmPage)];
    expect(read.frame).toBe(calmRead.frame);
    sameBut(read.texts, calmRead.texts, inPage(text), (each) =>
      printable(
        each.replaceAll(CALM, () => text),
        TEXT_LIMIT,
      ),
    );
  },
  json: (hostile, _calm, text) => {
    for (const { content } of hostile) expect(content).not.toMatch(UNSEEN);
    const report = JSON.parse(hostile.find(({ name }) => name === 'report.json')?.content ?? '') as Report;
    const expected = hostileReport(text);
    expect(report).toEqual(expected);
    // toEqual cannot see a key named __proto__.
    expect(Object.entries(report.endpoints[0]?.endpoint.tags ?? {})).toEqual([[text, text]]);
  },
};

test('the corpus holds at least two hundred strings, no two alike', () => {
  expect(new Set(HOSTILE).size).toBe(HOSTILE.length);
  expect(HOSTILE.length).toBeGreaterThanOrEqual(200);
});

test('the catalogue is sorted by format and names no format twice', () => {
  const formats = REPORTERS.map(({ format }) => format);
  expect(formats).toEqual([...new Set(formats)].sort());
});

const rows: { format: string; strings: number }[] = [];
afterAll(() => {
  const lines = rows.map(
    ({ format, strings }) => `  ${format.padEnd(10)}${strings} strings read back as text, and nothing moved`,
  );
  console.log([`hostile strings x reports (corpus of ${HOSTILE.length})`, ...lines].join('\n'));
});

// What is no text has its oracle in test/reports/pdf-hostile.test.ts.
const TEXTS = REPORTERS.filter(({ format }) => format !== 'pdf');

describe.each(TEXTS.map((reporter) => [reporter.format, reporter] as const))('%s', (format, reporter) => {
  test('has an oracle in this file', () => {
    expect(Object.keys(ORACLES)).toContain(format);
  });

  test('shows every hostile string only as text, once in each of its places', () => {
    // Security Hub has no place for what a stranger calls an account.
    const hostile = (text: string): Report => (format === 'asff' ? inAws(hostileReport(text)) : hostileReport(text));
    const calm = textFiles(reporter, hostile(CALM));
    const row = { format, strings: 0 };
    rows.push(row);
    for (const text of HOSTILE) {
      const files = textFiles(reporter, hostile(text));
      expect(files.map(({ name }) => name)).toEqual(calm.map(({ name }) => name));
      try {
        ORACLES[format]?.(files, calm, text);
        row.strings++;
      } catch (cause) {
        throw new Error(`hostile string ${JSON.stringify(text.slice(0, 80))}`, { cause });
      }
    }
  });

  test('names its files without asking a stranger', () => {
    for (const { name } of reporter.render(hostileReport('../../x'))) {
      expect(name).toMatch(/^[a-z][a-z0-9-]*\.(csv|html|json|ndjson|xml)$/);
    }
  });

  test.each([
    ['a full report', SAMPLE_REPORT],
    ['an empty report', EMPTY_REPORT],
  ])('writes %s to the same bytes twice, and from a copy', (_name, report) => {
    const once = fingerprints(reporter.render(report));
    expect(fingerprints(reporter.render(report))).toEqual(once);
    expect(fingerprints(reporter.render(structuredClone(report)))).toEqual(once);
    for (const { content } of textFiles(reporter, report)) expect(content.endsWith('\n')).toBe(true);
  });
});
