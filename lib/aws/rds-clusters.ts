/**
 * The doors of Aurora, Multi-AZ, DocumentDB and Neptune clusters: writer, reader, custom endpoints, and every member's
 * own (aws-services.md sections 2.5, 2.8, 2.9). A name may lead to any of several members: after a failover the writer's
 * leads to another, so all that may stand behind it count.
 */
import {
  type DBCluster,
  type DBClusterEndpoint,
  type DBInstance,
  DescribeDBClusterEndpointsCommand,
  RDSClient,
} from '@aws-sdk/client-rds';
import type { Cell } from './cell.ts';
import type { Door } from './doors.ts';
import { RDS_PAGE, type RdsFamily, readClusters, readInstances } from './rds.ts';

export const CLUSTER_ENDPOINTS_ACTION = 'rds:DescribeDBClusterEndpoints';

export interface ClusterDoor extends Door {
  /** All that may answer here. */
  readonly members: readonly DBInstance[];
  /** Members that the cluster names and the list of instances does not hold: what they allow is not known. */
  readonly unseen: readonly string[];
  /** The one member whose own door this is. */
  readonly own?: DBInstance;
}

export interface Cluster {
  readonly name: string;
  readonly cluster: DBCluster;
  readonly members: readonly DBInstance[];
  readonly doors: readonly ClusterDoor[];
}

/** The family's clusters with their doors. Instances whose cluster is not listed come under its bare name. */
export async function readClusterDoors(cell: Cell, family: RdsFamily): Promise<readonly Cluster[]> {
  const [clusters, all] = await Promise.all([readClusters(cell, family), readInstances(cell, family)]);
  const instances = all.filter(({ DBClusterIdentifier: id }) => id !== undefined);
  const hasCustom = clusters.some(({ CustomEndpoints: hosts }) => (hosts ?? []).length > 0);
  const customs = hasCustom ? await readCustomEndpoints(cell) : [];
  const listed = new Set(clusters.map(({ DBClusterIdentifier: id }) => id));
  const unlisted = instances.filter(({ DBClusterIdentifier: id }) => !listed.has(id));
  const bare = new Map(unlisted.map((each) => [each.DBClusterIdentifier, bareCluster(each)]));
  return [...clusters, ...bare.values()].flatMap((cluster) => {
    const { DBClusterIdentifier: name } = cluster;
    if (name === undefined) {
      cell.gap('incomplete', 'a cluster without DBClusterIdentifier');
      return [];
    }
    const members = instances.filter(({ DBClusterIdentifier: id }) => id === name);
    return [{ name, cluster, members, doors: doorsOf(cell, name, cluster, members, customs) }];
  });
}

/** What an instance says of the cluster it is in. */
function bareCluster(instance: DBInstance): DBCluster {
  const { DBClusterIdentifier, Engine, EngineVersion, StorageEncrypted, StorageEncryptionType } = instance;
  return { DBClusterIdentifier, Engine, EngineVersion, StorageEncrypted, StorageEncryptionType };
}

async function readCustomEndpoints(cell: Cell): Promise<readonly DBClusterEndpoint[]> {
  return cell.shared(CLUSTER_ENDPOINTS_ACTION, (own) => {
    const client = own.client(RDSClient);
    return own.list(
      CLUSTER_ENDPOINTS_ACTION,
      (Marker) => client.send(new DescribeDBClusterEndpointsCommand({ MaxRecords: RDS_PAGE, Marker })),
      (page) => page.DBClusterEndpoints,
      (page) => page.Marker,
    );
  });
}

function doorsOf(
  cell: Cell,
  name: string,
  cluster: DBCluster,
  members: readonly DBInstance[],
  customs: readonly DBClusterEndpoint[],
): readonly ClusterDoor[] {
  const seen = new Set(members.map(({ DBInstanceIdentifier: id }) => id));
  const named = (cluster.DBClusterMembers ?? []).flatMap(({ DBInstanceIdentifier: id }) => id ?? []);
  const unseen = named.filter((id) => !seen.has(id));
  const own = members.flatMap((member) => memberDoor(cell, name, member) ?? []);
  const { Endpoint: writer, Port: port } = cluster;
  if (writer === undefined || port === undefined) {
    cell.gap('incomplete', `cluster ${name} shows no endpoint: ${cluster.Status ?? 'no status'}`, name);
    return own;
  }
  const everyone = { port, members, unseen };
  const { ReaderEndpoint: reader } = cluster;
  return [
    { door: '', host: writer, ...everyone },
    ...(reader === undefined ? [] : [{ door: 'reader', host: reader, ...everyone }]),
    ...(cluster.CustomEndpoints ?? []).map((host) => ({
      door: customDoor(host),
      host,
      port,
      ...behindCustom(host, customs, members, unseen),
    })),
    ...own,
  ];
}

/** A custom endpoint's host begins with its identifier. */
export function customDoor(host: string): string {
  return `custom-${host.split('.', 1)[0] ?? host}`;
}

function behindCustom(
  host: string,
  customs: readonly DBClusterEndpoint[],
  members: readonly DBInstance[],
  unseen: readonly string[],
): Pick<ClusterDoor, 'members' | 'unseen'> {
  const custom = customs.find((each) => each.Endpoint?.toLowerCase() === host.toLowerCase());
  if (custom === undefined) return { members, unseen };
  const { StaticMembers: fixed = [], ExcludedMembers: excluded = [] } = custom;
  const isIn = (id: string | undefined): boolean =>
    id !== undefined && (fixed.length > 0 ? fixed.includes(id) : !excluded.includes(id));
  return { members: members.filter((each) => isIn(each.DBInstanceIdentifier)), unseen: unseen.filter(isIn) };
}

function memberDoor(cell: Cell, cluster: string, member: DBInstance): ClusterDoor | undefined {
  const { DBInstanceIdentifier: id, Endpoint: own, DBInstanceStatus: status } = member;
  if (id === undefined || own?.Address === undefined || own.Port === undefined) {
    cell.gap(
      'incomplete',
      `instance ${id ?? 'without a name'} has no endpoint yet: ${status ?? 'no status'}`,
      id ?? cluster,
    );
    return undefined;
  }
  return { door: `instance-${id}`, host: own.Address, port: own.Port, members: [member], unseen: [], own: member };
}
