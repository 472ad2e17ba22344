/**
 * Hadoop: HDFS's name node and YARN's resource manager, by their web pages (probes.md section 4.9).
 * Asked, TLS first. Name node: its state by `/jmx`, shown to anyone unless its pages ask for credentials, then the root of
 * the file system by WebHDFS, as nobody in particular: names are an open door. Resource manager, on 8088 and 8090:
 * `/ws/v1/cluster/info`; one that tells a stranger runs what a stranger submits. Then a path that cannot exist.
 * Never sent: a user name (`user.name=`), though a cluster without Kerberos takes any; a PUT, a POST. Nothing at all is sent
 * to the RPC ports, which take what they are sent for a length (section 1, rule 9).
 */
import type { Endpoint } from '../model/endpoint.ts';
import type { ProbeAnswer } from '../model/observation.ts';
import type { Probe, ProbeAccess, ProbeOptions } from '../model/probe.ts';
import { blankAxes } from '../model/silence.ts';
import { LIST_RULES, type Listing, visitListing } from '../talk/listing.ts';
import { readFiles, readNameNode, readYarn, readYarnState } from '../wire/hadoop.ts';

const ID = 'hadoop';
const JMX = '/jmx?qry=Hadoop:service=NameNode,name=NameNodeInfo';
const FILES = '/webhdfs/v1/?op=LISTSTATUS';

const NAME_NODE: Listing = {
  id: ID,
  product: 'HDFS',
  kind: 'collection',
  welcome: { path: JMX, read: readNameNode },
  list: { path: FILES },
  read: readFiles,
};
const RESOURCE_MANAGER: Listing = {
  id: ID,
  product: 'YARN',
  kind: 'collection',
  welcome: { path: '/ws/v1/cluster/info', read: readYarn },
  read: readYarnState,
};
const YARN_PORTS: ReadonlySet<number> = new Set([8088, 8090]);
/** Name node and resource manager. */
const RPC_PORTS: ReadonlySet<number> = new Set([8020, 9000, 9820, 8030, 8031, 8032, 8033]);

export const hadoop: Probe = {
  id: ID,
  speaks: 'http',
  sends: [
    { what: `GET ${JMX}`, why: 'a name node: product and version' },
    { what: `GET ${FILES}`, why: 'there, the proof: names at the root of the file system' },
    { what: 'GET /ws/v1/cluster/info', why: 'a resource manager: product and version; the proof' },
    { what: 'GET /.exposure-probe/{}', why: 'negative control, before anything is called open' },
  ],
  rules: {
    ...LIST_RULES,
    list: 'names of files are shown to anyone, or YARN answers anyone, who may then submit programs',
    refused: 'credentials are asked for',
    restricted: 'the state of the name node is shown to anyone; the file system is not',
    recognised: 'the product, and nothing that says whether it asks for more than a name',
    'rpc-port': 'open, and nothing was sent: the port takes what it is sent for a length',
  },
  engines: ['hadoop'],
  defaultPort: 9870,
  maxConnections: 4,
  deadlineMs: 8_000,
  visit,
};

async function visit(access: ProbeAccess, { port }: Endpoint, options: ProbeOptions): Promise<ProbeAnswer> {
  if (!RPC_PORTS.has(port)) return visitListing(access, options, YARN_PORTS.has(port) ? RESOURCE_MANAGER : NAME_NODE);
  const channel = await access.open();
  await channel.close();
  return blankAxes('open', `${ID}/rpc-port`);
}
