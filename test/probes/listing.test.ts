import { describe, expect, it } from 'vitest';
import { PeerError } from '../../lib/model/errors.ts';
import type { Probe } from '../../lib/model/probe.ts';
import { chroma } from '../../lib/probes/chroma.ts';
import { meilisearch } from '../../lib/probes/meilisearch.ts';
import { milvus } from '../../lib/probes/milvus.ts';
import { qdrant } from '../../lib/probes/qdrant.ts';
import { typesense } from '../../lib/probes/typesense.ts';
import { vespa } from '../../lib/probes/vespa.ts';
import { weaviate } from '../../lib/probes/weaviate.ts';
import { CONTROL, page, visitRecorded } from '../support/recorded-site.ts';

const SECRETS = /CANARY/u;

describe('a list of names is an open door', () => {
  const collections = '/api/v2/tenants/default_tenant/databases/default_database/collections?limit=50';
  const rows: readonly (readonly [Probe, string, readonly string[], readonly object[]])[] = [
    [
      qdrant,
      '1.12-open',
      ['GET /', 'GET /collections', `GET ${CONTROL}`, 'GET /collections/alexa_utterances', 'GET /collections/products'],
      [
        { name: 'alexa_utterances', records: 5120, fields: [{ name: 'email', type: 'keyword' }] },
        { name: 'products', records: 0 },
        { name: 'third' },
      ],
    ],
    [
      weaviate,
      '1.27-open',
      ['GET /v1/meta', 'GET /v1/schema', `GET ${CONTROL}`, 'GET /v1/nodes?output=verbose'],
      [
        {
          name: 'Customer',
          records: 43,
          fields: [
            { name: 'email', type: 'text' },
            { name: 'birthday', type: 'date' },
          ],
        },
        { name: 'Order' },
      ],
    ],
    [
      milvus,
      '2.4-open',
      ['POST /v2/vectordb/collections/list {}', `GET ${CONTROL}`],
      [{ name: 'faces' }, { name: 'users' }],
    ],
    [
      meilisearch,
      '1.11-open',
      ['GET /stats', `GET ${CONTROL}`],
      [
        { name: 'patients', kind: 'index', records: 19_654, bytes: 5320, fields: [{ name: 'ssn' }, { name: 'name' }] },
        { name: 'books', records: 5 },
      ],
    ],
    [
      typesense,
      '27-behind-a-proxy-with-the-key',
      ['GET /collections', `GET ${CONTROL}`],
      [{ name: 'companies', records: 1250, fields: [{ name: 'company_name', type: 'string' }, { name: 'country' }] }],
    ],
    [
      chroma,
      '1.x-open',
      ['GET /api/v2/heartbeat', `GET ${collections}`, `GET ${CONTROL}`],
      [{ name: 'alexa-utterances', kind: 'collection' }],
    ],
    [
      vespa,
      '8-config-open',
      ['GET /state/v1/version', 'GET /application/v2/tenant/', `GET ${CONTROL}`],
      [{ name: 'default', kind: 'database' }],
    ],
  ];

  it.each(rows.map(([probe, ...row]) => [probe.id, probe, ...row] as const))(
    'of %s: what is asked, and what is told at level 2',
    async (_id, probe, name, asked, objects) => {
      const seen = await visitRecorded(probe, name, 2);
      expect(seen.asked.slice(1).map((line) => line.replace(/^https? /u, ''))).toEqual(asked);
      expect(seen.answer).toMatchObject({ auth: { state: 'open-anonymous' }, metadata: { objects } });
      expect(JSON.stringify(seen.answer)).not.toMatch(SECRETS);
      const { answer: names } = await visitRecorded(probe, name, 1);
      for (const object of names.metadata?.objects ?? []) expect(object).not.toHaveProperty('fields');
      expect((await visitRecorded(probe, name, 0)).answer).not.toHaveProperty('metadata');
    },
  );
});

describe('a refusal is one only in the words of the product', () => {
  it.each([
    [qdrant, '1.12-open', '/collections'],
    [weaviate, '1.27-open', '/v1/schema'],
    [chroma, '1.x-open', '/api/v2/tenants/default_tenant/databases/default_database/collections?limit=50'],
    [vespa, '8-config-open', '/application/v2/tenant/'],
  ] as const)('%s', async (probe, name, list) => {
    const unclear = [page('Forbidden', 403), page('{}'), page('oops', 500), new PeerError('protocol', 'reset', 'gone')];
    for (const reply of unclear) {
      const { answer } = await visitRecorded(probe, name, 1, ({ path }) => (path === list ? reply : undefined));
      expect(answer).toMatchObject({ rule: `${probe.id}/recognised`, auth: { state: 'undetermined' }, proof: 1 });
    }
  });
});

it('a Qdrant whose name cannot stand in a path is not asked about it', async () => {
  const odd = page({ result: { collections: [{ name: '../telemetry' }, { name: 'a b' }] }, status: 'ok' });
  const { asked, answer } = await visitRecorded(qdrant, '1.12-open', 1, ({ path }) =>
    path === '/collections' ? odd : undefined,
  );
  expect(asked.filter((line) => line.includes('/collections/'))).toEqual([]);
  expect(answer.metadata?.objects).toHaveLength(2);
});

it('a list that hit our cap is as open as a whole one', async () => {
  const whole = JSON.stringify({ result: { collections: [{ name: 'a' }, { name: 'b' }, { name: 'c' }] } });
  const cut = { ...page(whole.slice(0, -12)), truncated: true };
  const { answer } = await visitRecorded(qdrant, '1.12-open', 1, ({ path }) =>
    path === '/collections' ? cut : undefined,
  );
  expect(answer).toMatchObject({
    auth: { state: 'open-anonymous' },
    metadata: { objects: [{ name: 'a' }, { name: 'b' }], truncated: true },
  });
});

it('a Typesense list without a collection has no mark, and no verdict', async () => {
  const { answer } = await visitRecorded(typesense, '27-key', 1, () => page([]));
  expect(answer).toMatchObject({ rule: 'typesense/generic-http', auth: { state: 'undetermined' } });
});

it('a list that a proxy guards asks for credentials, in the clear where there is no TLS', async () => {
  const guarded = page('<html>', 401, { 'www-authenticate': 'Basic realm="ops"' });
  const { answer } = await visitRecorded(qdrant, '1.12-open', 1, ({ path }) =>
    path === '/collections' ? guarded : undefined,
  );
  expect(answer).toMatchObject({ rule: 'qdrant/proxy-auth', proto: { state: 'match' }, auth: { state: 'auth-weak' } });
});

it('words that any service may use are no refusal of theirs', async () => {
  const any = page({ code: 401, message: 'invalid token' }, 401);
  const { answer } = await visitRecorded(milvus, '2.4-auth', 1, () => any);
  expect(answer.proto.state).not.toBe('match');
  const { answer: other } = await visitRecorded(chroma, '1.x-open', 1, ({ path }) =>
    path.includes('collections') ? page({ error: 'forbidden' }, 403) : undefined,
  );
  expect(other).toMatchObject({ rule: 'chroma/recognised', auth: { state: 'undetermined' } });
});
