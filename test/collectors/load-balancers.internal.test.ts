/** What a listener depends on, internal balancers with IPv6, and what ELB leaves out of its answers. */
import {
  DescribeListenersCommand,
  DescribeTargetGroupsCommand,
  DescribeTargetHealthCommand,
  ElasticLoadBalancingV2Client,
} from '@aws-sdk/client-elastic-load-balancing-v2';
import { mockClient } from 'aws-sdk-client-mock';
import { afterEach, describe, expect, it } from 'vitest';
import { loadBalancers } from '../../lib/collectors/load-balancers.ts';
import type { NetworkInterface } from '../../lib/model/network.ts';
import { collectWith, testCell, UNREAD_NETWORK } from '../support/aws.ts';
import { answerBalancers, balancer, forward, PREFIX, type Site } from '../support/balancers.ts';
import { NETWORK, networkWith, privateInterface, publicInterface } from '../support/fronts.ts';

const aws = mockClient(ElasticLoadBalancingV2Client);
afterEach(() => aws.reset());

const answer = (site: Site = {}) => answerBalancers(aws, site);
const INTERNAL = balancer({ Scheme: 'internal', IpAddressType: 'dualstack', SecurityGroups: ['sg-world'] });

describe('an internal balancer with IPv6 addresses', () => {
  const own = (change: Partial<NetworkInterface> = {}) =>
    publicInterface('none', {
      Description: 'ELB net/front/50dc',
      InterfaceType: 'network_load_balancer',
      Association: undefined,
      Ipv6Addresses: [{ Ipv6Address: '2600:1f18::9' }],
      DenyAllIgwTraffic: true,
      ...change,
    });

  it.each([
    ['is closed as AWS makes it', {}, 'on'],
    ['is open to the world where somebody let internet gateways in', { DenyAllIgwTraffic: false }, 'off'],
    ['is not known where it is not said', { DenyAllIgwTraffic: undefined }, 'unknown'],
    ['is closed by its groups', { DenyAllIgwTraffic: false, Groups: [{ GroupId: 'sg-shut' }] }, 'on'],
  ])('%s', async (_, change, level) => {
    answer({ balancers: [INTERNAL] });
    const { endpoints, status } = await collectWith(loadBalancers, { network: networkWith(own(change)) });
    expect(endpoints[0]?.declared.network?.level).toBe(level);
    expect(status).toBe('complete');
    const [endpoint] = endpoints;
    expect(await loadBalancers.exists(testCell('load-balancers'), endpoint!)).toBe(true);
  });

  it('is not known where its interfaces are not', async () => {
    answer({ balancers: [INTERNAL] });
    const { endpoints } = await collectWith(loadBalancers, { network: UNREAD_NETWORK });
    expect(endpoints[0]?.declared.network?.level).toBe('unknown');
  });

  it('is no door where it speaks IPv4 alone', async () => {
    answer({ balancers: [{ ...INTERNAL, IpAddressType: 'ipv4' }] });
    expect((await collectWith(loadBalancers, { network: NETWORK })).endpoints).toEqual([]);
  });
});

describe('what ELB leaves out of its answers', () => {
  it('doubts the list where a listener leads to a target group that is not described', async () => {
    answer({ listener: { DefaultActions: forward('tg-lost') } });
    const { endpoints, status, cell } = await collectWith(loadBalancers, { network: NETWORK });
    expect([endpoints, status]).toEqual([[], 'partial']);
    expect(cell.gaps()).toMatchObject([{ code: 'incomplete', detail: expect.stringContaining('tg-lost') }]);
  });

  it('does not take a listener for gone whose target group is not described', async () => {
    answer();
    const [endpoint] = (await collectWith(loadBalancers, { network: NETWORK })).endpoints;
    aws.on(DescribeTargetGroupsCommand).resolves({ TargetGroups: [] });
    expect(await loadBalancers.exists(testCell('load-balancers'), endpoint!)).toBeUndefined();
  });

  it('finds the listener of a balancer that took over a name', async () => {
    answer();
    const [endpoint] = (await collectWith(loadBalancers, { network: NETWORK })).endpoints;
    const later = { ...endpoint!, id: `${endpoint!.id}@listener-1` };
    expect(await loadBalancers.exists(testCell('load-balancers'), later)).toBe(true);
  });
});

describe('what a listener depends on', () => {
  it('is the balancer, its target groups, all of the path to it, and what filters behind it', async () => {
    answer({
      balancers: [balancer({ SecurityGroups: ['sg-office'] })],
      group: { TargetType: 'instance' },
      targets: [{ Id: 'i-1' }],
      preserved: 'true',
    });
    const target = privateInterface('10.0.0.5', { Attachment: { InstanceId: 'i-1' } });
    const { endpoints } = await collectWith(loadBalancers, { network: networkWith(target) });
    expect(endpoints[0]?.dependencies).toEqual([
      'ec2:acl-1',
      'ec2:eni-10.0.0.5',
      'ec2:i-1',
      'ec2:rtb-public',
      'ec2:sg-inside',
      'ec2:sg-office',
      'ec2:subnet-public',
      'ec2:vpc-1',
      'elasticloadbalancing:loadbalancer/front',
      'elasticloadbalancing:targetgroup/search',
    ]);
  });

  it('is also the application balancer behind it, and its target groups', async () => {
    const inner = `${PREFIX}:loadbalancer/app/inner/aa11`;
    answer({ listener: { Port: 443 }, group: { TargetType: 'alb', Port: 443 } });
    aws.on(DescribeTargetGroupsCommand).resolves({
      TargetGroups: [
        { TargetGroupArn: 'tg-1', TargetGroupName: 'outer', TargetType: 'alb', Port: 443 },
        { TargetGroupArn: 'tg-2', TargetGroupName: 'inner', TargetType: 'ip', Port: 9200 },
      ],
    });
    aws.on(DescribeTargetHealthCommand, { TargetGroupArn: 'tg-1' }).resolves({
      TargetHealthDescriptions: [{ Target: { Id: inner } }],
    });
    aws.on(DescribeListenersCommand, { LoadBalancerArn: inner }).resolves({
      Listeners: [{ ListenerArn: 'inner', Port: 443, Protocol: 'HTTPS', DefaultActions: forward('tg-2') }],
    });
    const { endpoints } = await collectWith(loadBalancers, { network: NETWORK });
    expect(endpoints[0]?.dependencies?.filter((key) => key.startsWith('elastic'))).toEqual([
      'elasticloadbalancing:loadbalancer/front',
      'elasticloadbalancing:loadbalancer/inner',
      'elasticloadbalancing:targetgroup/inner',
      'elasticloadbalancing:targetgroup/outer',
    ]);
  });
});
