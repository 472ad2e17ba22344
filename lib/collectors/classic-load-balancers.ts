/**
 * Classic Load Balancers that lead from the internet to ports of data stores on instances (aws-services.md section
 * 2.24). Call: DescribeLoadBalancers, which says all of it. They end every connection themselves: the instances' own
 * groups see nothing but the balancer, so the balancer's groups alone decide who gets through.
 */
import {
  DescribeLoadBalancersCommand,
  ElasticLoadBalancingClient,
  type ListenerDescription,
  type LoadBalancerDescription,
} from '@aws-sdk/client-elastic-load-balancing';
import { ABSENT, type Cell } from '../aws/cell.ts';
import { balancerKeys } from '../aws/balancers.ts';
import type { Collector } from '../aws/collector.ts';
import { ec2Keys, networkKeys, type NetworkKeys } from '../aws/dependencies.ts';
import { awsEndpoint } from '../aws/endpoint.ts';
import { inFrontOf, listenerTls } from '../aws/front.ts';
import { DATABASE_PORTS, engineOfPort } from '../aws/ports.ts';
import { doorName, type Endpoint } from '../model/endpoint.ts';
import type { Network, NetworkInterface } from '../model/network.ts';
import { networkProtection } from '../reach/evidence.ts';
import { managedReach } from '../reach/managed.ts';
import { indexNetwork, type NetworkIndex } from '../reach/network-index.ts';
import type { Reach } from '../reach/network-reach.ts';

const ACTION = 'elasticloadbalancing:DescribeLoadBalancers';
/** The most that ELB returns per page. */
const PAGE = 400;

export const classicLoadBalancers: Collector = {
  service: 'classic-load-balancers',
  scope: 'regional',
  actions: [ACTION],
  cost: { empty: 1, each: 0 },
  async collect(cell) {
    const client = cell.client(ElasticLoadBalancingClient);
    const balancers = await cell.list(
      ACTION,
      (Marker) => client.send(new DescribeLoadBalancersCommand({ PageSize: PAGE, Marker })),
      (page) => page.LoadBalancerDescriptions,
      (page) => page.NextMarker,
    );
    cell.watch(balancers.filter(isOpen).length);
    const fronts = balancers.filter((balancer) => isOpen(balancer) && frontsIn(balancer).length > 0);
    if (fronts.length === 0) return [];
    const network = await cell.network();
    const around = { network, index: indexNetwork(network), keysOn: networkKeys(network) };
    return fronts.flatMap((balancer) => doorsOf(cell, around, balancer));
  },
  async exists(cell, endpoint) {
    const { name = '' } = endpoint;
    const client = cell.client(ElasticLoadBalancingClient);
    const call = () => client.send(new DescribeLoadBalancersCommand({ LoadBalancerNames: [name] }));
    const answer = await cell.askMaybe(ACTION, call, ['AccessPointNotFoundException'], name);
    if (answer === ABSENT) return false;
    const balancer = answer?.LoadBalancerDescriptions?.[0];
    if (balancer === undefined) return undefined;
    return isOpen(balancer) && frontsIn(balancer).some(({ port }) => doorName(endpoint) === String(port));
  },
};

/** A scheme that AWS does not name could be either. */
function isOpen({ Scheme: scheme }: LoadBalancerDescription): boolean {
  return scheme !== 'internal';
}

interface Front {
  readonly port: number;
  readonly target: number;
  readonly protocol: string | undefined;
  readonly policies: readonly string[];
}

/** Listeners on a port of the catalogue, or in front of one. */
function frontsIn({ ListenerDescriptions: listeners = [] }: LoadBalancerDescription): readonly Front[] {
  return listeners.flatMap(({ Listener: listener, PolicyNames: policies = [] }: ListenerDescription) => {
    const { LoadBalancerPort: port, InstancePort: target, Protocol: protocol } = listener ?? {};
    if (port === undefined || target === undefined) return [];
    const known = DATABASE_PORTS.includes(port) || DATABASE_PORTS.includes(target);
    return known ? [{ port, target, protocol, policies }] : [];
  });
}

interface Around {
  readonly network: Network;
  readonly index: NetworkIndex;
  readonly keysOn: NetworkKeys;
}

function doorsOf(cell: Cell, around: Around, balancer: LoadBalancerDescription): readonly Endpoint[] {
  const { LoadBalancerName: name, DNSName: host, Instances: instances = [], CreatedTime: made } = balancer;
  if (name === undefined || host === undefined) {
    cell.gap('incomplete', `balancer ${name ?? host ?? 'without a name'} has no name or DNSName`);
    return [];
  }
  const { account, region, partition } = cell.place;
  const arn = `arn:${partition}:elasticloadbalancing:${region}:${account}:loadbalancer/${name}`;
  const enis = around.network.interfaces.filter((eni) => eni.Description === `ELB ${name}`);
  const { SecurityGroups: groupIds, Subnets: subnetIds, VPCId: vpcId } = balancer;
  const dependencies = [
    ...balancerKeys(arn),
    ...around.keysOn({ groupIds, subnetIds, vpcId, enis }),
    // Its instances are not judged, but named as what it leads to.
    ...ec2Keys(...instances.map(({ InstanceId }) => InstanceId)),
  ];
  return frontsIn(balancer).map(({ port, target, protocol, policies }) => {
    const behind = instances.map(({ InstanceId: id }) => `${id ?? 'an instance'}:${target}`);
    return awsEndpoint(cell, {
      name,
      door: String(port),
      host,
      port,
      engine: engineOfPort(target) ?? engineOfPort(port) ?? 'unidentified',
      arn,
      incarnation: made?.toISOString(),
      foundBy: ['balancer'],
      declared: {
        network: inFrontOf(
          behind.length === 0 ? [`no instance, port ${target}`] : behind,
          networkProtection(reachOf(around.index, balancer, enis, port)),
        ),
        tls: listenerTls(protocol?.toUpperCase(), policies),
      },
      dependencies,
    });
  });
}

function reachOf(
  index: NetworkIndex,
  { Scheme: scheme, SecurityGroups, Subnets, VPCId }: LoadBalancerDescription,
  enis: readonly NetworkInterface[],
  port: number,
): Reach {
  return managedReach(index, {
    port,
    publiclyAccessible: scheme === 'internet-facing' ? true : undefined,
    groupIds: SecurityGroups ?? [],
    subnetIds: Subnets ?? [],
    vpcId: VPCId,
    enis,
    // In a VPC they speak IPv4 only.
    dualStack: false,
  });
}
