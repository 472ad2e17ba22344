/** Each axis of what was seen as a level of a protection, and the words that go with it; whole verdicts are in judge.test.ts. */
import { describe, expect, it } from 'vitest';
import { judge, judgeSeen, judgeSilence, seenBy } from '../../lib/assess/judge.ts';
import {
  AUTH_STATES,
  type AuthState,
  L4_STATES,
  type L4State,
  type Observation,
  PROVEN_BY_WORD,
  TLS_STATES,
  type TlsState,
} from '../../lib/model/observation.ts';
import type { Level, ProtectionName } from '../../lib/model/protection.ts';
import { aReading, anObservation, type ObservationOverrides } from '../support/readings.ts';

const observed = (name: ProtectionName, sees: readonly ObservationOverrides[], alive = true) =>
  judge(aReading({ sees, alive })).observed[name];
const levelOf = (name: ProtectionName, sees: ObservationOverrides, alive = true): Level =>
  observed(name, [sees], alive).level;

describe('the network', () => {
  const LEVELS: Readonly<Record<L4State, Level>> = {
    open: 'off',
    'open-silent': 'off',
    tarpit: 'off',
    'accept-then-close': 'partial',
    refused: 'on',
    unreachable: 'on',
    filtered: 'unknown',
    'not-tried': 'unknown',
  };
  it.each(L4_STATES)('found %s', (l4) => {
    expect(levelOf('network', { l4 })).toBe(LEVELS[l4]);
    // A refusal is one whoever sees it; no route is one only from where there are routes.
    expect(levelOf('network', { l4 }, false)).toBe(l4 === 'unreachable' ? 'unknown' : LEVELS[l4]);
  });

  it('that turns our address away lets others in', () => {
    expect(levelOf('network', { auth: 'source-acl' })).toBe('partial');
  });

  it('of a private address that nobody tried is closed, unless it was not tried for a reason', () => {
    expect(levelOf('network', { l4: 'not-tried', dns: 'private-only' })).toBe('on');
    expect(levelOf('network', { l4: 'not-tried', dns: 'private-only', gap: 'cancelled' })).toBe('unknown');
    expect(levelOf('network', { l4: 'not-tried', dns: 'public' })).toBe('unknown');
    expect(levelOf('network', { l4: 'open', dns: 'private-only' })).toBe('off');
  });

  it('of a host that accepts on any port is open only where our protocol spoke', () => {
    expect(levelOf('network', { catchAll: true })).toBe('off');
    for (const proto of ['other', 'generic-http', 'unknown'] as const) {
      expect(levelOf('network', { catchAll: true, proto })).toBe('unknown');
      expect(levelOf('network', { proto })).toBe('off');
    }
    const why = (sees: ObservationOverrides): string => judge(aReading({ sees: [sees] })).verdict.why;
    const honeypot = '; the host accepts connections on any port: a honeypot, or a proxy in front of it';
    expect(why({ catchAll: true })).toBe(`${why({})}${honeypot}`);
  });
});

describe('authentication', () => {
  const LEVELS: Readonly<Record<AuthState, Level>> = {
    'open-anonymous': 'off',
    'setup-open': 'off',
    'open-restricted': 'partial',
    'mode-blocked': 'partial',
    'auth-weak': 'on',
    'auth-required': 'on',
    'source-acl': 'unknown',
    lockout: 'unknown',
    undetermined: 'unknown',
  };
  it.each(AUTH_STATES)('found %s', (auth) => {
    expect(levelOf('authentication', { auth })).toBe(LEVELS[auth]);
    expect(levelOf('authentication', { auth, proto: 'other' })).toBe('unknown');
    expect(levelOf('authentication', { auth, l4: 'accept-then-close', proto: 'match' })).toBe('unknown');
  });

  it('by an old hash is weak; in clear it is weak TLS', () => {
    const weak = (...weakness: readonly ('legacy-hash' | 'cleartext')[]) =>
      levelOf('authentication', { auth: 'auth-weak', weakness });
    expect([weak('legacy-hash'), weak('cleartext', 'legacy-hash'), weak('cleartext'), weak()]).toEqual([
      'partial',
      'partial',
      'on',
      'on',
    ]);
  });

  it('is off only where that was proven: names came back, or the word of a server that does not lie', () => {
    const level = (probe: string, proof: Observation['proof']) =>
      levelOf('authentication', { auth: 'open-anonymous', probe, proof });
    expect([0, 1, 2, 3, 4].map((proof) => level('redis', proof as Observation['proof']))).toEqual([
      'unknown',
      'unknown',
      'unknown',
      'off',
      'off',
    ]);
    for (const probe of PROVEN_BY_WORD) expect([level(probe, 1), level(probe, 2)]).toEqual(['unknown', 'off']);
  });
});

describe('TLS', () => {
  const LEVELS: Readonly<Record<TlsState, Level>> = {
    required: 'on',
    implicit: 'on',
    offered: 'partial',
    absent: 'off',
    undetermined: 'unknown',
  };
  const withLegacy = (state: TlsState, legacy: 'only' | 'also' | 'no', l4: L4State = 'open') => {
    const seen = anObservation({ tls: state, l4 });
    return judge({ ...aReading({}), observations: [{ ...seen, tls: { ...seen.tls, legacy } }] });
  };

  it.each(TLS_STATES)('found %s', (tls) => {
    expect(levelOf('tls', { tls })).toBe(LEVELS[tls]);
    expect(levelOf('tls', { tls, l4: 'open-silent' })).toBe('unknown');
    expect(withLegacy(tls, 'no').observed.tls.level).toBe(LEVELS[tls]);
    expect(withLegacy(tls, 'only').observed.tls.level).toBe('partial');
    expect(withLegacy(tls, 'only', 'open-silent').observed.tls.level).toBe('partial');
    expect(withLegacy(tls, 'also').observed.tls.level).toBe(LEVELS[tls] === 'on' ? 'partial' : LEVELS[tls]);
  });

  it('is told with its version, and with the old ones beside it', () => {
    const seen = anObservation({});
    const facts = { version: 'TLSv1.3' } as NonNullable<Observation['tls']['facts']>;
    const evidence = (tls: Partial<Observation['tls']>): string =>
      judge({ ...aReading({}), observations: [{ ...seen, tls: { ...seen.tls, ...tls } }] }).observed.tls.evidence;
    const where = '203.0.113.10 from v1';
    expect(evidence({})).toBe(`tls required; ${where}`);
    expect(evidence({ facts, legacy: 'no' })).toBe(`tls required, TLSv1.3; ${where}`);
    expect(evidence({ facts, legacy: 'also' })).toBe(`tls required, TLSv1.3, versions before 1.2 as well; ${where}`);
    const posture = judge({ ...aReading({}), observations: [{ ...seen, tls: { ...seen.tls, facts } }] });
    expect([posture.tls, judge(aReading({})).tls]).toEqual([facts, undefined]);
    expect(evidence({ legacy: 'only' })).toBe(`tls required, only versions before 1.2; ${where}`);
  });

  it('of old versions is refused where all refuse them, taken where one takes them, and else not known', () => {
    const seen = anObservation({});
    const said = (...words: readonly ('also' | 'no' | 'only' | 'mute' | undefined)[]) =>
      judge({
        ...aReading({}),
        observations: words.map((legacy) => ({
          ...seen,
          tls:
            legacy === 'mute'
              ? { ...seen.tls, state: 'undetermined' as const }
              : { ...seen.tls, ...(legacy === undefined ? {} : { legacy }) },
        })),
      }).oldTls;
    expect([said('no'), said('no', 'no'), said('no', 'mute')]).toEqual(['no', 'no', 'no']);
    expect([said('also'), said('no', 'also'), said('mute', 'also', undefined)]).toEqual(['also', 'also', 'also']);
    expect([said(), said('mute'), said('no', undefined), said('only')]).toEqual(Array(4).fill(undefined));
  });
});

describe('what cannot be seen from outside', () => {
  it.each(['access-policy', 'encryption-at-rest', 'audit-log', 'sharing', 'guardrail'] as const)('%s', (name) => {
    expect(observed(name, [{}])).toEqual({ level: 'unknown', basis: 'observed', evidence: 'not observed' });
    expect(judge(aReading({})).declared[name]).toEqual({
      level: 'unknown',
      basis: 'declared',
      evidence: 'not declared',
    });
  });
});

describe('several addresses', () => {
  const MIXED = { level: 'unknown', basis: 'observed', evidence: 'not every address gave a conclusive answer' };

  it('are as weak as the weakest, whichever comes first', () => {
    for (const sees of [
      [{ auth: 'auth-required' }, { auth: 'open-restricted' }],
      [{ auth: 'open-restricted' }, { auth: 'auth-required' }],
    ] as const) {
      expect(observed('authentication', sees)).toMatchObject({ level: 'partial' });
    }
  });

  it('are as strong as they were seen only where each was seen, save that what is off is off', () => {
    const mute = { auth: 'undetermined', tls: 'undetermined' } as const;
    expect(observed('authentication', [{}, mute])).toEqual(MIXED);
    expect(observed('authentication', [{ auth: 'open-restricted' }, mute]).level).toBe('partial');
    expect(observed('authentication', [{ auth: 'setup-open' }, mute]).level).toBe('off');
    expect(observed('tls', [{ tls: 'offered' }, mute])).toEqual(MIXED);
    expect(observed('tls', [{ tls: 'absent' }, mute]).level).toBe('off');
    expect(observed('network', [{ l4: 'refused' }, { l4: 'filtered' }])).toEqual(MIXED);
  });

  it('that are closed have no say in authentication or TLS', () => {
    const closed = { l4: 'refused' } as const;
    expect(observed('authentication', [{}, closed]).level).toBe('on');
    expect(observed('tls', [closed, {}]).level).toBe('on');
    expect(observed('authentication', [closed]).level).toBe('unknown');
  });

  it('are silent where nobody answered and at least one was silent', () => {
    const silent = (...l4: readonly L4State[]) => judge(aReading({ sees: l4.map((one) => ({ l4: one })) })).silent;
    expect([silent('filtered'), silent('filtered', 'refused')]).toEqual([true, true]);
    expect([silent(), silent('refused'), silent('filtered', 'open'), silent('filtered', 'not-tried')]).toEqual(
      Array(4).fill(false),
    );
  });

  it('are named once each, and have the evidence of where they were seen from', () => {
    const address = '203.0.113.10';
    const { addresses, rules } = judge(aReading({ sees: [{ address }, { address, rule: 'r' }] }));
    expect([addresses, rules]).toEqual([[address], ['elasticsearch/auth-required', 'r']]);
    expect(observed('network', [{ address: null }]).evidence).toBe('l4 open, dns public; v1');
    expect(observed('network', [{ l4: 'refused' }])).toEqual({
      level: 'on',
      basis: 'observed',
      evidence: 'l4 refused, dns public; 203.0.113.10 from v1',
    });
  });
});

describe('silence that counts as closed', () => {
  const looks = [{ l4: 'filtered' }, { l4: 'open' }] as const;
  const seen = seenBy(looks.map(anObservation), true, 'silent three times');

  it('is so of what was silent, and not of what answered', () => {
    expect(seen.map(({ closed, closing }) => [closed, closing])).toEqual([
      [true, 'silent three times'],
      [false, undefined],
    ]);
    expect(seenBy([anObservation({ l4: 'filtered' })], true)).toMatchObject([{ closed: false }]);
  });

  it('is the evidence of the network, and of nothing else', () => {
    const { declared } = judge(aReading({}));
    const posture = judgeSeen('es-1', declared, seen.slice(0, 1));
    expect(posture.observed.network).toMatchObject({ level: 'on', evidence: 'silent three times' });
    expect([posture.silent, posture.gaps, posture.verdict.name]).toEqual([false, [], 'protected']);
  });
});

describe('silence', () => {
  const silent = judge(aReading({ sees: [{ l4: 'filtered', auth: 'auth-required' }] }));

  it('that does not count yet is not known to be closed, and says why', () => {
    expect(judgeSilence(silent, undefined).observed.network).toEqual({
      level: 'unknown',
      basis: 'observed',
      evidence: 'silent, not yet often and long enough to count as closed',
    });
  });

  it('that counts is closed for the network alone', () => {
    const { observed } = judgeSilence(silent, 'why');
    expect(observed.network).toEqual({ level: 'on', basis: 'observed', evidence: 'why' });
    expect(observed.authentication).toEqual(silent.observed.authentication);
  });
});

describe('nothing seen', () => {
  it('is not known, and proves nothing', () => {
    expect(judge(aReading({ sees: [] }))).toMatchObject({
      auth: 'undetermined',
      proof: 0,
      silent: false,
      rules: [],
      addresses: [],
      gaps: [],
      verdict: { name: 'unknown' },
    });
  });

  it('of what the API says is gone is closed, and seen answering it is not', () => {
    const gone = (sees: readonly ObservationOverrides[], deleted: boolean) =>
      judge(aReading({ sees, deleted })).verdict;
    expect(gone([], true)).toEqual({
      name: 'protected',
      shadow: false,
      confirmed: true,
      why: 'the API confirms that it no longer exists',
    });
    expect(gone([], false).name).toBe('unknown');
    expect(gone([{}], true).name).toBe('reachable');
  });

  it('is told as what it is: gaps of the inventory first, then those of the looks', () => {
    const gap = { stage: 'inventory', subject: 'x', code: 'denied', detail: 'd' } as const;
    const reading = { ...aReading({ sees: [{ gap: 'no-answer' }, {}] }), gaps: [gap] };
    expect(judge(reading).gaps).toEqual([
      gap,
      { stage: 'probe', subject: 'es-1', code: 'no-answer', detail: 'could not conclude: no-answer' },
    ]);
  });
});
