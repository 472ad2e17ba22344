import { describe, expect, it } from 'vitest';
import { ec2Keys, keysOf, kmsKeys, networkKeys, type Whereabouts } from '../../lib/aws/dependencies.ts';
import type { Network } from '../../lib/model/network.ts';
import { EMPTY_NETWORK, UNREAD_NETWORK } from '../support/aws.ts';

describe('keys of what an endpoint was judged by', () => {
  it.each<[string, readonly string[], readonly string[]]>([
    ['ids of EC2, but not those that are absent', ec2Keys('sg-1', undefined, ''), ['ec2:sg-1']],
    ['names, each with its type', keysOf('rds:db', 'a', undefined, '', 'b'), ['rds:db/a', 'rds:db/b']],
    ['keys of KMS by ARN', kmsKeys('arn:aws:kms:us-east-1:111122223333:key/k-1'), ['kms:key/k-1']],
    ['keys of KMS by id', kmsKeys('mrk-1', undefined, ''), ['kms:key/mrk-1']],
    ['no key of AWS itself', kmsKeys('AWS_OWNED_KEY', 'AWS_OWNED_KMS_KEY'), []],
    ['no alias', kmsKeys('alias/aws/rds', 'arn:aws:kms:us-east-1:111122223333:alias/aws/rds'), []],
    ['nothing that is no ARN', kmsKeys('arn:'), []],
  ])('are %s', (_, found, expected) => {
    expect(found).toEqual(expected);
  });
});

describe('keys of a place on the network', () => {
  const network: Network = {
    ...EMPTY_NETWORK,
    groups: [
      { GroupId: 'sg-1', IpPermissions: [{ IpProtocol: '-1', PrefixListIds: [{ PrefixListId: 'pl-group' }] }] },
      { GroupId: 'sg-2' },
    ],
    subnets: ['subnet-1', 'subnet-2'].map((SubnetId) => ({ SubnetId, VpcId: 'vpc-1' })),
    routeTables: [
      {
        RouteTableId: 'rtb-own',
        VpcId: 'vpc-1',
        Associations: [{ SubnetId: 'subnet-1' }],
        Routes: [{ DestinationPrefixListId: 'pl-route', GatewayId: 'igw-1' }],
      },
      { RouteTableId: 'rtb-main', VpcId: 'vpc-1', Associations: [{ Main: true }] },
      { RouteTableId: 'rtb-elsewhere', VpcId: 'vpc-2', Associations: [{ Main: true }] },
    ],
    nacls: [{ NetworkAclId: 'acl-1', VpcId: 'vpc-1', Associations: [{ SubnetId: 'subnet-1' }] }],
  };
  const eni = { NetworkInterfaceId: 'eni-1', SubnetId: 'subnet-2', VpcId: 'vpc-1', Groups: [{ GroupId: 'sg-2' }] };

  it.each<[string, Whereabouts, readonly string[]]>([
    ['nowhere', {}, []],
    ['a group, with the lists that its rules name', { groupIds: ['sg-1', undefined] }, ['ec2:sg-1', 'ec2:pl-group']],
    [
      'a subnet, with its own route table and ACL',
      { subnetIds: ['subnet-1'] },
      ['ec2:vpc-1', 'ec2:subnet-1', 'ec2:rtb-own', 'ec2:acl-1', 'ec2:pl-route'],
    ],
    [
      'a subnet that no table names, with the main one of its VPC',
      { subnetIds: ['subnet-2'] },
      ['ec2:vpc-1', 'ec2:subnet-2', 'ec2:rtb-main'],
    ],
    [
      'a subnet that is not shown, with the main table of the VPC that is named',
      { subnetIds: ['subnet-9'], vpcId: 'vpc-2' },
      ['ec2:vpc-2', 'ec2:subnet-9', 'ec2:rtb-elsewhere'],
    ],
    ['a VPC alone', { vpcId: 'vpc-1' }, ['ec2:vpc-1']],
    [
      'an interface, with its own groups and subnet',
      { enis: [eni] },
      ['ec2:sg-2', 'ec2:eni-1', 'ec2:vpc-1', 'ec2:subnet-2', 'ec2:rtb-main'],
    ],
  ])('are those of %s', (_, where, keys) => {
    expect(networkKeys(network)(where)).toEqual(keys);
  });

  it('are each named once', () => {
    const keys = networkKeys(network)({
      groupIds: ['sg-2', 'sg-2'],
      subnetIds: ['subnet-2', 'subnet-2'],
      enis: [eni, eni],
    });
    expect(keys.length).toBe(new Set(keys).size);
  });

  it('are what is known where nothing of the network could be read', () => {
    const where = { groupIds: ['sg-1'], subnetIds: ['subnet-1'], vpcId: 'vpc-1' };
    expect(networkKeys(UNREAD_NETWORK)(where)).toEqual(['ec2:sg-1', 'ec2:vpc-1', 'ec2:subnet-1']);
  });
});
