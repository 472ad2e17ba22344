import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { PeerError } from '../../lib/model/errors.ts';
import { etcd } from '../../lib/probes/etcd.ts';
import { mayServeV2, rangePath, readKeyV2, readRange, readRelease } from '../../lib/wire/etcd.ts';
import { CONTROL, NONCE, page, visitRecorded, visitSite } from '../support/recorded-site.ts';

const COUNT = '{"key":"AA==","range_end":"AA==","count_only":true}';
const V2_KEY = `/v2/keys/.exposure-probe-${NONCE}`;

describe('an etcd', () => {
  it('without authentication is open, with a count of its keys and not one name', async () => {
    const { answer, asked } = await visitRecorded(etcd, '3.4-open');
    expect(answer).toMatchObject({
      proto: { state: 'match', confidence: 'firm', product: 'etcd', version: '3.4.23' },
      tls: { state: 'absent' },
      proof: 4,
      metadata: { objects: [{ name: 'v3', kind: 'keyspace', records: 1 }], truncated: false },
    });
    expect(asked).toEqual([
      'https GET /version',
      'http GET /version',
      `http POST /v3/kv/range ${COUNT}`,
      `http GET ${CONTROL}`,
    ]);
  });

  it('that closes v3 and serves v2 is open by v2', async () => {
    const { answer, asked } = await visitRecorded(etcd, '3.4-v2-open');
    expect(answer).toMatchObject({ auth: { state: 'open-anonymous' }, rule: 'etcd/v2-keys', proof: 3 });
    expect(answer).not.toHaveProperty('metadata');
    expect(asked.slice(3)).toEqual([`http GET ${V2_KEY}`, `http GET ${CONTROL}`]);
  });

  it('is closed only where every API that it serves refused', async () => {
    const unclear = [
      new PeerError('protocol', 'timeout', 'nothing came'),
      page('no', 403),
      page('oops', 500),
      page({ message: 'unauthorized' }, 401),
      page({ action: 'get' }),
    ];
    for (const reply of unclear) {
      const { answer } = await visitRecorded(etcd, '3.4-auth', 1, ({ path }) => (path === V2_KEY ? reply : undefined));
      expect(answer).toMatchObject({ auth: { state: 'undetermined' }, rule: 'etcd/v2-unclear' });
    }
  });

  it('whose range breaks off says nothing', async () => {
    const broken = new PeerError('protocol', 'closed', 'empty reply');
    const { answer } = await visitRecorded(etcd, '3.4-auth', 1, ({ post }) =>
      post === undefined ? undefined : broken,
    );
    expect(answer).toMatchObject({ auth: { state: 'undetermined' }, rule: 'etcd/version', proof: 1 });
    expect(answer.notes.join()).toContain('empty reply');
  });

  it('of 3.3 is asked under its own prefix, of 3.0 to 3.2 not at all, and of 2 for v2 alone', async () => {
    const at = async (etcdserver: string) => {
      const site = ({ path }: { readonly path: string }) =>
        path === '/version' ? page({ etcdserver, etcdcluster: '3.0.0' }) : page('404 page not found', 404);
      return visitSite(etcd, site);
    };
    expect((await at('3.3.11')).asked).toContain(`https POST /v3beta/kv/range ${COUNT}`);
    const old = await at('3.2.1');
    expect(old.asked).toEqual(['https GET /version', `https GET ${V2_KEY}`]);
    expect(old.answer).toMatchObject({ rule: 'etcd/version', auth: { state: 'undetermined' } });
    expect((await at('2.3.8')).answer).toMatchObject({ rule: 'etcd/no-gateway' });
    expect((await at('3.6.1')).asked).not.toContain(`https GET ${V2_KEY}`);
  });

  it('of 2 that refuses its keys asks for credentials', async () => {
    const refused = page({ errorCode: 110, message: 'The request requires user authentication' }, 401);
    const { answer } = await visitSite(etcd, ({ path }) =>
      path === '/version' ? page({ etcdserver: '2.3.8', etcdcluster: '2.3.0' }) : refused,
    );
    expect(answer).toMatchObject({ rule: 'etcd/v2-refused', auth: { state: 'auth-required' }, proof: 2 });
  });

  it('shows no count at metadata level 0, and none of an empty store', async () => {
    expect((await visitRecorded(etcd, '3.4-open', 0)).answer).not.toHaveProperty('metadata');
    const empty = page({ header: { cluster_id: '1' } });
    const { answer } = await visitRecorded(etcd, '3.4-open', 1, ({ post }) => (post === undefined ? undefined : empty));
    expect(answer).toMatchObject({ proof: 4, metadata: { objects: [] } });
  });
});

describe('its replies, whatever they hold', () => {
  it('are read or refused, and never throw', () => {
    const release = fc.tuple(fc.nat(9), fc.nat(9), fc.nat(99)).map((parts) => parts.join('.'));
    const shaped = fc.record(
      {
        etcdserver: fc.oneof(release, fc.string()),
        etcdcluster: fc.string(),
        header: fc.oneof(fc.record({ cluster_id: fc.string() }), fc.jsonValue()),
        count: fc.oneof(fc.nat().map(String), fc.jsonValue()),
        errorCode: fc.oneof(fc.constantFrom(100, 110), fc.jsonValue()),
        error: fc.string(),
      },
      { requiredKeys: [] },
    );
    const text = fc.oneof(
      shaped.map((value) => JSON.stringify(value)),
      fc.json(),
      fc.string(),
    );
    fc.assert(
      fc.property(text, fc.constantFrom(200, 400, 401, 404, 500), (body, status) => {
        const any = page(body, status);
        const found = readRelease(any);
        if (found !== undefined) expect(found.version.length).toBeLessThanOrEqual(40);
        if (found !== undefined && found.major === 3 && found.minor < 3) expect(rangePath(found)).toBeUndefined();
        if (found !== undefined && found.major === 3 && found.minor > 5) expect(mayServeV2(found)).toBe(false);
        const range = readRange(any);
        if (typeof range !== 'string') expect(status).toBe(200);
        if (typeof range !== 'string' && range.keys !== undefined) expect(Number.isSafeInteger(range.keys)).toBe(true);
        // Without its index header, no reply is a word of v2's keys.
        expect(typeof readKeyV2(any)).toBe('string');
      }),
      { numRuns: 10_000 },
    );
  });
});
