/**
 * OpenSearch Ingestion pipelines (aws-services.md section 2.3).
 * Calls: ListPipelines, GetPipeline. A pipeline without VPC endpoints takes requests from the internet if its source is
 * one that clients push to; there is no security group. Every request is signed, over HTTPS.
 * The resource policy is not read: the SDK version that installs has no GetResourcePolicy.
 */
import { GetPipelineCommand, ListPipelinesCommand, OSISClient, type Pipeline } from '@aws-sdk/client-osis';
import { addressOf } from '../aws/address.ts';
import { ABSENT, type Cell } from '../aws/cell.ts';
import type { Collector } from '../aws/collector.ts';
import { ec2Keys, keysOf } from '../aws/dependencies.ts';
import { type Door, doorOf, hasDoor } from '../aws/doors.ts';
import { awsEndpoint } from '../aws/endpoint.ts';
import { logKeys } from '../aws/log-groups.ts';
import { type PipelineBody, readPipelineBody } from '../aws/pipeline-body.ts';
import { declaredOff, declaredOn, declaredPartial, declaredSwitch, declaredUnknown } from '../model/declared.ts';
import type { DependencyKey } from '../model/change.ts';
import type { Endpoint } from '../model/endpoint.ts';
import type { Protection } from '../model/protection.ts';

const PAGE = 100;
const GONE = ['ResourceNotFoundException'];

export const opensearchIngestion: Collector = {
  service: 'opensearch-ingestion',
  scope: 'regional',
  actions: ['osis:ListPipelines', 'osis:GetPipeline'],
  cost: { empty: 1, each: 1 },
  async collect(cell) {
    const client = cell.client(OSISClient);
    const listed = await cell.list(
      'osis:ListPipelines',
      (NextToken) =>
        client.send(new ListPipelinesCommand({ MaxResults: PAGE, ...(NextToken === undefined ? {} : { NextToken }) })),
      (page) => page.Pipelines,
      (page) => page.NextToken,
    );
    const endpoints = await Promise.all(
      listed.map(async ({ PipelineName: name }) => {
        if (name === undefined) {
          cell.gap('incomplete', 'a pipeline without PipelineName');
          return [];
        }
        // Without its answer there is no host: the list is then in doubt as a whole.
        const call = () => client.send(new GetPipelineCommand({ PipelineName: name }));
        const answer = await cell.askMaybe('osis:GetPipeline', call, GONE);
        if (answer === ABSENT || answer === undefined) return [];
        if (answer.Pipeline !== undefined) return endpointsOf(cell, name, answer.Pipeline);
        cell.gap('incomplete', `pipeline ${name} is listed, but not described`);
        return [];
      }),
    );
    return endpoints.flat();
  },
  async exists(cell, endpoint) {
    const client = cell.client(OSISClient);
    const call = () => client.send(new GetPipelineCommand({ PipelineName: endpoint.name }));
    const answer = await cell.askMaybe('osis:GetPipeline', call, GONE, endpoint.name);
    if (answer === ABSENT) return false;
    return answer?.Pipeline === undefined ? undefined : hasDoor(endpoint, doorsOf(answer.Pipeline));
  },
};

function endpointsOf(cell: Cell, name: string, pipeline: Pipeline): readonly Endpoint[] {
  const { PipelineArn: arn, Status: status, CreatedAt: createdAt, LogPublishingOptions: logs } = pipeline;
  const doors = doorsOf(pipeline);
  if (doors.length === 0) {
    cell.gap('incomplete', `pipeline ${name} has no ingestion endpoint: ${status ?? 'no status'}`, name);
  }
  const body = readPipelineBody(pipeline.PipelineConfigurationBody);
  const declared = {
    network: networkOf(pipeline, body),
    authentication: declaredOn('every request is signed'),
    'access-policy': declaredUnknown('resource policy not read: the SDK in use has no GetResourcePolicy'),
    tls: tlsOf(body),
    'audit-log': declaredSwitch('LogPublishingOptions.IsLoggingEnabled', logs?.IsLoggingEnabled),
  };
  return doors.map((door) =>
    awsEndpoint(cell, {
      name,
      ...doorOf(door),
      engine: 'http',
      arn,
      declared,
      // Two pipelines of one stack may be made within the same second.
      incarnation: createdAt === undefined ? undefined : `${name} ${createdAt.toISOString()}`,
      dependencies: dependenciesOf(name, pipeline),
    }),
  );
}

function dependenciesOf(
  name: string,
  { VpcEndpoints: endpoints, LogPublishingOptions: logs }: Pipeline,
): readonly DependencyKey[] {
  return [
    ...keysOf('osis:pipeline', name),
    ...logKeys(logs?.CloudWatchLogDestination?.LogGroup),
    ...(endpoints ?? []).flatMap(({ VpcEndpointId: id, VpcId: vpc, VpcOptions: options }) =>
      ec2Keys(id, vpc, ...(options?.SecurityGroupIds ?? []), ...(options?.SubnetIds ?? [])),
    ),
  ];
}

function doorsOf({ IngestEndpointUrls: urls }: Pipeline): readonly Door[] {
  return (urls ?? []).flatMap((url, i) => {
    const at = addressOf(url, 443);
    return at === undefined ? [] : [{ door: i === 0 ? '' : `ingest-${i + 1}`, ...at }];
  });
}

/** AWS leaves VpcEndpoints out of a public pipeline. */
function networkOf({ VpcEndpoints: endpoints }: Pipeline, { intake, sources }: PipelineBody): Protection {
  const ids = (endpoints ?? []).map(({ VpcEndpointId: id, VpcId: vpc }) => id ?? vpc ?? 'unnamed');
  if (ids.length > 0) return declaredOn(`VpcEndpoints=${ids.join(' ')}`);
  if (intake === 'pulled') return declaredOn(`source ${sources.join(', ')} fetches: nothing can be sent to it`);
  const from = intake === undefined ? 'source not understood' : `source ${sources.join(', ')}`;
  return declaredOff(`public endpoint: no VpcEndpoints, so no security group applies; ${from}`);
}

function tlsOf({ insecure }: PipelineBody): Protection {
  if (insecure === undefined) return declaredUnknown('HTTPS only; whether certificates are checked was not understood');
  return insecure
    ? declaredPartial('HTTPS only; insecure: true in the pipeline turns certificate checks off')
    : declaredOn('HTTPS only, by design');
}
