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
    [
      'two, of which the vantage may have been deaf already, and one after it heard again',
      [silence(60), silence(120), silence(180, { alive: false }), silence(600), silence(660)],
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

describe('silence of what lies in a region of a provider', () => {
  /** Its configuration was read at `read`, and this visit brings it. */
  const seen = (at: number, read: number, sees: ReadingOverrides['sees'], near = false) => ({
    ...aReading({ at, ...(sees === undefined ? {} : { sees }), endpoint: { declaredAt: instant(read) } }),
    ...(near ? { regionAlive: true as const } : {}),
  });
  const ended = (...readings: readonly ReturnType<typeof seen>[]) =>
    [...play(readings).stored.values()].find((i) => i.protection === 'authentication')?.closed;
  const three = (read: number) => [60, 120, 180].map((at) => seen(at, read, SILENT));

  test('closes nothing while nobody knows that the region answers: it may be dark', () => {
    expect(ended(seen(0, 0, ANONYMOUS), ...three(0))).toBeUndefined();
    expect(ended(seen(0, 0, ANONYMOUS), ...three(0), seen(86_400, 59, SILENT))).toBeUndefined();
  });

  test('closes once its configuration was read since the silence began', () => {
    expect(ended(seen(0, 0, ANONYMOUS), ...three(0), seen(240, 200, SILENT))).toMatchObject({
      upper: instant(240),
      cause: 'closed-to-us',
    });
    expect(ended(seen(0, 0, ANONYMOUS), ...three(70))).toMatchObject({ upper: instant(180) });
  });

  test('closes where the vantage reached something else in the region meanwhile', () => {
    const last = seen(180, 0, SILENT, true);
    expect(ended(seen(0, 0, ANONYMOUS), ...three(0).slice(0, 2), last)).toMatchObject({ upper: instant(180) });
  });

  test('is good no later than the region is known to have answered: what opens in the dark may have opened since', () => {
    const readings = [60, 120, 180, 600, 900].map((at) => seen(at, Math.min(at, 170), SILENT));
    const incidents = [...play([...readings, seen(1_000, 1_000, ANONYMOUS)]).stored.values()];
    const network = incidents.find((i) => i.protection === 'network');
    expect(network?.start).toEqual({ lower: instant(170), upper: instant(1_000) });
  });

  test('is good two minutes before, where it rests on something else that was heard in the region within them', () => {
    const readings = [60, 120, 180, 600].map((at) => seen(at, 0, SILENT, true));
    const incidents = [...play([...readings, seen(660, 650, ANONYMOUS)]).stored.values()];
    const network = incidents.find((i) => i.protection === 'network');
    expect(network?.start).toEqual({ lower: instant(480), upper: instant(660) });
  });
});
