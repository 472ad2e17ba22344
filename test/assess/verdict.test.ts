import { describe, expect, it } from 'vitest';
import { judge } from '../../lib/assess/judge.ts';
import { type Levels, NOT_DECLARED, sharedVerdict, verdictOf } from '../../lib/assess/verdict.ts';
import type { Endpoint } from '../../lib/model/endpoint.ts';
import { AUTH_STATES, type AuthState, type Look } from '../../lib/model/observation.ts';
import { type Level, PROTECTIONS, type ProtectionName, type Protections } from '../../lib/model/protection.ts';
import { anEndpoint } from '../support/builders.ts';
import { aReading } from '../support/readings.ts';

function shared(declared: Readonly<Partial<Record<ProtectionName, Level>>>): Endpoint {
  const protections = Object.fromEntries(
    Object.entries(declared).map(([name, level]) => [name, { level, basis: 'declared', evidence: `${name}=${level}` }]),
  ) as Protections;
  return anEndpoint({ source: 'aws', shared: true, engine: 'provider-api', declared: protections });
}
const judged = (endpoint: Endpoint, change: { deleted?: true } = {}) =>
  judge({ ...aReading({}), endpoint, observations: [], ...change }).verdict;

describe('what stands behind the provider’s shared host', () => {
  it.each([
    ['a snapshot that anyone may copy', { sharing: 'off', 'encryption-at-rest': 'off' }, 'exposed', true],
    ['a policy that lets anyone in', { 'access-policy': 'off', 'encryption-at-rest': 'on' }, 'exposed', true],
    ['one that is exposed and part unread', { sharing: 'off', 'access-policy': 'unknown' }, 'exposed', true],
    ['a snapshot that named accounts may copy', { sharing: 'partial' }, 'reachable', true],
    ['a public path for who has credentials', { network: 'off', authentication: 'on' }, 'reachable', true],
    ['a guard rail that is off', { guardrail: 'off' }, 'latent', true],
    ['a snapshot of our own', { sharing: 'on', 'encryption-at-rest': 'off' }, 'protected', true],
    ['a share that was not read', { sharing: 'unknown' }, 'unknown', false],
    [
      'a share that was read and a policy that was not',
      { sharing: 'on', 'access-policy': 'unknown' },
      'unknown',
      false,
    ],
    ['nothing read at all', {}, 'unknown', false],
    ['only what says nothing of access', { 'encryption-at-rest': 'on' }, 'unknown', false],
  ] as const)('%s', (_, declared, name, confirmed) => {
    expect(judged(shared(declared))).toMatchObject({ name, confirmed });
  });

  it('is over when the API says that it is gone, whatever was declared', () => {
    expect(judged(shared({ sharing: 'off' }), { deleted: true })).toMatchObject({ name: 'protected', confirmed: true });
  });

  it('is judged by observation wherever there is something to observe', () => {
    const observed = judge(aReading({ sees: [{ auth: 'open-anonymous', proof: 3 }], declared: { network: 'on' } }));
    expect(verdictOf(observed.declared, observed.observed, undefined)).toMatchObject({ name: 'exposed' });
    expect(observed.verdict).toMatchObject({ name: 'exposed', shadow: true });
  });
});

/** All protections, those named at their level with `name=level` as evidence, the others not known. */
function levels(named: Readonly<Partial<Record<ProtectionName, Level>>>): Levels {
  return Object.fromEntries(
    PROTECTIONS.map((name) => {
      const level = named[name];
      const evidence = level === undefined ? NOT_DECLARED : `${name}=${level}`;
      return [name, { level: level ?? 'unknown', basis: 'declared', evidence }];
    }),
  ) as Levels;
}
function speaker(auth: AuthState, proto: 'match' | 'other' = 'match'): Look {
  const look = aReading({ sees: [{ auth, proof: 2 }] }).observations[0];
  if (look === undefined) throw new Error('no look');
  return { ...look, proto: { ...look.proto, state: proto }, auth: { ...look.auth, state: auth } };
}

describe('declared and observed together', () => {
  const DOORS = ['on', 'partial', 'off', 'unknown', 'not-applicable'] as const;
  const seen = (
    door: Level,
    observed: Readonly<Partial<Record<ProtectionName, Level>>>,
    look?: Look,
  ): readonly unknown[] => {
    const { name, shadow, confirmed, why } = verdictOf(levels({ network: door }), levels(observed), look);
    return [name, shadow, confirmed, why];
  };
  const declaresOpen = (door: Level): boolean => door === 'off' || door === 'partial';

  it.each(DOORS)('a stranger who is let in is exposed, whatever else is so: declared %s', (door) => {
    const look = speaker('open-anonymous');
    const why = `a stranger is let in without credentials (${look.rule})`;
    for (const network of ['off', 'on', 'unknown'] as const) {
      const open = { authentication: 'off', network } as const;
      expect(seen(door, open, look)).toEqual(['exposed', door === 'on', true, why]);
      expect(seen(door, open)).toEqual([
        'exposed',
        door === 'on',
        true,
        'a stranger is let in without credentials (unknown)',
      ]);
    }
  });

  it.each(DOORS)('closed from outside is protected, or latent where it is configured open: declared %s', (door) => {
    expect(seen(door, { network: 'on', authentication: 'on' }, speaker('auth-required'))).toEqual(
      declaresOpen(door)
        ? ['latent', false, true, 'configured open, found closed from outside']
        : ['protected', false, true, 'closed from outside; network=on'],
    );
  });

  it.each(DOORS)('reachable is what speaks the protocol and says what it demands: declared %s', (door) => {
    const vague = ['undetermined', 'open-anonymous', 'setup-open', 'lockout'];
    for (const auth of AUTH_STATES.filter((state) => !vague.includes(state))) {
      const why = `reachable from outside, authentication: ${auth}`;
      expect(seen(door, { network: 'off' }, speaker(auth))).toEqual(['reachable', door === 'on', true, why]);
    }
  });

  it.each(DOORS)('anything else is unknown, or latent and not confirmed: declared %s', (door) => {
    const nothing = declaresOpen(door)
      ? (['latent', false, false, 'configured open, no conclusive observation'] as const)
      : (['unknown', false, false, 'no conclusive observation'] as const);
    expect(seen(door, {})).toEqual(nothing);
    // What speaks where no way in was found speaks elsewhere.
    expect(seen(door, {}, speaker('auth-required'))).toEqual(nothing);
    const found = [nothing[0], door === 'on', false, nothing[3]];
    expect(seen(door, { network: 'off' })).toEqual(found);
    expect(seen(door, { network: 'off' }, speaker('auth-required', 'other'))).toEqual(found);
    for (const auth of ['undetermined', 'open-anonymous', 'setup-open', 'lockout'] as const) {
      expect(seen(door, { network: 'off' }, speaker(auth))).toEqual(found);
    }
  });
});

describe('what the API says of it', () => {
  const said = (named: Readonly<Partial<Record<ProtectionName, Level>>>): readonly unknown[] => {
    const { name, shadow, confirmed, why } = sharedVerdict(levels(named));
    return [name, shadow, confirmed, why];
  };
  const anyone = 'the provider lets anyone in:';
  const rail = 'guard rail down:';

  it.each<[Readonly<Partial<Record<ProtectionName, Level>>>, string, string]>([
    [{ sharing: 'off' }, 'exposed', `${anyone} sharing=off`],
    [{ 'access-policy': 'off' }, 'exposed', `${anyone} access-policy=off`],
    [{ sharing: 'partial', network: 'off', guardrail: 'off' }, 'reachable', 'sharing=partial'],
    [{ 'access-policy': 'partial', network: 'partial' }, 'reachable', 'access-policy=partial'],
    [{ network: 'off', guardrail: 'off' }, 'reachable', 'network=off'],
    [{ network: 'partial', guardrail: 'off' }, 'reachable', 'network=partial'],
    [{ guardrail: 'off', sharing: 'on' }, 'latent', `${rail} guardrail=off`],
    [{ guardrail: 'partial', sharing: 'on' }, 'latent', `${rail} guardrail=partial`],
    [{ 'audit-log': 'off' }, 'latent', `${rail} audit-log=off`],
    [{ 'audit-log': 'partial' }, 'latent', `${rail} audit-log=partial`],
    [{ 'access-policy': 'on', sharing: 'on' }, 'protected', 'by configuration: sharing=on'],
    [{ network: 'on' }, 'protected', 'by configuration: network=on'],
    [{ guardrail: 'on' }, 'protected', 'by configuration: guardrail=on'],
    [{ 'audit-log': 'on' }, 'protected', 'by configuration: audit-log=on'],
    [{ 'access-policy': 'not-applicable' }, 'protected', 'by configuration: access-policy=not-applicable'],
  ])('%j is %s: %s', (named, name, why) => {
    expect(said(named)).toEqual([name, false, true, why]);
  });

  it.each(['sharing', 'access-policy', 'network', 'guardrail', 'audit-log'] as const)(
    'is not known where %s was not read, whatever is down elsewhere',
    (name) => {
      const down = name === 'network' ? ({ guardrail: 'off' } as const) : ({ network: 'off' } as const);
      expect(said({ ...down, [name]: 'unknown' })).toEqual([
        'unknown',
        false,
        false,
        'its configuration could not be read',
      ]);
    },
  );
});
