/** CouchDB's replies one by one; whole visits are in test/probes/couchdb.test.ts. */
import { describe, expect, it } from 'vitest';
import { isAdminParty, readCounts, readNames, readWelcome } from '../../lib/wire/couchdb.ts';
import { page } from '../support/recorded-site.ts';

const SERVER = { server: 'CouchDB/3.3.2 (Erlang OTP/24)' };
const WELCOME = { couchdb: 'Welcome', version: '3.3.2' };
const REFUSED = { error: 'unauthorized', reason: 'Authentication required.' };

describe('the welcome', () => {
  it('tells the product by three marks, each of which may be missing but the word itself', () => {
    expect(readWelcome(page(WELCOME, 200, SERVER))).toEqual({ markers: 3, version: '3.3.2', refused: false });
    expect(readWelcome(page(WELCOME))).toEqual({ markers: 2, version: '3.3.2', refused: false });
    expect(readWelcome(page({ couchdb: 'Welcome' }))).toEqual({ markers: 1, version: '', refused: false });
    for (const couchdb of ['welcome', 'Welcome!', true, undefined])
      expect(readWelcome(page({ couchdb, version: '3.3.2' }, 200, SERVER))).toBeUndefined();
    for (const status of [201, 302, 401, 404, 500])
      expect(readWelcome(page(WELCOME, status, SERVER)), `${status}`).toBeUndefined();
  });

  it('that asks for credentials is one by the server header and the word together', () => {
    expect(readWelcome(page(REFUSED, 401, SERVER))).toEqual({ markers: 2, version: '3.3.2', refused: true });
    expect(readWelcome(page(REFUSED, 401))).toBeUndefined();
    expect(readWelcome(page({ error: 'forbidden' }, 401, SERVER))).toBeUndefined();
    for (const status of [200, 403, 407]) expect(readWelcome(page(REFUSED, status, SERVER))).toBeUndefined();
  });

  it.each(['couchdb/3.3.2', 'xCouchDB/3.3.2', 'CouchDB/', 'CouchDB/x3', 'CouchDB 3'])('is not of %s', (server) => {
    expect(readWelcome(page(REFUSED, 401, { server }))).toBeUndefined();
    expect(readWelcome(page(WELCOME, 200, { server }))?.markers).toBe(2);
  });

  it('reads no version without end', () => {
    const server = `CouchDB/1${'.1'.repeat(50)}`;
    expect(readWelcome(page(REFUSED, 401, { server }))?.version).toBe(
      server.slice('CouchDB/'.length, 'CouchDB/'.length + 31),
    );
  });
});

describe('names of databases', () => {
  it('are 200 at most, and more are told as cut', () => {
    const many = (count: number): string[] => Array.from({ length: count }, (_, i) => `db-${i}`);
    expect(readNames(page(many(200)))).toEqual({ names: many(200), truncated: false });
    expect(readNames(page(many(201)))).toEqual({ names: many(200), truncated: true });
    expect(readNames(page([]))).toEqual({ names: [], truncated: false });
  });

  it('of a list that hit the cap are those that are whole', () => {
    const cut = { ...page('["users","orders","or'), truncated: true };
    expect(readNames(cut)).toEqual({ names: ['users', 'orders'], truncated: true });
  });

  it('are none of anything that is no list of text, in no other status', () => {
    for (const body of [['a', 1], ['a', null], { a: 'b' }, 'text', 'null'])
      expect(readNames(page(body))).toBeUndefined();
    for (const status of [201, 401, 404]) expect(readNames(page(['a'], status))).toBeUndefined();
  });

  it('are shown printable and no longer than they may be', () => {
    const [escaped = '', long = ''] = readNames(page(['\u001B[2J', 'x'.repeat(999)]))?.names ?? [];
    expect(escaped).not.toContain('\u001B');
    expect(long.length).toBeLessThanOrEqual(256);
  });
});

describe('a party of administrators', () => {
  const session = (name: unknown, roles: unknown) => ({ userCtx: { name, roles } });
  it('is where nobody has the role', () => {
    expect(isAdminParty(page(session(null, ['_admin'])))).toBe(true);
    expect(isAdminParty(page(session(null, ['x', '_admin'])))).toBe(true);
  });

  it.each([
    ['somebody has it', session('root', ['_admin'])],
    ['nobody has another', session(null, ['admin'])],
    ['nobody has none', session(null, [])],
    ['roles are text', session(null, '_admin')],
    ['no name is told', { userCtx: { roles: ['_admin'] } }],
    ['nothing is told', {}],
  ])('is not where %s', (_who, body) => {
    expect(isAdminParty(page(body))).toBe(false);
  });

  it('is not in another status', () => {
    for (const status of [201, 401, 500]) expect(isAdminParty(page(session(null, ['_admin']), status))).toBe(false);
  });
});

describe('counts', () => {
  const counts = (rows: unknown, status = 200) => Object.fromEntries(readCounts(page(rows, status)));
  const row = (key: unknown, info: unknown) => ({ key, info });

  it('are of documents and of the file, by the size that the release tells', () => {
    expect(
      counts([
        row('new', { doc_count: 3, sizes: { file: 10 }, disk_size: 99 }),
        row('old', { doc_count: 0, disk_size: 20 }),
        row('bare', {}),
      ]),
    ).toEqual({ new: { records: 3, bytes: 10 }, old: { records: 0, bytes: 20 }, bare: {} });
  });

  it.each([-1, 1.5, '3', null, 2 ** 53])('of %j are not known', (amount) => {
    expect(counts([row('a', { doc_count: amount, sizes: { file: amount } })])).toEqual({ a: {} });
  });

  it('are none of a database without a name or without news', () => {
    expect(counts([row('', { doc_count: 1 }), row('a', null), row(3, { doc_count: 1 }), null, { key: 'b' }])).toEqual(
      {},
    );
    expect(counts({ a: 1 })).toEqual({});
    for (const status of [201, 401]) expect(counts([row('a', {})], status)).toEqual({});
  });

  it('are of 200 at most', () => {
    expect(Object.keys(counts(Array.from({ length: 201 }, (_, i) => row(`db-${i}`, {}))))).toHaveLength(200);
  });
});
