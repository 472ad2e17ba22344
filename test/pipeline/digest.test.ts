import { describe, expect, it } from 'vitest';
import { EMPTY_ALLOWLIST } from '../../lib/model/allowlist.ts';
import { digestOf } from '../../lib/pipeline/digest.ts';
import { anAllowance } from '../support/readings.ts';
import { SAMPLE_REPORT } from '../support/sample-report.ts';

const PLACE = 's3://evidence/reports/x/';
const [closed] = SAMPLE_REPORT.incidents.filter((i) => i.status === 'closed');
if (closed === undefined) throw new Error('the sample has none that is closed');
const during = (from: string, to: string) =>
  digestOf({ ...SAMPLE_REPORT, period: { from, to }, incidents: [closed] }, EMPTY_ALLOWLIST, PLACE);

describe('a digest', () => {
  it('counts what is open at the end of the period, the worst first', () => {
    const digest = digestOf(SAMPLE_REPORT, EMPTY_ALLOWLIST, PLACE);
    const open = SAMPLE_REPORT.incidents.filter(({ status }) => status === 'open');
    expect(digest.open.map(({ id }) => id).toSorted()).toEqual(open.map(({ id }) => id).toSorted());
    expect(Object.values(digest.openBySeverity).reduce((a, b) => a + b)).toBe(open.length);
  });

  it('tells what began within the period and what ended within it, each in one period only', () => {
    const [start, end] = [closed.start.upper, closed.closed?.upper ?? ''];
    const shape = (from: string, to: string) => {
      const { opened, recovered } = during(from, to);
      return [opened.length, recovered.length];
    };
    expect(shape(start, end)).toEqual([1, 0]);
    expect(shape('2019-01-01T00:00:00.000Z', start)).toEqual([0, 0]);
    expect(shape(end, '2020-01-01T00:00:00.000Z')).toEqual([0, 1]);
    expect(shape(start, '2020-01-01T00:00:00.000Z')).toEqual([1, 1]);
  });

  it('counts gaps by why, with one of each', () => {
    const gap = { stage: 'probe', code: 'denied', detail: 'no' } as const;
    const gaps = [
      { ...gap, subject: 'a' },
      { ...gap, subject: 'b' },
      { ...gap, subject: 'c', code: 'throttled' as const },
    ];
    expect(digestOf({ ...SAMPLE_REPORT, gaps }, EMPTY_ALLOWLIST, PLACE).gaps).toEqual([
      { code: 'denied', count: 2, example: 'a' },
      { code: 'throttled', count: 1, example: 'c' },
    ]);
  });

  it.each([
    ['2019-12-31', []],
    ['2019-12-18', ['e']],
    ['2019-12-01', ['e']],
  ])('names allowances that end within two weeks or have ended: %s', (expires, named) => {
    const allowlist = { ...EMPTY_ALLOWLIST, entries: [anAllowance({ id: 'e', approvedOn: '2019-11-01', expires })] };
    const report = { ...SAMPLE_REPORT, period: { from: '2019-12-08T00:00:00.000Z', to: '2019-12-09T00:00:00.000Z' } };
    expect(digestOf(report, allowlist, PLACE).allowances.map(({ id }) => id)).toEqual(named);
  });

  it('has a key of its period alone', () => {
    const { from, to } = SAMPLE_REPORT.period;
    const others = { ...SAMPLE_REPORT, id: 'another', incidents: [] };
    expect(digestOf(others, EMPTY_ALLOWLIST, 's3://elsewhere/').key).toBe(`digest/${from}/${to}`);
  });
});
