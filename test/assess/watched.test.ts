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
