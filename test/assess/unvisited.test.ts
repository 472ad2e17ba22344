/** Stretches without a visit: what the ledger is told of them, and what stands on record in the end, however visits arrive. */
import fc from 'fast-check';
import { describe, expect, it, test } from 'vitest';
import { LATE_HORIZON_MS } from '../../lib/assess/decide.ts';
import { LONGEST_PAUSE_MS } from '../../lib/assess/overdue.ts';
import type { LedgerLine } from '../../lib/model/ledger.ts';
import type { Reading } from '../../lib/model/reading.ts';
import { isUnvisited, UnvisitedRecord } from '../../lib/pipeline/unvisited-record.ts';
import { shuffled } from '../support/histories.ts';
import { aReading, instant, play, type ReadingOverrides, T0 } from '../support/readings.ts';

const EVERY = { everyMs: 60_000 } as const;
const END = instant(400 * 3_600);

function told(readings: readonly Reading[]): readonly LedgerLine[] {
  const lines = play(readings).decisions.flatMap((decision) => decision.lines);
  return lines.filter(isUnvisited);
}

/** What a reader of those lines makes of them. */
function onRecord(lines: readonly LedgerLine[]): readonly { readonly from: string; readonly to?: string }[] {
  const record = new UnvisitedRecord();
  for (const line of lines) {
    if (line.body['late'] === true) record.addLate(line);
    else record.add(line);
  }
  return record.stretchesOf('es-1', END).map(({ from, to }) => ({ from, ...(to === undefined ? {} : { to }) }));
}

function visits(...looks: readonly (number | ReadingOverrides)[]): readonly Reading[] {
  return looks.map((look) => aReading(typeof look === 'number' ? { at: look, ...EVERY } : { ...EVERY, ...look }));
}

describe('a stretch without a visit', () => {
  it('begins two intervals and a minute after a visit and ends with the next, which tells of it', () => {
    const lines = told(visits(0, 60, 240, 241, 1_000, 1_060));
    expect(lines).toEqual([
      {
        ...{ kind: 'gap', runId: 'run-v1-1000', subject: 'es-1' },
        ...{ observedAt: instant(1_000), recordedAt: instant(1_001) },
        body: {
          ...{ kind: 'unvisited', from: instant(241 + 180), to: instant(1_000), lastVisitAt: instant(241) },
          ...{ everySeconds: 60, verdict: 'reachable' },
        },
      },
    ]);
  });

  it('is none where a visit came in time to the millisecond, and one where it came a second later', () => {
    expect(told(visits(0, 180))).toEqual([]);
    expect(onRecord(told(visits(0, 181)))).toEqual([{ from: instant(180), to: instant(181) }]);
  });

  it('is measured by the interval in force since the visit before it, also where an event asked for the one that ends it', () => {
    const five = { everyMs: 300_000 } as const;
    expect(told(visits(0, { at: 600, ...five }))).toEqual([]);
    expect(onRecord(told([...visits({ at: 0, ...five }), aReading({ at: 900 })]))).toEqual([
      { from: instant(660), to: instant(900) },
    ]);
  });

  it('is longer than 25 hours where nobody says how often a visit is due', () => {
    const pause = LONGEST_PAUSE_MS / 1_000;
    expect(told([aReading({ at: 0 }), aReading({ at: pause })])).toEqual([]);
    expect(onRecord(told([aReading({ at: 0 }), aReading({ at: pause + 60 })]))).toEqual([
      { from: instant(pause), to: instant(pause + 60) },
    ]);
  });

  it('is not ended by news of its configuration, and not by a repeat', () => {
    const readings = visits(0, { at: 400, unvisited: true, sees: [] }, 1_000);
    expect(onRecord(told([...readings, ...readings]))).toEqual([{ from: instant(180), to: instant(1_000) }]);
    expect(told([...readings, ...readings])).toHaveLength(1);
  });

  it('is not of what was gone meanwhile, nor of what nobody visits', () => {
    expect(told(visits(0, { at: 60, deleted: true, sees: [] }, 9_000))).toEqual([]);
    expect(told(visits({ at: 0, endpoint: { shared: true } }, { at: 9_000, endpoint: { shared: true } }))).toEqual([]);
  });

  it('is taken back where a visit within it comes late, and told anew of what is left', () => {
    const [first, last, late] = visits(0, 1_000, 500) as [Reading, Reading, Reading];
    const lines = told([first, last, late]);
    expect(lines.map(({ body }) => body['kind'])).toEqual([
      'unvisited',
      ...['visited-after-all', 'unvisited', 'unvisited'],
    ]);
    expect(onRecord(lines)).toEqual([
      { from: instant(180), to: instant(500) },
      { from: instant(680), to: instant(1_000) },
    ]);
  });

  it('is cut on record by a visit that came too late to be folded', () => {
    const readings = visits(0, 1_000, 1_900, 2_000, 500);
    const lines = play(readings).decisions.flatMap((decision) => decision.lines);
    expect(onRecord(lines)).toEqual([
      { from: instant(180), to: instant(500) },
      { from: instant(680), to: instant(1_000) },
      { from: instant(1_180), to: instant(1_900) },
    ]);
  });

  it('is cut on record also by one that came too late and brought a configuration that nobody had read since', () => {
    const read = (at: number, declaredAt: number): ReadingOverrides => ({
      at,
      endpoint: { source: 'aws', declaredAt: instant(declaredAt) },
    });
    const readings = visits(read(0, -10), read(1_000, -10), read(1_900, -10), read(2_000, -10), read(500, 490));
    const lines = play(readings).decisions.flatMap((decision) => decision.lines);
    expect(onRecord(lines)).toEqual([
      { from: instant(180), to: instant(500) },
      { from: instant(680), to: instant(1_000) },
      { from: instant(1_180), to: instant(1_900) },
    ]);
    expect(lines.filter(({ body }) => body['late'] === true)).toHaveLength(1);
  });

  it('of two vantages is one in which neither came', () => {
    expect(onRecord(told(visits(0, { at: 1, vantage: 'v2' }, 500, { at: 500, vantage: 'v2' })))).toEqual([
      { from: instant(181), to: instant(500) },
    ]);
  });
});

interface Step {
  readonly wait: number;
  readonly everyMs: number | undefined;
  readonly vantage: string;
  readonly unvisited: boolean;
}
const step: fc.Arbitrary<Step> = fc.record({
  wait: fc.oneof(fc.integer({ min: 30, max: 240 }), fc.integer({ min: 200, max: 4_000 })),
  everyMs: fc.constantFrom(60_000, 300_000, undefined),
  vantage: fc.constantFrom('v1', 'v2'),
  unvisited: fc.boolean(),
});

function readingsOf(steps: readonly Step[]): readonly Reading[] {
  let at = 0;
  return steps.map(({ wait, everyMs, vantage, unvisited }) => {
    at += wait;
    const due = everyMs === undefined ? {} : { everyMs };
    return aReading({ at, vantage, ...due, ...(unvisited ? { unvisited: true, sees: [] } : {}) });
  });
}

/** By the definition, of all visits at once. */
function expected(readings: readonly Reading[]): readonly { readonly from: string; readonly to: string }[] {
  const made = readings.filter(({ unvisited }) => unvisited !== true).toSorted((a, b) => (a.at < b.at ? -1 : 1));
  return made.flatMap((to, i) => {
    const before = made[i - 1];
    if (before === undefined) return [];
    const every = to.everyMs ?? before.everyMs;
    const allowed = every === undefined ? LONGEST_PAUSE_MS : 2 * every + 60_000;
    const from = new Date(Date.parse(before.at) + allowed).toISOString();
    return from < to.at ? [{ from, to: to.at }] : [];
  });
}

test('property: in any order within the horizon and with any repeats, those on record are those that were', () => {
  const delayed = fc.array(fc.tuple(step, fc.nat(LATE_HORIZON_MS / 1_000 - 1)), { minLength: 2, maxLength: 40 });
  fc.assert(
    fc.property(delayed, (pairs) => {
      const readings = readingsOf(pairs.map(([each]) => each));
      const arrivals = readings
        .map((reading, i) => ({ reading, when: Date.parse(reading.at) - T0 + (pairs[i]?.[1] ?? 0) * 1_000 }))
        .toSorted((a, b) => a.when - b.when)
        .flatMap(({ reading }, i) => (i % 3 === 0 ? [reading, reading] : [reading]));
      expect(onRecord(told(readings))).toEqual(expected(readings));
      expect(onRecord(told(arrivals))).toEqual(expected(readings));
    }),
    { numRuns: 500 },
  );
});

test('property: however late and in whatever order, none is invented and none is lost', () => {
  const steps = fc.array(step, { minLength: 2, maxLength: 20 });
  fc.assert(
    fc.property(steps, fc.array(fc.nat(), { minLength: 20, maxLength: 20 }), (all, order) => {
      const readings = readingsOf(all.map((each) => ({ ...each, everyMs: 60_000, unvisited: false })));
      const mixed = shuffled(readings, order);
      // What came before the first that was ever folded is of no stretch that anybody could tell.
      const lines = play(mixed).decisions.flatMap((decision) => decision.lines);
      const first = mixed[0]?.at ?? '';
      const since = expected(readings.filter(({ at }) => at >= first));
      expect(onRecord(lines).filter(({ from }) => from >= first)).toEqual(since);
    }),
    { numRuns: 500 },
  );
});
