/** The account's switch against public EBS snapshots, which says what a public snapshot is worth. Read once per place. */
import { EC2Client, GetSnapshotBlockPublicAccessStateCommand } from '@aws-sdk/client-ec2';
import type { Cell } from './cell.ts';

export const SNAPSHOT_BLOCK_ACTION = 'ec2:GetSnapshotBlockPublicAccessState';

export interface SnapshotBlock {
  /** `block-all-sharing`, `block-new-sharing` or `unblocked`. */
  readonly state: string | undefined;
  /** `account` or `declarative-policy`. */
  readonly managedBy: string | undefined;
}

/** `undefined` where nobody answered. */
export async function snapshotBlock(cell: Cell): Promise<SnapshotBlock | undefined> {
  return cell.shared(SNAPSHOT_BLOCK_ACTION, async (own) => {
    const call = () => own.client(EC2Client).send(new GetSnapshotBlockPublicAccessStateCommand({}));
    const answer = await own.ask(SNAPSHOT_BLOCK_ACTION, call);
    return answer === undefined ? undefined : { state: answer.State, managedBy: answer.ManagedBy };
  });
}
