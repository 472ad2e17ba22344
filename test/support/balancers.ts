/** Balancers as the ELBv2 API describes them: one with one listener on 9200 that leads to one group, unless said otherwise. */
import {
  type Action,
  DescribeListenersCommand,
  DescribeLoadBalancersCommand,
  DescribeRulesCommand,
  DescribeTargetGroupAttributesCommand,
  DescribeTargetGroupsCommand,
  DescribeTargetHealthCommand,
  type ElasticLoadBalancingV2ClientResolvedConfig,
  type Listener,
  type LoadBalancer,
  type ServiceInputTypes,
  type ServiceOutputTypes,
  type TargetDescription,
  type TargetGroup,
} from '@aws-sdk/client-elastic-load-balancing-v2';
import type { AwsStub } from 'aws-sdk-client-mock';
import { PUBLIC_SUBNET, VPC } from './fronts.ts';

type Mock = AwsStub<ServiceInputTypes, ServiceOutputTypes, ElasticLoadBalancingV2ClientResolvedConfig>;

export const PREFIX = 'arn:aws:elasticloadbalancing:us-east-1:111122223333';
export const NLB = `${PREFIX}:loadbalancer/net/front/50dc`;
export const forward = (...names: readonly string[]): Action[] => [
  { Type: 'forward', ForwardConfig: { TargetGroups: names.map((name) => ({ TargetGroupArn: name })) } },
];

export function balancer(change: Partial<LoadBalancer> = {}): LoadBalancer {
  return {
    LoadBalancerArn: NLB,
    LoadBalancerName: 'front',
    DNSName: 'front-50dc.elb.us-east-1.amazonaws.com',
    Scheme: 'internet-facing',
    Type: 'network',
    IpAddressType: 'ipv4',
    VpcId: VPC,
    AvailabilityZones: [{ SubnetId: PUBLIC_SUBNET }],
    ...change,
  };
}

export const ALB = balancer({
  LoadBalancerArn: `${PREFIX}:loadbalancer/app/web/aa11`,
  LoadBalancerName: 'web',
  Type: 'application',
  SecurityGroups: ['sg-world'],
});

export interface Site {
  readonly balancers?: readonly LoadBalancer[];
  readonly listener?: Partial<Listener>;
  readonly group?: Partial<TargetGroup>;
  readonly targets?: readonly TargetDescription[];
  readonly preserved?: string;
}

export function answerBalancers(aws: Mock, site: Site = {}): void {
  const { balancers = [balancer()], listener, group, targets, preserved = 'false' } = site;
  const [first] = balancers;
  aws.on(DescribeLoadBalancersCommand).resolves({ LoadBalancers: [...balancers] });
  aws.on(DescribeListenersCommand).resolves({
    Listeners: [
      { ListenerArn: 'listener-1', Port: 9200, Protocol: 'TCP', DefaultActions: forward('tg-1'), ...listener },
    ],
  });
  aws.on(DescribeTargetGroupsCommand).resolves({
    TargetGroups: [
      {
        TargetGroupArn: 'tg-1',
        TargetGroupName: 'search',
        Port: 9200,
        Protocol: 'TCP',
        TargetType: 'ip',
        IpAddressType: 'ipv4',
        VpcId: VPC,
        LoadBalancerArns: [first?.LoadBalancerArn ?? ''],
        ...group,
      },
    ],
  });
  aws.on(DescribeRulesCommand).resolves({ Rules: [] });
  aws.on(DescribeTargetHealthCommand).resolves({
    TargetHealthDescriptions: (targets ?? [{ Id: '10.0.0.5', Port: 9200 }]).map((Target) => ({ Target })),
  });
  aws
    .on(DescribeTargetGroupAttributesCommand)
    .resolves({ Attributes: [{ Key: 'preserve_client_ip.enabled', Value: preserved }] });
}
