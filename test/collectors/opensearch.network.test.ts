/** What an OpenSearch domain depends on, and where it stands. */
import {
  DescribeDomainsCommand,
  type DomainStatus,
  ListDomainNamesCommand,
  OpenSearchClient,
} from '@aws-sdk/client-opensearch';
import { mockClient } from 'aws-sdk-client-mock';
import { afterEach, describe, expect, it } from 'vitest';
import { opensearch } from '../../lib/collectors/opensearch.ts';
import { collectWith } from '../support/aws.ts';
import { NETWORK, PUBLIC_SUBNET, VPC } from '../support/fronts.ts';

const aws = mockClient(OpenSearchClient);
afterEach(() => aws.reset());

function domain(change: Partial<DomainStatus> = {}): DomainStatus {
  return {
    DomainId: '111122223333/device-analytics',
    DomainName: 'device-analytics',
    ARN: 'arn:aws:es:us-east-1:111122223333:domain/device-analytics',
    ClusterConfig: {},
    Endpoint: 'search-device-analytics-abc.us-east-1.es.amazonaws.com',
    DomainEndpointOptions: { EnforceHTTPS: true, TLSSecurityPolicy: 'Policy-Min-TLS-1-2-2019-07' },
    ...change,
  };
}

function answer(one: DomainStatus): void {
  aws.on(ListDomainNamesCommand).resolves({ DomainNames: [{ DomainName: one.DomainName ?? '' }] });
  aws.on(DescribeDomainsCommand).resolves({ DomainStatusList: [one] });
}

describe('what an OpenSearch domain depends on', () => {
  it('is the domain, its key, its audit log, and the network that it stands in', async () => {
    answer(
      domain({
        EncryptionAtRestOptions: { Enabled: true, KmsKeyId: 'arn:aws:kms:us-east-1:111122223333:key/k-1' },
        LogPublishingOptions: {
          AUDIT_LOGS: {
            Enabled: true,
            CloudWatchLogsLogGroupArn: 'arn:aws:logs:us-east-1:111122223333:log-group:/aws/es/audit:*',
          },
        },
        VPCOptions: { VPCId: 'vpc-1', SubnetIds: ['subnet-1'], SecurityGroupIds: ['sg-1', 'sg-2'] },
      }),
    );
    const { endpoints } = await collectWith(opensearch);
    expect(endpoints[0]?.dependencies).toEqual([
      'ec2:sg-1',
      'ec2:sg-2',
      'ec2:subnet-1',
      'ec2:vpc-1',
      'es:domain/device-analytics',
      'kms:key/k-1',
      'logs:log-group//aws/es/audit',
    ]);
  });
});

describe('an OpenSearch domain with IPv6 addresses in a VPC', () => {
  const inside = (SecurityGroupIds: string[], change: Partial<DomainStatus> = {}) =>
    domain({
      Endpoint: undefined,
      Endpoints: { vpcv2: 'vpc-d.aos.us-east-1.on.aws' },
      IPAddressType: 'dualstack',
      VPCOptions: { VPCId: VPC, SubnetIds: [PUBLIC_SUBNET], SecurityGroupIds },
      ...change,
    });

  it.each([
    ['sg-shut', 'dualstack', 'on'],
    ['sg-world', 'dualstack', 'unknown'],
    ['sg-world', 'ipv4', 'on'],
  ] as const)('is closed where its groups or routes shut IPv6 out: %s, %s', async (group, IPAddressType, level) => {
    answer(inside([group], { IPAddressType }));
    const { endpoints } = await collectWith(opensearch, { network: NETWORK });
    expect(endpoints[0]?.declared.network?.level).toBe(level);
  });

  it('depends on all of the path to it', async () => {
    answer(inside(['sg-world']));
    const { endpoints } = await collectWith(opensearch, { network: NETWORK });
    expect(endpoints[0]?.dependencies).toEqual([
      'ec2:acl-1',
      'ec2:rtb-public',
      'ec2:sg-world',
      'ec2:subnet-public',
      'ec2:vpc-1',
      'es:domain/device-analytics',
    ]);
  });
});
