import {
  GetDbClusterCommand,
  type GetDbClusterOutput,
  GetDbInstanceCommand,
  type GetDbInstanceOutput,
  ListDbClustersCommand,
  ListDbInstancesCommand,
  ListDbInstancesForClusterCommand,
  TimestreamInfluxDBClient,
} from '@aws-sdk/client-timestream-influxdb';
import { mockClient } from 'aws-sdk-client-mock';
import { afterEach, describe, expect, it } from 'vitest';
import { timestreamInfluxdb } from '../../lib/collectors/timestream-influxdb.ts';
import { awsError, collectWith, levels, testCell, UNREAD_NETWORK } from '../support/aws.ts';
import { NETWORK, PRIVATE_SUBNET, PUBLIC_SUBNET } from '../support/rds.ts';

const aws = mockClient(TimestreamInfluxDBClient);
afterEach(() => aws.reset());

const HOST = 'sensors-abc.timestream-influxdb.us-east-1.on.aws';
const ARN = 'arn:aws:timestream-influxdb:us-east-1:111122223333';

function instance(change: Partial<GetDbInstanceOutput> = {}): GetDbInstanceOutput {
  const id = change.id ?? 'i1';
  return {
    id,
    name: 'sensors',
    arn: `${ARN}:db-instance/${id}`,
    status: 'AVAILABLE',
    endpoint: HOST,
    port: 8086,
    networkType: 'IPV4',
    publiclyAccessible: false,
    vpcSubnetIds: [PUBLIC_SUBNET],
    vpcSecurityGroupIds: ['sg-world'],
    logDeliveryConfiguration: { s3Configuration: { bucketName: 'logs', enabled: true } },
    ...change,
  };
}

function cluster(change: Partial<GetDbClusterOutput> = {}): GetDbClusterOutput {
  return {
    id: 'c1',
    name: 'sensors',
    arn: `${ARN}:db-cluster/c1`,
    status: 'AVAILABLE',
    endpoint: `c.${HOST}`,
    readerEndpoint: `r.${HOST}`,
    port: 8086,
    networkType: 'IPV4',
    publiclyAccessible: false,
    vpcSubnetIds: [PUBLIC_SUBNET],
    vpcSecurityGroupIds: ['sg-world'],
    ...change,
  };
}

const summary = ({ id, name, arn }: GetDbInstanceOutput | GetDbClusterOutput) => ({ id, name, arn });

function answer(
  instances: readonly GetDbInstanceOutput[],
  clusters: readonly GetDbClusterOutput[] = [],
  members: readonly GetDbInstanceOutput[] = [],
): void {
  aws.on(ListDbInstancesCommand).resolves({ items: instances.map(summary) });
  aws.on(ListDbClustersCommand).resolves({ items: clusters.map(summary) });
  aws.on(ListDbInstancesForClusterCommand).resolves({ items: members.map(summary) });
  aws
    .on(GetDbInstanceCommand)
    .callsFake(({ identifier }: { identifier: string }) => [...instances, ...members].find((i) => i.id === identifier));
  aws
    .on(GetDbClusterCommand)
    .callsFake(({ dbClusterId }: { dbClusterId: string }) => clusters.find((c) => c.id === dbClusterId));
}

describe('Timestream for InfluxDB', () => {
  it('finds nothing, and says that the lists are whole, where there is nothing', async () => {
    answer([]);
    const { endpoints, status, cell } = await collectWith(timestreamInfluxdb);
    expect([endpoints, status]).toEqual([[], 'complete']);
    expect(cell.asked).toEqual(['timestream-influxdb:ListDbInstances', 'timestream-influxdb:ListDbClusters']);
  });

  it('reads a private instance', async () => {
    answer([instance()]);
    const { endpoints, status, cell } = await collectWith(timestreamInfluxdb, { network: NETWORK });
    expect([status, cell.gaps()]).toEqual(['complete', []]);
    expect(endpoints).toMatchObject([
      {
        id: '111122223333/us-east-1/timestream-influxdb/sensors',
        host: HOST,
        port: 8086,
        engine: 'influxdb',
        incarnation: 'i1',
      },
    ]);
    expect(levels(endpoints[0]!)).toEqual({
      network: 'on',
      authentication: 'on',
      tls: 'on',
      'encryption-at-rest': 'on',
      'audit-log': 'on',
    });
  });

  it('names what it was judged by', async () => {
    answer([instance({ dbClusterId: 'c1' })], [cluster({ vpcSubnetIds: [PRIVATE_SUBNET] })]);
    const { door } = await collectWith(timestreamInfluxdb, { network: NETWORK });
    expect(door('/sensors').dependencies).toEqual([
      'ec2:acl-1',
      'ec2:rtb-public',
      'ec2:sg-world',
      'ec2:subnet-public',
      'ec2:vpc-1',
      'timestream-influxdb:db-cluster/c1',
      'timestream-influxdb:db-instance/i1',
    ]);
    const reader = ['ec2:acl-1', 'ec2:rtb-private', 'ec2:sg-world', 'ec2:subnet-private', 'ec2:vpc-1'];
    expect(door('/reader').dependencies).toEqual([...reader, 'timestream-influxdb:db-cluster/c1']);
  });

  it.each([
    ['world', ['sg-world'], PUBLIC_SUBNET, 'off'],
    ['one office', ['sg-office'], PUBLIC_SUBNET, 'partial'],
    ['nobody, by its groups', ['sg-shut'], PUBLIC_SUBNET, 'on'],
    ['nobody, by its routes', ['sg-world'], PRIVATE_SUBNET, 'on'],
    ['who knows: a group that cannot be read', ['sg-elsewhere'], PUBLIC_SUBNET, 'unknown'],
    ['who knows: no groups returned', undefined, PUBLIC_SUBNET, 'unknown'],
  ])('opens a public instance to %s', async (_, vpcSecurityGroupIds, subnet, level) => {
    const db = instance({ publiclyAccessible: true, vpcSubnetIds: [subnet] });
    answer([vpcSecurityGroupIds === undefined ? { ...db, vpcSecurityGroupIds } : { ...db, vpcSecurityGroupIds }]);
    const { endpoints } = await collectWith(timestreamInfluxdb, { network: NETWORK });
    expect(endpoints[0]?.declared.network?.level).toBe(level);
  });

  it('calls nothing safe that AWS did not say', async () => {
    const { logDeliveryConfiguration: _, ...db } = instance();
    answer([{ ...db, publiclyAccessible: undefined }]);
    const { endpoints } = await collectWith(timestreamInfluxdb, { network: NETWORK });
    expect(levels(endpoints[0]!)).toMatchObject({ network: 'unknown', 'audit-log': 'off' });
    answer([instance({ publiclyAccessible: true })]);
    const unread = await collectWith(timestreamInfluxdb, { network: UNREAD_NETWORK });
    expect(unread.endpoints[0]?.declared.network?.level).toBe('unknown');
  });

  it('names the doors of a cluster apart from an instance of the same name, and has its members once', async () => {
    const member = instance({ id: 'm1', name: 'sensors-1', endpoint: `m1.${HOST}` });
    answer([instance(), member], [cluster()], [member]);
    const { endpoints, status } = await collectWith(timestreamInfluxdb);
    expect(status).toBe('complete');
    expect(endpoints.map((e) => e.id.split('/').slice(3).join('/')).toSorted()).toEqual([
      'sensors',
      'sensors-1',
      'sensors/cluster',
      'sensors/reader',
    ]);
  });

  it('follows every page, and doubts a token that comes twice', async () => {
    answer([instance(), instance({ id: 'i2', name: 'other' })]);
    aws.on(ListDbInstancesCommand).callsFake(({ nextToken }: { nextToken?: string }) => ({
      items: [{ id: nextToken ?? 'i1' }],
      ...(nextToken === undefined ? { nextToken: 'i2' } : {}),
    }));
    expect((await collectWith(timestreamInfluxdb)).endpoints.map((e) => e.name)).toEqual(['sensors', 'other']);
    aws.on(ListDbInstancesCommand).resolves({ items: [], nextToken: 'same' });
    expect((await collectWith(timestreamInfluxdb)).status).toBe('partial');
  });

  it.each([
    ['a list', () => aws.on(ListDbClustersCommand)],
    ['a host', () => aws.on(GetDbInstanceCommand)],
  ])('is in doubt as a whole where %s is denied', async (_, on) => {
    answer([instance()]);
    on().rejects(awsError('AccessDeniedException', 403));
    expect(['denied', 'partial']).toContain((await collectWith(timestreamInfluxdb)).status);
  });

  it('is in doubt where the members of a cluster are denied', async () => {
    answer([], [cluster()]);
    aws.on(ListDbInstancesForClusterCommand).rejects(awsError('AccessDeniedException', 403));
    const { endpoints, status } = await collectWith(timestreamInfluxdb);
    expect([endpoints.length, status]).toEqual([2, 'partial']);
  });

  it('has a gap for what is being made, and leaves out what is deleted', async () => {
    answer([instance({ endpoint: undefined, status: 'CREATING' })]);
    expect((await collectWith(timestreamInfluxdb)).cell.gaps()).toMatchObject([{ subject: 'sensors' }]);
    answer([instance({ status: 'DELETED' })]);
    expect(await collectWith(timestreamInfluxdb)).toMatchObject({ endpoints: [], status: 'complete' });
  });

  it('bounds and cleans a hostile name', async () => {
    answer([instance({ name: `a\u202e\n${'x'.repeat(5_000)}` })]);
    const { endpoints } = await collectWith(timestreamInfluxdb);
    expect(endpoints[0]?.id.length).toBeLessThanOrEqual(256);
    expect(endpoints[0]?.id).not.toMatch(/[\u202e\n]/u);
  });

  it('confirms a deletion only on the word of the API, of instances and clusters', async () => {
    answer([instance()], [cluster()]);
    const { endpoints } = await collectWith(timestreamInfluxdb);
    const [db, , reader] = endpoints;
    const ask = (endpoint = db) => timestreamInfluxdb.exists(testCell('timestream-influxdb'), endpoint!);
    expect([await ask(), await ask(reader)]).toEqual([true, true]);
    // An answer without an ARN does not turn a cluster into an instance, whose door has another name.
    const { arn: _, ...nameless } = cluster();
    aws.on(GetDbClusterCommand).resolves({ ...nameless, arn: undefined });
    expect(await ask(endpoints[1])).toBe(true);
    aws.on(GetDbClusterCommand).resolves(cluster({ readerEndpoint: undefined }));
    aws.on(GetDbInstanceCommand).resolves(instance({ status: 'DELETED' }));
    expect([await ask(), await ask(reader)]).toEqual([false, false]);
    aws.on(GetDbInstanceCommand).rejects(awsError('ThrottlingException'));
    expect(await ask()).toBeUndefined();
    aws.on(GetDbInstanceCommand).rejects(awsError('ResourceNotFoundException'));
    expect(await ask()).toBe(false);
  });
});
