import { setTimeout as sleep } from 'node:timers/promises';
import { expect, it } from 'vitest';
import { watch } from '../../lib/pipeline/watch.ts';

/** Passes that take as long as told, one after the other; ends with the last. */
async function play(everyMs: number, lengths: readonly number[]) {
  const stop = new AbortController();
  const late: number[] = [];
  const starts: number[] = [];
  let current = 0;
  await watch(
    everyMs,
    stop.signal,
    async (n) => {
      current = n;
      starts.push(performance.now());
      await sleep(lengths[n - 1] ?? 0);
      if (n === lengths.length) stop.abort();
    },
    (tookMs) => {
      expect(tookMs).toBeGreaterThan(everyMs);
      late.push(current);
    },
  );
  return { late, starts };
}

it('tells of a pass that took longer than the interval, once in a row of them', async () => {
  expect((await play(60, [0, 90, 90, 90, 0, 90])).late).toEqual([2, 6]);
});

it('tells each pass how often they come: what the one before took, where that was longer', async () => {
  const stop = new AbortController();
  const told: number[] = [];
  await watch(40, stop.signal, async (n, everyMs) => {
    told.push(everyMs);
    await sleep(n === 1 ? 90 : 0);
    if (n === 3) stop.abort();
  });
  expect(told).toEqual([40, expect.any(Number), 40]);
  expect(told[1]).toBeGreaterThanOrEqual(89);
});

it('tells of a late pass also when it was the last', async () => {
  expect((await play(20, [50])).late).toEqual([1]);
});

it('says nothing while passes are in time, and keeps the interval from start to start', async () => {
  const { late, starts } = await play(80, [30, 30, 0]);
  expect(late).toEqual([]);
  const [a = 0, b = 0, c = 0] = starts;
  for (const apart of [b - a, c - b]) expect(apart).toBeGreaterThanOrEqual(78);
});

it('makes no pass at all once it is stopped, and cuts the pause short', async () => {
  await watch(60_000, AbortSignal.abort(), async () => expect.unreachable());
  const stop = new AbortController();
  const started = performance.now();
  setTimeout(() => stop.abort(), 30);
  await watch(60_000, stop.signal, async () => undefined);
  expect(performance.now() - started).toBeLessThan(5_000);
});
