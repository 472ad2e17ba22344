/**
 * etcd (probes.md section 3.12), its two APIs on one port: v3 by the JSON gateway, v2 where it is still served. They have
 * authentication each, so one may stand open while the other is closed; both are asked before the port is called closed.
 * Asked, TLS first: `GET /version`; a range over all keys that returns their count alone; where that shows nothing, a v2
 * key that cannot exist ("no such key" is told only to who may read); before anything is called open, a path that cannot
 * exist. The version page, health and the list of members answer whether or not authentication is on: no proof.
 * Never asked: a key or a value, the v2 root (it carries values), members (it carries addresses), anything of 2380.
 */
import { PeerError } from '../model/errors.ts';
import type { ProbeAnswer } from '../model/observation.ts';
import type { HttpReply, Probe, ProbeAccess, ProbeOptions } from '../model/probe.ts';
import { printable } from '../model/text.ts';
import { type Finding, HTTP_RULES, recognised, type Site, unlessCatchAll, visitByMarks } from '../talk/http.ts';
import { mayServeV2, rangePath, readKeyV2, readRange, readRelease, type Release, type Said } from '../wire/etcd.ts';

/** All keys, and of them the count alone. */
const COUNT = { type: 'application/json', body: '{"key":"AA==","range_end":"AA==","count_only":true}' } as const;

export const etcd: Probe = {
  id: 'etcd',
  speaks: 'http',
  sends: [
    { what: 'GET /version', why: 'product and version' },
    { what: 'POST /v3/kv/range', why: 'the proof: how many keys there are; a read' },
    { what: 'POST /v3beta/kv/range', why: 'the same of 3.3' },
    { what: 'GET /v2/keys/.exposure-probe-{}', why: 'a v2 key that cannot exist, where v3 shows nothing' },
    { what: 'GET /.exposure-probe/{}', why: 'negative control, before anything is called open' },
  ],
  rules: {
    ...HTTP_RULES,
    range: 'anyone may read the keys of v3',
    'v2-keys': 'anyone may read the keys of v2, which has an authentication of its own',
    'range-refused': 'v3 asks for credentials, and so does v2 where it is served',
    'v2-refused': 'an etcd of before v3, which asks for credentials',
    'v2-unclear': 'v3 asks for credentials; whether v2 does was not to be learned',
    'no-gateway': 'the JSON gateway is off, and only gRPC could tell',
    version: 'etcd, and no answer that says whether it asks for credentials',
  },
  engines: ['etcd'],
  defaultPort: 2379,
  maxConnections: 6,
  deadlineMs: 8_000,
  visit,
};

async function visit(access: ProbeAccess, _endpoint: unknown, options: ProbeOptions): Promise<ProbeAnswer> {
  return visitByMarks(access, 'etcd', { path: '/version' }, readRelease, (site, marks) => judge(site, marks, options));
}

async function judge(site: Site, release: Release, options: ProbeOptions): Promise<Finding> {
  const path = rangePath(release);
  const range = path === undefined ? undefined : await site.ask(path, { post: COUNT });
  const v3 = said(range, readRange) ?? (release.major < 3 ? 'absent' : 'unclear');
  if (isOpen(v3)) return opened(site, release, range, v3, 'range', options);
  const keys = mayServeV2(release) ? await site.ask(`/v2/keys/.exposure-probe-${options.nonce}`) : undefined;
  const v2 = said(keys, readKeyV2) ?? 'absent';
  if (isOpen(v2)) return opened(site, release, keys, v2, 'v2-keys', options);
  const failed = range instanceof PeerError ? [printable(`range: ${range.message}`)] : [];
  return { ...closed(release, v3, v2), proto: recognised(2, 'etcd', release.version), notes: failed };
}

/**
 * Undefined where nothing was asked. An exchange that broke off says nothing: some 3.5 are told to end so where
 * authentication is on (3.5.21 and 3.6.4 do not), but so does any proxy that is tired of us.
 */
function said(reply: HttpReply | PeerError | undefined, read: (reply: HttpReply) => Said): Said | undefined {
  if (reply === undefined) return undefined;
  return reply instanceof PeerError ? 'unclear' : read(reply);
}

function isOpen(said: Said): said is Exclude<Said, string> {
  return typeof said !== 'string';
}

async function opened(
  site: Site,
  { version }: Release,
  reply: HttpReply | PeerError | undefined,
  { keys }: Exclude<Said, string>,
  rule: string,
  options: ProbeOptions,
): Promise<Finding> {
  const open: Finding = { rule, proto: recognised(2, 'etcd', version), auth: 'open-anonymous', proof: 3 };
  if (reply === undefined || reply instanceof PeerError) return open;
  const proven = await unlessCatchAll(site, options.nonce, reply, open);
  if (proven !== open || keys === undefined) return proven;
  const objects = keys === 0 ? [] : [{ name: 'v3', kind: 'keyspace', records: keys, system: false } as const];
  return { ...open, proof: 4, ...(options.metadata === 0 ? {} : { metadata: { objects, truncated: false } }) };
}

/** Neither API showed itself open. Only a refusal by every API that is served closes the port. */
function closed({ major }: Release, v3: Said, v2: Said): Pick<Finding, 'rule' | 'auth' | 'proof'> {
  if (v3 === 'refused' && v2 !== 'unclear') return { rule: 'range-refused', auth: 'auth-required', proof: 2 };
  if (major < 3 && v2 === 'refused') return { rule: 'v2-refused', auth: 'auth-required', proof: 2 };
  const rule = v3 === 'refused' ? 'v2-unclear' : v3 === 'absent' ? 'no-gateway' : 'version';
  return { rule, auth: 'undetermined', proof: 1 };
}
