/**
 * CouchDB, Cloudant and what answers like them (probes.md section 3.16).
 * Asked, TLS first: `GET /` (product and version), `GET /_all_dbs`, and where that shows a list: a path that cannot exist,
 * `GET /_session` (an anonymous `_admin` is an admin party) and `POST /_dbs_info` for counts and sizes of twenty databases.
 * A list of databases is an open door. 401 there protects the list: databases of before 3.0 may be readable all the same by
 * whoever knows a name.
 * Never asked: _all_docs, _config, _users, a document, a view.
 */
import { PeerError } from '../model/errors.ts';
import type { Metadata, ProbeAnswer } from '../model/observation.ts';
import { type HttpReply, MAX_POST_BYTES, type Probe, type ProbeAccess, type ProbeOptions } from '../model/probe.ts';
import { type Finding, HTTP_RULES, recognised, type Site, unlessCatchAll, visitByMarks } from '../talk/http.ts';
import { isAdminParty, type Names, readCounts, readNames, readWelcome, type Welcome } from '../wire/couchdb.ts';

const MAX_COUNTED = 20;

export const couchdb: Probe = {
  id: 'couchdb',
  speaks: 'http',
  sends: [
    { what: 'GET /', why: 'product and version' },
    { what: 'GET /_all_dbs', why: 'the proof: names of databases' },
    { what: 'GET /.exposure-probe/{}', why: 'negative control, before anything is called open' },
    { what: 'GET /_session', why: 'whether a stranger is an administrator' },
    { what: 'POST /_dbs_info', why: 'counts and sizes of at most twenty databases; a read' },
  ],
  rules: {
    ...HTTP_RULES,
    'all-dbs': 'names of databases are shown to anyone',
    'admin-party': 'names of databases are shown to anyone, and anyone is an administrator',
    'all-dbs-refused': 'the list of databases asks for credentials; single databases may still be readable',
    'valid-user': 'everything asks for credentials',
    welcome: 'CouchDB, and no answer that says whether it asks for credentials',
  },
  engines: ['couchdb'],
  defaultPort: 5984,
  maxConnections: 6,
  deadlineMs: 8_000,
  visit,
};

async function visit(access: ProbeAccess, _endpoint: unknown, options: ProbeOptions): Promise<ProbeAnswer> {
  return visitByMarks(access, 'couchdb', { path: '/' }, readWelcome, (site, marks) => judge(site, marks, options));
}

async function judge(site: Site, { markers, version, refused }: Welcome, options: ProbeOptions): Promise<Finding> {
  const proto = recognised(markers, 'CouchDB', version);
  if (refused) return { rule: 'valid-user', proto, auth: 'auth-required', proof: 2 };
  const list = await site.ask('/_all_dbs');
  if (list instanceof PeerError) return { rule: 'welcome', proto, auth: 'undetermined', proof: 1 };
  if (list.status === 401 || list.status === 403) {
    return { rule: 'all-dbs-refused', proto, auth: 'auth-required', proof: 2 };
  }
  const names = readNames(list);
  if (names === undefined) return { rule: 'welcome', proto, auth: 'undetermined', proof: 1 };
  const open: Finding = { rule: 'all-dbs', proto, auth: 'open-anonymous', proof: 3 };
  const proven = await unlessCatchAll(site, options.nonce, list, open);
  return proven === open ? explored(site, open, names, options) : proven;
}

/** What more a stranger sees. Nothing here takes from the proof. */
async function explored(
  site: Site,
  open: Finding,
  { names, truncated }: Names,
  options: ProbeOptions,
): Promise<Finding> {
  const session = await site.ask('/_session');
  const rule = !(session instanceof PeerError) && isAdminParty(session) ? 'admin-party' : open.rule;
  if (options.metadata === 0) return { ...open, rule };
  const counts = await countsOf(site, names);
  const objects: Metadata['objects'] = names.map((name) => ({
    name,
    kind: 'database',
    system: name.startsWith('_'),
    ...counts.get(name),
  }));
  return { ...open, rule, proof: counts.size > 0 ? 4 : 3, metadata: { objects, truncated } };
}

async function countsOf(site: Site, names: readonly string[]): Promise<ReturnType<typeof readCounts>> {
  const body = bodyOf(names.filter((name) => !name.startsWith('_')));
  if (body === undefined) return new Map();
  const reply: HttpReply | PeerError = await site.ask('/_dbs_info', { post: { type: 'application/json', body } });
  return reply instanceof PeerError ? new Map() : readCounts(reply);
}

/** As many names as fit the small body a probe may send. */
function bodyOf(names: readonly string[]): string | undefined {
  for (let count = Math.min(names.length, MAX_COUNTED); count > 0; count--) {
    const body = JSON.stringify({ keys: names.slice(0, count) });
    if (Buffer.byteLength(body) <= MAX_POST_BYTES) return body;
  }
  return undefined;
}
