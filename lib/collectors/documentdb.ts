/**
 * DocumentDB clusters (aws-services.md section 2.8); elastic clusters have a collector of their own.
 * Calls: DescribeDBClusters and DescribeDBInstances, shared with all of the RDS family; custom endpoints where there
 * are any; each cluster parameter group once, without a filter, which DocumentDB does not take.
 * Never public by design: what stands in front of one is found by the fronts' collectors, not by its subnets.
 */
import type { DBCluster } from '@aws-sdk/client-rds';
import type { Cell } from '../aws/cell.ts';
import type { Collector } from '../aws/collector.ts';
import { ec2Keys } from '../aws/dependencies.ts';
import { CLUSTERS_ACTION, INSTANCES_ACTION, softwareOf } from '../aws/rds.ts';
import { auditOf } from '../aws/rds-audit.ts';
import { clusterDoorExists, clusterEndpoint, clusterGroup } from '../aws/rds-cluster-endpoint.ts';
import { type Cluster, CLUSTER_ENDPOINTS_ACTION, type ClusterDoor, readClusterDoors } from '../aws/rds-clusters.ts';
import { atRestOf } from '../aws/rds-declared.ts';
import {
  CLUSTER_PARAMETERS_ACTION,
  clusterParameters,
  inForce,
  type Parameters,
  type ReadParameters,
} from '../aws/rds-parameters.ts';
import { trailOf } from '../aws/rds-trails.ts';
import { declaredOff, declaredOn, declaredUnknown } from '../model/declared.ts';
import type { Endpoint } from '../model/endpoint.ts';
import type { Protection, Protections } from '../model/protection.ts';

const DEMANDS_TLS: ReadonlySet<string> = new Set(['enabled', 'fips-140-3', 'tls1.2+', 'tls1.3+']);

export const documentdb: Collector = {
  service: 'documentdb',
  scope: 'regional',
  actions: [CLUSTERS_ACTION, INSTANCES_ACTION, CLUSTER_ENDPOINTS_ACTION, CLUSTER_PARAMETERS_ACTION],
  cost: { empty: 2, each: 1 },
  async collect(cell) {
    const clusters = await readClusterDoors(cell, 'documentdb');
    const parameters = clusterParameters(cell);
    const endpoints = await Promise.all(clusters.map((each) => endpointsOf(cell, each, parameters)));
    return endpoints.flat();
  },
  exists: clusterDoorExists,
};

async function endpointsOf(cell: Cell, found: Cluster, read: ReadParameters): Promise<readonly Endpoint[]> {
  const { cluster, doors } = found;
  const declared = declaredOf(cluster, await read(cluster.DBClusterParameterGroup));
  // Its groups decide what a front before it may lead to.
  const groups = ec2Keys(...(cluster.VpcSecurityGroups ?? []).map(({ VpcSecurityGroupId }) => VpcSecurityGroupId));
  return doors.map((door) =>
    clusterEndpoint(cell, found, door, 'documentdb', { ...declared, network: networkOf(door) }, groups),
  );
}

function declaredOf(cluster: DBCluster, parameters: Parameters | undefined): Protections {
  const group = clusterGroup(cluster, parameters);
  return {
    authentication: declaredOn('DocumentDB always asks for credentials'),
    tls: inForce(tlsOf(parameters), group.applied),
    'encryption-at-rest': atRestOf(cluster.StorageEncrypted, cluster),
    'audit-log': auditOf(cluster, trailOf(softwareOf(cluster), group, undefined)),
  };
}

function networkOf({ members }: ClusterDoor): Protection {
  const odd = members.find(({ PubliclyAccessible }) => PubliclyAccessible === true);
  return odd === undefined
    ? declaredOn('DocumentDB has no public endpoints')
    : declaredUnknown(
        `PubliclyAccessible=true of ${odd.DBInstanceIdentifier ?? 'a member'}, which DocumentDB does not have`,
      );
}

/** Static: what is switched off here is off after the next reboot. With `disabled` the server takes plain text only. */
function tlsOf(parameters: Parameters | undefined): Protection {
  if (parameters === undefined) return declaredUnknown('parameter group not read');
  const value = parameters.get('tls');
  const evidence = `tls=${value ?? 'absent'}`;
  const mode = value?.toLowerCase();
  if (mode === 'disabled') return declaredOff(evidence);
  return mode !== undefined && DEMANDS_TLS.has(mode) ? declaredOn(evidence) : declaredUnknown(evidence);
}
