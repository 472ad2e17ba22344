/**
 * ElastiCache replication groups: Redis and Valkey (aws-services.md section 2.11). Caches outside of groups and
 * serverless ones are collectors of their own, because the three kinds have names of their own.
 * Calls: DescribeReplicationGroups; users and user groups once, where a group uses them; DescribeCacheClusters of one
 * node for the security groups of one with IPv6 addresses.
 * Never public over IPv4 by design: what stands in front is found by the fronts' collectors, not by its subnets.
 */
import {
  DescribeCacheClustersCommand,
  DescribeReplicationGroupsCommand,
  ElastiCacheClient,
  type ReplicationGroup,
} from '@aws-sdk/client-elasticache';
import { ABSENT, type Cell } from '../aws/cell.ts';
import type { Collector } from '../aws/collector.ts';
import { keysOf, kmsKeys, networkKeys } from '../aws/dependencies.ts';
import { addressedDoors, type Door, doorOf, hasDoor, type NamedAddress } from '../aws/doors.ts';
import {
  cacheEngine,
  groupAuthentication,
  logsOf,
  neverPublic,
  PAGE,
  readUserGroups,
  transitOf,
  USER_ACTIONS,
  type UserGroups,
  userKeys,
  withFirstToken,
} from '../aws/elasticache.ts';
import { lazily } from '../aws/lazily.ts';
import { awsEndpoint } from '../aws/endpoint.ts';
import type { DependencyKey } from '../model/change.ts';
import { declaredOff, declaredOn, declaredSwitch, declaredUnknown, withPending } from '../model/declared.ts';
import { doorName, type Endpoint, type Engine } from '../model/endpoint.ts';
import type { Protection } from '../model/protection.ts';
import { insideProtection, speaksIpv6 } from '../reach/inside-vpc.ts';
import { indexNetwork } from '../reach/network-index.ts';

const NODES = 'elasticache:DescribeCacheClusters';

export const elasticache: Collector = {
  service: 'elasticache',
  scope: 'regional',
  actions: ['elasticache:DescribeReplicationGroups', NODES, ...USER_ACTIONS],
  // Two more calls where a group uses user groups; none per group.
  cost: { empty: 1, each: 0.1 },
  async collect(cell) {
    const client = cell.client(ElastiCacheClient);
    const groups = await cell.list(
      'elasticache:DescribeReplicationGroups',
      (Marker) => client.send(new DescribeReplicationGroupsCommand({ MaxRecords: PAGE, Marker })),
      (page) => page.ReplicationGroups,
      (page) => page.Marker,
    );
    const users = lazily(() => readUserGroups(cell));
    const endpoints = await Promise.all(groups.map((group) => endpointsOf(cell, group, users)));
    return endpoints.flat();
  },
  async exists(cell, endpoint) {
    const { name } = endpoint;
    const client = cell.client(ElastiCacheClient);
    const call = () => client.send(new DescribeReplicationGroupsCommand({ ReplicationGroupId: name }));
    const answer = await cell.askMaybe(
      'elasticache:DescribeReplicationGroups',
      call,
      ['ReplicationGroupNotFoundFault'],
      name,
    );
    if (answer === ABSENT) return false;
    const group = answer?.ReplicationGroups?.[0];
    if (group === undefined) return undefined;
    // Left out, its nodes are not gone.
    if (group.NodeGroups === undefined && doorName(endpoint) !== '') return undefined;
    return hasDoor(endpoint, doorsOf(group));
  },
};

async function endpointsOf(
  cell: Cell,
  group: ReplicationGroup,
  users: () => Promise<UserGroups>,
): Promise<readonly Endpoint[]> {
  const { ReplicationGroupId: name, Status: status } = group;
  if (name === undefined) {
    cell.gap('incomplete', 'a replication group without ReplicationGroupId');
    return [];
  }
  const doors = doorsOf(group);
  const [first] = doors;
  if (first === undefined) {
    cell.gap('incomplete', `replication group ${name} has no endpoint yet: ${status ?? 'no status'}`, name);
    return [];
  }
  // Only newer answers carry the engine; a replication group without one is of the Redis family all the same.
  const engine: Engine = group.Engine === undefined ? 'redis' : cacheEngine(group.Engine);
  const pending = group.PendingModifiedValues;
  const network = await networkOf(cell, name, group, first.port);
  const declared = {
    network: network.protection,
    authentication: await authenticationOf(group, users),
    tls: transitOf(engine, group, pending),
    'encryption-at-rest': restOf(group),
    'audit-log': logsOf(group.LogDeliveryConfigurations),
  };
  // Nodes last: a group may have hundreds, and an endpoint keeps no more than it has room for.
  const dependencies = [
    ...keysOf('elasticache:replicationgroup', name),
    ...kmsKeys(group.KmsKeyId),
    ...network.keys,
    ...(await usersOf(group, users)),
    ...keysOf('elasticache:cluster', ...(group.MemberClusters ?? [])),
  ];
  return doors.map((door) =>
    awsEndpoint(cell, {
      name,
      ...doorOf(door),
      engine,
      arn: group.ARN,
      declared,
      incarnation: group.ReplicationGroupCreateTime?.toISOString(),
      dependencies,
    }),
  );
}

interface Judged {
  readonly protection: Protection;
  readonly keys: readonly DependencyKey[];
}

/** The groups of a replication group are those of its nodes; it does not show its subnets. */
async function networkOf(
  cell: Cell,
  name: string,
  { NetworkType: networkType, MemberClusters: members }: ReplicationGroup,
  port: number,
): Promise<Judged> {
  if (!speaksIpv6(networkType)) return { protection: neverPublic(), keys: [] };
  const [CacheClusterId] = members ?? [];
  const client = cell.client(ElastiCacheClient);
  const call = () => client.send(new DescribeCacheClustersCommand({ CacheClusterId }));
  const answer = CacheClusterId === undefined ? undefined : await cell.ask(NODES, call, name);
  const groupIds = (answer?.CacheClusters?.[0]?.SecurityGroups ?? []).flatMap(({ SecurityGroupId: id }) => id ?? []);
  const network = await cell.network();
  return {
    protection: insideProtection(indexNetwork(network), {
      port,
      groupIds,
      subnetIds: [],
      said: `NetworkType=${networkType}`,
    }),
    keys: networkKeys(network)({ groupIds }),
  };
}

async function usersOf(
  { UserGroupIds: ids = [], PendingModifiedValues: pending }: ReplicationGroup,
  users: () => Promise<UserGroups>,
): Promise<readonly DependencyKey[]> {
  const all = [...ids, ...(pending?.UserGroups?.UserGroupIdsToAdd ?? [])];
  return all.length === 0 ? [] : userKeys(all, await users());
}

/** The first is the one clients are given; each node listens under its own name besides. */
function doorsOf({ ConfigurationEndpoint: config, NodeGroups: shards }: ReplicationGroup): readonly Door[] {
  const named: NamedAddress[] = [{ door: '', at: config }];
  for (const [i, shard] of (shards ?? []).entries()) {
    const of = i === 0 ? '' : `shard-${shard.NodeGroupId ?? i}-`;
    named.push({ door: i === 0 && config === undefined ? '' : `${of}primary`, at: shard.PrimaryEndpoint });
    named.push({ door: `${of}reader`, at: shard.ReaderEndpoint });
    for (const node of shard.NodeGroupMembers ?? [])
      named.push({ door: node.CacheClusterId ?? 'node', at: node.ReadEndpoint });
  }
  return addressedDoors(named);
}

/** User groups replace the token. Where neither is there, everybody who gets to the port is let in. */
async function authenticationOf(group: ReplicationGroup, users: () => Promise<UserGroups>): Promise<Protection> {
  const { AuthTokenEnabled: token, UserGroupIds: ids = [], PendingModifiedValues: pending } = group;
  const judge = async (groups: readonly string[]): Promise<Protection> =>
    groups.length === 0
      ? declaredSwitch('UserGroupIds=none, AuthTokenEnabled', token)
      : groupAuthentication(groups, await users());
  const now = await judge(ids);
  const { UserGroupIdsToAdd: added = [], UserGroupIdsToRemove: removed = [] } = pending?.UserGroups ?? {};
  if (added.length > 0 || removed.length > 0) {
    return withPending(now, (await judge([...ids, ...added].filter((id) => !removed.includes(id)))).level);
  }
  return withFirstToken(now, pending?.AuthTokenStatus);
}

/** AtRestEncryptionEnabled may say false of what is encrypted all the same: only the storage type decides. */
function restOf({ StorageEncryptionType: type, AtRestEncryptionEnabled: flag, KmsKeyId: key }: ReplicationGroup) {
  const said = `StorageEncryptionType=${type ?? 'absent'}, AtRestEncryptionEnabled=${String(flag ?? 'absent')}`;
  if (type === 'none') return declaredOff(said);
  if (type === undefined && flag !== true) return declaredUnknown(said);
  return declaredOn(`${said}${key === undefined ? '' : `, KmsKeyId=${key}`}`);
}
