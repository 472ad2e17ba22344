import {
  type Cluster,
  DescribeClusterParametersCommand,
  DescribeClustersCommand,
  DescribeClusterSnapshotsCommand,
  DescribeClusterSubnetGroupsCommand,
  DescribeDataSharesCommand,
  DescribeEndpointAccessCommand,
  DescribeLoggingStatusCommand,
  GetResourcePolicyCommand,
  RedshiftClient,
} from '@aws-sdk/client-redshift';
import { mockClient } from 'aws-sdk-client-mock';
import { afterEach, describe, expect, it } from 'vitest';
import { redshift } from '../../lib/collectors/redshift.ts';
import { awsError, collectWith, levels, testCell, UNREAD_NETWORK } from '../support/aws.ts';
import { databaseInterface, NETWORK, PRIVATE_SUBNET } from '../support/rds.ts';
import { answerWarehouses, aWarehouse, HOST, NAMESPACE, PARAMETERS } from '../support/redshift.ts';

const aws = mockClient(RedshiftClient);
afterEach(() => aws.reset());

const answer = (...clusters: readonly Cluster[]): void => answerWarehouses(aws, ...clusters);
const collect = () => collectWith(redshift, { network: NETWORK });

describe('Redshift clusters', () => {
  it('asks for nothing else where there is no cluster', async () => {
    aws.on(DescribeClustersCommand).resolves({ Clusters: [] });
    const { endpoints, status, cell } = await collect();
    expect([endpoints, status, cell.asked]).toEqual([[], 'complete', ['redshift:DescribeClusters']]);
  });

  it('reads a private cluster with every protection', async () => {
    answer(aWarehouse());
    const { endpoints, status, cell } = await collect();
    expect([status, cell.gaps()]).toEqual(['complete', []]);
    expect(endpoints).toMatchObject([
      {
        id: '111122223333/us-east-1/redshift/sales',
        host: HOST,
        port: 5439,
        engine: 'redshift',
        arn: 'arn:aws:redshift:us-east-1:111122223333:cluster:sales',
        incarnation: NAMESPACE,
        tags: { team: 'bi' },
      },
    ]);
    expect(levels(endpoints[0]!)).toEqual({
      network: 'on',
      authentication: 'on',
      sharing: 'on',
      tls: 'on',
      'encryption-at-rest': 'on',
      'audit-log': 'on',
    });
  });

  it.each([
    ['the world', {}, 'off'],
    ['one office', { VpcSecurityGroups: [{ VpcSecurityGroupId: 'sg-office' }] }, 'partial'],
    ['nobody, by its groups', { VpcSecurityGroups: [{ VpcSecurityGroupId: 'sg-shut' }] }, 'on'],
    ['nobody, by its routes', { ClusterSubnetGroupName: 'private' }, 'on'],
    ['who knows: its groups are absent', { VpcSecurityGroups: undefined }, 'unknown'],
    ['who knows: the flag is absent', { PubliclyAccessible: undefined }, 'unknown'],
  ])('opens a public cluster to %s', async (_, change, level) => {
    answer(aWarehouse({ PubliclyAccessible: true, ...change }));
    expect((await collect()).endpoints[0]?.declared.network?.level).toBe(level);
  });

  it('judges by the interface of its leader where it finds it', async () => {
    const eni = databaseInterface({
      SubnetId: PRIVATE_SUBNET,
      PrivateIpAddress: '10.0.0.5',
      Description: 'RedshiftNetworkInterface',
    });
    answer(
      aWarehouse({
        PubliclyAccessible: true,
        ClusterNodes: [
          { NodeRole: 'LEADER', PublicIPAddress: '52.0.0.1', PrivateIPAddress: '10.0.0.5' },
          { NodeRole: 'COMPUTE-0', PublicIPAddress: '52.0.0.2' },
        ],
      }),
    );
    const { endpoints } = await collectWith(redshift, { network: { ...NETWORK, interfaces: [eni] } });
    // Its subnet group alone would have said open: the leader stands where no route leads.
    expect(endpoints[0]?.declared.network?.level).toBe('on');
  });

  it('says what a pending change will open', async () => {
    answer(aWarehouse({ PendingModifiedValues: { PubliclyAccessible: true, EncryptionType: 'None' } }));
    const { declared } = (await collect()).endpoints[0]!;
    expect(declared.network).toMatchObject({ level: 'on', pending: 'off' });
    expect(declared['encryption-at-rest']).toMatchObject({ level: 'on', pending: 'off' });
  });

  it('has its custom name and its managed endpoints as doors; these are private', async () => {
    answer(aWarehouse({ PubliclyAccessible: true, CustomDomainName: 'dwh.example.com' }));
    aws.on(DescribeEndpointAccessCommand).resolves({
      EndpointAccessList: [
        { ClusterIdentifier: 'sales', EndpointName: 'etl', Address: 'etl.x.amazonaws.com', Port: 5439 },
        { ClusterIdentifier: 'other', EndpointName: 'no', Address: 'no.x.amazonaws.com', Port: 5439 },
        // To a cluster of the same name, in another account.
        { ClusterIdentifier: 'sales', ResourceOwner: '999988887777', EndpointName: 'far', Address: 'far.example.com' },
      ],
    });
    const { endpoints } = await collect();
    expect(endpoints.map((e) => [e.id.split('/').slice(4).join('/'), e.host, e.declared.network?.level])).toEqual([
      ['', HOST, 'off'],
      ['custom', 'dwh.example.com', 'off'],
      ['endpoint-etl', 'etl.x.amazonaws.com', 'on'],
    ]);
  });

  it('reads weak settings', async () => {
    answer(aWarehouse({ Encrypted: false }));
    aws.on(DescribeClusterParametersCommand).resolves({
      Parameters: PARAMETERS.map((p) => ({ ...p, ParameterValue: 'false' })),
    });
    expect(levels((await collect()).endpoints[0]!)).toMatchObject({
      tls: 'partial',
      'encryption-at-rest': 'off',
      'audit-log': 'partial',
    });
    aws.on(DescribeLoggingStatusCommand).resolves({ LoggingEnabled: false });
    expect((await collect()).endpoints[0]?.declared['audit-log']?.level).toBe('off');
  });

  it('is shared with whom its resource policy lets in', async () => {
    answer(aWarehouse());
    const policy = (Principal: unknown) =>
      JSON.stringify({
        Statement: [{ Effect: 'Allow', Principal, Action: 'redshift:CreateInboundIntegration', Resource: NAMESPACE }],
      });
    const level = async (Principal: unknown) => {
      aws.on(GetResourcePolicyCommand).resolves({ ResourcePolicy: { Policy: policy(Principal) } });
      return (await collect()).endpoints[0]?.declared.sharing?.level;
    };
    expect(await level({ AWS: '*' })).toBe('off');
    expect(await level({ AWS: '999988887777' })).toBe('partial');
    expect(await level({ AWS: '111122223333' })).toBe('on');
    aws.on(GetResourcePolicyCommand).resolves({});
    expect((await collect()).endpoints[0]?.declared.sharing?.level).toBe('unknown');
  });

  it.each([
    ['logging', () => aws.on(DescribeLoggingStatusCommand), { 'audit-log': 'unknown', tls: 'on' }],
    ['parameters', () => aws.on(DescribeClusterParametersCommand), { 'audit-log': 'unknown', tls: 'unknown' }],
    ['snapshots', () => aws.on(DescribeClusterSnapshotsCommand), { sharing: 'unknown', tls: 'on' }],
    ['data shares', () => aws.on(DescribeDataSharesCommand), { sharing: 'unknown', tls: 'on' }],
    ['the resource policy', () => aws.on(GetResourcePolicyCommand), { sharing: 'unknown', tls: 'on' }],
    ['subnet groups', () => aws.on(DescribeClusterSubnetGroupsCommand), { network: 'unknown', tls: 'on' }],
  ])('leaves only what was denied unknown: %s', async (_, on, expected) => {
    answer(aWarehouse({ PubliclyAccessible: true }));
    on().rejects(awsError('AccessDenied', 403));
    const { endpoints, status, cell } = await collect();
    expect(status).toBe('complete');
    expect(cell.gaps().map((g) => g.code)).toContain('denied');
    expect(levels(endpoints[0]!)).toMatchObject(expected);
  });

  it('keeps the list in doubt where managed endpoints are denied: they are doors', async () => {
    answer(aWarehouse());
    aws.on(DescribeEndpointAccessCommand).rejects(awsError('AccessDenied', 403));
    expect(await collect()).toMatchObject({ status: 'partial' });
  });

  it('reads each parameter group once, and pages to the end', async () => {
    answer();
    aws.on(DescribeClustersCommand).callsFake(({ Marker }: { Marker?: string }) => ({
      Clusters: [aWarehouse({ ClusterIdentifier: Marker ?? 'a' })],
      ...(Marker === undefined ? { Marker: 'b' } : {}),
    }));
    aws
      .on(DescribeClusterParametersCommand)
      .callsFake(({ Marker }: { Marker?: string }) =>
        Marker === undefined ? { Parameters: [], Marker: 'more' } : { Parameters: PARAMETERS },
      );
    const { endpoints, cell } = await collect();
    expect(endpoints.map((e) => [e.name, e.declared.tls?.level])).toEqual([
      ['a', 'on'],
      ['b', 'on'],
    ]);
    expect(cell.asked.filter((a) => a === 'redshift:DescribeClusterParameters')).toHaveLength(2);
  });

  it('is denied where the list is denied, and in doubt where a token comes twice', async () => {
    answer();
    aws.on(DescribeClustersCommand).rejects(awsError('AccessDenied', 403));
    expect((await collect()).status).toBe('denied');
    aws.on(DescribeClustersCommand).resolves({ Clusters: [], Marker: 'same' });
    expect((await collect()).status).toBe('partial');
  });

  it('calls nothing safe that AWS did not say', async () => {
    answer({ ClusterIdentifier: 'sales', Endpoint: { Address: HOST, Port: 5439 } });
    const { endpoints } = await collectWith(redshift, { network: UNREAD_NETWORK });
    expect(levels(endpoints[0]!)).toEqual({
      network: 'unknown',
      authentication: 'on',
      sharing: 'unknown',
      tls: 'unknown',
      'encryption-at-rest': 'unknown',
      'audit-log': 'unknown',
    });
  });

  it('has a gap for a cluster that has no endpoint yet, and bounds hostile names', async () => {
    answer(
      aWarehouse({ Endpoint: undefined, ClusterStatus: 'creating' }),
      aWarehouse({ ClusterIdentifier: `a\u202e\n${'x'.repeat(5_000)}` }),
    );
    const { endpoints, cell } = await collect();
    expect(cell.gaps()).toMatchObject([{ subject: 'sales', code: 'incomplete' }]);
    expect(endpoints[0]?.id.length).toBeLessThanOrEqual(256);
    expect(endpoints[0]?.id).not.toMatch(/[\u202e\n]/u);
  });

  it('confirms a deletion only on the word of the API', async () => {
    answer(aWarehouse({ CustomDomainName: 'dwh.example.com' }));
    const [own, custom] = (await collect()).endpoints;
    const ask = (endpoint = own) => redshift.exists(testCell('redshift'), endpoint!);
    expect([await ask(), await ask(custom)]).toEqual([true, true]);
    // A renamed cluster keeps the id it was first seen under.
    expect(await ask({ ...custom!, id: custom!.id.replace('/sales/', '/old-name/') })).toBe(true);
    aws.on(DescribeClustersCommand).resolves({ Clusters: [aWarehouse({ ClusterNamespaceArn: 'arn:another' })] });
    expect(await ask()).toBe(false);
    aws.on(DescribeClustersCommand).resolves({ Clusters: [aWarehouse()] });
    expect([await ask(), await ask(custom)]).toEqual([true, false]);
    aws.on(DescribeEndpointAccessCommand).rejects(awsError('Throttling'));
    expect([await ask(), await ask(custom)]).toEqual([true, undefined]);
    aws.on(DescribeClustersCommand).rejects(awsError('Throttling'));
    expect(await ask()).toBeUndefined();
    aws.on(DescribeClustersCommand).rejects(awsError('ClusterNotFoundFault', 404));
    expect(await ask()).toBe(false);
  });
});
