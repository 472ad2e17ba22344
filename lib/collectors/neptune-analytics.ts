/**
 * Neptune Analytics graphs (aws-services.md section 2.9).
 * Calls: ListGraphs, which holds all that is needed; GetGraph to confirm a deletion.
 * A public graph has no security group before it: only IAM, which every request must be signed for.
 */
import {
  GetGraphCommand,
  type GraphSummary,
  ListGraphsCommand,
  NeptuneGraphClient,
} from '@aws-sdk/client-neptune-graph';
import { addressOf } from '../aws/address.ts';
import { ABSENT, type Cell } from '../aws/cell.ts';
import type { Collector } from '../aws/collector.ts';
import { keysOf, kmsKeys } from '../aws/dependencies.ts';
import { awsEndpoint } from '../aws/endpoint.ts';
import { declaredOff, declaredOn, declaredUnknown } from '../model/declared.ts';
import type { Endpoint } from '../model/endpoint.ts';
import type { Protection, Protections } from '../model/protection.ts';

const LIST = 'neptune-graph:ListGraphs';
const GET = 'neptune-graph:GetGraph';
const PAGE = 100;
const PORT = 443;

export const neptuneAnalytics: Collector = {
  service: 'neptune-analytics',
  scope: 'regional',
  actions: [LIST, GET],
  cost: { empty: 1, each: 0 },
  async collect(cell) {
    const client = cell.client(NeptuneGraphClient);
    const graphs = await cell.list(
      LIST,
      (nextToken) => client.send(new ListGraphsCommand({ maxResults: PAGE, nextToken })),
      (page) => page.graphs,
      (page) => page.nextToken,
    );
    return graphs.flatMap((graph) => endpointOf(cell, graph) ?? []);
  },
  async exists(cell, { incarnation, name }) {
    if (incarnation === undefined) return undefined;
    const client = cell.client(NeptuneGraphClient);
    const call = () => client.send(new GetGraphCommand({ graphIdentifier: incarnation }));
    const answer = await cell.askMaybe(GET, call, ['ResourceNotFoundException'], name);
    if (answer === ABSENT) return false;
    return answer === undefined ? undefined : true;
  },
};

function endpointOf(cell: Cell, graph: GraphSummary): Endpoint | undefined {
  const { id, name, arn, endpoint, status } = graph;
  if (name === undefined || id === undefined) {
    cell.gap('incomplete', `graph ${name ?? id ?? ''} without a name or an id`);
    return undefined;
  }
  const address = addressOf(endpoint, PORT);
  if (address === undefined) {
    cell.gap('incomplete', `graph ${name} has no endpoint yet: ${status ?? 'no status'}`, name);
    return undefined;
  }
  return awsEndpoint(cell, {
    name,
    ...address,
    engine: 'neptune',
    arn,
    declared: declaredOf(graph),
    incarnation: id,
    dependencies: [...keysOf('neptune-graph:graph', id), ...kmsKeys(graph.kmsKeyIdentifier)],
  });
}

function declaredOf({ publicConnectivity: isPublic, kmsKeyIdentifier: key }: GraphSummary): Protections {
  return {
    network: networkOf(isPublic),
    authentication: declaredOn('every request is signed for IAM'),
    tls: declaredOn('Neptune Analytics takes HTTPS only'),
    'encryption-at-rest':
      key === undefined ? declaredUnknown('kmsKeyIdentifier absent') : declaredOn(`kmsKeyIdentifier=${key}`),
  };
}

function networkOf(isPublic: boolean | undefined): Protection {
  if (isPublic === undefined) return declaredUnknown('publicConnectivity absent');
  return isPublic
    ? declaredOff('publicConnectivity=true: on the internet, with no security group')
    : declaredOn('publicConnectivity=false');
}
