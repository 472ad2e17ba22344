import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { PeerError } from '../../lib/model/errors.ts';
import { couchbase } from '../../lib/probes/couchbase.ts';
import { readBuckets, readPool, readPools } from '../../lib/wire/couchbase.ts';
import { hostileBytes } from '../support/hostile-bytes.ts';
import { CONTROL, page, siteRecording, visitRecorded } from '../support/recorded-site.ts';
import { scriptAccess } from '../support/script-access.ts';

const BUCKETS = '/pools/default/buckets?skipMap=true';

describe('a Couchbase', () => {
  it('that shows its cluster names its buckets, their counts, and nothing else of them', async () => {
    const { answer, asked } = await visitRecorded(couchbase, '2.0-open');
    expect(answer).toMatchObject({
      proto: { state: 'match', confidence: 'firm', product: 'Couchbase', version: '2.0.1-170-rel-enterprise' },
      auth: { state: 'open-anonymous' },
      proof: 4,
      metadata: {
        objects: [
          { name: 'profiles', records: 7303, bytes: 55_288_832, kind: 'collection', system: false },
          { name: 'default', records: 0, bytes: 0, kind: 'collection', system: false },
        ],
        truncated: false,
      },
    });
    expect(JSON.stringify(answer)).not.toMatch(/CANARY|10\.0\.0\.7/u);
    expect(asked.slice(1)).toEqual(['/pools', '/pools/default', CONTROL, BUCKETS].map((path) => `http GET ${path}`));
  });

  it('at metadata level 0 is asked for no names', async () => {
    const { answer, asked } = await visitRecorded(couchbase, '2.0-open', 0);
    expect(answer).not.toHaveProperty('metadata');
    expect(asked).not.toContain(`http GET ${BUCKETS}`);
  });

  it('whose buckets are not shown is as open as one whose are', async () => {
    const { answer } = await visitRecorded(couchbase, '2.0-open', 1, ({ path }) =>
      path === BUCKETS ? new PeerError('protocol', 'reset', 'gone') : undefined,
    );
    expect(answer).toMatchObject({ auth: { state: 'open-anonymous' }, proof: 3, metadata: { objects: [] } });
  });

  it('that answers /pools, as all do, is not open by that', async () => {
    for (const odd of [page('oops', 500), page('not found', 404), page({}), page('"unknown pool"', 200)]) {
      const { answer } = await visitRecorded(couchbase, '2.0-open', 1, ({ path }) =>
        path === '/pools/default' ? odd : undefined,
      );
      expect(answer).toMatchObject({ rule: 'couchbase/recognised', auth: { state: 'undetermined' }, proof: 1 });
    }
  });

  it('that does not answer the second question is recognised and no more', async () => {
    const { answer } = await visitRecorded(couchbase, '7.2-secured', 1, ({ path }) =>
      path === '/pools/default' ? new PeerError('protocol', 'timeout', 'slow') : undefined,
    );
    expect(answer).toMatchObject({ rule: 'couchbase/recognised', notes: ['/pools/default: slow'] });
  });

  it('that asks for credentials at its first page is closed there', async () => {
    const realm = page('', 401, { 'www-authenticate': 'Basic realm="Couchbase Server Admin / REST"' });
    const { answer, asked } = await visitRecorded(couchbase, '7.2-tls', 1, () => realm);
    expect(answer).toMatchObject({ rule: 'couchbase/refused', proto: { confidence: 'tentative' } });
    expect(asked).toHaveLength(1);
  });

  it('is sent nothing at the ports of its data', async () => {
    for (const port of [11_207, 11_210]) {
      const access = scriptAccess({ connections: [{ replies: [] }] });
      const at = { id: 'c', host: 'h', port, engine: 'couchbase', source: 'file', tags: {}, declared: {} } as const;
      const answer = await couchbase.visit(access, at, { metadata: 1, nonce: '0123456789abcdef' });
      expect(answer).toMatchObject({ l4: 'open', rule: 'couchbase/data-port', auth: { state: 'undetermined' } });
      expect([access.written, access.requested, access.opened]).toEqual([[], [], 1]);
    }
  });
});

it('its pages are read within limits, whatever comes', () => {
  const seeds = siteRecording(couchbase, '2.0-open').replies.map(({ body }) => body);
  const status = fc.constantFrom(200, 401, 404);
  fc.assert(
    fc.property(hostileBytes(seeds), status, fc.boolean(), (body, code, truncated) => {
      const reply = { status: code, headers: {}, body, truncated };
      for (const read of [readPools, readPool, readBuckets]) {
        expect(JSON.stringify(read(reply) ?? '').length).toBeLessThan(1_000);
      }
    }),
    { numRuns: 10_000 },
  );
});
