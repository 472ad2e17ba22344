import { expect, test } from 'vitest';
import type { Report } from '../../lib/model/report.ts';
import { json } from '../../lib/reports/json.ts';
import { SAMPLE_REPORT } from '../support/sample-report.ts';

const files = new Map(json.render(SAMPLE_REPORT).map(({ name, content }) => [name, content]));

test('report.json is the whole report, exactly', () => {
  expect(JSON.parse(files.get('report.json') ?? '')).toEqual(SAMPLE_REPORT);
});

test('summary.json holds the totals and not a single row', () => {
  const { endpoints, incidents, gaps, ...summary } = SAMPLE_REPORT;
  expect(JSON.parse(files.get('summary.json') ?? '')).toEqual(summary satisfies Partial<Report>);
  expect([endpoints, incidents, gaps].every(({ length }) => length > 0)).toBe(true);
});
