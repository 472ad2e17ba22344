/**
 * Keys of what an endpoint was judged by (model/change.ts), so that a change is traced to those it may alter
 * (aws-services.md sections 4.4 and 5.6). What is not known has no key: a sweep finds what such a change did.
 */
import { type DependencyKey, keyOfArn } from '../model/change.ts';
import type { Network, NetworkInterface, RouteTable, SecurityGroup } from '../model/network.ts';

/** `rds:db` and a name as `rds:db/NAME`. */
export function keysOf(kind: string, ...names: readonly (string | undefined)[]): readonly DependencyKey[] {
  return names.flatMap((name) => (name === undefined || name === '' ? [] : [`${kind}/${name}`]));
}

/** Ids of EC2 carry their type: `sg-0abc` as `ec2:sg-0abc`. */
export function ec2Keys(...ids: readonly (string | undefined)[]): readonly DependencyKey[] {
  return ids.flatMap((id) => (id === undefined || id === '' ? [] : [`ec2:${id}`]));
}

/** Where a service writes a key's place, but none of the account's own is meant: an alias, or a key of AWS's own. */
const NO_KEY = /^(alias\/|AWS_OWNED_)/;

/** KMS keys by their ARNs or their ids. */
export function kmsKeys(...keys: readonly (string | undefined)[]): readonly DependencyKey[] {
  return keys.flatMap((key) => {
    if (key === undefined || NO_KEY.test(key)) return [];
    const found = key.startsWith('arn:') ? [keyOfArn(key)] : keysOf('kms:key', key);
    return found.flatMap((each) => (each?.startsWith('kms:key/') === true ? [each] : []));
  });
}

/** Where on the network something is, as far as it was read. */
export interface Whereabouts {
  readonly groupIds?: readonly (string | undefined)[] | undefined;
  readonly subnetIds?: readonly (string | undefined)[] | undefined;
  readonly vpcId?: string | undefined;
  readonly enis?: readonly NetworkInterface[] | undefined;
}

export type NetworkKeys = (where: Whereabouts) => readonly DependencyKey[];

/** Groups, interfaces, VPC and subnets; then the route tables, ACLs and prefix lists that decide for them. */
export function networkKeys(network: Network): NetworkKeys {
  const around = surroundings(network);
  return ({ groupIds = [], subnetIds = [], vpcId, enis = [] }) => {
    const groups = [...groupIds, ...enis.flatMap(({ Groups }) => (Groups ?? []).map(({ GroupId }) => GroupId))];
    const subnets = [...new Set([...subnetIds, ...enis.map(({ SubnetId }) => SubnetId)].flatMap((id) => id ?? []))];
    const vpcs = [vpcId, ...enis.map(({ VpcId }) => VpcId), ...subnets.map((id) => around.vpcs.get(id))];
    const tables = subnets.flatMap((id) => {
      const table = around.tables.get(id) ?? around.mainTables.get(around.vpcs.get(id) ?? vpcId);
      return table === undefined ? [] : [table];
    });
    const lists = [
      ...groups.flatMap((id) => listsOfGroup(around.groups.get(id))),
      ...tables.flatMap(({ Routes }) => (Routes ?? []).map((route) => route.DestinationPrefixListId)),
    ];
    return [
      ...new Set(
        ec2Keys(
          ...groups,
          ...enis.map(({ NetworkInterfaceId }) => NetworkInterfaceId),
          ...vpcs,
          ...subnets,
          ...tables.map(({ RouteTableId }) => RouteTableId),
          ...subnets.map((id) => around.acls.get(id)),
          ...lists,
        ),
      ),
    ];
  };
}

type ById<T> = ReadonlyMap<string | undefined, T>;

interface Surroundings {
  readonly groups: ById<SecurityGroup>;
  /** VPC of a subnet. */
  readonly vpcs: ById<string | undefined>;
  /** ACL of a subnet. */
  readonly acls: ById<string | undefined>;
  readonly tables: ById<RouteTable>;
  /** By VPC: for subnets that no table names. */
  readonly mainTables: ById<RouteTable>;
}

function surroundings({ groups, subnets, nacls, routeTables }: Network): Surroundings {
  const associations = routeTables.flatMap((table) => (table.Associations ?? []).map((each) => ({ table, ...each })));
  return {
    groups: byId(groups.map((group) => [group.GroupId, group])),
    vpcs: byId(subnets.map(({ SubnetId, VpcId }) => [SubnetId, VpcId])),
    acls: byId(
      nacls.flatMap(({ NetworkAclId, Associations }) =>
        (Associations ?? []).map(({ SubnetId }) => [SubnetId, NetworkAclId] as const),
      ),
    ),
    tables: byId(associations.map(({ SubnetId, table }) => [SubnetId, table])),
    mainTables: byId(associations.filter(({ Main }) => Main === true).map(({ table }) => [table.VpcId, table])),
  };
}

function byId<T>(pairs: readonly (readonly [string | undefined, T])[]): ById<T> {
  return new Map(pairs.filter(([id]) => id !== undefined));
}

function listsOfGroup(group: SecurityGroup | undefined): readonly (string | undefined)[] {
  return (group?.IpPermissions ?? []).flatMap(({ PrefixListIds }) =>
    (PrefixListIds ?? []).map(({ PrefixListId }) => PrefixListId),
  );
}
