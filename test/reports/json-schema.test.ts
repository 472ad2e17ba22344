/** The JSON of every report against the schemas in docs/schemas, and that these can refuse. */
import { readFileSync } from 'node:fs';
import { Ajv2020, type ValidateFunction } from 'ajv/dist/2020.js';
import ajvFormats from 'ajv-formats';
import { describe, expect, it } from 'vitest';
import { json } from '../../lib/reports/json.ts';
import { everyReport } from '../support/reports.ts';
import { textFiles } from '../support/report-files.ts';
import { SAMPLE_REPORT } from '../support/sample-report.ts';
import { yearEndReport } from '../support/year-end.ts';

const REPORTS: Awaited<ReturnType<typeof everyReport>> = [
  ...(await everyReport()),
  ['ninety days to the end of a year', await yearEndReport()],
];
/** A hostile text is put where its like is refused before it is recorded: none that is empty or long comes into a real report. */
const LENGTHS = ['minLength', 'maxLength'];
const DOCUMENTS = ['report', 'summary'] as const;

function against(name: (typeof DOCUMENTS)[number]): ValidateFunction {
  const ajv = new Ajv2020({ allErrors: true, strict: false });
  ajvFormats.default(ajv);
  const file = new URL(`../../docs/schemas/${name}.schema.json`, import.meta.url);
  return ajv.compile(JSON.parse(readFileSync(file, 'utf8')) as object);
}

function documentOf(name: string, [, report]: (typeof REPORTS)[number]): unknown {
  const file = textFiles(json, report).find((each) => each.name === `${name}.json`);
  return JSON.parse(file?.content ?? '');
}

describe.each(DOCUMENTS)('%s.json', (name) => {
  const validate = against(name);

  it(`of each of ${REPORTS.length} reports is as its schema says`, () => {
    for (const each of REPORTS) {
      validate(documentOf(name, each));
      const errors = (validate.errors ?? []).filter(
        ({ keyword }) => !each[0].startsWith('hostile') || !LENGTHS.includes(keyword),
      );
      expect([each[0], errors]).toEqual([each[0], []]);
    }
  });

  it('without any one of its fields, or with one that no schema names, is not', () => {
    const whole = documentOf(name, ['the sample', SAMPLE_REPORT]) as Record<string, unknown>;
    const required = Object.keys(whole).filter((field) => field !== 'drill');
    expect(required.length).toBeGreaterThan(9);
    for (const field of required) {
      const without = Object.fromEntries(Object.entries(whole).filter(([each]) => each !== field));
      expect([field, validate(without)]).toEqual([field, false]);
    }
    expect(validate({ ...whole, generatedAt: '2026-12-04T00:00:00.000Z' })).toBe(false);
    expect(validate({ ...whole, schema: 3 })).toBe(false);
  });
});

it('summary.json of the golden report is as its schema says, as it lies there', () => {
  const validate = against('summary');
  const golden = readFileSync(new URL('../golden/summary.json', import.meta.url), 'utf8');
  expect([validate(JSON.parse(golden)), validate.errors]).toEqual([true, null]);
});
