/** What one entry of an allowlist is beside the others: overlapped, shadowed or neither, and of what each is told. */
import { describe, expect, it } from 'vitest';
import { isOverBroad, type Known, type KnownEndpoint, lintAllowlist } from '../../lib/assess/lint.ts';
import type { Allowance, AllowancePermit } from '../../lib/model/allowlist.ts';
import { anAllowance, anAllowlist, anEndpoint, openOnlyTo } from '../support/readings.ts';

const TODAY = '2019-12-04T10:00:00.000Z';
const MATCH = { accounts: ['111122223333'], protocols: ['elasticsearch' as const], hostnames: ['es.example.test'] };
const ONE: Known = knownOf({ endpoint: anEndpoint() });

function knownOf(...endpoints: readonly KnownEndpoint[]): Known {
  return { endpoints, accounts: ['111122223333'] };
}
function entry(id: string, over: Partial<Allowance> = {}, permit: Partial<AllowancePermit> = {}): Allowance {
  const plain = anAllowance();
  return { ...plain, id, match: MATCH, permit: { ...plain.permit, plaintext: false, ...permit }, ...over };
}
const codes = (entries: readonly Allowance[], known = ONE): readonly string[] =>
  lintAllowlist(anAllowlist(...entries), known, TODAY).map(({ id, code }) => `${id} ${code}`);
const messages = (entries: readonly Allowance[], known = ONE): readonly string[] =>
  lintAllowlist(anAllowlist(...entries), known, TODAY).map(({ message }) => message);

describe('of two entries', () => {
  const cidrs = (...fromCidrs: readonly string[]) => ({ reachable: 'from-cidrs', fromCidrs }) as const;
  const later = { expires: '2020-03-01' };
  const both = ['a overlapping', 'b overlapping'];
  /** `b` is the wider one where it lasts longer. */
  it.each<readonly [string, Allowance, Allowance, readonly string[]]>([
    ['the same: the later by id decides nothing', entry('a'), entry('b'), ['a overlapping', 'b shadowed']],
    [
      'the same and the other goes on: this one decides nothing',
      entry('a'),
      entry('b', later),
      ['a shadowed', 'b overlapping'],
    ],
    [
      'this one accepts plain text: each decides something',
      entry('a', {}, { plaintext: true }),
      entry('b', later),
      both,
    ],
    ['the other accepts plain text', entry('a'), entry('b', {}, { plaintext: true }), ['a shadowed', 'b overlapping']],
    ['this one takes older TLS', entry('a'), entry('b', later, { minTls: '1.3' }), both],
    ['the other takes older TLS', entry('a', {}, { minTls: '1.3' }), entry('b'), ['a shadowed', 'b overlapping']],
    [
      'plain text takes any TLS',
      entry('a'),
      entry('b', {}, { plaintext: true, minTls: '1.3' }),
      ['a shadowed', 'b overlapping'],
    ],
    [
      'both ask for the newest, one for plain text too',
      entry('a', {}, { minTls: '1.3', plaintext: true }),
      entry('b', later, { minTls: '1.3' }),
      both,
    ],
  ])('%s', (_what, a, b, expected) => {
    expect(codes([a, b])).toEqual(expected);
  });

  const open = knownOf({ endpoint: anEndpoint({ declared: { network: openOnlyTo(['8.8.8.0/25']) } }) });
  it.each<readonly [string, Allowance, Allowance, readonly string[]]>([
    [
      'wider networks',
      entry('a', {}, cidrs('8.8.8.0/24')),
      entry('b', later, cidrs('8.8.0.0/16')),
      ['a shadowed', 'b overlapping'],
    ],
    ['other networks', entry('a', {}, cidrs('8.8.8.0/24', '9.9.9.0/24')), entry('b', later, cidrs('8.8.0.0/16')), both],
    [
      'the same networks',
      entry('a', {}, cidrs('8.8.8.0/24')),
      entry('b', {}, cidrs('8.8.8.0/25', '8.8.8.128/25')),
      ['a overlapping', 'b shadowed'],
    ],
    ['all of the internet', entry('a', {}, cidrs('8.8.8.0/24')), entry('b', later), ['a shadowed', 'b overlapping']],
    [
      'networks without plain text',
      entry('a', {}, { ...cidrs('8.8.8.0/24'), plaintext: true }),
      entry('b', later, cidrs('8.8.0.0/16')),
      both,
    ],
    ['networks, and nobody beside', entry('a'), entry('b', later, cidrs('0.0.0.0/0')), both],
  ])('the other accepts %s', (_what, a, b, expected) => {
    expect(codes([a, b], open)).toEqual(expected);
  });

  it('one that covers an endpoint more is not shadowed by the other', () => {
    const two = { ...MATCH, hostnames: ['es.example.test', 'b.example.test'] };
    const known = knownOf({ endpoint: anEndpoint() }, { endpoint: anEndpoint({ id: 'b', host: 'b.example.test' }) });
    expect(codes([entry('wide', { match: two }), entry('narrow')], known)).toEqual([
      'wide overlapping',
      'narrow shadowed',
    ]);
    expect(codes([entry('a', { match: two }), entry('b', { match: two })], known)).toEqual([
      'a overlapping',
      'b shadowed',
    ]);
  });

  it('which one is shadowed is told with the day until which', () => {
    expect(messages([entry('a'), entry('b', later)])).toContain(
      'b accepts all of this until 2020-03-01: this one decides nothing',
    );
  });
});

describe('neither covers nor hides', () => {
  const day = (over: Partial<Allowance>): Allowance => entry('other', over);
  const glass = { anonymous: 'read', from: TODAY, maxHours: 4, secondApprover: 'eve' } as const;
  it.each([
    ['one that is over', day({ expires: '2019-12-03' }), ['other expired']],
    ['one that is not in force yet', day({ approvedOn: '2019-12-05' }), ['other not-yet']],
    ['break-glass', entry('other', {}, { breakGlass: glass }), []],
    ['one of other endpoints', day({ match: { ...MATCH, hostnames: ['b.example.test'] } }), ['other unused']],
    ['one of other accounts', day({ match: { ...MATCH, accounts: ['9'] } }), ['other unknown-account', 'other unused']],
  ])('%s', (_what, other, expected) => {
    expect(codes([entry('mine'), other])).toEqual(expected);
    expect(codes([other, entry('mine')])).toEqual(expected);
  });

  it('but one on its first day and its last', () => {
    const today = TODAY.slice(0, 10);
    expect(codes([entry('a'), day({ approvedOn: today })])).toEqual(['a overlapping', 'other shadowed']);
    expect(codes([entry('a'), day({ expires: today })])).toEqual([
      'a overlapping',
      'other expires-soon',
      'other shadowed',
    ]);
  });
});

it('others are named three at most, and counted', () => {
  const others = (count: number) =>
    Array.from({ length: count }, (_, i) => entry(`o${i}`, { expires: `2020-01-1${i}` }, { plaintext: true }));
  const last = entry('last', { expires: '2020-02-20' });
  const of = (count: number): string | undefined => messages([last, ...others(count)])[0];
  const named = 'o0 (until 2020-01-10), o1 (until 2020-01-11), o2 (until 2020-01-12)';
  expect(of(3)).toBe(`covers what ${named} covers too: when it ends, that goes on`);
  expect(of(4)).toBe(`covers what ${named} and 1 more covers too: when it ends, that goes on`);
});

describe('an account', () => {
  it('that nobody knows is named, three at most', () => {
    const accounts = ['111122223333', '1', '2', '3', '4'];
    expect(messages([entry('a', { match: { ...MATCH, accounts } })])).toEqual([
      '1, 2, 3: nothing is known of it; is it a slip?',
    ]);
  });

  it('is known by an endpoint, or by the list of accounts', () => {
    const known: Known = { endpoints: [{ endpoint: anEndpoint() }], accounts: ['2'] };
    expect(codes([entry('a', { match: { ...MATCH, accounts: ['111122223333', '2'] } })], known)).toEqual([]);
  });
});

describe('the use of an entry', () => {
  const old = '2019-10-02T00:00:00.000Z';
  it('is judged from the day that it had thirty of', () => {
    const known = knownOf({ endpoint: anEndpoint(), decidedAt: old });
    expect(codes([entry('a', { approvedOn: '2019-11-04' })], known)).toEqual(['a unused']);
    expect(codes([entry('a', { approvedOn: '2019-11-05' })], known)).toEqual([]);
  });

  it('of break-glass is asked of the hour that it is for', () => {
    const later = { anonymous: 'read', from: '2020-01-05T10:00:00Z', maxHours: 4, secondApprover: 'eve' } as const;
    expect(codes([entry('a', {}, { breakGlass: later })])).toEqual([]);
  });

  it('by address is not judged where of any endpoint no address is known', () => {
    const match = { ...MATCH, addresses: ['203.0.113.0/28'] };
    const known = { endpoint: anEndpoint(), addresses: ['203.0.113.9'] };
    expect(codes([entry('a', { match })], knownOf(known))).toEqual([]);
    expect(codes([entry('a', { match })], knownOf(known, { endpoint: anEndpoint({ id: 'b' }) }))).toEqual([
      'a use-unknown',
    ]);
  });

  it('of named networks is one where it accepts something of anything that it matches', () => {
    const named = entry('a', {}, { reachable: 'from-cidrs', fromCidrs: ['8.8.8.0/24'] });
    const to = (id: string, ...blocks: readonly string[]): KnownEndpoint => ({
      endpoint: anEndpoint({ id, declared: { network: openOnlyTo(blocks) } }),
    });
    expect(codes([named], knownOf(to('a', '9.9.9.9/32'), to('b', '8.8.8.8/32')))).toEqual([]);
    expect(codes([named], knownOf(to('a', '9.9.9.9/32'), to('b', '9.9.9.8/32')))).toEqual(['a judges-nothing']);
    expect(codes([named], knownOf({ ...to('a', '8.8.8.8/32'), network: 'off' }))).toEqual(['a judges-nothing']);
    const elsewhere = { endpoint: anEndpoint({ id: 'c', host: 'other.example.test' }) };
    expect(codes([named], knownOf(elsewhere, to('b', '8.8.8.8/32')))).toEqual([]);
    const long = knownOf({
      endpoint: anEndpoint({ declared: { network: { ...openOnlyTo([]), sources: [`x${'y'.repeat(999)}`] } } }),
    });
    expect(messages([named], long)[0]?.length).toBeLessThanOrEqual(401);
  });
});

describe('too broad', () => {
  const arn = (resource: string): Allowance['match'] => ({
    ...{ accounts: ['1'], protocols: ['elasticsearch'] },
    arns: ['arn:aws:es:us-east-1:1:domain/a', `arn:aws:es:us-east-1:1:${resource}`],
  });
  it.each([
    ['domain/*', true],
    ['db:?*', true],
    ['a-b/*', true],
    ['domain/a*', false],
    ['domain/x/*', false],
    ['Domain/*', false],
    ['db:a:*', false],
    ['', false],
  ])('is a pattern %j: %s', (resource, isBroad) => {
    const found = lintAllowlist(anAllowlist(entry('a', { match: arn(resource) })), undefined, TODAY);
    const message = `arn:aws:es:us-east-1:1:${resource} is all that a service has in an account: name what is meant`;
    expect(found).toEqual(isBroad ? [{ id: 'a', code: 'broad', message }] : []);
    expect(isOverBroad(entry('a', { match: arn(resource) }), 1)).toBe(isBroad);
  });

  it('is none where names or addresses narrow it', () => {
    const { hostnames } = MATCH;
    for (const more of [{ hostnames }, { addresses: ['203.0.113.0/28'] }, { hostnames, tags: { a: 'b' } }])
      expect(isOverBroad(entry('a', { match: { ...arn('*'), ...more } }), 25), JSON.stringify(more)).toBe(false);
  });

  it('is what matches more endpoints than anybody can have looked at, or by tag alone', () => {
    expect([25, 26].map((matches) => isOverBroad(entry('a'), matches))).toEqual([false, true]);
    const tags = { env: 'lab' };
    expect(isOverBroad(entry('a', { match: { accounts: ['1'], protocols: ['redis'], tags } }), 0)).toBe(true);
    expect(
      isOverBroad(entry('a', { match: { accounts: ['1'], protocols: ['redis'], tags, addresses: ['8.8.8.8/32'] } }), 0),
    ).toBe(false);
  });
});
