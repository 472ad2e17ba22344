/**
 * Elasticsearch and OpenSearch, bare, behind a proxy, or run by AWS (probes.md sections 3.7 and 3.20).
 * Asked, TLS first: `GET /`; where a stranger gets in, `GET /_cat/indices` for names, counts and sizes (`_stats/docs`
 * where `_cat` has no JSON); before anything is called open, a path that cannot exist, to rule out a catch-all; at
 * metadata level 2 `GET /_mapping` for field names and types.
 * Tagline and version are the product; an index list on top is an open door. 401 and 403 say by their texts which
 * product asks, or that an anonymous user is let in. A reply without those marks is some web server, and no verdict.
 * Never asked: _search, _count, _nodes, _snapshot, _cluster/settings, anything that reads a document.
 */
import { PeerError } from '../model/errors.ts';
import type { AuthState, Metadata, ProbeAnswer, ProofLevel, ProtoAxis, TlsAxis } from '../model/observation.ts';
import type { HttpReply, Probe, ProbeAccess, ProbeOptions } from '../model/probe.ts';
import type { Endpoint } from '../model/endpoint.ts';
import { silentAxes } from '../model/silence.ts';
import { printable } from '../model/text.ts';
import { clientCertDemanded } from '../model/tls-attempt.ts';
import { readRoot, type Root, type RootRow } from '../wire/elasticsearch.ts';
import {
  type Fields,
  type Indices,
  isCatchAll,
  readCat,
  readFields,
  readStats,
} from '../wire/elasticsearch-indices.ts';

const INDICES = '/_cat/indices?format=json&h=index,docs.count,store.size,status&bytes=b&expand_wildcards=open,closed';
const STATS = '/_stats/docs?level=indices&filter_path=indices.*.primaries.docs.count';
const MAPPING = '/_mapping?filter_path=*.mappings.properties.*.type,*.mappings.properties.*.properties.*.type';
const MAPPING_BYTES = 256 * 1024;

export const elasticsearch: Probe = {
  id: 'elasticsearch',
  engines: ['elasticsearch', 'opensearch'],
  defaultPort: 9200,
  // The TLS attempt and at most five GETs, each a connection of its own: HTTP here is without keep-alive, so the six
  // messages that probes.md section 1 allows need six connections, not four.
  maxConnections: 6,
  deadlineMs: 8_000,
  visit,
};

interface RowVerdict {
  readonly proto: ProtoAxis['state'];
  readonly auth: AuthState;
  readonly proof: ProofLevel;
}

/** What the reply to `GET /` alone says. `main` and the two anonymous rows go on to the index list. */
const VERDICTS: Readonly<Record<RootRow, RowVerdict>> = {
  main: { proto: 'match', auth: 'undetermined', proof: 1 },
  'main-unavailable': { proto: 'match', auth: 'undetermined', proof: 1 },
  'missing-credentials': { proto: 'match', auth: 'auth-required', proof: 2 },
  'opensearch-security': { proto: 'match', auth: 'auth-required', proof: 2 },
  'anonymous-forbidden': { proto: 'match', auth: 'open-restricted', proof: 2 },
  'anonymous-role': { proto: 'match', auth: 'open-restricted', proof: 2 },
  'security-forbidden': { proto: 'match', auth: 'undetermined', proof: 1 },
  'not-initialized': { proto: 'match', auth: 'undetermined', proof: 1 },
  'aws-policy': { proto: 'match', auth: 'auth-required', proof: 2 },
  'aoss-network': { proto: 'match', auth: 'source-acl', proof: 2 },
  'aoss-credentials': { proto: 'match', auth: 'auth-required', proof: 2 },
  'elastic-cloud': { proto: 'generic-http', auth: 'undetermined', proof: 1 },
  'proxy-auth': { proto: 'generic-http', auth: 'auth-required', proof: 1 },
  waf: { proto: 'generic-http', auth: 'undetermined', proof: 0 },
  redirect: { proto: 'generic-http', auth: 'undetermined', proof: 0 },
  'generic-http': { proto: 'generic-http', auth: 'undetermined', proof: 0 },
};

/** Rows where a stranger is let in as somebody, so that the index list is worth asking for. */
const LETS_IN: ReadonlySet<RootRow> = new Set<RootRow>(['main', 'anonymous-forbidden', 'anonymous-role']);
/** `_cat` may be without JSON (before 5), without this parameter (before 7.7) or absent: `_stats` is asked instead. */
const NO_CAT: ReadonlySet<number> = new Set([200, 400, 404, 405, 406, 410]);

/** A verdict that differs from the root row's own. */
interface Outcome {
  readonly rule: string;
  readonly auth?: AuthState;
  readonly proof?: ProofLevel;
  readonly proto?: ProtoAxis;
  readonly notes?: readonly string[];
  readonly metadata?: Metadata;
}

type Ask = (path: `/${string}`, maxBytes?: number) => Promise<HttpReply | PeerError>;

async function visit(access: ProbeAccess, endpoint: Endpoint, options: ProbeOptions): Promise<ProbeAnswer> {
  const first = await firstReply(access);
  if ('l4' in first) return first;
  const root = readRoot(first, endpoint.host);
  if (!LETS_IN.has(root.row)) return answer(first, root, { rule: root.row });
  const ask: Ask = (path, maxBytes) => attempt(access, first.scheme, path, maxBytes === undefined ? {} : { maxBytes });
  return answer(first, root, await indexList(ask, root.row, options));
}

/** TLS first; a port that does not speak it is asked again in plaintext (probes.md section 1, "which side speaks first"). */
async function firstReply(access: ProbeAccess): Promise<HttpReply | ProbeAnswer> {
  const secure = await attempt(access, 'https', '/');
  if (!(secure instanceof PeerError)) return secure;
  if (secure.stage === 'connect') throw secure; // the pipeline reads refused and silent
  if (secure.reason === 'client-cert') return clientCertDemanded('elasticsearch', { state: 'implicit' });
  // A plaintext server answers a ClientHello at once, with a 400 or a close: silence is not worth a second wait.
  if (secure.stage !== 'tls' || secure.reason === 'timeout') return unanswered(secure, 'https');
  const plain = await attempt(access, 'http', '/');
  if (!(plain instanceof PeerError)) return plain;
  const silent = unanswered(plain.stage === 'connect' ? secure : plain, 'http');
  return { ...silent, notes: [`TLS: ${printable(secure.message)}`, `plaintext: ${printable(plain.message)}`] };
}

function unanswered(error: PeerError, scheme: 'http' | 'https'): ProbeAnswer {
  const silent = silentAxes(error, 0, 'elasticsearch');
  const tls: TlsAxis = { state: 'implicit', clientCert: 'undetermined' };
  const axes = scheme === 'https' && error.stage === 'protocol' ? { ...silent, tls } : silent;
  if (error.reason !== 'malformed') return axes;
  return { ...axes, proto: { state: 'other', confidence: 'none' }, rule: 'elasticsearch/not-http' };
}

async function attempt(
  access: ProbeAccess,
  scheme: 'http' | 'https',
  path: `/${string}`,
  cap: { readonly maxBytes?: number } = {},
): Promise<HttpReply | PeerError> {
  try {
    return await access.get({ scheme, path, ...cap });
  } catch (error) {
    if (error instanceof PeerError && error.reason !== 'cancelled') return error;
    throw error;
  }
}

/** From "lets a stranger in" to "shows a stranger its indices". What fails on the way leaves the root row's verdict. */
async function indexList(ask: Ask, row: RootRow, options: ProbeOptions): Promise<Outcome> {
  const cat = await ask(INDICES);
  if (cat instanceof PeerError) return unproven(row, 'indices-unanswered', cat.message);
  if (cat.status === 401 || cat.status === 403) {
    return { rule: row === 'main' ? 'indices-forbidden' : row, auth: 'open-restricted', proof: 2 };
  }
  const fromCat = readCat(cat);
  const reply = fromCat === undefined && NO_CAT.has(cat.status) ? await ask(STATS) : cat;
  if (reply instanceof PeerError) return unproven(row, 'indices-unanswered', reply.message);
  const indices = fromCat ?? readStats(reply);
  if (indices === undefined) return unproven(row, 'indices-unreadable', `index list: status ${reply.status}`);
  const control = await ask(`/.exposure-probe/${options.nonce}`);
  if (control instanceof PeerError) return unproven(row, 'control-unanswered', control.message);
  if (isCatchAll(control, reply)) {
    const proto: ProtoAxis = { state: 'generic-http', confidence: 'tentative' };
    return { rule: 'catch-all', auth: 'undetermined', proof: 0, proto };
  }
  const mapping = options.metadata === 2 ? await ask(MAPPING, MAPPING_BYTES) : undefined;
  const fields = mapping === undefined || mapping instanceof PeerError ? undefined : readFields(mapping);
  const isCut = mapping !== undefined && fields === undefined;
  return {
    rule: 'open',
    auth: 'open-anonymous',
    proof: indices.indices.some(({ records }) => records !== undefined) ? 4 : 3,
    notes: isCut ? ['field names unknown: the mapping was over 256 KiB or not readable'] : [],
    ...(options.metadata === 0 ? {} : { metadata: metadataOf(indices, fields, isCut) }),
  };
}

/** An anonymous user is a finding of its own, whether or not the index list came. */
function unproven(row: RootRow, rule: string, why: string): Outcome {
  return { rule: row === 'main' ? rule : row, notes: [printable(why)] };
}

function answer(reply: HttpReply, root: Root, outcome: Outcome): ProbeAnswer {
  const verdict = VERDICTS[root.row];
  const auth = outcome.auth ?? verdict.auth;
  // A secret in one of these schemes is sent as it is, so without TLS it crosses the wire in the clear.
  const isWeak =
    auth === 'auth-required' &&
    reply.scheme === 'http' &&
    /\b(?:basic|apikey|bearer)\b/iu.test(reply.headers['www-authenticate'] ?? '');
  return {
    l4: 'open',
    proto: outcome.proto ?? protoOf(verdict.proto, root),
    tls: tlsOf(reply),
    auth: isWeak ? { state: 'auth-weak', weakness: ['cleartext'] } : { state: auth },
    proof: outcome.proof ?? verdict.proof,
    rule: `elasticsearch/${outcome.rule}`,
    notes: [...root.notes, ...(outcome.notes ?? [])],
    ...(outcome.metadata === undefined ? {} : { metadata: outcome.metadata }),
  };
}

function protoOf(state: ProtoAxis['state'], { markers, product, version }: Root): ProtoAxis {
  return {
    state,
    confidence: markers >= 2 ? 'firm' : 'tentative',
    ...(product === undefined ? {} : { product }),
    ...(version === undefined ? {} : { version }),
  };
}

function tlsOf({ scheme, tls, clientCertRequested }: HttpReply): TlsAxis {
  if (scheme === 'http') return { state: 'absent', clientCert: 'no' };
  const clientCert = clientCertRequested ? 'requested' : 'no';
  return { state: 'implicit', ...(tls === undefined ? {} : { facts: tls }), clientCert };
}

function metadataOf({ indices, truncated }: Indices, fields: Fields | undefined, isCut: boolean): Metadata {
  const objects = indices.map((index) => {
    const own = fields?.byIndex.get(index.name);
    return {
      ...index,
      kind: 'index' as const,
      system: index.name.startsWith('.'),
      ...(own === undefined ? {} : { fields: own }),
    };
  });
  return { objects, truncated: truncated || isCut || fields?.truncated === true };
}
