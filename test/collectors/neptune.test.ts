import {
  type DBCluster,
  type DBInstance,
  DescribeDBClusterParametersCommand,
  DescribeDBClustersCommand,
  DescribeDBInstancesCommand,
  RDSClient,
} from '@aws-sdk/client-rds';
import { mockClient } from 'aws-sdk-client-mock';
import { afterEach, describe, expect, it } from 'vitest';
import { neptune } from '../../lib/collectors/neptune.ts';
import { awsError, collectWith, levels, testCell } from '../support/aws.ts';
import { aCluster, aMember, groupsOf, NETWORK } from '../support/rds.ts';

const aws = mockClient(RDSClient);
afterEach(() => aws.reset());

const cluster = (change: Partial<DBCluster> = {}): DBCluster =>
  aCluster({
    Engine: 'neptune',
    EngineVersion: '1.4.6.0',
    Port: 8182,
    EnabledCloudwatchLogsExports: ['audit'],
    ...change,
  });
const member = (id: string, change: Partial<DBInstance> = {}) => aMember(id, { Engine: 'neptune', ...change });

function answer(clusters: readonly DBCluster[], members = [member('shop-1'), member('shop-2')], audit = '1'): void {
  aws.on(DescribeDBClustersCommand).resolves({ DBClusters: [...clusters] });
  aws.on(DescribeDBInstancesCommand).resolves({ DBInstances: members });
  aws
    .on(DescribeDBClusterParametersCommand)
    .resolves({ Parameters: [{ ParameterName: 'neptune_enable_audit_log', ParameterValue: audit }] });
}

const collect = () => collectWith(neptune, { network: NETWORK });

describe('Neptune clusters', () => {
  it('finds nothing, and says that the list is whole, where there is nothing', async () => {
    answer([aCluster()], []);
    const { endpoints, status } = await collect();
    expect([endpoints, status]).toEqual([[], 'complete']);
  });

  it('reads a cluster with everything on', async () => {
    answer([cluster()]);
    const { endpoints } = await collect();
    expect(endpoints).toHaveLength(4);
    expect(endpoints[0]).toMatchObject({ engine: 'neptune', port: 8182, incarnation: 'cluster-SHOP' });
    expect(levels(endpoints[0]!)).toEqual({
      network: 'on',
      authentication: 'on',
      tls: 'on',
      'encryption-at-rest': 'on',
      'audit-log': 'on',
    });
  });

  it('names what it was judged by', async () => {
    answer([cluster({ KmsKeyId: 'k-1' })]);
    const { door } = await collect();
    const around = ['ec2:acl-1', 'ec2:rtb-public', 'ec2:sg-world', 'ec2:subnet-public', 'ec2:vpc-1', 'kms:key/k-1'];
    const groups = ['rds:cluster-pg/shop-group', 'rds:cluster/shop'];
    const all = [...around, ...groups, 'rds:db/shop-1', 'rds:db/shop-2', 'rds:subgrp/subnets'];
    expect(door('/shop').dependencies).toEqual(all);
    expect(door('/instance-shop-1').dependencies).toEqual(all.filter((key) => key !== 'rds:db/shop-2'));
  });

  it('has no authentication at all without IAM', async () => {
    answer([cluster({ IAMDatabaseAuthenticationEnabled: false })]);
    expect((await collect()).endpoints[0]?.declared.authentication).toMatchObject({
      level: 'off',
      evidence: 'IAMDatabaseAuthenticationEnabled=false',
    });
  });

  it('says that authentication is on its way out', async () => {
    answer([cluster({ PendingModifiedValues: { IAMDatabaseAuthenticationEnabled: false } })]);
    expect((await collect()).endpoints[0]?.declared.authentication).toMatchObject({ level: 'on', pending: 'off' });
  });

  it('is on the internet where one member is publicly accessible', async () => {
    answer([cluster()], [member('shop-1'), member('shop-2', { PubliclyAccessible: true })]);
    const { door } = await collect();
    const network = (ending: string) => door(ending).declared.network?.level;
    expect([network('/shop'), network('/reader'), network('shop-1'), network('shop-2')]).toEqual([
      'off',
      'off',
      'on',
      'off',
    ]);
  });

  it('is closed where the groups of a publicly accessible member let nobody in', async () => {
    const VpcSecurityGroups = groupsOf('sg-shut');
    answer([cluster({ VpcSecurityGroups })], [member('shop-1', { PubliclyAccessible: true, VpcSecurityGroups })]);
    expect((await collect()).door('shop-1').declared.network?.level).toBe('on');
  });

  it('knows nothing of a member that is not listed', async () => {
    answer([cluster()], []);
    expect((await collect()).endpoints[0]?.declared.network?.level).toBe('unknown');
  });

  it.each<[string, Partial<DBCluster>, string, object]>([
    ['an audit log that is not written', {}, '0', { 'audit-log': 'off' }],
    ['an audit log that is not exported', { EnabledCloudwatchLogsExports: undefined }, '1', { 'audit-log': 'partial' }],
    ['no encryption', { StorageEncrypted: false }, '1', { 'encryption-at-rest': 'off' }],
    ['no word on authentication', { IAMDatabaseAuthenticationEnabled: undefined }, '1', { authentication: 'unknown' }],
  ])('reads a cluster with %s', async (_, change, audit, expected) => {
    answer([cluster(change)], undefined, audit);
    expect(levels((await collect()).endpoints[0]!)).toMatchObject(expected);
  });

  it('knows nothing of parameters that are denied, and keeps the list whole', async () => {
    answer([cluster()]);
    aws.on(DescribeDBClusterParametersCommand).rejects(awsError('AccessDenied', 403));
    const { endpoints, status } = await collect();
    expect([status, endpoints[0]?.declared['audit-log']?.level]).toEqual(['complete', 'unknown']);
  });

  it('keeps the list in doubt when it is denied', async () => {
    aws.onAnyCommand().rejects(awsError('AccessDenied', 403));
    expect((await collect()).status).toBe('denied');
  });

  it('confirms a deletion only on the word of the API', async () => {
    answer([cluster()]);
    const { door } = await collect();
    const ask = (ending: string) => neptune.exists(testCell('neptune'), door(ending));
    expect([await ask('/shop'), await ask('/instance-shop-1')]).toEqual([true, true]);
    aws.on(DescribeDBClustersCommand).rejects(awsError('Throttling'));
    aws.on(DescribeDBInstancesCommand).rejects(awsError('DBInstanceNotFoundFault', 404));
    expect([await ask('/shop'), await ask('/instance-shop-1')]).toEqual([undefined, false]);
  });
});
