/**
 * HiveServer2 (probes.md section 4.9).
 * Asked of its console on 10002, TLS first: `GET /hiveserver2.jsp`, and a path that cannot exist. The console lists who is
 * connected and what they run; where anyone is shown it, that is an open door. Rows of it are not read.
 * Nothing at all is sent to any other port: the server itself takes what it is sent for a length (section 1, rule 9), and
 * whether it asks for credentials shows only to a login.
 */
import type { Endpoint } from '../model/endpoint.ts';
import type { ProbeAnswer } from '../model/observation.ts';
import type { Probe, ProbeAccess, ProbeOptions } from '../model/probe.ts';
import { blankAxes } from '../model/silence.ts';
import { LIST_RULES, type Listing, visitListing } from '../talk/listing.ts';
import { readHive, readHiveConsole } from '../wire/hadoop.ts';

const ID = 'hive';
const CONSOLE_PORT = 10_002;

const CONSOLE: Listing = {
  id: ID,
  product: 'HiveServer2',
  kind: 'table',
  welcome: { path: '/hiveserver2.jsp', accept: 'text/html', read: readHive },
  read: readHiveConsole,
};

export const hive: Probe = {
  id: ID,
  speaks: 'http',
  sends: [
    { what: 'GET /hiveserver2.jsp', why: 'the console: product and version; the proof' },
    { what: 'GET /.exposure-probe/{}', why: 'negative control, before anything is called open' },
  ],
  rules: {
    ...LIST_RULES,
    list: 'the console shows sessions and queries to anyone',
    recognised: 'the product, and nothing that says whether it asks for more than a name',
    'rpc-port': 'open, and nothing was sent: the port takes what it is sent for a length',
  },
  engines: ['hive'],
  defaultPort: 10_000,
  maxConnections: 3,
  deadlineMs: 8_000,
  visit,
};

async function visit(access: ProbeAccess, { port }: Endpoint, options: ProbeOptions): Promise<ProbeAnswer> {
  if (port === CONSOLE_PORT) return visitListing(access, options, CONSOLE);
  const channel = await access.open();
  await channel.close();
  return blankAxes('open', `${ID}/rpc-port`);
}
