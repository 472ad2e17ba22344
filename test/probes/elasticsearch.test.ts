import { describe, expect, it } from 'vitest';
import { PeerError } from '../../lib/model/errors.ts';
import type { HttpReply, HttpRequest } from '../../lib/model/probe.ts';
import { elasticsearch } from '../../lib/probes/elasticsearch.ts';
import { siteRecordings } from '../support/recordings.ts';
import { PLAIN_TLS, scriptAccess } from '../support/script-access.ts';
import {
  ANONYMOUS_403,
  CAT,
  CONTROL,
  fails,
  type Failure,
  MAIN,
  MAPPING,
  OS_MAIN,
  type Reply,
  ROWS,
  security,
  type Site,
  STATS,
  visitSite as visit,
} from '../support/search-site.ts';

describe('what is asked', () => {
  it('is five paths at level 2 inside TLS, and no document', async () => {
    const seen = await visit({ https: { '/': { body: MAIN }, [CAT]: { body: ROWS }, [MAPPING]: { body: {} } } }, 2);
    expect(seen.asked).toEqual(['/', CAT, CONTROL, MAPPING].map((path) => `https ${path}`));
    expect(seen.requests.at(-1)).toMatchObject({ maxBytes: 256 * 1024 });
    expect(seen.tls).toEqual({ state: 'implicit', facts: PLAIN_TLS, clientCert: 'no' });
  });

  it('is never more than six messages, the longest way round', async () => {
    const old = { indices: { logs: { primaries: { docs: { count: 5 } } } } };
    const site = { '/': { body: MAIN }, [CAT]: { status: 400 }, [STATS]: { body: old }, [MAPPING]: { body: {} } };
    const seen = await visit({ http: site }, 2);
    expect(seen.asked).toEqual(['https /', ...['/', CAT, STATS, CONTROL, MAPPING].map((path) => `http ${path}`)]);
    expect(seen.asked.length).toBeLessThanOrEqual(elasticsearch.maxConnections);
  });

  it('is nothing more than the root page where that demands credentials', async () => {
    const seen = await visit({
      https: { '/': security('missing authentication credentials for REST request [/]', 401) },
    });
    expect(seen.asked).toEqual(['https /']);
  });

  it('leaves the mapping out below level 2, and shows no objects at level 0', async () => {
    const site = { '/': { body: MAIN }, [CAT]: { body: ROWS } };
    expect((await visit({ https: site }, 1)).asked).toHaveLength(3);
    const seen = await visit({ https: site }, 0);
    expect(seen).toMatchObject({ auth: { state: 'open-anonymous' }, proof: 4 });
    expect(seen).not.toHaveProperty('metadata');
  });
});

describe('the index list', () => {
  const open = (more: Site, main: unknown = MAIN): { https: Site } => ({ https: { '/': { body: main }, ...more } });

  it('is the proof, with counts', async () => {
    const seen = await visit(open({ [CAT]: { body: ROWS } }, OS_MAIN));
    expect(seen).toMatchObject({
      proto: { state: 'match', confidence: 'firm', product: 'opensearch', version: '2.19.4' },
      auth: { state: 'open-anonymous' },
      proof: 4,
      rule: 'elasticsearch/open',
    });
    expect(seen.metadata).toEqual({
      objects: [
        { name: 'device-users', kind: 'index', records: 12, bytes: 4711, system: false },
        { name: 'archive-2018', kind: 'index', system: false },
        { name: '.kibana_1', kind: 'index', records: 3, bytes: 900, system: true },
      ],
      truncated: false,
    });
  });

  it.each<[string, Reply | Failure, string, string, number]>([
    ['empty', { body: [] }, 'open', 'open-anonymous', 3],
    ['without counts', { body: [{ index: 'a', 'docs.count': 'x', 'store.size': -1 }] }, 'open', 'open-anonymous', 3],
    [
      'forbidden',
      security('no permissions for [indices:monitor/settings/get]', 403),
      'indices-forbidden',
      'open-restricted',
      2,
    ],
    ['behind a password', { status: 401 }, 'indices-forbidden', 'open-restricted', 2],
    ['too much asked', { status: 429 }, 'indices-unreadable', 'undetermined', 1],
    ['of something else', { body: [{ name: 'a' }] }, 'indices-unreadable', 'undetermined', 1],
    ['of a row and something else', { body: [...ROWS, 7] }, 'indices-unreadable', 'undetermined', 1],
    ['cut off', fails('protocol', 'reset'), 'indices-unanswered', 'undetermined', 1],
    ['not connected', fails('connect', 'refused'), 'indices-unanswered', 'undetermined', 1],
  ])('%s', async (_name, cat, rule, state, proof) => {
    const seen = await visit(open({ [CAT]: cat }));
    expect(seen).toMatchObject({ proto: { state: 'match' }, auth: { state }, proof, rule: `elasticsearch/${rule}` });
  });

  it.each([400, 404, 405, 406, 410, 200])('with status %s and no JSON is asked for as statistics', async (status) => {
    const stats = { indices: { logs: { primaries: { docs: { count: 5 } } }, '.security-7': { primaries: {} } } };
    const seen = await visit(open({ [CAT]: { status, body: 'green open logs 5' }, [STATS]: { body: stats } }));
    expect(seen).toMatchObject({ auth: { state: 'open-anonymous' }, proof: 4, rule: 'elasticsearch/open' });
    expect(seen.metadata?.objects).toEqual([
      { name: 'logs', kind: 'index', records: 5, system: false },
      { name: '.security-7', kind: 'index', system: true },
    ]);
  });

  it('of a cluster with thousands of indices is cut by us, and as open as any', async () => {
    const many = Array.from({ length: 3_000 }, (_, n) => ({ index: `i-${n}`, 'docs.count': '1', 'store.size': '2' }));
    const body = JSON.stringify(many).slice(0, 64 * 1024);
    const seen = await visit(open({ [CAT]: { body, truncated: true } }));
    expect(seen).toMatchObject({ auth: { state: 'open-anonymous' }, proof: 4, metadata: { truncated: true } });
    expect(seen.metadata?.objects).toHaveLength(200);
  });

  it('keeps names of users before names of the system', async () => {
    const many = Array.from({ length: 250 }, (_, n) => ({ index: `.s-${n}` }));
    const seen = await visit(open({ [CAT]: { body: [...many, { index: 'users' }] } }));
    expect(seen.metadata?.objects[0]).toMatchObject({ name: 'users', system: false });
    expect(seen.metadata).toMatchObject({ truncated: true });
  });

  it.each<[string, Reply]>([
    ['Elasticsearch', security('action [cluster:monitor/main] is unauthorized for user [_anonymous]', 403)],
    ['OpenSearch', security(ANONYMOUS_403, 403)],
  ])('is asked of an anonymous user of %s too: grants on indices are separate', async (_name, root) => {
    const granted = await visit({ https: { '/': root, [CAT]: { body: ROWS } } });
    expect(granted).toMatchObject({ auth: { state: 'open-anonymous' }, proof: 4, rule: 'elasticsearch/open' });
    for (const cat of [security('no', 403), { status: 500 }, fails('protocol', 'timeout')]) {
      const seen = await visit({ https: { '/': root, [CAT]: cat } });
      expect(seen).toMatchObject({ auth: { state: 'open-restricted' }, proof: 2 });
      expect(seen.rule).toMatch(/anonymous-(role|forbidden)$/);
    }
  });
});

describe('a server without its main page that names itself by its header (docs/decisions/0022)', () => {
  const headers = { 'x-elastic-product': 'Elasticsearch' };
  // As Elasticsearch 8.14.3 answers whose module with the main page is not installed.
  const root: Reply = { status: 405, headers, body: { error: 'Incorrect HTTP method for uri [/] and method [GET]' } };

  it('is asked for its indices, and is open when it shows them', async () => {
    const seen = await visit({ https: { '/': root, [CAT]: { headers, body: ROWS } } });
    expect(seen.asked).toEqual(['/', CAT, CONTROL].map((path) => `https ${path}`));
    expect(seen).toMatchObject({
      proto: { state: 'match', product: 'elasticsearch' },
      auth: { state: 'open-anonymous' },
      proof: 4,
      rule: 'elasticsearch/open',
    });
  });

  it.each<[string, Reply | Failure]>([
    ['asks for credentials', { status: 401 }],
    ['refuses', { status: 403 }],
    ['is another page', { body: '<html>' }],
    ['gets no answer', fails('protocol', 'timeout')],
  ])('and whose index list %s is neither open nor closed', async (_name, cat) => {
    expect(await visit({ https: { '/': root, [CAT]: cat } })).toMatchObject({
      proto: { state: 'match', confidence: 'tentative' },
      auth: { state: 'undetermined' },
      proof: 1,
      rule: 'elasticsearch/headed',
    });
  });

  it('is nobody where every path gets the same list', async () => {
    const all = { headers, body: ROWS };
    expect(await visit({ https: { '/': root, [CAT]: all, [CONTROL]: all } })).toMatchObject({
      auth: { state: 'undetermined' },
      proof: 0,
      rule: 'elasticsearch/catch-all',
    });
  });

  it('asks for credentials where a proxy in front of it does', async () => {
    const front = { status: 401, headers: { ...headers, 'www-authenticate': 'Basic realm="x"' } };
    expect((await visit({ https: { '/': front } })).rule).toBe('elasticsearch/proxy-auth');
  });
});

describe('the negative control', () => {
  const site = (control: Reply | Failure, cat: Reply = { body: ROWS }): { https: Site } => ({
    https: { '/': { body: MAIN }, [CAT]: cat, [CONTROL]: control },
  });

  it.each<[string, Reply]>([
    ['the same list', { body: ROWS }],
    ['another list', { body: [] }],
    ['a list cut short', { body: '[{"index":"a"},{"ind', truncated: true }],
    ['a list with status 201', { status: 201, body: ROWS }],
  ])('answered with %s voids the verdict', async (_name, control) => {
    const seen = await visit(site(control));
    expect(seen).toMatchObject({
      proto: { state: 'generic-http' },
      auth: { state: 'undetermined' },
      proof: 0,
      rule: 'elasticsearch/catch-all',
    });
    expect(seen).not.toHaveProperty('metadata');
  });

  it('voids statistics by their keys', async () => {
    const stats = { body: { indices: { a: { primaries: { docs: { count: 1 } } } } } };
    const all = { '/': { body: MAIN }, [CAT]: { status: 404 }, [STATS]: stats };
    expect((await visit({ https: { ...all, [CONTROL]: stats } })).rule).toBe('elasticsearch/catch-all');
    expect((await visit({ https: { ...all, [CONTROL]: { body: { error: 1 } } } })).rule).toBe('elasticsearch/open');
  });

  it.each<[string, Reply]>([
    ['404', { status: 404, body: ROWS }],
    ['a page of a site around it', { body: '<html>' }],
    ['an error object', { body: { error: 'x' } }],
  ])('answered with %s leaves it', async (_name, control) => {
    expect(await visit(site(control))).toMatchObject({ auth: { state: 'open-anonymous' }, rule: 'elasticsearch/open' });
  });

  it('that is not answered leaves the door unproven', async () => {
    const seen = await visit(site(fails('protocol', 'reset')));
    expect(seen).toMatchObject({ auth: { state: 'undetermined' }, proof: 1, rule: 'elasticsearch/control-unanswered' });
  });
});

describe('field names', () => {
  const withMapping = (mapping: Reply | Failure): { https: Site } => ({
    https: { '/': { body: MAIN }, [CAT]: { body: ROWS }, [MAPPING]: mapping },
  });

  it('are names and types, two levels deep, by index', async () => {
    const properties = { email: { type: 'keyword' }, wifi: { properties: { ssid: { type: 'text' }, n: {} } } };
    const seen = await visit(withMapping({ body: { 'device-users': { mappings: { properties } } } }), 2);
    expect(seen.metadata?.objects[0]).toMatchObject({
      name: 'device-users',
      fields: [
        { name: 'email', type: 'keyword' },
        { name: 'wifi.ssid', type: 'text' },
      ],
    });
    expect(seen.metadata?.truncated).toBe(false);
  });

  it.each<[string, Reply | Failure]>([
    ['over 256 KiB', { body: '{"device-users":{"mappings":{"prop', truncated: true }],
    ['forbidden', { status: 403 }],
    ['no JSON', { body: '<html>' }],
    ['cut off', fails('protocol', 'timeout')],
  ])('that are %s are unknown, and the door is open all the same', async (_name, mapping) => {
    const seen = await visit(withMapping(mapping), 2);
    expect(seen).toMatchObject({ auth: { state: 'open-anonymous' }, proof: 4, metadata: { truncated: true } });
    expect(seen.metadata?.objects.some((o) => o.fields !== undefined)).toBe(false);
    expect(seen.notes.join()).toContain('field names unknown');
  });
});

describe('TLS first, plaintext second', () => {
  it.each(['plaintext', 'tls-refused', 'reset', 'closed'] as const)('when TLS fails with %s', async (reason) => {
    const site = { '/': { body: MAIN }, [CAT]: { body: ROWS } };
    const seen = await visit({ https: fails('tls', reason), http: site });
    expect(seen).toMatchObject({ tls: { state: 'absent', clientCert: 'no' }, auth: { state: 'open-anonymous' } });
    expect(seen.asked).toEqual(['https /', 'http /', `http ${CAT}`, `http ${CONTROL}`]);
  });

  it('when TLS is met with silence: a server that reads lines waits for the end of one, which a hello need not hold', async () => {
    const seen = await visit({ https: fails('tls', 'timeout'), http: { '/': { body: MAIN }, [CAT]: { body: ROWS } } });
    expect(seen).toMatchObject({ tls: { state: 'absent' }, auth: { state: 'open-anonymous' } });
  });

  it('but a 400 after that silence may be a TLS server that is slow, so it takes no TLS away', async () => {
    const seen = await visit({ https: fails('tls', 'timeout'), http: { '/': { status: 400, body: 'Bad Request' } } });
    expect(seen).toMatchObject({ l4: 'open-silent', tls: { state: 'undetermined' }, auth: { state: 'undetermined' } });
    expect(seen.asked).toEqual(['https /', 'http /']);
  });

  it('a demand for a client certificate is authentication', async () => {
    for (const stage of ['tls', 'protocol'] as const) {
      expect(await visit({ https: fails(stage, 'client-cert') })).toMatchObject({
        tls: { state: 'implicit', clientCert: 'required' },
        auth: { state: 'auth-required' },
        proof: 2,
        rule: 'elasticsearch/client-cert',
        asked: ['https /'],
      });
    }
  });

  it('so is the 400 by which nginx refuses every path without one, and no other 400', async () => {
    const page = (words: string) => ({ status: 400, body: `<html>\r\n<head><title>400 ${words}</title></head>` });
    expect(await visit({ https: { '/': page('No required SSL certificate was sent') } })).toMatchObject({
      proto: { state: 'unknown' },
      tls: { state: 'implicit', facts: PLAIN_TLS, clientCert: 'required' },
      auth: { state: 'auth-required' },
      proof: 2,
      rule: 'elasticsearch/client-cert',
      asked: ['https /'],
    });
    for (const reply of [page('Bad Request'), { ...page('No required SSL certificate was sent'), status: 200 }]) {
      expect(await visit({ https: { '/': reply } })).toMatchObject({ auth: { state: 'undetermined' }, proof: 0 });
    }
    const plain = { '/': page('No required SSL certificate was sent') };
    expect((await visit({ http: plain })).auth.state).toBe('undetermined');
  });

  it.each([
    ['closed', 'accept-then-close'],
    ['reset', 'accept-then-close'],
    ['timeout', 'open-silent'],
  ] as const)('a handshake and then %s is no answer: a balancer without a backend does that', async (reason, l4) => {
    const seen = await visit({ https: fails('protocol', reason) });
    expect(seen).toMatchObject({
      l4,
      tls: { state: 'implicit' },
      auth: { state: 'undetermined' },
      proof: 0,
      asked: ['https /'],
    });
  });

  it('neither works: both reasons are noted', async () => {
    const seen = await visit({ https: fails('tls', 'reset'), http: fails('protocol', 'closed') });
    expect(seen).toMatchObject({ l4: 'accept-then-close', tls: { state: 'undetermined' }, proof: 0 });
    expect(seen.notes).toEqual(['TLS: scripted reset', 'plaintext: scripted closed']);
  });

  it('the second connection refused is no refusal of the endpoint', async () => {
    const seen = await visit({ https: fails('tls', 'plaintext'), http: fails('connect', 'refused') });
    expect(seen).toMatchObject({ l4: 'open', auth: { state: 'undetermined' }, proof: 0 });
  });

  it('something that is no HTTP is something else', async () => {
    const seen = await visit({ https: fails('tls', 'plaintext'), http: fails('protocol', 'malformed') });
    expect(seen).toMatchObject({ proto: { state: 'other' }, rule: 'elasticsearch/not-http', proof: 0 });
  });

  it.each(['refused', 'timeout', 'unroutable'] as const)(
    'leaves %s of the first connection to the pipeline',
    async (reason) => {
      await expect(visit({ https: fails('connect', reason) })).rejects.toMatchObject({
        stage: 'connect',
        reason,
      });
    },
  );

  it('lets a stopped run stop', async () => {
    await expect(visit({ https: fails('protocol', 'cancelled') })).rejects.toMatchObject({ reason: 'cancelled' });
  });
});

describe('recordings of real servers', () => {
  const expected: Readonly<Record<string, readonly [string, string, string, number]>> = {
    'elasticsearch-8-8.14.3-no-main': ['open', 'open-anonymous', 'elasticsearch', 4],
    'elasticsearch-7.17.28-open': ['open', 'open-anonymous', 'elasticsearch', 4],
    'opensearch-2.19.4-anonymous': ['anonymous-role', 'open-restricted', 'opensearch', 2],
    'opensearch-2.19.4-basic-http': ['opensearch-security', 'auth-weak', 'opensearch', 2],
    'opensearch-2.19.4-open': ['open', 'open-anonymous', 'opensearch', 4],
    'opensearch-2.19.4-secured': ['opensearch-security', 'auth-required', 'opensearch', 2],
  };
  const all = siteRecordings('elasticsearch');

  it('are all expected', () => {
    expect(all.map(({ name }) => name).sort()).toEqual(Object.keys(expected).sort());
  });

  it.each(all)('$name', async ({ name, tls, reply }) => {
    const access = {
      ...scriptAccess({}),
      async request(request: HttpRequest): Promise<HttpReply> {
        if ((request.scheme === 'https') !== tls) throw new PeerError('tls', 'plaintext', 'recorded without TLS');
        const found = reply(request);
        if (found === undefined) throw new Error(`asked for what was never recorded: ${request.path}`);
        return { ...found, scheme: request.scheme };
      },
    };
    const endpoint = {
      id: 'e',
      host: '127.0.0.1',
      port: 9200,
      engine: 'opensearch',
      source: 'file',
      tags: {},
      declared: {},
    } as const;
    const seen = await elasticsearch.visit(access, endpoint, { metadata: 2, nonce: '0123456789abcdef' });
    const [rule, state, product, proof] = expected[name] ?? [];
    expect(seen).toMatchObject({
      rule: `elasticsearch/${rule}`,
      auth: { state },
      proto: { state: 'match', product },
      proof,
    });
    expect(JSON.stringify(seen)).not.toContain('CANARY');
    if (state !== 'open-anonymous') return;
    expect(seen.metadata?.objects.find((o) => o.name === 'alexa-tokens')).toMatchObject({
      records: 2,
      fields: expect.arrayContaining([{ name: 'access_token', type: 'text' }]) as unknown,
    });
    expect(seen.metadata?.objects.find((o) => o.name === 'archive-2018')).not.toHaveProperty('records');
  });
});
