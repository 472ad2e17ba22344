/**
 * Manual snapshots of the RDS family, and who may restore each (aws-services.md section 2.7). Only `manual` ones are
 * asked for: `public` would list strangers', and automated ones cannot be shared.
 */
import {
  DescribeDBClusterSnapshotAttributesCommand,
  DescribeDBClusterSnapshotsCommand,
  DescribeDBSnapshotAttributesCommand,
  DescribeDBSnapshotsCommand,
  RDSClient,
  type Tag,
} from '@aws-sdk/client-rds';
import type { Protection } from '../model/protection.ts';
import { ABSENT, type Cell } from './cell.ts';
import { sourcesOfClusterSnapshot, sourcesOfSnapshot } from './copies.ts';
import { RDS_PAGE } from './rds.ts';
import { atRestOf } from './rds-declared.ts';

export const SNAPSHOTS = 'rds:DescribeDBSnapshots';
export const CLUSTER_SNAPSHOTS = 'rds:DescribeDBClusterSnapshots';
const ATTRIBUTES = 'rds:DescribeDBSnapshotAttributes';
const CLUSTER_ATTRIBUTES = 'rds:DescribeDBClusterSnapshotAttributes';
export const SNAPSHOT_ACTIONS = [SNAPSHOTS, CLUSTER_SNAPSHOTS, ATTRIBUTES, CLUSTER_ATTRIBUTES] as const;
export const NO_SNAPSHOT = ['DBSnapshotNotFoundFault', 'DBClusterSnapshotNotFoundFault'] as const;
/** A snapshot of an instance and one of a cluster may have the same name: the second's door says so. */
export const CLUSTER = 'cluster';

export interface Snapshot {
  readonly door: '' | typeof CLUSTER;
  readonly name: string | undefined;
  readonly arn: string | undefined;
  readonly created: Date | undefined;
  readonly tags: readonly Tag[] | undefined;
  readonly atRest: Protection;
  readonly key: string | undefined;
  /** Ids of the endpoints it was taken of. */
  readonly copyOf: readonly string[];
}

export async function instanceSnapshots(cell: Cell): Promise<readonly Snapshot[]> {
  const client = cell.client(RDSClient);
  const listed = await cell.list(
    SNAPSHOTS,
    (Marker) => client.send(new DescribeDBSnapshotsCommand({ SnapshotType: 'manual', MaxRecords: RDS_PAGE, Marker })),
    (page) => page.DBSnapshots,
    (page) => page.Marker,
  );
  return listed.map((each) => ({
    door: '',
    name: each.DBSnapshotIdentifier,
    arn: each.DBSnapshotArn,
    created: each.SnapshotCreateTime,
    tags: each.TagList,
    atRest: atRestOf(each.Encrypted, each),
    key: each.KmsKeyId,
    copyOf: sourcesOfSnapshot(cell, each),
  }));
}

export async function clusterSnapshots(cell: Cell): Promise<readonly Snapshot[]> {
  const client = cell.client(RDSClient);
  const request = { SnapshotType: 'manual', MaxRecords: RDS_PAGE };
  const listed = await cell.list(
    CLUSTER_SNAPSHOTS,
    (Marker) => client.send(new DescribeDBClusterSnapshotsCommand({ ...request, Marker })),
    (page) => page.DBClusterSnapshots,
    (page) => page.Marker,
  );
  return listed.map((each) => ({
    door: CLUSTER,
    name: each.DBClusterSnapshotIdentifier,
    arn: each.DBClusterSnapshotArn,
    created: each.SnapshotCreateTime,
    tags: each.TagList,
    atRest: atRestOf(each.StorageEncrypted, each),
    key: each.KmsKeyId,
    copyOf: sourcesOfClusterSnapshot(cell, each, CLUSTER),
  }));
}

/** Accounts that may restore it, `all` among them where anybody may. Undefined: not answered. */
export async function restorersOf(
  cell: Cell,
  door: Snapshot['door'],
  name: string,
): Promise<readonly string[] | typeof ABSENT | undefined> {
  const client = cell.client(RDSClient);
  if (door === CLUSTER) {
    const call = () =>
      client.send(new DescribeDBClusterSnapshotAttributesCommand({ DBClusterSnapshotIdentifier: name }));
    const answer = await cell.askMaybe(CLUSTER_ATTRIBUTES, call, NO_SNAPSHOT, name);
    return answer === ABSENT
      ? ABSENT
      : restoreIn(answer?.DBClusterSnapshotAttributesResult?.DBClusterSnapshotAttributes);
  }
  const call = () => client.send(new DescribeDBSnapshotAttributesCommand({ DBSnapshotIdentifier: name }));
  const answer = await cell.askMaybe(ATTRIBUTES, call, NO_SNAPSHOT, name);
  return answer === ABSENT ? ABSENT : restoreIn(answer?.DBSnapshotAttributesResult?.DBSnapshotAttributes);
}

function restoreIn(
  attributes:
    | readonly { readonly AttributeName?: string | undefined; readonly AttributeValues?: string[] | undefined }[]
    | undefined,
): readonly string[] | undefined {
  const restore = attributes?.find(({ AttributeName }) => AttributeName === 'restore');
  // A list without members may come as no list.
  return restore === undefined ? undefined : (restore.AttributeValues ?? []);
}
