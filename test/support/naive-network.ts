/**
 * The plain way to ask whether a packet gets in: one source address, one source port, walked through the lists as
 * AWS describes them. Knows nothing of sets or intervals. For networks that were read completely.
 */
import ipaddr from 'ipaddr.js';
import type { DoorInput } from '../../lib/reach/network.ts';
import type { IpPermission, NetworkAclEntry, Route } from '../../lib/model/network.ts';

type Address = ipaddr.IPv4 | ipaddr.IPv6;

const NOT_ON_THE_INTERNET = [
  '0.0.0.0/8 10.0.0.0/8 100.64.0.0/10 127.0.0.0/8 169.254.0.0/16 172.16.0.0/12 192.0.0.0/24 192.0.2.0/24',
  '192.88.99.0/24 192.168.0.0/16 198.18.0.0/15 198.51.100.0/24 203.0.113.0/24 224.0.0.0/4 240.0.0.0/4',
  '2001::/23 2001:db8::/32 2002::/16 3fff::/20',
]
  .join(' ')
  .split(' ');

/** Whether a stranger at this address can hold a TCP conversation with the interface, picking the source port. */
export function arrives(input: DoorInput, source: string): boolean {
  const from = ipaddr.parse(source);
  if (NOT_ON_THE_INTERNET.some((block) => inside(from, block))) return false;
  if (from.kind() === 'ipv6' && !inside(from, '2000::/3')) return false;
  if (!hasAddress(input, from.kind()) || !canUseGateway(input)) return false;
  if (!input.groups.some((group) => (group.IpPermissions ?? []).some((rule) => admits(rule, input, from))))
    return false;
  if (!aclSays(input, false, from, input.port)) return false;
  if (!comesBack(input, from)) return false;
  return portsToTry(input).some((port) => aclSays(input, true, from, port));
}

const parsed = new Map<string, [Address, number]>();

function parse(block: string): [Address, number] {
  const known = parsed.get(block) ?? ipaddr.parseCIDR(block);
  parsed.set(block, known);
  return known;
}

function inside(address: Address, block: string | undefined): boolean {
  if (block === undefined) return false;
  const [network, bits] = parse(block);
  return network.kind() === address.kind() && address.match(network, bits);
}

function hasAddress({ eni }: DoorInput, kind: 'ipv4' | 'ipv6'): boolean {
  if (kind === 'ipv6') {
    return (eni.Ipv6Addresses ?? []).some((a) => inside(ipaddr.parse(a.Ipv6Address ?? '::'), '2000::/3'));
  }
  if (eni.Association?.PublicIp !== undefined) return true;
  return (eni.PrivateIpAddresses ?? []).some((a) => a.Association?.PublicIp !== undefined);
}

function canUseGateway({ eni, igws, subnet, vpcBpa }: DoorInput): boolean {
  const attachments = igws.flatMap((igw) => igw.Attachments ?? []);
  if (!attachments.some((a) => a.VpcId === eni.VpcId && ['available', 'attached'].includes(a.State ?? '')))
    return false;
  if (eni.DenyAllIgwTraffic === true) return false;
  const subnetMode = subnet?.BlockPublicAccessStates?.InternetGatewayBlockMode;
  return (subnetMode ?? vpcBpa?.InternetGatewayBlockMode ?? 'off') === 'off';
}

function admits(rule: IpPermission, input: DoorInput, from: Address): boolean {
  const everything = rule.IpProtocol === '-1';
  const tcp = rule.IpProtocol === 'tcp' || rule.IpProtocol === '6';
  if (!everything && !(tcp && (rule.FromPort ?? 1) <= input.port && input.port <= (rule.ToPort ?? 0))) return false;
  const lists = (rule.PrefixListIds ?? []).flatMap((l) => input.prefixLists[l.PrefixListId ?? ''] ?? []);
  const v4 = (rule.IpRanges ?? []).map((r) => r.CidrIp);
  const v6 = (rule.Ipv6Ranges ?? []).map((r) => r.CidrIpv6);
  return [...v4, ...v6, ...lists].some((block) => inside(from, block));
}

function aclSays(input: DoorInput, egress: boolean, address: Address, port: number): boolean {
  const entries = [...(input.nacl?.Entries ?? [])].sort((a, b) => (a.RuleNumber ?? 0) - (b.RuleNumber ?? 0));
  for (const entry of entries) {
    if (entry.Egress !== egress || !speaksOf(entry, port)) continue;
    if (inside(address, entry.CidrBlock) || inside(address, entry.Ipv6CidrBlock)) return entry.RuleAction === 'allow';
  }
  return false;
}

function speaksOf(entry: NetworkAclEntry, port: number): boolean {
  if (entry.Protocol === '-1') return true;
  if (entry.Protocol !== '6') return false;
  return (
    entry.PortRange === undefined || ((entry.PortRange.From ?? 0) <= port && port <= (entry.PortRange.To ?? 65535))
  );
}

/** What an ACL says can change only where one of its ranges begins or ends. */
function portsToTry(input: DoorInput): number[] {
  const edges = (input.nacl?.Entries ?? []).flatMap(({ PortRange }) => [PortRange?.From ?? 1, PortRange?.To ?? 1]);
  const near = [1, 65535, ...edges.flatMap((port) => [port - 1, port, port + 1])];
  return near.filter((port) => port >= 1 && port <= 65535);
}

function comesBack(input: DoorInput, to: Address): boolean {
  const { eni, routeTables } = input;
  const named = routeTables.find((t) => (t.Associations ?? []).some((a) => a.SubnetId === eni.SubnetId));
  const main = routeTables.find((t) => t.VpcId === eni.VpcId && (t.Associations ?? []).some((a) => a.Main === true));
  let best: { bits: number; list: boolean; route: Route } | undefined;
  for (const route of (named ?? main)?.Routes ?? []) {
    const list = route.DestinationPrefixListId;
    const blocks =
      list === undefined ? [route.DestinationCidrBlock, route.DestinationIpv6CidrBlock] : input.prefixLists[list];
    for (const block of blocks ?? []) {
      if (block === undefined || !inside(to, block)) continue;
      const bits = parse(block)[1];
      const wins = best === undefined || bits > best.bits || (bits === best.bits && best.list && list === undefined);
      if (wins) best = { bits, list: list !== undefined, route };
    }
  }
  const target = best?.route.GatewayId ?? '';
  return best?.route.State !== 'blackhole' && (target.startsWith('igw-') || target.startsWith('vpce-'));
}
