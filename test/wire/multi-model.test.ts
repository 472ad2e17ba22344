/** Pages of ArangoDB, Dgraph, SurrealDB, TiDB and CockroachDB; whole visits are in test/probes/lists-and-warehouses.test.ts. */
import { describe, expect, it } from 'vitest';
import type { Listed, Welcome } from '../../lib/wire/listing.ts';
import {
  isDgraphRefusal,
  readArango,
  readArangoDatabases,
  readCockroach,
  readCockroachDatabases,
  readDgraph,
  readDgraphSchema,
  readSurreal,
  readTidbSchemas,
  readTidbStatus,
} from '../../lib/wire/multi-model.ts';
import { page } from '../support/recorded-site.ts';

type Page = ReturnType<typeof page>;
const cut = (text: string): Page => ({ ...page(text), truncated: true });
const rows = (...names: string[]) => ({ rows: names.map((name) => ({ name })), truncated: false });

describe('ArangoDB', () => {
  const SERVER = { server: 'ArangoDB' };
  const REALM = { 'www-authenticate': 'Bearer token_type="JWT", realm="ArangoDB"' };
  const refused = (markers: number): Welcome => ({ markers, version: '', refused: true });

  it.each<[string, Page, Welcome | undefined]>([
    [
      'that answers anyone',
      page({ server: 'arango', version: '3.11.4' }, 200, SERVER),
      { markers: 2, version: '3.11.4' },
    ],
    ['without its header', page({ server: 'arango', version: '3.11.4' }), { markers: 2, version: '3.11.4' }],
    ['that hides its version', page({ server: 'arango' }, 200, SERVER), { markers: 2, version: '' }],
    ['that hides both', page({ server: 'arango' }), { markers: 1, version: '' }],
    ['in another status', page({ server: 'arango', version: '3' }, 500, SERVER), undefined],
    ['of another name', page({ server: 'other', version: '3' }, 200, SERVER), undefined],
    ['that refuses', page({ errorNum: 11 }, 401, SERVER), refused(2)],
    ['that refuses in words alone', page({ errorNum: 11 }, 401), refused(1)],
    ['that refuses by realm', page('', 401, { ...SERVER, ...REALM }), refused(2)],
    ['that refuses by realm alone', page('', 401, REALM), refused(1)],
    ['that refuses by header alone', page({ errorNum: 12 }, 401, SERVER), refused(1)],
    ['refused by somebody else', page({ errorNum: 12 }, 401, { server: 'nginx' }), undefined],
    ['forbidden', page({ errorNum: 11 }, 403, SERVER), undefined],
  ])('%s', (_name, reply, expected) => {
    expect(readArango(reply)).toEqual(expected);
  });

  it.each<[string, Page, Listed]>([
    ['of a list', page({ error: false, result: ['_system', 'users'] }), rows('_system', 'users')],
    ['of an error', page({ error: true, result: ['_system'] }), undefined],
    ['refused', page('', 401), 'refused'],
    ['missing', page({ result: ['_system'] }, 404), undefined],
    ['cut', cut('{"result":["_system","us'), { ...rows('_system'), truncated: true }],
  ])('databases %s', (_name, reply, expected) => {
    expect(readArangoDatabases(reply)).toEqual(expected);
  });
});

describe('Dgraph', () => {
  const alpha = { instance: 'alpha', version: 'v23.1.0' };
  it.each<[unknown, number, Welcome | undefined]>([
    [[alpha, { instance: 'zero' }], 200, { markers: 2, version: 'v23.1.0' }],
    [[{ ...alpha, instance: 'zero' }], 200, undefined],
    [[{ ...alpha, version: '' }], 200, undefined],
    [alpha, 200, undefined],
    [[], 200, undefined],
    [[alpha], 500, undefined],
  ])('health %j with %i', (body, status, expected) => {
    expect(readDgraph(page(body, status))).toEqual(expected);
  });

  const schema = (...entries: unknown[]) => ({ data: { schema: entries } });
  const email = { predicate: 'email', type: 'string' };
  const fields = [{ name: 'email', type: 'string' }];
  it.each<[string, Page, Listed]>([
    ['of predicates', page(schema(email)), { rows: [{ name: 'schema', fields }], truncated: false }],
    [
      'with one that has no name',
      page(schema({ type: 'x' }, email, 7)),
      { rows: [{ name: 'schema', fields }], truncated: false },
    ],
    ['of nothing', page(schema()), undefined],
    ['of what has no name', page(schema({ type: 'x' })), undefined],
    ['that is no list', page({ data: { schema: { 0: email } } }), undefined],
    ['refused', page('', 403), 'refused'],
    [
      'cut',
      cut('{"data":{"schema":[{"predicate":"email","type":"string"},{"pre'),
      { rows: [{ name: 'schema', fields }], truncated: true },
    ],
  ])('schema %s', (_name, reply, expected) => {
    expect(readDgraphSchema(reply)).toEqual(expected);
  });

  it.each<[string, number, boolean]>([
    ['no accessJwt available', 200, true],
    ['rpc error: code = PermissionDenied', 200, true],
    ['Unauthorized to query', 200, true],
    ['line 1 column 2', 200, false],
    ['no accessJwt available', 400, false],
  ])('"%s" with %i is a refusal: %s', (message, status, expected) => {
    expect(isDgraphRefusal(page({ errors: [{ message }] }, status))).toBe(expected);
    expect(isDgraphRefusal(page({ errors: { message } }, status))).toBe(false);
  });
});

it.each<[string, number, string | undefined]>([
  ['surrealdb-1.0.0', 200, '1.0.0'],
  ['surrealdb-2.0.0-beta.1+20240101\n', 200, '2.0.0-beta.1+20240101'],
  ['surrealdb-1.0.0', 404, undefined],
  ['a surrealdb-1.0.0', 200, undefined],
  ['surrealdb-1.0.0 and more', 200, undefined],
  ['surrealdb-x', 200, undefined],
  [`surrealdb-1${'0'.repeat(40)}`, 200, `1${'0'.repeat(40)}`],
  [`surrealdb-1${'0'.repeat(41)}`, 200, undefined],
])('SurrealDB says "%s" with %i: version %s', (body, status, version) => {
  expect(readSurreal(page(body, status))).toEqual(version === undefined ? undefined : { markers: 1, version });
});

describe('TiDB', () => {
  const status = { connections: 0, version: '8.0.11-TiDB-v7.1.0', git_hash: '635a4362' };
  it('is told by three members of its status', () => {
    expect(readTidbStatus(page(status))).toEqual({ markers: 2, version: status.version });
    for (const over of [{ connections: '0' }, { git_hash: '' }, { version: '8.0.11' }]) {
      expect(readTidbStatus(page({ ...status, ...over })), JSON.stringify(over)).toBeUndefined();
    }
    expect(readTidbStatus(page(status, 500))).toBeUndefined();
  });

  it.each<[string, Page, Listed]>([
    ['of names', page([{ db_name: { O: 'users', L: 'users' } }, { db_name: 7 }]), rows('users')],
    ['that is no list', page({ db_name: { O: 'users' } }), undefined],
    ['refused', page('', 401), 'refused'],
    ['cut', cut('[{"db_name":{"O":"users"}},{"db_na'), { ...rows('users'), truncated: true }],
  ])('schemas %s', (_name, reply, expected) => {
    expect(readTidbSchemas(reply)).toEqual(expected);
  });
});

describe('CockroachDB', () => {
  const WORDS = 'a valid authentication cookie is required';
  it.each<[string, Page, Welcome | undefined]>([
    ['that refuses', page({ error: WORDS, code: 16 }, 401), { markers: 2, version: '', refused: true }],
    ['that refuses by another code', page({ error: WORDS, code: 7 }, 401), { markers: 1, version: '', refused: true }],
    ['that refuses in text', page(`${WORDS}\n`, 401), { markers: 1, version: '', refused: true }],
    ['refused by somebody else', page({ error: 'no', code: 16 }, 401), undefined],
    ['forbidden', page({ error: WORDS, code: 16 }, 403), undefined],
    ['of its first list', page({ databases: ['defaultdb', 'postgres', 'system'] }), { markers: 2, version: '' }],
    ['without postgres', page({ databases: ['defaultdb', 'system'] }), { markers: 2, version: '' }],
    ['without defaultdb', page({ databases: ['postgres', 'system'] }), { markers: 2, version: '' }],
    ['without both', page({ databases: ['users', 'system'] }), { markers: 1, version: '' }],
    ['without system', page({ databases: ['defaultdb', 'postgres'] }), undefined],
    ['whose list is a text', page({ databases: 'system postgres' }), undefined],
    ['in another status', page({ databases: ['defaultdb', 'system'] }, 500), undefined],
    ['that refuses far down', page(`${' '.repeat(500)}${WORDS}`, 401), undefined],
  ])('%s', (_name, reply, expected) => {
    expect(readCockroach(reply)).toEqual(expected);
  });

  it('lists databases', () => {
    expect(readCockroachDatabases(page({ databases: ['users', 'system'] }))).toEqual(rows('users', 'system'));
    expect(readCockroachDatabases(page({ databases: 'users' }))).toBeUndefined();
    expect(readCockroachDatabases(page('', 401))).toBe('refused');
    expect(readCockroachDatabases(cut('{"databases":["users","sys'))).toEqual({ ...rows('users'), truncated: true });
  });
});
