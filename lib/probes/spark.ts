/**
 * Apache Spark (probes.md section 4.8): a master's UI, on 6066 its REST gateway, on 4040 and 18080 the UI of an application or
 * of the history.
 * Asked, TLS first: the page of the port, and where that is answered a path that cannot exist. Names of applications shown to
 * anyone are an open door. On 6066 the status of a submission that cannot exist: that gateway has no authentication, and
 * runs what is submitted to it.
 * Never sent: a POST. Nothing at all is sent to 7077, which would take it for a length (section 1, rule 9).
 */
import type { Endpoint } from '../model/endpoint.ts';
import type { ProbeAnswer } from '../model/observation.ts';
import type { Probe, ProbeAccess, ProbeOptions } from '../model/probe.ts';
import { blankAxes } from '../model/silence.ts';
import { LIST_RULES, type Listing, visitListing } from '../talk/listing.ts';
import {
  readSparkApps,
  readSparkMaster,
  readSparkMasterApps,
  readSparkVersion,
  readSubmission,
} from '../wire/warehouses.ts';

const ID = 'spark';
const RPC_PORT = 7077;

const MASTER: Listing = {
  id: ID,
  product: 'Spark',
  kind: 'collection',
  welcome: { path: '/json/', read: readSparkMaster },
  read: readSparkMasterApps,
};
const APPLICATIONS: Listing = {
  ...MASTER,
  welcome: { path: '/api/v1/version', read: readSparkVersion },
  list: { path: '/api/v1/applications?limit=1' },
  read: readSparkApps,
};
const GATEWAY: Listing = {
  ...MASTER,
  welcome: { path: '/v1/submissions/status/none', read: readSubmission },
  read: () => ({ rows: [], truncated: false }),
};
const BY_PORT: ReadonlyMap<number, Listing> = new Map([
  [6066, GATEWAY],
  [4040, APPLICATIONS],
  [18_080, APPLICATIONS],
]);

export const spark: Probe = {
  id: ID,
  speaks: 'http',
  sends: [
    { what: 'GET /json/', why: 'a master: product, and names of applications' },
    { what: 'GET /api/v1/version', why: 'an application or the history: product and version' },
    { what: 'GET /api/v1/applications?limit=1', why: 'there, the proof: the name of an application' },
    { what: 'GET /v1/submissions/status/none', why: 'the REST gateway: a submission that cannot exist' },
    { what: 'GET /.exposure-probe/{}', why: 'negative control, before anything is called open' },
  ],
  rules: {
    ...LIST_RULES,
    list: 'anyone is shown its applications; at 6066 anyone may submit programs',
    'rpc-port': 'open, and nothing was sent: the port takes what it is sent for a length',
  },
  engines: ['spark'],
  defaultPort: 8080,
  maxConnections: 4,
  deadlineMs: 8_000,
  visit,
};

async function visit(access: ProbeAccess, { port }: Endpoint, options: ProbeOptions): Promise<ProbeAnswer> {
  if (port !== RPC_PORT) return visitListing(access, options, BY_PORT.get(port) ?? MASTER);
  const channel = await access.open();
  await channel.close();
  return blankAxes('open', `${ID}/rpc-port`);
}
