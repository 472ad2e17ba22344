/**
 * HBase's REST server (probes.md section 4.9).
 * Asked, TLS first: `GET /version/cluster`, `GET /` (names of tables), and where that is answered a path that cannot exist.
 * Never asked: a row, a scanner, a schema. Nothing at all is sent to the RPC and Thrift ports, which take what they are sent
 * for a length (section 1, rule 9).
 */
import type { Endpoint } from '../model/endpoint.ts';
import type { ProbeAnswer } from '../model/observation.ts';
import type { Probe, ProbeAccess, ProbeOptions } from '../model/probe.ts';
import { blankAxes } from '../model/silence.ts';
import { LIST_RULES, type Listing, visitListing } from '../talk/listing.ts';
import { readHbase, readHbaseTables } from '../wire/hadoop.ts';

const ID = 'hbase';

const LISTING: Listing = {
  id: ID,
  product: 'HBase',
  kind: 'table',
  welcome: { path: '/version/cluster', read: readHbase },
  list: { path: '/' },
  read: readHbaseTables,
};

/** Master and region servers, now and before 1.0, and Thrift. */
const RPC_PORTS: ReadonlySet<number> = new Set([16_000, 16_020, 60_000, 60_020, 9090]);

export const hbase: Probe = {
  id: ID,
  speaks: 'http',
  sends: [
    { what: 'GET /version/cluster', why: 'version' },
    { what: 'GET /', why: 'the proof: names of tables' },
    { what: 'GET /.exposure-probe/{}', why: 'negative control, before anything is called open' },
  ],
  rules: {
    ...LIST_RULES,
    list: 'names of tables are shown to anyone',
    recognised: 'the product, and nothing that says whether it asks for more than a name',
    'rpc-port': 'open, and nothing was sent: the port takes what it is sent for a length',
  },
  engines: ['hbase'],
  defaultPort: 8080,
  maxConnections: 4,
  deadlineMs: 8_000,
  visit,
};

async function visit(access: ProbeAccess, { port }: Endpoint, options: ProbeOptions): Promise<ProbeAnswer> {
  if (!RPC_PORTS.has(port)) return visitListing(access, options, LISTING);
  const channel = await access.open();
  await channel.close();
  return blankAxes('open', `${ID}/rpc-port`);
}
