/**
 * MemoryDB clusters (aws-services.md section 2.12).
 * Calls: DescribeClusters; access control lists and users once, where a cluster has an ACL other than open-access.
 * Never public over IPv4 by design; with IPv6 its groups decide, for it does not show its subnets. The ACL `open-access` is no authentication at all; so is any member without a password.
 * TLS is fixed when a cluster is made, and data is always encrypted. AWS gives no time of creation, and its nodes are
 * replaced, so there is no incarnation: what is made anew under a name is compared with what was there.
 */
import {
  type ACL,
  type Cluster,
  DescribeACLsCommand,
  DescribeClustersCommand,
  DescribeUsersCommand,
  MemoryDBClient,
  type User,
} from '@aws-sdk/client-memorydb';
import { authenticationOf, type Members } from '../aws/cache-users.ts';
import { ABSENT, type Cell } from '../aws/cell.ts';
import type { Collector } from '../aws/collector.ts';
import { ec2Keys, keysOf, kmsKeys, networkKeys } from '../aws/dependencies.ts';
import { awsEndpoint } from '../aws/endpoint.ts';
import { lazily } from '../aws/lazily.ts';
import { type Pages, pagesOf } from '../aws/pages.ts';
import type { DependencyKey } from '../model/change.ts';
import { declaredOff, declaredOn, declaredSwitch, declaredUnknown, withPending } from '../model/declared.ts';
import type { Endpoint } from '../model/endpoint.ts';
import type { Protection } from '../model/protection.ts';
import { insideProtection, speaksIpv6 } from '../reach/inside-vpc.ts';
import { indexNetwork } from '../reach/network-index.ts';

/** The most that MemoryDB returns per page. */
const PAGE = 50;
const OPEN = 'open-access';

export const memorydb: Collector = {
  service: 'memorydb',
  scope: 'regional',
  actions: ['memorydb:DescribeClusters', 'memorydb:DescribeACLs', 'memorydb:DescribeUsers'],
  cost: { empty: 1, each: 0.1 },
  async collect(cell) {
    const client = cell.client(MemoryDBClient);
    const clusters = await cell.list(
      'memorydb:DescribeClusters',
      (NextToken) => client.send(new DescribeClustersCommand({ MaxResults: PAGE, NextToken })),
      (page) => page.Clusters,
      (page) => page.NextToken,
    );
    const lists = lazily(() => readAccessLists(cell));
    const endpoints = await Promise.all(clusters.map((cluster) => endpointOf(cell, cluster, lists)));
    return endpoints.flat();
  },
  async exists(cell, { name }) {
    const client = cell.client(MemoryDBClient);
    const call = () => client.send(new DescribeClustersCommand({ ClusterName: name }));
    const answer = await cell.askMaybe('memorydb:DescribeClusters', call, ['ClusterNotFoundFault'], name);
    if (answer === ABSENT) return false;
    return answer?.Clusters?.[0] === undefined ? undefined : true;
  },
};

async function endpointOf(
  cell: Cell,
  cluster: Cluster,
  lists: () => Promise<AccessLists>,
): Promise<readonly Endpoint[]> {
  const { Name: name, ClusterEndpoint: at, Engine: engine, KmsKeyId: key } = cluster;
  if (name === undefined || at?.Address === undefined || at.Port === undefined) {
    cell.gap('incomplete', `cluster ${name ?? 'unnamed'} has no endpoint yet: ${cluster.Status ?? 'no status'}`, name);
    return [];
  }
  const network = await networkOf(cell, cluster, at.Port);
  return [
    awsEndpoint(cell, {
      name,
      host: at.Address,
      port: at.Port,
      // Older answers carry no engine: those clusters are all Redis.
      engine: engine === 'valkey' ? 'valkey' : 'redis',
      arn: cluster.ARN,
      declared: {
        network: network.protection,
        authentication: await accessOf(cluster, lists),
        tls: declaredSwitch('TLSEnabled', cluster.TLSEnabled),
        'encryption-at-rest': declaredOn(`always encrypted, KmsKeyId=${key ?? 'AWS-owned key'}`),
      },
      dependencies: [
        ...keysOf('memorydb:cluster', name),
        ...keysOf('memorydb:parametergroup', cluster.ParameterGroupName),
        ...keysOf('memorydb:subnetgroup', cluster.SubnetGroupName),
        ...kmsKeys(key),
        ...network.keys,
        ...(await accessKeys(cluster, lists)),
      ],
    }),
  ];
}

interface Judged {
  readonly protection: Protection;
  readonly keys: readonly DependencyKey[];
}

async function networkOf(
  cell: Cell,
  { SecurityGroups: groups, NetworkType: networkType }: Cluster,
  port: number,
): Promise<Judged> {
  const groupIds = (groups ?? []).flatMap(({ SecurityGroupId: id }) => id ?? []);
  if (!speaksIpv6(networkType)) {
    const said = `private addresses only; security groups ${groupIds.join(' ') || 'unknown'}`;
    return { protection: declaredOn(`never public by design: ${said}`), keys: ec2Keys(...groupIds) };
  }
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

interface AccessLists {
  readonly acls: Pages<ACL>;
  readonly users: Pages<User>;
}

async function readAccessLists(cell: Cell): Promise<AccessLists> {
  const client = cell.client(MemoryDBClient);
  const acls = await pagesOf(cell, 'memorydb access control lists', {
    action: 'memorydb:DescribeACLs',
    call: (NextToken) => client.send(new DescribeACLsCommand({ MaxResults: PAGE, NextToken })),
    items: (page) => page.ACLs,
    next: (page) => page.NextToken,
  });
  const users = await pagesOf(cell, 'memorydb users', {
    action: 'memorydb:DescribeUsers',
    call: (NextToken) => client.send(new DescribeUsersCommand({ MaxResults: PAGE, NextToken })),
    items: (page) => page.Users,
    next: (page) => page.NextToken,
  });
  return { acls, users };
}

async function accessOf(
  { ACLName: name, PendingUpdates: pending }: Cluster,
  lists: () => Promise<AccessLists>,
): Promise<Protection> {
  if (name === undefined) return declaredUnknown('ACLName absent');
  const judge = async (acl: string, when: 'now' | 'then'): Promise<Protection> =>
    acl === OPEN
      ? declaredOff(`ACLName=${OPEN}: no authentication`)
      : authenticationOf(`ACLName=${acl}`, membersOf(acl, await lists(), when));
  const then = await judge(pending?.ACLs?.ACLToApply ?? name, 'then');
  return withPending(await judge(name, 'now'), then.level);
}

/** The lists that it has and will have, and all who are in them or will be. */
async function accessKeys(
  { ACLName: name, PendingUpdates: pending }: Cluster,
  lists: () => Promise<AccessLists>,
): Promise<readonly DependencyKey[]> {
  const acls = [name, pending?.ACLs?.ACLToApply].flatMap((acl) => acl ?? []);
  const asked = acls.filter((acl) => acl !== OPEN);
  const known = asked.length === 0 ? undefined : await lists();
  const users = asked.flatMap((acl) =>
    known === undefined ? [] : [...namesIn(acl, known, 'now'), ...namesIn(acl, known, 'then')],
  );
  return [...keysOf('memorydb:acl', ...acls), ...keysOf('memorydb:user', ...users)];
}

function namesIn(name: string, { acls, users }: AccessLists, when: 'now' | 'then'): ReadonlySet<string> {
  const acl = acls.items.find((a) => a.Name === name);
  const names = new Set(acl?.UserNames);
  // Each side names the other; a member that only one of them names counts as well.
  for (const user of users.items) {
    if (user.Name !== undefined && user.ACLNames?.includes(name) === true) names.add(user.Name);
  }
  if (when === 'now') return names;
  for (const user of acl?.PendingChanges?.UserNamesToAdd ?? []) names.add(user);
  for (const user of acl?.PendingChanges?.UserNamesToRemove ?? []) names.delete(user);
  return names;
}

function membersOf(name: string, lists: AccessLists, when: 'now' | 'then'): Members {
  const { acls, users } = lists;
  const names = namesIn(name, lists, when);
  const found = users.items.filter((u) => u.Name !== undefined && names.has(u.Name));
  const unread = [
    ...(acls.items.find((a) => a.Name === name)?.UserNames === undefined ? [`ACL ${name} not read`] : []),
    ...(found.length < names.size ? [`${names.size - found.length} of its users not read`] : []),
  ];
  return {
    users: found.map((u) => ({
      name: u.Name ?? 'unnamed',
      authentication: u.Authentication?.Type,
      accessString: u.AccessString,
    })),
    unread,
  };
}
