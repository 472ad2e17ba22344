/**
 * What only Aurora has, as the API lists it: shard groups, global clusters, and whether a door is still there
 * (aws-services.md section 2.5). The lists are asked for only where a cluster gives reason to.
 */
import {
  type DBShardGroup,
  DescribeDBShardGroupsCommand,
  DescribeDBSubnetGroupsCommand,
  DescribeGlobalClustersCommand,
  type GlobalCluster,
  RDSClient,
} from '@aws-sdk/client-rds';
import { doorName, type Endpoint } from '../model/endpoint.ts';
import { ABSENT, type Cell } from './cell.ts';
import { findCluster, RDS_PAGE, softwareOf } from './rds.ts';
import { clusterDoorExists } from './rds-cluster-endpoint.ts';
import type { Cluster } from './rds-clusters.ts';
import { subnetsOf } from './rds-network.ts';

const SHARD_GROUPS = 'rds:DescribeDBShardGroups';
const GLOBAL_CLUSTERS = 'rds:DescribeGlobalClusters';
const SUBNET_GROUPS = 'rds:DescribeDBSubnetGroups';
export const AURORA_ACTIONS = [SHARD_GROUPS, GLOBAL_CLUSTERS, SUBNET_GROUPS] as const;

/** Doors, as ids name them. A shard group's and a Babelfish door's go on with what they belong to. */
export const DATA_API = 'data-api';
export const GLOBAL = 'global';
export const SHARDS = 'shards-';
export const BABELFISH = 'babelfish';

export async function readShardGroups(cell: Cell, clusters: readonly Cluster[]): Promise<readonly DBShardGroup[]> {
  const limitless = ({ cluster }: Cluster): boolean =>
    cluster.ClusterScalabilityType === 'limitless' || cluster.LimitlessDatabase !== undefined;
  if (!clusters.some(limitless)) return [];
  const client = cell.client(RDSClient);
  return cell.list(
    SHARD_GROUPS,
    (Marker) => client.send(new DescribeDBShardGroupsCommand({ MaxRecords: RDS_PAGE, Marker })),
    (page) => page.DBShardGroups,
    (page) => page.Marker,
  );
}

export async function readGlobalClusters(cell: Cell, clusters: readonly Cluster[]): Promise<readonly GlobalCluster[]> {
  if (!clusters.some(({ cluster }) => softwareOf(cluster).aurora)) return [];
  const client = cell.client(RDSClient);
  return cell.list(
    GLOBAL_CLUSTERS,
    (Marker) => client.send(new DescribeGlobalClustersCommand({ MaxRecords: RDS_PAGE, Marker })),
    (page) => page.GlobalClusters,
    (page) => page.Marker,
  );
}

/** Subnets of a cluster that has no instance to show them. Empty where they were not read. */
export async function clusterSubnets(cell: Cell, { name, cluster, members }: Cluster): Promise<readonly string[]> {
  const [member] = members;
  if (member !== undefined) return subnetsOf(member);
  const { DBSubnetGroup: group } = cluster;
  if (group === undefined) return [];
  const client = cell.client(RDSClient);
  const call = () => client.send(new DescribeDBSubnetGroupsCommand({ DBSubnetGroupName: group }));
  const answer = await cell.ask(SUBNET_GROUPS, call, name);
  return (answer?.DBSubnetGroups ?? []).flatMap((each) => subnetsOf({ DBSubnetGroup: each }));
}

/** ARN of the cluster that a global name leads to. */
export function writerOf({ GlobalClusterMembers: members }: GlobalCluster): string | undefined {
  return members?.find(({ IsWriter }) => IsWriter === true)?.DBClusterArn;
}

export async function auroraDoorExists(cell: Cell, endpoint: Endpoint): Promise<boolean | undefined> {
  const { name = '' } = endpoint;
  const door = doorName(endpoint);
  if (door === DATA_API) {
    const cluster = await findCluster(cell, name);
    return cluster === ABSENT ? false : cluster?.HttpEndpointEnabled;
  }
  if (door === GLOBAL) return globalExists(cell, name);
  if (door.startsWith(SHARDS)) return shardsExist(cell, door.slice(SHARDS.length));
  // Whether Babelfish is on stands in the parameters; where the door it shares is gone, it is gone in any case.
  return clusterDoorExists(cell, endpoint, door.replace(/^babelfish-?/, ''));
}

async function shardsExist(cell: Cell, name: string): Promise<boolean | undefined> {
  const client = cell.client(RDSClient);
  const call = () => client.send(new DescribeDBShardGroupsCommand({ DBShardGroupIdentifier: name }));
  const answer = await cell.askMaybe(SHARD_GROUPS, call, ['DBShardGroupNotFoundFault'], name);
  if (answer === ABSENT) return false;
  return answer?.DBShardGroups === undefined ? undefined : answer.DBShardGroups.length > 0;
}

/** False as well where the name leads to another region now: that region lists it. */
async function globalExists(cell: Cell, name: string): Promise<boolean | undefined> {
  const client = cell.client(RDSClient);
  const call = () => client.send(new DescribeGlobalClustersCommand({ GlobalClusterIdentifier: name }));
  const answer = await cell.askMaybe(GLOBAL_CLUSTERS, call, ['GlobalClusterNotFoundFault'], name);
  if (answer === ABSENT) return false;
  const [found] = answer?.GlobalClusters ?? [];
  if (found === undefined) return undefined;
  const region = writerOf(found)?.split(':')[3];
  return region === undefined || region === cell.place.region;
}
