import { describe, expect, it } from 'vitest';
import { dualStack, placeFinder } from '../../lib/aws/rds-network.ts';
import type { NetworkInterface } from '../../lib/model/network.ts';
import { networkProtection } from '../../lib/reach/evidence.ts';
import { managedReach } from '../../lib/reach/managed.ts';
import { indexNetwork } from '../../lib/reach/network-index.ts';
import {
  aCluster,
  anInstance,
  databaseInterface,
  groupsOf,
  NETWORK,
  PRIVATE_SUBNET,
  PUBLIC_SUBNET,
  subnetGroup,
} from '../support/rds.ts';

const open = anInstance({ PubliclyAccessible: true, DBSubnetGroup: subnetGroup(PUBLIC_SUBNET, PRIVATE_SUBNET) });
const enisOf = (instance = open, ...interfaces: readonly NetworkInterface[]): readonly string[] | undefined =>
  placeFinder({ ...NETWORK, interfaces })(instance).enis?.map((eni) => eni.NetworkInterfaceId ?? '');

describe('the place of an RDS instance', () => {
  it('has the groups of the instance and of its cluster, those on their way in and out too', () => {
    const member = anInstance({
      VpcSecurityGroups: [...groupsOf('sg-office'), { VpcSecurityGroupId: 'sg-shut', Status: 'removing' }],
    });
    const cluster = aCluster({ VpcSecurityGroups: [{ VpcSecurityGroupId: 'sg-world', Status: 'adding' }] });
    expect(placeFinder(NETWORK)(member, cluster).groupIds).toEqual(['sg-office', 'sg-shut', 'sg-world']);
  });

  it.each([
    [true, undefined, true],
    [false, true, true],
    [false, false, false],
    [undefined, undefined, undefined],
    [undefined, false, undefined],
  ])('is public with the flag %s, in a cluster with %s', (own, clusters, expected) => {
    const member = anInstance({ PubliclyAccessible: own });
    const { publiclyAccessible } = placeFinder(NETWORK)(member, aCluster({ PubliclyAccessible: clusters }));
    expect(publiclyAccessible).toBe(expected);
  });

  it.each([
    ['IPV4', false],
    ['DUAL', true],
    ['IPV6', true],
    [undefined, undefined],
  ])('of network type %s', (type, expected) => {
    expect(dualStack(type)).toBe(expected);
  });
});

describe('the interface of an RDS instance', () => {
  const own = databaseInterface({ NetworkInterfaceId: 'eni-own' });

  it('is one in its subnets with its groups', () => {
    expect(enisOf(open, own)).toEqual(['eni-own']);
  });

  it('may be any of several that fit: all of them count', () => {
    const other = databaseInterface({
      NetworkInterfaceId: 'eni-other',
      SubnetId: PRIVATE_SUBNET,
      Association: undefined,
    });
    expect(enisOf(open, own, other)).toEqual(['eni-other', 'eni-own']);
  });

  it.each<[string, NetworkInterface]>([
    ['lies in another subnet', databaseInterface({ SubnetId: 'subnet-other' })],
    ['has other groups', databaseInterface({ Groups: [{ GroupId: 'sg-office' }] })],
    ['has no groups', databaseInterface({ Groups: undefined })],
    ['belongs to something else', databaseInterface({ Description: 'ELB app/x' })],
    ['was named so by somebody else', databaseInterface({ RequesterId: '111122223333' })],
    ['has no public address', databaseInterface({ Association: undefined })],
  ])('is none that %s', (_, eni) => {
    expect(enisOf(open, eni)).toBeUndefined();
  });

  it('is not guessed while groups change, or without groups', () => {
    const changing = { VpcSecurityGroups: [{ VpcSecurityGroupId: 'sg-world', Status: 'adding' }] };
    expect(enisOf({ ...open, ...changing }, own)).toBeUndefined();
    expect(enisOf({ ...open, VpcSecurityGroups: [] }, own)).toBeUndefined();
  });

  it('is not guessed where the interfaces were not all read', () => {
    const network = { ...NETWORK, interfaces: [own], missing: new Set(['interfaces'] as const) };
    expect(placeFinder(network)(open).enis).toBeUndefined();
  });

  it('tells a public instance in a private subnet from one whose subnet is assumed', () => {
    const judge = (...interfaces: readonly NetworkInterface[]): string => {
      const network = { ...NETWORK, interfaces };
      const reach = managedReach(indexNetwork(network), { ...placeFinder(network)(open), port: 5432 });
      return networkProtection(reach).level;
    };
    expect(judge(databaseInterface({ SubnetId: PRIVATE_SUBNET }))).toBe('on');
    expect(judge(databaseInterface())).toBe('off');
    expect(judge()).toBe('off');
  });
});
