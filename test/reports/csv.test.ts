import { parse } from 'csv-parse/sync';
import { expect, test } from 'vitest';
import type { Report } from '../../lib/model/report.ts';
import { csv } from '../../lib/reports/csv.ts';
import { textFiles, textOf } from '../support/report-files.ts';
import { EMPTY_REPORT, SAMPLE_REPORT } from '../support/sample-report.ts';

function rows(report: Report, name: string): Record<string, string>[] {
  return parse(textFiles(csv, report).find((file) => file.name === name)?.content ?? '', {
    columns: true,
    record_delimiter: '\r\n',
  });
}

test('there is one file a table', () => {
  expect(textFiles(csv, SAMPLE_REPORT).map(({ name }) => name)).toEqual([
    ...['cells.csv', 'changes.csv', 'checks.csv', 'coverage.csv', 'differences.csv', 'endpoints.csv', 'exceptions.csv'],
    ...['frameworks.csv', 'gaps.csv', 'incidents.csv', 'interruptions.csv', 'metrics.csv', 'objectives.csv'],
    ...['places.csv', 'requirements.csv', 'sources.csv', 'summary.csv'],
  ]);
});

test('an empty report still has its headers', () => {
  const always = ['checks.csv', 'frameworks.csv', 'metrics.csv', 'objectives.csv', 'summary.csv'];
  for (const { name, content } of textFiles(csv, EMPTY_REPORT)) {
    expect(content.startsWith('"report_id","period_from","period_to","tool_version",')).toBe(true);
    if (!always.includes(name)) expect([name, content.split('\r\n').length]).toEqual([name, 2]);
  }
});

test('every row of every file stands alone', () => {
  for (const { name } of textFiles(csv, SAMPLE_REPORT)) {
    for (const row of rows(SAMPLE_REPORT, name)) {
      expect(row).toMatchObject({
        report_id: SAMPLE_REPORT.id,
        period_from: SAMPLE_REPORT.period.from,
        period_to: SAMPLE_REPORT.period.to,
        tool_version: 'ajar 0.1.0',
      });
    }
  }
});

test('an incident keeps its bounds apart and leaves empty what nobody saw', () => {
  const [adopted, removed] = rows(SAMPLE_REPORT, 'incidents.csv');
  expect(adopted).toMatchObject({
    origin: 'adoption',
    level_from: '',
    start_lower: '',
    start_exact: '',
    exposure_most_seconds: '',
  });
  expect(removed).toMatchObject({
    severity: 'critical',
    level_from: 'on',
    level_to: 'off',
    start_lower: '2019-12-04T15:02:10.412Z',
    start_upper: '2019-12-04T15:03:10.390Z',
    closed_lower: '2019-12-04T16:10:08.701Z',
    closed_upper: '2019-12-04T16:11:09.115Z',
    exposure_least_seconds: '4018',
    exposure_most_seconds: '4139',
    data_records: '2418233',
    data_classes: 'credential | health | network | contact | device',
  });
});

test('booleans are words and numbers are bare', () => {
  const cache = rows(SAMPLE_REPORT, 'endpoints.csv').find(({ name }) => name === 'session-cache');
  expect(cache).toMatchObject({ shadow: 'true', confirmed: 'true', declared_network: 'on', observed_network: 'off' });
  expect(cache).toMatchObject({ declared_audit_log: 'unknown', cert_subject: '', cert_self_signed: '' });
  const endpoints = textFiles(csv, SAMPLE_REPORT).find(({ name }) => name === 'endpoints.csv');
  expect(endpoints?.content).toContain(',6379,"redis",');
});

test('an endpoint says what its verdict rests on, and a summary how far the record reaches', () => {
  const [endpoint] = rows(SAMPLE_REPORT, 'endpoints.csv');
  expect(endpoint).toMatchObject({ verdict_from: 'reading', verdict_at: '2019-12-08T23:59:04.118Z' });
  const unwatched = [
    { from: '2019-12-02T00:00:00.000Z', to: '2019-12-03T00:00:00.000Z', why: 'before' as const },
    { from: '2019-12-05T00:00:00.000Z', to: '2019-12-07T00:00:00.000Z', why: 'between' as const },
  ];
  const [summary] = rows({ ...SAMPLE_REPORT, coverage: { ...SAMPLE_REPORT.coverage, unwatched } }, 'summary.csv');
  expect(summary).toMatchObject({
    first_reading_at: '2019-12-02T00:00:00.000Z',
    last_reading_at: '2019-12-09T00:00:00.000Z',
    unwatched: '2019-12-02T00:00:00.000Z/2019-12-03T00:00:00.000Z | 2019-12-05T00:00:00.000Z/2019-12-07T00:00:00.000Z',
    ledger_head_at: '2019-12-09T00:00:00.412Z',
  });
  expect(summary).not.toHaveProperty('generated_at');
});

test('an incident that was open at the end of the period says how it ended since', () => {
  const [, removed] = SAMPLE_REPORT.incidents;
  const { closed: closedLater, ...open } = removed as Report['incidents'][number];
  if (closedLater === undefined) throw new Error('the sample has no closed incident');
  const [row] = rows({ ...SAMPLE_REPORT, incidents: [{ ...open, status: 'open', closedLater }] }, 'incidents.csv');
  expect(row).toMatchObject({
    ...{ status: 'open', closed_upper: '', close_cause: '' },
    ...{ closed_later_lower: closedLater.lower, closed_later_upper: closedLater.upper, close_later_cause: 'fixed' },
  });
});

test('a gap says what it means and what ends it', () => {
  const [silent] = rows(SAMPLE_REPORT, 'gaps.csv');
  expect(silent).toMatchObject({ code: 'no-answer', cause: 'Nothing answered', since: '2019-12-08T22:40:00.000Z' });
  expect(silent?.['cure']).toMatch(/vantage/);
});

test('every file says how many rows it has', () => {
  for (const { name, content, rows: count } of csv.render(SAMPLE_REPORT)) {
    const lines: string[][] = parse(textOf({ name, content }), { record_delimiter: '\r\n' });
    expect([name, count]).toEqual([name, lines.length - 1]);
  }
});

test('what an auditor asks beyond findings is whole: a row each, none of them lost', () => {
  const { population, watch, exceptions, changes, objectives, mapping } = SAMPLE_REPORT.evidence;
  const counts = {
    ...{ cells: population.cells, differences: population.differences, sources: population.sources },
    ...{ coverage: watch.endpoints, places: watch.places, interruptions: watch.interruptions },
    ...{ exceptions, changes, objectives, frameworks: mapping.frameworks },
    checks: objectives.flatMap(({ checks }) => checks),
    requirements: objectives.flatMap(({ requirements }) => requirements),
  };
  for (const [name, each] of Object.entries(counts))
    expect([name, rows(SAMPLE_REPORT, `${name}.csv`).length]).toEqual([name, each.length]);
  expect(rows(SAMPLE_REPORT, 'objectives.csv').map(({ objective, state }) => [objective, state])).toEqual(
    objectives.map(({ id, state }) => [id, state]),
  );
  expect(rows(SAMPLE_REPORT, 'requirements.csv').filter(({ verified }) => verified === 'false')).not.toEqual([]);
  expect(rows(SAMPLE_REPORT, 'metrics.csv').at(-1)).toMatchObject({
    ...{ metric: 'recover', n: '2', p50_seconds: '4139', unbounded: '1' },
    censored: 'e7a2c4f0-3b58-5d6c-9e21-9d0b1c7f3e05',
  });
});

test('no row has a cell its header does not name', () => {
  for (const { content } of textFiles(csv, SAMPLE_REPORT)) {
    const lines: string[][] = parse(content, { record_delimiter: '\r\n' });
    expect(new Set(lines.map((line) => line.length)).size).toBe(1);
    expect(new Set(lines[0]).size).toBe(lines[0]?.length);
  }
});
