import {
  type DBInstance,
  DescribeDBInstancesCommand,
  DescribeDBParametersCommand,
  DescribeOptionGroupsCommand,
  type Option,
  RDSClient,
} from '@aws-sdk/client-rds';
import { mockClient } from 'aws-sdk-client-mock';
import { afterEach, describe, expect, it } from 'vitest';
import { rds } from '../../lib/collectors/rds.ts';
import { awsError, collectWith, levels, testCell, UNREAD_NETWORK } from '../support/aws.ts';
import {
  anInstance,
  databaseInterface,
  groupsOf,
  NETWORK,
  PRIVATE_SUBNET,
  PUBLIC_SUBNET,
  subnetGroup,
} from '../support/rds.ts';

const aws = mockClient(RDSClient);
afterEach(() => aws.reset());

const DEMANDED = {
  'rds.force_ssl': '1',
  shared_preload_libraries: 'pg_stat_statements,pgaudit',
  'pgaudit.log': 'ddl,write',
};

function answer(instances: readonly DBInstance[], parameters: Readonly<Record<string, string>> = DEMANDED): void {
  aws.on(DescribeDBInstancesCommand).resolves({ DBInstances: [...instances] });
  aws.on(DescribeDBParametersCommand).resolves({
    Parameters: Object.entries(parameters).map(([ParameterName, ParameterValue]) => ({
      ParameterName,
      ParameterValue,
    })),
  });
}

function withOptions(...options: readonly Option[]): void {
  aws
    .on(DescribeOptionGroupsCommand)
    .resolves({ OptionGroupsList: [{ OptionGroupName: 'own', Options: [...options] }] });
}

const ownOptions = { OptionGroupMemberships: [{ OptionGroupName: 'own', Status: 'in-sync' }] };
const collect = () => collectWith(rds, { network: NETWORK });

describe('RDS instances', () => {
  it('finds nothing, and says that the list is whole, where there is nothing', async () => {
    answer([]);
    const { endpoints, status, cell } = await collect();
    expect([endpoints, status, cell.asked]).toEqual([[], 'complete', ['rds:DescribeDBInstances']]);
  });

  it('reads a private instance with all its protections on', async () => {
    answer([anInstance()]);
    const { endpoints, status } = await collect();
    expect(status).toBe('complete');
    expect(endpoints).toHaveLength(1);
    expect(endpoints[0]).toMatchObject({
      id: '111122223333/us-east-1/rds/orders',
      host: 'orders.abc.us-east-1.rds.amazonaws.com',
      port: 5432,
      engine: 'postgres',
      incarnation: 'db-ORDERS',
    });
    expect(levels(endpoints[0]!)).toEqual({
      network: 'on',
      authentication: 'on',
      tls: 'on',
      'encryption-at-rest': 'on',
      'audit-log': 'on',
    });
  });

  it.each([
    ['db-ORDERS', true],
    ['db-OTHER', false],
    [undefined, true],
  ])('is gone where another instance, %s, has its name now', async (DbiResourceId, expected) => {
    answer([anInstance()]);
    const [endpoint] = (await collect()).endpoints;
    answer([anInstance({ DbiResourceId })]);
    expect(await rds.exists(testCell('rds'), endpoint!)).toBe(expected);
  });

  it('names what it was judged by', async () => {
    const eni = databaseInterface({ NetworkInterfaceId: 'eni-9', SubnetId: PRIVATE_SUBNET });
    const option = {
      OptionName: 'SSL',
      Port: 2484,
      VpcSecurityGroupMemberships: [{ VpcSecurityGroupId: 'sg-office', Status: 'active' }],
    };
    withOptions(option);
    answer([
      anInstance({
        ...ownOptions,
        PubliclyAccessible: true,
        DBSubnetGroup: subnetGroup(PRIVATE_SUBNET),
        DBSecurityGroups: [{ DBSecurityGroupName: 'classic' }],
        PendingModifiedValues: { DBSubnetGroupName: 'others' },
        KmsKeyId: 'arn:aws:kms:us-east-1:111122223333:key/k-1',
      }),
    ]);
    const { door } = await collectWith(rds, { network: { ...NETWORK, interfaces: [eni] } });
    const around = ['ec2:acl-1', 'ec2:eni-9', 'ec2:rtb-private'];
    const place = ['ec2:sg-world', 'ec2:subnet-private', 'ec2:vpc-1', 'kms:key/k-1'];
    const own = ['rds:db/orders', 'rds:og/own', 'rds:pg/orders-16', 'rds:secgrp/classic'];
    const groups = ['rds:subgrp/others', 'rds:subgrp/subnets'];
    expect(door('/orders').dependencies).toEqual([...around, ...place, ...own, ...groups]);
    expect(door('/ssl').dependencies).toEqual([...around, 'ec2:sg-office', ...place, ...own, ...groups]);
  });

  it('reads an instance with everything taken off', async () => {
    const open = { PubliclyAccessible: true, StorageEncrypted: false, EnabledCloudwatchLogsExports: undefined };
    answer([anInstance(open)], { ...DEMANDED, 'rds.force_ssl': '0' });
    const { endpoints } = await collect();
    expect(levels(endpoints[0]!)).toEqual({
      network: 'off',
      authentication: 'on',
      tls: 'partial',
      'encryption-at-rest': 'off',
      'audit-log': 'partial',
    });
    expect(endpoints[0]?.declared.network?.evidence).toContain('sg-world');
  });

  it.each<[string, Partial<DBInstance>, string]>([
    ['a group for one office', { VpcSecurityGroups: groupsOf('sg-office') }, 'partial'],
    ['a group that lets nobody in', { VpcSecurityGroups: groupsOf('sg-shut') }, 'on'],
    ['a private subnet', { DBSubnetGroup: subnetGroup(PRIVATE_SUBNET) }, 'on'],
    ['one public subnet of two', { DBSubnetGroup: subnetGroup(PRIVATE_SUBNET, PUBLIC_SUBNET) }, 'off'],
    [
      'an open group on its way out',
      {
        VpcSecurityGroups: [...groupsOf('sg-shut'), { VpcSecurityGroupId: 'sg-world', Status: 'removing' }],
      },
      'off',
    ],
    ['a flag that is absent', { PubliclyAccessible: undefined }, 'unknown'],
    ['no groups', { VpcSecurityGroups: undefined }, 'unknown'],
    ['no subnets', { DBSubnetGroup: undefined }, 'unknown'],
  ])('judges a publicly accessible instance with %s', async (_, change, level) => {
    answer([anInstance({ PubliclyAccessible: true, ...change })]);
    expect(levels((await collect()).endpoints[0]!)).toMatchObject({ network: level });
  });

  it('does not know what a network that was not read lets in', async () => {
    answer([anInstance({ PubliclyAccessible: true })]);
    const { endpoints } = await collectWith(rds, { network: UNREAD_NETWORK });
    expect(endpoints[0]?.declared.network?.level).toBe('unknown');
  });

  it('says that a subnet group nobody has looked at is on its way', async () => {
    answer([anInstance({ PendingModifiedValues: { DBSubnetGroupName: 'other' } })]);
    expect((await collect()).endpoints[0]?.declared.network).toMatchObject({ level: 'on', pending: 'unknown' });
  });

  it('leaves clusters, DocumentDB and Neptune to their own collectors', async () => {
    answer([
      anInstance({ DBInstanceIdentifier: 'a', DBClusterIdentifier: 'shop', Engine: 'aurora-mysql' }),
      anInstance({ DBInstanceIdentifier: 'b', Engine: 'docdb' }),
      anInstance({ DBInstanceIdentifier: 'c', Engine: 'neptune' }),
      anInstance({ DBInstanceIdentifier: 'd', Engine: 'something-new' }),
    ]);
    const { endpoints } = await collect();
    expect(endpoints.map((e) => [e.name, e.engine, e.declared.tls?.level])).toEqual([['d', 'unidentified', 'unknown']]);
  });

  it('reads a parameter group once, however many instances have it', async () => {
    answer([anInstance(), anInstance({ DBInstanceIdentifier: 'returns' })]);
    const { cell } = await collect();
    expect(cell.asked).toEqual(['rds:DescribeDBInstances', 'rds:DescribeDBParameters']);
    expect(aws.commandCalls(DescribeDBParametersCommand)[0]?.args[0].input).toMatchObject({
      DBParameterGroupName: 'orders-16',
      Filters: [{ Name: 'parameter-name', Values: expect.arrayContaining(['rds.force_ssl']) }],
    });
  });

  it('does not take a strength that waits for a reboot for one that is in force', async () => {
    const DBParameterGroups = [{ DBParameterGroupName: 'orders-16', ParameterApplyStatus: 'pending-reboot' }];
    answer([anInstance({ DBParameterGroups })]);
    const { tls } = (await collect()).endpoints[0]!.declared;
    expect(tls).toMatchObject({ level: 'unknown', pending: 'on' });
    expect(tls?.evidence).toContain('ParameterApplyStatus=pending-reboot');
  });

  it('counts a weakness from the moment it is configured', async () => {
    const DBParameterGroups = [{ DBParameterGroupName: 'orders-16', ParameterApplyStatus: 'pending-reboot' }];
    answer([anInstance({ DBParameterGroups })], { 'rds.force_ssl': '0' });
    expect((await collect()).endpoints[0]?.declared.tls?.level).toBe('partial');
  });

  it('has the listener of SQL Server as a door of its own', async () => {
    const ListenerEndpoint = { Address: 'orders-ag.abc.us-east-1.rds.amazonaws.com', Port: 1433 };
    answer([anInstance({ Engine: 'sqlserver-ee', ListenerEndpoint })], { 'rds.force_ssl': '1' });
    const { door } = await collect();
    expect(door('/listener')).toMatchObject({ host: ListenerEndpoint.Address, port: 1433, engine: 'sqlserver' });
  });

  it('has ports of options as doors of their own', async () => {
    answer([anInstance({ Engine: 'mysql', PubliclyAccessible: true, ...ownOptions })]);
    withOptions({ OptionName: 'MEMCACHED', Port: 11_211 }, { OptionName: 'MARIADB_AUDIT_PLUGIN' });
    const { door } = await collect();
    expect(door('/memcached')).toMatchObject({ port: 11_211, engine: 'memcached' });
    expect(levels(door('/memcached'))).toMatchObject({ network: 'off', authentication: 'off', tls: 'off' });
  });

  it('lets groups of an option in to its port', async () => {
    const groups = { VpcSecurityGroups: groupsOf('sg-shut'), PubliclyAccessible: true };
    answer([anInstance({ Engine: 'oracle-ee', ...groups, ...ownOptions })]);
    withOptions({ OptionName: 'OEM', Port: 5500, VpcSecurityGroupMemberships: groupsOf('sg-world') });
    const { endpoints } = await collect();
    expect(endpoints.map((e) => [e.port, e.declared.network?.level, e.declared.authentication?.level])).toEqual([
      [5432, 'on', 'on'],
      [5500, 'off', 'unknown'],
    ]);
  });

  it('has the TLS port of Db2 beside its plain one', async () => {
    answer([anInstance({ Engine: 'db2-se' })], { DB2COMM: 'TCPIP,SSL', SSL_SVCENAME: '50443' });
    const { endpoints } = await collect();
    expect(endpoints.map((e) => [e.port, e.declared.tls?.level])).toEqual([
      [5432, 'off'],
      [50_443, 'on'],
    ]);
  });

  it('says that an instance has no endpoint yet, and keeps the list whole', async () => {
    answer([anInstance({ Endpoint: undefined, DBInstanceStatus: 'creating' })]);
    const { endpoints, status, cell } = await collect();
    expect([endpoints, status]).toEqual([[], 'complete']);
    expect(cell.gaps()).toMatchObject([{ subject: 'orders', code: 'incomplete' }]);
  });

  it('keeps the list whole when a parameter group is denied, and knows nothing of its settings', async () => {
    answer([anInstance(), anInstance({ DBInstanceIdentifier: 'returns' })]);
    aws.on(DescribeDBParametersCommand).rejects(awsError('AccessDenied', 403));
    const { endpoints, status, cell } = await collect();
    expect(status).toBe('complete');
    expect(cell.gaps()).toMatchObject([{ subject: 'parameter group orders-16', code: 'denied' }]);
    expect(endpoints.map((e) => e.declared.tls?.level)).toEqual(['unknown', 'unknown']);
    expect(endpoints.map((e) => e.declared['encryption-at-rest']?.level)).toEqual(['on', 'on']);
  });

  it('reads all pages, and is in doubt where a page comes twice', async () => {
    answer([]);
    aws
      .on(DescribeDBInstancesCommand)
      .resolvesOnce({ DBInstances: [anInstance()], Marker: 'm' })
      .resolves({ DBInstances: [anInstance({ DBInstanceIdentifier: 'b' })], Marker: 'm' });
    const { endpoints, status } = await collect();
    expect([endpoints.length, status]).toEqual([2, 'partial']);
  });

  it('bounds and cleans hostile text', async () => {
    const name = `a\u202e\n${'x'.repeat(5_000)}`;
    const { Endpoint, DBInstanceArn } = anInstance();
    answer(
      [
        anInstance({
          DBInstanceIdentifier: name,
          Endpoint,
          DBInstanceArn,
          TagList: [{ Key: 'k\u0000', Value: 'v'.repeat(9_999) }],
        }),
      ],
      {
        'rds.force_ssl': `1\u202e${'9'.repeat(100_000)}`,
      },
    );
    const [endpoint] = (await collect()).endpoints;
    expect(endpoint?.id.length).toBeLessThanOrEqual(256);
    expect(JSON.stringify(endpoint)).not.toMatch(/[\u202e\u0000]/u);
    expect(endpoint?.declared.tls?.level).toBe('unknown');
  });

  it('confirms a deletion only on the word of the API', async () => {
    answer([anInstance()]);
    const [endpoint] = (await collect()).endpoints;
    const ask = (id: string = endpoint!.id) => rds.exists(testCell('rds'), { ...endpoint!, id });
    aws.reset();
    aws
      .on(DescribeDBInstancesCommand)
      .rejectsOnce(awsError('DBInstanceNotFoundFault', 404))
      .rejectsOnce(awsError('Throttling'))
      .resolves({ DBInstances: [anInstance()] });
    expect([await ask(), await ask(), await ask()]).toEqual([false, undefined, true]);
    // Nobody answers for the parameters, which may open a port.
    expect(await ask(`${endpoint!.id}/ssl`)).toBeUndefined();
    answer([anInstance()]);
    expect(await ask(`${endpoint!.id}/ssl`)).toBe(false);
    // It was seen first under another name, which its id keeps.
    expect(await ask('111122223333/us-east-1/rds/old-name@db-ORDERS')).toBe(true);
  });
});
