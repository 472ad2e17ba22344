/** Order, repeats and truth: what holds of whole histories, however they arrive. */
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { LATE_HORIZON_MS } from '../../lib/assess/decide.ts';
import { foldSamples } from '../../lib/assess/fold.ts';
import { type Allowlist, EMPTY_ALLOWLIST } from '../../lib/model/allowlist.ts';
import type { Incident } from '../../lib/model/incident.ts';
import type { Reading } from '../../lib/model/reading.ts';
import {
  type Blank,
  look,
  readingsOf,
  type Sight,
  seen,
  shortHistory,
  shuffled,
  VANTAGES,
} from '../support/histories.ts';
import { aReading, anAllowance, anAllowlist, instant, openOf, play, windowsOf } from '../support/readings.ts';

const keys = fc.array(fc.nat(), { minLength: 20, maxLength: 30 });

/** Changes with the time of the reading, as a file would that people edit. */
function editedList(reading: Reading): Allowlist {
  const minute = Number(reading.at.slice(14, 16));
  return minute % 3 === 0 ? EMPTY_ALLOWLIST : anAllowlist(anAllowance({ id: `minute-${minute >> 1}` }));
}

describe('order of arrival', () => {
  test('property: any order with any repeats gives the same windows', () => {
    fc.assert(
      fc.property(shortHistory, keys, fc.boolean(), (looks, order, isEdited) => {
        const readings = readingsOf(looks);
        const list = isEdited ? editedList : EMPTY_ALLOWLIST;
        const straight = play(readings, list).state;
        const mixed = play([...shuffled(readings, order), ...readings], list).state;
        expect(windowsOf(mixed.incidents)).toEqual(windowsOf(straight.incidents));
        expect(mixed.incidents.length).toBe(straight.incidents.length);
        expect(mixed.posture).toEqual(straight.posture);
        expect(mixed.lastReadingAt).toBe(straight.lastReadingAt);
      }),
      { numRuns: 1000 },
    );
  });

  test('property: over hours, with every reading up to ten minutes late, the fold is the same', () => {
    const looks = fc.array(fc.tuple(look({ maxWait: 240 }), fc.nat(LATE_HORIZON_MS / 1000 - 1)), {
      minLength: 10,
      maxLength: 40,
    });
    fc.assert(
      fc.property(looks, (pairs) => {
        // At least 30 s apart: never more than MAX_RECENT within the horizon.
        const readings = readingsOf(pairs.map(([l]) => ({ ...l, wait: l.wait + 30 })));
        const arrivals = readings
          .map((reading, i) => ({ reading, when: Date.parse(reading.at) + (pairs[i]?.[1] ?? 0) * 1000 }))
          .toSorted((a, b) => a.when - b.when)
          .map(({ reading }) => reading);
        const [straight, late] = [play(readings), play(arrivals)];
        const fold = ({ base, recent }: typeof late.state): unknown => foldSamples(base, recent).fold;
        expect(fold(late.state)).toEqual(fold(straight.state));
        expect(windowsOf(openOf(late.state))).toEqual(windowsOf(openOf(straight.state)));
        // Nothing that was ever told as open is left open behind the state's back.
        const openInStore = [...late.stored.values()].filter((i) => i.status === 'open');
        expect(openInStore.map((i) => i.id).sort()).toEqual(
          openOf(late.state)
            .map((i) => i.id)
            .sort(),
        );
        // Nothing is called accepted where nothing was ever allowed.
        expect([...late.stored.values()].filter((i) => i.status === 'accepted')).toEqual([]);
        // Each decision commits an incident once, in its last version.
        for (const { incidents } of late.decisions) {
          expect(new Set(incidents.map((i) => i.id)).size).toBe(incidents.length);
        }
      }),
      { numRuns: 1000 },
    );
  });
});

interface Truth {
  readonly from: number;
  readonly to: number;
  readonly is: Sight;
}
const truths: fc.Arbitrary<readonly Truth[]> = fc
  .array(
    fc.tuple(
      fc.integer({ min: 1, max: 900 }),
      fc.constantFrom<Sight>('anonymous', 'refused', 'demands authentication'),
    ),
    {
      minLength: 1,
      maxLength: 8,
    },
  )
  .map((spans) => {
    let at = 0;
    return spans.map(([seconds, is]) => ({ from: at, to: (at += seconds), is }));
  });
const visits = fc.uniqueArray(
  fc.record({
    at: fc.nat(7200),
    lasts: fc.nat(300),
    /** When within the visit the answer came. */
    answered: fc.nat(300),
    vantage: fc.constantFrom(...VANTAGES),
    blank: fc.constantFrom<Blank | undefined>(undefined, undefined, undefined, 'not tried', 'cancelled'),
  }),
  { selector: (v) => v.at, minLength: 1, maxLength: 25 },
);

describe('bounds', () => {
  test('property: what truly happened lies within them, in every hidden history, however long visits take', () => {
    fc.assert(
      fc.property(truths, visits, (timeline, looks) => {
        const end = timeline.at(-1)?.to ?? 0;
        const free = new Map<string, number>(); // a vantage begins a visit after it ended the one before
        const readings = looks
          .filter((v) => v.at < end)
          .toSorted((a, b) => a.at - b.at)
          .map(({ at, lasts, answered, vantage, blank }) => {
            const began = Math.max(at - lasts, free.get(vantage) ?? 0);
            free.set(vantage, at + 1);
            const then = Math.min(began + answered, at);
            const was = timeline.find((t) => t.from <= then && then < t.to)?.is ?? 'refused';
            return aReading({ at, began, vantage, sees: seen(blank ?? was) });
          });
        if (readings.length === 0) return;
        const windows = [...play(readings).stored.values()].filter((i) => i.protection === 'authentication');
        for (const window of windows) expectTruth(window, timeline, readings);
        for (const { at, observations } of readings) {
          if (observations[0]?.auth.state !== 'open-anonymous') continue;
          expect(windows.filter((w) => w.start.upper <= at && at < (w.closed?.upper ?? '9'))).toHaveLength(1);
        }
      }),
      { numRuns: 2_000 },
    );
  });

  function expectTruth(
    { start, closed, lastBadAt }: Incident,
    timeline: readonly Truth[],
    readings: readonly Reading[],
  ): void {
    const bad = timeline.filter((t) => t.is === 'anonymous');
    const began = readings.find((r) => r.at === start.upper)?.began ?? start.upper;
    const starts = bad.filter((t) => instant(t.from) <= start.upper && (start.lower ?? '') < instant(t.from));
    const standing = bad.filter((t) => instant(t.from) <= start.upper && began < instant(t.to));
    expect((start.lower === undefined ? standing : starts).length).toBeGreaterThan(0);
    expect((start.lower ?? '') < start.upper).toBe(true);
    expect(began <= lastBadAt).toBe(true);
    if (closed === undefined) return;
    expect(lastBadAt).toBe(closed.lower);
    expect(closed.lower < closed.upper).toBe(true);
    expect(bad.some((t) => closed.lower < instant(t.to) && instant(t.to) <= closed.upper)).toBe(true);
  }
});
