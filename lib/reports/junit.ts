/**
 * JUnit, for a gate in a pipeline: a test suite an objective, a test case a check in an account. A check that is not satisfied is
 * a failure where it was decided; what is not known is an `<error>`, never skipped, since most that read the format count what was
 * skipped as passed (evidence-and-alerts.md section 1.6).
 */
import type { Report, Reporter } from '../model/report.ts';
import type { ReportCheck, ReportObjective } from '../model/report-evidence.ts';
import { SEVERITIES, VERDICTS } from '../model/verdict.ts';
import { type Accounts, accountsOf, outcomeOf } from './junit/accounts.ts';
import { attribute } from './junit/xml.ts';

export const junit: Reporter = {
  format: 'junit',
  mediaType: 'application/xml',
  render: (report) => [{ name: 'junit.xml', content: () => suites(report) }],
};

interface Case {
  readonly check: ReportCheck;
  readonly account: string;
  readonly outcome: ReturnType<typeof outcomeOf>;
}

function* suites(report: Report): Generator<string> {
  const accounts = accountsOf(report);
  const all = report.evidence.objectives.map((objective) => ({ objective, cases: casesOf(objective, accounts) }));
  const whole = all.flatMap(({ cases }) => cases);
  yield '<?xml version="1.0" encoding="UTF-8"?>\n';
  yield `<testsuites name="ajar" ${counts(whole)}>\n`;
  for (const { objective, cases } of all) yield* suite(report, objective, cases);
  yield '</testsuites>\n';
}

function casesOf({ checks }: ReportObjective, accounts: Accounts): readonly Case[] {
  return checks.flatMap((check) =>
    accounts.names.map((account) => ({ check, account, outcome: outcomeOf(check, account, accounts) })),
  );
}

function counts(cases: readonly Case[]): string {
  const having = (kind: string): number => cases.filter(({ outcome }) => outcome.kind === kind).length;
  return `tests="${cases.length}" failures="${having('failure')}" errors="${having('error')}" skipped="0" time="0"`;
}

function* suite(report: Report, { id, title }: ReportObjective, cases: readonly Case[]): Generator<string> {
  // The format knows no zone: an instant of UTC without its letter.
  const at = report.period.to.replace(/Z$/, '');
  yield `  <testsuite name="${attribute(`${id} ${title}`)}" ${counts(cases)} timestamp="${attribute(at)}">\n`;
  yield '    <properties>\n';
  for (const [name, value] of propertiesOf(report)) {
    yield `      <property name="${attribute(name)}" value="${attribute(String(value))}"/>\n`;
  }
  yield '    </properties>\n';
  for (const each of cases) yield testCase(id, each);
  yield '  </testsuite>\n';
}

function testCase(objective: string, { check, account, outcome }: Case): string {
  const head = `    <testcase name="${attribute(`${check.id} in ${account}`)}" classname="${attribute(objective)}" time="0"`;
  if (outcome.kind === 'pass') return `${head}/>\n`;
  const { kind, message, text } = outcome;
  return `${head}>\n      <${kind} message="${attribute(message)}" type="${attribute(check.state)}">${attribute(text)}</${kind}>\n    </testcase>\n`;
}

function propertiesOf({ id, period, totals, tool }: Report): readonly (readonly [string, string | number])[] {
  const { endpoints, incidents, open, gaps, verdicts, bySeverity } = totals;
  return [
    ['report', id],
    ['period.from', period.from],
    ['period.to', period.to],
    ['tool', `${tool.name} ${tool.version}`],
    ['endpoints', endpoints],
    ...VERDICTS.map((name) => [`endpoints.${name}`, verdicts[name]] as const),
    ['incidents', incidents],
    ['incidents.open', open],
    ...SEVERITIES.map((name) => [`incidents.${name}`, bySeverity[name]] as const),
    ['gaps', gaps],
  ];
}
