import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  endpointWatch,
  joined,
  Pauses,
  pausesOf,
  percentOf,
  placeWatches,
  totalPercent,
} from '../../lib/assess/watched.ts';
import { instant } from '../support/readings.ts';

const WHOLE = { from: 0, to: 100_000 };
const spans = fc.array(
  fc.tuple(fc.nat(120_000), fc.nat(30_000)).map(([from, length]) => ({ from, to: from + length })),
  { maxLength: 12 },
);

/** Second by second, as nobody would do it twice. */
function counted(on: (at: number) => boolean): number {
  let seen = 0;
  for (let at = 0; at < 100; at++) if (on(at * 1_000 + 500)) seen++;
  return seen;
}

describe('what was watched of an endpoint', () => {
  it('is what is neither its own gap nor a pause of all, whatever lies over what', () => {
    const whole = spans.map((all) =>
      all.map(({ from, to }) => ({ from: from - (from % 1_000), to: to - (to % 1_000) })),
    );
    fc.assert(
      fc.property(whole, whole, fc.nat(100), fc.nat(100), (gaps, idle, a, b) => {
        const existed = { from: Math.min(a, b) * 1_000, to: Math.max(a, b) * 1_000 };
        const within = (all: readonly { from: number; to: number }[], at: number): boolean =>
          all.some(({ from, to }) => at >= from && at < to);
        const watch = endpointWatch('e', existed, joined(gaps, existed), new Pauses(joined(idle, WHOLE)));
        const lives = (at: number): boolean => at >= existed.from && at < existed.to;
        expect(watch.existed).toBe(counted(lives));
        expect(watch.watched).toBe(counted((at) => lives(at) && !within(gaps, at) && !within(idle, at)));
      }),
      { numRuns: 500 },
    );
  });

  it('has no share where it did not exist', () => {
    expect(endpointWatch('e', undefined, [], new Pauses([]))).toEqual({ endpointId: 'e', existed: 0, watched: 0 });
    expect(totalPercent([{ endpointId: 'e', existed: 0, watched: 0 }])).toEqual({});
  });

  it('is never rounded up', () => {
    expect(percentOf(1_000_000, 999_999)).toEqual({ percent: 99.999 });
    expect(percentOf(10_000_000, 9_999_999)).toEqual({ percent: 99.999 });
    expect(percentOf(3, 3)).toEqual({ percent: 100 });
  });
});

it('places are by account, then region, each with the share of all its endpoints', () => {
  const watches = [
    { endpointId: 'b', existed: 100, watched: 100 },
    { endpointId: 'a', existed: 300, watched: 0 },
    { endpointId: 'f', existed: 0, watched: 0 },
  ];
  const placeOf = (id: string) => (id === 'f' ? { account: 'file' } : { account: '1', region: 'eu' });
  expect(placeWatches(watches, placeOf)).toEqual([
    { account: '1', region: 'eu', endpoints: 2, percent: 25 },
    { account: 'file', endpoints: 1 },
  ]);
});

it('places of one account are in order of region, one without before all; all together have one share', () => {
  const watches = ['c', 'b', 'a', 'd'].map((endpointId, i) => ({ endpointId, existed: 100, watched: 25 * i }));
  const places: Record<string, { account: string; region?: string }> = {
    ...{ a: { account: '2', region: 'eu' }, b: { account: '1', region: 'us' } },
    ...{ c: { account: '1', region: 'eu' }, d: { account: '1' } },
  };
  const found = placeWatches(watches, (id) => places[id] ?? { account: 'none' });
  expect(found).toEqual([
    { account: '1', endpoints: 1, percent: 75 },
    { account: '1', region: 'eu', endpoints: 1, percent: 0 },
    { account: '1', region: 'us', endpoints: 1, percent: 25 },
    { account: '2', region: 'eu', endpoints: 1, percent: 50 },
  ]);
  expect(found[0]).not.toHaveProperty('region');
  expect(totalPercent(watches)).toEqual({ percent: 37.5 });
});

describe('spans', () => {
  const all = { from: 0, to: 100 };
  it('that meet are one, and those that are empty or outside none', () => {
    const found = joined(
      [
        { from: 50, to: 60 },
        { from: 10, to: 20 },
        { from: 20, to: 30 },
        { from: 70, to: 70 },
        { from: -9, to: 0 },
        { from: 100, to: 120 },
      ],
      all,
    );
    expect(found).toEqual([
      { from: 10, to: 30 },
      { from: 50, to: 60 },
    ]);
    expect(
      joined(
        [
          { from: 0, to: 90 },
          { from: 5, to: 10 },
          { from: -5, to: 120 },
        ],
        all,
      ),
    ).toEqual([all]);
  });

  it('an endpoint of no length did not exist', () => {
    const nothing = { endpointId: 'e', existed: 0, watched: 0 };
    expect(endpointWatch('e', { from: 5_000, to: 5_000 }, [], new Pauses([]))).toEqual(nothing);
    expect(endpointWatch('e', { from: 5_000, to: 4_000 }, [], new Pauses([]))).toEqual(nothing);
  });

  it('in which nobody looked count where a stretch touches them, and no more', () => {
    const pauses = new Pauses([
      { from: 10, to: 20 },
      { from: 50, to: 60 },
    ]);
    const lengths = [
      [0, 10],
      [0, 15],
      [12, 18],
      [20, 50],
      [15, 55],
      [0, 100],
      [60, 100],
      [30, 20],
    ] as const;
    expect(lengths.map(([from, to]) => pauses.lengthIn({ from, to }))).toEqual([0, 5, 6, 0, 10, 20, 0, 0]);
  });
});

describe('pauses of passes', () => {
  const passes = (...seconds: number[]) => seconds.map(instant);
  const found = (...seconds: number[]) =>
    pausesOf(passes(...seconds), 25 * 3_600_000).map(({ from, to }) => (to - from) / 1_000);

  it('are longer than two middle intervals and a minute', () => {
    expect(found(0, 60, 120, 180, 361)).toEqual([181]);
    expect(found(0, 60, 120, 180, 360)).toEqual([]);
  });

  it('are measured by the cadence: once a day is no pause, two days are', () => {
    expect(found(0, 86_400, 172_800)).toEqual([]);
    expect(found(0, 86_400, 172_800, 345_600)).toEqual([172_800]);
  });

  it('are none where no two passes are on record', () => {
    expect(found()).toEqual([]);
    expect(found(5)).toEqual([]);
  });
});
