import {
  DescribeTargetGroupAttributesCommand,
  ElasticLoadBalancingV2Client,
} from '@aws-sdk/client-elastic-load-balancing-v2';
import { mockClient } from 'aws-sdk-client-mock';
import { afterEach, describe, expect, it } from 'vitest';
import { loadBalancers } from '../../lib/collectors/load-balancers.ts';
import type { Network } from '../../lib/model/network.ts';
import { awsError, collectWith, UNREAD_NETWORK } from '../support/aws.ts';
import { ALB, answerBalancers, balancer, type Site } from '../support/balancers.ts';
import { NETWORK, networkWith, privateInterface, publicInterface } from '../support/fronts.ts';

const aws = mockClient(ElasticLoadBalancingV2Client);
afterEach(() => aws.reset());

const answer = (site: Site = {}) => answerBalancers(aws, site);

async function network(site: Site, around: Network = NETWORK) {
  answer(site);
  const { endpoints } = await collectWith(loadBalancers, { network: around });
  return endpoints[0]?.declared.network;
}

describe('from where a listener can be reached', () => {
  it.each([
    ['the groups of the balancer', { balancers: [balancer({ SecurityGroups: ['sg-office'] })] }, 'partial'],
    ['groups that let nobody in', { balancers: [balancer({ SecurityGroups: ['sg-shut'] })] }, 'on'],
    ['a group that was not read', { balancers: [balancer({ SecurityGroups: ['sg-gone'] })] }, 'unknown'],
    ['a scheme that is not said', { balancers: [balancer({ Scheme: undefined })] }, 'unknown'],
    ['IPv6 alone', { balancers: [balancer({ IpAddressType: 'dualstack-without-public-ipv4' })] }, 'off'],
  ] as const)('is decided by %s', async (_, site, level) => {
    expect((await network(site))?.level).toBe(level);
  });

  it('keeps which networks may connect, for an entry of the allowlist that names them', async () => {
    const office = { balancers: [balancer({ SecurityGroups: ['sg-office'] })] };
    expect((await network(office))?.sources).toEqual(['198.41.0.4/32']);
    expect(
      (await network({ balancers: [balancer({ SecurityGroups: ['sg-office', 'sg-gone'] })] }))?.sources,
    ).toBeUndefined();
    // Of several ways in all count.
    const around = networkWith(
      privateInterface('10.0.0.5', { Groups: [{ GroupId: 'sg-balanced' }] }),
      privateInterface('10.0.0.6', { Groups: [{ GroupId: 'sg-unread' }] }),
    );
    const targets = [{ Id: '10.0.0.5' }, { Id: '10.0.0.6' }];
    expect((await network({ ...office, targets, preserved: 'true' }, around))?.sources).toBeUndefined();
  });

  it('names only IPv6 where IPv4 is private', async () => {
    const protection = await network({ balancers: [balancer({ IpAddressType: 'dualstack-without-public-ipv4' })] });
    expect(protection?.evidence).toContain('IPv6');
    expect(protection?.evidence).not.toContain('IPv4');
  });

  it('is asked of its own interfaces where they are known', async () => {
    const shut = publicInterface('52.0.0.1', {
      Description: 'ELB net/front/50dc',
      InterfaceType: 'network_load_balancer',
      Groups: [{ GroupId: 'sg-shut' }],
    });
    expect((await network({}, networkWith(shut)))?.level).toBe('on');
    expect((await network({}, networkWith({ ...shut, Groups: [] })))?.level).toBe('off');
  });

  it('is narrowed by the groups of a target that sees who calls', async () => {
    const inside = networkWith(privateInterface('10.0.0.5'));
    expect((await network({ preserved: 'false' }, inside))?.level).toBe('off');
    expect((await network({ preserved: 'true' }, inside))?.level).toBe('on');
    const open = networkWith(privateInterface('10.0.0.5', { Groups: [{ GroupId: 'sg-world' }] }));
    expect((await network({ preserved: 'true' }, open))?.level).toBe('off');
  });

  it('is not narrowed behind an application balancer, which always calls itself', async () => {
    const inside = networkWith(privateInterface('10.0.0.5'));
    const site = { balancers: [ALB], listener: { Protocol: 'HTTP' as const }, preserved: 'true' };
    expect((await network(site, inside))?.level).toBe('off');
  });

  it('is not narrowed by a target whose rule names the balancer', async () => {
    const around = networkWith(privateInterface('10.0.0.5', { Groups: [{ GroupId: 'sg-balanced' }] }));
    const site = { balancers: [balancer({ SecurityGroups: ['sg-office'] })], preserved: 'true' };
    expect((await network(site, around))?.level).toBe('partial');
  });

  it('leaves IPv6 callers as they are, who reach an IPv4 target with the address of the balancer', async () => {
    const around = networkWith(privateInterface('10.0.0.5'));
    const protection = await network(
      { balancers: [balancer({ IpAddressType: 'dualstack' })], preserved: 'true' },
      around,
    );
    expect(protection).toMatchObject({ level: 'off', evidence: expect.stringContaining('IPv6') });
  });

  it('is as open as the most open target', async () => {
    const around = networkWith(
      privateInterface('10.0.0.5'),
      privateInterface('10.0.0.6', { Groups: [{ GroupId: 'sg-world' }] }),
    );
    const targets = [{ Id: '10.0.0.5' }, { Id: '10.0.0.6' }];
    expect((await network({ targets, preserved: 'true' }, around))?.level).toBe('off');
  });

  it('is unknown, with the list whole, where the attributes are denied', async () => {
    answer();
    aws.on(DescribeTargetGroupAttributesCommand).rejects(awsError('AccessDenied', 403));
    const inside = networkWith(privateInterface('10.0.0.5'));
    const { endpoints, status, cell } = await collectWith(loadBalancers, { network: inside });
    expect([status, endpoints[0]?.declared.network?.level]).toEqual(['complete', 'unknown']);
    expect(cell.gaps()).toMatchObject([{ subject: 'search', code: 'denied' }]);
  });

  it('is unknown where the network was not read, and the list in doubt for targets known by address alone', async () => {
    answer();
    const { endpoints, status } = await collectWith(loadBalancers, { network: UNREAD_NETWORK });
    expect([status, endpoints[0]?.declared.network?.level]).toEqual(['partial', 'unknown']);
  });
});
