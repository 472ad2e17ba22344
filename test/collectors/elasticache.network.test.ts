/** What ElastiCache's three kinds of cache depend on, and their IPv6 addresses. */
import {
  DescribeCacheClustersCommand,
  DescribeReplicationGroupsCommand,
  DescribeServerlessCachesCommand,
  DescribeUserGroupsCommand,
  DescribeUsersCommand,
  ElastiCacheClient,
} from '@aws-sdk/client-elasticache';
import { mockClient } from 'aws-sdk-client-mock';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { elasticacheClusters } from '../../lib/collectors/elasticache-clusters.ts';
import { elasticacheServerless } from '../../lib/collectors/elasticache-serverless.ts';
import { elasticache } from '../../lib/collectors/elasticache.ts';
import { awsError, collectWith, testCell } from '../support/aws.ts';
import { NETWORK, PUBLIC_SUBNET } from '../support/fronts.ts';

const aws = mockClient(ElastiCacheClient);
beforeEach(() => {
  aws.on(DescribeUserGroupsCommand).resolves({
    UserGroups: [
      { UserGroupId: 'staff', UserIds: ['ada', 'default'], PendingChanges: { UserIdsToAdd: ['eve'] } },
      { UserGroupId: 'others', UserIds: ['bob'] },
    ],
  });
  aws.on(DescribeUsersCommand).resolves({
    Users: ['ada', 'default', 'eve', 'bob'].map((UserId) => ({ UserId, Authentication: { Type: 'iam' } })),
  });
});
afterEach(() => aws.reset());

const KmsKeyId = 'arn:aws:kms:us-east-1:111122223333:key/k-1';
const at = { Address: 'a.cache.amazonaws.com', Port: 6379 };
const USERS = [
  'elasticache:user/ada',
  'elasticache:user/default',
  'elasticache:user/eve',
  'elasticache:usergroup/staff',
];

function answerGroup(change: object = {}): void {
  aws.on(DescribeReplicationGroupsCommand).resolves({
    ReplicationGroups: [
      {
        ReplicationGroupId: 'sessions',
        ConfigurationEndpoint: at,
        MemberClusters: ['sessions-001', 'sessions-002'],
        UserGroupIds: ['staff'],
        KmsKeyId,
        ...change,
      },
    ],
  });
}

function answerCluster(change: object = {}): void {
  aws.on(DescribeCacheClustersCommand).resolves({
    CacheClusters: [
      {
        CacheClusterId: 'lone',
        ConfigurationEndpoint: at,
        CacheParameterGroup: { CacheParameterGroupName: 'params' },
        CacheSubnetGroupName: 'subnets',
        SecurityGroups: [{ SecurityGroupId: 'sg-shut' }],
        ...change,
      },
    ],
  });
}

function answerServerless(change: object = {}): void {
  aws.on(DescribeServerlessCachesCommand).resolves({
    ServerlessCaches: [
      {
        ServerlessCacheName: 'carts',
        Endpoint: at,
        KmsKeyId,
        SecurityGroupIds: ['sg-shut'],
        SubnetIds: [PUBLIC_SUBNET],
        UserGroupId: 'staff',
        ...change,
      },
    ],
  });
}

async function first(collector: typeof elasticache) {
  const { endpoints, cell, status } = await collectWith(collector, { network: NETWORK });
  return { endpoint: endpoints[0], network: endpoints[0]?.declared.network, cell, status };
}

describe('what a cache depends on', () => {
  it('is a replication group, its nodes, its users and its key', async () => {
    answerGroup();
    expect((await first(elasticache)).endpoint?.dependencies).toEqual([
      'elasticache:cluster/sessions-001',
      'elasticache:cluster/sessions-002',
      'elasticache:replicationgroup/sessions',
      ...USERS,
      'kms:key/k-1',
    ]);
  });

  it('is also the user group that it is moving to', async () => {
    answerGroup({ PendingModifiedValues: { UserGroups: { UserGroupIdsToAdd: ['others'] } } });
    const { endpoint } = await first(elasticache);
    expect(endpoint?.dependencies).toEqual(
      expect.arrayContaining(['elasticache:usergroup/others', 'elasticache:user/bob']),
    );
  });

  it('is no user where no user group is used', async () => {
    answerGroup({ UserGroupIds: [], MemberClusters: undefined, KmsKeyId: undefined });
    expect((await first(elasticache)).endpoint?.dependencies).toEqual(['elasticache:replicationgroup/sessions']);
  });

  it('is a cluster with its groups', async () => {
    answerCluster();
    expect((await first(elasticacheClusters)).endpoint?.dependencies).toEqual([
      'ec2:sg-shut',
      'elasticache:cluster/lone',
      'elasticache:parametergroup/params',
      'elasticache:subnetgroup/subnets',
    ]);
  });

  it('is a serverless cache with its users and groups', async () => {
    answerServerless();
    expect((await first(elasticacheServerless)).endpoint?.dependencies).toEqual([
      'ec2:sg-shut',
      `ec2:${PUBLIC_SUBNET}`,
      'elasticache:serverlesscache/carts',
      ...USERS,
      'kms:key/k-1',
    ]);
  });
});

describe('a cache with IPv6 addresses', () => {
  const open = { NetworkType: 'dual_stack', SecurityGroups: [{ SecurityGroupId: 'sg-world' }] };

  it('is not closed by design: its groups and routes have to shut IPv6 out', async () => {
    answerCluster({ NetworkType: 'dual_stack' });
    expect((await first(elasticacheClusters)).network).toMatchObject({
      level: 'on',
      evidence: expect.stringContaining('no security group rule for tcp/6379'),
    });
    answerCluster(open);
    expect((await first(elasticacheClusters)).network?.level).toBe('unknown');
    answerCluster({ ...open, NetworkType: 'ipv4' });
    expect((await first(elasticacheClusters)).network?.level).toBe('on');
  });

  it('depends on all of the path to it', async () => {
    answerServerless({ NetworkType: 'ipv6', SecurityGroupIds: ['sg-world'] });
    const { endpoint, network } = await first(elasticacheServerless);
    expect(network?.level).toBe('unknown');
    expect(endpoint?.dependencies).toEqual(
      expect.arrayContaining(['ec2:sg-world', 'ec2:subnet-public', 'ec2:vpc-1', 'ec2:rtb-public', 'ec2:acl-1']),
    );
  });

  it('is judged door by door: rules for one port say nothing of the other', async () => {
    const rule = { IpProtocol: 'tcp', FromPort: 6380, ToPort: 6380, Ipv6Ranges: [{ CidrIpv6: '::/0' }] };
    const groups = [{ GroupId: 'sg-reader', VpcId: 'vpc-1', IpPermissions: [rule] }];
    answerServerless({ NetworkType: 'ipv6', SecurityGroupIds: ['sg-reader'], ReaderEndpoint: { ...at, Port: 6380 } });
    const { endpoints } = await collectWith(elasticacheServerless, { network: { ...NETWORK, groups } });
    expect(endpoints.map((e) => [e.port, e.declared.network?.level])).toEqual([
      [6379, 'on'],
      [6380, 'unknown'],
    ]);
  });

  it('has the groups of its nodes, where it is a replication group', async () => {
    answerGroup({ NetworkType: 'dual_stack' });
    answerCluster();
    const shut = await first(elasticache);
    expect([shut.network?.level, shut.endpoint?.dependencies?.includes('ec2:sg-shut')]).toEqual(['on', true]);
    expect(aws.commandCalls(DescribeCacheClustersCommand)[0]?.args[0].input).toEqual({
      CacheClusterId: 'sessions-001',
    });
    answerCluster(open);
    expect((await first(elasticache)).network?.level).toBe('unknown');
  });

  it('is unknown alone where its nodes are denied, or none is named', async () => {
    answerGroup({ NetworkType: 'dual_stack' });
    aws.on(DescribeCacheClustersCommand).rejects(awsError('AccessDenied', 403));
    const { network, status, cell } = await first(elasticache);
    expect([network?.level, status, cell.gaps().map((g) => g.subject)]).toEqual(['unknown', 'complete', ['sessions']]);
    answerGroup({ NetworkType: 'dual_stack', MemberClusters: [] });
    expect((await first(elasticache)).network?.level).toBe('unknown');
  });
});

describe('a node whose cache is answered without its nodes', () => {
  it('is not gone: the nodes were left out', async () => {
    const NodeGroupMembers = [{ CacheClusterId: 'sessions-001', ReadEndpoint: at }];
    answerGroup({ NodeGroups: [{ NodeGroupId: '1', PrimaryEndpoint: at, ReaderEndpoint: at, NodeGroupMembers }] });
    const { endpoints } = await collectWith(elasticache);
    const ask = async () => Promise.all(endpoints.map(async (e) => elasticache.exists(testCell('elasticache'), e)));
    expect(await ask()).toEqual([true, true, true, true]);
    answerGroup({ NodeGroups: undefined });
    expect(await ask()).toEqual([true, undefined, undefined, undefined]);
    answerGroup({ NodeGroups: [] });
    expect(await ask()).toEqual([true, false, false, false]);
  });

  it('is not gone where it is a cluster', async () => {
    answerCluster({ CacheNodes: [{ CacheNodeId: '0001', Endpoint: at }] });
    const { endpoints } = await collectWith(elasticacheClusters);
    const ask = async () =>
      Promise.all(endpoints.map(async (e) => elasticacheClusters.exists(testCell('elasticache-clusters'), e)));
    answerCluster({ CacheNodes: undefined });
    expect(await ask()).toEqual([true, undefined]);
    answerCluster({ CacheNodes: [] });
    expect(await ask()).toEqual([true, false]);
  });
});
