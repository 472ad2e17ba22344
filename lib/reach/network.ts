/**
 * From which internet addresses one network interface can be reached on one TCP port, and what opens or blocks it
 * (aws-services.md section 4.2). Families are answered apart: closing one leaves the other as it was.
 */
import type {
  InternetGateway,
  NetworkAcl,
  NetworkInterface,
  NetworkPart,
  RouteTable,
  SecurityGroup,
  Subnet,
} from '../model/network.ts';
import { aclOf } from './acl.ts';
import { attachmentOf, doorTo, passDoor, reachThrough } from './network-door.ts';
import type { Reach } from './network-reach.ts';
import { groupIds, type NetworkIndex, showsGateways, surroundingsOf, tableFor, unreadGroup } from './network-index.ts';
import { routingOf } from './routes.ts';
import { prefixSources, rulesOf } from './rules.ts';

/** One interface with all that surrounds it, in the shapes of the EC2 Describe calls. Undefined: not readable. */
export interface DoorInput {
  readonly eni: NetworkInterface;
  readonly port: number;
  readonly protocol?: 'tcp';
  readonly subnet: Subnet | undefined;
  /** Every group of the interface that could be read. */
  readonly groups: readonly SecurityGroup[];
  readonly nacl: NetworkAcl | undefined;
  readonly routeTables: readonly RouteTable[];
  readonly igws: readonly InternetGateway[];
  readonly prefixLists: Readonly<Record<string, readonly string[]>>;
  /** The region's switch. The subnet's own state outranks it. */
  readonly vpcBpa?: { readonly InternetGatewayBlockMode?: string | undefined } | undefined;
  /** Parts that are not complete: `routeTables` and `igws` may lack what matters. */
  readonly missing?: ReadonlySet<NetworkPart>;
}

export function reachOf(input: DoorInput): Reach {
  const { eni, subnet, groups, missing = new Set() } = input;
  const lists = prefixSources(input.prefixLists);
  const vpc = eni.VpcId ?? subnet?.VpcId;
  const table = tableFor(input.routeTables, eni.SubnetId ?? subnet?.SubnetId, vpc, !missing.has('routeTables'));
  const unread = groupIds(eni).filter((id) => !groups.some(({ GroupId }) => GroupId === id));
  const door = doorTo({
    eni,
    subnet,
    groups: [...groups.map((group) => rulesOf(group, lists)), ...unread.map(unreadGroup)],
    acl: aclOf(input.nacl),
    routing: table === undefined ? undefined : routingOf(table, lists),
    attachment: attachmentOf(input.igws, vpc, showsGateways({ routeTables: input.routeTables, missing }, vpc)),
    blockMode: input.vpcBpa?.InternetGatewayBlockMode,
  });
  const ports = { from: input.port, to: input.port };
  return reachThrough(passDoor(door, ports), door.addresses, ports);
}

/** The same, looked up in an account-region's network: what it lacks is unknown. */
export function doorOf(index: NetworkIndex, eni: NetworkInterface, port: number): Reach {
  const door = doorTo(surroundingsOf(index, eni));
  const ports = { from: port, to: port };
  return reachThrough(passDoor(door, ports), door.addresses, ports);
}
