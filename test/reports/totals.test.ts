/** Whatever is in a report, every format gives the same counts, read back from its own bytes. */
import { parse as parseCsv } from 'csv-parse/sync';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { GAP_CODES } from '../../lib/model/endpoint.ts';
import type { Report, ReportEndpoint, ReportIncident, ReportTotals } from '../../lib/model/report.ts';
import { SEVERITIES, VERDICTS } from '../../lib/model/verdict.ts';
import { csv } from '../../lib/reports/csv.ts';
import { html } from '../../lib/reports/html.ts';
import { json } from '../../lib/reports/json.ts';
import { oscal12 } from '../../lib/reports/oscal-1.2.ts';
import { oscal } from '../../lib/reports/oscal.ts';
import { REPORTERS } from '../../lib/reports/catalogue.ts';
import { type Counts, fromAsff, fromJunit, fromOcsf, fromOscal, fromPdf, tally } from '../support/document-counts.ts';
import { attribute, elements, text } from '../support/read-page.ts';
import { fingerprints, textFiles } from '../support/report-files.ts';
import { inAws, wyzeReport } from '../support/reports.ts';
import { totalsOf } from '../support/report-parts.ts';
import { SAMPLE_REPORT } from '../support/sample-report.ts';
import { yearEndReport } from '../support/year-end.ts';

const [WYZE, YEAR_END] = await Promise.all([wyzeReport(), yearEndReport()]);

const reports: fc.Arbitrary<Report> = fc
  .record({
    endpoints: fc.array(fc.record({ at: fc.nat(6), name: fc.string(), verdict: fc.constantFrom(...VERDICTS) }), {
      maxLength: 8,
    }),
    incidents: fc.array(
      fc.record({
        at: fc.nat(4),
        name: fc.string({ unit: 'binary' }),
        severity: fc.constantFrom(...SEVERITIES),
        status: fc.constantFrom('open' as const, 'closed' as const, 'accepted' as const),
      }),
      { maxLength: 60 },
    ),
    gaps: fc.array(fc.record({ subject: fc.string({ unit: 'binary' }), code: fc.constantFrom(...GAP_CODES) }), {
      maxLength: 6,
    }),
  })
  .map(({ endpoints: seeds, incidents: windows, gaps }) => {
    const endpoints = seeds.map(({ at, name, verdict }): ReportEndpoint => {
      const sample = SAMPLE_REPORT.endpoints[at] as ReportEndpoint;
      const named = { ...sample.posture.verdict, name: verdict };
      return { ...sample, endpoint: { ...sample.endpoint, name }, posture: { ...sample.posture, verdict: named } };
    });
    const incidents = windows.map(({ at, name, severity, status }): ReportIncident => {
      const { closed, ...sample } = SAMPLE_REPORT.incidents[at] as ReportIncident;
      const end = status === 'closed' && closed !== undefined ? { closed } : {};
      return { ...sample, ...end, endpointId: `${name}-${at}`, name, severity, status };
    });
    return {
      ...SAMPLE_REPORT,
      endpoints,
      incidents,
      gaps: gaps.map((gap) => ({ ...gap, stage: 'probe' as const, detail: gap.subject })),
      totals: totalsOf(endpoints, incidents, gaps.length),
    };
  });

function fromCsv(report: Report): Counts {
  const files = new Map(textFiles(csv, report).map(({ name, content }) => [name, content]));
  const rows = (name: string): Record<string, string>[] => parseCsv(files.get(name) ?? '', { columns: true });
  const [endpoints, incidents, gaps] = [rows('endpoints.csv'), rows('incidents.csv'), rows('gaps.csv')];
  const [summary] = rows('summary.csv');
  expect([summary?.['endpoints'], summary?.['incidents'], summary?.['gaps']]).toEqual(
    [endpoints, incidents, gaps].map(({ length }) => String(length)),
  );
  return {
    ...{ endpoints: endpoints.length, incidents: incidents.length, gaps: gaps.length },
    open: Number(summary?.['incidents_open']),
    severities: tally(incidents.map((row) => row['severity'] ?? '')),
    verdicts: tally(endpoints.map((row) => row['verdict'] ?? '')),
  };
}

function fromHtml(report: Report): Counts {
  const page = textFiles(html, report)[0]?.content ?? '';
  const classed = (name: string) =>
    elements(page, (each) => (attribute(each, 'class') ?? '').split(' ').includes(name));
  const rows = (name: string) =>
    classed(name).flatMap((table) => elements(table, ({ tagName }) => tagName === 'tbody'));
  const figures = Object.fromEntries(
    classed('figures')
      .flatMap((list) => elements(list, ({ tagName }) => tagName === 'div'))
      .map((figure) =>
        ['dt', 'dd'].map((tag) =>
          elements(figure, ({ tagName }) => tagName === tag)
            .map(text)
            .join(''),
        ),
      ),
  ) as Readonly<Record<string, string>>;
  expect([figures['Endpoints watched'], figures['Incidents in the period'], figures['Coverage gaps']]).toEqual(
    ['roster', 'incidents', 'gaps'].map((name) => String(rows(name).length)),
  );
  const words = (table: string, mark: string): string[] =>
    rows(table).map((row) =>
      elements(row, (each) => (attribute(each, 'class') ?? '').startsWith(`${mark} `))
        .map(text)
        .join(''),
    );
  return {
    ...{ endpoints: rows('roster').length, incidents: rows('incidents').length, gaps: rows('gaps').length },
    open: Number(figures['Open at the end']),
    severities: tally(words('incidents', 'badge')),
    verdicts: tally(words('roster', 'verdict')),
  };
}

function fromJson(report: Report): Counts {
  const [whole, summary] = textFiles(json, report).map(({ content }) => JSON.parse(content) as Report);
  expect(summary?.totals).toEqual(whole?.totals);
  const totals = whole?.totals as ReportTotals;
  const seen = (counts: Readonly<Record<string, number>>) =>
    Object.fromEntries(Object.entries(counts).filter(([, count]) => count > 0));
  const { endpoints, incidents, open, gaps } = totals;
  return { endpoints, incidents, open, gaps, severities: seen(totals.bySeverity), verdicts: seen(totals.verdicts) };
}

test('every format gives the same totals and rows', () => {
  fc.assert(
    fc.property(reports, (report) => {
      const expected = fromJson(report);
      expect(fromCsv(report)).toEqual(expected);
      expect(fromHtml(report)).toEqual(expected);
      expectSame(report, expected);
    }),
    { numRuns: 60 },
  );
});

/** Each format for what it holds: Security Hub and a SIEM are told of no endpoint that nothing is wrong with. */
function expectSame(report: Report, expected: Counts): void {
  const { endpoints: _endpoints, verdicts: _verdicts, ...windows } = expected;
  const { gaps: _gaps, ...incidents } = windows;
  for (const reporter of [oscal, oscal12]) expect(fromOscal(reporter, report)).toEqual(expected);
  expect(fromJunit(report)).toEqual(expected);
  expect(fromOcsf(report)).toEqual(windows);
  expect(fromAsff(inAws(report))).toEqual(incidents);
}

test.each([
  ['the replay of 4 December', WYZE, 3],
  ['the ninety days to the end of a year', YEAR_END, 60],
])('so do the formats of %s', (_name, report, least) => {
  expect(report.incidents.length).toBeGreaterThan(least);
  const expected = fromJson(report);
  const { endpoints, incidents, open, gaps } = report.totals;
  expect(expected).toMatchObject({ endpoints, incidents, open, gaps });
  for (const counts of [fromCsv(report), fromHtml(report), fromPdf(report)]) expect(counts).toEqual(expected);
  expectSame(report, expected);
});

test('the order in which a report was put together does not show', () => {
  const reversed = (value: unknown): unknown => {
    if (Array.isArray(value)) return value.map(reversed);
    if (typeof value !== 'object' || value === null) return value;
    return Object.fromEntries(
      Object.entries(value)
        .reverse()
        .map(([key, each]) => [key, reversed(each)]),
    );
  };
  fc.assert(
    fc.property(reports, (report) => {
      const other = reversed(report) as Report;
      // The PDF, which takes a tenth of a second to draw, has this test in its own file.
      for (const reporter of REPORTERS.filter(({ format }) => format !== 'pdf')) {
        expect(fingerprints(reporter.render(other))).toEqual(fingerprints(reporter.render(report)));
      }
    }),
    { numRuns: 30 },
  );
});
