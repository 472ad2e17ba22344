import { describe, expect, it } from 'vitest';
import {
  idOf,
  sourcesOfCluster,
  sourcesOfClusterSnapshot,
  sourcesOfInstance,
  sourcesOfSnapshot,
} from '../../lib/aws/copies.ts';
import { testCell } from '../support/aws.ts';

const cell = testCell('rds');
const HERE = `${cell.place.account}/${cell.place.region}`;
const arn = (kind: string, name: string) => `arn:aws:rds:eu-west-1:444455556666:${kind}:${name}`;

describe('what RDS names as the source of a copy', () => {
  it('is the instance of a replica, here by its name and elsewhere by its ARN', () => {
    expect(sourcesOfInstance(cell, { ReadReplicaSourceDBInstanceIdentifier: 'prod' })).toEqual([`${HERE}/rds/prod`]);
    const source = { ReadReplicaSourceDBInstanceIdentifier: arn('db', 'prod') };
    expect(sourcesOfInstance(cell, source)).toEqual(['444455556666/eu-west-1/rds/prod']);
    expect(sourcesOfInstance(cell, { ReadReplicaSourceDBClusterIdentifier: 'c' })).toEqual([`${HERE}/aurora/c`]);
    expect(sourcesOfInstance(cell, {})).toEqual([]);
  });

  it.each([
    ['aurora-mysql', arn('cluster', 'prod'), '444455556666/eu-west-1/aurora/prod'],
    ['aurora-mysql', arn('db', 'prod'), '444455556666/eu-west-1/rds/prod'],
    ['docdb', arn('cluster', 'prod'), '444455556666/eu-west-1/documentdb/prod'],
    ['neptune', arn('cluster', 'prod'), '444455556666/eu-west-1/neptune/prod'],
  ])('is the cluster or instance that a cluster of %s follows: %s', (Engine, source, expected) => {
    expect(sourcesOfCluster(cell, { Engine, ReplicationSourceIdentifier: source })).toEqual([expected]);
  });

  it('is the database of a snapshot, or the snapshot that it is a copy of', () => {
    expect(sourcesOfSnapshot(cell, { DBInstanceIdentifier: 'prod' })).toEqual([`${HERE}/rds/prod`]);
    const copied = { DBInstanceIdentifier: 'prod', SourceDBSnapshotIdentifier: arn('snapshot', 'before') };
    expect(sourcesOfSnapshot(cell, copied)).toEqual(['444455556666/eu-west-1/rds-snapshots/before']);
    const cluster = { Engine: 'docdb', DBClusterIdentifier: 'prod' };
    expect(sourcesOfClusterSnapshot(cell, cluster, 'cluster')).toEqual([`${HERE}/documentdb/prod`]);
    const from = { ...cluster, SourceDBClusterSnapshotArn: arn('cluster-snapshot', 'before') };
    expect(sourcesOfClusterSnapshot(cell, from, 'cluster')).toEqual([
      '444455556666/eu-west-1/rds-snapshots/before/cluster',
    ]);
  });

  it('is nobody where the name says nothing', () => {
    expect(idOf(cell, 'dynamodb', 'arn:aws:dynamodb:eu-west-1:444455556666:table/users')).toEqual([
      '444455556666/eu-west-1/dynamodb/users',
    ]);
    expect(['', undefined, 'arn:', 'arn:aws:s3:::bucket'].flatMap((source) => idOf(cell, 'rds', source))).toEqual([]);
  });
});
