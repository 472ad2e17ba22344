/** The register of exceptions at the ends of its period, and in its order. */
import { expect, it } from 'vitest';
import { type AllowanceRecord, exceptionsOf } from '../../lib/assess/exceptions.ts';
import type { Allowance } from '../../lib/model/allowlist.ts';
import type { ReportIncident } from '../../lib/model/report.ts';
import { anAllowance, anAllowlist } from '../support/readings.ts';
import { endpoint, reportEndpoint } from '../support/report-parts.ts';
import { SAMPLE_REPORT } from '../support/sample-report.ts';

const PERIOD = { from: '2019-12-02T10:00:00.000Z', to: '2019-12-09T10:00:00.000Z' };
const SEEN = { verdict: 'reachable', why: '', declared: {}, observed: {}, auth: 'auth-required' } as const;
const KNOWN = ['es2', 'es1'].map((name) => reportEndpoint(endpoint(name, 'elasticsearch', 9200), SEEN));
const nowhere = { match: { accounts: ['9'], protocols: ['redis'] } } as const;

function register(
  entries: readonly Allowance[],
  record: Partial<AllowanceRecord> = {},
  incidents: readonly ReportIncident[] = [],
) {
  const nothing: AllowanceRecord = { allowances: [], usedAt: () => undefined, changedAt: () => undefined };
  return exceptionsOf(anAllowlist(...entries), {
    ...{ period: PERIOD, endpoints: KNOWN, incidents, record: { ...nothing, ...record } },
  });
}

it('an entry is in it that begins on the last day of the period or ends on the first, and none beside', () => {
  const ids = register([
    anAllowance({ id: 'd', approvedOn: '2019-12-09' }),
    anAllowance({ id: 'c', approvedOn: '2019-12-10' }),
    anAllowance({ id: 'b', expires: '2019-12-02' }),
    anAllowance({ id: 'a', expires: '2019-12-01' }),
  ]).map(({ id }) => id);
  expect(ids).toEqual(['b', 'd']);
});

it.each([
  ['2019-12-08', 'expired'],
  ['2019-12-09', 'expires-soon'],
  ['2019-12-23', 'expires-soon'],
  ['2019-12-24', undefined],
] as const)('one that ends on %s is %s at the end of the period', (expires, flag) => {
  const used = { usedAt: () => PERIOD.from };
  expect(register([anAllowance({ expires })], used)[0]?.flags).toEqual(flag === undefined ? [] : [flag]);
});

it.each([
  ['2019-12-02T09:59:59.999Z', false],
  ['2019-12-02T10:00:00.000Z', true],
  ['2019-12-05T00:00:00.000Z', true],
])('what is on record of %s is of the period: %s', (at, isWithin) => {
  const [entry] = register([anAllowance(nowhere)], { usedAt: () => at, changedAt: () => at });
  expect(entry?.flags).toEqual(isWithin ? ['changed'] : ['unused']);
});

it('endpoints and incidents of an entry are told in order, each once, whichever way it touched them', () => {
  const base = SAMPLE_REPORT.incidents[0] as ReportIncident;
  const incidents = [
    { ...base, id: 'z', allowances: ['e'], lapsed: ['e'] },
    { ...base, id: 'y', allowances: [], glass: { entries: ['e'], isOver: false } },
    { ...base, id: 'x', allowances: [], lapsed: ['e'] },
    { ...base, id: 'w', allowances: ['other'] },
  ];
  const [entry] = register([anAllowance({ id: 'e' })], {}, incidents);
  expect(entry?.incidents).toEqual(['x', 'y', 'z']);
  expect(entry?.endpoints).toEqual(KNOWN.map((known) => known.endpoint.id).toSorted());
});

it('one that is listed is told as the list has it, whatever the ledger had; an author only where one is known', () => {
  const entry = anAllowance({ id: 'e' });
  const { id, approvedBy, approvedOn, expires, ticket } = entry;
  const ledger = { id, approvedBy, approvedOn, expires, ticket, owner: 'somebody before' };
  const found = register([entry], { allowances: [ledger, { ...ledger, id: 'gone' }] });
  expect(found.map((one) => [one.id, one.owner])).toEqual([
    ['e', 'search-team'],
    ['gone', 'somebody before'],
  ]);
  expect(found[0]).not.toHaveProperty('author');
  expect(found[1]).toMatchObject({ reason: 'not on record', scope: 'not on record', permits: 'not on record' });
  expect(found[0]?.permits).toBe(
    '{"authentication":"required","minTls":"1.2","plaintext":true,"reachable":"from-internet"}',
  );
});
