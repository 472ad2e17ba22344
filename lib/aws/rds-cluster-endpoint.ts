/** A cluster's door as an endpoint, and whether it is still there (aws-services.md sections 2.5, 2.8, 2.9). */
import type { DBCluster } from '@aws-sdk/client-rds';
import { doorName, type Endpoint, type Engine } from '../model/endpoint.ts';
import type { Protections } from '../model/protection.ts';
import type { DependencyKey } from '../model/change.ts';
import { ABSENT, type Cell } from './cell.ts';
import { sourcesOfCluster } from './copies.ts';
import { keysOf, kmsKeys } from './dependencies.ts';
import { doorOf } from './doors.ts';
import { awsEndpoint, tagsOf } from './endpoint.ts';
import { isAnother } from './incarnation.ts';
import { findCluster, findInstance } from './rds.ts';
import { type Cluster, type ClusterDoor, customDoor } from './rds-clusters.ts';
import type { Parameters } from './rds-parameters.ts';
import type { ParameterGroup } from './rds-trails.ts';

/** `around`: keys of what decides who may connect. */
export function clusterEndpoint(
  cell: Cell,
  { name, cluster }: Pick<Cluster, 'name' | 'cluster'>,
  door: ClusterDoor,
  engine: Engine,
  declared: Protections,
  around: readonly DependencyKey[],
): Endpoint {
  return awsEndpoint(cell, {
    name,
    ...doorOf(door),
    engine,
    arn: door.own?.DBInstanceArn ?? cluster.DBClusterArn,
    tags: tagsOf(door.own?.TagList ?? cluster.TagList),
    declared,
    incarnation: door.own?.DbiResourceId ?? cluster.DbClusterResourceId,
    copyOf: sourcesOfCluster(cell, cluster),
    dependencies: [...clusterKeys(name, cluster, door), ...around],
  });
}

/** The cluster, the members that may answer at this door, and the groups that all of them are set up by. */
export function clusterKeys(
  name: string,
  cluster: DBCluster,
  { own, members, unseen }: Pick<ClusterDoor, 'own' | 'members' | 'unseen'>,
): readonly DependencyKey[] {
  return [
    ...keysOf('rds:db', own?.DBInstanceIdentifier),
    ...keysOf('rds:cluster', name),
    ...keysOf('rds:cluster-pg', cluster.DBClusterParameterGroup),
    ...keysOf('rds:db', ...members.map(({ DBInstanceIdentifier }) => DBInstanceIdentifier), ...unseen),
    ...keysOf('rds:subgrp', cluster.DBSubnetGroup, ...members.map((each) => each.DBSubnetGroup?.DBSubnetGroupName)),
    ...kmsKeys(cluster.KmsKeyId),
  ];
}

/** The cluster's parameter group: applied when it is on every member. */
export function clusterGroup(cluster: DBCluster, parameters: Parameters | undefined): ParameterGroup {
  const states = (cluster.DBClusterMembers ?? []).map((member) => member.DBClusterParameterGroupStatus);
  return { parameters, applied: { field: 'ParameterApplyStatus', states } };
}

/** Whether a writer, reader, custom or member door is still there. */
export async function clusterDoorExists(
  cell: Cell,
  endpoint: Endpoint,
  door: string = doorName(endpoint),
): Promise<boolean | undefined> {
  if (door.startsWith('instance-')) {
    const instance = await findInstance(cell, door.slice('instance-'.length));
    if (instance === undefined) return undefined;
    if (instance === ABSENT || isAnother(endpoint, instance.DbiResourceId)) return false;
    return instance.DBClusterIdentifier === undefined ? undefined : instance.DBClusterIdentifier === endpoint.name;
  }
  const cluster = await findCluster(cell, endpoint.name ?? '');
  if (cluster === undefined) return undefined;
  if (cluster === ABSENT || isAnother(endpoint, cluster.DbClusterResourceId)) return false;
  // A cluster that shows no endpoint at all is being made: that says nothing of the others.
  if (door === '' || cluster.Endpoint === undefined) return true;
  if (door === 'reader') return cluster.ReaderEndpoint !== undefined;
  return (cluster.CustomEndpoints ?? []).some((host) => customDoor(host) === door);
}
