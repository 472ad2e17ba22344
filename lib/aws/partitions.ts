/** The four AWS partitions: separate organisations with names, ARNs and global services of their own. */
import { type Partition, PARTITIONS } from '../model/inventory.ts';
import { PARTITION_REGIONS } from '../model/partition.ts';

export interface PartitionFacts {
  /** Where global services (CloudFront, Route 53, Organizations) answer. */
  readonly home: string;
  readonly dnsSuffix: string;
  /** Regions of the partition begin so. */
  readonly regions: RegExp;
}

export const PARTITION_FACTS: Readonly<Record<Partition, PartitionFacts>> = {
  aws: {
    home: 'us-east-1',
    dnsSuffix: 'amazonaws.com',
    regions: PARTITION_REGIONS.aws,
  },
  'aws-cn': { home: 'cn-northwest-1', dnsSuffix: 'amazonaws.com.cn', regions: PARTITION_REGIONS['aws-cn'] },
  'aws-us-gov': { home: 'us-gov-west-1', dnsSuffix: 'amazonaws.com', regions: PARTITION_REGIONS['aws-us-gov'] },
  'aws-eusc': { home: 'eusc-de-east-1', dnsSuffix: 'amazonaws.eu', regions: PARTITION_REGIONS['aws-eusc'] },
};

/** From an ARN; undefined where it is none of ours. */
export function partitionOfArn(arn: string | undefined): Partition | undefined {
  const name = arn?.split(':', 2)[1];
  return PARTITIONS.find((p) => p === name);
}

/** The account that an ARN names; the only one that a role given as a whole ARN can read. */
export function accountOfArn(arn: string | undefined): string | undefined {
  const account = arn?.split(':', 5)[4];
  return account !== undefined && /^\d{12}$/.test(account) ? account : undefined;
}
