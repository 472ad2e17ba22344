import { expect, it } from 'vitest';
import { type AllowanceRecord, exceptionsOf } from '../../lib/assess/exceptions.ts';
import type { Allowlist } from '../../lib/model/allowlist.ts';
import type { ReportEndpoint, ReportIncident } from '../../lib/model/report.ts';
import type { ReportException } from '../../lib/model/report-evidence.ts';
import { anAllowance, anAllowlist } from '../support/readings.ts';
import { endpoint, reportEndpoint } from '../support/report-parts.ts';
import { SAMPLE_REPORT } from '../support/sample-report.ts';

const PERIOD = { from: '2019-12-02T00:00:00.000Z', to: '2019-12-09T00:00:00.000Z' };
const NOTHING: AllowanceRecord = { allowances: [], usedAt: () => undefined, changedAt: () => undefined };
const SEEN = { verdict: 'reachable', why: '', declared: {}, observed: {}, auth: 'auth-required' } as const;
const KNOWN = [1, 2].map((n) => reportEndpoint(endpoint(`es${n}`, 'elasticsearch', 9200), SEEN));

function register(
  list: Allowlist,
  {
    endpoints = KNOWN,
    incidents = [],
    record = NOTHING,
  }: {
    endpoints?: readonly ReportEndpoint[];
    incidents?: readonly ReportIncident[];
    record?: AllowanceRecord;
  } = {},
): readonly ReportException[] {
  return exceptionsOf(list, { period: PERIOD, endpoints, incidents, record });
}

it('an entry in force names what it matched, as written', () => {
  const [found] = register(anAllowlist(anAllowance({ author: 'bob' })));
  expect(found).toMatchObject({
    ...{ id: 'partners-read-only', owner: 'search-team', author: 'bob', approvedBy: ['ciso'], ticket: 'SEC-1' },
    scope: '{"accounts":["111122223333"],"protocols":["elasticsearch"]}',
    endpoints: KNOWN.map((each) => each.endpoint.id),
    ...{ incidents: [], flags: [] },
  });
});

it('only what was in force at some time of the period is in it, by id', () => {
  const list = anAllowlist(
    anAllowance({ id: 'c' }),
    anAllowance({ id: 'a', expires: '2019-12-02' }),
    anAllowance({ id: 'over', expires: '2019-12-01' }),
    anAllowance({ id: 'not-yet', approvedOn: '2019-12-10' }),
  );
  expect(register(list).map(({ id, flags }) => [id, flags])).toEqual([
    ['a', ['expired', 'unused']],
    ['c', []],
  ]);
});

it.each([
  ['expires-soon', anAllowance({ expires: '2019-12-20' }), {}],
  ['unused', anAllowance({ match: { accounts: ['9'], protocols: ['redis'] } }), {}],
  [
    'over-broad',
    anAllowance({ match: { accounts: ['111122223333'], protocols: ['elasticsearch'], tags: { team: 'x' } } }),
    {},
  ],
  ['changed', anAllowance(), { changedAt: () => '2019-12-03T00:00:00.000Z' }],
  [
    'break-glass',
    anAllowance({
      permit: {
        ...anAllowance().permit,
        breakGlass: { anonymous: 'read', from: '2019-12-04T00:00:00Z', maxHours: 4, secondApprover: 'eve' },
      },
    }),
    {},
  ],
] as const)('says so where an entry is %s', (flag, entry, record) => {
  const [found] = register(anAllowlist(entry), { record: { ...NOTHING, ...record } });
  expect(found?.flags).toContain(flag);
  expect(register(anAllowlist(anAllowance()))[0]?.flags).not.toContain(flag);
});

it('break-glass has two approvers', () => {
  const glass = { anonymous: 'read', from: '2019-12-04T00:00:00Z', maxHours: 4, secondApprover: 'eve' } as const;
  const [found] = register(anAllowlist(anAllowance({ permit: { ...anAllowance().permit, breakGlass: glass } })));
  expect(found?.approvedBy).toEqual(['ciso', 'eve']);
});

it('an entry that covered an incident, or a look that is on record, was used', () => {
  const entry = anAllowance({ match: { accounts: ['9'], protocols: ['redis'] } });
  const incident = { ...SAMPLE_REPORT.incidents[0], id: 'i', allowances: [entry.id] } as ReportIncident;
  expect(register(anAllowlist(entry), { incidents: [incident] })[0]).toMatchObject({ incidents: ['i'], flags: [] });
  const record = { ...NOTHING, usedAt: () => '2019-12-05T00:00:00.000Z' };
  expect(register(anAllowlist(entry), { record })[0]?.flags).toEqual([]);
});

it('an entry that is gone from the list is told as the ledger has it', () => {
  const gone = {
    id: 'gone',
    owner: 'o',
    approvedBy: ['a'],
    approvedOn: '2019-11-01',
    expires: '2019-12-31',
    ticket: 'T',
  };
  const [found] = register(anAllowlist(), { record: { ...NOTHING, allowances: [gone] } });
  expect(found).toMatchObject({ ...gone, reason: 'not on record', scope: 'not on record', flags: ['unused'] });
});
