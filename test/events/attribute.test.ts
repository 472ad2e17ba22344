import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { attribute } from '../../lib/events/attribute.ts';
import { type Change, MAX_ATTRIBUTED, scopedKey } from '../../lib/model/change.ts';
import { cellKey } from '../../lib/model/inventory.ts';
import { aChange } from './changes.ts';
import { ACCOUNT, REGION } from './sample.ts';

const FROM = '2026-12-04T09:00:00.000Z';
const TO = '2026-12-04T11:00:00.000Z';
const KEYS = [
  ...['rds:db/orders', 'rds:pg/orders-pg16', 'ec2:sg-0a1b2c3d'].map((key) => scopedKey(key, ACCOUNT, REGION)),
  cellKey({ account: ACCOUNT, region: REGION }, 'rds'),
];

function cited(changes: readonly Change[], from = FROM, to = TO): readonly string[] | undefined {
  return attribute(changes, KEYS, from, to)?.changes.map(({ id }) => id);
}

const group = (over: Partial<Change> = {}) =>
  aChange({ id: 'group', name: 'ModifyDBParameterGroup', touched: ['rds:pg/orders-pg16'], ...over });
const reboot = (over: Partial<Change> = {}) =>
  aChange({ id: 'reboot', name: 'RebootDBInstance', kind: 'apply', ...over });

describe('a change explains what was lost', () => {
  it.each([
    ['that touched the endpoint', {}, ['e1']],
    ['that touched a parent', { touched: ['rds:pg/orders-pg16'] }, ['e1']],
    [
      'that touched a group of another account, whose id is unique',
      { account: '999900001111', touched: ['ec2:sg-0a1b2c3d'] },
      ['e1'],
    ],
    ['that touched its whole cell', { touched: [], services: ['aurora', 'rds'] }, ['e1']],
    ['at the first moment', { at: FROM }, ['e1']],
    ['at the last moment', { at: TO }, ['e1']],
    ['but not one that was refused', { errorCode: 'AccessDenied' }, undefined],
    ['but not one before', { at: '2026-12-04T08:59:59.999Z' }, undefined],
    ['but not one after', { at: '2026-12-04T11:00:00.001Z' }, undefined],
    ['but not one of another thing', { touched: ['rds:db/other'] }, undefined],
    ['but not one of the same name elsewhere', { region: 'us-east-1' }, undefined],
    ['but not one of the same name in another account', { account: '999900001111' }, undefined],
    ['but not one of another whole cell', { touched: [], services: ['mq'] }, undefined],
    [
      'but not one of another thing that the same collector reads',
      { touched: ['rds:db/other'], services: ['rds'] },
      undefined,
    ],
  ] as const)('%s', (_, over, expected) => {
    expect(cited([aChange(over)])).toEqual(expected);
  });

  it('with what a reader needs and no more', () => {
    const { id, at, source, name, actor } = aChange();
    expect(attribute([aChange()], KEYS, FROM, TO)).toEqual({ changes: [{ id, at, source, name, actor }] });
  });

  it('newest first, at most four, things that are named before whole cells', () => {
    const minute = (i: number) => `2026-12-04T10:0${i}:00.000Z`;
    const named = [1, 2, 3].map((i) => aChange({ id: `n${i}`, at: minute(i) }));
    const cells = [4, 5, 6].map((i) => aChange({ id: `c${i}`, at: minute(i), touched: [] }));
    expect(cited([...named, ...cells])).toEqual(['c6', 'n3', 'n2', 'n1']);
  });
});

describe('a reboot', () => {
  const older = group({ at: '2026-11-20T10:00:00.000Z' });

  it('that makes an older change of a parameter group effective is cited with it', () => {
    expect(cited([older, reboot()])).toEqual(['reboot', 'group']);
  });

  it('is cited with it however much else happened', () => {
    const noise = Array.from({ length: 9 }, (_, i) => aChange({ id: `x${i}`, at: `2026-12-04T10:3${i}:00.000Z` }));
    expect(cited([older, reboot(), ...noise])).toEqual(['x8', 'x7', 'reboot', 'group']);
  });

  it.each([
    ['was refused', { errorCode: 'AccessDenied' }],
    ['is of another group', { touched: ['rds:pg/other'] }],
    ['is more than 90 days old', { at: '2026-09-05T09:59:59.000Z' }],
    ['is of the instance, which needs no reboot', { touched: ['rds:db/orders'] }],
    ['made the group', { kind: 'create' }],
  ] as const)('is cited alone where the older change %s', (_, over) => {
    expect(cited([group({ ...older, ...over }), reboot()])).toEqual(['reboot']);
  });

  it('is cited alone where an earlier reboot made the older change effective already', () => {
    const earlier = reboot({ id: 'earlier', at: '2026-11-25T10:00:00.000Z' });
    expect(cited([older, earlier, reboot()])).toEqual(['reboot']);
    const between = group({ id: 'between', at: '2026-11-26T10:00:00.000Z' });
    expect(cited([older, earlier, between, reboot()])).toEqual(['reboot', 'between']);
  });

  it('of another member of the cluster made nothing effective here', () => {
    const keys = [...KEYS, scopedKey('rds:db/reader', ACCOUNT, REGION)];
    const other = reboot({ id: 'other', at: '2026-11-25T10:00:00.000Z', touched: ['rds:db/reader'] });
    const { changes = [] } = attribute([older, other, reboot()], keys, FROM, TO) ?? {};
    expect(changes.map(({ id }) => id)).toEqual(['reboot', 'group']);
  });

  it.each(['RebootCacheCluster', 'RebootBroker'])('is %s too, which the table lists with other changes', (name) => {
    const keys = ['elasticache:cluster/a', 'elasticache:parametergroup/p'].map((key) =>
      scopedKey(key, ACCOUNT, REGION),
    );
    const changes = [
      group({ at: older.at, touched: ['elasticache:parametergroup/p'] }),
      aChange({ id: 'reboot', name, touched: ['elasticache:cluster/a'] }),
    ];
    expect(attribute(changes, keys, FROM, TO)?.changes.map(({ id }) => id)).toEqual(['reboot', 'group']);
  });

  it('brings nothing with it where it was before the period itself', () => {
    expect(cited([older, reboot({ at: '2026-12-04T08:00:00.000Z' })])).toBeUndefined();
  });
});

it('says the same in any order and however often a change is told, and never more than four', () => {
  const change = fc
    .record({
      id: fc.constantFrom('a', 'b', 'c', 'd', 'e', 'f', 'g'),
      minute: fc.integer({ min: 0, max: 59 }),
      day: fc.constantFrom('2026-12-04', '2026-12-01', '2026-10-01'),
      kind: fc.constantFrom('change', 'apply', 'net', 'guardrail'),
      touched: fc.subarray(['rds:db/orders', 'rds:pg/orders-pg16', 'rds:db/other', 'ec2:sg-0a1b2c3d']),
      refused: fc.boolean(),
    })
    .map(({ minute, day, refused, ...rest }) =>
      aChange({
        ...rest,
        at: `${day}T10:${String(minute).padStart(2, '0')}:00.000Z`,
        ...(refused ? { errorCode: 'AccessDenied' } : {}),
      }),
    );
  const all = fc.uniqueArray(change, { selector: ({ id }) => id, maxLength: 7 });
  fc.assert(
    fc.property(all, fc.infiniteStream(fc.nat()), (changes, random) => {
      const told = [...changes, ...changes.filter((_, i) => i % 2 === 0)]
        .map((each) => ({ each, at: random.next().value }))
        .toSorted((a, b) => a.at - b.at)
        .map(({ each }) => each);
      const said = attribute(changes, KEYS, FROM, TO);
      expect(attribute(told, KEYS, FROM, TO)).toEqual(said);
      expect(said?.changes.length ?? 1).toBeLessThanOrEqual(MAX_ATTRIBUTED);
      const times = said?.changes.map(({ at }) => at) ?? [];
      expect(times).toEqual(times.toSorted().toReversed());
    }),
  );
});
