import { expect, it } from 'vitest';
import type { Listed } from '../../lib/model/inventory.ts';
import { lasting, lastingEach } from '../../lib/runtime/lasting.ts';

const MINUTE = 60_000;
const WHOLE: Listed<number> = { items: [1], gaps: [] };
const BROKEN: Listed<number> = {
  items: [],
  gaps: [{ stage: 'inventory', subject: 's', code: 'throttled', detail: 'd' }],
};

it.each([
  ['a whole list for a quarter of an hour', WHOLE, 0, [0, 14, 15], [1, 1, 2]],
  ['a broken one not at all', BROKEN, 0, [0, 0, 1], [1, 2, 3]],
  ['a broken one for as long as is said', BROKEN, 2 * MINUTE, [0, 1, 2], [1, 1, 2]],
] as const)('keeps %s', async (_, listed, unansweredMs, minutes, loads) => {
  let [at, loaded] = [0, 0];
  const load = async () => {
    loaded++;
    return listed;
  };
  const ask = lasting(() => new Date(at), load, unansweredMs);
  const seen: number[] = [];
  for (const minute of minutes) {
    at = minute * MINUTE;
    expect(await ask()).toBe(listed);
    seen.push(loaded);
  }
  expect(seen).toEqual(loads);
});

it('loads once for all who ask at once, and again after a load that threw', async () => {
  let loaded = 0;
  const ask = lasting(
    () => new Date(0),
    async () => {
      if (++loaded === 1) throw new Error('first');
      return WHOLE;
    },
  );
  expect((await Promise.allSettled([ask(), ask()])).map((r) => r.status)).toEqual(['rejected', 'rejected']);
  expect(await Promise.all([ask(), ask()])).toEqual([WHOLE, WHOLE]);
  expect(loaded).toBe(2);
});

it('keeps one list for each account', async () => {
  const asked: string[] = [];
  const ask = lastingEach(
    () => new Date(0),
    async (account) => {
      asked.push(account);
      return WHOLE;
    },
  );
  await Promise.all([ask('a'), ask('b'), ask('a')]);
  expect(asked).toEqual(['a', 'b']);
});
