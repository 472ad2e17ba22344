/** The endpoints that RDS and DynamoDB name as what something was copied from (aws-services.md sections 2.4 to 2.7). */
import type { DBCluster, DBClusterSnapshot, DBInstance, DBSnapshot } from '@aws-sdk/client-rds';
import type { Cell } from './cell.ts';
import { softwareOf } from './rds.ts';

type Here = Pick<Cell, 'place'>;

/** A replica of an instance, or of a cluster. */
export function sourcesOfInstance(cell: Here, instance: DBInstance): readonly string[] {
  return [
    ...idOf(cell, 'rds', instance.ReadReplicaSourceDBInstanceIdentifier),
    ...idOf(cell, clusterService(instance), instance.ReadReplicaSourceDBClusterIdentifier),
  ];
}

/** Aurora names a cluster or, while a database moves to it, an instance. */
export function sourcesOfCluster(cell: Here, cluster: DBCluster): readonly string[] {
  const { ReplicationSourceIdentifier: source } = cluster;
  return idOf(cell, source?.split(':')[5] === 'db' ? 'rds' : clusterService(cluster), source);
}

export function sourcesOfSnapshot(cell: Here, snapshot: DBSnapshot): readonly string[] {
  const copied = idOf(cell, 'rds-snapshots', snapshot.SourceDBSnapshotIdentifier);
  // A copy from another region was taken of a database there: its name here may be another's.
  return [...copied, ...(copied.length === 0 ? idOf(cell, 'rds', snapshot.DBInstanceIdentifier) : [])];
}

export function sourcesOfClusterSnapshot(cell: Here, snapshot: DBClusterSnapshot, door: string): readonly string[] {
  const copied = idOf(cell, 'rds-snapshots', snapshot.SourceDBClusterSnapshotArn).map((id) => `${id}/${door}`);
  return [
    ...copied,
    ...(copied.length === 0 ? idOf(cell, clusterService(snapshot), snapshot.DBClusterIdentifier) : []),
  ];
}

/** From a name in the same place or an ARN in any. */
export function idOf({ place }: Here, service: string, source: string | undefined): readonly string[] {
  if (source === undefined || source === '') return [];
  if (!source.startsWith('arn:')) return [[place.account, place.region, service, source].join('/')];
  const [, , , region = '', account = '', ...rest] = source.split(':');
  const name = rest.at(-1)?.split('/')[1] ?? rest.at(-1);
  return region === '' || account === '' || name === undefined ? [] : [[account, region, service, name].join('/')];
}

function clusterService(resource: Pick<DBCluster, 'Engine'>): string {
  const { engine } = softwareOf(resource);
  return engine === 'documentdb' || engine === 'neptune' ? engine : 'aurora';
}
