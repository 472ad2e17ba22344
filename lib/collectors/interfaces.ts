/**
 * Doors that no service inventory has to know of: every public address of every network interface, on every port that
 * somebody on the internet can reach (aws-services.md section 2.23). Finds what people run themselves on EC2, ECS,
 * Fargate and EKS nodes, forgotten ones included, and Elastic IPs attached to it.
 * Calls: none of its own to list (the place's network is read once for all); DescribeNetworkInterfaces to confirm.
 * Left out: interfaces of load balancers, whose listeners the balancers' collectors judge; NAT gateways, which take no
 * connection; interfaces attached to nothing. Interfaces that a managed service made carry `aws:requester` and
 * `aws:description`, by which reconciling finds the service's own endpoint. Addresses out of a delegated IPv6 prefix
 * are not seen.
 */
import { DescribeNetworkInterfacesCommand, EC2Client } from '@aws-sdk/client-ec2';
import { ABSENT, type Cell } from '../aws/cell.ts';
import type { Collector } from '../aws/collector.ts';
import { ec2Keys, networkKeys, type NetworkKeys } from '../aws/dependencies.ts';
import { awsEndpoint, type AwsDoor, tagsOf } from '../aws/endpoint.ts';
import { engineOfPort, isBroad, listedPorts } from '../aws/ports.ts';
import type { DependencyKey } from '../model/change.ts';
import type { Endpoint, FoundBy } from '../model/endpoint.ts';
import type { Network, NetworkInterface, NetworkPart } from '../model/network.ts';
import { DESCRIPTION_TAG, REQUESTER_TAG } from '../model/second-inventory.ts';
import { printable } from '../model/text.ts';
import type { Protection } from '../model/protection.ts';
import { networkProtection } from '../reach/evidence.ts';
import { FAMILIES, type Family } from '../reach/ipset.ts';
import type { FamilyReach, Reach } from '../reach/network-reach.ts';
import { indexNetwork, type NetworkIndex } from '../reach/network-index.ts';
import { doorOf } from '../reach/network.ts';
import { openPorts } from '../reach/ports.ts';

/** An interface can hold dozens of addresses; beyond this many doors the rest is a gap. */
export const MAX_DOORS = 1_000;

/** Without one of these a list of doors is not whole. What the others lack is said of each door. */
const NEEDED: readonly NetworkPart[] = ['interfaces', 'groups', 'subnets', 'routeTables', 'nacls', 'internetGateways'];
const BALANCER_OR_NAT = new Set([
  'network_load_balancer',
  'gateway_load_balancer',
  'load_balancer',
  'nat_gateway',
  'natGateway',
]);

export const interfaces: Collector = {
  service: 'interfaces',
  scope: 'regional',
  actions: ['ec2:DescribeNetworkInterfaces'],
  // The network's own calls, which other collectors then share.
  cost: { empty: 8, each: 0 },
  async collect(cell) {
    const network = await cell.network();
    for (const part of NEEDED.filter((name) => network.missing.has(name))) {
      cell.gap('incomplete', `${part} of the network not read whole: doors may be missing`);
    }
    gapsOfHiddenInterfaces(cell, network);
    const around = {
      index: indexNetwork(network),
      elastic: new Set(network.addresses.flatMap(({ PublicIp }) => PublicIp ?? [])),
      keysOn: networkKeys(network),
    };
    const judged = network.interfaces.filter(isJudgedHere);
    cell.watch(judged.filter(hasPublicAddress).length);
    return judged.flatMap((eni) => doorsOf(cell, around, eni));
  },
  async exists(cell, { id, host, port }) {
    const [, , , eniId = ''] = id.split('/');
    const request = new DescribeNetworkInterfacesCommand({ NetworkInterfaceIds: [eniId] });
    const answer = await cell.askMaybe(
      'ec2:DescribeNetworkInterfaces',
      () => cell.client(EC2Client).send(request),
      ['InvalidNetworkInterfaceID.NotFound'],
      eniId,
    );
    if (answer === ABSENT) return false;
    const eni = answer?.NetworkInterfaces?.find(({ NetworkInterfaceId }) => NetworkInterfaceId === eniId);
    if (eni === undefined) return undefined;
    if (!isJudgedHere(eni)) return false;
    // The door is what the rules open: shut for certain, it is no more.
    const { addresses, breadth, unknown } = doorOf(indexNetwork(await cell.network()), eni, port)[familyOf(host)];
    return addresses.includes(host) && (breadth !== 'NONE' || unknown.length > 0);
  },
};

/** One new rule is all that its ports lack. */
function hasPublicAddress({ Association, PrivateIpAddresses = [], Ipv6Addresses = [] }: NetworkInterface): boolean {
  const associations = [Association, ...PrivateIpAddresses.map((address) => address.Association)];
  return Ipv6Addresses.length > 0 || associations.some((association) => association !== undefined);
}

function isJudgedHere({ InterfaceType, RequesterId, RequesterManaged, Status }: NetworkInterface): boolean {
  if (BALANCER_OR_NAT.has(InterfaceType ?? '')) return false;
  // Services attach theirs in accounts of their own, and not all of them show it.
  return RequesterManaged === true ? RequesterId !== 'amazon-elb' : Status !== 'available';
}

/** An address of ours on an interface that we cannot see leads to something that we cannot judge. */
function gapsOfHiddenInterfaces(cell: Cell, { interfaces: listed, addresses, missing }: Network): void {
  if (missing.has('interfaces')) return;
  const ids = new Set(listed.map(({ NetworkInterfaceId }) => NetworkInterfaceId));
  for (const { PublicIp = 'an address', NetworkInterfaceId: id } of addresses) {
    if (id === undefined || ids.has(id)) continue;
    cell.gap(
      'incomplete',
      `${PublicIp} is attached to ${id}, which is not listed: who may connect is not known`,
      PublicIp,
    );
  }
}

interface Around {
  readonly index: NetworkIndex;
  /** Elastic IPs. */
  readonly elastic: ReadonlySet<string>;
  readonly keysOn: NetworkKeys;
}

function doorsOf(cell: Cell, { index, elastic, keysOn }: Around, eni: NetworkInterface): readonly Endpoint[] {
  const { NetworkInterfaceId: id, TagSet } = eni;
  if (id === undefined) {
    cell.gap('incomplete', `a network interface without an id (${eni.PrivateIpAddress ?? 'no address'})`);
    return [];
  }
  const tags = { ...tagsOf(TagSet), ...requesterTags(eni) };
  const dependencies = dependenciesOf(eni, keysOn);
  const endpoints: Endpoint[] = [];
  const unsure: string[] = [];
  for (const range of openPorts(index, eni)) {
    for (const family of FAMILIES) {
      const { addresses, breadth, unknown } = range.reach[family];
      if (breadth === 'NONE' && unknown.length === 0) continue;
      if (breadth === 'NONE' && isBroad(range)) {
        // Any of these may be open, or none: one gap, not a door for every port of the catalogue.
        unsure.push(`tcp/${range.from}-${range.to}: ${unknown.join(', ')}`);
        continue;
      }
      const network = protectionOf(range.reach, family);
      for (const host of addresses) {
        const foundBy: readonly FoundBy[] = elastic.has(host) ? ['interface', 'address'] : ['interface'];
        const door = { host, tags, foundBy, declared: { network }, dependencies };
        endpoints.push(...listedPorts(range).map((port) => endpointOf(cell, id, eni, { ...door, port })));
      }
    }
  }
  const [first] = unsure;
  if (first !== undefined) cell.gap('incomplete', `${id} may be open on ${first}`, id);
  if (endpoints.length > MAX_DOORS) cell.gap('incomplete', `${id} has more than ${MAX_DOORS} open doors`, id);
  return endpoints.slice(0, MAX_DOORS);
}

/** The whole path, the interface itself first. */
function dependenciesOf(eni: NetworkInterface, keysOn: NetworkKeys): readonly DependencyKey[] {
  const associations = [eni.Association, ...(eni.PrivateIpAddresses ?? []).map(({ Association }) => Association)];
  return [
    ...ec2Keys(eni.NetworkInterfaceId, eni.Attachment?.InstanceId),
    ...keysOn({ enis: [eni] }),
    ...ec2Keys(...associations.map((association) => association?.AllocationId)),
  ];
}

/** Named after the instance behind the interface, where there is one: that is the name people know. */
function endpointOf(
  cell: Cell,
  id: string,
  { Attachment }: NetworkInterface,
  door: Pick<AwsDoor, 'host' | 'port' | 'tags' | 'foundBy' | 'declared' | 'dependencies'>,
): Endpoint {
  const { account, region, partition } = cell.place;
  const instance = Attachment?.InstanceId;
  const endpoint = awsEndpoint(cell, {
    ...door,
    name: id,
    door: `${door.host}:${door.port}`,
    engine: engineOfPort(door.port) ?? 'unidentified',
    arn: `arn:${partition}:ec2:${region}:${account}:network-interface/${id}`,
    incarnation: instance,
  });
  return instance === undefined ? endpoint : { ...endpoint, name: printable(instance) };
}

const SHUT: FamilyReach = {
  addresses: [],
  sources: [],
  breadth: 'NONE',
  via: [],
  blockers: [],
  unknown: [],
  caveats: [],
};

/** One address is of one family: what the other lets in is said of the other's addresses. */
function protectionOf(reach: Reach, family: Family): Protection {
  return networkProtection({ v4: SHUT, v6: SHUT, [family]: reach[family] });
}

function familyOf(host: string): Family {
  return host.includes(':') ? 'v6' : 'v4';
}

function requesterTags({
  RequesterManaged,
  RequesterId,
  Description,
}: NetworkInterface): Readonly<Record<string, string>> {
  if (RequesterManaged !== true) return {};
  return {
    [REQUESTER_TAG]: printable(RequesterId ?? 'not named', 256),
    [DESCRIPTION_TAG]: printable(Description ?? '', 256),
  };
}
