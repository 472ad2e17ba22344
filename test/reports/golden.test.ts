/**
 * The sample report, byte for byte; of the replay of 4 December and of ninety days to the end of a year what they say, and each
 * file by its digest. After a change that is meant: `npx vitest run test/reports/golden.test.ts -u`,
 * then read the difference. report.json and endpoints.csv are read back whole by their own tests.
 */
import { expect, test } from 'vitest';
import type { Report } from '../../lib/model/report.ts';
import { REPORTERS } from '../../lib/reports/catalogue.ts';
import { textOf } from '../support/report-files.ts';
import { gistOf } from '../support/report-gist.ts';
import { wyzeReport } from '../support/reports.ts';
import { SAMPLE_REPORT } from '../support/sample-report.ts';
import { yearEndReport } from '../support/year-end.ts';

const [WYZE, YEAR_END] = await Promise.all([wyzeReport(), yearEndReport()]);

const TABLES = ['csv', 'html', 'json'];
const NAMES = [
  ...['gaps.csv', 'incidents.csv', 'report.html', 'summary.csv', 'summary.json'],
  ...['asff-111122223333.ndjson', 'junit.xml', 'ocsf.ndjson'],
  ...['oscal-assessment-plan.json', 'oscal-assessment-results.json', 'oscal-poam.json'],
];
/** The mapping is data that changes by itself: two frameworks are enough of it here. */
const MAPPED: Report = {
  ...SAMPLE_REPORT,
  evidence: {
    ...SAMPLE_REPORT.evidence,
    mapping: {
      ...{ version: '1', reviewer: 'a reviewer', reviewedOn: '2019-11-30' },
      frameworks: [
        { id: 'nist-800-53', title: 'NIST SP 800-53', version: 'Revision 5', source: 'NIST', verified: true },
        { id: 'soc-2', title: 'SOC 2', version: '2017', source: 'AICPA', verified: false },
      ],
    },
    objectives: SAMPLE_REPORT.evidence.objectives.map((each) => ({
      ...each,
      requirements: [
        { framework: 'nist-800-53', id: 'SC-7(3)', verified: true },
        { framework: 'soc-2', id: 'CC6.6', verified: false },
      ],
    })),
  },
};
const FILES = new Map(
  REPORTERS.flatMap((reporter) => reporter.render(TABLES.includes(reporter.format) ? SAMPLE_REPORT : MAPPED)).map(
    (file) => [file.name, file],
  ),
);

test.each(NAMES)('%s is as it was', async (name) => {
  const file = FILES.get(name);
  await expect(file === undefined ? '' : textOf(file)).toMatchFileSnapshot(`../golden/${name}`);
});

test.each([
  ['december', WYZE],
  ['year-end', YEAR_END],
])('the report of %s says what it said, and every file of it is the same bytes', async (name, report) => {
  await expect(gistOf(report)).toMatchFileSnapshot(`../golden/report-${name}.txt`);
});
