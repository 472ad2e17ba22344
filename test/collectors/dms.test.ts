import {
  DatabaseMigrationServiceClient,
  DescribeEndpointsCommand,
  DescribeInstanceProfilesCommand,
  DescribeReplicationInstancesCommand,
  DescribeReplicationTasksCommand,
  type Endpoint,
  type ReplicationInstance,
} from '@aws-sdk/client-database-migration-service';
import { mockClient } from 'aws-sdk-client-mock';
import { afterEach, describe, expect, it } from 'vitest';
import { dms } from '../../lib/collectors/dms.ts';
import type { Network } from '../../lib/model/network.ts';
import { awsError, collectWith, levels, testCell, UNREAD_NETWORK } from '../support/aws.ts';
import { NETWORK, networkWith, PUBLIC_SUBNET, publicInterface, VPC } from '../support/fronts.ts';

const aws = mockClient(DatabaseMigrationServiceClient);
afterEach(() => aws.reset());

const ARN = 'arn:aws:dms:us-east-1:111122223333:rep:MOVE';

function instance(change: Partial<ReplicationInstance> = {}): ReplicationInstance {
  return {
    ReplicationInstanceIdentifier: 'move',
    ReplicationInstanceArn: ARN,
    InstanceCreateTime: new Date('2026-01-02T03:04:05.000Z'),
    KmsKeyId: 'key-1',
    PubliclyAccessible: false,
    ReplicationInstancePrivateIpAddresses: ['10.0.0.9'],
    ReplicationInstancePublicIpAddresses: [''],
    VpcSecurityGroups: [{ VpcSecurityGroupId: 'sg-world' }],
    ReplicationSubnetGroup: { VpcId: VPC, Subnets: [{ SubnetIdentifier: PUBLIC_SUBNET }] },
    ...change,
  };
}
const exposed = { PubliclyAccessible: true, ReplicationInstancePublicIpAddresses: ['52.0.0.1'] };

function answer(instances: readonly ReplicationInstance[], ...endpoints: readonly Partial<Endpoint>[]): void {
  aws.on(DescribeReplicationInstancesCommand).resolves({ ReplicationInstances: [...instances] });
  aws.on(DescribeInstanceProfilesCommand).resolves({ InstanceProfiles: [] });
  aws.on(DescribeEndpointsCommand).resolves({
    Endpoints: endpoints.map((e, i) => ({ EndpointArn: `e${i}`, EndpointIdentifier: `end-${i}`, ...e })),
  });
  aws.on(DescribeReplicationTasksCommand).resolves({
    ReplicationTasks: endpoints.map((_, i) => ({
      ReplicationInstanceArn: ARN,
      SourceEndpointArn: `e${i}`,
      TargetEndpointArn: `e${i}`,
    })),
  });
}

async function networkOf(change: Partial<ReplicationInstance>, network: Network = NETWORK) {
  answer([instance(change)]);
  const { endpoints } = await collectWith(dms, { network });
  return { ...endpoints[0]?.declared.network, host: endpoints[0]?.host, port: endpoints[0]?.port };
}

describe('DMS replication instances', () => {
  it('finds nothing, and says that the list is whole, where there is nothing', async () => {
    answer([]);
    const { endpoints, status, cell } = await collectWith(dms);
    expect([endpoints, status, cell.asked]).toEqual([
      [],
      'complete',
      ['dms:DescribeReplicationInstances', 'dms:ListInstanceProfiles'],
    ]);
  });

  it('reads a private instance', async () => {
    answer([instance()], { EngineName: 'postgres', SslMode: 'verify-full' });
    const { endpoints, status } = await collectWith(dms, { network: NETWORK });
    expect(status).toBe('complete');
    expect(endpoints[0]).toMatchObject({
      id: '111122223333/us-east-1/dms/move',
      host: '10.0.0.9',
      engine: 'unidentified',
      incarnation: '2026-01-02T03:04:05.000Z',
    });
    expect(levels(endpoints[0]!)).toEqual({ network: 'on', tls: 'on', 'encryption-at-rest': 'on' });
  });

  it('names what it was judged by', async () => {
    const ReplicationSubnetGroup = {
      ReplicationSubnetGroupIdentifier: 'subnets',
      VpcId: VPC,
      Subnets: [{ SubnetIdentifier: PUBLIC_SUBNET }],
    };
    answer([instance({ ...exposed, ReplicationSubnetGroup })]);
    const eni = publicInterface('52.0.0.1', { NetworkInterfaceId: 'eni-5', Groups: [{ GroupId: 'sg-office' }] });
    const { endpoints } = await collectWith(dms, { network: networkWith(eni) });
    expect(endpoints[0]?.dependencies).toEqual([
      'dms:rep/move',
      'dms:subgrp/subnets',
      'ec2:acl-1',
      'ec2:eni-5',
      'ec2:rtb-public',
      'ec2:sg-office',
      'ec2:sg-world',
      'ec2:subnet-public',
      'ec2:vpc-1',
      'kms:key/key-1',
    ]);
  });

  it('judges a public one on every port, by its own interface', async () => {
    const shut = publicInterface('52.0.0.1', { Groups: [{ GroupId: 'sg-shut' }] });
    expect(await networkOf(exposed, networkWith(publicInterface('52.0.0.1')))).toMatchObject({
      level: 'off',
      host: '52.0.0.1',
    });
    expect(await networkOf(exposed, networkWith(shut))).toMatchObject({ level: 'on', port: 443 });
    const office = publicInterface('52.0.0.1', { Groups: [{ GroupId: 'sg-office' }] });
    expect(await networkOf(exposed, networkWith(office))).toMatchObject({ level: 'partial' });
  });

  it('assumes its subnets where its interface is hidden, and says so', async () => {
    const { level, evidence } = await networkOf(exposed);
    expect([level, evidence]).toEqual(['off', expect.stringContaining('subnet assumed')]);
  });

  it('sees IPv6 that PubliclyAccessible says nothing of', async () => {
    const six = { ReplicationInstanceIpv6Addresses: ['2600:1f18::9'] };
    expect(await networkOf(six)).toMatchObject({ level: 'off', host: '2600:1f18::9' });
  });

  it('does not know what a second address family will open', async () => {
    const coming = (NetworkType: string) => networkOf({ PendingModifiedValues: { NetworkType } });
    expect(await coming('DUAL')).toMatchObject({ level: 'on', pending: 'unknown' });
    expect(await coming('IPV4')).not.toHaveProperty('pending');
  });

  it('calls nothing safe that was not said or read', async () => {
    expect(await networkOf({ PubliclyAccessible: undefined })).toMatchObject({ level: 'unknown' });
    expect(await networkOf({ PubliclyAccessible: true })).toMatchObject({ level: 'unknown' });
    expect(await networkOf(exposed, UNREAD_NETWORK)).toMatchObject({ level: 'unknown' });
    answer([instance({ KmsKeyId: undefined })]);
    const { endpoints } = await collectWith(dms);
    expect(levels(endpoints[0]!)['encryption-at-rest']).toBe('unknown');
  });

  it('takes the weakest connection of its tasks for all', async () => {
    answer(
      [instance()],
      { EngineName: 'mysql', SslMode: 'verify-ca' },
      { EngineName: 'redis', RedisSettings: { ServerName: 'r', Port: 6379, SslSecurityProtocol: 'plaintext' } },
    );
    const { endpoints } = await collectWith(dms);
    expect(endpoints[0]?.declared.tls).toMatchObject({
      level: 'off',
      evidence: 'end-1: RedisSettings.SslSecurityProtocol=plaintext',
    });
  });

  it('never lists the servers of others that it copies from as doors of ours', async () => {
    answer([instance()], { EngineName: 'oracle', SslMode: 'none', ServerName: 'db.partner.example', Port: 1521 });
    const { endpoints } = await collectWith(dms);
    expect(endpoints.map((e) => e.host)).toEqual(['10.0.0.9']);
  });

  it('keeps the list whole and tls unknown where tasks are denied', async () => {
    answer([instance()], { EngineName: 'mysql', SslMode: 'verify-ca' });
    aws.on(DescribeReplicationTasksCommand).rejects(awsError('AccessDeniedException', 400));
    const { endpoints, status, cell } = await collectWith(dms);
    expect([status, endpoints[0]?.declared.tls?.level]).toEqual(['complete', 'unknown']);
    expect(cell.gaps()).toMatchObject([{ subject: 'dms replication tasks', code: 'denied' }]);
  });

  it('reads every page, doubts a repeated token, and is denied as a whole', async () => {
    answer([]);
    aws
      .on(DescribeReplicationInstancesCommand)
      .resolvesOnce({ ReplicationInstances: [instance()], Marker: '1' })
      .resolvesOnce({ ReplicationInstances: [instance({ ReplicationInstanceIdentifier: 'other' })] })
      .resolvesOnce({ ReplicationInstances: [instance()], Marker: '1' })
      .resolvesOnce({ ReplicationInstances: [instance()], Marker: '1' })
      .rejects(awsError('AccessDeniedException', 400));
    const first = await collectWith(dms);
    expect([first.status, first.endpoints.length]).toEqual(['complete', 2]);
    expect((await collectWith(dms)).status).toBe('partial');
    expect((await collectWith(dms)).status).toBe('denied');
  });

  it('does not lose an instance without an address silently', async () => {
    answer([instance({ ReplicationInstancePrivateIpAddresses: undefined, ReplicationInstanceStatus: 'creating' })]);
    const { endpoints, cell } = await collectWith(dms);
    expect(endpoints).toEqual([]);
    expect(cell.gaps()).toMatchObject([{ subject: 'move', code: 'incomplete' }]);
  });

  it('bounds and cleans a hostile name', async () => {
    answer([instance({ ReplicationInstanceIdentifier: `a\u202e\n${'x'.repeat(5_000)}` })]);
    const { endpoints } = await collectWith(dms);
    expect(endpoints[0]?.id.length).toBeLessThanOrEqual(256);
    expect(endpoints[0]?.id).not.toMatch(/[\u202e\n]/u);
  });
});

describe('DMS instance profiles', () => {
  it('name what they were judged by', async () => {
    answer([]);
    const InstanceProfiles = [
      { InstanceProfileName: 'serverless', SubnetGroupIdentifier: 'subnets', VpcSecurityGroups: ['sg-1'] },
    ];
    aws.on(DescribeInstanceProfilesCommand).resolves({ InstanceProfiles });
    const { endpoints } = await collectWith(dms);
    expect(endpoints[0]?.dependencies).toEqual(['dms:instance-profile/serverless', 'dms:subgrp/subnets', 'ec2:sg-1']);
  });

  it.each([
    [true, 'partial'],
    [false, 'on'],
    [undefined, 'unknown'],
  ])('says what PubliclyAccessible=%s is worth, without a host to visit', async (PubliclyAccessible, level) => {
    answer([]);
    aws
      .on(DescribeInstanceProfilesCommand)
      .resolves({ InstanceProfiles: [{ InstanceProfileName: 'serverless', PubliclyAccessible }] });
    const { endpoints } = await collectWith(dms);
    expect(endpoints).toMatchObject([
      { id: '111122223333/us-east-1/dms/serverless/profile', shared: true, host: 'dms.us-east-1.amazonaws.com' },
    ]);
    expect(levels(endpoints[0]!)).toEqual({ network: level });
  });
});

describe('whether a DMS resource exists', () => {
  it('is false only on the word of the API', async () => {
    answer([instance()]);
    aws.on(DescribeInstanceProfilesCommand).resolves({ InstanceProfiles: [{ InstanceProfileName: 'serverless' }] });
    const { door } = await collectWith(dms);
    aws.reset();
    const ask = (ending: string) => dms.exists(testCell('dms'), door(ending));
    aws
      .on(DescribeReplicationInstancesCommand)
      .rejectsOnce(awsError('ResourceNotFoundFault'))
      .rejectsOnce(awsError('ThrottlingException'))
      .resolves({ ReplicationInstances: [instance()] });
    aws
      .on(DescribeInstanceProfilesCommand)
      .resolvesOnce({ InstanceProfiles: [] })
      .rejectsOnce(awsError('ThrottlingException'))
      .resolves({ InstanceProfiles: [{ InstanceProfileName: 'serverless' }] });
    expect([await ask('/move'), await ask('/move'), await ask('/move')]).toEqual([false, undefined, true]);
    expect([await ask('/profile'), await ask('/profile'), await ask('/profile')]).toEqual([false, undefined, true]);
  });

  it('is false where another instance or profile has its name now', async () => {
    const InstanceProfileCreationTime = new Date(0);
    const profile = { InstanceProfileName: 'serverless', InstanceProfileCreationTime };
    answer([instance()]);
    aws.on(DescribeInstanceProfilesCommand).resolves({ InstanceProfiles: [profile] });
    const { endpoints } = await collectWith(dms);
    const ask = () => Promise.all(endpoints.map((endpoint) => dms.exists(testCell('dms'), endpoint)));
    expect(await ask()).toEqual([true, true]);
    answer([instance({ InstanceCreateTime: new Date(1) })]);
    aws
      .on(DescribeInstanceProfilesCommand)
      .resolves({ InstanceProfiles: [{ ...profile, InstanceProfileCreationTime: new Date(1) }] });
    expect(await ask()).toEqual([false, false]);
  });

  it('is not known where the answer holds no list', async () => {
    answer([instance()]);
    aws.on(DescribeInstanceProfilesCommand).resolves({ InstanceProfiles: [{ InstanceProfileName: 'serverless' }] });
    const { endpoints } = await collectWith(dms);
    aws.reset();
    aws.on(DescribeReplicationInstancesCommand).resolves({});
    aws.on(DescribeInstanceProfilesCommand).resolves({});
    const said = await Promise.all(endpoints.map((endpoint) => dms.exists(testCell('dms'), endpoint)));
    expect(said).toEqual([undefined, undefined]);
  });

  it('asks for an instance that is called like a door by its own list', async () => {
    answer([instance({ ReplicationInstanceIdentifier: 'profile' })]);
    const { endpoints } = await collectWith(dms);
    const cell = testCell('dms');
    expect([await dms.exists(cell, endpoints[0]!), cell.asked]).toEqual([true, ['dms:DescribeReplicationInstances']]);
  });
});
