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
import { isAnother } from './incarnation.ts';
import { findCluster, RDS_PAGE, softwareOf } from './rds.ts';
import { clusterDoorExists } from './rds-cluster-endpoint.ts';
import type { Cluster } from './rds-clusters.ts';
import { clusterParameters, switchOf } from './rds-parameters.ts';
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
export const BABELFISH_STATUS = 'rds.babelfish_status';

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
    if (cluster === ABSENT || isAnother(endpoint, cluster?.DbClusterResourceId)) return false;
    return cluster?.HttpEndpointEnabled;
  }
  if (door === GLOBAL) return globalExists(cell, endpoint);
  if (door.startsWith(SHARDS)) return shardsExist(cell, endpoint, door.slice(SHARDS.length));
  const shared = await clusterDoorExists(cell, endpoint, door.replace(/^babelfish-?/, ''));
  // Where the door that Babelfish shares is gone, it is gone in any case.
  return shared === true && door.startsWith(BABELFISH) ? babelfishListens(cell, name) : shared;
}

/** Switched off, it listens until every member was rebooted. */
async function babelfishListens(cell: Cell, name: string): Promise<boolean | undefined> {
  const cluster = await findCluster(cell, name);
  if (cluster === ABSENT || cluster === undefined) return cluster === ABSENT ? false : undefined;
  const parameters = await clusterParameters(cell)(cluster.DBClusterParameterGroup, [BABELFISH_STATUS]);
  const isOn = switchOf(parameters?.get(BABELFISH_STATUS));
  if (isOn === undefined) return undefined;
  const members = cluster.DBClusterMembers ?? [];
  const isApplied = members.length > 0 && members.every((each) => each.DBClusterParameterGroupStatus === 'in-sync');
  return isOn || !isApplied;
}

async function shardsExist(cell: Cell, endpoint: Endpoint, name: string): Promise<boolean | undefined> {
  const client = cell.client(RDSClient);
  const call = () => client.send(new DescribeDBShardGroupsCommand({ DBShardGroupIdentifier: name }));
  const answer = await cell.askMaybe(SHARD_GROUPS, call, ['DBShardGroupNotFoundFault'], name);
  if (answer === ABSENT) return false;
  return answer?.DBShardGroups?.some((group) => !isAnother(endpoint, group.DBShardGroupResourceId));
}

/** False as well where the name leads to another region now: that region lists it. */
async function globalExists(cell: Cell, endpoint: Endpoint): Promise<boolean | undefined> {
  const { name = '' } = endpoint;
  const client = cell.client(RDSClient);
  const call = () => client.send(new DescribeGlobalClustersCommand({ GlobalClusterIdentifier: name }));
  const answer = await cell.askMaybe(GLOBAL_CLUSTERS, call, ['GlobalClusterNotFoundFault'], name);
  if (answer === ABSENT) return false;
  const [found] = answer?.GlobalClusters ?? [];
  if (found === undefined) return undefined;
  if (isAnother(endpoint, found.GlobalClusterResourceId)) return false;
  const region = writerOf(found)?.split(':')[3];
  return region === undefined || region === cell.place.region;
}
