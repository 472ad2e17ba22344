import { describe, expect, it } from 'vitest';
import { FRESH_MS, HOLD_MS, stopSwitch } from '../../lib/pipeline/stop.ts';
import { readStop } from '../../lib/stores/dynamodb-stop.ts';

function clock() {
  let ms = Date.parse('2026-12-04T10:00:00.000Z');
  return { now: () => new Date(ms), pass: (by: number) => void (ms += by) };
}

describe('the kill switch', () => {
  it('is asked again after half a minute, not before, and never twice at once', async () => {
    const { now, pass } = clock();
    let asked = 0;
    const { stopped } = stopSwitch({ now, read: async () => (asked++ === 0 ? undefined : 'change freeze') });
    expect(await Promise.all([stopped(), stopped(), stopped()])).toEqual([undefined, undefined, undefined]);
    pass(FRESH_MS - 1);
    expect([await stopped(), asked]).toEqual([undefined, 1]);
    pass(1);
    expect([await stopped(), asked]).toEqual(['change freeze', 2]);
  });

  it('stops within a minute also where it cannot be read any more, and says so', async () => {
    const { now, pass } = clock();
    const errors: string[] = [];
    let fails = false;
    const { stopped } = stopSwitch({
      now,
      read: async () => (fails ? Promise.reject(new Error('throttled')) : undefined),
      onUnreadable: (error) => errors.push(error.message),
    });
    expect(await stopped()).toBe(undefined);
    fails = true;
    pass(HOLD_MS - 1);
    expect(await stopped()).toBe(undefined);
    pass(1);
    expect(await stopped()).toMatch(/could not be read \(throttled\)/u);
    expect(errors).toEqual(['throttled', 'throttled']);
    fails = false;
    expect(await stopped()).toBe(undefined);
  });

  it('that was never read lets nobody go, and one that hangs is no answer', async () => {
    const { now } = clock();
    const denied = stopSwitch({ now, read: () => Promise.reject(new Error('denied')) });
    expect(await denied.stopped()).toMatch(/denied/u);
    const hangs = stopSwitch({ now, readMs: 20, read: () => new Promise(() => undefined) });
    expect(await hangs.stopped()).toMatch(/no answer within 20 ms/u);
  });

  it('holds a word of stop as long as one of go', async () => {
    const { now, pass } = clock();
    let fails = false;
    const { stopped } = stopSwitch({ now, read: async () => (fails ? Promise.reject(new Error('x')) : 'freeze') });
    expect(await stopped()).toBe('freeze');
    fails = true;
    pass(HOLD_MS - 1);
    expect(await stopped()).toBe('freeze');
  });
});

describe('the kill switch in DynamoDB', () => {
  it('is one item beside the budgets, with or without a reason', async () => {
    const asked: unknown[] = [];
    const holding = (item: Record<string, unknown> | undefined) => ({
      get: async (key: unknown) => {
        asked.push(key);
        return item as never;
      },
    });
    expect(await readStop(holding(undefined))).toBe(undefined);
    expect(await readStop(holding({ why: 'change freeze\u001b[2J' }))).toBe('change freezeU+001B[2J');
    expect(await readStop(holding({}))).toMatch(/no reason/u);
    expect(asked[0]).toEqual({ pk: 'B#stop-probing', sk: '-' });
  });
});
