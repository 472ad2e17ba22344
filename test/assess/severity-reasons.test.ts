/** Why an incident has its severity: each base of exposure, each weight of data and of volume, in number and in words. */
import { describe, expect, it } from 'vitest';
import { scoreOf } from '../../lib/assess/severity.ts';
import type { AuthState, DataAtRisk, DataClass } from '../../lib/model/observation.ts';
import type { Basis, KnownLevel, ProtectionName } from '../../lib/model/protection.ts';
import type { SampleContext } from '../../lib/model/state.ts';

const UNKNOWN_DATA = ['what it holds is not known, so it is not assumed harmless', 'how much it holds is not known'];
/** What unknown data adds to a base: half of it below 70, as nobody reads it anonymously. */
const added = (base: number): number => (base >= 70 ? 20 : 15);

interface Over extends Partial<Omit<SampleContext, 'verdict'>> {
  readonly verdict?: SampleContext['verdict']['name'];
  readonly confirmed?: boolean;
}
function aContext({ verdict = 'reachable', confirmed = true, ...over }: Over = {}): SampleContext {
  return {
    verdict: { name: verdict, shadow: false, confirmed, why: '' },
    auth: 'auth-required',
    proof: 2,
    encrypted: true,
    ...over,
  };
}
/** `encrypted` absent: whether anything is encrypted is not known. */
function unsure(over: Over = {}): SampleContext {
  const { encrypted: _, ...rest } = aContext(over);
  return rest;
}

describe('exposure', () => {
  const hidden = 'in the configuration only: nothing answers from outside';
  const weaker = 'authentication is weaker than it was or has to be';
  const asked = 'reachable from outside, authentication demanded, not approved by any allowance';
  const clear = 'reachable from outside, credentials and data would cross the wire in clear';

  it.each<[string, ProtectionName, Basis, KnownLevel, SampleContext, number, string]>([
    ['protected', 'network', 'observed', 'off', aContext({ verdict: 'protected' }), 25, hidden],
    ['latent', 'tls', 'declared', 'off', aContext({ verdict: 'latent' }), 25, hidden],
    [
      'latent, not confirmed',
      'network',
      'declared',
      'off',
      aContext({ verdict: 'latent', confirmed: false }),
      45,
      asked,
    ],
    [
      'to be taken',
      'network',
      'observed',
      'off',
      aContext({ auth: 'setup-open' }),
      100,
      'anyone may become its administrator',
    ],
    [
      'read',
      'network',
      'observed',
      'off',
      aContext({ auth: 'open-anonymous' }),
      90,
      'anyone may read it without credentials',
    ],
    ['read, hardly proven', 'network', 'observed', 'off', aContext({ auth: 'open-anonymous', proof: 1 }), 45, asked],
    [
      'entered',
      'network',
      'observed',
      'off',
      aContext({ auth: 'open-restricted' }),
      70,
      'anyone gets an anonymous session, with reduced rights',
    ],
    [
      'configured to be read',
      'authentication',
      'declared',
      'off',
      aContext(),
      70,
      'configured to ask nobody for credentials',
    ],
    ['weak', 'authentication', 'observed', 'partial', aContext(), 60, weaker],
    [
      'unsure of encryption',
      'network',
      'observed',
      'off',
      unsure(),
      60,
      'reachable from outside; whether anything is encrypted is not known',
    ],
    ['in clear', 'network', 'observed', 'off', aContext({ encrypted: false }), 60, clear],
    ['in clear by its TLS', 'tls', 'observed', 'off', aContext({ encrypted: false, auth: 'setup-open' }), 60, clear],
    [
      'of weaker TLS, seen',
      'tls',
      'observed',
      'partial',
      aContext({ auth: 'open-anonymous' }),
      45,
      'transport encryption is weaker than it was',
    ],
    ['of weaker TLS, told', 'tls', 'declared', 'partial', aContext(), 40, 'transport encryption is weaker than it was'],
    ...(['undetermined', 'lockout'] as const).map(
      (auth): [string, ProtectionName, Basis, KnownLevel, SampleContext, number, string] => [
        auth,
        'network',
        'observed',
        'off',
        aContext({ auth }),
        45,
        'reachable from outside; whether it asks for credentials is not known',
      ],
    ),
    ['demanding', 'network', 'observed', 'off', aContext(), 45, asked],
    // What only the provider can tell counts as its word alone.
    ['of a share, as if it were seen', 'sharing', 'observed', 'off', aContext(), 45, asked],
  ])('%s', (_name, protection, basis, to, context, base, why) => {
    const { score, reasons } = scoreOf(protection, basis, to, context);
    expect([reasons, score]).toEqual([[why, ...UNKNOWN_DATA], Math.min(100, base + added(base))]);
  });

  const outsiders = 'the provider says that named outsiders, or some addresses, may';
  const anyone = 'the provider says that anyone may copy or read it';
  it.each<[ProtectionName, KnownLevel, AuthState, number, string]>([
    ['sharing', 'partial', 'auth-required', 45, outsiders],
    ['access-policy', 'partial', 'open-anonymous', 45, outsiders],
    ['sharing', 'off', 'auth-required', 90, anyone],
    ['access-policy', 'off', 'undetermined', 90, anyone],
    [
      'access-policy',
      'off',
      'auth-required',
      45,
      'its policy lets anyone in; seen from outside, something else still stops them',
    ],
    [
      'access-policy',
      'off',
      'auth-weak',
      45,
      'its policy lets anyone in; seen from outside, something else still stops them',
    ],
    ['guardrail', 'off', 'auth-required', 60, 'the switch that would stop public exposure is off'],
    ['guardrail', 'partial', 'auth-required', 45, 'the switch that would stop public exposure is on only in part'],
    [
      'encryption-at-rest',
      'off',
      'auth-required',
      30,
      'what is stored is not encrypted: whoever gets a disk or a copy reads it',
    ],
    ['encryption-at-rest', 'partial', 'auth-required', 25, 'what is stored is encrypted only in part'],
    ['audit-log', 'off', 'auth-required', 30, 'who reads it is not recorded'],
    ['audit-log', 'partial', 'auth-required', 25, 'who reads it is recorded only in part'],
  ])('by the word of the provider: %s %s, %s', (protection, to, auth, base, why) => {
    const { score, reasons } = scoreOf(protection, 'declared', to, aContext({ auth }));
    expect([reasons[0], score]).toEqual([why, Math.min(100, base + added(base))]);
  });

  it('of a policy that lets anyone in is that of the door where a probe found it shut, and only then', () => {
    const score = (over: Over): number => scoreOf('access-policy', 'declared', 'off', aContext(over)).score;
    expect([score({ verdict: 'exposed' }), score({ verdict: 'unknown' }), score({ verdict: 'protected' })]).toEqual([
      100, 100, 60,
    ]);
  });
});

describe('data', () => {
  const holding = (classes: readonly DataClass[], over: Partial<DataAtRisk> = {}): DataAtRisk => ({
    objects: 1,
    records: 0,
    classes: classes.map((name) => ({ class: name, count: 1, because: [] })),
    samples: [],
    truncated: false,
    ransomMarkers: 0,
    ...over,
  });
  /** Over a base of 90, where the weight of data counts whole. */
  const found = (data: DataAtRisk) => {
    const { score, reasons } = scoreOf('network', 'observed', 'off', aContext({ auth: 'open-anonymous', data }));
    return [score - 90, reasons[1], reasons[2]];
  };
  const none = "about 0 records by the server's own count";

  it('weighs as the gravest of its classes, and names four at most', () => {
    expect(found(holding(['operational']))).toEqual([2, 'names suggest operational', none]);
    expect(found(holding(['behaviour', 'device', 'operational', 'business', 'network']))).toEqual([
      10,
      'names suggest behaviour, device, operational, business',
      none,
    ]);
    expect(found(holding(['operational', 'behaviour']))[0]).toBe(6);
  });

  it('of a copy is that of what it was taken from', () => {
    const copy = holding(['operational'], { takenFrom: 'db-1' } as Partial<DataAtRisk>);
    expect(found(copy)[1]).toBe('names of what it is a copy of suggest operational');
  });

  it('that has no class is not known', () => {
    expect(found(holding([]))).toEqual([10, UNKNOWN_DATA[0], none]);
  });

  it.each([
    [0, 0],
    [999, 0],
    [1_000, 3],
    [99_999, 3],
    [100_000, 6],
    [999_999, 6],
    [1_000_000, 10],
  ])('of %i records adds %i', (records, weight) => {
    const words = `about ${records.toLocaleString('en-US')} records by the server's own count`;
    const { score, reasons } = scoreOf(
      'tls',
      'observed',
      'off',
      aContext({ data: holding(['operational'], { records }) }),
    );
    expect([score - 46, reasons[2]]).toEqual([weight, words]);
  });

  it('cut short may be anything, in any number', () => {
    const data = holding(['operational'], { truncated: true, records: 5 });
    expect(found(data)).toEqual([10, 'names suggest operational', 'how much it holds is not known']);
  });
});

describe('severity', () => {
  it.each([
    ['audit-log', 'partial', 'low', 40],
    ['audit-log', 'off', 'medium', 45],
    ['guardrail', 'partial', 'medium', 60],
    ['guardrail', 'off', 'high', 75],
    ['sharing', 'off', 'critical', 100],
  ] as const)('%s %s is %s at %i', (protection, to, severity, score) => {
    expect(scoreOf(protection, 'declared', to, aContext())).toMatchObject({ severity, score });
  });

  it.each([
    ['financial', 69, 'medium'],
    ['government-id', 69, 'medium'],
    ['credential', 70, 'high'],
  ] as const)('of weak authentication over %s is %i, which is %s', (held, score, severity) => {
    const data = {
      objects: 1,
      records: 0,
      classes: [{ class: held, count: 1, because: [] }],
      samples: [],
      truncated: false,
      ransomMarkers: 0,
    };
    expect(scoreOf('authentication', 'observed', 'partial', aContext({ data }))).toMatchObject({ severity, score });
  });

  it.each([
    [88, 'high'],
    [90, 'critical'],
  ] as const)('at %i is %s', (wanted, severity) => {
    const data: DataAtRisk = {
      objects: 1,
      records: wanted === 88 ? 0 : 1_000,
      classes: [{ class: wanted === 88 ? 'government-id' : 'financial', count: 1, because: [] }],
      samples: [],
      truncated: false,
      ransomMarkers: 0,
    };
    const { score, ...rest } = scoreOf('network', 'observed', 'off', aContext({ auth: 'open-restricted', data }));
    expect([score, rest.severity]).toEqual([wanted, severity]);
  });
});
