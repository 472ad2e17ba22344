/**
 * Neptune clusters (aws-services.md section 2.9); Neptune Analytics has a collector of its own.
 * Calls: DescribeDBClusters and DescribeDBInstances, shared with all of the RDS family; custom endpoints where there
 * are any; each cluster parameter group once.
 * There are no passwords: without IAM authentication whoever can connect reads and writes. An instance may be publicly
 * accessible since engine 1.4.6. All of Neptune takes HTTPS only; the old switch `neptune_enforce_ssl` does nothing.
 */
import type { DBCluster } from '@aws-sdk/client-rds';
import type { Cell } from '../aws/cell.ts';
import type { Collector } from '../aws/collector.ts';
import { networkKeys } from '../aws/dependencies.ts';
import { CLUSTERS_ACTION, INSTANCES_ACTION, softwareOf } from '../aws/rds.ts';
import { auditOf } from '../aws/rds-audit.ts';
import { clusterDoorExists, clusterEndpoint, clusterGroup } from '../aws/rds-cluster-endpoint.ts';
import { type Cluster, CLUSTER_ENDPOINTS_ACTION, type ClusterDoor, readClusterDoors } from '../aws/rds-clusters.ts';
import { atRestOf } from '../aws/rds-declared.ts';
import { placeFinder } from '../aws/rds-network.ts';
import {
  CLUSTER_PARAMETERS_ACTION,
  clusterParameters,
  type Parameters,
  type ReadParameters,
} from '../aws/rds-parameters.ts';
import { trailOf } from '../aws/rds-trails.ts';
import type { DependencyKey } from '../model/change.ts';
import { declaredOn, declaredSwitch, declaredUnknown, withPending } from '../model/declared.ts';
import type { Endpoint } from '../model/endpoint.ts';
import { mostOpen, type Protection, type Protections } from '../model/protection.ts';
import { networkProtection } from '../reach/evidence.ts';
import { managedReach } from '../reach/managed.ts';
import { indexNetwork } from '../reach/network-index.ts';

export const neptune: Collector = {
  service: 'neptune',
  scope: 'regional',
  actions: [CLUSTERS_ACTION, INSTANCES_ACTION, CLUSTER_ENDPOINTS_ACTION, CLUSTER_PARAMETERS_ACTION],
  cost: { empty: 2, each: 1 },
  async collect(cell) {
    const clusters = await readClusterDoors(cell, 'neptune');
    if (clusters.length === 0) return [];
    const network = await cell.network();
    const index = indexNetwork(network);
    const placeOf = placeFinder(network);
    const parameters = clusterParameters(cell);
    const keysAround = networkKeys(network);
    const around = (cluster: DBCluster, { members }: ClusterDoor): readonly DependencyKey[] =>
      members.flatMap((member) => keysAround(placeOf(member, cluster)));
    const networkOf = (cluster: DBCluster, { members, unseen, port }: ClusterDoor): Protection => {
      const behind = [
        ...members.map((member) => networkProtection(managedReach(index, { ...placeOf(member, cluster), port }))),
        ...unseen.map((id) => declaredUnknown(`instance ${id} not read`)),
      ];
      return mostOpen(behind) ?? declaredUnknown('no instance behind this name');
    };
    const judge = { networkOf, around };
    const endpoints = await Promise.all(clusters.map((each) => endpointsOf(cell, each, parameters, judge)));
    return endpoints.flat();
  },
  exists: clusterDoorExists,
};

interface NetworkJudge {
  readonly networkOf: (cluster: DBCluster, door: ClusterDoor) => Protection;
  /** Keys of what that was judged by. */
  readonly around: (cluster: DBCluster, door: ClusterDoor) => readonly DependencyKey[];
}

async function endpointsOf(
  cell: Cell,
  found: Cluster,
  read: ReadParameters,
  { networkOf, around }: NetworkJudge,
): Promise<readonly Endpoint[]> {
  const { cluster, doors } = found;
  const declared = declaredOf(cluster, await read(cluster.DBClusterParameterGroup));
  return doors.map((door) => {
    const network = networkOf(cluster, door);
    return clusterEndpoint(cell, found, door, 'neptune', { ...declared, network }, around(cluster, door));
  });
}

function declaredOf(cluster: DBCluster, parameters: Parameters | undefined): Protections {
  const group = clusterGroup(cluster, parameters);
  return {
    authentication: authenticationOf(cluster),
    tls: declaredOn('Neptune takes HTTPS only'),
    'encryption-at-rest': atRestOf(cluster.StorageEncrypted, cluster),
    'audit-log': auditOf(cluster, trailOf(softwareOf(cluster), group, undefined)),
  };
}

function authenticationOf({
  IAMDatabaseAuthenticationEnabled: iam,
  PendingModifiedValues: pending,
}: DBCluster): Protection {
  const now = declaredSwitch('IAMDatabaseAuthenticationEnabled', iam);
  const coming = pending?.IAMDatabaseAuthenticationEnabled;
  return coming === undefined ? now : withPending(now, coming ? 'on' : 'off');
}
