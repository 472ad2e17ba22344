import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { EMPTY_FOLD, foldSamples } from '../../lib/assess/fold.ts';
import { judge } from '../../lib/assess/judge.ts';
import { sampleOf } from '../../lib/assess/sample.ts';
import { EMPTY_ALLOWLIST } from '../../lib/model/allowlist.ts';
import { isKnown, PROTECTIONS } from '../../lib/model/protection.ts';
import { ALL_BLANKS, ALL_SIGHTS, look, readingsOf, SIGHTS, shortHistory } from '../support/histories.ts';
import { aReading, instant, openOf, play, type ReadingOverrides, windowsOf } from '../support/readings.ts';

const GOOD = [{}];
const ANONYMOUS = SIGHTS.anonymous;
const SILENT = [{ l4: 'filtered', gap: 'no-answer' }] as const;

function foldOf(...steps: readonly ReadingOverrides[]): ReturnType<typeof foldSamples> {
  const samples = steps.map((s) => {
    const reading = aReading(s);
    return sampleOf(reading, judge(reading), EMPTY_ALLOWLIST, new Date(reading.at));
  });
  return foldSamples(EMPTY_FOLD, samples);
}

function statusOf(protection: string, ...steps: readonly ReadingOverrides[]): string {
  const { state, stored } = play(steps.map(aReading));
  const last = [...stored.values()].filter((i) => i.protection === protection).at(-1);
  expect(state.incidents.length).toBeLessThanOrEqual(stored.size);
  return last === undefined ? 'none' : last.closed === undefined ? 'open' : last.closed.cause;
}

describe('recovery', () => {
  test.each([
    ['authentication is demanded again', { sees: GOOD }, 'fixed'],
    ['the port refuses', { sees: SIGHTS.refused }, 'closed-to-us'],
    ['there is no route', { sees: SIGHTS.unroutable }, 'closed-to-us'],
    ['the API confirms deletion', { deleted: true, sees: [] }, 'deleted'],
    ['deleted, and the port refuses', { deleted: true, sees: SIGHTS.refused }, 'deleted'],
  ] as const)('%s: closed as %s', (_, step, cause) => {
    expect(statusOf('authentication', { sees: ANONYMOUS }, { at: 60, ...step })).toBe(cause);
  });

  test.each([
    ['one silence', { sees: SILENT }],
    ['lockout', { sees: [{ auth: 'lockout' }] }],
    ['turned away by address', { sees: SIGHTS['turned away by address'] }],
    ['accepted and closed', { sees: SIGHTS['accepted and closed'] }],
    ['open and silent', { sees: SIGHTS['open and silent'] }],
    ['undetermined', { sees: [{ auth: 'undetermined' }] }],
    ['another protocol', { sees: [{ proto: 'other' }] }],
    ['no route from a blind vantage', { alive: false, sees: SIGHTS.unroutable }],
    ['one of two addresses still open', { sees: SIGHTS['one of two open'] }],
    ['one of two addresses silent', { sees: [{}, { l4: 'filtered' }] }],
    ['deleted, says the API, and yet it answers anybody', { deleted: true, sees: ANONYMOUS }],
    ['nothing looked at', { sees: [] }],
    ['configured with authentication, still open', { declared: { authentication: 'on' }, sees: ANONYMOUS }],
  ] as const)('%s: still open', (_, step) => {
    expect(statusOf('authentication', { sees: ANONYMOUS }, { at: 60, ...step })).toBe('open');
  });

  test.each(['accepted and closed', 'turned away by address'] as const)(
    'a network found open at adoption is not closed by a door that is merely "%s"',
    (sight) => {
      expect(statusOf('network', { sees: GOOD }, { at: 60, sees: SIGHTS[sight] })).toBe('open');
      expect(statusOf('network', { sees: GOOD }, { at: 60, sees: SIGHTS.refused })).toBe('fixed');
    },
  );

  test('lies between the beginning of the last bad visit and the end of the first good one', () => {
    const steps: ReadingOverrides[] = [
      { began: -20, at: 0, sees: ANONYMOUS },
      { began: 40, at: 60, sees: ANONYMOUS },
      { began: 100, at: 120 },
    ];
    const [incident] = [...play(steps.map(aReading)).stored.values()].filter((i) => i.protection === 'authentication');
    // It may have been fixed at second 41, right after the answer came.
    expect(incident).toMatchObject({
      start: { upper: instant(0) },
      lastBadAt: instant(40),
      closed: { lower: instant(40), upper: instant(120) },
    });
  });

  test('of bad visits that overlap, the one that began last proves the most', () => {
    const steps: ReadingOverrides[] = [
      { began: 50, at: 60, sees: ANONYMOUS },
      { began: 10, at: 70, vantage: 'v2', sees: ANONYMOUS },
    ];
    expect(openOf(play(steps.map(aReading)).state, 'authentication')).toMatchObject([{ lastBadAt: instant(50) }]);
  });

  test('every vantage that saw it bad has to see it good', () => {
    const bad: ReadingOverrides[] = [{ sees: ANONYMOUS }, { at: 30, vantage: 'v2', sees: ANONYMOUS }];
    expect(statusOf('authentication', ...bad, { at: 60 })).toBe('open');
    expect(statusOf('authentication', ...bad, { at: 60 }, { at: 90, vantage: 'v3' })).toBe('open');
    expect(statusOf('authentication', ...bad, { at: 60, sees: SIGHTS.refused })).toBe('open');
    expect(statusOf('authentication', ...bad, { at: 60 }, { at: 90, vantage: 'v2' })).toBe('fixed');
  });

  test('a configuration that is bad keeps the window open though the port is closed', () => {
    const bad: ReadingOverrides = { declared: { authentication: 'off' }, sees: ANONYMOUS };
    const closed: ReadingOverrides = { at: 60, declared: { authentication: 'off' }, sees: SIGHTS.refused };
    expect(statusOf('authentication', bad, closed)).toBe('open');
  });

  test('property: no number of inconclusive looks, from anywhere, closes what all saw open', () => {
    const never = ALL_SIGHTS.filter((s) => ['turned away by address', 'accepted and closed'].includes(s));
    const blank = look({ names: [...never, ...ALL_BLANKS.filter((b) => b !== 'filtered')] });
    const deadSilence = look({ names: ['filtered'] }).map((l) => ({ ...l, alive: false }));
    const later = fc.array(fc.oneof(blank, deadSilence), { minLength: 1, maxLength: 18 });
    fc.assert(
      fc.property(later, (looks) => {
        const opening = ['v1', 'v2'].map((vantage, at) => aReading({ at, vantage, sees: ANONYMOUS }));
        const readings = readingsOf(
          looks.map((l) => ({ ...l, deleted: false, declared: {} })),
          2,
        );
        const { state, decisions } = play([...opening, ...readings]);
        expect(openOf(state, 'authentication')).toHaveLength(1);
        expect(openOf(state, 'network')).toHaveLength(1);
        expect(decisions.flatMap((d) => d.transitions).filter((t) => t.kind === 'closed')).toEqual([]);
      }),
      { numRuns: 1000 },
    );
  });
});

describe('the fold', () => {
  test('in two parts is the fold of the whole', () => {
    fc.assert(
      fc.property(shortHistory, fc.nat(20), (looks, cut) => {
        const samples = readingsOf(looks).map((r) => sampleOf(r, judge(r), EMPTY_ALLOWLIST, new Date(r.at)));
        const first = foldSamples(EMPTY_FOLD, samples.slice(0, cut));
        const rest = foldSamples(first.fold, samples.slice(cut));
        const whole = foldSamples(EMPTY_FOLD, samples);
        expect(rest.fold).toEqual(whole.fold);
        expect([...first.closed, ...rest.closed]).toEqual(whole.closed);
      }),
      { numRuns: 1000 },
    );
  });

  test('holds one track per protection, basis and vantage, and the configuration once', () => {
    const { fold } = foldOf({ declared: { tls: 'on' } }, { at: 60, vantage: 'v2', declared: { tls: 'on' } });
    expect(Object.keys(fold.tracks).filter((k) => k.startsWith('tls'))).toEqual([
      'tls|declared|configuration',
      'tls|observed|v1',
      'tls|observed|v2',
    ]);
  });

  test('holds no address of what is good', () => {
    const { fold } = foldOf({ sees: SIGHTS.refused }, { at: 60, sees: SIGHTS.refused });
    expect(JSON.stringify(fold)).not.toContain('203.0.113.10');
  });

  test('a mark never falls unless an allowance accepted it', () => {
    fc.assert(
      fc.property(shortHistory, (looks) => {
        const best = new Map<string, number>();
        const rank = { off: 0, partial: 1, on: 2 };
        let fold = EMPTY_FOLD;
        for (const r of readingsOf(looks)) {
          fold = foldSamples(fold, [sampleOf(r, judge(r), EMPTY_ALLOWLIST, new Date(r.at))]).fold;
          for (const [key, track] of Object.entries(fold.tracks)) {
            expect(rank[track.mark]).toBeGreaterThanOrEqual(best.get(key) ?? 0);
            expect(isKnown(track.level)).toBe(true);
            best.set(key, rank[track.mark]);
          }
        }
      }),
      { numRuns: 1000 },
    );
  });

  test('windows of one protection never overlap', () => {
    fc.assert(
      fc.property(shortHistory, (looks) => {
        const { state } = play(readingsOf(looks));
        for (const name of PROTECTIONS) {
          const mine = state.incidents.filter((i) => i.protection === name);
          mine.forEach((i, n) =>
            expect((mine[n + 1]?.start.upper ?? '9') > (i.closed?.upper ?? i.lastBadAt)).toBe(true),
          );
          expect(openOf(state, name).length).toBeLessThanOrEqual(1);
          expect(windowsOf(mine)).toHaveLength(new Set(mine.map((i) => i.id)).size);
        }
      }),
      { numRuns: 1000 },
    );
  });
});
