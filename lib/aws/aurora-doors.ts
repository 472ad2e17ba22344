/** Endpoints that only Aurora has: shard groups, Babelfish, the Data API, global names (aws-services.md section 2.5). */
import type { DBShardGroup, GlobalCluster } from '@aws-sdk/client-rds';
import { declaredOff, declaredOn } from '../model/declared.ts';
import type { DependencyKey } from '../model/change.ts';
import type { Endpoint } from '../model/endpoint.ts';
import type { Protections } from '../model/protection.ts';
import { BABELFISH, BABELFISH_STATUS, DATA_API, GLOBAL, SHARDS, writerOf } from './aurora.ts';
import type { Cell } from './cell.ts';
import { keysOf, kmsKeys } from './dependencies.ts';
import { awsEndpoint, tagsOf } from './endpoint.ts';
import { PARTITION_FACTS } from './partitions.ts';
import { softwareOf } from './rds.ts';
import { clusterKeys } from './rds-cluster-endpoint.ts';
import type { Cluster, ClusterDoor } from './rds-clusters.ts';
import { type Parameters, switchOf } from './rds-parameters.ts';

export interface ShardDoor {
  readonly door: string;
  readonly host: string;
  readonly port: number;
  readonly group: DBShardGroup;
}

export function shardDoors(
  cell: Cell,
  { name, cluster }: Cluster,
  groups: readonly DBShardGroup[],
): readonly ShardDoor[] {
  return groups.flatMap((group) => {
    const { DBShardGroupIdentifier: id, Endpoint: host, Status: status } = group;
    if (group.DBClusterIdentifier !== name) return [];
    if (id === undefined || host === undefined || cluster.Port === undefined) {
      cell.gap('incomplete', `shard group ${id ?? ''} has no endpoint yet: ${status ?? 'no status'}`, name);
      return [];
    }
    return [{ door: `${SHARDS}${id}`, host, port: cluster.Port, group }];
  });
}

export function shardEndpoint(
  cell: Cell,
  { name, cluster }: Cluster,
  shard: ShardDoor,
  declared: Protections,
  around: readonly DependencyKey[],
): Endpoint {
  const { door, host, port, group } = shard;
  return awsEndpoint(cell, {
    name,
    door,
    host,
    port,
    engine: 'postgres',
    arn: group.DBShardGroupArn,
    tags: tagsOf(group.TagList),
    declared,
    incarnation: group.DBShardGroupResourceId,
    dependencies: [...clusterKeys(name, cluster, { members: [], unseen: [] }), ...around],
  });
}

/** Settings of the port at which PostgreSQL speaks SQL Server's protocol as well. */
export const BABELFISH_PARAMETERS = [BABELFISH_STATUS, 'babelfishpg_tds.port'] as const;
const BABELFISH_DEFAULT_PORT = 1_433;

/** Babelfish listens wherever the cluster does. */
export function babelfishDoors(
  doors: readonly ClusterDoor[],
  parameters: Parameters | undefined,
): readonly ClusterDoor[] {
  const [status, portName] = BABELFISH_PARAMETERS;
  if (switchOf(parameters?.get(status)) !== true) return [];
  const set = Number(parameters?.get(portName));
  const port = Number.isInteger(set) && set > 0 && set < 65_536 ? set : BABELFISH_DEFAULT_PORT;
  return doors.map((each) => ({ ...each, door: each.door === '' ? BABELFISH : `${BABELFISH}-${each.door}`, port }));
}

/** SQL over HTTPS for whoever has the IAM permission, from anywhere: the VPC is not asked. */
export function dataApiEndpoint(cell: Cell, { name, cluster }: Cluster, declared: Protections): Endpoint | undefined {
  if (cluster.HttpEndpointEnabled !== true) return undefined;
  const { region, partition } = cell.place;
  const { 'encryption-at-rest': atRest } = declared;
  return awsEndpoint(cell, {
    name,
    door: DATA_API,
    host: `rds-data.${region}.${PARTITION_FACTS[partition].dnsSuffix}`,
    port: 443,
    engine: 'provider-api',
    arn: cluster.DBClusterArn,
    tags: tagsOf(cluster.TagList),
    declared: {
      network: declaredOff('HttpEndpointEnabled=true: public API, outside of VPC and security groups'),
      authentication: declaredOn('HttpEndpointEnabled=true: every request is signed'),
      tls: declaredOn('the API is HTTPS only'),
      ...(atRest === undefined ? {} : { 'encryption-at-rest': atRest }),
    },
    incarnation: cluster.DbClusterResourceId,
    dependencies: [...keysOf('rds:cluster', name), ...kmsKeys(cluster.KmsKeyId)],
    shared: true,
  });
}

/** The global name leads to the writer of one cluster: its region lists it, as that cluster's writer. */
export function globalEndpoint(
  cell: Cell,
  { name: writing, cluster, doors }: Cluster,
  global: GlobalCluster,
  declared: (writer: ClusterDoor) => Protections,
  around: (writer: ClusterDoor) => readonly DependencyKey[],
): Endpoint | undefined {
  const { GlobalClusterIdentifier: name, Endpoint: host } = global;
  const writer = doors.find(({ door }) => door === '');
  if (cluster.DBClusterArn === undefined || writerOf(global) !== cluster.DBClusterArn) return undefined;
  if (name === undefined || host === undefined || writer === undefined) return undefined;
  return awsEndpoint(cell, {
    name,
    door: GLOBAL,
    host,
    port: writer.port,
    engine: softwareOf(cluster).engine,
    arn: global.GlobalClusterArn,
    tags: tagsOf(global.TagList),
    declared: declared(writer),
    incarnation: global.GlobalClusterResourceId,
    dependencies: [...clusterKeys(writing, cluster, writer), ...around(writer)],
  });
}
