/**
 * Provisioned Redshift clusters (aws-services.md section 2.10).
 * Calls: DescribeClusters; where there are clusters, managed VPC endpoints, subnet groups, manual snapshots, endpoint
 * authorizations and data shares once; each cluster's logging status and resource policy; each parameter group once.
 * `PubliclyAccessible` is necessary and not sufficient: security groups, routes and ACLs decide. Passwords, IAM or
 * Identity Center are always asked for. Encryption can be switched off on a living cluster.
 */
import {
  type Cluster,
  DescribeClustersCommand,
  DescribeEndpointAccessCommand,
  type EndpointAccess,
  GetResourcePolicyCommand,
  RedshiftClient,
} from '@aws-sdk/client-redshift';
import { ABSENT, type Cell } from '../aws/cell.ts';
import type { Collector } from '../aws/collector.ts';
import { ec2Keys, keysOf, kmsKeys, networkKeys, type Whereabouts } from '../aws/dependencies.ts';
import { type Door, doorOf } from '../aws/doors.ts';
import { awsEndpoint, tagsOf } from '../aws/endpoint.ts';
import { isAnother } from '../aws/incarnation.ts';
import { ownInterfaces } from '../aws/own-interfaces.ts';
import { pagesOf } from '../aws/pages.ts';
import {
  auditOf,
  parameterReader,
  readSubnetGroups,
  REDSHIFT_PAGE,
  restOf,
  SETTING_ACTIONS,
  tlsOf,
} from '../aws/redshift.ts';
import { readShareLists, SHARING_ACTIONS, type ShareLists, sharesOf, sharingOf } from '../aws/redshift-sharing.ts';
import type { DependencyKey } from '../model/change.ts';
import { declaredOn, declaredUnknown, withPending } from '../model/declared.ts';
import { doorName, type Endpoint } from '../model/endpoint.ts';
import type { Network } from '../model/network.ts';
import type { Protection } from '../model/protection.ts';
import { networkProtection } from '../reach/evidence.ts';
import { managedReach } from '../reach/managed.ts';
import { indexNetwork } from '../reach/network-index.ts';
import { policyProtection, whoMayCall } from '../reach/policy.ts';

export const redshift: Collector = {
  service: 'redshift',
  scope: 'regional',
  actions: [
    'redshift:DescribeClusters',
    'redshift:DescribeEndpointAccess',
    'redshift:GetResourcePolicy',
    ...SETTING_ACTIONS,
    ...SHARING_ACTIONS,
  ],
  cost: { empty: 1, each: 4 },
  async collect(cell) {
    const client = cell.client(RedshiftClient);
    const clusters = await cell.list(
      'redshift:DescribeClusters',
      (Marker) => client.send(new DescribeClustersCommand({ MaxRecords: REDSHIFT_PAGE, Marker })),
      (page) => page.Clusters,
      (page) => page.Marker,
    );
    if (clusters.length === 0) return [];
    // Doors of clusters: where they cannot be listed, the list as a whole is in doubt.
    const managed = await cell.list(
      'redshift:DescribeEndpointAccess',
      (Marker) => client.send(new DescribeEndpointAccessCommand({ MaxRecords: REDSHIFT_PAGE, Marker })),
      (page) => page.EndpointAccessList,
      (page) => page.Marker,
    );
    const read = parameterReader(cell);
    const lists = await readShareLists(cell);
    const network = await cell.network();
    const [placeOf, networkOf] = [placeFinder(network, await readSubnetGroups(cell)), networkJudge(network)];
    const keys = networkKeys(network);
    const endpoints = await Promise.all(
      clusters.map(async (cluster): Promise<readonly Endpoint[]> => {
        const { ClusterIdentifier: name, ClusterStatus: status, Endpoint: at } = cluster;
        if (name === undefined || at?.Address === undefined || at.Port === undefined) {
          cell.gap('incomplete', `cluster ${name ?? 'unnamed'} has no endpoint yet: ${status ?? 'no status'}`, name);
          return [];
        }
        const { account, partition, region } = cell.place;
        const shares = sharesOf(cluster, lists, account);
        const common = {
          authentication: declaredOn('password, IAM or Identity Center, by design'),
          sharing: sharingOf(shares, await resourcePolicyOf(cell, cluster)),
          tls: await tlsOf(cluster, read),
          'encryption-at-rest': restOf(cluster),
          'audit-log': await auditOf(cell, cluster, read),
        };
        const place = placeOf(cluster);
        return doorsOf(cluster, managed, account).map(({ isPrivate, groups = [], ...door }) =>
          awsEndpoint(cell, {
            name,
            ...doorOf(door),
            engine: 'redshift',
            arn: `arn:${partition}:redshift:${region}:${account}:cluster:${name}`,
            tags: tagsOf(cluster.Tags),
            incarnation: cluster.ClusterNamespaceArn,
            declared: {
              network: isPrivate
                ? declaredOn('managed VPC endpoint: private addresses only')
                : networkOf(cluster, place, door.port),
              ...common,
            },
            dependencies: [...clusterKeys(cluster, lists), ...(isPrivate ? ec2Keys(...groups) : keys(place))],
          }),
        );
      }),
    );
    return endpoints.flat();
  },
  async exists(cell, endpoint) {
    const client = cell.client(RedshiftClient);
    const { name = '' } = endpoint;
    const call = () => client.send(new DescribeClustersCommand({ ClusterIdentifier: name }));
    const answer = await cell.askMaybe(
      'redshift:DescribeClusters',
      call,
      ['ClusterNotFoundFault', 'ClusterNotFound'],
      name,
    );
    if (answer === ABSENT) return false;
    const cluster = answer?.Clusters?.[0];
    if (cluster === undefined) return undefined;
    if (isAnother(endpoint, cluster.ClusterNamespaceArn)) return false;
    const { items, whole } = await pagesOf(cell, name, {
      action: 'redshift:DescribeEndpointAccess',
      call: (Marker) => client.send(new DescribeEndpointAccessCommand({ MaxRecords: REDSHIFT_PAGE, Marker })),
      items: (page) => page.EndpointAccessList,
      next: (page) => page.Marker,
    });
    const doors = doorsOf(cluster, items, cell.place.account);
    // By the door's word: a renamed cluster keeps the ids it had. One without doors is being made.
    if (doors.length === 0 || doors.some(({ door }) => door === doorName(endpoint))) return true;
    return whole ? false : undefined;
  },
};

/** Snapshots beyond these are left to the sweeps, so that they crowd nothing else out. */
const MAX_SNAPSHOT_KEYS = 16;

function clusterKeys(cluster: Cluster, { snapshots }: ShareLists): readonly DependencyKey[] {
  const { ClusterIdentifier: name, ClusterParameterGroups: groups = [] } = cluster;
  const own = snapshots.items.filter(({ ClusterIdentifier }) => ClusterIdentifier === name);
  return [
    ...keysOf('redshift:cluster', name),
    ...keysOf('redshift:parametergroup', ...groups.map(({ ParameterGroupName }) => ParameterGroupName)),
    ...keysOf('redshift:subnetgroup', cluster.ClusterSubnetGroupName),
    ...kmsKeys(cluster.KmsKeyId),
    ...keysOf('redshift:snapshot', ...own.slice(0, MAX_SNAPSHOT_KEYS).map((each) => each.SnapshotIdentifier)),
  ];
}

interface ClusterDoor extends Door {
  readonly isPrivate: boolean;
  /** Of a private one: they decide what a front before it may lead to. */
  readonly groups?: readonly (string | undefined)[];
}

function doorsOf(cluster: Cluster, managed: readonly EndpointAccess[], account: string): readonly ClusterDoor[] {
  const { Endpoint: at, CustomDomainName: custom, ClusterIdentifier: name } = cluster;
  if (at?.Address === undefined || at.Port === undefined) return [];
  const { Address: host, Port: port } = at;
  // An endpoint of ours may lead to another account's cluster, which may have the same name.
  const ours = managed.filter(
    ({ ClusterIdentifier, ResourceOwner: owner = account }) => ClusterIdentifier === name && owner === account,
  );
  return [
    { door: '', host, port, isPrivate: false },
    ...(custom === undefined ? [] : [{ door: 'custom', host: custom, port, isPrivate: false }]),
    ...ours.flatMap(({ EndpointName: own, Address, Port = port, VpcSecurityGroups: memberships = [] }) => {
      const groups = memberships.map(({ VpcSecurityGroupId }) => VpcSecurityGroupId);
      const door = `endpoint-${own ?? 'unnamed'}`;
      return Address === undefined ? [] : [{ door, host: Address, port: Port, isPrivate: true, groups }];
    }),
  ];
}

interface ClusterPlace extends Whereabouts {
  readonly groupIds: readonly string[];
  readonly subnetIds: readonly string[];
}

function placeFinder(network: Network, subnetGroups: ReadonlyMap<string, readonly string[]>) {
  return (cluster: Cluster): ClusterPlace => {
    const { VpcId: vpcId, VpcSecurityGroups: groups = [] } = cluster;
    const leaders = [...(cluster.ClusterNodes ?? []), ...(cluster.MultiAZSecondary?.ClusterNodes ?? [])].filter(
      ({ NodeRole }) => NodeRole?.startsWith('COMPUTE') !== true,
    );
    const addresses = leaders.flatMap(({ PublicIPAddress, PrivateIPAddress }) => [PublicIPAddress, PrivateIPAddress]);
    const enis = ownInterfaces(network, {
      addresses: [cluster.ElasticIpStatus?.ElasticIp, ...addresses],
      within: (eni) => vpcId !== undefined && eni.VpcId === vpcId,
    });
    const groupIds = groups.flatMap(({ VpcSecurityGroupId }) => VpcSecurityGroupId ?? []);
    return { groupIds, subnetIds: subnetGroups.get(cluster.ClusterSubnetGroupName ?? '') ?? [], vpcId, enis };
  };
}

function networkJudge(network: Network) {
  const index = indexNetwork(network);
  return (cluster: Cluster, { groupIds, subnetIds, enis }: ClusterPlace, port: number): Protection => {
    const { PubliclyAccessible: now, IpAddressType: type } = cluster;
    const judge = (publiclyAccessible: boolean | undefined): Protection => {
      if (publiclyAccessible !== false && groupIds.length === 0) return declaredUnknown('VpcSecurityGroups absent');
      const dualStack = type === undefined ? undefined : type !== 'ipv4';
      // Not the VPC with it: where the subnets are not known, its main route table says nothing of theirs.
      return networkProtection(managedReach(index, { port, publiclyAccessible, groupIds, subnetIds, enis, dualStack }));
    };
    const then = cluster.PendingModifiedValues?.PubliclyAccessible;
    return then === undefined ? judge(now) : withPending(judge(now), judge(then).level);
  };
}

/** The policy says who may send changes of other databases here; it is the only share that could be with anybody. */
async function resourcePolicyOf(cell: Cell, { ClusterIdentifier: name, ClusterNamespaceArn: arn }: Cluster) {
  if (arn === undefined) return declaredUnknown('ClusterNamespaceArn absent');
  const client = cell.client(RedshiftClient);
  const none = ['ResourceNotFoundFault', 'UnsupportedOperationFault', 'UnsupportedOperation'];
  const call = () => client.send(new GetResourcePolicyCommand({ ResourceArn: arn }));
  const answer = await cell.askMaybe('redshift:GetResourcePolicy', call, none, name);
  const policy = answer === ABSENT ? '' : answer?.ResourcePolicy?.Policy;
  if (policy === undefined) return declaredUnknown('resource policy not read');
  const { account: accountId, region, organization: organizationId } = cell.place;
  const dataActions = ['redshift:AuthorizeInboundIntegration', 'redshift:CreateInboundIntegration'];
  return policyProtection(
    whoMayCall(policy, {
      resourceArn: arn,
      accountId,
      organizationId,
      region,
      service: 'redshift',
      dataActions,
      families: ['v4', 'v6'],
    }),
  );
}
