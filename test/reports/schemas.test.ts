/** Every document of the formats that others define, against their schemas and, for OSCAL, against itself. */
import type { ValidateFunction } from 'ajv';
import { afterAll, describe, expect, it } from 'vitest';
import type { Report, Reporter } from '../../lib/model/report.ts';
import { asff } from '../../lib/reports/asff.ts';
import { ocsf } from '../../lib/reports/ocsf.ts';
import { oscal12 } from '../../lib/reports/oscal-1.2.ts';
import { oscal } from '../../lib/reports/oscal.ts';
import { checkReferences } from '../support/oscal-references.ts';
import { everyReport, inAws } from '../support/reports.ts';
import { yearEndReport } from '../support/year-end.ts';
import { textFiles } from '../support/report-files.ts';
import { SCHEMAS, validator } from '../support/report-schemas.ts';
import { SAMPLE_REPORT } from '../support/sample-report.ts';

const REPORTS = [...(await everyReport()), ['the year-end', await yearEndReport()] as const];
const counts = new Map<string, { documents: number; invalid: number }>();
const references = { documents: 0, uuids: 0, references: 0, unresolved: 0 };
afterAll(() => {
  const rows = [...counts].map(
    ([name, { documents, invalid }]) => `  ${name.padEnd(48)}${documents} documents, ${invalid} invalid`,
  );
  const { documents, uuids, references: given, unresolved } = references;
  const referred = `  OSCAL references: ${documents} documents, ${uuids} uuids, ${given} references, ${unresolved} unresolved or given twice`;
  console.log(
    [
      `schemas x reports (${REPORTS.length} reports; schemas ${SCHEMAS ?? 'absent: not validated'})`,
      ...rows,
      referred,
    ].join('\n'),
  );
});

type Documents = (report: Report) => readonly (readonly [schema: string, document: object])[];

const lines = (reporter: Reporter, report: Report, name: RegExp): readonly object[] =>
  textFiles(reporter, report)
    .filter((file) => name.test(file.name))
    .flatMap(({ content }) => content.split('\n').filter((line) => line !== ''))
    .map((line) => JSON.parse(line) as object);

function oscalOf(reporter: Reporter, version: string): Documents {
  return (report) =>
    textFiles(reporter, report).map(({ name, content }) => {
      const kind = /(assessment-plan|assessment-results|poam)\.json$/.exec(name)?.[1] ?? name;
      return [`oscal-${version}/oscal_${kind}_schema.json`, JSON.parse(content) as object];
    });
}

const OCSF_CLASSES: Readonly<Record<number, string>> = { 2003: 'compliance', 2004: 'detection', 2006: 'data_security' };

const FORMATS: readonly (readonly [string, Documents])[] = [
  ['OSCAL 1.1.3', oscalOf(oscal, '1.1.3')],
  ['OSCAL 1.2.1', oscalOf(oscal12, '1.2.1')],
  [
    'OCSF 1.8.0',
    (report) =>
      (lines(ocsf, report, /./) as { class_uid: number }[]).map((event) => [
        `ocsf-1.8.0/${OCSF_CLASSES[event.class_uid]}_finding.schema.json`,
        event,
      ]),
  ],
  [
    'ASFF',
    (report) =>
      (lines(asff, inAws(report), /ndjson$/) as { Findings: object[] }[])
        .flatMap(({ Findings }) => Findings)
        .map((finding) => ['asff/aws_security_finding.schema.json', finding]),
  ],
];

it('has a report of every kind', () => {
  expect(REPORTS.length).toBeGreaterThan(200);
  expect(REPORTS.find(([name]) => name === 'the replay of Wyze')?.[1].totals.incidents).toBeGreaterThan(3);
});

describe.runIf(SCHEMAS === undefined)('the schemas of OSCAL, OCSF and ASFF', () => {
  it.skip('are not beside the project: nothing was validated', () => {});
});

describe.runIf(SCHEMAS !== undefined)('against its schema', () => {
  const compiled = new Map<string, ValidateFunction>();
  const against = (name: string): ValidateFunction => {
    const validate = compiled.get(name) ?? validator(name);
    compiled.set(name, validate);
    return validate;
  };

  it.each(FORMATS)('every document of %s is valid', (_, documents) => {
    for (const [name, report] of REPORTS) {
      for (const [schema, document] of documents(report)) {
        const row = counts.get(schema) ?? { documents: 0, invalid: 0 };
        counts.set(schema, row);
        row.documents++;
        const validate = against(schema);
        const isValid = validate(document);
        if (!isValid) row.invalid++;
        expect([name, isValid, validate.errors ?? []]).toEqual([name, true, []]);
      }
    }
  });

  it.each(FORMATS)(
    'a document of %s without one of its required fields is not: the validator can refuse',
    (_, documents) => {
      for (const [schema, document] of documents(SAMPLE_REPORT)) {
        const whole = Object.values(document).length === 1 ? (Object.values(document)[0] as object) : document;
        for (const field of ['uuid', 'metadata', 'Id', 'AwsAccountId', 'class_uid', 'finding_info']) {
          if (!(field in whole)) continue;
          const without = Object.fromEntries(Object.entries(whole).filter(([name]) => name !== field));
          const broken = whole === document ? without : { [Object.keys(document)[0] ?? '']: without };
          expect([schema, field, against(schema)(broken)]).toEqual([schema, field, false]);
        }
      }
    },
  );
});

describe('what OSCAL refers to', () => {
  it.each([
    ['1.1.3', oscal],
    ['1.2.1', oscal12],
  ])('is there, and no uuid is given twice (%s)', (version, reporter) => {
    for (const [name, report] of REPORTS) {
      const documents = oscalOf(reporter, version)(report).map(([, document]) => document);
      const [plan = {}] = documents;
      for (const document of documents) {
        const checked = checkReferences(document, plan);
        references.documents++;
        references.uuids += checked.uuids;
        references.references += checked.references;
        references.unresolved += checked.problems.length;
        expect([name, checked.problems]).toEqual([name, []]);
      }
    }
  });

  it('would be missed: the checker can refuse', () => {
    const [plan = {}, results = {}] = oscalOf(oscal, '1.1.3')(SAMPLE_REPORT).map(([, document]) => document);
    const text = JSON.stringify(results);
    const uuids = [...text.matchAll(/"(?:observation|risk|subject|actor|party)-uuid":"([^"]+)"/g)].map(
      ([, uuid]) => uuid ?? '',
    );
    expect(new Set(uuids).size).toBeGreaterThan(10);
    const nowhere = '00000000-0000-4000-8000-000000000000';
    for (const uuid of new Set(uuids)) {
      const broken = JSON.parse(text.replaceAll(`"uuid":"${uuid}"`, `"uuid":"${nowhere}"`)) as object;
      expect(checkReferences(broken, plan).problems.length).toBeGreaterThan(0);
    }
    const [first, second] = [...text.matchAll(/"uuid":"([^"]+)"/g)].map(([, uuid]) => uuid ?? '');
    const twice = JSON.parse(text.replace(`"uuid":"${second}"`, `"uuid":"${first}"`)) as object;
    expect(checkReferences(twice, plan).problems).toContain(`${first} is given twice`);
    const aimless = JSON.parse(text.replaceAll('exp-2_obj', 'exp-99_obj')) as object;
    expect(checkReferences(aimless, plan).problems).toContain('exp-99_obj is no objective of the plan');
  });
});
