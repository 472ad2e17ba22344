import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { CLASS_WEIGHT, scoreOf } from '../../lib/assess/severity.ts';
import { AUTH_STATES, DATA_CLASSES, type DataAtRisk, type DataClass } from '../../lib/model/observation.ts';
import { type KnownLevel, PROTECTIONS } from '../../lib/model/protection.ts';
import type { SampleContext } from '../../lib/model/state.ts';
import { atLeast, VERDICTS } from '../../lib/model/verdict.ts';

interface ContextOverrides extends Partial<Omit<SampleContext, 'verdict'>> {
  readonly verdict?: SampleContext['verdict']['name'];
  readonly confirmed?: boolean;
  /** Whether it is encrypted is not known. */
  readonly unsure?: boolean;
}

function aContext(overrides: ContextOverrides = {}): SampleContext {
  const { verdict = 'reachable', confirmed = true, unsure = false, ...rest } = overrides;
  return {
    verdict: { name: verdict, shadow: false, confirmed, why: '' },
    auth: 'auth-required',
    proof: 2,
    ...(unsure ? {} : { encrypted: true }),
    ...rest,
  };
}

function holding(classes: readonly DataClass[], records?: number, truncated = false): DataAtRisk {
  return {
    objects: 1,
    ...(records === undefined ? {} : { records }),
    classes: classes.map((name) => ({ class: name, count: 1, because: [] })),
    samples: [],
    truncated,
    ransomMarkers: 0,
  };
}

const context = fc
  .record({
    verdict: fc.constantFrom(...VERDICTS),
    confirmed: fc.boolean(),
    auth: fc.constantFrom(...AUTH_STATES),
    proof: fc.nat(4),
    encrypted: fc.option(fc.boolean(), { nil: undefined }),
  })
  .map(
    ({ encrypted, ...rest }): ContextOverrides =>
      encrypted === undefined ? { ...rest, unsure: true } : { ...rest, encrypted },
  );
const protection = fc.constantFrom(...PROTECTIONS);
const basis = fc.constantFrom('declared' as const, 'observed' as const);
const level = fc.constantFrom<KnownLevel>('on', 'partial', 'off');
const classes = fc.uniqueArray(fc.constantFrom(...DATA_CLASSES), { minLength: 1, maxLength: 5 });
const records = fc.oneof(fc.nat(2_000), fc.nat(20_000_000), fc.constantFrom(999, 1_000, 99_999, 100_000, 1_000_000));

describe('severity', () => {
  test.each([
    [
      'anyone reads credentials',
      'authentication',
      'off',
      { auth: 'open-anonymous', proof: 4 },
      ['credential'],
      'critical',
      100,
    ],
    [
      'anyone reads log lines, few',
      'authentication',
      'off',
      { auth: 'open-anonymous', proof: 4 },
      ['operational'],
      'critical',
      92,
    ],
    [
      'anyone becomes administrator',
      'authentication',
      'off',
      { auth: 'setup-open', proof: 2 },
      ['operational'],
      'critical',
      100,
    ],
    ['an anonymous session', 'authentication', 'partial', { auth: 'open-restricted' }, ['operational'], 'high', 72],
    ['reachable, in clear', 'network', 'off', { encrypted: false }, ['contact'], 'medium', 66],
    ['reachable, encrypted', 'network', 'off', {}, ['contact'], 'medium', 51],
    ['TLS weaker than it was', 'tls', 'partial', {}, ['contact'], 'medium', 51],
    ['configuration only', 'authentication', 'off', { verdict: 'protected' }, ['credential'], 'low', 35],
  ] as const)('%s', (_, name, to, overrides, held, severity, score) => {
    const data = holding(held, 10);
    expect(scoreOf(name, 'observed', to, aContext({ ...overrides, data }))).toMatchObject({ severity, score });
  });

  test('property: one class, or more records, never lower it', () => {
    fc.assert(
      fc.property(
        protection,
        basis,
        level,
        context,
        classes,
        classes,
        records,
        records,
        (p, b, to, c, some, more, n, m) => {
          const less = scoreOf(p, b, to, aContext({ ...c, data: holding(some, n) }));
          const bigger = holding([...new Set([...some, ...more])], n + m);
          const greater = scoreOf(p, b, to, aContext({ ...c, data: bigger }));
          expect(greater.score).toBeGreaterThanOrEqual(less.score);
          expect(atLeast(greater.severity, less.severity)).toBe(true);
        },
      ),
      { numRuns: 1000 },
    );
  });

  test('property: not knowing how much, or having seen only part, never lowers it', () => {
    fc.assert(
      fc.property(protection, basis, level, context, classes, records, (p, b, to, c, some, n) => {
        const score = (data: DataAtRisk): number => scoreOf(p, b, to, aContext({ ...c, data })).score;
        expect(score(holding(some))).toBeGreaterThanOrEqual(score(holding(some, n)));
        expect(score(holding(some, n, true))).toBeGreaterThanOrEqual(score(holding(some, n)));
      }),
      { numRuns: 1000 },
    );
  });

  test('what was seen only in part may hold anything, in any quantity', () => {
    const score = (truncated: boolean): number =>
      scoreOf('network', 'observed', 'off', aContext({ data: holding(['operational'], 10, truncated) })).score;
    expect([score(false), score(true)]).toEqual([46, 60]);
  });

  test('property: a lower level never lowers it', () => {
    fc.assert(
      fc.property(protection, basis, context, (p, b, c) => {
        const at = (to: KnownLevel): number => scoreOf(p, b, to, aContext(c)).score;
        expect(at('off')).toBeGreaterThanOrEqual(at('partial'));
        expect(at('partial')).toBeGreaterThanOrEqual(at('on'));
      }),
      { numRuns: 1000 },
    );
  });

  test('property: more exposure never lowers it: from hidden to reachable, in clear, an anonymous session, anyone, the seat of the administrator', () => {
    const steps: readonly ContextOverrides[] = [
      { verdict: 'protected', auth: 'auth-required' },
      { verdict: 'reachable', auth: 'auth-required' },
      { verdict: 'reachable', auth: 'auth-required', encrypted: false },
      { verdict: 'exposed', auth: 'open-restricted', encrypted: false },
      { verdict: 'exposed', auth: 'open-anonymous', encrypted: false },
      { verdict: 'exposed', auth: 'setup-open', encrypted: false },
    ];
    const stranger = fc.constantFrom('authentication', 'network');
    fc.assert(
      fc.property(stranger, fc.constantFrom<KnownLevel>('partial', 'off'), classes, records, (p, to, some, n) => {
        const data = holding(some, n);
        // What the level itself says of authentication counts wherever it is reached.
        const scores = steps.map((step) => scoreOf(p, 'observed', to, aContext({ ...step, data })).score);
        expect(scores).toEqual(scores.toSorted((a, b) => a - b));
      }),
      { numRuns: 1000 },
    );
  });

  test('property: an anonymous reader is never below high, whatever the names say', () => {
    const open = fc.constantFrom('open-anonymous', 'setup-open', 'open-restricted');
    const doors = fc.constantFrom('authentication', 'network');
    fc.assert(
      fc.property(doors, open, fc.integer({ min: 2, max: 4 }), classes, records, (p, auth, proof, some, n) => {
        const seen = aContext({ verdict: 'exposed', auth, proof, data: holding(some, n) } as ContextOverrides);
        expect(atLeast(scoreOf(p, 'observed', 'off', seen).severity, 'high')).toBe(true);
      }),
      { numRuns: 1000 },
    );
  });

  test('property: the same input gives the same score, bounded, with three reasons', () => {
    fc.assert(
      fc.property(protection, basis, level, context, classes, records, (p, b, to, c, some, n) => {
        const once = scoreOf(p, b, to, aContext({ ...c, data: holding(some, n) }));
        expect(scoreOf(p, b, to, aContext({ ...c, data: holding(some.toReversed(), n) })).score).toBe(once.score);
        expect(scoreOf(p, b, to, aContext({ ...c, data: holding(some, n) }))).toEqual(once);
        expect(once.score).toBeGreaterThanOrEqual(0);
        expect(once.score).toBeLessThanOrEqual(100);
        expect(once.reasons.filter((r) => r !== '')).toHaveLength(3);
      }),
      { numRuns: 1000 },
    );
  });

  test('every class has a weight, and nothing weighs more than a credential', () => {
    expect(Object.keys(CLASS_WEIGHT).sort()).toEqual([...DATA_CLASSES].sort());
    expect(Math.max(...Object.values(CLASS_WEIGHT))).toBe(CLASS_WEIGHT.credential);
  });

  test('not knowing whether it is encrypted never lowers it, and the reason says so', () => {
    const of = (c: ContextOverrides) => scoreOf('network', 'observed', 'off', aContext(c));
    expect(of({ unsure: true }).score).toBe(of({ encrypted: false }).score);
    expect(of({ encrypted: false }).reasons[0]).toContain('would cross the wire in clear');
    expect(of({ unsure: true }).reasons[0]).toBe('reachable from outside; whether anything is encrypted is not known');
  });

  test('that nobody knows whether it asks for credentials is said', () => {
    const why = (auth: SampleContext['auth']): string =>
      scoreOf('network', 'observed', 'off', aContext({ auth })).reasons[0];
    expect(why('auth-required')).toContain('authentication demanded');
    for (const auth of ['undetermined', 'lockout'] as const) {
      expect(why(auth)).toBe('reachable from outside; whether it asks for credentials is not known');
    }
  });

  const OPEN = { auth: 'open-anonymous', proof: 4, verdict: 'exposed' } as const;
  test.each([
    ['sharing', 'off', 'critical', 100, 'the provider says that anyone may copy or read it'],
    ['access-policy', 'off', 'critical', 100, 'the provider says that anyone may copy or read it'],
    ['sharing', 'partial', 'medium', 60, 'the provider says that named outsiders, or some addresses, may'],
    ['access-policy', 'partial', 'medium', 60, 'the provider says that named outsiders, or some addresses, may'],
    ['guardrail', 'off', 'high', 75, 'the switch that would stop public exposure is off'],
    ['guardrail', 'partial', 'medium', 60, 'the switch that would stop public exposure is on only in part'],
    [
      'encryption-at-rest',
      'off',
      'medium',
      45,
      'what is stored is not encrypted: whoever gets a disk or a copy reads it',
    ],
    ['audit-log', 'off', 'medium', 45, 'who reads it is not recorded'],
    ['encryption-at-rest', 'partial', 'low', 40, 'what is stored is encrypted only in part'],
    ['audit-log', 'partial', 'low', 40, 'who reads it is recorded only in part'],
  ] as const)('what only the provider can tell has its own gravity: %s %s', (name, to, severity, score, why) => {
    // No probe sees it, so what probes saw of the door changes nothing.
    const closed =
      name === 'access-policy' && to === 'off' ? [] : ([{ verdict: 'protected' }, { verdict: 'latent' }] as const);
    for (const seen of [
      ...closed,
      { verdict: 'unknown' },
      { verdict: 'exposed', auth: 'undetermined' },
      OPEN,
    ] as const) {
      const found = scoreOf(name, 'declared', to, aContext(seen));
      expect([found.severity, found.score, found.reasons[0]]).toEqual([severity, score, why]);
    }
  });

  test('a policy for anyone, behind a door that a probe found shut, is no open door; one it could not judge is', () => {
    const score = (c: ContextOverrides) => scoreOf('access-policy', 'declared', 'off', aContext(c)).score;
    expect(
      [{ verdict: 'protected' }, { verdict: 'latent' }, {}, { auth: 'auth-weak' }].map((c) => score(c as never)),
    ).toEqual([60, 60, 60, 60]);
    for (const auth of AUTH_STATES.filter((a) => a !== 'auth-required' && a !== 'auth-weak')) {
      expect(score({ auth })).toBe(100);
    }
    expect(score({ verdict: 'latent', confirmed: false })).toBe(100);
  });

  test('a door that is only configured open stays what it was', () => {
    const score = (c: ContextOverrides) => scoreOf('network', 'declared', 'off', aContext(c)).score;
    expect([score({ verdict: 'latent' }), score({ verdict: 'latent', confirmed: false })]).toEqual([40, 60]);
  });

  test.each([
    [999, "about 999 records by the server's own count"],
    [2_400_000, "about 2,400,000 records by the server's own count"],
    [undefined, 'how much it holds is not known'],
  ] as const)('%s records are told as "%s"', (n, reason) => {
    expect(scoreOf('network', 'observed', 'off', aContext({ data: holding(['contact'], n) })).reasons[2]).toBe(reason);
  });
});
