import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { ALLOWED_INTERVALS, ALLOWED_MS, overdueAge, overdueCells, overdueVisit } from '../../lib/assess/overdue.ts';
import { CELL_STATUSES, type CellRecord, type PlaceRecord } from '../../lib/model/inventory.ts';
import { intervalOf, TIER_MS } from '../../lib/pipeline/plan.ts';
import { isVisited, PROBE_MS, probeIntervalOf } from '../../lib/pipeline/roster.ts';
import { aState, AT } from '../support/builders.ts';

const START = Date.parse(AT);
const after = (ms: number): Date => new Date(START + ms);
const place = { account: '111122223333', region: 'eu-west-1', partition: 'aws' } as const;
const cell = (over: Partial<CellRecord> = {}): CellRecord => ({
  ...{ status: 'complete', triedAt: AT, calls: 1, known: {} },
  ...over,
});
const hot = { e: { misses: 0, hot: true } };
const known = { e: { misses: 0, hot: false } };

describe('a look is overdue', () => {
  it.each([
    ['a hot cell', cell({ known: hot }), 2 * TIER_MS.hot],
    ['a cell with something in it', cell({ known }), 2 * TIER_MS.active],
    ['a cell that only watches over something', cell({ watched: 1 }), 2 * TIER_MS.active],
    ['an empty cell', cell(), 2 * TIER_MS.daily],
    [
      'a cell that was throttled once, which is asked again sooner',
      cell({ status: 'throttled', failures: 1 }),
      2 * TIER_MS.hot,
    ],
    ['a cell that was denied once', cell({ status: 'denied', failures: 1 }), 2 * TIER_MS.active],
  ])('after two intervals and a minute, and not before: %s', (_, record, allowed) => {
    const record1: PlaceRecord = { place, cells: { rds: record } };
    expect(overdueCells(record1, intervalOf, after(allowed + ALLOWED_MS))).toEqual([]);
    expect(overdueCells(record1, intervalOf, after(allowed + ALLOWED_MS + 1))).toEqual([
      { subject: '111122223333/eu-west-1/rds', ageMs: allowed + ALLOWED_MS + 1 },
    ]);
  });

  it('where nobody knows when it was', () => {
    expect(overdueAge('', 60_000, after(0))).toBe(Number.POSITIVE_INFINITY);
    expect(overdueAge('yesterday', 60_000, after(0))).toBe(Number.POSITIVE_INFINITY);
  });

  it('never for having been made by a clock that is ahead', () => {
    expect(overdueAge(AT, 60_000, after(-3_600_000))).toBeUndefined();
  });

  it('I3: whatever the cells and the time, each that was not tried for two intervals and a minute, and no other', () => {
    const cells = fc.dictionary(
      fc.string({ minLength: 1, maxLength: 8 }).filter((name) => name !== '__proto__'),
      fc.record({
        status: fc.constantFrom(...CELL_STATUSES),
        age: fc.oneof(fc.integer({ min: -TIER_MS.daily, max: 4 * TIER_MS.daily }), fc.constantFrom(660_000, 660_001)),
        known: fc.constantFrom({}, hot, known),
        watched: fc.integer({ min: 0, max: 2 }),
        failures: fc.integer({ min: 0, max: 12 }),
      }),
      { maxKeys: 12 },
    );
    fc.assert(
      fc.property(cells, (drawn) => {
        const records = Object.entries(drawn).map(
          ([name, { age, ...rest }]) => [name, cell({ ...rest, triedAt: after(-age).toISOString() }), age] as const,
        );
        const record = { place, cells: Object.fromEntries(records.map(([name, one]) => [name, one])) };
        const late = records
          .filter(([, one, age]) => age > 2 * intervalOf(one) + 60_000)
          .map(([name]) => `111122223333/eu-west-1/${name}`);
        expect(
          overdueCells(record, intervalOf, after(0))
            .map(({ subject }) => subject)
            .toSorted(),
        ).toEqual(late.toSorted());
      }),
      { numRuns: 5_000 },
    );
    expect([ALLOWED_INTERVALS, ALLOWED_MS]).toEqual([2, 60_000]);
  });
});

describe('a visit is overdue', () => {
  const visiting = { isVisited, isProbed: () => true, intervalOf: probeIntervalOf };

  it('of what is open after three minutes, of what is known to be closed after eleven', () => {
    const open = aState({ id: 'open' });
    const safe = aState({ id: 'safe', declared: { network: { level: 'on', basis: 'declared', evidence: 'closed' } } });
    const closed = {
      ...safe,
      posture: { ...safe.posture, verdict: { ...safe.posture.verdict, name: 'protected' as const } },
    };
    const lateness = (state: typeof open, ms: number) => overdueVisit(state, visiting, after(ms))?.ageMs;
    expect([PROBE_MS.open, PROBE_MS.closed]).toEqual([60_000, 300_000]);
    expect([lateness(open, 180_000), lateness(open, 180_001)]).toEqual([undefined, 180_001]);
    expect([lateness(closed, 660_000), lateness(closed, 660_001)]).toEqual([undefined, 660_001]);
  });

  it('of nothing that is not visited, is gone, or that no probe visits as often', () => {
    const day = after(TIER_MS.daily);
    const shared = aState({ shared: true });
    const gone = aState();
    const deleted = { ...gone, recent: gone.recent.map((sample) => ({ ...sample, deleted: true })) };
    const mysql = aState({ engine: 'mysql' });
    expect(overdueVisit(aState(), visiting, day)?.subject).toBe('device-analytics');
    expect(overdueVisit(shared, visiting, day)).toBeUndefined();
    expect(overdueVisit(deleted, visiting, day)).toBeUndefined();
    expect(overdueVisit(mysql, { ...visiting, isProbed: (engine) => engine !== 'mysql' }, day)).toBeUndefined();
  });

  it('I3: whatever the interval and the age, after two of the one and a minute, and not before', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 1, max: 10 ** 8 }),
        fc.integer({ min: -(10 ** 9), max: 10 ** 9 }),
        (interval, age) => {
          const late = overdueVisit(aState(), { ...visiting, intervalOf: () => interval }, after(age));
          expect(late?.ageMs).toEqual(age > 2 * interval + 60_000 ? age : undefined);
        },
      ),
      { numRuns: 5_000 },
    );
  });
});
