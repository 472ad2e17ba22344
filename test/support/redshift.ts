/** A private Redshift cluster that demands TLS, encrypts, logs and shares nothing, as the API describes it. */
import {
  type Cluster,
  DescribeClusterParametersCommand,
  DescribeClustersCommand,
  DescribeClusterSnapshotsCommand,
  DescribeClusterSubnetGroupsCommand,
  DescribeDataSharesCommand,
  DescribeEndpointAccessCommand,
  DescribeEndpointAuthorizationCommand,
  DescribeLoggingStatusCommand,
  GetResourcePolicyCommand,
  type RedshiftClient,
} from '@aws-sdk/client-redshift';
import type { AwsClientStub } from 'aws-sdk-client-mock';
import { awsError } from './aws.ts';
import { PRIVATE_SUBNET, PUBLIC_SUBNET } from './rds.ts';

export const HOST = 'sales.abc.us-east-1.redshift.amazonaws.com';
export const NAMESPACE = 'arn:aws:redshift:us-east-1:111122223333:namespace:n-1';

export function aWarehouse(change: Partial<Cluster> = {}): Cluster {
  return {
    ClusterIdentifier: 'sales',
    ClusterStatus: 'available',
    ClusterNamespaceArn: NAMESPACE,
    Endpoint: { Address: HOST, Port: 5439 },
    PubliclyAccessible: false,
    IpAddressType: 'ipv4',
    VpcId: 'vpc-1',
    VpcSecurityGroups: [{ VpcSecurityGroupId: 'sg-world', Status: 'active' }],
    ClusterSubnetGroupName: 'public',
    ClusterParameterGroups: [{ ParameterGroupName: 'strict', ParameterApplyStatus: 'in-sync' }],
    Encrypted: true,
    Tags: [{ Key: 'team', Value: 'bi' }],
    ...change,
  };
}

export const PARAMETERS = [
  { ParameterName: 'require_ssl', ParameterValue: 'true' },
  { ParameterName: 'enable_user_activity_logging', ParameterValue: 'true' },
];

/** Answers for all that a cluster is judged by: nothing is shared, everything is on. */
export function answerWarehouses(aws: AwsClientStub<RedshiftClient>, ...clusters: readonly Cluster[]): void {
  aws.on(DescribeClustersCommand).resolves({ Clusters: [...clusters] });
  aws.on(DescribeEndpointAccessCommand).resolves({ EndpointAccessList: [] });
  aws.on(DescribeClusterSubnetGroupsCommand).resolves({
    ClusterSubnetGroups: [
      { ClusterSubnetGroupName: 'public', Subnets: [{ SubnetIdentifier: PUBLIC_SUBNET }] },
      { ClusterSubnetGroupName: 'private', Subnets: [{ SubnetIdentifier: PRIVATE_SUBNET }] },
    ],
  });
  aws.on(DescribeClusterSnapshotsCommand).resolves({ Snapshots: [] });
  aws.on(DescribeEndpointAuthorizationCommand).resolves({ EndpointAuthorizationList: [] });
  aws.on(DescribeDataSharesCommand).resolves({ DataShares: [] });
  aws.on(GetResourcePolicyCommand).rejects(awsError('ResourceNotFoundFault'));
  aws.on(DescribeClusterParametersCommand).resolves({ Parameters: PARAMETERS });
  aws.on(DescribeLoggingStatusCommand).resolves({ LoggingEnabled: true });
}
