import {
  DescribeLoadBalancersCommand,
  ElasticLoadBalancingClient,
  type LoadBalancerDescription,
} from '@aws-sdk/client-elastic-load-balancing';
import { mockClient } from 'aws-sdk-client-mock';
import { afterEach, describe, expect, it } from 'vitest';
import { classicLoadBalancers } from '../../lib/collectors/classic-load-balancers.ts';
import { awsError, collectWith, levels, testCell, UNREAD_NETWORK } from '../support/aws.ts';
import { NETWORK, networkWith, PRIVATE_SUBNET, PUBLIC_SUBNET, publicInterface, VPC } from '../support/fronts.ts';

const aws = mockClient(ElasticLoadBalancingClient);
afterEach(() => aws.reset());

function balancer(change: Partial<LoadBalancerDescription> = {}): LoadBalancerDescription {
  return {
    LoadBalancerName: 'old',
    DNSName: 'old-1.us-east-1.elb.amazonaws.com',
    Scheme: 'internet-facing',
    CreatedTime: new Date('2016-01-02T03:04:05.000Z'),
    VPCId: VPC,
    Subnets: [PUBLIC_SUBNET],
    SecurityGroups: ['sg-world'],
    Instances: [{ InstanceId: 'i-1' }],
    ListenerDescriptions: [{ Listener: { Protocol: 'TCP', LoadBalancerPort: 3306, InstancePort: 3306 } }],
    ...change,
  };
}

const listening = (Protocol: string, LoadBalancerPort: number, InstancePort: number, ...PolicyNames: string[]) => ({
  ListenerDescriptions: [{ Listener: { Protocol, LoadBalancerPort, InstancePort }, PolicyNames }],
});

function answer(...balancers: readonly LoadBalancerDescription[]): void {
  aws.on(DescribeLoadBalancersCommand).resolves({ LoadBalancerDescriptions: [...balancers] });
}

const collect = () => collectWith(classicLoadBalancers, { network: NETWORK });

describe('Classic Load Balancers in front of data stores', () => {
  it('finds nothing, and says that the list is whole, where there is nothing', async () => {
    answer();
    const { endpoints, status, cell } = await collect();
    expect([endpoints, status, cell.asked]).toEqual([[], 'complete', ['elasticloadbalancing:DescribeLoadBalancers']]);
  });

  it('finds one that shows MySQL to the world', async () => {
    answer(balancer());
    const { endpoints, status } = await collect();
    expect(status).toBe('complete');
    expect(endpoints[0]).toMatchObject({
      id: '111122223333/us-east-1/classic-load-balancers/old/3306',
      host: 'old-1.us-east-1.elb.amazonaws.com',
      engine: 'mysql',
      arn: 'arn:aws:elasticloadbalancing:us-east-1:111122223333:loadbalancer/old',
      foundBy: ['balancer'],
    });
    expect(levels(endpoints[0]!)).toEqual({ network: 'off', tls: 'unknown' });
    expect(endpoints[0]?.declared.network?.evidence).toMatch(/^leads to i-1:3306; open to WORLD/);
  });

  it('leaves out internal ones and those that lead to no data store', async () => {
    answer(balancer({ Scheme: 'internal' }), balancer(listening('HTTP', 80, 80)));
    expect((await collect()).endpoints).toEqual([]);
  });

  it('knows the store by the port behind it', async () => {
    answer(balancer(listening('SSL', 443, 9200, 'ELBSecurityPolicy-TLS-1-2-2017-01')));
    const { endpoints } = await collect();
    expect(endpoints[0]).toMatchObject({ port: 443, engine: 'elasticsearch', declared: { tls: { level: 'on' } } });
  });

  it.each([
    ['old TLS', listening('HTTPS', 443, 9200, 'ELBSecurityPolicy-2016-08'), 'partial'],
    ['a policy of its own', listening('SSL', 443, 9200, 'mine'), 'unknown'],
    ['no TLS', listening('HTTP', 80, 9200), 'off'],
  ])('says what %s is worth', async (_, change, level) => {
    answer(balancer(change));
    expect((await collect()).endpoints[0]?.declared.tls?.level).toBe(level);
  });

  it.each([
    ['groups that let the office in', { SecurityGroups: ['sg-office'] }, 'partial'],
    ['groups that let nobody in', { SecurityGroups: ['sg-shut'] }, 'on'],
    ['a subnet without a way to the internet', { Subnets: [PRIVATE_SUBNET] }, 'on'],
    ['a scheme that is not said', { Scheme: undefined }, 'unknown'],
    ['groups that are not said', { SecurityGroups: undefined }, 'unknown'],
  ] as const)('is reached according to %s', async (_, change, level) => {
    answer(balancer(change as Partial<LoadBalancerDescription>));
    expect((await collect()).endpoints[0]?.declared.network?.level).toBe(level);
  });

  it('asks its own interfaces where they are known, and knows nothing of an unread network', async () => {
    answer(balancer());
    const shut = publicInterface('52.0.0.1', { Description: 'ELB old', Groups: [{ GroupId: 'sg-shut' }] });
    const known = await collectWith(classicLoadBalancers, { network: networkWith(shut) });
    expect(known.endpoints[0]?.declared.network?.level).toBe('on');
    const unread = await collectWith(classicLoadBalancers, { network: UNREAD_NETWORK });
    expect(unread.endpoints[0]?.declared.network?.level).toBe('unknown');
  });

  it('reads every page, doubts a repeated token, and is denied as a whole', async () => {
    aws
      .on(DescribeLoadBalancersCommand)
      .resolvesOnce({ LoadBalancerDescriptions: [balancer()], NextMarker: '1' })
      .resolvesOnce({ LoadBalancerDescriptions: [balancer({ LoadBalancerName: 'other' })] })
      .resolvesOnce({ LoadBalancerDescriptions: [balancer()], NextMarker: '1' })
      .resolvesOnce({ LoadBalancerDescriptions: [balancer()], NextMarker: '1' })
      .rejects(awsError('AccessDenied', 403));
    const first = await collect();
    expect([first.status, first.endpoints.length]).toEqual(['complete', 2]);
    expect((await collect()).status).toBe('partial');
    expect((await collect()).status).toBe('denied');
  });

  it('does not lose a balancer without a host silently, and cleans a hostile name', async () => {
    answer(balancer({ DNSName: undefined }), balancer({ LoadBalancerName: `a\u202e${'x'.repeat(5_000)}` }));
    const { endpoints, cell } = await collect();
    expect(endpoints[0]?.id).not.toMatch(/\u202e/u);
    expect(cell.gaps()).toHaveLength(1);
  });

  it('confirms a deletion only on the word of the API', async () => {
    answer(balancer());
    const [endpoint] = (await collect()).endpoints;
    aws.reset();
    const ask = () => classicLoadBalancers.exists(testCell('classic-load-balancers'), endpoint!);
    aws
      .on(DescribeLoadBalancersCommand)
      .rejectsOnce(awsError('AccessPointNotFoundException'))
      .rejectsOnce(awsError('Throttling'))
      .resolvesOnce({ LoadBalancerDescriptions: [balancer(listening('TCP', 5432, 5432))] })
      .resolves({ LoadBalancerDescriptions: [balancer()] });
    expect([await ask(), await ask(), await ask(), await ask()]).toEqual([false, undefined, false, true]);
  });
});

describe('what a Classic Load Balancer depends on', () => {
  it('is the balancer, its instances and all of the path to it', async () => {
    answer(balancer());
    const own = publicInterface('52.0.0.1', { Description: 'ELB old' });
    const { endpoints } = await collectWith(classicLoadBalancers, { network: networkWith(own) });
    expect(endpoints[0]?.dependencies).toEqual([
      'ec2:acl-1',
      'ec2:eni-52.0.0.1',
      'ec2:i-1',
      'ec2:rtb-public',
      'ec2:sg-world',
      'ec2:subnet-public',
      'ec2:vpc-1',
      'elasticloadbalancing:loadbalancer/old',
    ]);
  });

  it('is found again under a name that it took over', async () => {
    answer(balancer());
    const [endpoint] = (await collect()).endpoints;
    const later = { ...endpoint!, id: `${endpoint!.id}@2016-01-02T03:04:05.000Z` };
    expect(await classicLoadBalancers.exists(testCell('classic-load-balancers'), later)).toBe(true);
  });
});
