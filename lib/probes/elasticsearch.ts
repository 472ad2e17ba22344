/**
 * Elasticsearch and OpenSearch (probes.md sections 3.7 and 3.20).
 * Asked, TLS first: `GET /`; where that is the real thing, `GET /_cat/indices` for names and counts; before anything is
 * called open, a path that cannot exist, to rule out a catch-all; at M2 `GET /_mapping` for field names and types.
 * 200 with tagline and version is a match; an index list on top is an open door. 401 and 403 say by their texts which
 * product asks. A 200 without the marks is some web server and no verdict.
 * Never asked: _search, _count, _nodes, _snapshot, _cluster/settings, anything that reads a document.
 */
import { PeerError } from '../model/errors.ts';
import type { AuthAxis, Metadata, ProbeAnswer, ProofLevel, TlsAxis } from '../model/observation.ts';
import type { HttpReply, Probe, ProbeAccess, ProbeOptions } from '../model/probe.ts';
import { silentAxes } from '../model/silence.ts';
import { isCatchAll, readFields, readIndices, readRoot, type Root } from '../wire/elasticsearch.ts';

const INDICES = '/_cat/indices?format=json&h=index,docs.count,store.size,status&bytes=b&expand_wildcards=open,closed';
const STATS = '/_stats/docs?level=indices&filter_path=indices.*.primaries.docs.count';
const MAPPING = '/_mapping?filter_path=*.mappings.properties.*.type,*.mappings.properties.*.properties.*.type';
const MAPPING_BYTES = 256 * 1024;

export const elasticsearch: Probe = {
  id: 'elasticsearch',
  engines: ['elasticsearch', 'opensearch'],
  defaultPort: 9200,
  // The TLS attempt and five requests: more than the four of other probes, because HTTP asks one thing a connection.
  maxConnections: 6,
  deadlineMs: 8_000,
  visit,
};

async function visit(access: ProbeAccess, _endpoint: unknown, options: ProbeOptions): Promise<ProbeAnswer> {
  const root = await firstReply(access);
  if (root instanceof PeerError) return silentAxes(root, 0, 'elasticsearch');
  const { scheme } = root;
  const seen = readRoot(root);
  if (seen.row !== 'main' && seen.row !== 'anonymous-role')
    return answer(root, seen, ...stated(seen, scheme), seen.row);
  const get = (path: `/${string}`, maxBytes?: number) =>
    access.get({ scheme, path, ...(maxBytes === undefined ? {} : { maxBytes }) });
  const listed = await attempt(() => get(INDICES));
  if (listed instanceof PeerError)
    return answer(root, seen, { state: 'undetermined' }, 1, 'indices-unanswered', [listed.message]);
  const reply = listed.status === 400 ? await attempt(() => get(STATS)) : listed;
  if (reply instanceof PeerError)
    return answer(root, seen, { state: 'undetermined' }, 1, 'indices-unanswered', [reply.message]);
  if (reply.status === 401 || reply.status === 403)
    return answer(root, seen, { state: 'open-restricted' }, 2, 'indices-forbidden');
  const indices = readIndices(reply);
  if (indices === undefined)
    return answer(root, seen, { state: 'undetermined' }, 1, 'indices-unreadable', [`status ${reply.status}`]);
  const control = await attempt(() => get(`/.exposure-probe/${options.nonce}`));
  if (control instanceof PeerError)
    return answer(root, seen, { state: 'undetermined' }, 1, 'control-unanswered', [control.message]);
  if (isCatchAll(control, reply)) {
    return {
      ...answer(root, seen, { state: 'undetermined' }, 0, 'catch-all'),
      proto: { state: 'generic-http', confidence: 'tentative' },
    };
  }
  const fields = options.metadata >= 2 ? await attempt(() => get(MAPPING, MAPPING_BYTES)) : undefined;
  const metadata = metadataOf(
    indices,
    fields === undefined || fields instanceof PeerError ? undefined : readFields(fields),
    fields !== undefined,
  );
  const counted = indices.indices.some((i) => i.records !== undefined);
  const open = answer(root, seen, { state: 'open-anonymous' }, counted ? 4 : 3, 'open');
  return options.metadata === 0 ? open : { ...open, metadata };
}

/** TLS first; a port that does not speak it is asked again in plaintext (probes.md section 1, "which side speaks first"). */
async function firstReply(access: ProbeAccess): Promise<HttpReply | PeerError> {
  const secure = await attempt(() => access.get({ scheme: 'https', path: '/' }));
  if (!(secure instanceof PeerError)) return secure;
  if (secure.stage === 'connect') throw secure; // the pipeline reads refused and silent
  // A plaintext HTTP server answers a ClientHello at once (400 or a close), so silence will not end in plaintext either.
  if (secure.reason === 'client-cert' || secure.reason === 'timeout') return secure;
  const plain = await attempt(() => access.get({ scheme: 'http', path: '/' }));
  if (plain instanceof PeerError && secure.reason !== 'plaintext') return secure;
  return plain;
}

async function attempt(ask: () => Promise<HttpReply>): Promise<HttpReply | PeerError> {
  try {
    return await ask();
  } catch (error) {
    if (error instanceof PeerError && error.reason !== 'cancelled') return error;
    throw error;
  }
}

/** What a reply to `GET /` alone says of authentication. */
function stated({ row }: Root, scheme: 'http' | 'https'): [AuthAxis, ProofLevel] {
  switch (row) {
    case 'missing-credentials':
    case 'opensearch-security':
    case 'proxy-auth':
      return [
        scheme === 'http' ? { state: 'auth-weak', weakness: ['cleartext'] } : { state: 'auth-required' },
        row === 'proxy-auth' ? 1 : 2,
      ];
    case 'aws-policy':
      return [{ state: 'auth-required' }, 2];
    case 'anonymous-forbidden':
      return [{ state: 'open-restricted' }, 2];
    case 'main':
    case 'anonymous-role':
    case 'not-initialized':
    case 'generic-http':
      return [{ state: 'undetermined' }, row === 'not-initialized' ? 1 : 0];
  }
}

function answer(
  root: HttpReply,
  seen: Root,
  auth: AuthAxis,
  proof: ProofLevel,
  rule: string,
  notes: readonly string[] = [],
): ProbeAnswer {
  const tls: TlsAxis =
    root.scheme === 'https'
      ? {
          state: 'implicit',
          ...(root.tls === undefined ? {} : { facts: root.tls }),
          clientCert: root.clientCertRequested ? 'requested' : 'no',
        }
      : { state: 'absent', clientCert: 'no' };
  const isHttp = seen.row === 'generic-http' || seen.row === 'proxy-auth';
  return {
    l4: 'open',
    proto: {
      state: isHttp ? 'generic-http' : 'match',
      confidence: seen.markers >= 2 ? 'firm' : 'tentative',
      ...(seen.product === undefined ? {} : { product: seen.product }),
      ...(seen.version === undefined ? {} : { version: seen.version }),
    },
    tls,
    auth,
    proof,
    rule: `elasticsearch/${rule}`,
    notes: [...seen.notes, ...notes],
  };
}

function metadataOf(
  { indices, truncated }: NonNullable<ReturnType<typeof readIndices>>,
  fields: ReturnType<typeof readFields>,
  isAsked: boolean,
): Metadata {
  const objects = indices.map(({ name, records, bytes }) => {
    const own = fields?.get(name);
    return {
      name,
      kind: 'index' as const,
      system: name.startsWith('.'),
      ...(records === undefined ? {} : { records }),
      ...(bytes === undefined ? {} : { bytes }),
      ...(own === undefined ? {} : { fields: own }),
    };
  });
  return { objects, truncated: truncated || (isAsked && fields === undefined) };
}
