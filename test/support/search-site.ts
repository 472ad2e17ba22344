import { PeerError, type PeerReason, type PeerStage } from '../../lib/model/errors.ts';
import type { ProbeAnswer } from '../../lib/model/observation.ts';
import type { HttpReply, HttpRequest, MetadataLevel } from '../../lib/model/probe.ts';
import { elasticsearch } from '../../lib/probes/elasticsearch.ts';
import { PLAIN_TLS, scriptAccess } from './script-access.ts';

// probes.md section 3.7, to the letter.
export const CAT =
  '/_cat/indices?format=json&h=index,docs.count,store.size,status&bytes=b&expand_wildcards=open,closed';
export const STATS = '/_stats/docs?level=indices&filter_path=indices.*.primaries.docs.count';
export const MAPPING = '/_mapping?filter_path=*.mappings.properties.*.type,*.mappings.properties.*.properties.*.type';
export const CONTROL = '/.exposure-probe/0123456789abcdef';

export const MAIN = {
  name: 'node-1',
  cluster_uuid: 'abc',
  version: { number: '8.14.3', build_flavor: 'default' },
  tagline: 'You Know, for Search',
};
export const OS_MAIN = {
  ...MAIN,
  version: { distribution: 'opensearch', number: '2.19.4' },
  tagline: 'The OpenSearch Project: https://opensearch.org/',
};
export const ROWS = [
  { index: '.kibana_1', 'docs.count': '3', 'store.size': '900', status: 'open' },
  { index: 'device-users', 'docs.count': '12', 'store.size': '4711', status: 'open' },
  { index: 'archive-2018', 'docs.count': null, 'store.size': null, status: 'close' },
];
export const ANONYMOUS_403 =
  'no permissions for [cluster:monitor/main] and User [name=opendistro_security_anonymous, ' +
  'backend_roles=[opendistro_security_anonymous_backendrole], requestedTenant=null]';

/** A JSON error as both products write it. */
export function security(reason: string, status: number): Reply {
  return { status, body: { error: { root_cause: [], type: 'security_exception', reason }, status } };
}

const UNKNOWN_PATH: Reply = { status: 400, body: { error: 'no handler found for uri' } };

export interface Reply {
  readonly status?: number;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: unknown;
  readonly truncated?: boolean;
}
export type Site = Readonly<Record<string, Reply | Failure>>;
export interface Failure {
  readonly stage: PeerStage;
  readonly reason: PeerReason;
}
const isFailure = (reply: Site | Reply | Failure): reply is Failure => 'stage' in reply;
export const fails = (stage: PeerStage, reason: PeerReason): Failure => ({ stage, reason });

/** A site by scheme and path; a path that is not listed is one it does not know. */
export async function visitSite(
  sites: { readonly https?: Site | Failure; readonly http?: Site | Failure },
  metadata: MetadataLevel = 1,
  host = 'search.example.org',
): Promise<ProbeAnswer & { readonly asked: readonly string[]; readonly requests: readonly HttpRequest[] }> {
  const requests: HttpRequest[] = [];
  const access = {
    ...scriptAccess({}),
    async request(request: HttpRequest): Promise<HttpReply> {
      requests.push(request);
      const site = sites[request.scheme] ?? fails('tls', 'plaintext');
      const reply = isFailure(site) ? site : (site[request.path] ?? UNKNOWN_PATH);
      if (isFailure(reply)) throw new PeerError(reply.stage, reply.reason, `scripted ${reply.reason}`);
      const { status = 200, headers = {}, body = '', truncated = false } = reply;
      const bytes = Buffer.from(typeof body === 'string' ? body : JSON.stringify(body));
      const tls = request.scheme === 'https' ? PLAIN_TLS : undefined;
      return { scheme: request.scheme, status, headers, body: bytes, truncated, tls, clientCertRequested: false };
    },
  };
  const endpoint = {
    id: 'e',
    host,
    port: 9200,
    engine: 'elasticsearch',
    source: 'file',
    tags: {},
    declared: {},
  } as const;
  const answer = await elasticsearch.visit(access, endpoint, { metadata, nonce: '0123456789abcdef' });
  return { ...answer, requests, asked: requests.map(({ scheme, path }) => `${scheme} ${path}`) };
}
