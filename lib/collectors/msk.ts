/**
 * MSK clusters, provisioned and serverless (aws-services.md section 2.19).
 * Calls: ListClustersV2, GetBootstrapBrokers, GetClusterPolicy; DescribeConfigurationRevision where ACLs decide.
 * Each listener is a door of its own, with its own port and login. Listeners with public names are on addresses of the
 * service: the cluster's security groups and subnets decide who gets there. All others are private; without
 * PublicAccess in the answer a cluster has no public names. ZooKeeper never has.
 */
import {
  type Cluster,
  DescribeConfigurationRevisionCommand,
  GetBootstrapBrokersCommand,
  GetClusterPolicyCommand,
  KafkaClient,
  ListClustersV2Command,
  type ListClustersV2CommandOutput,
} from '@aws-sdk/client-kafka';
import { ABSENT, type Cell } from '../aws/cell.ts';
import type { Collector } from '../aws/collector.ts';
import { keysOf, kmsKeys, networkKeys, type NetworkKeys } from '../aws/dependencies.ts';
import { doorOf, hasDoor } from '../aws/doors.ts';
import { awsEndpoint, tagsOf } from '../aws/endpoint.ts';
import { authenticationOf, storageOf, tlsOf } from '../aws/kafka-declared.ts';
import { type Listener, letsEveryone, listenersOf } from '../aws/kafka-listeners.ts';
import { logKeys } from '../aws/log-groups.ts';
import { type PageCall, pagesOf } from '../aws/pages.ts';
import type { DependencyKey } from '../model/change.ts';
import { declaredOn, declaredPartial, declaredUnknown } from '../model/declared.ts';
import type { Endpoint } from '../model/endpoint.ts';
import { type Protection, WEAKEST_FIRST } from '../model/protection.ts';
import { networkProtection } from '../reach/evidence.ts';
import { managedReach } from '../reach/managed.ts';
import { indexNetwork, type NetworkIndex } from '../reach/network-index.ts';
import { policyProtection, whoMayCall } from '../reach/policy.ts';

const PAGE = 100;
const GONE = ['NotFoundException'];
/** States in which there are no brokers to name. */
const WITHOUT_BROKERS: ReadonlySet<string | undefined> = new Set(['CREATING', 'DELETING', 'FAILED']);

export const msk: Collector = {
  service: 'msk',
  scope: 'regional',
  actions: [
    'kafka:ListClustersV2',
    'kafka:GetBootstrapBrokers',
    'kafka:GetClusterPolicy',
    'kafka:DescribeConfigurationRevision',
  ],
  cost: { empty: 1, each: 3 },
  async collect(cell) {
    const { action, call, items, next } = clusterPages(cell);
    const clusters = await cell.list(action, call, items, next);
    if (clusters.length === 0) return [];
    const network = await cell.network();
    const around = { index: indexNetwork(network), keysOn: networkKeys(network) };
    const endpoints = await Promise.all(clusters.map((cluster) => endpointsOf(cell, cluster, around)));
    return endpoints.flat();
  },
  async exists(cell, endpoint) {
    const { name = '' } = endpoint;
    const { items, whole } = await pagesOf(cell, name, clusterPages(cell, name));
    const cluster = items.find(({ ClusterName }) => ClusterName === name);
    if (cluster === undefined) return whole ? false : undefined;
    if (cluster.ClusterArn === undefined || WITHOUT_BROKERS.has(cluster.State)) return true;
    const brokers = await getBrokers(cell, cluster.ClusterArn, name);
    if (brokers === ABSENT || brokers === undefined) return brokers === ABSENT ? false : undefined;
    return hasDoor(endpoint, listenersOf(cluster, brokers));
  },
};

function clusterPages(cell: Cell, ClusterNameFilter?: string): PageCall<ListClustersV2CommandOutput, Cluster> {
  const client = cell.client(KafkaClient);
  return {
    action: 'kafka:ListClustersV2',
    call: (NextToken) => client.send(new ListClustersV2Command({ ClusterNameFilter, NextToken, MaxResults: PAGE })),
    items: (page) => page.ClusterInfoList,
    next: (page) => page.NextToken,
  };
}

async function getBrokers(cell: Cell, ClusterArn: string, subject?: string) {
  const client = cell.client(KafkaClient);
  const call = () => client.send(new GetBootstrapBrokersCommand({ ClusterArn }));
  return cell.askMaybe('kafka:GetBootstrapBrokers', call, GONE, subject);
}

interface Around {
  readonly index: NetworkIndex;
  readonly keysOn: NetworkKeys;
}

async function endpointsOf(cell: Cell, cluster: Cluster, around: Around): Promise<readonly Endpoint[]> {
  const { ClusterName: name, ClusterArn: arn, State: state, Tags: tags } = cluster;
  if (name === undefined || arn === undefined || WITHOUT_BROKERS.has(state)) {
    cell.gap('incomplete', `cluster ${name ?? 'unnamed'} has no brokers: ${state ?? 'no state'}`, name);
    return [];
  }
  // Without its answer there is no host: the list is then in doubt as a whole.
  const brokers = await getBrokers(cell, arn);
  if (brokers === ABSENT || brokers === undefined) return [];
  const listeners = listenersOf(cluster, brokers);
  if (listeners.length === 0) cell.gap('incomplete', `cluster ${name}: no broker named`, name);
  const policy = await clusterPolicyOf(cell, name, arn);
  const acls = listeners.some(hasAcls) ? await aclsOf(cell, name, cluster) : undefined;
  const dependencies = dependenciesOf(cluster, around.keysOn);
  return listeners.map((listener) =>
    awsEndpoint(cell, {
      name,
      ...doorOf(listener),
      engine: listener.isZookeeper ? 'zookeeper' : 'kafka',
      arn,
      tags: tagsOf(tags),
      incarnation: arn,
      declared: {
        network: networkOf(cluster, listener, around.index),
        authentication: authenticationOf(cluster, listener),
        tls: tlsOf(cluster, listener),
        ...(listener.isZookeeper
          ? {}
          : { 'access-policy': weakest(policy, ...(hasAcls(listener) && acls !== undefined ? [acls] : [])) }),
        ...storageOf(cluster),
      },
      dependencies,
    }),
  );
}

function dependenciesOf(
  { ClusterName: name, Provisioned: own, Serverless: serverless }: Cluster,
  keysOn: NetworkKeys,
): readonly DependencyKey[] {
  const { BrokerNodeGroupInfo: nodes, CurrentBrokerSoftwareInfo: software, LoggingInfo: logs } = own ?? {};
  const places = serverless?.VpcConfigs ?? [];
  return [
    ...keysOf('kafka:cluster', name),
    // arn:...:configuration/NAME/id
    ...keysOf('kafka:configuration', software?.ConfigurationArn?.split('/')[1]),
    ...kmsKeys(own?.EncryptionInfo?.EncryptionAtRest?.DataVolumeKMSKeyId),
    ...logKeys(logs?.BrokerLogs?.CloudWatchLogs?.LogGroup, logs?.AuthorizerLogs?.CloudWatchLogs?.LogGroup),
    ...keysOn({ groupIds: nodes?.SecurityGroups, subnetIds: nodes?.ClientSubnets }),
    ...places.flatMap((place) => keysOn({ groupIds: place.SecurityGroupIds, subnetIds: place.SubnetIds })),
  ];
}

/** Where IAM does not say what a client may do, ACLs do. */
function hasAcls({ login, isZookeeper }: Listener): boolean {
  return login !== 'iam' && !isZookeeper;
}

function networkOf({ Provisioned: own }: Cluster, { side, port }: Listener, index: NetworkIndex): Protection {
  const { ConnectivityInfo: info, SecurityGroups: groupIds, ClientSubnets: subnetIds } = own?.BrokerNodeGroupInfo ?? {};
  const said = `PublicAccess.Type=${info?.PublicAccess?.Type ?? 'absent'}`;
  if (side === 'private') return declaredOn(`${said}; names of this listener are private`);
  if (side === 'privatelink') return declaredOn('VPC connections only');
  if (groupIds === undefined) return declaredUnknown(`${said}; SecurityGroups absent`);
  const door = { port, groupIds, subnetIds: subnetIds ?? [] };
  if (side === 'public') {
    return networkProtection(managedReach(index, { ...door, publiclyAccessible: true, dualStack: false }));
  }
  // Whether the internet is routed to its addresses is not returned; where rules or routes shut it out, it is not.
  const { v4 } = managedReach(index, { ...door, publiclyAccessible: false });
  const { v6 } = managedReach(index, { ...door, publiclyAccessible: undefined, dualStack: true });
  return networkProtection({ v4, v6 });
}

async function clusterPolicyOf(cell: Cell, name: string, ClusterArn: string): Promise<Protection> {
  const client = cell.client(KafkaClient);
  const call = () => client.send(new GetClusterPolicyCommand({ ClusterArn }));
  const answer = await cell.askMaybe('kafka:GetClusterPolicy', call, GONE, name);
  const policy = answer === ABSENT ? '' : answer?.Policy;
  if (policy === undefined) return declaredUnknown('cluster policy not read');
  return policyProtection(
    whoMayCall(policy, {
      resourceArn: ClusterArn,
      accountId: cell.place.account,
      organizationId: cell.place.organization,
      region: cell.place.region,
      service: 'kafka',
      dataActions: ['kafka:CreateVpcConnection', 'kafka-cluster:Connect'],
      families: ['v4', 'v6'],
    }),
  );
}

async function aclsOf(cell: Cell, name: string, { Provisioned: own }: Cluster): Promise<Protection> {
  const { ConfigurationArn: Arn, ConfigurationRevision: Revision } = own?.CurrentBrokerSoftwareInfo ?? {};
  const everyone = 'allow.everyone.if.no.acl.found';
  if (own?.CurrentBrokerSoftwareInfo === undefined) return declaredUnknown('CurrentBrokerSoftwareInfo absent');
  if (Arn === undefined) return declaredPartial(`default configuration: ${everyone}=true`);
  const client = cell.client(KafkaClient);
  const call = () => client.send(new DescribeConfigurationRevisionCommand({ Arn, Revision }));
  const answer = await cell.ask('kafka:DescribeConfigurationRevision', call, name);
  const lets = answer?.ServerProperties === undefined ? undefined : letsEveryone(answer.ServerProperties);
  if (lets === undefined) return declaredUnknown(`${everyone} not read`);
  return (lets ? declaredPartial : declaredOn)(`${everyone}=${String(lets)}`);
}

/** The weaker of what both say. What is not known could be weaker than `partial`. */
function weakest(first: Protection, ...others: readonly Protection[]): Protection {
  const all = [first, ...others];
  const level = WEAKEST_FIRST.find((each) => all.some((protection) => protection.level === each));
  const weak = all.filter((protection) => protection.level === level);
  return weak[0] ?? first;
}
