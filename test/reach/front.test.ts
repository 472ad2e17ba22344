import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { IpPermission, SecurityGroup } from '../../lib/model/network.ts';
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

  const paired = (over: Partial<IpPermission>, own: readonly string[] = ['sg-lb'], port = 9200) => {
    const pairs = { UserIdGroupPairs: [{ GroupId: 'sg-lb' }] };
    const group = { GroupId: 'sg-paired', VpcId: VPC, IpPermissions: [{ IpProtocol: 'tcp', ...pairs, ...over }] };
    return behind({ ...targetIn('sg-paired'), port }, frontWith(), [group], own).v4.breadth;
  };

  it.each<[string, Partial<IpPermission>, string]>([
    ['all ports of TCP', {}, 'WORLD'],
    ['TCP by its number', { IpProtocol: '6', FromPort: 9200, ToPort: 9200 }, 'WORLD'],
    ['all traffic, whatever the ports', { IpProtocol: '-1', FromPort: 1, ToPort: 2 }, 'WORLD'],
    ['ports up to this one', { FromPort: 9000, ToPort: 9200 }, 'WORLD'],
    ['ports from this one', { FromPort: 9200, ToPort: 9300 }, 'WORLD'],
    ['ports below', { FromPort: 9000, ToPort: 9199 }, 'NONE'],
    ['ports above', { FromPort: 9201, ToPort: 9300 }, 'NONE'],
    ['UDP', { IpProtocol: 'udp', FromPort: 9200, ToPort: 9200 }, 'NONE'],
    ['another group', { UserIdGroupPairs: [{ GroupId: 'sg-other' }] }, 'NONE'],
    ['one of several groups', { UserIdGroupPairs: [{ GroupId: 'sg-other' }, { GroupId: 'sg-lb' }] }, 'WORLD'],
    ['a group without an id', { UserIdGroupPairs: [{}] }, 'NONE'],
    ['no group', { UserIdGroupPairs: undefined }, 'NONE'],
  ])('goes by rules for the group of the balancer: %s', (_, rule, breadth) => {
    expect(paired(rule)).toBe(breadth);
  });

  it('goes by its own rules alone, of a balancer that has groups, up to the last port', () => {
    expect(paired({}, [])).toBe('NONE');
    expect(paired({}, ['sg-x', 'sg-lb'])).toBe('WORLD');
    expect([paired({}, ['sg-lb'], 0), paired({}, ['sg-lb'], 65_535)]).toEqual(['WORLD', 'WORLD']);
    // `sg-balanced` lets the balancer in, and the target is not in it; nor is one without an id.
    expect(behind(targetIn('sg-shut'), frontWith(), [], ['sg-office']).v4.breadth).toBe('NONE');
    const nameless = { IpPermissions: [{ IpProtocol: '-1', UserIdGroupPairs: [{ GroupId: 'sg-lb' }] }] };
    expect(behind(targetIn('sg-shut'), frontWith(), [nameless], ['sg-lb']).v4.breadth).toBe('NONE');
  });

  it('says what is in the way of a target, what leads to it, and what of it was not read', () => {
    const front = frontWith('sg-world').v4;
    const lost = behind({ ...targetIn('sg-world'), name: 'i-\n1', interfaces: [] }, frontWith('sg-world')).v4;
    expect(lost).toEqual({
      ...front,
      sources: [],
      breadth: 'NONE',
      unknown: ['interface of i- 1 not found: its security groups are not known'],
    });
    const open = behind(targetIn('sg-office'), frontWith('sg-world')).v4;
    expect(open.via).toEqual([...front.via, 'sg-office all traffic from 198.41.0.4/32']);
    expect([open.blockers, open.unknown]).toEqual([[], []]);
    const gone = behind(targetIn('sg-office', 'sg-gone'), frontWith('sg-world')).v4;
    expect([gone.breadth, gone.unknown]).toEqual(['LIMITED', ['group sg-gone not readable']]);
    const shut = behind(targetIn('sg-shut'), frontWith('sg-inside')).v4;
    expect(shut).toMatchObject({ sources: [], breadth: 'NONE' });
    expect(shut.blockers).toEqual([
      'no security group rule for tcp/9200 from the internet',
      '10.0.0.5: no security group rule for tcp/9200 from the internet',
    ]);
  });

  it('is that of the balancer where any of several interfaces lets the balancer in', () => {
    const two = [...targetIn('sg-shut').interfaces, ...targetIn('sg-balanced').interfaces];
    expect(behind({ ...targetIn(), interfaces: two }, frontWith(), [], ['sg-office']).v4.breadth).toBe('WORLD');
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
