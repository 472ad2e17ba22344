/** etcd's replies one by one; whole visits are in test/probes/etcd.test.ts. */
import { describe, expect, it } from 'vitest';
import { mayServeV2, rangePath, readKeyV2, readRange, readRelease } from '../../lib/wire/etcd.ts';
import { page } from '../support/recorded-site.ts';

const V3 = { etcdserver: '3.5.9', etcdcluster: '3.5.0' };
const NOT_FOUND = { errorCode: 100, message: 'Key not found', cause: '/x', index: 7 };
const INDEX = { 'x-etcd-index': '7' };
const header = { cluster_id: '14841639068965178418', revision: '9' };

describe('the version page', () => {
  it.each([
    ['3.5.9', 3, 5],
    ['2.3.8', 2, 3],
    ['3.6.0-rc.4', 3, 6],
    ['3.4.0+git', 3, 4],
    ['123.456.7', 123, 456],
  ])('tells release %s', (etcdserver, major, minor) => {
    expect(readRelease(page({ ...V3, etcdserver }))).toEqual({ version: etcdserver, major, minor });
  });

  it.each([
    ...[
      '',
      '3',
      '3.5',
      '3.5.',
      'v3.5.9',
      '3.5.9 or so',
      'x3.5.9',
      '1234.5.6',
      '3.4567.8',
      '3.x.1',
      `3.5.${'9'.repeat(31)}`,
    ],
    ...[3.5, null, undefined],
  ])('does not tell release %j', (etcdserver) => {
    expect(readRelease(page({ ...V3, etcdserver }))).toBeUndefined();
  });

  it('of a member that has not joined yet is one all the same, and of less than both members none', () => {
    expect(readRelease(page({ ...V3, etcdcluster: 'not_decided' }))?.version).toBe('3.5.9');
    for (const etcdcluster of ['', undefined, 3]) expect(readRelease(page({ ...V3, etcdcluster }))).toBeUndefined();
  });

  it('in another status, or as no JSON, tells nothing', () => {
    for (const status of [201, 401, 404, 500]) expect(readRelease(page(V3, status))).toBeUndefined();
    expect(readRelease(page('etcdserver 3.5.9'))).toBeUndefined();
  });
});

describe('by release', () => {
  it.each([
    [2, 3, undefined, true],
    [3, 2, undefined, true],
    [3, 3, '/v3beta/kv/range', true],
    [3, 4, '/v3/kv/range', true],
    [3, 5, '/v3/kv/range', true],
    [3, 6, '/v3/kv/range', false],
    [4, 0, undefined, false],
    [4, 3, undefined, false],
  ])('%d.%d is asked for a range at %s; the older API is asked: %s', (major, minor, path, v2) => {
    expect([rangePath({ version: '', major, minor }), mayServeV2({ version: '', major, minor })]).toEqual([path, v2]);
  });
});

describe('a count of all keys', () => {
  it.each([
    [{ header, count: '123' }, 123],
    [{ header }, 0],
    [{ header, count: '999999999999999' }, 999_999_999_999_999],
    // Somebody answers, and says nothing that is a number: so many are not known.
    [{ header, count: '1000000000000000' }, undefined],
    [{ header, count: '-1' }, undefined],
    [{ header, count: '1 ' }, undefined],
    [{ header, count: 123 }, undefined],
    [{ header, count: null }, 0],
  ])('%j: %s', (body, keys) => {
    expect(readRange(page(body))).toEqual({ keys });
  });

  it('is none without the header, nor in another status', () => {
    for (const body of [{ count: '3' }, { header: {} }, { header: { cluster_id: '' } }, [], 'text'])
      expect(readRange(page(body))).toBe('unclear');
    for (const status of [201, 400, 401, 500]) expect(readRange(page({ header, count: '3' }, status))).toBe('unclear');
    expect(readRange(page({ header }, 404))).toBe('absent');
  });

  it.each([
    ['error', 'etcdserver: user name is empty', 400],
    ['message', 'etcdserver: permission denied', 403],
    ['error', 'etcdserver: INVALID AUTH TOKEN', 401],
    ['message', 'etcdserver: user name is empty', 200],
  ])('is refused in %s: %s', (where, words, status) => {
    expect(readRange(page({ [where]: words }, status))).toBe('refused');
  });

  it('is not refused by what is an error of another kind', () => {
    for (const error of ['etcdserver: request timed out', 'user name', ''])
      expect(readRange(page({ error, message: '' }, 503))).toBe('unclear');
    expect(readRange(page({ error: '', message: 'etcdserver: permission denied' }, 503))).toBe('refused');
  });
});

describe('a key that cannot exist, of the older API', () => {
  it('is said not to exist to whoever may read', () => {
    expect(readKeyV2(page(NOT_FOUND, 404, INDEX))).toEqual({ keys: undefined });
  });

  it.each([
    ['without the index of the store', page(NOT_FOUND, 404)],
    ['in another status', page(NOT_FOUND, 200, INDEX)],
    ['with another code', page({ errorCode: 300 }, 404, INDEX)],
    ['with a code that is text', page({ errorCode: '100' }, 404, INDEX)],
    ['refused by somebody else', page({ errorCode: 100 }, 401, INDEX)],
    ['refused in no JSON', page('Unauthorized', 401)],
    ['refused in another status', page({ errorCode: 110 }, 403)],
    ['an error of the server', page('', 500)],
    ['an answer that is nothing', page('', 200)],
  ])('%s is unclear', (_what, reply) => {
    expect(readKeyV2(reply)).toBe('unclear');
  });

  it('is refused by code 110, and absent where the API is', () => {
    expect(readKeyV2(page({ errorCode: 110, message: 'The request requires user authentication' }, 401))).toBe(
      'refused',
    );
    expect(readKeyV2(page('404 page not found', 404))).toBe('absent');
    expect(readKeyV2(page({ message: 'no' }, 404))).toBe('absent');
  });
});
