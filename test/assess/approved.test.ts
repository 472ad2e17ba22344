import { describe, expect, it } from 'vitest';
import { alertChanges } from '../../lib/assess/allowlist-diff.ts';
import { approvedFor } from '../../lib/assess/approved.ts';
import type { Allowance } from '../../lib/model/allowlist.ts';
import { EMPTY_ALLOWLIST } from '../../lib/model/allowlist.ts';
import {
  aReading,
  anAllowance,
  anAllowlist,
  anEndpoint,
  instant,
  play,
  type ReadingOverrides,
} from '../support/readings.ts';

const AT = instant(60);
const SEEN = { addresses: ['203.0.113.10'], tls: 'TLSv1.2' };
const strict = (over: Partial<Allowance> = {}): Allowance =>
  anAllowance({ id: 'strict', permit: { ...anAllowance().permit, plaintext: false }, ...over });

describe('what is approved', () => {
  it('is said protection by protection, with the entries that decided it', () => {
    const { posture } = approvedFor(anAllowlist(strict(), anAllowance({ id: 'plain' })), anEndpoint(), SEEN, AT);
    expect(posture.map(({ protection, by, means }) => [protection, by, means])).toEqual([
      ['network', ['plain', 'strict'], 'may be reached from the internet'],
      ['tls', ['plain'], 'may be missing'],
      ['authentication', [], 'must be demanded: no entry accepts less'],
      ['others', [], 'may not fall below the best that was seen: no entry accepts a removal'],
    ]);
  });

  it('names all that an entry lacks, the nearest entry first, and what it would accept', () => {
    const far = strict({
      id: 'far',
      expires: '2019-12-03',
      match: { accounts: ['999988887777'], protocols: ['redis'] },
    });
    const near = strict({ id: 'near', match: { ...strict().match, ports: [9300] } });
    const { entries } = approvedFor(anAllowlist(far, near), anEndpoint(), SEEN, AT);
    expect(entries.map(({ id, why, accepts }) => [id, why, accepts])).toEqual([
      ['near', 'port 9200 is not listed', 'reachable from the internet, credentials demanded, with TLS 1.2 or later'],
      [
        'far',
        'expired at the end of 2019-12-03; account 111122223333 is not listed; protocol elasticsearch is not listed',
        'reachable from the internet, credentials demanded, with TLS 1.2 or later',
      ],
    ]);
  });

  it.each([
    ['TLSv1.2', '1.3', false],
    ['TLSv1.3', '1.3', true],
    ['TLSv1', '1.2', false],
    ['TLSv1.1', '1.2', false],
    [undefined, '1.3', true],
  ] as const)('seen with %s under an entry that asks for %s: %s', (tls, minTls, isAccepted) => {
    const list = anAllowlist(strict({ permit: { ...strict().permit, minTls } }));
    const { posture, entries } = approvedFor(list, anEndpoint(), { ...SEEN, tls }, AT);
    expect(posture[0]?.by).toEqual(isAccepted ? ['strict'] : []);
    if (!isAccepted)
      expect(entries[0]?.why).toMatch(/^matches in every respect, but TLS 1.* was seen, and the entry asks for/);
  });
});

describe('another allowlist', () => {
  const PLAIN = [{ tls: 'absent' }] as const;
  const changes = (looks: readonly ReadingOverrides[], before: readonly Allowance[], after: readonly Allowance[]) => {
    const { state } = play(looks.map(aReading), anAllowlist(...before));
    const found = alertChanges(state, anAllowlist(...before), anAllowlist(...after), new Date(instant(600)));
    return found.map(({ protection, change, level, by }) => `${change}: ${protection} ${level} (${by.join(', ')})`);
  };
  const any = anAllowance({ id: 'any' });

  it('that is the same changes nothing', () => {
    expect(changes([{ sees: PLAIN }], [any], [any])).toEqual([]);
    expect(changes([{ sees: PLAIN }], [], [])).toEqual([]);
  });

  it('without an entry starts what it covered, with one stops it', () => {
    expect(changes([{ sees: PLAIN }], [any], [])).toEqual(['starts: network off (any)', 'starts: tls off (any)']);
    expect(changes([{ sees: PLAIN }], [], [any])).toEqual(['stops: network off (any)', 'stops: tls off (any)']);
    expect(changes([{ sees: PLAIN }], [any], [strict()])).toEqual(['starts: tls off (any)']);
  });

  it('never stops an open door, nor what else is open with it; break-glass changes who is woken', () => {
    const open = [{ sees: [{ auth: 'open-anonymous', tls: 'absent' }] }] as const;
    expect(changes(open, [], [any])).toEqual([]);
    const breakGlass = { anonymous: 'read' as const, from: instant(0), maxHours: 1, secondApprover: 'cto' };
    const glass = anAllowance({ id: 'glass', permit: { ...any.permit, breakGlass } });
    expect(changes(open, [glass], [])).toEqual([
      'wakes: authentication off (glass)',
      'wakes: network off (glass)',
      'wakes: tls off (glass)',
    ]);
  });

  it('stops no removal under the entry that it happened under, and accepts it under a new one', () => {
    const removed = [{ at: 0 }, { at: 60, sees: PLAIN }];
    expect(changes(removed, [any], [any])).toEqual([]);
    expect(changes(removed, [any], [any, { ...any, id: 'again' }])).toEqual(['stops: tls off (again, any)']);
  });

  it('agrees with what a visit would then decide', () => {
    const { state } = play([aReading({ sees: PLAIN })], EMPTY_ALLOWLIST);
    const next = play([aReading({ at: 600, sees: PLAIN })], anAllowlist(any), state);
    expect(next.state.incidents.filter((i) => i.status === 'open')).toEqual([]);
    const said = alertChanges(state, EMPTY_ALLOWLIST, anAllowlist(any), new Date(instant(600)));
    expect(said.map(({ change }) => change)).toEqual(['stops', 'stops']);
  });
});
