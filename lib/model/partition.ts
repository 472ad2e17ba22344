import { type Partition, PARTITIONS } from './inventory.ts';

/** Names of the regions of each partition begin so. */
export const PARTITION_REGIONS: Readonly<Record<Partition, RegExp>> = {
  aws: /^(af|ap|ca|eu|il|me|mx|sa|us)-(?!gov-|iso)[a-z]+-\d$/,
  'aws-cn': /^cn-[a-z]+-\d$/,
  'aws-us-gov': /^us-gov-[a-z]+-\d$/,
  'aws-eusc': /^eusc-[a-z]+-[a-z]+-\d$/,
};

export function partitionOfRegion(region: string): Partition | undefined {
  return PARTITIONS.find((p) => PARTITION_REGIONS[p].test(region));
}
