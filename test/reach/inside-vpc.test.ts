import { describe, expect, it } from 'vitest';
import { insideProtection, speaksIpv6 } from '../../lib/reach/inside-vpc.ts';
import { indexNetwork } from '../../lib/reach/network-index.ts';
import { UNREAD_NETWORK } from '../support/aws.ts';
import { NETWORK, PRIVATE_SUBNET, PUBLIC_SUBNET } from '../support/fronts.ts';

const door = { port: 6379, said: 'NetworkType=dual_stack', groupIds: ['sg-shut'], subnetIds: [PUBLIC_SUBNET] };

describe('the network of a store with IPv6 addresses in a VPC', () => {
  it.each([
    ['groups that let nobody in', {}, 'on'],
    ['groups that let IPv4 in only', { groupIds: ['sg-office'] }, 'on'],
    ['open groups in a subnet without a route', { groupIds: ['sg-world'], subnetIds: [PRIVATE_SUBNET] }, 'on'],
    ['open groups in a subnet with a route', { groupIds: ['sg-world'] }, 'unknown'],
    ['open groups in a subnet that is not returned', { groupIds: ['sg-world'], subnetIds: [] }, 'unknown'],
    ['groups that are not returned', { groupIds: [] }, 'unknown'],
    ['a group that was not read', { groupIds: ['sg-gone'] }, 'unknown'],
  ])('is told by %s', (_, change, level) => {
    const protection = insideProtection(indexNetwork(NETWORK), { ...door, ...change });
    expect(protection.level).toBe(level);
    expect(protection.evidence).toMatch(/^NetworkType=dual_stack: /);
  });

  it('says what shuts IPv6 out, or that nothing read here does', () => {
    const evidence = (groupIds: readonly string[]) =>
      insideProtection(indexNetwork(NETWORK), { ...door, groupIds }).evidence;
    expect(evidence(['sg-shut'])).toBe(
      'NetworkType=dual_stack: IPv4 private by design; closed to the internet: IPv6 no security group rule for tcp/6379 from the internet',
    );
    expect(evidence(['sg-world'])).toBe(
      'NetworkType=dual_stack: neither groups nor routes read here shut IPv6 out, and whether AWS does is not returned',
    );
  });

  it('is not known where the network was not read', () => {
    expect(insideProtection(indexNetwork(UNREAD_NETWORK), door).level).toBe('unknown');
  });

  it('is asked only where there is IPv6', () => {
    expect([undefined, 'ipv4', 'dual_stack', 'ipv6', 'ipv8'].map(speaksIpv6)).toEqual([false, false, true, true, true]);
  });
});
