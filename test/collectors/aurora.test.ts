import {
  type DBCluster,
  type DBInstance,
  DescribeDBClusterEndpointsCommand,
  DescribeDBClusterParametersCommand,
  DescribeDBClustersCommand,
  DescribeDBInstancesCommand,
  DescribeDBShardGroupsCommand,
  DescribeDBSubnetGroupsCommand,
  DescribeGlobalClustersCommand,
  RDSClient,
} from '@aws-sdk/client-rds';
import { mockClient } from 'aws-sdk-client-mock';
import { afterEach, describe, expect, it } from 'vitest';
import { aurora } from '../../lib/collectors/aurora.ts';
import { awsError, collectWith, levels, testCell } from '../support/aws.ts';
import { aCluster, aMember, groupsOf, NETWORK, PUBLIC_SUBNET, subnetGroup } from '../support/rds.ts';

const aws = mockClient(RDSClient);
afterEach(() => aws.reset());

const DEMANDED = { 'rds.force_ssl': '1', shared_preload_libraries: 'pgaudit', 'pgaudit.log': 'all' };
const MEMBERS = [aMember('shop-1'), aMember('shop-2')];
const ID = '111122223333/us-east-1/aurora';

function answer(
  clusters: readonly DBCluster[],
  members: readonly DBInstance[] = MEMBERS,
  parameters: Readonly<Record<string, string>> = DEMANDED,
): void {
  aws.on(DescribeDBClustersCommand).resolves({ DBClusters: [...clusters] });
  aws.on(DescribeDBInstancesCommand).resolves({ DBInstances: [...members] });
  aws.on(DescribeGlobalClustersCommand).resolves({ GlobalClusters: [] });
  aws.on(DescribeDBClusterParametersCommand).resolves({
    Parameters: Object.entries(parameters).map(([ParameterName, ParameterValue]) => ({
      ParameterName,
      ParameterValue,
    })),
  });
}

const collect = () => collectWith(aurora, { network: NETWORK });

describe('Aurora and Multi-AZ clusters', () => {
  it('finds nothing, and says that the list is whole, where there is nothing', async () => {
    answer([], []);
    const { endpoints, status, cell } = await collect();
    expect([endpoints, status]).toEqual([[], 'complete']);
    expect(cell.asked).toEqual(['rds:DescribeDBClusters', 'rds:DescribeDBInstances']);
  });

  it('has a door for the writer, the reader and each member', async () => {
    answer([aCluster()]);
    const { endpoints, status, door } = await collect();
    expect(status).toBe('complete');
    expect(endpoints.map((e) => e.id)).toEqual([
      `${ID}/shop`,
      `${ID}/shop/reader`,
      `${ID}/shop/instance-shop-1`,
      `${ID}/shop/instance-shop-2`,
    ]);
    expect(endpoints[0]).toMatchObject({ engine: 'postgres', port: 5432, incarnation: 'cluster-SHOP' });
    expect(door('shop-1')).toMatchObject({ incarnation: 'db-SHOP-1', name: 'shop' });
    expect(levels(endpoints[0]!)).toEqual({
      network: 'on',
      authentication: 'on',
      tls: 'on',
      'encryption-at-rest': 'on',
      'audit-log': 'on',
    });
  });

  it('counts every member behind a name that a failover may move', async () => {
    answer([aCluster()], [aMember('shop-1'), aMember('shop-2', { PubliclyAccessible: true })]);
    const { door } = await collect();
    const network = (ending: string) => door(ending).declared.network?.level;
    expect([network('/shop'), network('/reader')]).toEqual(['off', 'off']);
    expect([network('shop-1'), network('shop-2')]).toEqual(['on', 'off']);
  });

  it('counts only its own members behind a custom endpoint', async () => {
    const hosts = [
      'bi.cluster-custom-abc.us-east-1.rds.amazonaws.com',
      'odd.cluster-custom-abc.us-east-1.rds.amazonaws.com',
    ];
    answer(
      [aCluster({ CustomEndpoints: hosts })],
      [aMember('shop-1'), aMember('shop-2', { PubliclyAccessible: true })],
    );
    aws
      .on(DescribeDBClusterEndpointsCommand)
      .resolves({ DBClusterEndpoints: [{ Endpoint: hosts[0], StaticMembers: ['shop-1'] }] });
    const { door } = await collect();
    expect(door('/custom-bi')).toMatchObject({ host: hosts[0], declared: { network: { level: 'on' } } });
    // Nobody says who is behind this one: it may be any.
    expect(door('/custom-odd').declared.network?.level).toBe('off');
  });

  it('does not know what a member allows that is not listed', async () => {
    answer([aCluster()], [aMember('shop-1')]);
    const { door } = await collect();
    expect([door('/shop'), door('shop-1')].map((e) => e.declared.network?.level)).toEqual(['unknown', 'on']);
  });

  it('is on the internet with an internet access gateway, whatever its groups say', async () => {
    const express = {
      InternetAccessGatewayEnabled: true,
      VPCNetworkingEnabled: false,
      VpcSecurityGroups: groupsOf('sg-shut'),
    };
    answer([aCluster(express)]);
    const { endpoints } = await collect();
    expect(new Set(endpoints.map((e) => e.declared.network?.level))).toEqual(new Set(['off']));
    expect(endpoints[0]?.declared.network?.evidence).toContain('InternetAccessGatewayEnabled=true');
  });

  it.each<[string, Partial<DBCluster>, string]>([
    ['without a VPC and without a gateway', { VPCNetworkingEnabled: false }, 'unknown'],
    ['with no members', { DBClusterMembers: [] }, 'unknown'],
    ['that is serverless', { EngineMode: 'serverless', DBClusterMembers: [] }, 'on'],
  ])('judges the network of a cluster %s', async (_, change, level) => {
    answer([aCluster(change)], []);
    expect((await collect()).endpoints[0]?.declared.network?.level).toBe(level);
  });

  it('takes the flag of a Multi-AZ cluster for its members', async () => {
    answer([aCluster({ Engine: 'mysql', PubliclyAccessible: true })]);
    const { endpoints } = await collect();
    expect(endpoints.map((e) => [e.engine, e.declared.network?.level])[0]).toEqual(['mysql', 'off']);
  });

  it('has the Data API as a door outside of the VPC', async () => {
    answer([aCluster({ HttpEndpointEnabled: true })]);
    const { door } = await collect();
    expect(door('/data-api')).toMatchObject({ host: 'rds-data.us-east-1.amazonaws.com', port: 443, shared: true });
    expect(levels(door('/data-api'))).toMatchObject({ network: 'off', authentication: 'on', tls: 'on' });
  });

  it('has the port of SQL Server wherever Babelfish listens', async () => {
    answer([aCluster()], MEMBERS, { ...DEMANDED, 'rds.babelfish_status': 'on' });
    const { endpoints } = await collect();
    const tds = endpoints.filter((e) => e.engine === 'sqlserver');
    expect(tds.map((e) => [e.id.slice(ID.length), e.port])).toEqual([
      ['/shop/babelfish', 1433],
      ['/shop/babelfish-reader', 1433],
      ['/shop/babelfish-instance-shop-1', 1433],
      ['/shop/babelfish-instance-shop-2', 1433],
    ]);
  });

  it('judges shard groups by their own flag and the cluster behind them', async () => {
    answer([aCluster({ ClusterScalabilityType: 'limitless', DBClusterMembers: [], DBSubnetGroup: 'subnets' })], []);
    aws.on(DescribeDBSubnetGroupsCommand).resolves({ DBSubnetGroups: [subnetGroup(PUBLIC_SUBNET)] });
    const group = {
      DBShardGroupIdentifier: 's1',
      DBClusterIdentifier: 'shop',
      Endpoint: 'shop.shardgrp-abc.example.com',
    };
    aws.on(DescribeDBShardGroupsCommand).resolves({ DBShardGroups: [{ ...group, PubliclyAccessible: true }] });
    const { door } = await collect();
    expect(door('/shards-s1')).toMatchObject({
      host: group.Endpoint,
      port: 5432,
      declared: { network: { level: 'off' } },
    });
    expect(door('/shop').declared.network?.level).toBe('off');
  });

  it('lists a global name in the region of its writer', async () => {
    const { DBClusterArn } = aCluster();
    const world = { GlobalClusterIdentifier: 'world', Endpoint: 'world.global-abc.global.rds.amazonaws.com' };
    const elsewhere = [{ DBClusterArn: 'arn:aws:rds:eu-west-1:111122223333:cluster:shop', IsWriter: true }];
    answer([aCluster()]);
    aws
      .on(DescribeGlobalClustersCommand)
      .resolvesOnce({ GlobalClusters: [{ ...world, GlobalClusterMembers: [{ DBClusterArn, IsWriter: true }] }] })
      .resolves({ GlobalClusters: [{ ...world, GlobalClusterMembers: elsewhere }] });
    const here = (await collect()).door('world/global');
    expect(here).toMatchObject({ host: world.Endpoint, engine: 'postgres' });
    expect((await collect()).endpoints.filter((e) => e.name === 'world')).toEqual([]);
    expect(await aurora.exists(testCell('aurora'), here)).toBe(false);
  });

  it('names what it was judged by', async () => {
    const KmsKeyId = 'arn:aws:kms:us-east-1:111122223333:key/k-1';
    const members = ['shop-1', 'shop-2'].map((id) => aMember(id, { DBSubnetGroup: subnetGroup(PUBLIC_SUBNET) }));
    const host = 'bi.cluster-custom-abc.us-east-1.rds.amazonaws.com';
    answer([aCluster({ KmsKeyId, HttpEndpointEnabled: true, CustomEndpoints: [host] })], members);
    aws
      .on(DescribeDBClusterEndpointsCommand)
      .resolves({ DBClusterEndpoints: [{ Endpoint: host, StaticMembers: ['shop-2'] }] });
    const { door } = await collect();
    const around = ['ec2:acl-1', 'ec2:rtb-public', 'ec2:sg-world', 'ec2:subnet-public', 'ec2:vpc-1', 'kms:key/k-1'];
    const groups = ['rds:cluster-pg/shop-group', 'rds:cluster/shop'];
    expect(door('/shop').dependencies).toEqual([
      ...around,
      ...groups,
      'rds:db/shop-1',
      'rds:db/shop-2',
      'rds:subgrp/subnets',
    ]);
    const second = [...around, ...groups, 'rds:db/shop-2', 'rds:subgrp/subnets'];
    expect(door('/custom-bi').dependencies).toEqual(second);
    expect(door('/instance-shop-2').dependencies).toEqual(second);
    expect(door('/data-api').dependencies).toEqual(['kms:key/k-1', 'rds:cluster/shop']);
  });

  it('names what a shard group and a global name were judged by', async () => {
    const { DBClusterArn } = aCluster();
    answer([aCluster({ ClusterScalabilityType: 'limitless', DBClusterMembers: [], DBSubnetGroup: 'subnets' })], []);
    aws.on(DescribeDBSubnetGroupsCommand).resolves({ DBSubnetGroups: [subnetGroup(PUBLIC_SUBNET)] });
    aws.on(DescribeDBShardGroupsCommand).resolves({
      DBShardGroups: [
        { DBShardGroupIdentifier: 's1', DBClusterIdentifier: 'shop', Endpoint: 's.x', PubliclyAccessible: true },
      ],
    });
    aws.on(DescribeGlobalClustersCommand).resolves({
      GlobalClusters: [
        { GlobalClusterIdentifier: 'world', Endpoint: 'w.x', GlobalClusterMembers: [{ DBClusterArn, IsWriter: true }] },
      ],
    });
    const { door } = await collect();
    const keys = [
      'ec2:acl-1',
      'ec2:rtb-public',
      'ec2:sg-world',
      'ec2:subnet-public',
      'ec2:vpc-1',
      'rds:cluster-pg/shop-group',
      'rds:cluster/shop',
      'rds:subgrp/subnets',
    ];
    for (const ending of ['/shards-s1', '/shop', '/world/global']) expect(door(ending).dependencies).toEqual(keys);
  });

  it('waits for every member before a new setting counts', async () => {
    const [first, second] = aCluster().DBClusterMembers ?? [];
    const DBClusterMembers = [first!, { ...second, DBClusterParameterGroupStatus: 'pending-reboot' }];
    answer([aCluster({ DBClusterMembers })]);
    expect((await collect()).endpoints[0]?.declared.tls).toMatchObject({ level: 'unknown', pending: 'on' });
  });

  it('does not guess what AWS does not document of Aurora: a switch without a value', async () => {
    answer([aCluster()], MEMBERS, {});
    expect((await collect()).endpoints[0]?.declared.tls?.level).toBe('unknown');
  });

  it('still judges members when the clusters are denied, and keeps the list in doubt', async () => {
    answer([]);
    aws.on(DescribeDBClustersCommand).rejects(awsError('AccessDenied', 403));
    const { endpoints, status } = await collect();
    expect(status).toBe('partial');
    expect(endpoints.map((e) => e.id)).toEqual([`${ID}/shop/instance-shop-1`, `${ID}/shop/instance-shop-2`]);
    expect(levels(endpoints[0]!)).toMatchObject({ network: 'on', tls: 'unknown', 'encryption-at-rest': 'on' });
  });

  it('keeps the list whole when a parameter group is denied', async () => {
    answer([aCluster()]);
    aws.on(DescribeDBClusterParametersCommand).rejects(awsError('AccessDenied', 403));
    const { endpoints, status, cell } = await collect();
    expect([status, endpoints[0]?.declared.tls?.level]).toEqual(['complete', 'unknown']);
    expect(cell.gaps()).toMatchObject([{ subject: 'parameter group shop-group', code: 'denied' }]);
  });

  it('reads DocumentDB and Neptune in the same lists, and leaves them alone', async () => {
    answer([aCluster({ Engine: 'docdb' }), aCluster({ Engine: 'neptune' })], []);
    expect((await collect()).endpoints).toEqual([]);
  });

  it('is in doubt where a page comes twice', async () => {
    answer([]);
    aws.on(DescribeDBClustersCommand).resolves({ DBClusters: [aCluster()], Marker: 'm' });
    expect((await collect()).status).toBe('partial');
  });
});
