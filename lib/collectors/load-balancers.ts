/**
 * Application and Network Load Balancers that lead from the internet to data stores (aws-services.md sections 2.24 and
 * 4.5): to ports of the catalogue, or to an interface of a managed store. Nobody lists these doors as databases.
 * Calls: DescribeLoadBalancers; per internet-facing balancer its listeners, rules and targets; target groups once.
 * How far a listener reaches is decided by the balancer's interfaces and groups. A Network Load Balancer that keeps the
 * callers' addresses is filtered by its targets' groups too, but not by their subnets' ACLs, which are not looked at
 * here, nor on the way through a second balancer. An internal balancer with IPv6 addresses is a door where its interfaces
 * do not deny internet gateways; other internal ones and UDP are no doors from the internet over TCP.
 */
import type { Listener, LoadBalancer } from '@aws-sdk/client-elastic-load-balancing-v2';
import type { Store } from '../aws/balancer-targets.ts';
import {
  BALANCER_ACTIONS,
  type Balancers,
  balancerByName,
  balancerKeys,
  type Leads,
  openBalancers,
  readBalancers,
} from '../aws/balancers.ts';
import { ABSENT, type Cell } from '../aws/cell.ts';
import type { Collector } from '../aws/collector.ts';
import { ec2Keys, networkKeys, type NetworkKeys } from '../aws/dependencies.ts';
import { awsEndpoint } from '../aws/endpoint.ts';
import { inFrontOf, listenerTls, weakestOf } from '../aws/front.ts';
import type { DependencyKey } from '../model/change.ts';
import { declaredOn } from '../model/declared.ts';
import { doorName, type Endpoint, type Engine } from '../model/endpoint.ts';
import type { Network, NetworkInterface } from '../model/network.ts';
import type { Protection } from '../model/protection.ts';
import { networkProtection } from '../reach/evidence.ts';
import { reachOfTarget } from '../reach/front.ts';
import { managedReach } from '../reach/managed.ts';
import { indexNetwork, type NetworkIndex } from '../reach/network-index.ts';
import type { FamilyReach, Reach } from '../reach/network-reach.ts';

const TCP = new Set(['TCP', 'TLS', 'TCP_UDP', 'TCP_QUIC', 'HTTP', 'HTTPS']);

export const loadBalancers: Collector = {
  service: 'load-balancers',
  scope: 'regional',
  actions: BALANCER_ACTIONS,
  cost: { empty: 1, each: 4 },
  async collect(cell) {
    const open = (await readBalancers(cell)).filter(isOpen);
    cell.watch(open.length);
    if (open.length === 0) return [];
    const balancers = openBalancers(cell);
    const around = await surroundings(cell);
    const found = await Promise.all(open.map((balancer) => frontsOf(cell, balancers, around, balancer)));
    return found.flat();
  },
  async exists(cell, endpoint) {
    const { name = '' } = endpoint;
    const balancer = await balancerByName(cell, name);
    if (balancer === ABSENT) return false;
    if (balancer?.LoadBalancerArn === undefined) return undefined;
    if (!isOpen(balancer)) return false;
    const balancers = openBalancers(cell);
    const { items, whole } = await balancers.listeners(balancer.LoadBalancerArn);
    const listener = items.find(({ Port }) => doorName(endpoint) === String(Port));
    if (listener === undefined) return whole ? false : undefined;
    const leads = await balancers.leads(listener);
    if (leads.stores.length > 0) return true;
    return leads.whole ? false : undefined;
  },
};

/** A scheme that AWS does not name could be either. An IPv6 address of a VPC is a global one whatever the scheme. */
function isOpen({ Scheme: scheme, Type: type, IpAddressType: family }: LoadBalancer): boolean {
  return type !== 'gateway' && (scheme !== 'internal' || (family !== undefined && family !== 'ipv4'));
}

interface Around {
  readonly network: Network;
  readonly index: NetworkIndex;
  readonly keysOn: NetworkKeys;
}

async function surroundings(cell: Cell): Promise<Around> {
  const network = await cell.network();
  return { network, index: indexNetwork(network), keysOn: networkKeys(network) };
}

async function frontsOf(
  cell: Cell,
  balancers: Balancers,
  around: Around,
  balancer: LoadBalancer,
): Promise<readonly Endpoint[]> {
  const { LoadBalancerArn: arn, LoadBalancerName: name, DNSName: host } = balancer;
  if (arn === undefined || name === undefined || host === undefined) {
    cell.gap('incomplete', `balancer ${name ?? arn ?? 'without a name'} has no ARN, name or DNSName yet`);
    return [];
  }
  const { items } = await balancers.listeners(arn);
  const fronts = await Promise.all(
    items.map(async (listener) => {
      const { Port: port, Protocol: protocol } = listener;
      if (port === undefined || !TCP.has(protocol ?? 'TCP')) return [];
      const leads = await balancers.leads(listener);
      const [first] = leads.stores;
      if (first === undefined) return [];
      const authentication = authenticationOf(listener, leads);
      return [
        awsEndpoint(cell, {
          name,
          door: String(port),
          host,
          port,
          engine: engineOf(listener, first.engine),
          arn,
          incarnation: listener.ListenerArn,
          foundBy: ['balancer'],
          declared: {
            network: await networkOf(balancers, around, balancer, port, leads.stores),
            ...(authentication === undefined ? {} : { authentication }),
            tls: listenerTls(protocol, [listener.SslPolicy]),
          },
          dependencies: dependenciesOf(around, balancer, leads),
        }),
      ];
    }),
  );
  return fronts.flat();
}

/** Targets last: there may be hundreds. */
function dependenciesOf(around: Around, balancer: LoadBalancer, leads: Leads): readonly DependencyKey[] {
  const { LoadBalancerArn: arn = '', SecurityGroups: groupIds, VpcId: vpcId } = balancer;
  const enis = interfacesOf(around, balancer);
  const behind = leads.stores.flatMap(({ interfaces }) => interfaces);
  return [
    ...balancerKeys(arn),
    ...leads.keys,
    ...around.keysOn({ groupIds, subnetIds: subnetsOf(balancer), vpcId, enis }),
    // Of what stands behind only groups are looked at.
    ...around.keysOn({ groupIds: behind.flatMap(({ Groups }) => (Groups ?? []).map(({ GroupId }) => GroupId)) }),
    ...ec2Keys(...behind.map(({ NetworkInterfaceId }) => NetworkInterfaceId)),
    ...ec2Keys(...leads.stores.flatMap(({ target }) => (target.startsWith('i-') ? [target] : []))),
  ];
}

/** `ELB app/name/id` and `ELB net/name/id`, after the ARN. */
function interfacesOf({ network }: Around, { LoadBalancerArn: arn = '' }: LoadBalancer): readonly NetworkInterface[] {
  const description = `ELB ${arn.slice(arn.indexOf('loadbalancer/') + 'loadbalancer/'.length)}`;
  return network.interfaces.filter((eni) => eni.Description === description);
}

function subnetsOf({ AvailabilityZones: zones }: LoadBalancer): readonly string[] {
  return (zones ?? []).flatMap(({ SubnetId }) => SubnetId ?? []);
}

function engineOf({ Protocol: protocol }: Listener, behind: Engine): Engine {
  return behind === 'unidentified' && (protocol === 'HTTP' || protocol === 'HTTPS') ? 'http' : behind;
}

/** Undefined where the balancer asks nobody: then what is behind decides. */
function authenticationOf({ MutualAuthentication: mutual }: Listener, { gated }: Leads): Protection | undefined {
  if (mutual?.Mode === 'verify') return declaredOn('MutualAuthentication.Mode=verify');
  return gated ? declaredOn('every rule that forwards asks who the caller is first') : undefined;
}

async function networkOf(
  balancers: Balancers,
  around: Around,
  balancer: LoadBalancer,
  port: number,
  stores: readonly Store[],
): Promise<Protection> {
  const front = listenerReach(around, balancer, port);
  const ways = await Promise.all(
    stores.map(async (store) => networkProtection(await wayTo(balancers, around, balancer, front, store))),
  );
  const names = stores.map(({ target, port, group }) => `${target}:${port} (target group ${group.TargetGroupName})`);
  return inFrontOf(names, weakestOf(ways));
}

/** From where the listener itself can be reached. A Network Load Balancer without groups filters nobody. */
function listenerReach(around: Around, balancer: LoadBalancer, port: number): Reach {
  const { SecurityGroups: groupIds = [], VpcId: vpcId, IpAddressType: family } = balancer;
  const { index } = around;
  const enis = interfacesOf(around, balancer);
  const isInternal = balancer.Scheme === 'internal';
  const isPublic = isInternal ? enis.length > 0 : balancer.Scheme === 'internet-facing';
  const door = {
    port,
    publiclyAccessible: isPublic ? true : undefined,
    groupIds,
    subnetIds: subnetsOf(balancer),
    vpcId,
    enis,
    noGroups: balancer.Type === 'network' && groupIds.length === 0,
    dualStack: family === undefined ? undefined : family !== 'ipv4',
  };
  const reach = managedReach(index, door);
  if (!isInternal && family !== 'dualstack-without-public-ipv4') return reach;
  const { v4 } = managedReach(index, { ...door, publiclyAccessible: false });
  return { v4, v6: isInternal ? denied(reach.v6, enis) : reach.v6 };
}

/** AWS denies internet gateways to internal balancers unless told otherwise; where it does not say, nobody knows. */
function denied(v6: FamilyReach, enis: readonly NetworkInterface[]): FamilyReach {
  if (v6.breadth === 'NONE' || enis.some(({ DenyAllIgwTraffic: denies }) => denies === false)) return v6;
  return {
    ...v6,
    sources: [],
    breadth: 'NONE',
    unknown: [...v6.unknown, 'DenyAllIgwTraffic of its interfaces absent'],
  };
}

/** What of that reach gets to a target. */
async function wayTo(
  balancers: Balancers,
  { network, index }: Around,
  balancer: LoadBalancer,
  front: Reach,
  { target, port, group, interfaces }: Store,
): Promise<Reach> {
  const direct = group.LoadBalancerArns?.includes(balancer.LoadBalancerArn ?? '') === true;
  if (balancer.Type !== 'network' || !direct) return front;
  const preserved = await balancers.keepsCallers(group);
  if (preserved === false) return front;
  const family = group.IpAddressType === 'ipv6' ? 'v6' : 'v4';
  const filtered = reachOfTarget(
    front,
    { name: target, port, interfaces, family },
    index,
    network.groups,
    balancer.SecurityGroups ?? [],
  );
  if (preserved === true) return filtered;
  const unknown = [...filtered[family].unknown, 'preserve_client_ip.enabled not read: the target may filter or not'];
  return { ...filtered, [family]: { ...filtered[family], unknown } };
}
