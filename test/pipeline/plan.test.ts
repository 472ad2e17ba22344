import { describe, expect, it } from 'vitest';
import type { CellRecord, Place } from '../../lib/model/inventory.ts';
import { estimator } from '../../lib/pipeline/estimate.ts';
import { dueTask, intervalOf, TIER_MS, tierOf } from '../../lib/pipeline/plan.ts';
import { HOME, SERVICES } from '../support/organisation.ts';

const cell = (triedAt: string, known: CellRecord['known'] = {}): CellRecord => ({
  status: 'complete',
  triedAt,
  completeAt: triedAt,
  calls: 1,
  known,
});
const place = (account: string, region = 'eu-west-1'): Place => ({ account, region, partition: 'aws' });

describe('the plan', () => {
  it('sweeps what was never read, and global services only at home', () => {
    const now = new Date('2026-11-25T12:00:00Z');
    const of = (region: string) => dueTask(place('111111111111', region), undefined, SERVICES, HOME, now)?.services;
    expect([of('eu-west-1'), of('us-east-1')]).toEqual([
      ['opensearch', 'rds', 'redshift'],
      ['opensearch', 'rds', 'redshift', 'cloudfront'],
    ]);
  });

  it('spreads the daily sweep of many places over the day', () => {
    const start = Date.parse('2026-11-25T00:00:00Z');
    const hours = new Map<number, number>();
    for (let i = 0; i < 480; i++) {
      const here = place(String(100_000_000_000 + i));
      const record = {
        place: here,
        cells: Object.fromEntries(SERVICES.map((s) => [s.service, cell(new Date(start).toISOString())])),
      };
      let hour = 1;
      while (dueTask(here, record, SERVICES, HOME, new Date(start + hour * 3_600_000)) === undefined) hour++;
      hours.set(hour, (hours.get(hour) ?? 0) + 1);
    }
    expect(Math.max(...hours.keys())).toBeLessThanOrEqual(24);
    expect(hours.size).toBeGreaterThan(18);
    expect(Math.max(...hours.values())).toBeLessThan(80);
  });

  it('never lets a daily cell wait longer than a day', () => {
    const here = place('123456789012');
    for (let minute = 0; minute < 24 * 60; minute += 37) {
      const tried = Date.parse('2026-11-25T00:00:00Z') + minute * 60_000;
      const record = { place: here, cells: { rds: cell(new Date(tried).toISOString()) } };
      const [rds] = SERVICES.filter((s) => s.service === 'rds');
      expect(dueTask(here, record, [rds!], HOME, new Date(tried + TIER_MS.daily))?.services).toEqual(['rds']);
    }
  });

  it('ranks a cell by its hottest endpoint', () => {
    const known = { a: { misses: 0, hot: false }, b: { misses: 0, hot: true } };
    expect([tierOf(undefined), tierOf(cell('')), tierOf(cell('', { a: known.a })), tierOf(cell('', known))]).toEqual([
      'daily',
      'daily',
      'active',
      'hot',
    ]);
  });
});

describe('a cell that did not answer', () => {
  const minutes = (status: CellRecord['status'], failures: number, known: CellRecord['known'] = {}) =>
    intervalOf({ ...cell('2026-11-25T12:00:00Z', known), status, failures }) / 60_000;
  const curve = (status: CellRecord['status']) => [1, 2, 3, 4, 5, 6, 60].map((n) => minutes(status, n));

  it('is asked again soon, and ever less often, but never put off to the next day', () => {
    for (const status of ['throttled', 'partial', 'failed'] as const) {
      expect(curve(status)).toEqual([5, 10, 20, 40, 60, 60, 60]);
    }
    expect(curve('not-enabled')).toEqual([60, 60, 60, 60, 60, 60, 60]);
  });

  it('is asked after an hour where it is a refusal, and daily where that lasts', () => {
    expect(curve('denied')).toEqual([60, 120, 240, 480, 960, 1_440, 1_440]);
  });

  it('keeps its own pace where that is faster', () => {
    const open = { a: { misses: 0, hot: true } };
    const closed = { a: { misses: 0, hot: false } };
    expect([minutes('denied', 9, open), minutes('throttled', 9, closed), minutes('denied', 9, closed)]).toEqual([
      5, 60, 60,
    ]);
  });

  it('is due by that pace', () => {
    const throttled = { ...cell('2026-11-25T12:00:00.000Z'), status: 'throttled' as const, failures: 1 };
    const due = (now: string) =>
      dueTask(
        place('1'),
        { place: place('1'), cells: { rds: throttled } },
        SERVICES.filter((s) => s.service === 'rds'),
        HOME,
        new Date(now),
      )?.services;
    expect([due('2026-11-25T12:04:59.000Z'), due('2026-11-25T12:05:00.000Z')]).toEqual([undefined, ['rds']]);
  });
});

describe('a cell that holds no endpoint and watches over something', () => {
  it('is read hourly: one new rule there opens a door', () => {
    const watching = { ...cell('2026-11-25T12:00:00.000Z'), watched: 3 };
    expect([tierOf(watching), intervalOf(watching)]).toEqual(['active', TIER_MS.active]);
  });
});

describe('the estimate', () => {
  it('counts calls by tier, a month of them, and what reading them costs others', () => {
    const estimate = estimator(SERVICES, HOME);
    const known = Object.fromEntries(Array.from({ length: 10 }, (_, i) => [`e${i}`, { misses: 0, hot: i === 0 }]));
    estimate.add('1', 'eu-west-1', {
      place: place('1'),
      cells: { opensearch: cell('', known), rds: cell(''), redshift: cell('') },
    });
    estimate.add('1', 'us-east-1', undefined);
    const total = estimate.total();
    expect(total).toMatchObject({ accounts: 1, places: 2, cells: 7, neverRead: 4, callsFullSweep: 3 + 8 });
    expect(total.tiers.map((t) => [t.tier, t.cells, t.callsPerSweep])).toEqual([
      ['hot', 1, 3],
      ['active', 0, 0],
      ['daily', 6, 8],
    ]);
    expect(total.callsPerMonth).toBe(Math.ceil(3 * 12 * 24 * 30.4) + Math.ceil(8 * 30.4));
    expect(total.guardDuty).toBeCloseTo((total.callsPerMonth / 1e6) * 4);
  });
});
