/**
 * Our EBS snapshots that anybody may copy (aws-services.md section 2.7).
 * Calls: one DescribeSnapshots, own and restorable by all; GetSnapshotBlockPublicAccessState where there are any;
 * DescribeSnapshotAttribute to confirm that one is gone or no longer public. Snapshots that are not public are not
 * listed: a share with named accounts is not seen here.
 */
import {
  DescribeSnapshotAttributeCommand,
  DescribeSnapshotsCommand,
  EC2Client,
  type Snapshot,
} from '@aws-sdk/client-ec2';
import { ABSENT, type Cell } from '../aws/cell.ts';
import type { Collector } from '../aws/collector.ts';
import { ec2Keys, kmsKeys } from '../aws/dependencies.ts';
import { SNAPSHOT_BLOCK_ACTION, type SnapshotBlock, snapshotBlock } from '../aws/ebs.ts';
import { awsEndpoint, tagsOf } from '../aws/endpoint.ts';
import { PARTITION_FACTS } from '../aws/partitions.ts';
import { declaredOff, declaredPartial, declaredSwitch } from '../model/declared.ts';
import type { Endpoint } from '../model/endpoint.ts';
import type { Protection } from '../model/protection.ts';

const PAGE = 1_000;

export const ebsSnapshots: Collector = {
  service: 'ebs-snapshots',
  scope: 'regional',
  actions: ['ec2:DescribeSnapshots', SNAPSHOT_BLOCK_ACTION, 'ec2:DescribeSnapshotAttribute'],
  cost: { empty: 1, each: 0 },
  async collect(cell) {
    const ec2 = cell.client(EC2Client);
    const request = { OwnerIds: ['self'], RestorableByUserIds: ['all'], MaxResults: PAGE };
    const snapshots = await cell.list(
      'ec2:DescribeSnapshots',
      (NextToken) => ec2.send(new DescribeSnapshotsCommand({ ...request, NextToken })),
      (page) => page.Snapshots,
      (page) => page.NextToken,
    );
    if (snapshots.length === 0) return [];
    const sharing = sharingOf(await snapshotBlock(cell));
    return snapshots.flatMap((snapshot) => endpointOf(cell, snapshot, sharing) ?? []);
  },
  async exists(cell, { name }) {
    if (name === undefined) return undefined;
    const ec2 = cell.client(EC2Client);
    const request = { SnapshotId: name, Attribute: 'createVolumePermission' as const };
    const call = () => ec2.send(new DescribeSnapshotAttributeCommand(request));
    const answer = await cell.askMaybe('ec2:DescribeSnapshotAttribute', call, ['InvalidSnapshot.NotFound'], name);
    if (answer === ABSENT) return false;
    return answer?.CreateVolumePermissions?.some(({ Group }) => Group === 'all');
  },
};

function endpointOf(cell: Cell, snapshot: Snapshot, sharing: Protection): Endpoint | undefined {
  const { SnapshotId: name, StartTime, Encrypted, Tags } = snapshot;
  if (name === undefined) {
    cell.gap('incomplete', 'a public snapshot without an id');
    return undefined;
  }
  const { region, partition } = cell.place;
  return awsEndpoint(cell, {
    name,
    host: `ec2.${region}.${PARTITION_FACTS[partition].dnsSuffix}`,
    port: 443,
    engine: 'provider-api',
    arn: `arn:${partition}:ec2:${region}::snapshot/${name}`,
    tags: tagsOf(Tags),
    declared: { sharing, 'encryption-at-rest': declaredSwitch('Encrypted', Encrypted) },
    incarnation: StartTime?.toISOString(),
    dependencies: [...ec2Keys(name), ...kmsKeys(snapshot.KmsKeyId)],
    shared: true,
  });
}

/** With everything blocked, AWS treats a public snapshot as private; only the switch stands between. */
function sharingOf(block: SnapshotBlock | undefined): Protection {
  const said = `createVolumePermission=all, block public access ${block?.state ?? 'not read'}`;
  return block?.state === 'block-all-sharing' ? declaredPartial(said) : declaredOff(said);
}
