/**
 * Aurora and Multi-AZ DB clusters (aws-services.md section 2.5).
 * Calls: DescribeDBClusters and DescribeDBInstances, shared with all of the family; custom endpoints, shard groups,
 * global clusters and subnet groups where a cluster gives reason to; each cluster parameter group once.
 * The flag of each member decides what a cluster's names let in, for a failover moves them. A cluster with an internet
 * access gateway has neither VPC nor security group: it is on the internet. The Data API is a second door to the same
 * data, outside of the VPC, that asks for IAM.
 */
import type { DBCluster, DBShardGroup, GlobalCluster } from '@aws-sdk/client-rds';
import {
  AURORA_ACTIONS,
  auroraDoorExists,
  clusterSubnets,
  readGlobalClusters,
  readShardGroups,
} from '../aws/aurora.ts';
import { auroraDeclared, outsideVpc } from '../aws/aurora-declared.ts';
import {
  BABELFISH_PARAMETERS,
  babelfishDoors,
  dataApiEndpoint,
  globalEndpoint,
  type ShardDoor,
  shardDoors,
  shardEndpoint,
} from '../aws/aurora-doors.ts';
import type { Cell } from '../aws/cell.ts';
import type { Collector } from '../aws/collector.ts';
import { type NetworkKeys, networkKeys } from '../aws/dependencies.ts';
import { CLUSTERS_ACTION, INSTANCES_ACTION, softwareOf } from '../aws/rds.ts';
import { clusterEndpoint } from '../aws/rds-cluster-endpoint.ts';
import { type Cluster, CLUSTER_ENDPOINTS_ACTION, type ClusterDoor, readClusterDoors } from '../aws/rds-clusters.ts';
import { dualStack, type FindPlace, placeFinder } from '../aws/rds-network.ts';
import { CLUSTER_PARAMETERS_ACTION, clusterParameters, type ReadParameters } from '../aws/rds-parameters.ts';
import { tlsParameters } from '../aws/rds-tls.ts';
import { auditParameters } from '../aws/rds-trails.ts';
import type { DependencyKey } from '../model/change.ts';
import { declaredOn, declaredUnknown } from '../model/declared.ts';
import type { Endpoint, Engine } from '../model/endpoint.ts';
import { mostOpen, type Protection, type Protections } from '../model/protection.ts';
import { networkProtection } from '../reach/evidence.ts';
import { managedReach } from '../reach/managed.ts';
import { indexNetwork, type NetworkIndex } from '../reach/network-index.ts';

export const aurora: Collector = {
  service: 'aurora',
  scope: 'regional',
  actions: [CLUSTERS_ACTION, INSTANCES_ACTION, CLUSTER_ENDPOINTS_ACTION, CLUSTER_PARAMETERS_ACTION, ...AURORA_ACTIONS],
  // A parameter group and, without instances, a subnet group each; the three other lists once, where there is a cluster.
  cost: { empty: 2, each: 2 },
  async collect(cell) {
    const clusters = await readClusterDoors(cell, 'rds');
    if (clusters.length === 0) return [];
    const shards = await readShardGroups(cell, clusters);
    const globals = await readGlobalClusters(cell, clusters);
    const network = await cell.network();
    const [index, placeOf, keys] = [indexNetwork(network), placeFinder(network), networkKeys(network)];
    const around: Around = { index, placeOf, keys, shards, globals };
    const parameters = clusterParameters(cell);
    const endpoints = await Promise.all(clusters.map((each) => endpointsOf(cell, each, parameters, around)));
    return endpoints.flat();
  },
  exists: auroraDoorExists,
};

/** What the place's clusters share. */
interface Around {
  readonly index: NetworkIndex;
  readonly placeOf: FindPlace;
  readonly keys: NetworkKeys;
  readonly shards: readonly DBShardGroup[];
  readonly globals: readonly GlobalCluster[];
}

/** A shard group's door with its network judged, and keys of what that was judged by. */
interface Shard extends ShardDoor {
  readonly network: Protection;
  readonly around: readonly DependencyKey[];
}

async function endpointsOf(
  cell: Cell,
  found: Cluster,
  read: ReadParameters,
  around: Around,
): Promise<readonly Endpoint[]> {
  const { cluster, doors } = found;
  const software = softwareOf(cluster);
  const babelfish = software.aurora && software.engine === 'postgres' ? BABELFISH_PARAMETERS : [];
  const names = [...tlsParameters(software), ...auditParameters(software), ...babelfish];
  // No names would ask for every parameter there is.
  const parameters = names.length === 0 ? undefined : await read(cluster.DBClusterParameterGroup, names);
  const shards = await shardsOf(cell, found, around);
  const declared = auroraDeclared(cluster, parameters);
  const at = (door: ClusterDoor): Protections => ({ ...declared, network: networkOf(cluster, door, shards, around) });
  const keys = (door: ClusterDoor): readonly DependencyKey[] => keysAround(cluster, door, shards, around);
  const endpointOf = (door: ClusterDoor, engine: Engine): Endpoint =>
    clusterEndpoint(cell, found, door, engine, at(door), keys(door));
  return [
    ...doors.map((door) => endpointOf(door, software.engine)),
    ...babelfishDoors(doors, parameters).map((door) => endpointOf(door, 'sqlserver')),
    ...shards.map((shard) => shardEndpoint(cell, found, shard, { ...declared, network: shard.network }, shard.around)),
    ...[dataApiEndpoint(cell, found, declared)].flatMap((endpoint) => endpoint ?? []),
    ...around.globals.flatMap((global) => globalEndpoint(cell, found, global, at, keys) ?? []),
  ];
}

function networkOf(
  cluster: DBCluster,
  { port, members, unseen, own }: ClusterDoor,
  shards: readonly Shard[],
  { index, placeOf }: Around,
): Protection {
  const apart = outsideVpc(cluster);
  if (apart !== undefined) return apart;
  if (cluster.EngineMode === 'serverless') return declaredOn('EngineMode=serverless: never has a public address');
  const behind = [
    ...members.map((member) => networkProtection(managedReach(index, { ...placeOf(member, cluster), port }))),
    ...unseen.map((id) => declaredUnknown(`instance ${id} not read`)),
    ...(own === undefined ? shards.map((shard) => shard.network) : []),
  ];
  return mostOpen(behind) ?? declaredUnknown('no instance behind this name');
}

function keysAround(
  cluster: DBCluster,
  { members, own }: ClusterDoor,
  shards: readonly Shard[],
  { keys, placeOf }: Around,
): readonly DependencyKey[] {
  return [
    ...members.flatMap((member) => keys(placeOf(member, cluster))),
    ...(own === undefined ? shards.flatMap((shard) => shard.around) : []),
  ];
}

async function shardsOf(cell: Cell, found: Cluster, { shards, index, keys }: Around): Promise<readonly Shard[]> {
  const { cluster } = found;
  const doors = shardDoors(cell, found, shards);
  if (doors.length === 0) return [];
  const mayBePublic = doors.some(({ group }) => group.PubliclyAccessible !== false);
  const place = {
    groupIds: (cluster.VpcSecurityGroups ?? []).flatMap(({ VpcSecurityGroupId }) => VpcSecurityGroupId ?? []),
    subnetIds: mayBePublic ? await clusterSubnets(cell, found) : [],
    dualStack: dualStack(cluster.NetworkType),
  };
  return doors.map((door) => {
    const { port, group } = door;
    const reach = managedReach(index, { ...place, port, publiclyAccessible: group.PubliclyAccessible });
    return { ...door, network: outsideVpc(cluster) ?? networkProtection(reach), around: keys(place) };
  });
}
