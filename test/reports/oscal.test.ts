import { describe, expect, it } from 'vitest';
import type { Report, ReportIncident } from '../../lib/model/report.ts';
import { oscal12 } from '../../lib/reports/oscal-1.2.ts';
import { oscal } from '../../lib/reports/oscal.ts';
import { textFiles } from '../support/report-files.ts';
import { EMPTY_REPORT, SAMPLE_REPORT } from '../support/sample-report.ts';

interface Prop {
  readonly name: string;
  readonly value: string;
}
interface Item {
  readonly uuid: string;
  readonly title?: string;
  readonly description?: string;
  readonly start?: string;
  readonly end?: string;
  readonly collected?: string;
  readonly methods?: readonly string[];
  readonly status?: string;
  readonly props?: readonly Prop[];
  readonly 'mitigating-factors'?: readonly Item[];
  readonly 'risk-log'?: {
    readonly entries: readonly (Item & { 'status-change'?: string; 'logged-by'?: { 'party-uuid': string }[] })[];
  };
  readonly target?: { readonly status: { readonly state: string; readonly reason: string; readonly remarks?: string } };
}

interface Told {
  readonly observations: readonly Item[];
  readonly risks: readonly Item[];
  readonly findings: readonly Item[];
  readonly log: readonly Item[];
  readonly parties: readonly Item[];
}
interface Document {
  readonly metadata: { readonly parties?: readonly Item[] };
  readonly results: readonly [
    Partial<Pick<Told, 'observations' | 'risks' | 'findings'>> & {
      readonly 'assessment-log'?: { readonly entries: readonly Item[] };
    },
  ];
}

function resultOf(report: Report): Told {
  const { content = '' } = textFiles(oscal, report)[1] ?? {};
  const { 'assessment-results': document } = JSON.parse(content) as { 'assessment-results': Document };
  const [{ observations = [], risks = [], findings = [], 'assessment-log': log }] = document.results;
  return { observations, risks, findings, log: log?.entries ?? [], parties: document.metadata.parties ?? [] };
}

const one = (change: Partial<ReportIncident>, at = 1): Report => {
  const incident = SAMPLE_REPORT.incidents[at] as ReportIncident;
  return { ...SAMPLE_REPORT, incidents: [{ ...incident, ...change }] };
};
const valueOf = (item: Item | undefined, name: string) => item?.props?.find((prop) => prop.name === name)?.value;

describe('a window as a risk', () => {
  it.each<[string, Report, string]>([
    ['open', one({}, 4), 'open'],
    [
      'acknowledged',
      one({ handling: { acked: { by: 'jdoe', at: '2019-12-08T20:00:00.000Z', severity: 'high' } } }, 4),
      'investigating',
    ],
    ['seen closed', one({}, 1), 'closed'],
    ['accepted by an allowance', one({}, 3), 'deviation-approved'],
    [
      'ended by an allowance, which is no repair',
      one({ closed: { lower: '2019-12-04T16:10:08.701Z', upper: '2019-12-04T16:11:09.115Z', cause: 'accepted' } }),
      'deviation-approved',
    ],
  ])('that is %s', (_, report, status) => {
    const [risk] = resultOf(report).risks;
    expect(risk?.status).toBe(status);
    expect(
      risk?.['risk-log']?.entries.findLast((entry) => entry['status-change'] !== undefined)?.['status-change'],
    ).toBe(status);
  });

  it('keeps its bounds as bounds, and the event that is known beside them', () => {
    const [risk] = resultOf(one({})).risks;
    expect(valueOf(risk, 'start-lower')).toBe('2019-12-04T15:02:10.412Z');
    expect(valueOf(risk, 'start-upper')).toBe('2019-12-04T15:03:10.390Z');
    expect(valueOf(risk, 'start-exact')).toBe('2019-12-04T15:02:48.000Z');
    const [adopted] = resultOf(one({}, 0)).risks;
    expect(valueOf(adopted, 'start-lower')).toBeUndefined();
  });

  it('that is accepted names the exception, who approved it, and its end', () => {
    const { risks, parties } = resultOf(one({}, 3));
    const factors = risks[0]?.['mitigating-factors'] ?? [];
    expect(factors.map((factor) => valueOf(factor, 'exception-id'))).toEqual(['bi-night-2019', 'bi-vendor-2020']);
    expect(factors.map((factor) => valueOf(factor, 'expires'))).toEqual(['2019-12-05', '2020-01-31']);
    const accepted = risks[0]?.['risk-log']?.entries.find(({ title }) => title === 'Accepted');
    const names = accepted?.['logged-by']?.map((by) => parties.find(({ uuid }) => uuid === by['party-uuid']));
    expect(names).toMatchObject([{ name: 'dan@example.com' }, { name: 'eve@example.com' }]);
  });
});

describe('an objective as a finding', () => {
  it.each([
    ['EXP-3', 'satisfied', 'pass'],
    ['EXP-2', 'not-satisfied', 'fail'],
    ['EXP-5', 'not-satisfied', 'other'],
  ])('%s is %s, for the reason %s', (id, state, reason) => {
    const finding = resultOf(SAMPLE_REPORT).findings.find(({ title }) => title?.startsWith(`${id}:`));
    expect(finding?.target?.status).toMatchObject({ state, reason });
  });

  it('that was not determined says so: OSCAL has no third state', () => {
    const findings = resultOf(EMPTY_REPORT).findings;
    expect(findings).toHaveLength(11);
    for (const { target } of findings) {
      expect(target?.status).toMatchObject({ state: 'not-satisfied', reason: 'other' });
      expect(target?.status.remarks).toMatch(/Not determined/);
    }
  });
});

describe('what was seen', () => {
  it('of an endpoint was collected when it was seen, not when the report was made', () => {
    const collected = resultOf(SAMPLE_REPORT).observations.filter(({ methods }) => methods?.[0] === 'TEST');
    expect(collected.length).toBeGreaterThan(7);
    const instants = [
      ...SAMPLE_REPORT.endpoints.map(({ verdictAt }) => verdictAt),
      ...SAMPLE_REPORT.incidents.map(({ detectedAt }) => detectedAt),
    ];
    for (const each of collected) expect(instants).toContain(each.collected);
  });

  it('is read, not tested, where nothing was sent, and where the configuration said so', () => {
    const [first] = SAMPLE_REPORT.endpoints;
    if (first === undefined) throw new Error('the sample has endpoints');
    const endpoint = { ...first.endpoint, shared: true as const, declaredAt: '2019-12-08T22:00:00.000Z' };
    const { observations } = resultOf({ ...SAMPLE_REPORT, endpoints: [{ ...first, endpoint }], incidents: [] });
    const own = observations.filter((each) => each.title === undefined);
    expect(own.map(({ methods, collected }) => [methods, collected])).toEqual([
      [['EXAMINE'], first.verdictAt],
      [['EXAMINE'], '2019-12-08T22:00:00.000Z'],
    ]);
  });

  it('has gaps, interruptions and changes of the watch beside it, in the log', () => {
    const kinds = resultOf(SAMPLE_REPORT).log.map((entry) => valueOf(entry, 'entry-kind'));
    const count = (kind: string) => kinds.filter((each) => each === kind).length;
    expect([count('coverage-gap'), count('interruption'), count('change')]).toEqual([2, 3, 6]);
  });
});

it('names its files, and has no plan of action where there is nothing to act on', () => {
  expect(oscal.render(SAMPLE_REPORT).map(({ name }) => name)).toEqual([
    ...['oscal-assessment-plan.json', 'oscal-assessment-results.json', 'oscal-poam.json'],
  ]);
  expect(oscal12.render(EMPTY_REPORT).map(({ name }) => name)).toEqual([
    ...['oscal12-assessment-plan.json', 'oscal12-assessment-results.json'],
  ]);
});

it('holds no Markdown that a stranger wrote', () => {
  const incident = one({
    name: '[x](javascript:alert(1)) <img src=x> {{ insert: param, x }}',
    reasons: ['`a` *b* _c_'],
  });
  const [risk] = resultOf(incident).risks;
  for (const text of [risk?.title ?? '', risk?.description ?? ''])
    expect(text.replace(/\\./g, '')).not.toMatch(/[[\]<>{}`*_()]/);
});
