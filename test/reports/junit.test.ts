import { DOMParser } from '@xmldom/xmldom';
import { describe, expect, it } from 'vitest';
import type { Report } from '../../lib/model/report.ts';
import type { ReportCheck } from '../../lib/model/report-evidence.ts';
import { junit } from '../../lib/reports/junit.ts';
import { textFiles } from '../support/report-files.ts';
import { EMPTY_REPORT, SAMPLE_REPORT } from '../support/sample-report.ts';

/** Name of each test case, and what became of it. */
function casesOf(report: Report): Readonly<Record<string, string>> {
  const content = textFiles(junit, report)[0]?.content ?? '';
  const cases = Array.from(new DOMParser().parseFromString(content, 'text/xml').getElementsByTagName('testcase'));
  return Object.fromEntries(
    cases.map((each) => {
      const [outcome] = Array.from(each.childNodes).filter(({ nodeType }) => nodeType === each.ELEMENT_NODE);
      return [each.getAttribute('name'), outcome?.nodeName ?? 'pass'];
    }),
  ) as Record<string, string>;
}

const seen = SAMPLE_REPORT.endpoints.filter(({ posture }) => posture.verdict.name === 'protected');
const inOne = seen.find(({ endpoint }) => endpoint.account === '111122223333')?.endpoint.id ?? '';

/** Two accounts, both seen whole, and one check. */
function having(check: Partial<ReportCheck>, change: Partial<Report> = {}): Report {
  const { evidence } = SAMPLE_REPORT;
  const whole: ReportCheck = {
    id: 'EXP-2/x',
    state: 'not-satisfied',
    text: 'text',
    subjects: [inOne],
    count: 1,
    ...check,
  };
  const [objective] = evidence.objectives;
  if (objective === undefined) throw new Error('the sample has objectives');
  return {
    ...{ ...SAMPLE_REPORT, endpoints: seen, incidents: [], gaps: [], ...change },
    evidence: {
      ...evidence,
      population: { ...evidence.population, cells: [] },
      objectives: [{ ...objective, checks: [whole], state: whole.state }],
    },
  };
}
const outcomes = (report: Report) =>
  ['111122223333', '444455556666'].map((account) => casesOf(report)[`EXP-2/x in ${account}`]);

describe('a check in an account', () => {
  it.each<[string, Report, readonly string[]]>([
    [
      'passes everywhere where it is satisfied',
      having({ state: 'satisfied', subjects: [], count: 0 }),
      ['pass', 'pass'],
    ],
    ['fails where it was decided', having({}), ['failure', 'pass']],
    ['fails everywhere where nobody says what decided it', having({ subjects: [], count: 0 }), ['failure', 'failure']],
    [
      'fails everywhere where what decided it is of no account',
      having({ subjects: ['allowance'] }),
      ['failure', 'failure'],
    ],
    ['is not known elsewhere where not all is named', having({ count: 500 }), ['failure', 'error']],
    ['is an error where it was not determined', having({ state: 'not-determined' }), ['error', 'pass']],
    [
      'is an error everywhere where nobody says of what',
      having({ state: 'not-determined', subjects: [], count: 0 }),
      ['error', 'error'],
    ],
    [
      'is an error where something of the account was not seen',
      having(
        {},
        { gaps: [{ stage: 'inventory', subject: '444455556666/us-east-1/rds', code: 'denied', detail: 'x' }] },
      ),
      ['failure', 'error'],
    ],
    [
      'is an error where the verdict of an endpoint is not known',
      having(
        {},
        {
          endpoints: seen.map((each) =>
            each.endpoint.account === '444455556666'
              ? {
                  ...each,
                  posture: { ...each.posture, verdict: { ...each.posture.verdict, name: 'unknown', confirmed: false } },
                }
              : each,
          ),
        },
      ),
      ['failure', 'error'],
    ],
  ])('%s', (_, report, expected) => {
    expect(outcomes(report)).toEqual(expected);
  });
});

it('of nothing at all is an error for all: nothing was seen', () => {
  const cases = Object.entries(casesOf(EMPTY_REPORT));
  expect(cases).toHaveLength(11);
  for (const [name, outcome] of cases) expect([name, outcome]).toEqual([expect.stringMatching(/ in all$/), 'error']);
});

it('skips nothing, whatever is in the report', () => {
  for (const report of [SAMPLE_REPORT, EMPTY_REPORT, having({ state: 'not-determined' })]) {
    expect(textFiles(junit, report)[0]?.content).not.toContain('<skipped');
  }
});
