/** The totals of a report as a reader of OSCAL, OCSF, ASFF, JUnit or PDF would count them, from the bytes of each. */
import { DOMParser, type Element } from '@xmldom/xmldom';
import { expect } from 'vitest';
import type { Report, Reporter } from '../../lib/model/report.ts';
import { SEVERITIES, VERDICTS } from '../../lib/model/verdict.ts';
import { asff } from '../../lib/reports/asff.ts';
import { junit } from '../../lib/reports/junit.ts';
import { ocsf } from '../../lib/reports/ocsf.ts';
import { pdf } from '../../lib/reports/pdf.ts';
import { all, type Element as Tagged, readPdf } from './read-pdf.ts';
import { bytesOf, textFiles } from './report-files.ts';

export interface Counts {
  readonly endpoints: number;
  readonly incidents: number;
  readonly open: number;
  readonly gaps: number;
  readonly severities: Readonly<Record<string, number>>;
  readonly verdicts: Readonly<Record<string, number>>;
}

export function tally(values: readonly string[]): Readonly<Record<string, number>> {
  const counts: Record<string, number> = {};
  for (const value of values) counts[value] = (counts[value] ?? 0) + 1;
  return counts;
}

interface Prop {
  readonly name: string;
  readonly value: string;
}
interface Told {
  readonly props?: readonly Prop[];
}
interface Result extends Told {
  readonly 'local-definitions': { readonly 'inventory-items'?: readonly Told[] };
  readonly 'assessment-log'?: { readonly entries: readonly Told[] };
  readonly risks?: readonly { status: string; characterizations: { facets: Prop[] }[] }[];
}

const valueOf = ({ props = [] }: Told, name: string): string => props.find((prop) => prop.name === name)?.value ?? '';

export function fromOscal(reporter: Reporter, report: Report): Counts {
  const { content = '' } = textFiles(reporter, report).find(({ name }) => name.includes('results')) ?? {};
  const document = JSON.parse(content) as { 'assessment-results': { results: readonly [Result] } };
  const [result] = document['assessment-results'].results;
  const { 'local-definitions': local, 'assessment-log': log, risks = [] } = result;
  const verdicts = (local['inventory-items'] ?? [])
    .map((item) => valueOf(item, 'verdict'))
    .filter((name) => name !== '');
  const counts = {
    endpoints: verdicts.length,
    incidents: risks.length,
    open: risks.filter(({ status }) => status === 'open' || status === 'investigating').length,
    gaps: (log?.entries ?? []).filter((entry) => valueOf(entry, 'entry-kind') === 'coverage-gap').length,
    severities: tally(risks.map((risk) => risk.characterizations[0]?.facets[0]?.value ?? '')),
    verdicts: tally(verdicts),
  };
  expect(['endpoints', 'incidents', 'incidents-open', 'gaps'].map((name) => Number(valueOf(result, name)))).toEqual([
    ...[counts.endpoints, counts.incidents, counts.open, counts.gaps],
  ]);
  return counts;
}

interface Event {
  readonly class_uid: number;
  readonly activity_name: string;
  readonly status: string;
  readonly severity: string;
  readonly compliance?: { readonly control: string };
}
const SEVERITY_NAMES: Readonly<Record<string, string>> = { Informational: 'info' };

export function fromOcsf(report: Report): Omit<Counts, 'endpoints' | 'verdicts'> {
  const content = textFiles(ocsf, report)[0]?.content ?? '';
  const events = content
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => JSON.parse(line) as Event);
  const windows = events.filter((event) => event.class_uid === 2004);
  const created = windows.filter((event) => event.activity_name === 'Create');
  const over = windows.filter(({ status }) => status === 'Resolved' || status === 'Suppressed');
  return {
    incidents: created.length,
    open: created.length - over.length,
    gaps: events.filter(({ compliance }) => compliance?.control === 'coverage').length,
    severities: tally(created.map(({ severity }) => SEVERITY_NAMES[severity] ?? severity.toLowerCase())),
  };
}

interface Finding {
  readonly RecordState: string;
  readonly Severity: { readonly Label: string };
}

export function fromAsff(report: Report): Pick<Counts, 'incidents' | 'open' | 'severities'> {
  const [index, ...files] = textFiles(asff, report);
  const findings = files
    .flatMap(({ content }) => content.split('\n').filter((line) => line !== ''))
    .flatMap((line) => (JSON.parse(line) as { Findings: Finding[] }).Findings);
  const { filed, incidents } = JSON.parse(index?.content ?? '') as { filed: number; incidents: number };
  expect([filed, incidents]).toEqual([findings.length, findings.length]);
  return {
    incidents: findings.length,
    open: findings.filter(({ RecordState }) => RecordState === 'ACTIVE').length,
    severities: tally(
      findings.map(({ Severity: { Label } }) => (Label === 'INFORMATIONAL' ? 'info' : Label.toLowerCase())),
    ),
  };
}

/** Its totals are properties of every suite; its own counts are those of its elements. */
export function fromJunit(report: Report): Counts {
  const content = textFiles(junit, report)[0]?.content ?? '';
  const root = new DOMParser().parseFromString(content, 'text/xml').documentElement;
  if (root === null) throw new Error('no document');
  const suites = elementsOf(root, 'testsuite');
  for (const each of [root, ...suites]) expectCounts(each);
  const [first, ...others] = suites.map((suite) =>
    Object.fromEntries(
      elementsOf(suite, 'property').map((each) => [each.getAttribute('name'), each.getAttribute('value')]),
    ),
  ) as Record<string, string>[];
  for (const each of others) expect(each).toEqual(first);
  const figure = (name: string): number => Number(first?.[name]);
  const figures = (prefix: string, names: readonly string[]): Readonly<Record<string, number>> =>
    Object.fromEntries(
      names.map((name) => [name, figure(`${prefix}.${name}`)] as const).filter(([, value]) => value > 0),
    );
  return {
    ...{ endpoints: figure('endpoints'), incidents: figure('incidents'), gaps: figure('gaps') },
    ...{
      open: figure('incidents.open'),
      severities: figures('incidents', SEVERITIES),
      verdicts: figures('endpoints', VERDICTS),
    },
  };
}

function expectCounts(element: Element): void {
  const counted = ['testcase', 'failure', 'error', 'skipped'].map((name) => elementsOf(element, name).length);
  const told = ['tests', 'failures', 'errors', 'skipped'].map((name) => Number(element.getAttribute(name)));
  expect(told).toEqual(counted);
  expect(told[3]).toBe(0);
}

function elementsOf(element: Element, name: string): readonly Element[] {
  return Array.from(element.getElementsByTagName(name));
}

/** Rows of its tables, by what a screen reader is told of them; a longer one is printed in part and says so. */
export function fromPdf(report: Report): Counts {
  const { root } = readPdf(bytesOf(pdf.render(report)[0]?.content ?? ''));
  const inOrder = [...walk(root)];
  const tableAfter = (heading: string): Tagged | undefined => {
    const from = inOrder.findIndex((each) => /^H\d$/.test(each.type) && said(each) === heading);
    const next = inOrder.slice(from + 1).find(({ type }) => type === 'Table' || /^H[12]$/.test(type));
    return from >= 0 && next?.type === 'Table' ? next : undefined;
  };
  const rowsOf = (heading: string): readonly Tagged[] => {
    const table = tableAfter(heading);
    const body = table === undefined ? undefined : all(table, 'TBody')[0];
    return body === undefined ? [] : all(body, 'TR').filter(({ children }) => children[0]?.type === 'TH');
  };
  const [endpoints, incidents, gaps] = ['Endpoints', 'Every window', 'Coverage gaps at the end of the period'].map(
    rowsOf,
  );
  const figures = Object.fromEntries(
    all(root, 'Table')[0]?.children.map((row) => row.children.map(said)) ?? [],
  ) as Readonly<Record<string, string>>;
  const counted = [endpoints?.length, incidents?.length, gaps?.length].map(String);
  expect([figures['Endpoints watched'], figures['Incidents in the period'], figures['Coverage gaps']]).toEqual(counted);
  const word = (row: Tagged, column: number, at: number): string => said(row.children[column]).split(' ')[at] ?? '';
  return {
    ...{ endpoints: Number(counted[0]), incidents: Number(counted[1]), gaps: Number(counted[2]) },
    open: Number(figures['Open at the end']),
    severities: tally((incidents ?? []).map((row) => word(row, 0, 1))),
    verdicts: tally((endpoints ?? []).map((row) => word(row, 1, 0))),
  };
}

function said(element: Tagged | undefined): string {
  return (element?.text ?? '').replaceAll(/\s+/g, ' ').trim();
}

function* walk(element: Tagged): Generator<Tagged> {
  yield element;
  for (const child of element.children) yield* walk(child);
}
