/**
 * Elasticsearch and OpenSearch, bare, behind a proxy, or run by AWS (probes.md sections 3.7 and 3.20).
 * Asked, TLS first: `GET /`; where a stranger gets in, `GET /_cat/indices` for names, counts and sizes (`_stats/docs`
 * where `_cat` has no JSON); before anything is called open, a path that cannot exist, to rule out a catch-all; at
 * metadata level 2 `GET /_mapping` for field names and types.
 * Tagline and version are the product; an index list on top is an open door. 401 and 403 say by their texts which
 * product asks, or that an anonymous user is let in. Where there is no main page, the product's own header is reason enough
 * to ask for the list (docs/decisions/0022). A reply without any of those marks is some web server, and no verdict.
 * Never asked: _search, _count, _nodes, _snapshot, _cluster/settings, anything that reads a document.
 */
import { PeerError } from '../model/errors.ts';
import type { AuthState, Metadata, ProbeAnswer, ProofLevel, ProtoAxis } from '../model/observation.ts';
import type { Probe, ProbeAccess, ProbeOptions } from '../model/probe.ts';
import type { Endpoint } from '../model/endpoint.ts';
import { printable } from '../model/text.ts';
import { concluded, enterSite, type Finding, HTTP_RULES, type Site, unlessCatchAll } from '../talk/http.ts';
import { readRoot, type Root, type RootRow } from '../wire/elasticsearch.ts';
import { type Fields, type Indices, readCat, readFields, readStats } from '../wire/elasticsearch-indices.ts';

const INDICES = '/_cat/indices?format=json&h=index,docs.count,store.size,status&bytes=b&expand_wildcards=open,closed';
const STATS = '/_stats/docs?level=indices&filter_path=indices.*.primaries.docs.count';
const MAPPING = '/_mapping?filter_path=*.mappings.properties.*.type,*.mappings.properties.*.properties.*.type';
const MAPPING_BYTES = 256 * 1024;

export const elasticsearch: Probe = {
  id: 'elasticsearch',
  speaks: 'http',
  sends: [
    { what: 'GET /', why: 'product, version, or who asks for credentials' },
    { what: `GET ${INDICES}`, why: 'names, counts and sizes of indices, where a stranger gets in' },
    { what: `GET ${STATS}`, why: 'the same of a server whose _cat has no JSON' },
    { what: 'GET /.exposure-probe/{}', why: 'negative control, before anything is called open' },
    { what: `GET ${MAPPING}`, why: 'field names and types, at metadata level 2' },
  ],
  rules: {
    ...HTTP_RULES,
    open: 'the index list was shown to a stranger',
    main: 'the main page answers anyone; what else does was not asked',
    'main-unavailable': 'the main page answers anyone, and no master is elected',
    headed: 'the product names itself in a header and shows no main page; the index list proved nothing',
    'indices-forbidden': 'the main page answers anyone, the index list does not',
    'indices-unanswered': 'the main page answers anyone; the index list got no answer',
    'indices-unreadable': 'the main page answers anyone; the index list was not readable',
    'missing-credentials': 'Elasticsearch security asks for credentials',
    'opensearch-security': 'the OpenSearch security plugin, or Search Guard, asks for credentials',
    'anonymous-forbidden': 'an anonymous user is let in and may not see the main page',
    'anonymous-role': 'an anonymous user with a role is let in and may not see the main page',
    'security-forbidden': 'security refuses without saying whom',
    'not-initialized': 'the security plugin is not set up yet',
    'aws-policy': 'the access policy of the AWS domain refuses a stranger',
    'aoss-network': 'the network policy of the AWS collection refuses our address',
    'aoss-credentials': 'the AWS collection asks for signed requests',
    'elastic-cloud': 'the Elastic Cloud proxy answered',
  },
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

/** What the reply to `GET /` alone says. `main`, `headed` and the two anonymous rows go on to the index list. */
const VERDICTS: Readonly<Record<RootRow, RowVerdict>> = {
  main: { proto: 'match', auth: 'undetermined', proof: 1 },
  'main-unavailable': { proto: 'match', auth: 'undetermined', proof: 1 },
  headed: { proto: 'match', auth: 'undetermined', proof: 1 },
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

/** Rows where a stranger is let in as somebody, or may be, so that the index list is worth asking for. */
const LETS_IN: ReadonlySet<RootRow> = new Set<RootRow>(['main', 'headed', 'anonymous-forbidden', 'anonymous-role']);
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

async function visit(access: ProbeAccess, endpoint: Endpoint, options: ProbeOptions): Promise<ProbeAnswer> {
  const site = await enterSite(access, 'elasticsearch', { path: '/' });
  if ('l4' in site) return site;
  const root = readRoot(site.first, endpoint.host);
  const outcome = LETS_IN.has(root.row) ? await indexList(site, root, options) : { rule: root.row };
  const { proto, auth, proof } = VERDICTS[root.row];
  const notes = [...root.notes, ...(outcome.notes ?? [])];
  return concluded('elasticsearch', site.first, { proto: protoOf(proto, root), auth, proof, ...outcome, notes });
}

/** From "lets a stranger in" to "shows a stranger its indices". What fails on the way leaves the root row's verdict. */
async function indexList(site: Site, root: Root, options: ProbeOptions): Promise<Outcome> {
  const { row } = root;
  const { ask } = site;
  const cat = await ask(INDICES);
  if (cat instanceof PeerError) return unproven(row, 'indices-unanswered', cat.message);
  if (cat.status === 401 || cat.status === 403) {
    // Nobody was let in yet, and what refuses has not said that it is the product.
    if (row === 'headed') return unproven(row, row, `index list: status ${cat.status}`);
    return { rule: row === 'main' ? 'indices-forbidden' : row, auth: 'open-restricted', proof: 2 };
  }
  const fromCat = readCat(cat);
  const reply = fromCat === undefined && NO_CAT.has(cat.status) ? await ask(STATS) : cat;
  if (reply instanceof PeerError) return unproven(row, 'indices-unanswered', reply.message);
  const indices = fromCat ?? readStats(reply);
  if (indices === undefined) return unproven(row, 'indices-unreadable', `index list: status ${reply.status}`);
  const open: Finding = {
    rule: 'open',
    proto: protoOf(VERDICTS[row].proto, root),
    auth: 'open-anonymous',
    proof: indices.indices.some(({ records }) => records !== undefined) ? 4 : 3,
  };
  const proven = await unlessCatchAll(site, options.nonce, reply, open);
  if (proven.rule === 'control-unanswered') return unproven(row, proven.rule, proven.notes?.join() ?? '');
  return proven === open ? withFields(ask, indices, open, options) : proven;
}

async function withFields(ask: Site['ask'], indices: Indices, open: Finding, options: ProbeOptions): Promise<Outcome> {
  const mapping = options.metadata === 2 ? await ask(MAPPING, { maxBytes: MAPPING_BYTES }) : undefined;
  const fields = mapping === undefined || mapping instanceof PeerError ? undefined : readFields(mapping);
  const isCut = mapping !== undefined && fields === undefined;
  return {
    ...open,
    notes: isCut ? ['field names unknown: the mapping was over 256 KiB or not readable'] : [],
    ...(options.metadata === 0 ? {} : { metadata: metadataOf(indices, fields, isCut) }),
  };
}

/** An anonymous user is a finding of its own, whether or not the index list came. */
function unproven(row: RootRow, rule: string, why: string): Outcome {
  return { rule: row === 'main' ? rule : row, notes: [printable(why)] };
}

function protoOf(state: ProtoAxis['state'], { markers, product, version }: Root): ProtoAxis {
  return {
    state,
    confidence: markers >= 2 ? 'firm' : 'tentative',
    ...(product === undefined ? {} : { product }),
    ...(version === undefined ? {} : { version }),
  };
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
