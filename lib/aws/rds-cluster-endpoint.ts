/** A cluster's door as an endpoint, and whether it is still there (aws-services.md sections 2.5, 2.8, 2.9). */
import type { DBCluster } from '@aws-sdk/client-rds';
import { doorName, type Endpoint, type Engine } from '../model/endpoint.ts';
import type { Protections } from '../model/protection.ts';
import { ABSENT, type Cell } from './cell.ts';
import { type Door, doorOf } from './doors.ts';
import { awsEndpoint, tagsOf } from './endpoint.ts';
import { findCluster, findInstance } from './rds.ts';
import { type Cluster, type ClusterDoor, customDoor } from './rds-clusters.ts';
import type { Parameters } from './rds-parameters.ts';
import type { ParameterGroup } from './rds-trails.ts';

export function clusterEndpoint(
  cell: Cell,
  { name, cluster }: Pick<Cluster, 'name' | 'cluster'>,
  door: Door & Pick<ClusterDoor, 'own'>,
  engine: Engine,
  declared: Protections,
): Endpoint {
  return awsEndpoint(cell, {
    name,
    ...doorOf(door),
    engine,
    arn: door.own?.DBInstanceArn ?? cluster.DBClusterArn,
    tags: tagsOf(door.own?.TagList ?? cluster.TagList),
    declared,
    incarnation: door.own?.DbiResourceId ?? cluster.DbClusterResourceId,
  });
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
    if (instance === ABSENT || instance === undefined) return instance === ABSENT ? false : undefined;
    return instance.DBClusterIdentifier === undefined ? undefined : instance.DBClusterIdentifier === endpoint.name;
  }
  const cluster = await findCluster(cell, endpoint.name ?? '');
  if (cluster === ABSENT || cluster === undefined) return cluster === ABSENT ? false : undefined;
  // A cluster that shows no endpoint at all is being made: that says nothing of the others.
  if (door === '' || cluster.Endpoint === undefined) return true;
  if (door === 'reader') return cluster.ReaderEndpoint !== undefined;
  return (cluster.CustomEndpoints ?? []).some((host) => customDoor(host) === door);
}
