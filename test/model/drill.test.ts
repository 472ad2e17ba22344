import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { drillSchedule, isDrillOpen, isInTime, openingAt, openingsBetween } from '../../lib/model/drill.ts';

const DAY_MS = 24 * 60 * 60_000;
const anyText = fc
  .tuple(fc.integer({ min: 5, max: 30 }), fc.constantFrom(1, 2, 3, 4, 6, 8, 12, 24))
  .map(([open, every]) => `${open}m/${every}h`);
const anySchedule = anyText.map(drillSchedule);
const anyMoment = fc.date({
  min: new Date('2020-01-01T00:00:00.000Z'),
  max: new Date('2100-01-01T00:00:00.000Z'),
  noInvalidDate: true,
});
const ms = (at: string): number => Date.parse(at);

describe('the schedule of the drill', () => {
  it('is minutes open, and hours from one opening to the next', () => {
    expect(drillSchedule('10m/6h')).toEqual({ openMs: 600_000, everyMs: 21_600_000 });
  });

  it.each(['', 'no', '10m', '6h', '4m/6h', '31m/6h', '10m/5h', '10m/0h', '10m/48h', '10m/6h ', '-5m/6h', '10m/6h/1d'])(
    '%o is none',
    (text) => {
      expect(() => drillSchedule(text)).toThrow(expect.objectContaining({ code: 'bad-input' }) as Error);
    },
  );

  it('opens at midnight UTC, and then as often as it says', () => {
    const schedule = drillSchedule('10m/6h');
    const open = (at: string): boolean => isDrillOpen(schedule, new Date(`2026-12-04T${at}Z`));
    expect(['00:00:00.000', '00:09:59.999', '06:00:00.000', '18:09:59.999'].map(open)).toEqual(Array(4).fill(true));
    expect(['00:10:00.000', '05:59:59.999', '12:10:00.000', '23:59:59.999'].map(open)).toEqual(Array(4).fill(false));
  });

  it('is the same every day, whatever the day', () => {
    fc.assert(
      fc.property(anySchedule, anyMoment, fc.integer({ min: 1, max: 400 }), (schedule, at, days) => {
        const later = new Date(at.getTime() + days * DAY_MS);
        expect(isDrillOpen(schedule, later)).toBe(isDrillOpen(schedule, at));
      }),
    );
  });

  it('has an opening that begins with every day and none that lasts over its end', () => {
    fc.assert(
      fc.property(anySchedule, anyMoment, (schedule, at) => {
        const midnight = new Date(Math.floor(at.getTime() / DAY_MS) * DAY_MS);
        expect(openingAt(schedule, midnight).from).toBe(midnight.toISOString());
        expect(isDrillOpen(schedule, new Date(midnight.getTime() - 1))).toBe(false);
      }),
    );
  });

  it('never has two openings at once, and leaves room for what is told of one before the next', () => {
    fc.assert(
      fc.property(anySchedule, anyMoment, (schedule, from) => {
        const openings = openingsBetween(schedule, from, new Date(from.getTime() + 2 * DAY_MS), 100);
        expect(openings.length).toBeGreaterThanOrEqual(2);
        for (const [i, next] of openings.slice(1).entries())
          expect(ms(next.from) - ms(openings[i]?.to ?? '')).toBeGreaterThanOrEqual(30 * 60_000);
      }),
    );
  });

  it('tells guard and the function the same: open is what lies within an opening, and nothing else', () => {
    fc.assert(
      fc.property(anySchedule, anyMoment, (schedule, at) => {
        const around = openingsBetween(schedule, new Date(at.getTime() - DAY_MS), new Date(at.getTime() + DAY_MS), 100);
        const within = around.some(({ from, to }) => ms(from) <= at.getTime() && at.getTime() < ms(to));
        expect(isDrillOpen(schedule, at)).toBe(within);
        expect(around).toContainEqual(openingAt(schedule, at));
      }),
    );
  });

  it('lists openings from the one moment to the other, both included, and no more than asked for', () => {
    const schedule = drillSchedule('10m/6h');
    const list = (from: string, to: string, limit = 10) =>
      openingsBetween(schedule, new Date(from), new Date(to), limit).map((o) => o.from.slice(8, 13));
    expect(list('2026-12-04T00:00:00Z', '2026-12-05T00:00:00Z')).toEqual(['04T00', '04T06', '04T12', '04T18', '05T00']);
    expect(list('2026-12-04T00:00:00.001Z', '2026-12-04T06:00:00Z')).toEqual(['04T06']);
    expect(list('2026-12-04T00:00:00Z', '2027-12-04T00:00:00Z', 2)).toEqual(['04T00', '04T06']);
    expect(list('2026-12-05T00:00:00Z', '2026-12-04T00:00:00Z')).toEqual([]);
  });
});

it('five minutes are in time, and what did not come never is', () => {
  expect([0, 300, 301, undefined].map(isInTime)).toEqual([true, true, false, false]);
});
