import {
  DescribeSnapshotAttributeCommand,
  DescribeSnapshotsCommand,
  EC2Client,
  GetSnapshotBlockPublicAccessStateCommand,
  type Snapshot,
} from '@aws-sdk/client-ec2';
import { mockClient } from 'aws-sdk-client-mock';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { ebsSnapshots } from '../../lib/collectors/ebs-snapshots.ts';
import { awsError, collectWith, levels, testCell } from '../support/aws.ts';

const aws = mockClient(EC2Client);
afterEach(() => aws.reset());
beforeEach(() => {
  aws.on(GetSnapshotBlockPublicAccessStateCommand).resolves({ State: 'unblocked' });
});

const snapshot = (change: Partial<Snapshot> = {}): Snapshot => ({
  SnapshotId: 'snap-1',
  Encrypted: false,
  StartTime: new Date('2026-01-02T03:04:05.000Z'),
  Tags: [{ Key: 'env', Value: 'prod' }],
  ...change,
});

describe('public EBS snapshots', () => {
  it('asks one call where there is none', async () => {
    aws.on(DescribeSnapshotsCommand).resolves({ Snapshots: [] });
    const { endpoints, status, cell } = await collectWith(ebsSnapshots);
    expect([endpoints, status, cell.asked]).toEqual([[], 'complete', ['ec2:DescribeSnapshots']]);
    expect(aws.commandCalls(DescribeSnapshotsCommand)[0]?.args[0].input).toMatchObject({
      OwnerIds: ['self'],
      RestorableByUserIds: ['all'],
    });
  });

  it('finds the copy that anybody may take', async () => {
    aws.on(DescribeSnapshotsCommand).resolves({ Snapshots: [snapshot()] });
    const { endpoints } = await collectWith(ebsSnapshots);
    expect(endpoints[0]).toMatchObject({
      id: '111122223333/us-east-1/ebs-snapshots/snap-1',
      host: 'ec2.us-east-1.amazonaws.com',
      port: 443,
      engine: 'provider-api',
      arn: 'arn:aws:ec2:us-east-1::snapshot/snap-1',
      incarnation: '2026-01-02T03:04:05.000Z',
      shared: true,
      tags: { env: 'prod' },
    });
    expect(levels(endpoints[0]!)).toEqual({ sharing: 'off', 'encryption-at-rest': 'off' });
  });

  it('names what it was judged by', async () => {
    aws.on(DescribeSnapshotsCommand).resolves({ Snapshots: [snapshot({ KmsKeyId: 'k-1' })] });
    const { endpoints } = await collectWith(ebsSnapshots);
    expect(endpoints[0]?.dependencies).toEqual(['ec2:snap-1', 'kms:key/k-1']);
  });

  it.each([
    ['block-all-sharing', 'partial'],
    ['block-new-sharing', 'off'],
    ['unblocked', 'off'],
  ] as const)('takes a public snapshot under %s as %s', async (State, level) => {
    aws.on(GetSnapshotBlockPublicAccessStateCommand).resolves({ State });
    aws.on(DescribeSnapshotsCommand).resolves({ Snapshots: [snapshot()] });
    expect((await collectWith(ebsSnapshots)).endpoints[0]?.declared.sharing?.level).toBe(level);
  });

  it('takes it for public where the switch cannot be read', async () => {
    aws.on(GetSnapshotBlockPublicAccessStateCommand).rejects(awsError('UnauthorizedOperation', 403));
    aws.on(DescribeSnapshotsCommand).resolves({ Snapshots: [snapshot({ Encrypted: undefined })] });
    const { endpoints, cell } = await collectWith(ebsSnapshots);
    expect(levels(endpoints[0]!)).toEqual({ sharing: 'off', 'encryption-at-rest': 'unknown' });
    expect(cell.gaps()).toMatchObject([{ code: 'denied' }]);
  });

  it('follows the pages, and is in doubt where a token comes twice', async () => {
    aws
      .on(DescribeSnapshotsCommand)
      .resolves({ Snapshots: [snapshot()], NextToken: 'two' })
      .on(DescribeSnapshotsCommand, { NextToken: 'two' })
      .resolves({ Snapshots: [snapshot({ SnapshotId: 'snap-2' })] });
    expect((await collectWith(ebsSnapshots)).endpoints.map(({ name }) => name)).toEqual(['snap-1', 'snap-2']);
    aws.on(DescribeSnapshotsCommand, { NextToken: 'two' }).resolves({ Snapshots: [], NextToken: 'two' });
    expect((await collectWith(ebsSnapshots)).status).toBe('partial');
  });

  it('is denied where the list is', async () => {
    aws.on(DescribeSnapshotsCommand).rejects(awsError('UnauthorizedOperation', 403));
    const { endpoints, status } = await collectWith(ebsSnapshots);
    expect([endpoints, status]).toEqual([[], 'denied']);
  });

  it('says so where a snapshot has no id, and cleans a hostile tag', async () => {
    const Tags = [{ Key: 'a\u202e', Value: '\u0000'.repeat(9_000) }];
    aws.on(DescribeSnapshotsCommand).resolves({ Snapshots: [snapshot({ SnapshotId: undefined }), snapshot({ Tags })] });
    const { endpoints, status } = await collectWith(ebsSnapshots);
    expect([endpoints.length, status]).toEqual([1, 'partial']);
    expect(JSON.stringify(endpoints[0]?.tags)).not.toMatch(/[\u202e\u0000]|.{600}/u);
  });

  it.each([
    ['still public', { CreateVolumePermissions: [{ UserId: '1' }, { Group: 'all' as const }] }, true],
    ['no longer public', { CreateVolumePermissions: [] }, false],
    ['an answer that says nothing', {}, undefined],
    ['deleted', awsError('InvalidSnapshot.NotFound'), false],
    ['no answer', awsError('RequestLimitExceeded', 503), undefined],
  ])('tells what became of one: %s', async (_, answer, expected) => {
    aws.on(DescribeSnapshotsCommand).resolves({ Snapshots: [snapshot()] });
    const [endpoint] = (await collectWith(ebsSnapshots)).endpoints;
    const asked = aws.on(DescribeSnapshotAttributeCommand, {
      SnapshotId: 'snap-1',
      Attribute: 'createVolumePermission',
    });
    if (answer instanceof Error) asked.rejects(answer);
    else asked.resolves(answer);
    expect(await ebsSnapshots.exists(testCell('ebs-snapshots'), endpoint!)).toBe(expected);
  });
});
