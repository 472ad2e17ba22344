/** Clocks of the law, by the strictest reading, over the ends of months, weeks and years. */
import { describe, expect, it } from 'vitest';
import { clocksOf } from '../../lib/assess/clocks.ts';

const at = (aware: string, law: string, what: string): string | undefined =>
  clocksOf(aware).find((clock) => clock.law === law && clock.what.startsWith(what))?.dueAt;

describe('the clocks', () => {
  it('are these, the next to run out first', () => {
    expect(clocksOf('2026-11-25T10:00:00.000Z')).toEqual([
      { law: 'DORA', what: 'initial notification, 4 h', dueAt: '2026-11-25T14:00:00.000Z' },
      { law: 'NIS2', what: 'early warning, 24 h', dueAt: '2026-11-26T10:00:00.000Z' },
      { law: 'GDPR', what: 'notification of the authority, article 33, 72 h', dueAt: '2026-11-28T10:00:00.000Z' },
      { law: 'NIS2', what: 'incident notification, 72 h', dueAt: '2026-11-28T10:00:00.000Z' },
      { law: 'DORA', what: 'intermediate report, 72 h', dueAt: '2026-11-28T10:00:00.000Z' },
      {
        ...{ law: 'SEC', what: 'Form 8-K item 1.05, four business days, where material' },
        dueAt: '2026-12-01T10:00:00.000Z',
      },
      { law: 'NIS2', what: 'final report, 1 month', dueAt: '2026-12-25T10:00:00.000Z' },
      { law: 'DORA', what: 'final report, 1 month', dueAt: '2026-12-25T10:00:00.000Z' },
      {
        ...{ law: 'HIPAA', what: 'notification of individuals, 60 days at the latest' },
        dueAt: '2027-01-24T10:00:00.000Z',
      },
    ]);
  });

  it.each([
    ['2026-12-31T23:59:59.999Z', '2027-01-31T23:59:59.999Z'],
    ['2027-01-28T00:00:00.000Z', '2027-02-28T00:00:00.000Z'],
    ['2027-01-31T00:00:00.000Z', '2027-02-28T00:00:00.000Z'],
    ['2028-01-31T00:00:00.000Z', '2028-02-29T00:00:00.000Z'],
    ['2027-03-31T00:00:00.000Z', '2027-04-30T00:00:00.000Z'],
    ['2027-02-28T00:00:00.000Z', '2027-03-28T00:00:00.000Z'],
  ])('a month from %s is %s', (aware, due) => {
    expect(at(aware, 'NIS2', 'final')).toBe(due);
  });

  it.each([
    ['a Monday', '2026-11-23', '2026-11-27'],
    ['a Tuesday', '2026-11-24', '2026-11-30'],
    ['a Thursday', '2026-11-26', '2026-12-02'],
    ['a Friday', '2026-11-27', '2026-12-03'],
    ['a Saturday', '2026-11-28', '2026-12-03'],
    ['a Sunday', '2026-11-29', '2026-12-03'],
  ])('four business days from %s, %s, end on %s', (_, aware, due) => {
    expect(at(`${aware}T12:00:00.000Z`, 'SEC', 'Form')).toBe(`${due}T12:00:00.000Z`);
  });

  it('of which one runs out later than a month from a short February is the last all the same', () => {
    expect(clocksOf('2027-02-01T00:00:00.000Z').map(({ dueAt }) => dueAt.slice(0, 10))).toEqual([
      ...['2027-02-01', '2027-02-02', '2027-02-04', '2027-02-04', '2027-02-04', '2027-02-05'],
      ...['2027-03-01', '2027-03-01', '2027-04-02'],
    ]);
  });
});
