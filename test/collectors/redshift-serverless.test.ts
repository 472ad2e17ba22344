import { type DataShare, DescribeDataSharesCommand, RedshiftClient } from '@aws-sdk/client-redshift';
import {
  GetWorkgroupCommand,
  ListEndpointAccessCommand,
  ListNamespacesCommand,
  ListSnapshotsCommand,
  ListWorkgroupsCommand,
  RedshiftServerlessClient,
  type Workgroup,
} from '@aws-sdk/client-redshift-serverless';
import { mockClient } from 'aws-sdk-client-mock';
import { afterEach, describe, expect, it } from 'vitest';
import { redshiftServerless } from '../../lib/collectors/redshift-serverless.ts';
import { awsError, collectWith, levels, testCell, UNREAD_NETWORK } from '../support/aws.ts';
import { databaseInterface, NETWORK, PRIVATE_SUBNET, PUBLIC_SUBNET } from '../support/rds.ts';

const aws = mockClient(RedshiftServerlessClient);
const provisioned = mockClient(RedshiftClient);
afterEach(() => {
  aws.reset();
  provisioned.reset();
});

const HOST = 'adhoc.111122223333.us-east-1.redshift-serverless.amazonaws.com';

function workgroup(change: Partial<Workgroup> = {}): Workgroup {
  return {
    workgroupId: 'w-1',
    workgroupArn: 'arn:aws:redshift-serverless:us-east-1:111122223333:workgroup/w-1',
    workgroupName: 'adhoc',
    namespaceName: 'lake',
    status: 'AVAILABLE',
    endpoint: { address: HOST, port: 5439 },
    publiclyAccessible: false,
    ipAddressType: 'ipv4',
    securityGroupIds: ['sg-world'],
    subnetIds: [PUBLIC_SUBNET],
    crossAccountVpcs: [],
    configParameters: [{ parameterKey: 'require_ssl', parameterValue: 'true' }],
    ...change,
  };
}

function answer(...workgroups: readonly Workgroup[]): void {
  aws.on(ListWorkgroupsCommand).resolves({ workgroups: [...workgroups] });
  aws.on(ListEndpointAccessCommand).resolves({ endpoints: [] });
  aws.on(ListSnapshotsCommand).resolves({ snapshots: [] });
  aws.on(ListNamespacesCommand).resolves({
    namespaces: [
      {
        namespaceName: 'lake',
        namespaceId: 'n-1',
        kmsKeyId: 'key-1',
        logExports: ['userlog', 'connectionlog', 'useractivitylog'],
      },
    ],
  });
  provisioned.on(DescribeDataSharesCommand).resolves({ DataShares: [] });
}
const collect = () => collectWith(redshiftServerless, { network: NETWORK });

describe('Redshift Serverless workgroups', () => {
  it('asks for nothing else where there is no workgroup', async () => {
    aws.on(ListWorkgroupsCommand).resolves({ workgroups: [] });
    const { endpoints, status, cell } = await collect();
    expect([endpoints, status, cell.asked]).toEqual([[], 'complete', ['redshift-serverless:ListWorkgroups']]);
  });

  it('reads a private workgroup with every protection', async () => {
    answer(workgroup());
    const { endpoints, status, cell } = await collect();
    expect([status, cell.gaps()]).toEqual(['complete', []]);
    expect(endpoints).toMatchObject([
      {
        id: '111122223333/us-east-1/redshift-serverless/adhoc',
        host: HOST,
        port: 5439,
        engine: 'redshift',
        incarnation: 'w-1',
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
    ['one office', { securityGroupIds: ['sg-office'] }, 'partial'],
    ['nobody, by its groups', { securityGroupIds: ['sg-shut'] }, 'on'],
    ['nobody, by its routes', { subnetIds: [PRIVATE_SUBNET] }, 'on'],
    ['who knows: its groups are absent', { securityGroupIds: undefined }, 'unknown'],
    ['who knows: its subnets are absent', { subnetIds: undefined }, 'unknown'],
    ['who knows: the flag is absent', { publiclyAccessible: undefined }, 'unknown'],
  ])('opens a public workgroup to %s', async (_, change, level) => {
    answer(workgroup({ publiclyAccessible: true, ...change }));
    expect((await collect()).endpoints[0]?.declared.network?.level).toBe(level);
  });

  it('judges by its own interfaces where it finds them', async () => {
    const vpcEndpoints = [{ networkInterfaces: [{ networkInterfaceId: 'eni-7' }] }];
    answer(workgroup({ publiclyAccessible: true, endpoint: { address: HOST, port: 5439, vpcEndpoints } }));
    const eni = databaseInterface({ NetworkInterfaceId: 'eni-7', Groups: [{ GroupId: 'sg-office' }] });
    const { endpoints } = await collectWith(redshiftServerless, { network: { ...NETWORK, interfaces: [eni] } });
    expect(endpoints[0]?.declared.network?.level).toBe('partial');
  });

  it.each<[string, DataShare['ProducerArn'], string, string, string | undefined]>([
    ['its own', 'arn:aws:redshift-serverless:us-east-1:111122223333:namespace/n-1', 'ACTIVE', 'partial', undefined],
    ['its own, as a cluster', 'arn:aws:redshift:us-east-1:111122223333:namespace:n-1', 'ACTIVE', 'partial', undefined],
    [
      'one that waits',
      'arn:aws:redshift:us-east-1:111122223333:namespace:n-1',
      'PENDING_AUTHORIZATION',
      'on',
      'partial',
    ],
    ['one of another', 'arn:aws:redshift:us-east-1:111122223333:namespace:n-2', 'ACTIVE', 'on', undefined],
  ])('is shared by data shares of its namespace: %s', async (_, ProducerArn, Status, level, pending) => {
    answer(workgroup());
    const association = { ConsumerIdentifier: '999988887777', Status: Status as 'ACTIVE' };
    provisioned
      .on(DescribeDataSharesCommand)
      .resolves({ DataShares: [{ ProducerArn, DataShareAssociations: [association] }] });
    const { sharing } = (await collect()).endpoints[0]!.declared;
    expect([sharing?.level, sharing?.pending]).toEqual([level, pending]);
  });

  it('names what it was judged by', async () => {
    const vpcEndpoints = [{ networkInterfaces: [{ networkInterfaceId: 'eni-7' }] }];
    answer(workgroup({ publiclyAccessible: true, endpoint: { address: HOST, port: 5439, vpcEndpoints } }));
    aws.on(ListEndpointAccessCommand).resolves({
      endpoints: [
        {
          workgroupName: 'adhoc',
          endpointName: 'etl',
          address: 'etl.x.amazonaws.com',
          vpcSecurityGroups: [{ vpcSecurityGroupId: 'sg-etl' }],
        },
      ],
    });
    const eni = databaseInterface({ NetworkInterfaceId: 'eni-7', SubnetId: PRIVATE_SUBNET });
    const { door } = await collectWith(redshiftServerless, { network: { ...NETWORK, interfaces: [eni] } });
    const own = ['redshift-serverless:namespace/lake', 'redshift-serverless:workgroup/adhoc'];
    expect(door('/adhoc').dependencies).toEqual([
      'ec2:acl-1',
      'ec2:eni-7',
      'ec2:rtb-private',
      'ec2:rtb-public',
      'ec2:sg-world',
      'ec2:subnet-private',
      'ec2:subnet-public',
      'ec2:vpc-1',
      'kms:key/key-1',
      ...own,
    ]);
    expect(door('/endpoint-etl').dependencies).toEqual(['ec2:sg-etl', 'kms:key/key-1', ...own]);
  });

  it('has its custom name and its managed endpoints as doors; these are private', async () => {
    answer(workgroup({ publiclyAccessible: true, customDomainName: 'lake.example.com' }));
    aws.on(ListEndpointAccessCommand).resolves({
      endpoints: [
        { workgroupName: 'adhoc', endpointName: 'etl', address: 'etl.x.amazonaws.com' },
        { workgroupName: 'other', endpointName: 'no', address: 'no.x.amazonaws.com', port: 5439 },
      ],
    });
    const { endpoints } = await collect();
    const seen = endpoints.map((e) => [e.id.split('/').slice(4).join('/'), e.port, e.declared.network?.level]);
    expect(seen).toEqual([
      ['', 5439, 'off'],
      ['custom', 5439, 'off'],
      ['endpoint-etl', 5439, 'on'],
    ]);
  });

  it.each([
    ['namespaces', () => aws.on(ListNamespacesCommand), { 'audit-log': 'unknown', sharing: 'unknown', tls: 'on' }],
    ['snapshots', () => aws.on(ListSnapshotsCommand), { sharing: 'unknown', tls: 'on' }],
    ['data shares', () => provisioned.on(DescribeDataSharesCommand), { sharing: 'unknown', tls: 'on' }],
  ])('leaves only what was denied unknown: %s', async (_, on, expected) => {
    answer(workgroup());
    on().rejects(awsError('AccessDeniedException', 403));
    const { endpoints, status, cell } = await collect();
    expect(status).toBe('complete');
    expect(cell.gaps()).toMatchObject([{ code: 'denied' }]);
    expect(levels(endpoints[0]!)).toMatchObject(expected);
  });

  it('is in doubt where a list of doors is denied, or its token comes twice', async () => {
    answer(workgroup());
    aws.on(ListEndpointAccessCommand).rejects(awsError('AccessDeniedException', 403));
    expect((await collect()).status).toBe('partial');
    aws.on(ListWorkgroupsCommand).rejects(awsError('AccessDeniedException', 403));
    expect((await collect()).status).toBe('denied');
    aws.on(ListWorkgroupsCommand).resolves({ workgroups: [], nextToken: 'same' });
    expect((await collect()).status).toBe('partial');
  });

  it('follows every page', async () => {
    answer();
    aws.on(ListWorkgroupsCommand).callsFake(({ nextToken }: { nextToken?: string }) => ({
      workgroups: [workgroup({ workgroupName: nextToken ?? 'a' })],
      ...(nextToken === undefined ? { nextToken: 'b' } : {}),
    }));
    expect((await collect()).endpoints.map((e) => e.name)).toEqual(['a', 'b']);
  });

  it('calls nothing safe that AWS did not say', async () => {
    answer({ workgroupName: 'adhoc', endpoint: { address: HOST, port: 5439 } });
    const { endpoints } = await collectWith(redshiftServerless, { network: UNREAD_NETWORK });
    expect(levels(endpoints[0]!)).toMatchObject({
      network: 'unknown',
      sharing: 'unknown',
      tls: 'unknown',
      'audit-log': 'unknown',
    });
  });

  it('has a gap for a workgroup that has no endpoint yet, and bounds hostile names', async () => {
    answer(
      workgroup({ endpoint: undefined, status: 'CREATING' }),
      workgroup({ workgroupName: `a\u202e\n${'x'.repeat(5_000)}` }),
    );
    const { endpoints, cell } = await collect();
    expect(cell.gaps()).toMatchObject([{ subject: 'adhoc', code: 'incomplete' }]);
    expect(endpoints[0]?.id.length).toBeLessThanOrEqual(256);
    expect(endpoints[0]?.id).not.toMatch(/[\u202e\n]/u);
  });

  it('confirms a deletion only on the word of the API', async () => {
    answer(workgroup({ customDomainName: 'lake.example.com' }));
    const [own, custom] = (await collect()).endpoints;
    const ask = (endpoint = own) => redshiftServerless.exists(testCell('redshift-serverless'), endpoint!);
    aws.on(GetWorkgroupCommand).resolves({ workgroup: workgroup() });
    expect([await ask(), await ask(custom)]).toEqual([true, false]);
    aws.on(ListEndpointAccessCommand).rejects(awsError('ThrottlingException'));
    expect([await ask(), await ask(custom)]).toEqual([true, undefined]);
    aws.on(GetWorkgroupCommand).rejects(awsError('ThrottlingException'));
    expect(await ask()).toBeUndefined();
    aws.on(GetWorkgroupCommand).rejects(awsError('ResourceNotFoundException'));
    expect(await ask()).toBe(false);
  });
});
