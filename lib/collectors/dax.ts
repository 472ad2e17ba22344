/**
 * DynamoDB Accelerator clusters (aws-services.md section 2.13). Call: DescribeClusters.
 * Never public over IPv4 by design; with IPv6 its groups decide. Every request is signed with IAM. Both encryptions are fixed when a cluster is made, so the
 * only way to lose one is a new cluster under the old name, which has no id of its own to tell it apart.
 */
import { type Cluster, DAXClient, DescribeClustersCommand, type SSEStatus } from '@aws-sdk/client-dax';
import { ABSENT, type Cell } from '../aws/cell.ts';
import type { Collector } from '../aws/collector.ts';
import { ec2Keys, keysOf, networkKeys } from '../aws/dependencies.ts';
import { awsEndpoint } from '../aws/endpoint.ts';
import type { DependencyKey } from '../model/change.ts';
import { declaredOff, declaredOn, declaredUnknown, withPending } from '../model/declared.ts';
import type { Endpoint } from '../model/endpoint.ts';
import type { Protection } from '../model/protection.ts';
import { insideProtection, speaksIpv6 } from '../reach/inside-vpc.ts';
import { indexNetwork } from '../reach/network-index.ts';

const ACTION = 'dax:DescribeClusters';
/** The most that DAX returns per page. */
const PAGE = 100;

export const dax: Collector = {
  service: 'dax',
  scope: 'regional',
  actions: [ACTION],
  cost: { empty: 1, each: 0 },
  async collect(cell) {
    const client = cell.client(DAXClient);
    const clusters = await cell.list(
      ACTION,
      (NextToken) => client.send(new DescribeClustersCommand({ MaxResults: PAGE, NextToken })),
      (page) => page.Clusters,
      (page) => page.NextToken,
    );
    const endpoints = await Promise.all(clusters.map((cluster) => endpointOf(cell, cluster)));
    return endpoints.flat();
  },
  async exists(cell, { name }) {
    const client = cell.client(DAXClient);
    const call = () => client.send(new DescribeClustersCommand({ ClusterNames: [name ?? ''] }));
    const answer = await cell.askMaybe(ACTION, call, ['ClusterNotFoundFault'], name);
    if (answer === ABSENT) return false;
    return answer?.Clusters?.[0] === undefined ? undefined : true;
  },
};

async function endpointOf(cell: Cell, cluster: Cluster): Promise<readonly Endpoint[]> {
  const { ClusterName: name, ClusterDiscoveryEndpoint: at } = cluster;
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
      engine: 'dax',
      arn: cluster.ClusterArn,
      declared: {
        network: network.protection,
        authentication: declaredOn('every request is signed with IAM'),
        tls: tlsOf(cluster),
        'encryption-at-rest': restOf(cluster.SSEDescription?.Status),
      },
      dependencies: [
        ...keysOf('dax:cache', name),
        ...keysOf('dax:parametergroup', cluster.ParameterGroup?.ParameterGroupName),
        ...keysOf('dax:subnetgroup', cluster.SubnetGroup),
        ...network.keys,
      ],
    }),
  ];
}

interface Judged {
  readonly protection: Protection;
  readonly keys: readonly DependencyKey[];
}

/** It does not show its subnets. */
async function networkOf(
  cell: Cell,
  { SecurityGroups: groups, NetworkType: networkType }: Cluster,
  port: number,
): Promise<Judged> {
  const groupIds = (groups ?? []).flatMap(({ SecurityGroupIdentifier: id }) => id ?? []);
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

function tlsOf({ ClusterEndpointEncryptionType: type }: Cluster): Protection {
  const said = `ClusterEndpointEncryptionType=${type ?? 'absent'}`;
  if (type === 'TLS') return declaredOn(said);
  return type === 'NONE' ? declaredOff(said) : declaredUnknown(said);
}

function restOf(status: SSEStatus | undefined): Protection {
  const said = `SSEDescription.Status=${status ?? 'absent'}`;
  switch (status) {
    case 'ENABLED':
      return declaredOn(said);
    case 'DISABLING':
      return withPending(declaredOn(said), 'off');
    case 'DISABLED':
      return declaredOff(said);
    case 'ENABLING':
      return withPending(declaredOff(said), 'on');
    case undefined:
    default:
      return declaredUnknown(said);
  }
}
