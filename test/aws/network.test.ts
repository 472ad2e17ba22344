import {
  DescribeAddressesCommand,
  DescribeInternetGatewaysCommand,
  DescribeNetworkAclsCommand,
  DescribeNetworkInterfacesCommand,
  DescribeRouteTablesCommand,
  DescribeSecurityGroupsCommand,
  DescribeSubnetsCommand,
  DescribeVpcBlockPublicAccessOptionsCommand,
  EC2Client,
  GetManagedPrefixListEntriesCommand,
} from '@aws-sdk/client-ec2';
import { mockClient } from 'aws-sdk-client-mock';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { NETWORK_ACTIONS, readNetwork } from '../../lib/aws/network.ts';
import { awsError, testCell } from '../support/aws.ts';

const aws = mockClient(EC2Client);
afterEach(() => aws.reset());
beforeEach(() => {
  aws.on(DescribeNetworkInterfacesCommand).resolves({ NetworkInterfaces: [{ NetworkInterfaceId: 'eni-1' }] });
  aws.on(DescribeSecurityGroupsCommand).resolves({ SecurityGroups: [{ GroupId: 'sg-1' }] });
  aws.on(DescribeSubnetsCommand).resolves({ Subnets: [{ SubnetId: 'sn-1' }] });
  aws.on(DescribeRouteTablesCommand).resolves({ RouteTables: [{ RouteTableId: 'rtb-1' }] });
  aws.on(DescribeNetworkAclsCommand).resolves({ NetworkAcls: [{ NetworkAclId: 'acl-1' }] });
  aws.on(DescribeInternetGatewaysCommand).resolves({ InternetGateways: [{ InternetGatewayId: 'igw-1' }] });
  aws
    .on(DescribeVpcBlockPublicAccessOptionsCommand)
    .resolves({ VpcBlockPublicAccessOptions: { InternetGatewayBlockMode: 'block-ingress' } });
  aws.on(DescribeAddressesCommand).resolves({ Addresses: [{ PublicIp: '54.1.2.3' }] });
  aws.on(GetManagedPrefixListEntriesCommand).resolves({ Entries: [{ Cidr: '198.51.100.0/24' }] });
});

async function read() {
  const cell = testCell('network');
  return { network: await readNetwork(cell), cell };
}

describe('the network of a place', () => {
  it('reads every part with one call each, and calls nothing missing', async () => {
    const { network, cell } = await read();
    expect(network).toEqual({
      interfaces: [{ NetworkInterfaceId: 'eni-1' }],
      groups: [{ GroupId: 'sg-1' }],
      subnets: [{ SubnetId: 'sn-1' }],
      routeTables: [{ RouteTableId: 'rtb-1' }],
      nacls: [{ NetworkAclId: 'acl-1' }],
      internetGateways: [{ InternetGatewayId: 'igw-1' }],
      blockMode: 'block-ingress',
      prefixLists: {},
      addresses: [{ PublicIp: '54.1.2.3' }],
      missing: new Set(),
    });
    expect(cell.asked.toSorted()).toEqual(
      NETWORK_ACTIONS.filter((action) => action !== 'ec2:GetManagedPrefixListEntries').toSorted(),
    );
    expect(cell.status(1)).toBe('complete');
  });

  it('follows pages to their end', async () => {
    aws
      .on(DescribeNetworkInterfacesCommand)
      .resolves({ NetworkInterfaces: [{ NetworkInterfaceId: 'eni-1' }], NextToken: 'two' })
      .on(DescribeNetworkInterfacesCommand, { NextToken: 'two' })
      .resolves({ NetworkInterfaces: [{ NetworkInterfaceId: 'eni-2' }] });
    const { network } = await read();
    expect(network.interfaces.map((eni) => eni.NetworkInterfaceId)).toEqual(['eni-1', 'eni-2']);
    expect(network.missing).toEqual(new Set());
  });

  it.each([
    ['interfaces', DescribeNetworkInterfacesCommand],
    ['groups', DescribeSecurityGroupsCommand],
    ['subnets', DescribeSubnetsCommand],
    ['routeTables', DescribeRouteTablesCommand],
    ['nacls', DescribeNetworkAclsCommand],
    ['internetGateways', DescribeInternetGatewaysCommand],
    ['blockPublicAccess', DescribeVpcBlockPublicAccessOptionsCommand],
    ['addresses', DescribeAddressesCommand],
  ] as const)('calls only %s missing where its call is denied', async (part, command) => {
    aws.on(command as never).rejects(awsError('UnauthorizedOperation', 403));
    const { network, cell } = await read();
    expect(network.missing).toEqual(new Set([part]));
    expect(cell.status(0)).toBe('denied');
  });

  it('keeps the pages before a failure, and says that the part is not whole', async () => {
    aws
      .on(DescribeSecurityGroupsCommand)
      .resolves({ SecurityGroups: [{ GroupId: 'sg-1' }], NextToken: 'two' })
      .on(DescribeSecurityGroupsCommand, { NextToken: 'two' })
      .rejects(awsError('RequestLimitExceeded', 503));
    const { network, cell } = await read();
    expect(network.groups).toEqual([{ GroupId: 'sg-1' }]);
    expect(network.missing).toEqual(new Set(['groups']));
    expect(cell.gaps()).toMatchObject([{ code: 'throttled' }]);
  });

  it('ends on a repeated token', async () => {
    aws.on(DescribeSubnetsCommand).resolves({ Subnets: [{ SubnetId: 'sn-1' }], NextToken: 'again' });
    const { network } = await read();
    expect(network.missing).toEqual(new Set(['subnets']));
  });

  it.each([
    [
      'a partition that lacks the API',
      () => aws.on(DescribeVpcBlockPublicAccessOptionsCommand).rejects(awsError('InvalidAction')),
    ],
    ['an answer without a mode', () => aws.on(DescribeVpcBlockPublicAccessOptionsCommand).resolves({})],
  ])('never reads %s as off', async (_, arrange) => {
    arrange();
    const { network, cell } = await read();
    expect(network.blockMode).toBeUndefined();
    expect(network.missing).toEqual(new Set(['blockPublicAccess']));
    expect(cell.gaps()).toHaveLength(1);
  });
});

describe('prefix lists', () => {
  beforeEach(() => {
    const IpPermissions = ['pl-b', 'pl-a', 'pl-b'].map((PrefixListId) => ({ PrefixListIds: [{ PrefixListId }] }));
    aws.on(DescribeSecurityGroupsCommand).resolves({ SecurityGroups: [{ GroupId: 'sg-1', IpPermissions }] });
    aws
      .on(DescribeRouteTablesCommand)
      .resolves({ RouteTables: [{ Routes: [{ DestinationPrefixListId: 'pl-c' }, { GatewayId: 'local' }] }] });
  });

  it('reads each list that a rule or a route names once, to its end', async () => {
    aws
      .on(GetManagedPrefixListEntriesCommand, { PrefixListId: 'pl-b' })
      .resolves({ Entries: [{ Cidr: '0.0.0.0/1' }], NextToken: 'two' })
      .on(GetManagedPrefixListEntriesCommand, { PrefixListId: 'pl-b', NextToken: 'two' })
      .resolves({ Entries: [{ Cidr: '128.0.0.0/1' }, {}] });
    const { network, cell } = await read();
    expect(network.prefixLists).toEqual({
      'pl-a': ['198.51.100.0/24'],
      'pl-b': ['0.0.0.0/1', '128.0.0.0/1', 'absent'],
      'pl-c': ['198.51.100.0/24'],
    });
    expect(cell.asked.filter((action) => action === 'ec2:GetManagedPrefixListEntries')).toHaveLength(4);
    expect(network.missing).toEqual(new Set());
  });

  it('leaves out a list that is not read to its end, and only that one', async () => {
    aws
      .on(GetManagedPrefixListEntriesCommand, { PrefixListId: 'pl-b' })
      .resolves({ Entries: [{ Cidr: '10.0.0.0/8' }], NextToken: 'two' })
      .on(GetManagedPrefixListEntriesCommand, { PrefixListId: 'pl-b', NextToken: 'two' })
      .rejects(awsError('UnauthorizedOperation', 403));
    const { network, cell } = await read();
    expect(Object.keys(network.prefixLists)).toEqual(['pl-a', 'pl-c']);
    expect(network.missing).toEqual(new Set(['prefixLists']));
    expect(cell.gaps()).toMatchObject([{ subject: 'pl-b', code: 'denied' }]);
  });
});
