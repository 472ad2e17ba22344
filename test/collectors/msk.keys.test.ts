/** What an MSK cluster depends on, and what it does not say of its encryption. */
import {
  type Cluster,
  GetBootstrapBrokersCommand,
  GetClusterPolicyCommand,
  KafkaClient,
  ListClustersV2Command,
  type Provisioned,
} from '@aws-sdk/client-kafka';
import { mockClient } from 'aws-sdk-client-mock';
import { afterEach, describe, expect, it } from 'vitest';
import { msk } from '../../lib/collectors/msk.ts';
import { awsError, collectWith } from '../support/aws.ts';
import { NETWORK, PRIVATE_SUBNET, PUBLIC_SUBNET } from '../support/rds.ts';

const aws = mockClient(KafkaClient);
afterEach(() => aws.reset());

const STREAM: Cluster = {
  ClusterName: 'stream',
  ClusterArn: 'arn:aws:kafka:us-east-1:111122223333:cluster/stream/0a1b-1',
  State: 'ACTIVE',
};
const PROVISIONED: Provisioned = {
  NumberOfBrokerNodes: 3,
  BrokerNodeGroupInfo: {
    ClientSubnets: [PUBLIC_SUBNET],
    InstanceType: 'kafka.m7g.large',
    SecurityGroups: ['sg-world'],
  },
  CurrentBrokerSoftwareInfo: { ConfigurationArn: 'arn:aws:kafka:us-east-1:111122223333:configuration/conf/1' },
  EncryptionInfo: {
    EncryptionAtRest: { DataVolumeKMSKeyId: 'arn:aws:kms:us-east-1:111122223333:key/k-1' },
    EncryptionInTransit: { ClientBroker: 'TLS', InCluster: true },
  },
  LoggingInfo: { BrokerLogs: { CloudWatchLogs: { Enabled: true, LogGroup: '/msk/stream' } } },
};

async function collect(change: Partial<Cluster>) {
  aws.on(ListClustersV2Command).resolves({ ClusterInfoList: [{ ...STREAM, ...change }] });
  aws.on(GetBootstrapBrokersCommand).resolves({
    BootstrapBrokerStringSaslIam: 'b-1.stream.kafka.us-east-1.amazonaws.com:9098',
    BootstrapBrokerStringSaslScram: 'b-1.stream.kafka.us-east-1.amazonaws.com:9096',
  });
  aws.on(GetClusterPolicyCommand).rejects(awsError('NotFoundException', 404));
  return (await collectWith(msk, { network: NETWORK })).endpoints;
}

describe('what an MSK cluster depends on', () => {
  it('is its configuration, its key, its log and all of the path to it, for each listener', async () => {
    const endpoints = await collect({ Provisioned: PROVISIONED });
    expect(endpoints.map((e) => e.dependencies)).toEqual(
      Array(2).fill([
        'ec2:acl-1',
        'ec2:rtb-public',
        'ec2:sg-world',
        'ec2:subnet-public',
        'ec2:vpc-1',
        'kafka:cluster/stream',
        'kafka:configuration/conf',
        'kms:key/k-1',
        'logs:log-group//msk/stream',
      ]),
    );
  });

  it('is where it stands, where it is serverless', async () => {
    const Serverless = { VpcConfigs: [{ SubnetIds: [PRIVATE_SUBNET], SecurityGroupIds: ['sg-shut'] }] };
    const [endpoint] = await collect({ Serverless });
    expect(endpoint?.dependencies).toEqual([
      'ec2:acl-1',
      'ec2:rtb-private',
      'ec2:sg-shut',
      'ec2:subnet-private',
      'ec2:vpc-1',
      'kafka:cluster/stream',
    ]);
  });
});

describe('TLS of an MSK cluster', () => {
  it.each([
    ['TLS', 'on'],
    ['TLS_PLAINTEXT', 'partial'],
    ['PLAINTEXT', 'partial'],
    [undefined, 'unknown'],
  ] as const)('is weaker beside a listener that takes plain text: ClientBroker=%s', async (ClientBroker, level) => {
    const EncryptionInTransit = { ClientBroker, InCluster: true };
    const [endpoint] = await collect({ Provisioned: { ...PROVISIONED, EncryptionInfo: { EncryptionInTransit } } });
    expect(endpoint?.declared.tls?.level).toBe(level);
  });

  it('is not known where what its brokers speak is not returned', async () => {
    const [endpoint] = await collect({ Provisioned: { ...PROVISIONED, EncryptionInfo: {} } });
    expect(endpoint?.declared.tls?.level).toBe('unknown');
  });
});

describe('authentication of an MSK cluster', () => {
  it('is weaker beside a listener that asks nobody', async () => {
    const of = async (Enabled: boolean | undefined) => {
      const Provisioned = { ...PROVISIONED, ClientAuthentication: { Unauthenticated: { Enabled } } };
      return (await collect({ Provisioned })).map((e) => e.declared.authentication?.level);
    };
    expect([await of(false), await of(true), await of(undefined)]).toEqual([
      ['on', 'on'],
      ['partial', 'partial'],
      ['on', 'on'],
    ]);
  });
});
