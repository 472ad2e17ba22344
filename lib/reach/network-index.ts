/** One account-region's network, looked up by id and compiled once, so that each door is a few look-ups. */
import type { Network, NetworkInterface, RouteTable, Subnet } from '../model/network.ts';
import { type Acl, aclOf } from './acl.ts';
import { type Attachment, attachmentOf, type Surroundings } from './network-door.ts';
import { type Routing, routingOf } from './routes.ts';
import { prefixSources, rulesOf, type SourceRules, unreadRules } from './rules.ts';

export interface NetworkIndex {
  /** By group id. */
  readonly groups: ReadonlyMap<string, SourceRules>;
  readonly subnets: ReadonlyMap<string, Subnet>;
  /** By subnet id. */
  readonly acls: ReadonlyMap<string, Acl | undefined>;
  /** Route tables by the subnet that names them. */
  readonly tables: ReadonlyMap<string, Routing>;
  /** Main route tables by VPC id: for subnets that name none. */
  readonly mainTables: ReadonlyMap<string, Routing>;
  /** False where a table that names a subnet may not have been read: then its VPC's main table says nothing. */
  readonly tablesComplete: boolean;
  /** By VPC id, of each VPC that shows its route tables or its gateway. */
  readonly attachments: ReadonlyMap<string, Attachment>;
  readonly blockMode: string | undefined;
}

export function indexNetwork(network: Network): NetworkIndex {
  const lists = prefixSources(network.prefixLists);
  const vpcs = [
    ...network.routeTables.map(({ VpcId }) => VpcId),
    ...network.internetGateways.flatMap(({ Attachments }) => (Attachments ?? []).map(({ VpcId }) => VpcId)),
  ];
  const compiled = network.routeTables.map((table) => ({ table, routing: routingOf(table, lists) }));
  return {
    groups: byId(network.groups.map((group) => [group.GroupId, rulesOf(group, lists)])),
    subnets: byId(network.subnets.map((subnet) => [subnet.SubnetId, subnet])),
    acls: byId(
      network.nacls.flatMap((acl) => {
        const read = aclOf(acl);
        return (acl.Associations ?? []).map(({ SubnetId }) => [SubnetId, read] as const);
      }),
    ),
    tables: byId(compiled.flatMap(({ table, routing }) => subnetsOf(table).map((id) => [id, routing] as const))),
    mainTables: byId(compiled.filter(({ table }) => isMain(table)).map(({ table, routing }) => [table.VpcId, routing])),
    tablesComplete: !network.missing.has('routeTables'),
    attachments: byId(
      [...new Set(vpcs)].map((vpc) => [vpc, attachmentOf(network.internetGateways, vpc, showsGateways(network, vpc))]),
    ),
    blockMode: network.blockMode,
  };
}

/**
 * Whether a VPC whose gateway is not listed has none. One that is shared with us may show neither gateway nor tables
 * (aws-services.md section 9, trap 6), and every VPC has a table.
 */
export function showsGateways(
  { routeTables, missing }: Pick<Network, 'routeTables' | 'missing'>,
  vpc: string | undefined,
): boolean {
  return !missing.has('internetGateways') && routeTables.some(({ VpcId }) => VpcId === vpc);
}

/** The first of an id counts. */
function byId<T>(pairs: readonly (readonly [string | undefined, T])[]): ReadonlyMap<string, T> {
  return new Map(pairs.toReversed().flatMap(([id, value]) => (id === undefined ? [] : [[id, value] as const])));
}

function subnetsOf(table: RouteTable): readonly (string | undefined)[] {
  return (table.Associations ?? []).map(({ SubnetId }) => SubnetId);
}

function isMain(table: RouteTable): boolean {
  return (table.Associations ?? []).some(({ Main }) => Main === true);
}

/** The table that names the subnet, or else the main one of the same VPC. */
export function tableFor(
  tables: readonly RouteTable[],
  subnet: string | undefined,
  vpc: string | undefined,
  complete: boolean,
): RouteTable | undefined {
  const own = tables.find((table) => subnet !== undefined && subnetsOf(table).includes(subnet));
  if (own !== undefined || !complete || vpc === undefined) return own;
  return tables.find((table) => table.VpcId === vpc && isMain(table));
}

export function surroundingsOf(index: NetworkIndex, eni: NetworkInterface): Surroundings {
  const id = eni.SubnetId ?? '';
  const subnet = index.subnets.get(id);
  const vpc = eni.VpcId ?? subnet?.VpcId;
  const main = index.tablesComplete && vpc !== undefined ? index.mainTables.get(vpc) : undefined;
  return {
    eni,
    subnet,
    groups: groupIds(eni).map((group) => index.groups.get(group) ?? unreadGroup(group)),
    acl: index.acls.get(id),
    routing: index.tables.get(id) ?? main,
    attachment: (vpc === undefined ? undefined : index.attachments.get(vpc)) ?? 'unsure',
    blockMode: index.blockMode,
  };
}

export function groupIds(eni: NetworkInterface): readonly string[] {
  return (eni.Groups ?? []).map(({ GroupId }) => GroupId ?? 'without an id');
}

export function unreadGroup(group: string): SourceRules {
  return unreadRules(`group ${group} not readable`);
}
