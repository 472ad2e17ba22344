/**
 * DocumentDB elastic clusters (aws-services.md section 2.8).
 * Calls: ListClusters, then GetCluster for each.
 * Never public: an elastic cluster is reached through endpoints in its own subnets. Whether TLS can be left out is not
 * documented, and only a probe would know.
 */
import {
  type Cluster,
  type ClusterInList,
  DocDBElasticClient,
  GetClusterCommand,
  ListClustersCommand,
} from '@aws-sdk/client-docdb-elastic';
import { addressOf } from '../aws/address.ts';
import { ABSENT, type Cell } from '../aws/cell.ts';
import type { Collector } from '../aws/collector.ts';
import { ec2Keys, kmsKeys } from '../aws/dependencies.ts';
import { awsEndpoint } from '../aws/endpoint.ts';
import { keyOfArn } from '../model/change.ts';
import { declaredOn, declaredUnknown } from '../model/declared.ts';
import type { Endpoint } from '../model/endpoint.ts';
import type { Protections } from '../model/protection.ts';

const LIST = 'docdb-elastic:ListClusters';
const GET = 'docdb-elastic:GetCluster';
const PAGE = 100;
const DEFAULT_PORT = 27_017;

export const documentdbElastic: Collector = {
  service: 'documentdb-elastic',
  scope: 'regional',
  actions: [LIST, GET],
  cost: { empty: 1, each: 1 },
  async collect(cell) {
    const client = cell.client(DocDBElasticClient);
    const listed = await cell.list(
      LIST,
      (nextToken) => client.send(new ListClustersCommand({ maxResults: PAGE, nextToken })),
      (page) => page.clusters,
      (page) => page.nextToken,
    );
    const endpoints = await Promise.all(listed.map((each) => endpointOf(cell, each)));
    return endpoints.flatMap((endpoint) => endpoint ?? []);
  },
  async exists(cell, { arn, name }) {
    if (arn === undefined) return undefined;
    const cluster = await describe(cell, arn, name ?? arn);
    return cluster === ABSENT ? false : cluster === undefined ? undefined : true;
  },
};

async function describe(cell: Cell, arn: string, subject: string): Promise<Cluster | typeof ABSENT | undefined> {
  const client = cell.client(DocDBElasticClient);
  const call = () => client.send(new GetClusterCommand({ clusterArn: arn }));
  const answer = await cell.askMaybe(GET, call, ['ResourceNotFoundException'], subject);
  return answer === ABSENT ? ABSENT : answer?.cluster;
}

/** Without its details a cluster has no host: it stays unseen, and the gap of the call says why. */
async function endpointOf(
  cell: Cell,
  { clusterArn: arn, clusterName: name }: ClusterInList,
): Promise<Endpoint | undefined> {
  if (arn === undefined || name === undefined) {
    cell.gap('incomplete', `an elastic cluster without a name or an ARN: ${name ?? arn ?? ''}`);
    return undefined;
  }
  const cluster = await describe(cell, arn, name);
  if (cluster === ABSENT || cluster === undefined) return undefined;
  const address = addressOf(cluster.clusterEndpoint, DEFAULT_PORT);
  if (address === undefined) {
    cell.gap('incomplete', `elastic cluster ${name} shows no endpoint: ${cluster.status ?? 'no status'}`, name);
    return undefined;
  }
  return awsEndpoint(cell, {
    name,
    ...address,
    engine: 'documentdb',
    arn,
    declared: declaredOf(cluster),
    // The ARN ends in an id that is made anew with the cluster.
    incarnation: arn,
    // Its groups decide what a front before it may lead to.
    dependencies: [keyOfArn(arn), ...kmsKeys(cluster.kmsKeyId), ...ec2Keys(...(cluster.vpcSecurityGroupIds ?? []))],
  });
}

function declaredOf({ authType, kmsKeyId, vpcSecurityGroupIds: groups }: Cluster): Protections {
  return {
    network: declaredOn(
      `elastic clusters have no public endpoints, vpcSecurityGroupIds=${groups?.join(',') ?? 'absent'}`,
    ),
    authentication: declaredOn(`elastic clusters always ask for credentials, authType=${authType ?? 'absent'}`),
    tls: declaredUnknown('the API does not say whether TLS is demanded'),
    'encryption-at-rest':
      kmsKeyId === undefined ? declaredUnknown('kmsKeyId absent') : declaredOn(`kmsKeyId=${kmsKeyId}`),
  };
}
