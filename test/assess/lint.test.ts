import { describe, expect, it } from 'vitest';
import { type Known, lintAllowlist } from '../../lib/assess/lint.ts';
import type { Allowance } from '../../lib/model/allowlist.ts';
import type { Endpoint } from '../../lib/model/endpoint.ts';
import { anAllowance, anAllowlist, anEndpoint, openOnlyTo } from '../support/readings.ts';

const TODAY = '2019-12-04T10:00:00.000Z';
const MATCH = { accounts: ['111122223333'], protocols: ['elasticsearch' as const] };
const BY_HOST: Partial<Allowance> = { match: { ...MATCH, hostnames: ['es.example.test'] } };

function lint(entry: Partial<Allowance>, endpoints?: readonly Endpoint[]): readonly string[] {
  const known = endpoints === undefined ? undefined : knownOf(endpoints);
  return lintAllowlist(anAllowlist(anAllowance(entry)), known, TODAY).map((w) => `${w.code}: ${w.message}`);
}
const knownOf = (endpoints: readonly Endpoint[], accounts: readonly string[] = ['111122223333']): Known => ({
  endpoints: endpoints.map((endpoint) => ({ endpoint })),
  accounts,
});
const fleet = (size: number): readonly Endpoint[] =>
  Array.from({ length: size }, (_, i) => anEndpoint({ id: `es-${i}` }));

it('says nothing of an entry in force that matches what it names', () => {
  expect(lint(BY_HOST, [anEndpoint()])).toEqual([]);
});

describe('the days of an entry', () => {
  it.each([
    ['2019-12-03', 'expired: expired on 2019-12-03: it accepts nothing; remove it or approve it again'],
    ['2019-12-04', 'expires-soon: expires today, on 2019-12-04: search-team decides'],
    ['2019-12-05', 'expires-soon: expires tomorrow, on 2019-12-05: search-team decides'],
    ['2019-12-18', 'expires-soon: expires in 14 days, on 2019-12-18: search-team decides'],
    ['2019-12-19', undefined],
    ['2020-04-29', undefined],
    ['2020-04-30', 'long: runs 181 days: more than 180 is hard to justify'],
  ])('that expires on %s', (expires, warning) => {
    expect(lint({ ...BY_HOST, approvedOn: '2019-11-01', expires })).toEqual(warning === undefined ? [] : [warning]);
  });

  it.each([
    ['2019-12-04', []],
    ['2019-12-05', ['not-yet: accepts nothing before 2019-12-05']],
  ])('approved on %s', (approvedOn, warnings) => {
    expect(lint({ ...BY_HOST, approvedOn })).toEqual(warnings);
  });
});

describe('the reach of an entry', () => {
  it('is not judged without an inventory', () => {
    expect(lint({ match: { ...MATCH, hostnames: ['gone.example.test'] } })).toEqual([]);
  });

  it('is told where it matches no endpoint', () => {
    expect(lint({ match: { ...MATCH, hostnames: ['gone.example.test'] } }, [anEndpoint()])).toEqual([
      'unused: matches no endpoint of the inventory',
    ]);
    expect(lint(BY_HOST, [])).toEqual(['unused: matches no endpoint of the inventory']);
  });

  it.each([
    ['thirty days ago', '2019-11-04T10:00:00.000Z', []],
    [
      'longer ago',
      '2019-11-04T09:59:59.000Z',
      ['unused: nothing that it matches was decided of in 30 days, the last on 2019-11-04'],
    ],
  ])('is told where all that it matches was last decided of %s', (_, decidedAt, said) => {
    const entry = anAllowance({ ...BY_HOST, approvedOn: '2019-10-01' });
    const warningsOf = (...endpoints: Known['endpoints']) =>
      lintAllowlist(anAllowlist(entry), { endpoints, accounts: [] }, TODAY).map((w) => `${w.code}: ${w.message}`);
    const [old, older] = [
      { endpoint: anEndpoint(), decidedAt },
      { endpoint: anEndpoint({ id: 'b' }), decidedAt: '2019-10-02T00:00:00.000Z' },
    ];
    expect(warningsOf(older, old)).toEqual(said);
    // One that an inventory of today lists is there.
    expect(warningsOf(older, old, { endpoint: anEndpoint({ id: 'c' }) })).toEqual([]);
    const young = lintAllowlist(
      anAllowlist({ ...entry, approvedOn: '2019-11-20' }),
      { endpoints: [old], accounts: [] },
      TODAY,
    );
    expect(young).toEqual([]);
  });

  it.each([
    ['not yet in force', { approvedOn: '2019-12-24' }, ['not-yet']],
    ['expired', { expires: '2019-12-03' }, ['expired']],
  ])('is judged apart from its days: one that is %s and matches is not called unused', (_, days, codes) => {
    expect(lint({ ...BY_HOST, ...days }, [anEndpoint()]).map((w) => w.split(':')[0])).toEqual(codes);
  });

  it.each([
    [25, []],
    [26, ['broad: matches 26 endpoints']],
  ])('over %d endpoints', (size, warnings) => {
    expect(lint(BY_HOST, fleet(size))).toEqual(warnings);
  });

  it('is not judged by address, which only a probe learns, and that is said', () => {
    expect(lint({ match: { ...MATCH, addresses: ['203.0.113.0/28'] } }, [anEndpoint()])).toEqual([
      'use-unknown: matches by address, which only a probe learns: its use was not judged',
    ]);
  });

  it('is told where a tag alone gives it', () => {
    const tagged = anEndpoint({ tags: { env: 'lab' } });
    const tags = { env: 'lab' };
    expect(lint({ match: { ...MATCH, tags } }, [tagged])).toEqual([
      'tag-only: matches by tag alone: whoever may tag may widen it',
    ]);
    expect(lint({ match: { ...MATCH, tags, hostnames: ['es.example.test'] } }, [tagged])).toEqual([]);
    expect(lint({ match: { ...MATCH, tags, arns: ['arn:aws:es:us-east-1:111122223333:domain/web-*'] } })).toEqual([]);
  });
});

it('names the entry of each warning, in the order of the list', () => {
  const [first, second] = [
    anAllowance({ ...BY_HOST, id: 'first', expires: '2019-12-01' }),
    anAllowance({ id: 'second', match: { ...MATCH, tags: { env: 'none' } } }),
  ];
  const warnings = lintAllowlist(anAllowlist(first, second), knownOf([anEndpoint()]), TODAY);
  expect(warnings.map((w) => [w.id, w.code])).toEqual([
    ['first', 'expired'],
    ['second', 'tag-only'],
    ['second', 'unused'],
  ]);
});

const entryOf = (id: string, over: Partial<Allowance> = {}): Allowance => anAllowance({ ...BY_HOST, id, ...over });
function codes(entries: readonly Allowance[], known: Known): readonly string[] {
  return lintAllowlist(anAllowlist(...entries), known, TODAY).map((w) => `${w.id} ${w.code}: ${w.message}`);
}

describe('two entries over one endpoint', () => {
  const known = knownOf([anEndpoint()]);
  const strict = { ...anAllowance().permit, plaintext: false };

  it('are told, since the end of one hides behind the other', () => {
    const [long, short] = [
      entryOf('long', { permit: strict, expires: '2020-03-01' }),
      entryOf('short', { expires: '2020-01-01' }),
    ];
    expect(codes([long, short], known)).toEqual([
      'long overlapping: covers what short (until 2020-01-01) covers too: when it ends, that goes on',
      'short overlapping: covers what long (until 2020-03-01) covers too: when it ends, that goes on',
    ]);
  });

  it('of which one accepts all that the other does: the other decides nothing', () => {
    const [wide, narrow] = [entryOf('wide', { expires: '2020-03-01' }), entryOf('narrow', { permit: strict })];
    expect(codes([wide, narrow], known)).toEqual([
      'wide overlapping: covers what narrow (until 2020-01-31) covers too: when it ends, that goes on',
      'narrow shadowed: wide accepts all of this until 2020-03-01: this one decides nothing',
    ]);
    expect(codes([entryOf('b'), entryOf('a')], known).map((w) => w.split(':')[0])).toEqual([
      'b shadowed',
      'a overlapping',
    ]);
  });

  it('of which one has expired: only that is told, and of that one', () => {
    expect(codes([entryOf('over', { expires: '2019-12-01' }), entryOf('lives')], known)).toEqual([
      'over expired: expired on 2019-12-01: it accepts nothing; remove it or approve it again',
    ]);
  });
});

describe('an account', () => {
  it('that no endpoint and nobody else knows is told', () => {
    const match = { ...MATCH, accounts: ['111122223333', '111122223334'], hostnames: ['es.example.test'] };
    const slip = 'unknown-account: 111122223334: nothing is known of it; is it a slip?';
    expect(lint({ match }, [anEndpoint()])).toEqual([slip]);
    expect(lint({ match })).toEqual([]);
    const known = knownOf([anEndpoint()], ['111122223334']);
    expect(lintAllowlist(anAllowlist(anAllowance({ match })), known, TODAY)).toEqual([]);
  });
});

describe('what an entry shows by itself', () => {
  it.each([
    ['domain/*', true],
    ['*', true],
    ['db:*', true],
    ['domain/web-*', false],
    ['db:orders', false],
  ])('a pattern %s for a whole service: %s', (resource, isBroad) => {
    const arns = [`arn:aws:es:us-east-1:111122223333:${resource}`];
    expect(lint({ match: { ...MATCH, arns } }).map((w) => w.split(':')[0])).toEqual(isBroad ? ['broad'] : []);
  });

  it('a field that decides nothing is told, never ignored', () => {
    const permit = { ...anAllowance().permit, reachable: 'from-cidrs' as const, fromCidrs: ['8.8.8.0/24'] };
    const entry = { ...BY_HOST, permit };
    const to = (...blocks: readonly string[]) => [anEndpoint({ declared: { network: openOnlyTo(blocks) } })];
    expect(lint(entry, [anEndpoint()])).toEqual([
      'judges-nothing: accepts nothing of what it matches: who may connect is not known: no configuration of the network was read',
    ]);
    expect(lint(entry, to('8.8.8.0/24', '9.9.9.9/32'))).toEqual([
      'judges-nothing: accepts nothing of what it matches: 9.9.9.9/32 may connect too, which the entry does not name',
    ]);
    expect(lint(entry, to('8.8.8.128/25'))).toEqual([]);
    // Without an inventory nobody knows.
    expect(lint(entry)).toEqual([]);
  });
});

it('judges an entry by address where a visit has learned them', () => {
  const match = { ...MATCH, addresses: ['203.0.113.0/28'] };
  const at = (...addresses: readonly string[]): Known => ({
    endpoints: [{ endpoint: anEndpoint(), addresses }],
    accounts: [],
  });
  expect(codes([anAllowance({ match })], at('203.0.113.9'))).toEqual([]);
  expect(codes([anAllowance({ match })], at('192.0.2.1'))).toEqual([
    'partners-read-only unused: matches no endpoint of the inventory',
  ]);
});
