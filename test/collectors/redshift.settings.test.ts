/** What a Redshift cluster exports of its log, and what it was judged by: the rest is in redshift.test.ts. */
import {
  type Cluster,
  DescribeClusterSnapshotsCommand,
  DescribeEndpointAccessCommand,
  DescribeLoggingStatusCommand,
  type LoggingStatus,
  RedshiftClient,
} from '@aws-sdk/client-redshift';
import { mockClient } from 'aws-sdk-client-mock';
import { afterEach, describe, expect, it } from 'vitest';
import { redshift } from '../../lib/collectors/redshift.ts';
import { collectWith } from '../support/aws.ts';
import { NETWORK } from '../support/rds.ts';
import { answerWarehouses, aWarehouse } from '../support/redshift.ts';

const aws = mockClient(RedshiftClient);
afterEach(() => aws.reset());

const answer = (...clusters: readonly Cluster[]): void => answerWarehouses(aws, ...clusters);
const collect = () => collectWith(redshift, { network: NETWORK });

describe('a Redshift cluster', () => {
  it.each<[string, Omit<LoggingStatus, '$metadata'>, string]>([
    ['all logs', { LogDestinationType: 'cloudwatch', LogExports: ['connectionlog', 'useractivitylog'] }, 'on'],
    ['no activity', { LogDestinationType: 'cloudwatch', LogExports: ['connectionlog', 'userlog'] }, 'partial'],
    ['to a bucket, no list', { LogDestinationType: 's3' }, 'on'],
    ['to a bucket, an empty list', { LogDestinationType: 's3', LogExports: [] }, 'on'],
    ['who knows: system tables', { LogDestinationType: 's3table', LogExports: ['sys_query_history'] }, 'unknown'],
  ])('exports %s', async (_, status, level) => {
    answer(aWarehouse());
    aws.on(DescribeLoggingStatusCommand).resolves({ LoggingEnabled: true, ...status });
    expect((await collect()).endpoints[0]?.declared['audit-log']?.level).toBe(level);
  });

  it('names what it was judged by', async () => {
    const KmsKeyId = 'arn:aws:kms:us-east-1:111122223333:key/k-1';
    answer(aWarehouse({ PubliclyAccessible: true, KmsKeyId }));
    aws.on(DescribeClusterSnapshotsCommand).resolves({
      Snapshots: [
        { ClusterIdentifier: 'sales', SnapshotIdentifier: 'before' },
        { ClusterIdentifier: 'other', SnapshotIdentifier: 'not-this' },
      ],
    });
    aws.on(DescribeEndpointAccessCommand).resolves({
      EndpointAccessList: [
        {
          ClusterIdentifier: 'sales',
          EndpointName: 'etl',
          Address: 'etl.x.amazonaws.com',
          VpcSecurityGroups: [{ VpcSecurityGroupId: 'sg-etl' }],
        },
      ],
    });
    const { door } = await collect();
    const own = [
      'kms:key/k-1',
      'redshift:cluster/sales',
      'redshift:parametergroup/strict',
      'redshift:snapshot/before',
      'redshift:subnetgroup/public',
    ];
    const around = ['ec2:acl-1', 'ec2:rtb-public', 'ec2:sg-world', 'ec2:subnet-public', 'ec2:vpc-1'];
    expect(door('/sales').dependencies).toEqual([...around, ...own]);
    expect(door('/endpoint-etl').dependencies).toEqual(['ec2:sg-etl', ...own]);
  });

  it('does not let its snapshots crowd out what else it was judged by', async () => {
    answer(aWarehouse());
    const Snapshots = Array.from({ length: 500 }, (_, i) => ({
      ClusterIdentifier: 'sales',
      SnapshotIdentifier: `s${i}`,
    }));
    aws.on(DescribeClusterSnapshotsCommand).resolves({ Snapshots });
    const { dependencies } = (await collect()).endpoints[0]!;
    expect(dependencies).toContain('redshift:subnetgroup/public');
    expect(dependencies?.filter((key) => key.startsWith('redshift:snapshot/'))).toHaveLength(16);
  });
});
