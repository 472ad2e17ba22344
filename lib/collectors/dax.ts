/**
 * DynamoDB Accelerator clusters (aws-services.md section 2.13). Call: DescribeClusters.
 * Never public by design; every request is signed with IAM. Both encryptions are fixed when a cluster is made, so the
 * only way to lose one is a new cluster under the old name, which has no id of its own to tell it apart.
 */
import { type Cluster, DAXClient, DescribeClustersCommand, type SSEStatus } from '@aws-sdk/client-dax';
import { ABSENT, type Cell } from '../aws/cell.ts';
import type { Collector } from '../aws/collector.ts';
import { awsEndpoint } from '../aws/endpoint.ts';
import { declaredOff, declaredOn, declaredUnknown, withPending } from '../model/declared.ts';
import type { Endpoint } from '../model/endpoint.ts';
import type { Protection } from '../model/protection.ts';

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
    return clusters.flatMap((cluster) => endpointOf(cell, cluster));
  },
  async exists(cell, { name }) {
    const client = cell.client(DAXClient);
    const call = () => client.send(new DescribeClustersCommand({ ClusterNames: [name ?? ''] }));
    const answer = await cell.askMaybe(ACTION, call, ['ClusterNotFoundFault'], name);
    if (answer === ABSENT) return false;
    return answer?.Clusters?.[0] === undefined ? undefined : true;
  },
};

function endpointOf(cell: Cell, cluster: Cluster): readonly Endpoint[] {
  const { ClusterName: name, ClusterDiscoveryEndpoint: at, SecurityGroups: groups } = cluster;
  if (name === undefined || at?.Address === undefined || at.Port === undefined) {
    cell.gap('incomplete', `cluster ${name ?? 'unnamed'} has no endpoint yet: ${cluster.Status ?? 'no status'}`, name);
    return [];
  }
  const ids = (groups ?? []).map((g) => g.SecurityGroupIdentifier ?? 'unnamed').join(' ');
  return [
    awsEndpoint(cell, {
      name,
      host: at.Address,
      port: at.Port,
      engine: 'dax',
      arn: cluster.ClusterArn,
      declared: {
        network: declaredOn(`never public by design: private addresses only; security groups ${ids || 'unknown'}`),
        authentication: declaredOn('every request is signed with IAM'),
        tls: tlsOf(cluster),
        'encryption-at-rest': restOf(cluster.SSEDescription?.Status),
      },
    }),
  ];
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
