import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { SecurityGroup } from '../../lib/model/network.ts';
import { networkProtection } from '../../lib/reach/evidence.ts';
import { reachOfTarget, type Target } from '../../lib/reach/front.ts';
import { FAMILIES, intersect, parseBlocks } from '../../lib/reach/ipset.ts';
import { managedReach } from '../../lib/reach/managed.ts';
import { indexNetwork } from '../../lib/reach/network-index.ts';
import { NETWORK, privateInterface, PUBLIC_SUBNET, VPC } from '../support/fronts.ts';

function frontWith(...groupIds: readonly string[]) {
  return managedReach(indexNetwork(NETWORK), {
    port: 9200,
    publiclyAccessible: true,
    groupIds,
    subnetIds: [PUBLIC_SUBNET],
    vpcId: VPC,
    noGroups: groupIds.length === 0,
    dualStack: true,
  });
}

const targetIn = (...groups: readonly string[]): Target => ({
  name: '10.0.0.5',
  port: 9200,
  family: 'v4',
  interfaces: [privateInterface('10.0.0.5', { Groups: groups.map((GroupId) => ({ GroupId })) })],
});

function behind(
  target: Target,
  front = frontWith(),
  extra: readonly SecurityGroup[] = [],
  own: readonly string[] = [],
) {
  const network = { ...NETWORK, groups: [...NETWORK.groups, ...extra] };
  return reachOfTarget(front, target, indexNetwork(network), network.groups, own);
}

describe('reach of a target that sees who calls', () => {
  it('is what both the balancer and the target let in', () => {
    expect(behind(targetIn('sg-world')).v4.breadth).toBe('WORLD');
    expect(behind(targetIn('sg-office')).v4.breadth).toBe('LIMITED');
    expect(behind(targetIn('sg-world'), frontWith('sg-office')).v4.breadth).toBe('LIMITED');
    const shut = behind(targetIn('sg-inside'));
    expect(shut.v4.breadth).toBe('NONE');
    expect(shut.v4.blockers.at(-1)).toBe('10.0.0.5: no security group rule for tcp/9200 from the internet');
  });

  it('leaves the other family alone, whose callers come with the address of the balancer', () => {
    expect(behind(targetIn('sg-shut')).v6.breadth).toBe('WORLD');
    expect(behind({ ...targetIn('sg-shut'), family: 'v6' })).toMatchObject({
      v4: { breadth: 'WORLD' },
      v6: { breadth: 'NONE' },
    });
  });

  it('is not narrowed by rules for the group of the balancer', () => {
    expect(behind(targetIn('sg-balanced'), frontWith(), [], ['sg-office']).v4.breadth).toBe('WORLD');
    expect(behind(targetIn('sg-balanced'), frontWith(), [], ['sg-other']).v4.breadth).toBe('NONE');
    expect(behind({ ...targetIn('sg-balanced'), port: 443 }, frontWith(), [], ['sg-office']).v4.breadth).toBe('NONE');
  });

  it('is unknown where the interface or one of its groups was not read', () => {
    const frontV4 = { ...frontWith(), v6: behind({ ...targetIn('sg-shut'), family: 'v6' }).v6 };
    for (const target of [{ ...targetIn(), interfaces: [] }, targetIn('sg-gone')]) {
      const reach = behind(target, frontV4);
      expect(reach.v4.unknown).not.toEqual([]);
      expect(networkProtection(reach).level).toBe('unknown');
    }
  });

  it('lets in the sources of any of several interfaces', () => {
    const two = [...targetIn('sg-shut').interfaces, ...targetIn('sg-office').interfaces];
    expect(behind({ ...targetIn(), interfaces: two }).v4.breadth).toBe('LIMITED');
  });

  it('is exactly what the balancer and the rules of the target both let in, whatever these are', () => {
    const v4 = fc.tuple(fc.ipV4(), fc.integer({ min: 0, max: 32 })).map(([ip, bits]) => ({ CidrIp: `${ip}/${bits}` }));
    const v6 = fc
      .tuple(fc.ipV6(), fc.integer({ min: 0, max: 128 }))
      .map(([ip, bits]) => ({ CidrIpv6: `${ip}/${bits}` }));
    const rules = fc.record({
      IpProtocol: fc.constant('tcp'),
      FromPort: fc.integer({ min: 0, max: 20_000 }),
      ToPort: fc.integer({ min: 0, max: 20_000 }),
      IpRanges: fc.array(v4, { maxLength: 4 }),
      Ipv6Ranges: fc.array(v6, { maxLength: 4 }),
    });
    fc.assert(
      fc.property(fc.array(rules, { maxLength: 4 }), fc.constantFrom(...FAMILIES), (IpPermissions, family) => {
        const front = frontWith();
        const reach = behind({ ...targetIn('sg-any'), family }, front, [
          { GroupId: 'sg-any', VpcId: VPC, IpPermissions },
        ]);
        const open = IpPermissions.filter(({ FromPort, ToPort }) => FromPort <= 9200 && 9200 <= ToPort);
        const blocks = open.flatMap(({ IpRanges, Ipv6Ranges }) => [
          ...IpRanges.map(({ CidrIp }) => CidrIp),
          ...Ipv6Ranges.map(({ CidrIpv6 }) => CidrIpv6),
        ]);
        const expected = intersect(parseBlocks(blocks)[family], front[family].sources);
        expect(reach[family].sources).toEqual(expected);
        const other = family === 'v4' ? 'v6' : 'v4';
        expect(reach[other]).toEqual(front[other]);
      }),
    );
  });
});
