import {
  type DBClusterSnapshot,
  type DBSnapshot,
  DescribeDBClusterSnapshotAttributesCommand,
  DescribeDBClusterSnapshotsCommand,
  DescribeDBSnapshotAttributesCommand,
  DescribeDBSnapshotsCommand,
  RDSClient,
} from '@aws-sdk/client-rds';
import { mockClient } from 'aws-sdk-client-mock';
import { afterEach, describe, expect, it } from 'vitest';
import { rdsSnapshots } from '../../lib/collectors/rds-snapshots.ts';
import { awsError, collectWith, levels, testCell } from '../support/aws.ts';

const aws = mockClient(RDSClient);
afterEach(() => aws.reset());

const CREATED = new Date('2026-12-04T08:00:00.000Z');

const snapshot = (name: string, change: Partial<DBSnapshot> = {}): DBSnapshot => ({
  DBSnapshotIdentifier: name,
  DBSnapshotArn: `arn:aws:rds:us-east-1:111122223333:snapshot:${name}`,
  SnapshotCreateTime: CREATED,
  Engine: 'mysql',
  Encrypted: false,
  ...change,
});
const clusterSnapshot = (name: string, change: Partial<DBClusterSnapshot> = {}): DBClusterSnapshot => ({
  DBClusterSnapshotIdentifier: name,
  DBClusterSnapshotArn: `arn:aws:rds:us-east-1:111122223333:cluster-snapshot:${name}`,
  SnapshotCreateTime: CREATED,
  Engine: 'docdb',
  StorageEncrypted: true,
  ...change,
});

function answer(snapshots: readonly DBSnapshot[], clusters: readonly DBClusterSnapshot[], restore?: string[]): void {
  const attributes = [{ AttributeName: 'restore', ...(restore === undefined ? {} : { AttributeValues: restore }) }];
  aws.on(DescribeDBSnapshotsCommand).resolves({ DBSnapshots: [...snapshots] });
  aws.on(DescribeDBClusterSnapshotsCommand).resolves({ DBClusterSnapshots: [...clusters] });
  aws
    .on(DescribeDBSnapshotAttributesCommand)
    .resolves({ DBSnapshotAttributesResult: { DBSnapshotAttributes: attributes } });
  aws
    .on(DescribeDBClusterSnapshotAttributesCommand)
    .resolves({ DBClusterSnapshotAttributesResult: { DBClusterSnapshotAttributes: attributes } });
}

describe('manual snapshots of the RDS family', () => {
  it('finds nothing, and says that the list is whole, where there is nothing', async () => {
    answer([], []);
    const { endpoints, status, cell } = await collectWith(rdsSnapshots);
    expect([endpoints, status]).toEqual([[], 'complete']);
    expect(cell.asked).toEqual(['rds:DescribeDBSnapshots', 'rds:DescribeDBClusterSnapshots']);
  });

  it('asks for our own manual ones, never for those that strangers made public', async () => {
    answer([], []);
    await collectWith(rdsSnapshots);
    const asked = [DescribeDBSnapshotsCommand, DescribeDBClusterSnapshotsCommand].map(
      (command) => aws.commandCalls(command)[0]?.args[0].input,
    );
    expect(asked).toMatchObject([{ SnapshotType: 'manual' }, { SnapshotType: 'manual' }]);
    for (const input of asked) expect(Object.keys(input ?? {})).not.toContain('IncludePublic');
  });

  it('reads snapshots of instances and of clusters, shared with nobody', async () => {
    answer([snapshot('before-move')], [clusterSnapshot('before-move')], []);
    const { endpoints } = await collectWith(rdsSnapshots);
    expect(endpoints.map((e) => [e.id, e.engine, e.shared, e.host, e.port])).toEqual([
      ['111122223333/us-east-1/rds-snapshots/before-move', 'provider-api', true, 'rds.us-east-1.amazonaws.com', 443],
      [
        '111122223333/us-east-1/rds-snapshots/before-move/cluster',
        'provider-api',
        true,
        'rds.us-east-1.amazonaws.com',
        443,
      ],
    ]);
    expect(endpoints.map(levels)).toEqual([
      { sharing: 'on', 'encryption-at-rest': 'off' },
      { sharing: 'on', 'encryption-at-rest': 'on' },
    ]);
  });

  it('keeps apart what was taken at the same moment', async () => {
    answer([snapshot('a'), snapshot('b')], [], []);
    const { endpoints } = await collectWith(rdsSnapshots);
    expect(new Set(endpoints.map((e) => e.incarnation)).size).toBe(2);
  });

  it('names what it was judged by', async () => {
    const KmsKeyId = 'arn:aws:kms:us-east-1:111122223333:key/k-1';
    answer([snapshot('a')], [clusterSnapshot('b', { KmsKeyId })], []);
    const { endpoints } = await collectWith(rdsSnapshots);
    expect(endpoints.map((e) => e.dependencies)).toEqual([
      ['rds:snapshot/a'],
      ['kms:key/k-1', 'rds:cluster-snapshot/b'],
    ]);
  });

  it('does not take one that is done for another than the one that was being made', async () => {
    answer([snapshot('a', { SnapshotCreateTime: undefined, Status: 'creating' })], [], []);
    expect((await collectWith(rdsSnapshots)).endpoints[0]).not.toHaveProperty('incarnation');
  });

  it.each<[string, string[] | undefined, string, string]>([
    ['anybody', ['all'], 'off', 'restore=all'],
    ['anybody and an account', ['444455556666', 'all'], 'off', 'restore=444455556666,all'],
    ['two accounts', ['777788889999', '444455556666'], 'partial', 'restore=444455556666,777788889999'],
    ['nobody', undefined, 'on', 'restore names no account'],
  ])('lets %s restore it', async (_, restore, level, evidence) => {
    answer([snapshot('a')], [clusterSnapshot('b')], restore);
    const { endpoints } = await collectWith(rdsSnapshots);
    expect(endpoints.map((e) => e.declared.sharing)).toMatchObject([
      { level, evidence },
      { level, evidence },
    ]);
  });

  it('does not know who may restore it where the attribute is absent', async () => {
    answer([snapshot('a')], []);
    aws.on(DescribeDBSnapshotAttributesCommand).resolves({ DBSnapshotAttributesResult: { DBSnapshotAttributes: [] } });
    expect((await collectWith(rdsSnapshots)).endpoints[0]?.declared.sharing?.level).toBe('unknown');
  });

  it('knows nothing of the one whose attributes are denied, and keeps the list whole', async () => {
    answer([snapshot('a'), snapshot('b')], [], ['all']);
    aws.on(DescribeDBSnapshotAttributesCommand, { DBSnapshotIdentifier: 'a' }).rejects(awsError('AccessDenied', 403));
    const { endpoints, status, cell } = await collectWith(rdsSnapshots);
    expect([endpoints.map((e) => e.declared.sharing?.level), status]).toEqual([['unknown', 'off'], 'complete']);
    expect(cell.gaps()).toMatchObject([{ subject: 'a', code: 'denied' }]);
  });

  it('leaves out what was deleted since it was listed', async () => {
    answer([snapshot('a')], [clusterSnapshot('b')], []);
    aws.on(DescribeDBSnapshotAttributesCommand).rejects(awsError('DBSnapshotNotFoundFault', 404));
    const { endpoints, cell } = await collectWith(rdsSnapshots);
    expect([endpoints.map((e) => e.name), cell.gaps()]).toEqual([['b'], []]);
  });

  it('reads all pages, and is in doubt where a page comes twice', async () => {
    answer([], [], []);
    aws
      .on(DescribeDBSnapshotsCommand)
      .resolvesOnce({ DBSnapshots: [snapshot('a')], Marker: 'm' })
      .resolves({ DBSnapshots: [snapshot('b')], Marker: 'm' });
    const { endpoints, status } = await collectWith(rdsSnapshots);
    expect([endpoints.map((e) => e.name), status]).toEqual([['a', 'b'], 'partial']);
  });

  it('keeps the list in doubt when one of the two is denied', async () => {
    answer([snapshot('a')], [], []);
    aws.on(DescribeDBClusterSnapshotsCommand).rejects(awsError('AccessDenied', 403));
    expect((await collectWith(rdsSnapshots)).status).toBe('partial');
  });

  it('bounds and cleans hostile names and accounts', async () => {
    const arn = snapshot('a').DBSnapshotArn;
    answer([snapshot(`a\u202e${'x'.repeat(5_000)}`, { DBSnapshotArn: arn })], [], [`1\u202e${'9'.repeat(100_000)}`]);
    const [endpoint] = (await collectWith(rdsSnapshots)).endpoints;
    expect(JSON.stringify(endpoint)).not.toMatch(/\u202e/u);
    expect(JSON.stringify(endpoint).length).toBeLessThan(2_000);
  });

  it('confirms a deletion of each only on the word of the API', async () => {
    answer([snapshot('a')], [clusterSnapshot('b')], []);
    const { door } = await collectWith(rdsSnapshots);
    const ask = (ending: string) => rdsSnapshots.exists(testCell('rds-snapshots'), door(ending));
    expect([await ask('/a'), await ask('/b/cluster')]).toEqual([true, true]);
    aws.on(DescribeDBSnapshotsCommand).rejects(awsError('DBSnapshotNotFoundFault', 404));
    aws.on(DescribeDBClusterSnapshotsCommand).rejects(awsError('Throttling'));
    expect([await ask('/a'), await ask('/b/cluster')]).toEqual([false, undefined]);
  });
});
