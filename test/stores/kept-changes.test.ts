import { describe, expect, it } from 'vitest';
import { type Change, keysOfChange, keysOfEndpoint } from '../../lib/model/change.ts';
import { expiryOf, keptSince, newestFirst } from '../../lib/stores/kept-changes.ts';
import { anEndpoint } from '../support/builders.ts';

const CHANGE: Change = {
  id: 'e1',
  at: '2026-12-04T10:00:00.000Z',
  account: '111122223333',
  region: 'eu-west-1',
  source: 'rds.amazonaws.com',
  name: 'ModifyDBInstance',
  kind: 'change',
  touched: [],
  services: ['rds'],
  actor: { who: 'w', type: 't', channel: 'cli' },
};
const WHERE = { account: '111122223333', region: 'eu-west-1' };

describe('by what a change is found', () => {
  it.each([
    ['what it touched', { touched: ['rds:db/a', 'rds:db/a', 'rds:pg/b'] }, ['rds:db/a', 'rds:pg/b']],
    ['its cells, where it touched them whole', { services: ['rds', 'aurora'] }, ['rds', 'aurora']],
  ])('%s', (_, over, keys) => {
    expect(keysOfChange({ ...CHANGE, ...over })).toEqual(keys.map((key) => `111122223333/eu-west-1/${key}`));
  });

  it('an id of EC2 alone, which is unique over all accounts', () => {
    expect(keysOfChange({ ...CHANGE, touched: ['ec2:sg-0123456789abcdef0'] })).toEqual(['ec2:sg-0123456789abcdef0']);
  });
});

describe('by what an endpoint is found', () => {
  it.each([
    [{ ...WHERE, dependencies: ['rds:pg/a', 'rds:pg/a'] }, ['111122223333/eu-west-1/rds:pg/a']],
    [{ account: WHERE.account, dependencies: ['ec2:sg-0123456789abcdef0'] }, []],
    [{ region: WHERE.region, dependencies: ['rds:pg/a'] }, []],
    [WHERE, []],
  ])('%j', (over, keys) => {
    expect(keysOfEndpoint(anEndpoint(over))).toEqual(keys);
  });
});

it('keeps changes for 90 days, on either side', () => {
  expect(keptSince(new Date('2026-12-04T10:00:00.000Z'))).toBe('2026-09-05T10:00:00.000Z');
  expect(expiryOf('2026-09-05T10:00:00.000Z')).toBe(Date.parse('2026-12-04T10:00:00.000Z') / 1_000);
});

it('orders changes newest first, and those of one moment always the same way', () => {
  const at = (id: string, time: string) => ({ id, at: time });
  const changes = [at('b', '1'), at('c', '2'), at('a', '2'), at('d', '0')];
  expect(changes.toSorted(newestFirst).map((c) => c.id)).toEqual(['c', 'a', 'b', 'd']);
});
