import { EC2Client, GetSnapshotBlockPublicAccessStateCommand } from '@aws-sdk/client-ec2';
import { mockClient } from 'aws-sdk-client-mock';
import { afterEach, describe, expect, it } from 'vitest';
import { SNAPSHOT_BLOCK_ACTION, snapshotBlock } from '../../lib/aws/ebs.ts';
import { awsError, testCell } from '../support/aws.ts';

const aws = mockClient(EC2Client);
afterEach(() => aws.reset());

describe('the switch against public snapshots', () => {
  it('is read once however often it is needed', async () => {
    aws
      .on(GetSnapshotBlockPublicAccessStateCommand)
      .resolves({ State: 'block-new-sharing', ManagedBy: 'declarative-policy' });
    const cell = testCell('guardrails');
    const both = await Promise.all([snapshotBlock(cell), snapshotBlock(cell)]);
    const block = { state: 'block-new-sharing', managedBy: 'declarative-policy' };
    expect([both, cell.asked]).toEqual([[block, block], [SNAPSHOT_BLOCK_ACTION]]);
  });

  it('is not read where nobody answers, and the cell says so', async () => {
    aws.on(GetSnapshotBlockPublicAccessStateCommand).rejects(awsError('UnauthorizedOperation', 403));
    const cell = testCell('guardrails');
    expect([await snapshotBlock(cell), cell.status(0)]).toEqual([undefined, 'denied']);
  });
});
