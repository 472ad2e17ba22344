/** InfluxDB's replies, version by version; whole visits are in test/probes/influxdb.test.ts. */
import { describe, expect, it } from 'vitest';
import {
  isSetupOpen,
  leaksDatabases,
  type Ping,
  readBuckets,
  readDatabases,
  readDatabases3,
  readFieldKeys,
  readPing,
  type Said,
} from '../../lib/wire/influxdb.ts';
import { page } from '../support/recorded-site.ts';

type Page = ReturnType<typeof page>;
const cut = (text: string): Page => ({ ...page(text), truncated: true });
const names = (count: number): string[] => Array.from({ length: count }, (_, n) => `n${n}`);
const said = (...list: string[]): Said => ({ names: list, truncated: false });

describe('the ping', () => {
  const built = { 'x-influxdb-build': 'OSS' };
  it.each<[string, string, number, object, string, Ping | undefined]>([
    ['of 1', '1.8.10', 204, built, '', { markers: 3, version: '1.8.10', major: 1, refused: false }],
    ['of 2', 'v2.7.1', 204, built, '', { markers: 3, version: '2.7.1', major: 2, refused: false }],
    ['of 3', '3.0.1', 200, built, '{"version":"3.0.1"}', { markers: 3, version: '3.0.1', major: 3, refused: false }],
    ['without a build', '1.8.10', 204, {}, '', { markers: 2, version: '1.8.10', major: 1, refused: false }],
    [
      'without a version in its body',
      '1.8.10',
      200,
      {},
      '{}',
      { markers: 1, version: '1.8.10', major: 1, refused: false },
    ],
    ['that refuses', '3.0.1', 401, built, '', { markers: 2, version: '3.0.1', major: 3, refused: true }],
    ['of a version to come', '4.0.0', 204, built, '', undefined],
    ['of a version that is none', '1', 204, built, '', undefined],
    ['of a version in words', 'x1.8', 204, built, '', undefined],
    ['of no version', '', 204, built, '', undefined],
    ['forbidden', '1.8.10', 403, built, '', undefined],
    ['that failed', '1.8.10', 500, built, '', undefined],
  ])('%s', (_name, version, status, more, body, expected) => {
    expect(readPing(page(body, status, { ...more, 'x-influxdb-version': version }))).toEqual(expected);
  });

  it('without the header is somebody else', () => {
    expect(readPing(page('{"version":"1.8.10"}', 200, built))).toBeUndefined();
  });
});

describe('databases of version 1', () => {
  const show = (series: unknown) => ({ results: [{ statement_id: 0, series }] });
  const one = (values: unknown) => show([{ name: 'databases', columns: ['name'], values }]);
  it.each<[string, Page, Said]>([
    ['by name', page(one([['_internal'], ['users']])), said('_internal', 'users')],
    ['of none', page(one([])), said()],
    ['of none, left out', page(show([{ name: 'databases' }])), said()],
    ['with what is no name among them', page(one([['users'], [7]])), undefined],
    ['with what is no row among them', page(one([['users'], 'x'])), undefined],
    ['that are no list', page(one('users')), undefined],
    ['of something else', page(show([{ name: 'measurements', values: [['users']] }])), undefined],
    ['without a series', page(show(undefined)), undefined],
    ['in no list of results', page({ results: show([])['results'][0] }), undefined],
    ['that refuse', page({ error: 'unable to parse authentication credentials' }, 401), 'refused'],
    ['refused by somebody else', page('Unauthorized', 401), undefined],
    ['without an admin', page({ error: 'create admin user first or disable authentication' }, 403), 'no-admin'],
    ['forbidden for another reason', page({ error: 'no' }, 403), undefined],
    ['of an admin in another status', page({ error: 'create admin user first' }, 400), undefined],
    ['that failed', page(one([['users']]), 500), undefined],
    [
      'cut',
      cut('{"results":[{"series":[{"name":"databases","values":[["users"],["_int'),
      { names: ['users'], truncated: true },
    ],
  ])('%s', (_name, reply, expected) => {
    expect(readDatabases(reply)).toEqual(expected);
  });

  it('are at most 200, and their names at most 255 characters', () => {
    const of = (list: readonly string[]) => readDatabases(page(one(list.map((name) => [name]))));
    expect(of(names(200))).toMatchObject({ truncated: false, names: { length: 200 } });
    expect(of(names(201))).toMatchObject({ truncated: true, names: { length: 200 } });
    expect(of(['n'.repeat(255), 'n'.repeat(256)])).toEqual(said('n'.repeat(255), `${'n'.repeat(254)}…`));
  });
});

it.each<[string, Page, Said]>([
  ['by name', page({ buckets: [{ name: '_monitoring' }, { name: 'users' }] }), said('_monitoring', 'users')],
  ['without one', page({ buckets: [{ name: '_monitoring' }, { id: 'x' }] }), undefined],
  ['that are no list', page({ buckets: { name: 'x' } }), undefined],
  ['that refuse', page({ code: 'unauthorized', message: 'unauthorized access' }, 401), 'refused'],
  ['refused by somebody else', page({ code: 'no' }, 401), undefined],
  ['that failed', page({ buckets: [{ name: 'x' }] }, 500), undefined],
  ['cut', cut('{"buckets":[{"name":"users"},{"na'), { names: ['users'], truncated: true }],
])('buckets of version 2 %s', (_name, reply, expected) => {
  expect(readBuckets(reply)).toEqual(expected);
});

it.each<[string, Page, Said]>([
  ['by name', page([{ 'iox::database': 'users' }, { 'iox::database': 'x' }]), said('users', 'x')],
  ['without one', page([{ 'iox::database': 'users' }, { name: 'x' }]), undefined],
  ['that are no list', page({ 'iox::database': 'users' }), undefined],
  ['that refuse', page('', 401), 'refused'],
  ['that failed', page([{ 'iox::database': 'users' }], 500), undefined],
  ['cut', cut('[{"iox::database":"users"},{"io'), { names: ['users'], truncated: true }],
])('databases of version 3 %s', (_name, reply, expected) => {
  expect(readDatabases3(reply)).toEqual(expected);
});

it('version 2 is free to be taken where setup is allowed, and only then', () => {
  expect(isSetupOpen(page({ allowed: true }))).toBe(true);
  for (const other of [page({ allowed: false }), page({ allowed: 'true' }), page({}), page({ allowed: true }, 404)]) {
    expect(isSetupOpen(other)).toBe(false);
  }
});

it.each<[string, number, boolean]>([
  ['{"database:users":{"name":"database"}}', 200, true],
  [' \n {"database:users":{}}', 200, true],
  ['{"database":{}}', 200, false],
  ['so {"database:users":{}}', 200, false],
  [`${' '.repeat(8)}{"database:users":{}}`, 200, false],
  ['{"database:users":{}}', 401, false],
])('counters %j with %i leak names: %s', (body, status, expected) => {
  expect(leaksDatabases(page(body, status))).toBe(expected);
});

describe('field keys', () => {
  const keys = (series: unknown) => page({ results: [{ series }] });
  const cpu = { name: 'cpu', columns: ['fieldKey', 'fieldType'], values: [['load', 'float']] };
  const fields = [{ name: 'load', type: 'float' }];

  it.each<[string, Page, unknown]>([
    ['of a measurement', keys([cpu]), [{ name: 'cpu', fields }]],
    ['without a name', keys([{ ...cpu, name: '' }, cpu]), [{ name: 'cpu', fields }]],
    ['without values', keys([{ ...cpu, values: 'x' }, cpu]), [{ name: 'cpu', fields }]],
    [
      'with what is no field',
      keys([{ ...cpu, values: [['load', 'float'], ['a'], [7, 'float'], 'bc', null] }]),
      [{ name: 'cpu', fields }],
    ],
    ['that are no list', keys({ 0: cpu }), []],
    ['that failed', { ...keys([cpu]), status: 500 }, []],
    ['cut', cut(`{"results":[{"series":[${JSON.stringify(cpu)},{"name":"me`), [{ name: 'cpu', fields }]],
    [
      'cut within its first measurement',
      cut('{"results":[{"series":[{"name":"cpu","values":[["load","float"],["id'),
      [],
    ],
  ])('%s', (_name, reply, expected) => {
    expect(readFieldKeys(reply)).toEqual(expected);
  });

  it('are those of 50 measurements, 200 of each, and bounded in text', () => {
    const many = names(51).map((name) => ({ ...cpu, name }));
    expect(readFieldKeys(keys(many))).toHaveLength(50);
    const [wide] = readFieldKeys(keys([{ ...cpu, values: names(201).map((name) => [name, 'float']) }]));
    expect(wide?.fields).toHaveLength(200);
    const long = { name: 'm'.repeat(256), values: [['f'.repeat(256), 't'.repeat(41)]] };
    expect(readFieldKeys(keys([long]))).toEqual([
      { name: `${'m'.repeat(254)}…`, fields: [{ name: `${'f'.repeat(254)}…`, type: `${'t'.repeat(39)}…` }] },
    ]);
  });
});
