/** What `allowlist explain` says of entries of every kind: named networks, break-glass, those that match and those that nearly do. */
import { describe, expect, it } from 'vitest';
import { alertChanges } from '../../lib/assess/allowlist-diff.ts';
import { approvedFor } from '../../lib/assess/approved.ts';
import type { Allowance, AllowancePermit } from '../../lib/model/allowlist.ts';
import { EMPTY_ALLOWLIST } from '../../lib/model/allowlist.ts';
import { declaredOff } from '../../lib/model/declared.ts';
import { aReading, anAllowance, anAllowlist, anEndpoint, instant, play } from '../support/readings.ts';

const AT = instant(60);
const SEEN = { addresses: ['203.0.113.10'], tls: 'TLSv1.2' };
const BLOCKS = ['8.8.0.0/24', '8.8.1.0/24', '8.8.2.0/24', '8.8.3.0/24', '8.8.4.0/24'];
const GLASS = { anonymous: 'read', from: '2019-12-04T09:00:00Z', maxHours: 4, secondApprover: 'cto' } as const;
const permitting = (id: string, permit: Partial<AllowancePermit>): Allowance =>
  anAllowance({ id, permit: { ...anAllowance().permit, plaintext: false, ...permit } });
const within = (id: string, fromCidrs: readonly string[], plaintext = false): Allowance =>
  permitting(id, { reachable: 'from-cidrs', fromCidrs, plaintext });
/** The configuration lets these in and nobody else. */
const openTo = (...sources: readonly string[]) =>
  anEndpoint({ declared: { network: { level: 'partial', basis: 'declared', evidence: 'sg-1', sources } } });
const approved = (entries: readonly Allowance[], endpoint = anEndpoint()) =>
  approvedFor(anAllowlist(...entries), endpoint, SEEN, AT);

describe('without any entry', () => {
  it('nothing is approved, and each protection says what that means', () => {
    expect(approvedFor(EMPTY_ALLOWLIST, anEndpoint(), SEEN, AT)).toEqual({
      posture: [
        { protection: 'network', by: [], means: 'must not be reached from outside' },
        { protection: 'tls', by: [], means: 'must be offered, 1.2 or later' },
        { protection: 'authentication', by: [], means: 'must be demanded: no entry accepts less' },
        {
          protection: 'others',
          by: [],
          means: 'may not fall below the best that was seen: no entry accepts a removal',
        },
      ],
      entries: [],
    });
  });
});

describe('named networks', () => {
  it('are approved by the configuration alone, each network once', () => {
    const [network, tls] = approved(
      [within('b', ['8.8.1.0/24', '8.8.0.0/24'], true), within('a', ['8.8.0.0/23'])],
      openTo('8.8.0.0/24'),
    ).posture;
    expect(network).toEqual({
      ...{ protection: 'network', by: ['a', 'b'], within: '8.8.0.0/23, 8.8.0.0/24, 8.8.1.0/24' },
      means:
        'may be opened to 8.8.0.0/23, 8.8.0.0/24, 8.8.1.0/24, by the configuration, and must not be reached from elsewhere',
    });
    expect(tls).toMatchObject({
      ...{ protection: 'tls', by: ['b'] },
      means: 'may be missing in the configuration; what is seen from outside must offer 1.2 or later',
    });
  });

  it('are named four at most, and the others counted', () => {
    const text = (count: number) =>
      approved([within('a', BLOCKS.slice(0, count))], openTo('8.8.0.0/24')).posture[0]?.within;
    expect(text(4)).toBe('8.8.0.0/24, 8.8.1.0/24, 8.8.2.0/24, 8.8.3.0/24');
    expect(text(5)).toBe('8.8.0.0/24, 8.8.1.0/24, 8.8.2.0/24, 8.8.3.0/24 and 1 more');
  });

  it('of an entry that accepts nothing are none of theirs', () => {
    const { posture } = approved([within('a', ['8.8.0.0/24']), within('b', ['9.9.9.0/24'])], openTo('8.8.0.0/24'));
    expect(posture[0]?.within).toBe('8.8.0.0/24');
  });

  it('give way to an entry that asks nothing of who connects', () => {
    const { posture } = approved([within('a', ['8.8.0.0/24']), permitting('open', {})], openTo('8.8.0.0/24'));
    expect(posture[0]).toEqual({ protection: 'network', by: ['open'], means: 'may be reached from the internet' });
  });

  it('say what else may connect, of an entry that matches and accepts nothing', () => {
    const [entry] = approved([within('a', ['8.8.0.0/24'])], openTo('8.8.0.0/23')).entries;
    expect(entry).toMatchObject({
      ...{ id: 'a', matches: true, misses: [] },
      why: 'matches in every respect, but 8.8.1.0/24 may connect too, which the entry does not name',
      accepts: 'open to 8.8.0.0/24 and nobody else, as the configuration says, credentials demanded',
    });
  });
});

describe('an entry', () => {
  it('that matches says so, and all that whoever asks wants to know of it', () => {
    const entry = permitting('open', { plaintext: true });
    const { owner, reason, ticket, expires } = entry;
    expect(approved([entry]).entries).toEqual([
      {
        ...{ id: 'open', matches: true, why: 'matches in every respect', misses: [], owner, reason, ticket, expires },
        accepts: 'reachable from the internet, credentials demanded, without TLS too',
      },
    ]);
  });

  it('that does not match says what is missing and no limit beside', () => {
    const match = { ...anAllowance().match, ports: [9300] };
    expect(approved([{ ...permitting('x', { minTls: '1.3' }), match }]).entries[0]).toMatchObject({
      ...{ matches: false, why: 'port 9200 is not listed', misses: ['port 9200 is not listed'] },
    });
  });

  it('of named networks says which, and whether TLS may be missing', () => {
    expect(approved([within('a', BLOCKS, true)]).entries[0]?.accepts).toBe(
      'open to 8.8.0.0/24, 8.8.1.0/24, 8.8.2.0/24, 8.8.3.0/24 and 1 more and nobody else, as the configuration says, credentials demanded, without TLS too',
    );
  });

  it('comes before those that lack more, and before its likes by id', () => {
    const far = { ...permitting('a', {}), match: { accounts: ['9'], protocols: ['redis'] as const } };
    const order = (...entries: readonly Allowance[]) => approved(entries).entries.map(({ id }) => id);
    expect(order(far, permitting('c', {}), permitting('b', {}))).toEqual(['b', 'c', 'a']);
    expect(order(permitting('b', {}), permitting('c', {}), far)).toEqual(['b', 'c', 'a']);
  });
});

describe('break-glass', () => {
  const glass = (id: string): Allowance => permitting(id, { breakGlass: GLASS });

  it('approves nothing: it says who is woken while it lasts', () => {
    expect(approved([glass('b'), glass('a')]).posture[2]).toEqual({
      ...{ protection: 'authentication', by: ['a', 'b'] },
      means: 'must be demanded; while the glass is broken an incident is recorded and nobody is woken',
    });
    expect(approved([glass('a')]).entries[0]?.accepts).toBe(
      'break-glass, read, from 2019-12-04T09:00:00Z to 2019-12-04T13:00:00.000Z: recorded, nobody is woken',
    );
  });
});

describe('another allowlist', () => {
  const open = [{ auth: 'open-anonymous', tls: 'absent' }] as const;
  const changes = (before: readonly Allowance[], after: readonly Allowance[], now: number, at = 0) => {
    const { state } = play([aReading({ at, sees: open })], anAllowlist(...before));
    return alertChanges(state, anAllowlist(...before), anAllowlist(...after), new Date(instant(now)));
  };
  /** Behind a password and without TLS. */
  const plain = (before: readonly Allowance[], after: readonly Allowance[]) => {
    const { state } = play([aReading({ sees: [{ tls: 'absent' }] })], anAllowlist(...before));
    return alertChanges(state, anAllowlist(...before), anAllowlist(...after), new Date(instant(600)));
  };
  const quiet = permitting('glass', { plaintext: true, breakGlass: { ...GLASS, from: instant(-3_600) } });

  it('with break-glass added makes nothing quiet that woke somebody: it is a window as any', () => {
    expect(changes([], [quiet], 600)).toEqual([]);
    expect(changes([quiet], [quiet], 600)).toEqual([]);
  });

  it('says of each protection what becomes of it, and of none what becomes of another', () => {
    const reach = permitting('reach', {});
    expect(plain([], [reach]).map(({ protection, change }) => `${change} ${protection}`)).toEqual(['stops network']);
    expect(plain([reach], []).map(({ protection, change }) => `${change} ${protection}`)).toEqual(['starts network']);
  });

  it('is asked as of now, though the last look be of a clock that is ahead', () => {
    const [first] = changes([quiet], [], 0, 600);
    expect(first).toMatchObject({
      endpointId: 'es-1',
      protection: 'authentication',
      change: 'wakes',
      level: 'off',
      by: ['glass'],
    });
  });

  it('is judged behind a host that all customers share as a visit there would be', () => {
    const endpoint = { shared: true, declared: { sharing: declaredOff('public') } } as const;
    const { state } = play([aReading({ endpoint, sees: [] })], EMPTY_ALLOWLIST);
    const open = permitting('open', {});
    expect(alertChanges(state, EMPTY_ALLOWLIST, anAllowlist(open), new Date(instant(600)))).toEqual([]);
    expect(state.incidents.map(({ protection }) => protection)).toEqual(['sharing']);
  });
});
