/**
 * InfluxDB 1, 2 and 3 (probes.md section 3.18).
 * Asked, TLS first: `GET /ping` (product and version), then the list of databases in the words of that version (2: first
 * whether it is still to be set up), a path that cannot exist before anything is called open, of version 1 at metadata
 * level 2 the field keys of two databases, and where it refuses, whether its counters tell names of databases all the same.
 * A list is an open door. "Create admin user first" of 1 and `allowed` of 2: whoever comes first owns it. The ping proves
 * nothing. Never asked: SELECT, a POST to set up, a token, /debug/pprof; of /debug/vars only whether such keys are there.
 */
import { PeerError } from '../model/errors.ts';
import type { MetadataObject, ProbeAnswer } from '../model/observation.ts';
import type { HttpReply, Probe, ProbeAccess, ProbeOptions } from '../model/probe.ts';
import {
  concluded,
  enterSite,
  type Finding,
  HTTP_RULES,
  inFrontOf,
  recognised,
  type Site,
  unlessCatchAll,
} from '../talk/http.ts';
import {
  isSetupOpen,
  leaksDatabases,
  type Names,
  type Ping,
  readBuckets,
  readDatabases,
  readDatabases3,
  readFieldKeys,
  readPing,
  type Said,
} from '../wire/influxdb.ts';

interface List {
  readonly path: `/${string}`;
  readonly read: (reply: HttpReply) => Said;
}
const LISTS: Readonly<Record<Ping['major'], List>> = {
  1: { path: '/query?q=SHOW%20DATABASES', read: readDatabases },
  2: { path: '/api/v2/buckets', read: readBuckets },
  3: { path: '/api/v3/configure/database?format=json', read: readDatabases3 },
};
/** Databases whose field keys are asked for: what a visit's connections leave. */
const MAX_DESCRIBED = 2;

export const influxdb: Probe = {
  id: 'influxdb',
  speaks: 'http',
  sends: [
    { what: 'GET /ping', why: 'product and version' },
    { what: 'GET /api/v2/setup', why: 'version 2: whether it is still to be set up' },
    ...Object.entries(LISTS).map(([major, { path }]) => ({
      what: `GET ${path}`,
      why: `version ${major}: the proof, names of databases`,
    })),
    { what: 'GET /.exposure-probe/{}', why: 'negative control, before anything is called open' },
    { what: 'GET /query?db={}&q=SHOW%20FIELD%20KEYS', why: 'version 1: field names and types, at metadata level 2' },
    { what: 'GET /debug/vars', why: 'version 1 that refuses: whether its counters tell names of databases' },
  ],
  rules: {
    ...HTTP_RULES,
    databases: 'names of databases are shown to anyone',
    'no-admin': 'authentication is on and no admin exists: whoever comes first makes himself one',
    setup: 'nobody has set it up yet: whoever comes first owns it',
    refused: 'the list of databases asks for credentials',
    'refused-vars': 'the list of databases asks for credentials, while /debug/vars tells their names to anyone',
    'ping-refused': 'everything asks for credentials',
    ping: 'InfluxDB, and no answer that says whether it asks for credentials',
  },
  engines: ['influxdb'],
  defaultPort: 8086,
  maxConnections: 6,
  deadlineMs: 8_000,
  visit,
};

async function visit(access: ProbeAccess, _endpoint: unknown, options: ProbeOptions): Promise<ProbeAnswer> {
  const site = await enterSite(access, 'influxdb', { path: '/ping' });
  if ('l4' in site) return site;
  const ping = readPing(site.first);
  if (ping === undefined) return concluded('influxdb', site.first, inFrontOf(site.first));
  const { finding, reply } = await judge(site, ping, options);
  // The refusal carries the challenge that the ping does not.
  return concluded('influxdb', reply ?? site.first, finding);
}

interface Judged {
  readonly finding: Finding;
  readonly reply?: HttpReply;
}

async function judge(site: Site, { markers, version, major, refused }: Ping, options: ProbeOptions): Promise<Judged> {
  const proto = recognised(markers, 'InfluxDB', version);
  if (refused) return { finding: { rule: 'ping-refused', proto, auth: 'auth-required', proof: 2 } };
  const setup = major === 2 ? await site.ask('/api/v2/setup') : undefined;
  if (setup !== undefined && !(setup instanceof PeerError) && isSetupOpen(setup)) {
    return { finding: { rule: 'setup', proto, auth: 'setup-open', proof: 2 } };
  }
  const { path, read } = LISTS[major];
  const list = await site.ask(path);
  const said = list instanceof PeerError ? undefined : read(list);
  if (list instanceof PeerError || said === undefined) {
    return { finding: { rule: 'ping', proto, auth: 'undetermined', proof: 1 } };
  }
  if (said === 'no-admin') return { finding: { rule: 'no-admin', proto, auth: 'setup-open', proof: 2 } };
  if (said === 'refused') {
    const rule = major === 1 && options.metadata > 0 && (await isLeaking(site)) ? 'refused-vars' : 'refused';
    return { finding: { rule, proto, auth: 'auth-required', proof: 2 }, reply: list };
  }
  const open: Finding = { rule: 'databases', proto, auth: 'open-anonymous', proof: 3 };
  const proven = await unlessCatchAll(site, options.nonce, list, open);
  return { finding: proven === open ? await explored(site, open, said, major, options) : proven };
}

async function isLeaking(site: Site): Promise<boolean> {
  const vars = await site.ask('/debug/vars');
  return !(vars instanceof PeerError) && leaksDatabases(vars);
}

async function explored(
  site: Site,
  open: Finding,
  { names, truncated }: Names,
  major: Ping['major'],
  { metadata }: ProbeOptions,
): Promise<Finding> {
  if (metadata === 0) return open;
  const objects = names.map((name): MetadataObject => ({ name, kind: 'database', system: name.startsWith('_') }));
  const described = metadata === 2 && major === 1 ? await measurements(site, names) : [];
  return { ...open, metadata: { objects: [...objects, ...described], truncated } };
}

async function measurements(site: Site, names: readonly string[]): Promise<readonly MetadataObject[]> {
  const own = names.filter((name) => /^[A-Za-z0-9][\w.-]{0,99}$/u.test(name)).slice(0, MAX_DESCRIBED);
  const found: MetadataObject[] = [];
  for (const name of own) {
    const reply = await site.ask(`/query?db=${name}&q=SHOW%20FIELD%20KEYS`);
    if (reply instanceof PeerError) continue;
    found.push(...readFieldKeys(reply).map((one) => ({ ...one, kind: 'table' as const, system: false })));
  }
  return found;
}
