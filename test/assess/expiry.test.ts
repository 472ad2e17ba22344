/** Two weeks, a week and a day before an entry ends, and when it has, its owner is told: once each. */
import { describe, expect, it } from 'vitest';
import { endingsOf } from '../../lib/assess/expiry.ts';
import { anAllowance, anAllowlist } from '../support/readings.ts';

const entry = anAllowance({ id: 'partners', expires: '2020-01-31' });
const told = (day: string, list = anAllowlist(entry)) =>
  endingsOf(list, new Date(`${day}T23:59:00Z`)).map(({ entry: { id }, stage, key, message }) => [
    id,
    stage,
    key,
    message,
  ]);

describe('an entry that ends', () => {
  it.each([
    ['2020-01-16', []],
    ['2020-01-17', [['partners', 14, '2020-01-31/14', 'allowance partners expires in 14 days']]],
    ['2020-01-23', [['partners', 14, '2020-01-31/14', 'allowance partners expires in 8 days']]],
    ['2020-01-24', [['partners', 7, '2020-01-31/7', 'allowance partners expires in 7 days']]],
    ['2020-01-29', [['partners', 7, '2020-01-31/7', 'allowance partners expires in 2 days']]],
    ['2020-01-30', [['partners', 1, '2020-01-31/1', 'allowance partners expires tomorrow']]],
    ['2020-01-31', [['partners', 1, '2020-01-31/1', 'allowance partners expires today']]],
    ['2020-02-01', [['partners', 0, '2020-01-31/0', 'allowance partners has expired']]],
  ])('on %s: %j', (day, endings) => {
    expect(told(day)).toEqual(endings);
  });

  it('says so of itself where it is break-glass: nothing is told here', () => {
    const breakGlass = {
      anonymous: 'read',
      from: '2020-01-31T10:00:00Z',
      maxHours: 4,
      secondApprover: 'ciso',
    } as const;
    const glass = anAllowance({ id: 'glass', expires: '2020-01-31', permit: { ...entry.permit, breakGlass } });
    expect(told('2020-02-01', anAllowlist(glass, entry)).map(([id]) => id)).toEqual(['partners']);
  });
});
