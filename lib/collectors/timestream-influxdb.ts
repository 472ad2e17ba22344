/**
 * Timestream for InfluxDB instances and clusters (aws-services.md section 2.15).
 * Calls: ListDbInstances, ListDbClusters, GetDbCluster and ListDbInstancesForCluster of each cluster, GetDbInstance of
 * each instance, members of clusters included. Whether one is public is fixed when it is made, and so are its security
 * groups: it opens by their rules. TLS, tokens or passwords, and encryption cannot be switched off.
 */
import {
  type DbInstanceForClusterSummary,
  GetDbClusterCommand,
  type GetDbClusterOutput,
  GetDbInstanceCommand,
  type GetDbInstanceOutput,
  ListDbClustersCommand,
  ListDbInstancesCommand,
  ListDbInstancesForClusterCommand,
  TimestreamInfluxDBClient,
} from '@aws-sdk/client-timestream-influxdb';
import { addressOf } from '../aws/address.ts';
import { ABSENT, type Cell } from '../aws/cell.ts';
import type { Collector } from '../aws/collector.ts';
import { keysOf, type NetworkKeys, networkKeys } from '../aws/dependencies.ts';
import { type Door, doorOf, hasDoor } from '../aws/doors.ts';
import { awsEndpoint } from '../aws/endpoint.ts';
import { declaredOff, declaredOn, declaredUnknown } from '../model/declared.ts';
import type { Endpoint } from '../model/endpoint.ts';
import type { Protection } from '../model/protection.ts';
import { networkProtection } from '../reach/evidence.ts';
import { managedReach } from '../reach/managed.ts';
import { indexNetwork, type NetworkIndex } from '../reach/network-index.ts';

const PAGE = 100;
const GONE = ['ResourceNotFoundException'];
const DEFAULT_PORT = 8086;
/** Only the ARNs of clusters hold this. */
const CLUSTER = ':db-cluster/';

export const timestreamInfluxdb: Collector = {
  service: 'timestream-influxdb',
  scope: 'regional',
  actions: [
    'timestream-influxdb:ListDbInstances',
    'timestream-influxdb:GetDbInstance',
    'timestream-influxdb:ListDbClusters',
    'timestream-influxdb:GetDbCluster',
    'timestream-influxdb:ListDbInstancesForCluster',
  ],
  cost: { empty: 2, each: 2 },
  async collect(cell) {
    const client = cell.client(TimestreamInfluxDBClient);
    const instances = await cell.list(
      'timestream-influxdb:ListDbInstances',
      (nextToken) => client.send(new ListDbInstancesCommand({ nextToken, maxResults: PAGE })),
      (page) => page.items,
      (page) => page.nextToken,
    );
    const clusters = await cell.list(
      'timestream-influxdb:ListDbClusters',
      (nextToken) => client.send(new ListDbClustersCommand({ nextToken, maxResults: PAGE })),
      (page) => page.items,
      (page) => page.nextToken,
    );
    const clusterIds = idsOf(cell, clusters);
    const members = await Promise.all(clusterIds.map((id) => membersOf(cell, id)));
    // A member may be in both lists.
    const instanceIds = new Set(idsOf(cell, [...instances, ...members.flat()]));
    // Hosts come with the details: where those are not answered, the list as a whole is in doubt.
    const found = await Promise.all([
      ...[...instanceIds].map((id) => getInstance(cell, id)),
      ...clusterIds.map((id) => getCluster(cell, id)),
    ]);
    if (found.length === 0) return [];
    const network = await cell.network();
    const around: Around = { index: indexNetwork(network), keys: networkKeys(network) };
    return found.flatMap((db) => (db === undefined || db === ABSENT ? [] : endpointsOf(cell, db, around)));
  },
  async exists(cell, endpoint) {
    const { incarnation: id, arn, name } = endpoint;
    if (id === undefined) return undefined;
    const db = await (arn?.includes(CLUSTER) === true ? getCluster(cell, id, name) : getInstance(cell, id, name));
    if (db === ABSENT) return false;
    if (db === undefined) return undefined;
    // Doors are named by what it is, which only the ARN tells.
    return db.status !== 'DELETED' && hasDoor(endpoint, doorsOf({ ...db, arn: db.arn ?? arn }));
  },
};

type Database = GetDbInstanceOutput | GetDbClusterOutput;

interface Around {
  readonly index: NetworkIndex;
  readonly keys: NetworkKeys;
}

async function membersOf(cell: Cell, dbClusterId: string): Promise<readonly DbInstanceForClusterSummary[]> {
  const client = cell.client(TimestreamInfluxDBClient);
  return cell.list(
    'timestream-influxdb:ListDbInstancesForCluster',
    (nextToken) => client.send(new ListDbInstancesForClusterCommand({ dbClusterId, nextToken, maxResults: PAGE })),
    (page) => page.items,
    (page) => page.nextToken,
  );
}

async function getInstance(cell: Cell, identifier: string, subject?: string) {
  const client = cell.client(TimestreamInfluxDBClient);
  const call = () => client.send(new GetDbInstanceCommand({ identifier }));
  return cell.askMaybe<GetDbInstanceOutput>('timestream-influxdb:GetDbInstance', call, GONE, subject);
}

async function getCluster(cell: Cell, dbClusterId: string, subject?: string) {
  const client = cell.client(TimestreamInfluxDBClient);
  const call = () => client.send(new GetDbClusterCommand({ dbClusterId }));
  return cell.askMaybe<GetDbClusterOutput>('timestream-influxdb:GetDbCluster', call, GONE, subject);
}

function idsOf(cell: Cell, listed: readonly { readonly id: string | undefined }[]): readonly string[] {
  return listed.flatMap(({ id }) => {
    if (id !== undefined) return [id];
    cell.gap('incomplete', 'a database without id');
    return [];
  });
}

function endpointsOf(cell: Cell, db: Database, { index, keys }: Around): readonly Endpoint[] {
  const { name, id, arn, status } = db;
  if (status === 'DELETED') return [];
  const doors = doorsOf(db);
  if (name === undefined || doors.length === 0) {
    const detail = `database ${name ?? id ?? 'unnamed'} has no endpoint yet: ${status ?? 'no status'}`;
    cell.gap('incomplete', detail, name);
    return [];
  }
  return doors.map((door) =>
    awsEndpoint(cell, {
      name,
      ...doorOf(door),
      engine: 'influxdb',
      arn,
      incarnation: id,
      dependencies: [...ownKeys(db), ...keys({ groupIds: db.vpcSecurityGroupIds, subnetIds: db.vpcSubnetIds })],
      declared: {
        network: networkOf(index, db, door.port),
        authentication: declaredOn('token or password, by design'),
        tls: declaredOn('TLS only, by design'),
        'encryption-at-rest': declaredOn('always encrypted, by design'),
        'audit-log': logsOf(db),
      },
    }),
  );
}

function isCluster({ arn }: Pick<Database, 'arn'>): boolean {
  return arn?.includes(CLUSTER) === true;
}

function ownKeys(db: Database) {
  const cluster = 'dbClusterId' in db ? db.dbClusterId : undefined;
  return [
    ...keysOf(`timestream-influxdb:db-${isCluster(db) ? 'cluster' : 'instance'}`, db.id),
    ...keysOf('timestream-influxdb:db-cluster', cluster),
  ];
}

function doorsOf(db: Database): readonly Door[] {
  // A cluster may have the name of an instance: its doors are named apart.
  const hosts = [
    [isCluster(db) ? 'cluster' : '', db.endpoint],
    ['reader', 'readerEndpoint' in db ? db.readerEndpoint : undefined],
  ] as const;
  return hosts.flatMap(([door, host]) => {
    const at = addressOf(host, DEFAULT_PORT);
    return at === undefined ? [] : [{ door, host: at.host, port: db.port ?? at.port }];
  });
}

function networkOf(index: NetworkIndex, db: Database, port: number): Protection {
  const { publiclyAccessible, vpcSecurityGroupIds: groupIds, vpcSubnetIds: subnetIds, networkType } = db;
  if (groupIds === undefined && publiclyAccessible !== false) return declaredUnknown('vpcSecurityGroupIds absent');
  return networkProtection(
    managedReach(index, {
      port,
      publiclyAccessible,
      groupIds: groupIds ?? [],
      subnetIds: subnetIds ?? [],
      dualStack: networkType === undefined ? undefined : networkType === 'DUAL',
    }),
  );
}

/** The engine's log is all there is: without a bucket nothing is kept of who did what. */
function logsOf({ logDeliveryConfiguration: logs }: Database): Protection {
  const { enabled, bucketName } = logs?.s3Configuration ?? {};
  return enabled === true
    ? declaredOn(`logDeliveryConfiguration: engine log to bucket ${bucketName ?? 'unnamed'}`)
    : declaredOff('logDeliveryConfiguration is not enabled');
}
