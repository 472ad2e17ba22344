/**
 * Couchbase Server, its administration (probes.md section 4.14).
 * Asked, TLS first: `GET /pools`, which answers anyone and proves nothing, then `GET /pools/default`. 401 in its realm is a
 * closed door; "unknown pool" a node that nobody has set up yet, whose administrator is whoever comes first; the cluster
 * itself an open door, after a path that cannot exist, and with no credentials that are an administrator's the same as
 * one that was never set up. Then names of buckets.
 * Nothing is sent to the ports of the data service: SASL's list of mechanisms would say nothing on who is let in.
 * Never asked: /settings, /logs, /sampleBuckets, a document, a query.
 */
import type { Endpoint } from '../model/endpoint.ts';
import { PeerError } from '../model/errors.ts';
import type { AuthState, Metadata, ProbeAnswer } from '../model/observation.ts';
import type { HttpReply, Probe, ProbeAccess, ProbeOptions } from '../model/probe.ts';
import { blankAxes } from '../model/silence.ts';
import { printable } from '../model/text.ts';
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
import * as wire from '../wire/couchbase.ts';

const ID = 'couchbase';
const BUCKETS = '/pools/default/buckets?skipMap=true';
/** The data service, in plaintext and inside TLS. */
const DATA_PORTS: ReadonlySet<number> = new Set([11_207, 11_210]);

export const couchbase: Probe = {
  id: ID,
  speaks: 'http',
  sends: [
    { what: 'GET /pools', why: 'product and version' },
    {
      what: 'GET /pools/default',
      why: 'the proof, or whether credentials are asked for, or whether it was set up at all',
    },
    { what: 'GET /.exposure-probe/{}', why: 'negative control, before anything is called open' },
    { what: `GET ${BUCKETS}`, why: 'names, items and bytes of buckets, where the cluster is shown' },
  ],
  rules: {
    ...HTTP_RULES,
    cluster: 'the cluster is shown to anyone',
    'unknown-pool': 'a node that was never set up: whoever comes first becomes its administrator',
    administrator: 'anyone is its administrator, without credentials',
    refused: 'credentials are asked for',
    recognised: 'the product, and no answer that says whether it asks for credentials',
    'data-port': 'open, and nothing was sent: the data service says nothing to a stranger on who is let in',
  },
  engines: ['couchbase'],
  defaultPort: 8091,
  maxConnections: 5,
  deadlineMs: 8_000,
  visit,
};

async function visit(access: ProbeAccess, { port }: Endpoint, options: ProbeOptions): Promise<ProbeAnswer> {
  if (DATA_PORTS.has(port)) {
    const channel = await access.open();
    await channel.close();
    return blankAxes('open', `${ID}/data-port`);
  }
  const site = await enterSite(access, ID, { path: '/pools' });
  if ('l4' in site) return site;
  const pools = wire.readPools(site.first);
  if (pools === undefined) return concluded(ID, site.first, inFrontOf(site.first));
  const proto = recognised(pools.markers, 'Couchbase', pools.version);
  if (pools.refused === true) return concluded(ID, site.first, { ...ROWS.refused, proto });
  const pool = await site.ask('/pools/default');
  if (pool instanceof PeerError) return unknown(site.first, proto, pool.message);
  const row = wire.readPool(pool);
  if (row === undefined) return unknown(pool, proto, `status ${pool.status}`);
  if (row === 'cluster' && pools.isAdmin) return concluded(ID, pool, { ...ROWS.administrator, proto });
  if (row !== 'cluster') return concluded(ID, pool, { ...ROWS[row], proto });
  const open: Finding = { rule: 'cluster', proto, auth: 'open-anonymous', proof: 3 };
  const proven = await unlessCatchAll(site, options.nonce, pool, open);
  return concluded(ID, pool, proven === open ? await withBuckets(site, open, options) : proven);
}

const ROWS: Readonly<
  Record<'refused' | 'unknown-pool' | 'administrator', Omit<Finding, 'proto'> & { auth: AuthState }>
> = {
  refused: { rule: 'refused', auth: 'auth-required', proof: 2 },
  'unknown-pool': { rule: 'unknown-pool', auth: 'setup-open', proof: 2 },
  administrator: { rule: 'administrator', auth: 'setup-open', proof: 3 },
};

function unknown(reply: HttpReply, proto: Finding['proto'], why: string): ProbeAnswer {
  const notes = [printable(`/pools/default: ${why}`)];
  return concluded(ID, reply, { rule: 'recognised', proto, auth: 'undetermined', proof: 1, notes });
}

/** More of what the cluster showed; nothing here takes from the proof. */
async function withBuckets(site: Site, open: Finding, { metadata: level }: ProbeOptions): Promise<Finding> {
  if (level === 0) return open;
  const reply = await site.ask(BUCKETS);
  const buckets = reply instanceof PeerError ? undefined : wire.readBuckets(reply);
  const objects = (buckets?.rows ?? []).map((row) => ({ ...row, kind: 'collection', system: false }) as const);
  const metadata: Metadata = { objects, truncated: buckets?.truncated ?? false };
  return { ...open, proof: objects.some(({ records }) => records !== undefined) ? 4 : 3, metadata };
}
