import { expect, test } from 'vitest';
import type { Report } from '../../lib/model/report.ts';
import { json } from '../../lib/reports/json.ts';
import { textFiles } from '../support/report-files.ts';
import { SAMPLE_REPORT } from '../support/sample-report.ts';

const files = new Map(textFiles(json, SAMPLE_REPORT).map(({ name, content }) => [name, content]));

test('report.json is the whole report, exactly', () => {
  expect(JSON.parse(files.get('report.json') ?? '')).toEqual(SAMPLE_REPORT);
});

test('summary.json holds the totals and not a single row', () => {
  const { endpoints, incidents, gaps, evidence, ...summary } = SAMPLE_REPORT;
  const { metrics, sealed, mapping, reproduction } = evidence;
  expect(JSON.parse(files.get('summary.json') ?? '')).toEqual({
    ...(summary satisfies Partial<Report>),
    evidence: {
      ...{ percent: 99.812, cells: 4, differences: 3, interruptions: 3, exceptions: 3, changes: 6 },
      objectives: Object.fromEntries(evidence.objectives.map(({ id, state }) => [id, state])),
      ...{ metrics, sealed, mapping, reproduction },
    },
  });
  expect([endpoints, incidents, gaps].every(({ length }) => length > 0)).toBe(true);
});
