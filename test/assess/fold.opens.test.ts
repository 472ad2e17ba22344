import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { PROTECTIONS } from '../../lib/model/protection.ts';
import type { Reading } from '../../lib/model/reading.ts';
import { readingsOf, shortHistory, SIGHTS } from '../support/histories.ts';
import {
  aReading,
  anAllowance,
  anAllowlist,
  declaredLevels,
  instant,
  openOf,
  play,
  type ReadingOverrides,
} from '../support/readings.ts';

const ANONYMOUS = SIGHTS.anonymous;
const SILENT = [{ l4: 'filtered', gap: 'no-answer' }] as const;

describe('first sight', () => {
  test('bad at first sight is adoption, with no invented start', () => {
    const [incident] = openOf(play([aReading({ at: 60, sees: ANONYMOUS })]).state, 'authentication');
    expect(incident).toMatchObject({ origin: 'adoption', to: 'off', start: { upper: instant(60) } });
    expect(incident).not.toHaveProperty('from');
    expect(incident?.start).not.toHaveProperty('lower');
  });

  test('good, then bad is a removal that began after the last good look', () => {
    const looks = [aReading({ at: 0 }), aReading({ at: 60 }), aReading({ at: 120, sees: ANONYMOUS })];
    expect(openOf(play(looks).state, 'authentication')[0]).toMatchObject({
      origin: 'removed',
      from: 'on',
      to: 'off',
      start: { lower: instant(60), upper: instant(120) },
    });
  });

  test.each(['sharing', 'access-policy'] as const)(
    'what the provider lets anyone do with a resource that no probe can look at: %s',
    (protection) => {
      const shared = { engine: 'provider-api', shared: true } as const;
      const first = (level: 'off' | 'partial', endpoint: ReadingOverrides['endpoint'] = shared) =>
        play([aReading({ sees: [], endpoint, declared: { [protection]: level } })], anAllowlist(anAllowance()));
      const { state, decisions } = first('off');
      expect(state.posture.verdict.name).toBe('exposed');
      expect(openOf(state)).toMatchObject([
        { protection, origin: 'adoption', basis: 'declared', severity: 'critical' },
      ]);
      expect(decisions[0]?.notices).toHaveLength(1);
      expect(openOf(first('partial').state)).toEqual([]);
      // Where a probe looks, it says what strangers get; the configuration is judged by its changes.
      expect(openOf(first('off', {}).state)).toEqual([]);
      const mended = play(
        [0, 60].map((at) =>
          aReading({ at, sees: [], endpoint: shared, declared: { [protection]: at === 0 ? 'off' : 'on' } }),
        ),
      );
      expect(openOf(mended.state)).toEqual([]);
    },
  );

  test('unknown at first sight is not a first sight: what comes next is adoption', () => {
    const looks = [aReading({ sees: SILENT }), aReading({ at: 60, sees: ANONYMOUS })];
    expect(openOf(play(looks).state, 'authentication')[0]?.origin).toBe('adoption');
  });
});

describe('a step down opens', () => {
  test('a declared protection that nobody could see go', () => {
    const looks = [
      aReading({ declared: { 'audit-log': 'on' } }),
      aReading({ at: 60, declared: { 'audit-log': 'partial' } }),
    ];
    expect(openOf(play(looks).state, 'audit-log')[0]).toMatchObject({
      origin: 'removed',
      basis: 'declared',
      from: 'on',
    });
  });

  test('a half step, measured from the high-water mark and not from the last level', () => {
    const levels = ['partial', 'on', 'unknown', 'partial'] as const;
    const looks = levels.map((level, i) => aReading({ at: i * 60, declared: { sharing: level } }));
    expect(openOf(play(looks).state, 'sharing')[0]).toMatchObject({ from: 'on', to: 'partial' });
  });

  test('both bases in one reading: the window shows the worse level', () => {
    const before = aReading({ declared: { tls: 'on' }, sees: [{ tls: 'required' }] });
    const after = aReading({ at: 60, declared: { tls: 'partial' }, sees: [{ tls: 'absent' }] });
    expect(openOf(play([before, after]).state, 'tls')[0]).toMatchObject({ to: 'off', basis: 'observed' });
  });

  test('both bases in one reading: what is known to be a removal is called one, though seen for the first time', () => {
    const before = aReading({ declared: { authentication: 'on' }, sees: [] });
    const after = aReading({ at: 60, declared: { authentication: 'partial' }, sees: ANONYMOUS });
    expect(openOf(play([before, after]).state, 'authentication')[0]).toMatchObject({
      origin: 'removed',
      from: 'on',
      to: 'off',
      start: { lower: instant(0) },
    });
  });

  test('both bases in a later reading: the open window deepens to the worse level', () => {
    const steps: ReadingOverrides[] = [
      { at: 0, declared: { tls: 'on' }, sees: [{ tls: 'required' }] },
      { at: 60, declared: { tls: 'partial' }, sees: [{ tls: 'required' }] },
      { at: 120, declared: { tls: 'partial' }, sees: [{ tls: 'absent' }] },
    ];
    expect(openOf(play(steps.map(aReading)).state, 'tls')[0]).toMatchObject({
      to: 'off',
      start: { upper: instant(60) },
    });
  });

  test('property: on any basis, whatever else is open, also under an allowance', () => {
    const drop = fc.constantFrom(
      ...PROTECTIONS.flatMap((name) =>
        [
          ['on', 'partial'],
          ['on', 'off'],
          ['partial', 'off'],
        ].map(([from, to]) => ({ name, from, to })),
      ),
    );
    fc.assert(
      fc.property(shortHistory, drop, fc.boolean(), (looks, { name, from, to }, isAllowed) => {
        // The history says nothing of this protection's configuration, but may have opened anything else.
        const quiet = looks.map((l) => ({ ...l, declared: { ...l.declared, [name]: undefined } }));
        const at = readingsOf(looks).length * 30;
        const known = { ...play(readingsOf(quiet)).state.endpoint.declared };
        const readings = [
          ...readingsOf(quiet),
          { ...aReading({ at, sees: [] }), endpoint: with_(known, name, from) },
          { ...aReading({ at: at + 30, sees: [] }), endpoint: with_(known, name, to) },
        ];
        const { state } = play(readings, isAllowed ? anAllowlist(anAllowance()) : anAllowlist());
        expect(openOf(state, name)).toHaveLength(1);
        expect(openOf(state, name)[0]?.lastBadAt).toBe(instant(at + 30));
      }),
      { numRuns: 1000 },
    );
    function with_(known: object, name: string, level: unknown): Reading['endpoint'] {
      return { ...aReading().endpoint, declared: { ...known, ...declaredLevels({ [name]: level } as never) } };
    }
  });

  const steps = [
    ['authentication', 'demands authentication', 'anonymous'],
    ['authentication', 'demands authentication', 'anonymous session'],
    ['authentication', 'demands authentication', 'legacy hashes'],
    ['network', 'refused', 'open and silent'],
    ['network', 'refused', 'accepted and closed'],
    ['network', 'turned away by address', 'demands authentication'],
    ['tls', 'demands authentication', 'demands authentication, TLS offered'],
    ['tls', 'demands authentication, TLS offered', 'demands authentication in clear'],
  ] as const;

  test.each(steps)('observed %s: from "%s" to "%s", under an allowance', (protection, before, after) => {
    const readings = [aReading({ sees: SIGHTS[before] }), aReading({ at: 60, sees: SIGHTS[after] })];
    const [incident] = openOf(play(readings, anAllowlist(anAllowance())).state, protection);
    expect(incident).toMatchObject({ origin: 'removed', basis: 'observed', start: { lower: instant(0) } });
  });

  test('property: observed from outside, after any history, whatever else is open', () => {
    fc.assert(
      fc.property(
        shortHistory,
        fc.constantFrom(...steps),
        fc.boolean(),
        (looks, [protection, before, after], isAllowed) => {
          const pair = [aReading({ at: 600, sees: SIGHTS[before] }), aReading({ at: 630, sees: SIGHTS[after] })];
          const list = isAllowed ? anAllowlist(anAllowance()) : anAllowlist();
          const { state } = play([...readingsOf(looks), ...pair], list);
          expect(openOf(state, protection)).toMatchObject([{ lastBadAt: instant(630) }]);
        },
      ),
      { numRuns: 1000 },
    );
  });
});
