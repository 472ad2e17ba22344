import { describe, expect, test } from 'vitest';
import { SILENCE_SPAN_MS, SILENCES_TO_CLOSE } from '../../lib/assess/silence.ts';
import { SIGHTS } from '../support/histories.ts';
import {
  aReading,
  anAllowance,
  anAllowlist,
  instant,
  openOf,
  play,
  type ReadingOverrides,
} from '../support/readings.ts';

const ANONYMOUS = SIGHTS.anonymous;
const SILENT = [{ l4: 'filtered', gap: 'no-answer' }] as const;

function statusOf(protection: string, ...steps: readonly ReadingOverrides[]): string {
  const last = [...play(steps.map(aReading)).stored.values()].filter((i) => i.protection === protection).at(-1);
  return last === undefined ? 'none' : last.closed === undefined ? 'open' : last.closed.cause;
}

describe('silence', () => {
  const silence = (at: number, more: ReadingOverrides = {}): ReadingOverrides => ({ at, sees: SILENT, ...more });

  test('three over two minutes from a living vantage close', () => {
    expect(SILENCES_TO_CLOSE).toBe(3);
    expect(SILENCE_SPAN_MS).toBe(120_000);
    const steps = [{ sees: ANONYMOUS }, silence(60), silence(120), silence(180)];
    expect(statusOf('authentication', ...steps)).toBe('closed-to-us');
    expect(statusOf('network', ...steps)).toBe('fixed');
  });

  test.each([
    ['two', [silence(60), silence(600)]],
    ['three within two minutes', [silence(60), silence(120), silence(179)]],
    ['three of which one from a blind vantage', [silence(60), silence(120, { alive: false }), silence(180)]],
    [
      'three within two minutes, and one later from a blind vantage',
      [silence(60), silence(90), silence(120), silence(300, { alive: false })],
    ],
    ['three from two vantages', [silence(60), silence(120, { vantage: 'v2' }), silence(180)]],
    ['three with an answer between', [silence(60), silence(120), { at: 150, sees: ANONYMOUS }, silence(180)]],
    ['any number from a blind vantage', [1, 2, 3, 4, 5].map((n) => silence(n * 60, { alive: false }))],
  ] as const)('%s do not', (_, steps) => {
    expect(statusOf('authentication', { sees: ANONYMOUS }, ...steps)).toBe('open');
  });

  test('a look that learned nothing is neither an answer nor a silence', () => {
    const cancelled: ReadingOverrides = { at: 90, sees: [{ l4: 'not-tried', gap: 'cancelled' }] };
    const steps = [{ sees: ANONYMOUS }, silence(60), cancelled, silence(120), silence(180)];
    expect(statusOf('authentication', ...steps)).toBe('closed-to-us');
  });

  test('of one address while the other refuses counts: nobody answers', () => {
    const sees = [{ l4: 'refused' }, { l4: 'filtered' }] as const;
    const steps = [60, 120, 180].map((at) => ({ at, sees }));
    expect(statusOf('authentication', { sees: ANONYMOUS }, ...steps)).toBe('closed-to-us');
  });

  test('raises the mark: what opens afterwards was removed, from the third silence on', () => {
    const steps = [silence(0), silence(60), silence(120), { at: 180 }];
    const { state } = play(steps.map(aReading), anAllowlist(anAllowance()));
    expect(openOf(state, 'network')[0]).toMatchObject({
      origin: 'removed',
      from: 'on',
      start: { lower: instant(120) },
    });
  });
});
