/** Couchbase's administration one reply at a time; whole visits are in test/probes/couchbase.test.ts. */
import { describe, expect, it } from 'vitest';
import { readBuckets, readPool, readPools } from '../../lib/wire/couchbase.ts';
import { page } from '../support/recorded-site.ts';

const SERVER = { server: 'Couchbase Server' };
const REALM = { 'www-authenticate': 'Basic realm="Couchbase Server Admin / REST"' };
const POOLS = { implementationVersion: '7.2.0-5325-enterprise', isAdminCreds: false, pools: [] };

describe('/pools', () => {
  it('tells the version, and whether a stranger is an administrator', () => {
    expect(readPools(page(POOLS))).toEqual({ markers: 2, version: POOLS.implementationVersion, isAdmin: false });
    expect(readPools(page({ ...POOLS, isAdminCreds: true }, 200, SERVER))?.isAdmin).toBe(true);
  });

  it.each([
    { ...POOLS, implementationVersion: '' },
    { ...POOLS, implementationVersion: 7 },
    { ...POOLS, isAdminCreds: 'true' },
    { ...POOLS, pools: {} },
    [],
  ])('%j is not it', (body) => {
    expect(readPools(page(body, 200, SERVER))).toBeUndefined();
  });

  it('that asks for credentials is one by its realm', () => {
    const refused = { version: '', refused: true, isAdmin: false };
    expect(readPools(page('', 401, REALM))).toEqual({ markers: 1, ...refused });
    expect(readPools(page('', 401, { ...REALM, ...SERVER }))).toEqual({ markers: 2, ...refused });
    for (const server of ['xCouchbase', 'Couchbases', 'couchbase'])
      expect(readPools(page('', 401, { ...REALM, server }))?.markers, server).toBe(1);
    expect(readPools(page('', 401, SERVER))).toBeUndefined();
    expect(readPools(page('', 401, { 'www-authenticate': 'Basic realm="Sofa"' }))).toBeUndefined();
    for (const status of [403, 407, 500]) expect(readPools(page('', status, REALM))).toBeUndefined();
    for (const status of [201, 401, 404]) expect(readPools(page(POOLS, status))).toBeUndefined();
  });
});

describe('/pools/default', () => {
  const cluster = { name: 'default', nodes: [{ hostname: 'a' }] };
  it.each([
    ['a cluster', page(cluster), 'cluster'],
    ['a cluster without nodes', page({ name: 'default', nodes: [] }), 'cluster'],
    ['no cluster yet', page('"unknown pool"', 404), 'unknown-pool'],
    ['a demand', page('', 401, REALM), 'refused'],
    ['a demand of another', page('', 401), undefined],
    ['nothing there', page('"not found"', 404), undefined],
    ['the words of none in another status', page('"unknown pool"', 200), undefined],
    ['a cluster in another status', page(cluster, 500), undefined],
    ['a cluster that is not there', page(cluster, 404), undefined],
    ['no name', page({ name: '', nodes: [] }), undefined],
    ['no list of nodes', page({ name: 'default', nodes: {} }), undefined],
  ] as const)('%s', (_what, reply, row) => {
    expect(readPool(reply)).toBe(row);
  });

  it('is a cluster also where it hit the cap within its nodes', () => {
    const text = '{"name":"default","nodes":[{"hostname":"a","ports":{"direct":11210,"more":1},"x":';
    expect(readPool({ ...page(text), truncated: true })).toBe('cluster');
  });
});

describe('buckets', () => {
  const bucket = (name: unknown, basicStats: unknown = {}) => ({ name, basicStats });

  it('have names, items and bytes, and nothing else of them is kept', () => {
    const one = { ...bucket('users', { itemCount: 3, dataUsed: 4_096 }), saslPassword: 'secret', nodes: [] };
    expect(readBuckets(page([one, bucket('empty'), bucket('odd', { itemCount: -1, dataUsed: '9' })]))).toEqual({
      rows: [{ name: 'users', records: 3, bytes: 4_096 }, { name: 'empty' }, { name: 'odd' }],
      truncated: false,
    });
  });

  it('without names are none, and a list without any has none', () => {
    expect(readBuckets(page([bucket(''), bucket(3)]))).toBeUndefined();
    expect(readBuckets(page([bucket(''), bucket('a')]))?.rows).toEqual([{ name: 'a' }]);
    expect(readBuckets(page([]))).toEqual({ rows: [], truncated: false });
  });

  it('of a list that hit the cap are those that are whole', () => {
    const text = `[${JSON.stringify(bucket('users', { itemCount: 3 }))},{"name":"ord`;
    expect(readBuckets({ ...page(text), truncated: true })).toEqual({
      ...{ rows: [{ name: 'users', records: 3 }], truncated: true },
    });
  });

  it('are read of a 200 alone', () => {
    for (const status of [201, 401, 404]) expect(readBuckets(page([bucket('a')], status))).toBeUndefined();
  });
});
