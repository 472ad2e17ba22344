import {
  type Cluster,
  DescribeConfigurationRevisionCommand,
  GetBootstrapBrokersCommand,
  type GetBootstrapBrokersResponse,
  GetClusterPolicyCommand,
  KafkaClient,
  ListClustersV2Command,
  type Provisioned,
} from '@aws-sdk/client-kafka';
import { mockClient } from 'aws-sdk-client-mock';
import { afterEach, describe, expect, it } from 'vitest';
import { msk } from '../../lib/collectors/msk.ts';
import type { Network } from '../../lib/model/network.ts';
import { awsError, collectWith, levels, testCell, UNREAD_NETWORK } from '../support/aws.ts';
import { NETWORK, PRIVATE_SUBNET, PUBLIC_SUBNET } from '../support/rds.ts';

const aws = mockClient(KafkaClient);
afterEach(() => aws.reset());

const ARN = 'arn:aws:kafka:us-east-1:111122223333:cluster/stream/0a1b-1';
const DOMAIN = 'stream.abc.c2.kafka.us-east-1.amazonaws.com';
const broker = (port: number, suffix = ''): string =>
  [2, 1, 3].map((n) => `b-${n}${suffix}.${DOMAIN}:${port}`).join(',');
const PUBLIC = { PublicAccess: { Type: 'SERVICE_PROVIDED_EIPS' } };

function provisioned(change: Partial<Provisioned> = {}, group: object = {}): Provisioned {
  return {
    NumberOfBrokerNodes: 3,
    BrokerNodeGroupInfo: {
      ClientSubnets: [PUBLIC_SUBNET],
      InstanceType: 'kafka.m7g.large',
      SecurityGroups: ['sg-world'],
      ...group,
    },
    ClientAuthentication: {
      Sasl: { Scram: { Enabled: true }, Iam: { Enabled: true } },
      Tls: { Enabled: true },
      Unauthenticated: { Enabled: false },
    },
    EncryptionInfo: {
      EncryptionAtRest: { DataVolumeKMSKeyId: 'key-1' },
      EncryptionInTransit: { ClientBroker: 'TLS', InCluster: true },
    },
    LoggingInfo: { BrokerLogs: { CloudWatchLogs: { Enabled: true } } },
    CurrentBrokerSoftwareInfo: {
      ConfigurationArn: 'arn:aws:kafka:us-east-1:1:configuration/c/1',
      ConfigurationRevision: 2,
    },
    ...change,
  };
}
const cluster = (own: Provisioned = provisioned(), change: Partial<Cluster> = {}): Cluster => ({
  ClusterName: 'stream',
  ClusterArn: ARN,
  State: 'ACTIVE',
  Tags: { team: 'data' },
  Provisioned: own,
  ...change,
});
const ALL: GetBootstrapBrokersResponse = {
  BootstrapBrokerStringTls: broker(9094),
  BootstrapBrokerStringSaslScram: broker(9096),
  BootstrapBrokerStringSaslIam: broker(9098),
};

function answer(clusters: readonly Cluster[], brokers: GetBootstrapBrokersResponse = ALL, acl = 'false'): void {
  aws.on(ListClustersV2Command).resolves({ ClusterInfoList: [...clusters] });
  aws.on(GetBootstrapBrokersCommand).resolves(brokers);
  aws.on(GetClusterPolicyCommand).rejects(awsError('NotFoundException', 404));
  const ServerProperties = new TextEncoder().encode(`allow.everyone.if.no.acl.found=${acl}\n`);
  aws.on(DescribeConfigurationRevisionCommand).resolves({ ServerProperties });
}
const collect = (network: Network = NETWORK) => collectWith(msk, { network });

describe('MSK clusters', () => {
  it('finds nothing, and says that the list is whole, where there is nothing', async () => {
    answer([]);
    const { endpoints, status, cell } = await collect();
    expect([endpoints, status, cell.asked]).toEqual([[], 'complete', ['kafka:ListClustersV2']]);
  });

  it('reads a private cluster: one door per listener', async () => {
    answer([cluster()]);
    const { endpoints, status, cell, door } = await collect();
    expect([status, cell.gaps()]).toEqual(['complete', []]);
    expect(endpoints.map((e) => [e.id.split('/').slice(3).join('/'), e.host, e.port])).toEqual([
      ['stream/tls', `b-1.${DOMAIN}`, 9094],
      ['stream/scram', `b-1.${DOMAIN}`, 9096],
      ['stream/iam', `b-1.${DOMAIN}`, 9098],
    ]);
    expect(door('/tls')).toMatchObject({ engine: 'kafka', arn: ARN, incarnation: ARN, tags: { team: 'data' } });
    // Without PublicAccess in the answer a cluster is private, whatever its groups say.
    expect(levels(door('/tls'))).toEqual({
      network: 'on',
      authentication: 'on',
      'access-policy': 'on',
      tls: 'on',
      'encryption-at-rest': 'on',
      'audit-log': 'on',
    });
  });

  it.each([
    ['the world', ['sg-world'], PUBLIC_SUBNET, 'off'],
    ['one office', ['sg-office'], PUBLIC_SUBNET, 'partial'],
    ['nobody, by its groups', ['sg-shut'], PUBLIC_SUBNET, 'on'],
    ['nobody, by its routes', ['sg-world'], PRIVATE_SUBNET, 'on'],
    ['who knows: its groups are absent', undefined, PUBLIC_SUBNET, 'unknown'],
  ])('opens public listeners to %s, and private ones to nobody', async (_, SecurityGroups, subnet, level) => {
    const group = { ConnectivityInfo: PUBLIC, ClientSubnets: [subnet], SecurityGroups };
    answer([cluster(provisioned({}, group))], {
      ...ALL,
      BootstrapBrokerStringPublicSaslScram: broker(9196, '-public'),
    });
    const { door } = await collect();
    expect(door('/public-scram')).toMatchObject({ host: `b-1-public.${DOMAIN}`, port: 9196 });
    expect([door('/public-scram'), door('/scram')].map((e) => e.declared.network?.level)).toEqual([level, 'on']);
  });

  it('does not take IPv6 listeners for private, and believes the rules that shut them', async () => {
    const brokers = { BootstrapBrokerStringTlsIpv6: broker(20_094) };
    answer([cluster(provisioned({}, { SecurityGroups: ['sg-six'] }))], brokers);
    const six = (...blocks: string[]): Network => ({
      ...NETWORK,
      groups: [
        {
          GroupId: 'sg-six',
          IpPermissions: [{ IpProtocol: '-1', Ipv6Ranges: blocks.map((CidrIpv6) => ({ CidrIpv6 })) }],
        },
      ],
      nacls: [],
      routeTables: [],
    });
    expect((await collect(six('::/0'))).endpoints[0]?.declared.network?.level).toBe('unknown');
    expect((await collect(six())).endpoints[0]?.declared.network?.level).toBe('on');
  });

  it('has the plaintext listener as an open door of its own', async () => {
    const own = provisioned({
      ClientAuthentication: { Unauthenticated: { Enabled: true }, Tls: { Enabled: true } },
      EncryptionInfo: { EncryptionInTransit: { ClientBroker: 'TLS_PLAINTEXT', InCluster: false } },
    });
    answer([cluster(own)], { BootstrapBrokerString: broker(9092), BootstrapBrokerStringTls: broker(9094) });
    const { door } = await collect();
    expect(levels(door('/plaintext'))).toMatchObject({ authentication: 'off', tls: 'off' });
    expect(levels(door('/tls'))).toMatchObject({ authentication: 'off', tls: 'partial' });
  });

  it('has PrivateLink and ZooKeeper listeners as private doors', async () => {
    const own = provisioned(
      { ZookeeperConnectString: `z-1.${DOMAIN}:2181`, ZookeeperConnectStringTls: `z-1.${DOMAIN}:2182` },
      { ConnectivityInfo: { ...PUBLIC, VpcConnectivity: { ClientAuthentication: { Tls: { Enabled: true } } } } },
    );
    answer([cluster(own)], { BootstrapBrokerStringVpcConnectivityTls: broker(14_001) });
    const { door } = await collect();
    expect(levels(door('/privatelink-tls'))).toMatchObject({ network: 'on', authentication: 'on' });
    expect(door('/zookeeper').engine).toBe('zookeeper');
    expect(levels(door('/zookeeper'))).toMatchObject({ network: 'on', authentication: 'unknown', tls: 'off' });
    expect(levels(door('/zookeeper-tls'))).toMatchObject({ network: 'on', tls: 'on' });
  });

  it('asks ACLs what a client may do, unless IAM says it', async () => {
    answer([cluster()], ALL, 'true');
    const { door } = await collect();
    expect([door('/tls'), door('/iam')].map((e) => e.declared['access-policy']?.level)).toEqual(['partial', 'on']);
    const standard = cluster(provisioned({ CurrentBrokerSoftwareInfo: {} }));
    answer([standard]);
    expect((await collect()).door('/scram').declared['access-policy']).toMatchObject({ level: 'partial' });
  });

  it('takes the weaker of cluster policy and ACLs', async () => {
    answer([cluster()], ALL, 'true');
    const Policy = JSON.stringify({
      Statement: [{ Effect: 'Allow', Principal: '*', Action: 'kafka:*', Resource: ARN }],
    });
    aws.on(GetClusterPolicyCommand).resolves({ Policy });
    const { endpoints } = await collect();
    expect(endpoints.map((e) => e.declared['access-policy']?.level)).toEqual(['off', 'off', 'off']);
  });

  it('reads a serverless cluster', async () => {
    const serverless: Cluster = {
      ClusterName: 'stream',
      ClusterArn: ARN,
      State: 'ACTIVE',
      Serverless: {
        VpcConfigs: [{ SubnetIds: [PUBLIC_SUBNET] }],
        ClientAuthentication: { Sasl: { Iam: { Enabled: true } } },
      },
    };
    answer([serverless], { BootstrapBrokerStringSaslIam: `boot-x.c2.kafka-serverless.us-east-1.amazonaws.com:9098` });
    const { endpoints, cell } = await collect();
    expect(levels(endpoints[0]!)).toEqual({
      network: 'on',
      authentication: 'on',
      'access-policy': 'on',
      tls: 'on',
      'encryption-at-rest': 'on',
      'audit-log': 'not-applicable',
    });
    expect(cell.asked).not.toContain('kafka:DescribeConfigurationRevision');
  });

  it.each([
    ['the cluster policy', () => aws.on(GetClusterPolicyCommand)],
    ['the configuration', () => aws.on(DescribeConfigurationRevisionCommand)],
  ])('leaves only what was denied unknown: %s', async (_, on) => {
    answer([cluster()]);
    on().rejects(awsError('ForbiddenException', 403));
    const { status, cell, door } = await collect();
    expect(status).toBe('complete');
    expect(cell.gaps()).toMatchObject([{ subject: 'stream', code: 'denied' }]);
    expect(levels(door('/tls'))).toMatchObject({ 'access-policy': 'unknown', authentication: 'on' });
  });

  it('is in doubt as a whole where list or brokers are denied, or a token comes twice', async () => {
    answer([cluster()]);
    aws.on(GetBootstrapBrokersCommand).rejects(awsError('ForbiddenException', 403));
    expect(await collect()).toMatchObject({ endpoints: [], status: 'denied' });
    aws.on(ListClustersV2Command).rejects(awsError('ForbiddenException', 403));
    expect((await collect()).status).toBe('denied');
    aws.on(ListClustersV2Command).resolves({ ClusterInfoList: [], NextToken: 'same' });
    expect((await collect()).status).toBe('partial');
  });

  it('follows every page', async () => {
    answer([]);
    aws.on(ListClustersV2Command).callsFake(({ NextToken }: { NextToken?: string }) => ({
      ClusterInfoList: [cluster(provisioned(), { ClusterName: NextToken ?? 'a' })],
      ...(NextToken === undefined ? { NextToken: 'b' } : {}),
    }));
    expect(new Set((await collect()).endpoints.map((e) => e.name))).toEqual(new Set(['a', 'b']));
  });

  it('calls nothing safe that AWS did not say', async () => {
    const bare = { NumberOfBrokerNodes: 3, BrokerNodeGroupInfo: undefined };
    answer([cluster(bare)], { BootstrapBrokerStringTls: broker(9094), BootstrapBrokerStringPublicTls: broker(9194) });
    const { door } = await collect(UNREAD_NETWORK);
    expect(levels(door('/public-tls'))).toMatchObject({
      network: 'unknown',
      authentication: 'unknown',
      'access-policy': 'unknown',
      'audit-log': 'off',
    });
  });

  it('has a gap for a cluster that is being made, and bounds hostile names', async () => {
    answer([cluster(provisioned(), { State: 'CREATING' })]);
    expect((await collect()).cell.gaps()).toMatchObject([{ subject: 'stream', code: 'incomplete' }]);
    answer([cluster(provisioned(), { ClusterName: `a\u202e\n${'x'.repeat(5_000)}` })]);
    const { endpoints } = await collect();
    expect(endpoints[0]?.id.length).toBeLessThanOrEqual(256);
    expect(endpoints[0]?.id).not.toMatch(/[\u202e\n]/u);
  });

  it('confirms that a door is gone only on the word of the API', async () => {
    answer([cluster()], { BootstrapBrokerString: broker(9092), ...ALL });
    const [plain] = (await collect()).endpoints;
    const ask = () => msk.exists(testCell('msk'), plain!);
    expect(await ask()).toBe(true);
    aws.on(GetBootstrapBrokersCommand).resolves(ALL);
    expect(await ask()).toBe(false);
    aws.on(GetBootstrapBrokersCommand).rejects(awsError('TooManyRequestsException'));
    expect(await ask()).toBeUndefined();
    aws.on(ListClustersV2Command).resolves({ ClusterInfoList: [cluster(provisioned(), { ClusterName: 'stream-2' })] });
    expect(await ask()).toBe(false);
    aws.on(ListClustersV2Command).rejects(awsError('TooManyRequestsException'));
    expect(await ask()).toBeUndefined();
  });
});
