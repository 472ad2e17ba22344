/** What the entries that match accept, protection by protection: reachable with which TLS, plain text, break-glass by the hour. */
import { describe, expect, it } from 'vitest';
import { explainEntry, matchesArn } from '../../lib/assess/allowance-match.ts';
import {
  type Coverage,
  coverageOf,
  DRILL_COVERAGE,
  floorOf,
  glassOver,
  NO_COVERAGE,
  type Seen,
  seenOf,
  tooOld,
} from '../../lib/assess/allowlist.ts';
import { judge } from '../../lib/assess/judge.ts';
import type { Allowance, AllowancePermit, BreakGlass } from '../../lib/model/allowlist.ts';
import { PROTECTIONS } from '../../lib/model/protection.ts';
import { aReading, anAllowance, anAllowlist, anEndpoint } from '../support/readings.ts';

const AT = '2019-12-04T10:00:00.000Z';
const GLASS: BreakGlass = { anonymous: 'metadata', from: '2019-12-04T08:00:00Z', maxHours: 4, secondApprover: 'ciso' };

function permitting(id: string, permit: Partial<AllowancePermit>): Allowance {
  return anAllowance({ id, permit: { ...anAllowance().permit, plaintext: false, ...permit } });
}

function covered(entries: readonly Allowance[], seen: Partial<Seen> = {}, at = AT, endpoint = anEndpoint()): Coverage {
  return coverageOf(anAllowlist(...entries), endpoint, { addresses: ['203.0.113.10'], ...seen }, at);
}

describe('coverage', () => {
  const old = permitting('b-1.3', { minTls: '1.3' });
  const plain = permitting('a-plain', { plaintext: true, minTls: '1.3' });

  it('is sorted by id, whatever the order of the entries, and of each entry once', () => {
    const twice = anAllowance({
      id: 'c',
      match: { accounts: ['111122223333', '111122223333'], protocols: ['elasticsearch'] },
    });
    expect(covered([twice, old, plain])).toEqual({
      ids: ['a-plain', 'b-1.3', 'c'],
      reachable: ['a-plain', 'b-1.3', 'c'],
      plaintext: ['a-plain', 'c'],
    });
  });

  it('of nothing that matches is none, and an endpoint without an account has none', () => {
    expect(covered([anAllowance({ expires: '2019-12-03' })])).toBe(NO_COVERAGE);
    const { account: _, ...nobodys } = anEndpoint();
    expect(covered([old], {}, AT, nobodys)).toEqual(NO_COVERAGE);
    expect(NO_COVERAGE).toEqual({ ids: [], reachable: [], plaintext: [] });
    expect(DRILL_COVERAGE).toEqual({ ids: ['ajar-drill'], reachable: ['ajar-drill'], plaintext: [] });
  });

  it.each([
    ['TLSv1.2', ['a-plain']],
    ['TLSv1', ['a-plain']],
    ['TLSv1.3', ['a-plain', 'b-1.3']],
    // Nothing that a peer calls its TLS is read as a number that it is not.
    ['xTLSv1.2', ['a-plain', 'b-1.3']],
    ['TLSv1.2x', ['a-plain', 'b-1.3']],
    [undefined, ['a-plain', 'b-1.3']],
  ] as const)('with %s reachable is accepted by %j', (tls, reachable) => {
    expect(covered([old, plain], { tls })).toMatchObject({ ids: ['a-plain', 'b-1.3'], reachable });
  });

  it('says what was too old, of an entry that demands TLS', () => {
    expect(tooOld(old, 'TLSv1.2')).toBe('TLS 1.2 was seen, and the entry asks for 1.3');
    expect([tooOld(old, 'TLSv1.3'), tooOld(plain, 'TLSv1.2'), tooOld(old, undefined)]).toEqual(
      Array(3).fill(undefined),
    );
  });

  it('from named networks is of what is declared alone, and not where ajar itself got in', () => {
    const declared = {
      network: { level: 'partial', basis: 'declared', evidence: 'sg-1 lets 8.8.8.0/24 in', sources: ['8.8.8.0/24'] },
    } as const;
    const within = { reachable: 'from-cidrs', fromCidrs: ['8.8.8.0/24'] } as const;
    const entries = [permitting('named', within), permitting('named-plain', { ...within, plaintext: true })];
    const endpoint = anEndpoint({ declared });
    const found = covered(entries, {}, AT, endpoint);
    expect(found).toEqual({
      ...{ ids: ['named', 'named-plain'], reachable: [], plaintext: [] },
      within: { reachable: ['named', 'named-plain'], plaintext: ['named-plain'] },
    });
    expect(floorOf('network', 'declared', found)).toEqual({
      ...{ floor: 'off', allowances: ['named', 'named-plain'], within: ['named', 'named-plain'] },
    });
    expect(floorOf('tls', 'declared', found)).toEqual({
      ...{ floor: 'off', allowances: ['named-plain'], within: ['named-plain'] },
    });
    expect(floorOf('audit-log', 'declared', found)).toEqual({ floor: 'off', allowances: [] });
    expect(floorOf('network', 'observed', found)).toEqual({ floor: 'partial', allowances: [] });
    expect(covered(entries, { network: 'off' }, AT, endpoint)).not.toHaveProperty('within');
    const both = { ...found, reachable: ['z-open'] };
    expect(floorOf('network', 'declared', both).allowances).toEqual(['named', 'named-plain', 'z-open']);
    expect(floorOf('network', 'declared', { ...found, reachable: ['a'] }).allowances).toEqual([
      'a',
      'named',
      'named-plain',
    ]);
  });

  it('is asked with what was seen: addresses, TLS, the network', () => {
    const { addresses, ...seen } = seenOf(judge(aReading({ sees: [{ auth: 'auth-required', tls: 'required' }] })));
    expect(addresses).toEqual(['203.0.113.10']);
    expect(seen).toMatchObject({ network: 'off' });
    expect(seenOf({ ...judge(aReading()), tls: { version: 'TLSv1.3', cipher: 'TLS_AES_128_GCM_SHA256' } }).tls).toBe(
      'TLSv1.3',
    );
  });
});

describe('a floor', () => {
  it('without any entry: what is seen is judged as it is, what is configured by its changes', () => {
    const floors = (basis: 'observed' | 'declared'): Record<string, string> =>
      Object.fromEntries(PROTECTIONS.map((name) => [name, floorOf(name, basis, NO_COVERAGE).floor]));
    const off = Object.fromEntries(PROTECTIONS.map((name) => [name, 'off']));
    expect(floors('observed')).toEqual({ ...off, authentication: 'on', network: 'partial', tls: 'partial' });
    expect(floors('declared')).toEqual({ ...off, authentication: 'on' });
    for (const name of PROTECTIONS) expect(floorOf(name, 'observed', NO_COVERAGE).allowances).toEqual([]);
  });

  it('behind a host that all customers share is higher for who may call, and for nothing else', () => {
    for (const name of PROTECTIONS) {
      const isWho = name === 'sharing' || name === 'access-policy';
      expect(floorOf(name, 'declared', NO_COVERAGE, true), name).toEqual(
        isWho ? { floor: 'partial', allowances: [] } : floorOf(name, 'declared', NO_COVERAGE),
      );
    }
  });
});

describe('break-glass', () => {
  const glass = (id: string, over: Partial<BreakGlass> = {}, permit: Partial<AllowancePermit> = {}): Allowance =>
    permitting(id, { breakGlass: { ...GLASS, ...over }, ...permit });

  it('is no entry that accepts: it is apart, in its hours alone', () => {
    const entry = glass('glass', {}, { plaintext: true });
    const cidrs = glass('cidrs', {}, { reachable: 'from-cidrs', fromCidrs: ['8.8.8.0/24'] });
    expect(covered([entry, cidrs, permitting('door', {})])).toEqual({
      ...{ ids: ['cidrs', 'door', 'glass'], reachable: ['door'], plaintext: [] },
      glass: [entry, cidrs],
    });
    expect(covered([permitting('door', {})])).not.toHaveProperty('glass');
  });

  it.each([
    ['2019-12-04T07:59:59.999Z', 'break-glass from 2019-12-04T08:00:00Z'],
    ['2019-12-04T08:00:00.000Z', 'matches in every respect'],
    ['2019-12-04T11:59:59.999Z', 'matches in every respect'],
    ['2019-12-04T12:00:00.000Z', 'break-glass was over at 2019-12-04T12:00:00.000Z'],
  ])('at %s: %s', (at, why) => {
    expect(explainEntry(glass('glass'), anEndpoint(), ['203.0.113.10'], at).why).toBe(why);
  });

  const read = glass('read', { anonymous: 'read' });
  const meta = glass('meta');
  const networks = glass('networks', {}, { reachable: 'from-cidrs' });
  const plain = glass('a-plain', {}, { plaintext: true });
  const all = { ...NO_COVERAGE, glass: [read, meta, networks, plain] };
  it.each([
    ['network', 'off', 'auth-required', ['a-plain', 'meta', 'read']],
    ['tls', 'off', 'auth-required', ['a-plain']],
    ['authentication', 'off', 'open-anonymous', ['read']],
    ['authentication', 'partial', 'open-restricted', ['a-plain', 'meta', 'networks', 'read']],
    ['authentication', 'off', 'setup-open', []],
    ['authentication', 'partial', 'setup-open', []],
    ['access-policy', 'off', 'auth-required', ['read']],
    ['encryption-at-rest', 'off', 'auth-required', []],
    ['audit-log', 'off', 'auth-required', []],
    ['sharing', 'off', 'auth-required', []],
    ['guardrail', 'off', 'auth-required', []],
  ] as const)('over %s at %s with %s: %j', (protection, level, auth, ids) => {
    expect(glassOver({ protection, level }, all, auth)).toEqual(ids);
  });

  it('without an entry covers nothing', () => {
    expect(glassOver({ protection: 'network', level: 'off' }, NO_COVERAGE, 'open-anonymous')).toEqual([]);
  });
});

describe('what was missing', () => {
  it('is told in full, one after the other', () => {
    const { why } = explainEntry(anAllowance(), anEndpoint({ engine: 'redis', account: '1' }), [], AT);
    expect(why).toBe('account 1 is not listed; protocol redis is not listed');
  });

  it('of several names one is enough', () => {
    const named = anAllowance({ match: { ...anAllowance().match, hostnames: ['other.test', 'ES.example.test'] } });
    expect(explainEntry(named, anEndpoint(), [], AT).matches).toBe(true);
  });

  it('an ARN that is none matches no pattern, nor anything a pattern that is none', () => {
    expect(matchesArn('arn:aws:es:us-east-1:1', 'arn:aws:es:us-east-1:1')).toBe(false);
    expect(matchesArn('arn:aws:es:us-east-1:1:*', 'arn:aws:es:us-east-1:1')).toBe(false);
    expect(matchesArn('arn:aws:es:us-east-1:1:', 'arn:aws:es:us-east-1:1')).toBe(false);
    expect(matchesArn('arn:aws:es:us-east-1:1:a', 'arn:aws:es:us-east-1:1:ab')).toBe(false);
  });
});
