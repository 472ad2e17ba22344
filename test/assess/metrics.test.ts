import { expect, it } from 'vitest';
import { metricsOf } from '../../lib/assess/metrics.ts';
import type { ReportIncident } from '../../lib/model/report.ts';
import { instant } from '../support/readings.ts';
import { SAMPLE_REPORT } from '../support/sample-report.ts';

const [, SAMPLE] = SAMPLE_REPORT.incidents;

function incident(id: string, overrides: Partial<ReportIncident>): ReportIncident {
  const { closed: _closed, ...sample } = SAMPLE as ReportIncident;
  return { ...sample, id, start: { lower: instant(0), upper: instant(60) }, detectedAt: instant(61), ...overrides };
}

const end = (upper: number) => ({ lower: instant(upper - 60), upper: instant(upper), cause: 'fixed' as const });

it('figures are of upper bounds, and percentiles are values that occurred', () => {
  const incidents = [
    incident('a', { status: 'closed', closed: end(600) }),
    incident('b', {
      status: 'closed',
      closed: end(900),
      start: { lower: instant(0), upper: instant(60), exact: instant(30) },
    }),
    incident('c', { status: 'closed', closed: end(1_200) }),
  ];
  const told = new Map([
    ['a', { receiptAt: instant(63), ackedAt: instant(163) }],
    ['b', { receiptAt: instant(71) }],
  ]);
  expect(metricsOf(incidents, (id) => told.get(id))).toEqual({
    detect: { n: 3, p50: 61, p95: 61, max: 61, unbounded: 0 },
    alert: { n: 2, p50: 2, p95: 10, max: 10, unbounded: 1 },
    acknowledge: { n: 1, p50: 100, p95: 100, max: 100, unbounded: 2 },
    recover: { n: 3, p50: 870, p95: 1_200, max: 1_200, unbounded: 0 },
    censored: [],
  });
});

it('what was open when first seen has no time to detect, and what is open still no time to recover', () => {
  const adopted = incident('a', { start: { upper: instant(60) }, status: 'closed', closed: end(600) });
  const open = incident('b', { status: 'open' });
  expect(metricsOf([open, adopted], () => undefined)).toMatchObject({
    detect: { n: 1, unbounded: 1 },
    recover: { n: 0, unbounded: 1 },
    censored: ['b'],
  });
});

it('what was accepted is neither recovered nor open', () => {
  const accepted = incident('a', { status: 'accepted', closed: { ...end(600), cause: 'accepted' } });
  expect(metricsOf([accepted], () => undefined)).toMatchObject({ recover: { n: 0, unbounded: 0 }, censored: [] });
});
