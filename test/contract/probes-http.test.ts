/** Elasticsearch's own part of the contract: real pages cut anywhere. What all HTTP probes owe is in probes-site.test.ts. */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { PeerError } from '../../lib/model/errors.ts';
import type { ProbeAnswer } from '../../lib/model/observation.ts';
import type { HttpReply, HttpRequest } from '../../lib/model/probe.ts';
import { elasticsearch } from '../../lib/probes/elasticsearch.ts';
import { type SiteRecording, siteRecordings } from '../support/recordings.ts';
import { scriptAccess } from '../support/script-access.ts';
import {
  ANONYMOUS_403,
  CAT,
  CONTROL,
  fails,
  MAIN,
  MAPPING,
  type Reply,
  ROWS,
  security,
  STATS,
  visitSite,
} from '../support/search-site.ts';

const ENDPOINT = {
  id: 'e',
  host: '127.0.0.1',
  port: 9200,
  engine: 'opensearch',
  source: 'file',
  tags: {},
  declared: {},
} as const;

/** The recorded server, with one of its pages cut after so many bytes. */
async function visitCut(
  { tls, reply }: SiteRecording,
  cut?: { readonly path: string; readonly at: number; readonly truncated: boolean },
): Promise<ProbeAnswer> {
  const access = {
    ...scriptAccess({}),
    async request(request: HttpRequest): Promise<HttpReply> {
      if ((request.scheme === 'https') !== tls) throw new PeerError('tls', 'plaintext', 'recorded without TLS');
      const found = reply(request) ?? { status: 404, headers: {}, body: Buffer.alloc(0), ...UNSEEN };
      const isCut = request.path === cut?.path;
      const body = isCut ? found.body.subarray(0, cut.at) : found.body;
      return { ...found, scheme: request.scheme, body, truncated: isCut && cut.truncated };
    },
  };
  return elasticsearch.visit(access, ENDPOINT, { metadata: 2, nonce: '0123456789abcdef' });
}
const UNSEEN = { truncated: false, tls: undefined, clientCertRequested: false };

describe.each(siteRecordings('elasticsearch'))('$name', (recording) => {
  const whole = visitCut(recording);

  it.each(['/', CAT, MAPPING])('with %s cut off anywhere shows no door more open than the whole', async (path) => {
    const state = (await whole).auth.state;
    const reply = recording.reply({ scheme: 'http', path: path as `/${string}` });
    const length = (reply?.body.toString() ?? '').trimEnd().length;
    // The product's header is mark enough to ask for the list, whatever is left of the main page (docs/decisions/0022).
    const isHeaded = path === '/' && reply?.headers['x-elastic-product'] !== undefined;
    for (let at = 0; at < length; at++) {
      const seen = await visitCut(recording, { path, at, truncated: false });
      expect(seen.rule).toMatch(/^elasticsearch\//u);
      // Half a list whose end we did not cut ourselves is no list.
      const mayBeOpen = state === 'open-anonymous' && (path === MAPPING || isHeaded);
      expect(seen.auth.state === 'open-anonymous', `cut at ${at}`).toBe(mayBeOpen);
    }
  });

  it('with the index list cut by us is as open as the whole, from the first whole row on', async () => {
    if ((await whole).auth.state !== 'open-anonymous') return;
    const list = recording.reply({ scheme: 'http', path: CAT })?.body ?? Buffer.alloc(0);
    const second = list.indexOf('},{') + 2;
    expect(second).toBeGreaterThan(2);
    for (let at = 0; at < list.length; at++) {
      const seen = await visitCut(recording, { path: CAT, at, truncated: true });
      expect(seen.auth.state === 'open-anonymous', `cut at ${at}`).toBe(at >= second);
      if (at >= second) expect(seen.metadata).toMatchObject({ truncated: true });
    }
  });
});

describe('any site', () => {
  const pages: readonly Reply[] = [
    { body: MAIN },
    { body: ROWS },
    { body: [] },
    { body: {} },
    { body: '<html>' },
    { body: { indices: { a: { primaries: { docs: { count: 1 } } } } } },
    { body: { a: { mappings: { properties: { b: { type: 'text' } } } } } },
    { body: '[{"index":"a"},{"ind', truncated: true },
    { status: 400, body: { error: 'no handler found' } },
    { status: 404 },
    { status: 503, body: MAIN },
    { status: 302, headers: { location: '//elsewhere' } },
    { status: 401, headers: { 'www-authenticate': 'Basic realm="OpenSearch Security"' }, body: 'Unauthorized' },
    security('missing authentication credentials', 401),
    security(ANONYMOUS_403, 403),
    { status: 403, body: { Message: 'User: anonymous is not authorized to perform: es:ESHttpGet' } },
  ];
  const page = fc.oneof(
    fc.constantFrom(...pages),
    fc
      .constantFrom(...(['reset', 'closed', 'timeout', 'limit', 'malformed'] as const))
      .map((r) => fails('protocol', r)),
  );
  const site = fc.record({ '/': page, [CAT]: page, [STATS]: page, [CONTROL]: page, [MAPPING]: page });

  it('is asked at most six times, for known paths, and open only after its control', async () => {
    await fc.assert(
      fc.asyncProperty(site, fc.boolean(), async (pagesByPath, tls) => {
        const seen = await visitSite(tls ? { https: pagesByPath } : { http: pagesByPath }, 2);
        expect(seen.asked.length).toBeLessThanOrEqual(elasticsearch.maxConnections);
        for (const { path } of seen.requests) expect(['/', CAT, STATS, CONTROL, MAPPING]).toContain(path);
        if (seen.auth.state === 'open-anonymous') {
          expect(seen.proof).toBeGreaterThanOrEqual(3);
          expect(seen.proto.state).toBe('match');
          expect(seen.asked.some((line) => line.endsWith(CONTROL))).toBe(true);
        } else {
          expect(seen).not.toHaveProperty('metadata');
        }
      }),
      { numRuns: 2_000 },
    );
  });

  it('that answers every path alike is never open, whatever it answers', async () => {
    for (const same of pages) {
      const all = { '/': same, [CAT]: same, [STATS]: same, [CONTROL]: same, [MAPPING]: same };
      expect((await visitSite({ https: all }, 2)).auth.state).not.toBe('open-anonymous');
      expect((await visitSite({ https: { ...all, '/': { body: MAIN } } }, 2)).auth.state).not.toBe('open-anonymous');
    }
  });
});
