import { GetPipelineCommand, ListPipelinesCommand, OSISClient, type Pipeline } from '@aws-sdk/client-osis';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { opensearchIngestion } from '../../lib/collectors/opensearch-ingestion.ts';
import { awsError, collectWith, levels, testCell } from '../support/aws.ts';

type Input = { readonly PipelineName?: string | undefined; readonly NextToken?: string | undefined };
type Reply = (input: Input) => unknown;
/** aws-sdk-client-mock does not take a client as old as this one. */
const replies: { list: Reply; get: Reply } = { list: () => ({}), get: () => ({}) };
vi.spyOn(OSISClient.prototype, 'send').mockImplementation((async (
  command: ListPipelinesCommand | GetPipelineCommand,
) => (command instanceof ListPipelinesCommand ? replies.list(command.input) : replies.get(command.input))) as never);
afterEach(() => Object.assign(replies, { list: () => ({}), get: () => ({}) }));
const fails =
  (name: string): Reply =>
  () => {
    throw awsError(name, name === 'AccessDeniedException' ? 403 : 400);
  };

const HOST = 'logs-x7y8z9.us-east-1.osis.amazonaws.com';
const body = (source: string, more = ''): string =>
  `version: "2"\nlogs:\n  source:\n    ${source}\n  sink:\n    - opensearch: {hosts: ["https://d"]${more}}\n`;

function pipeline(change: Partial<Pipeline> = {}): Pipeline {
  return {
    PipelineName: 'logs',
    PipelineArn: 'arn:aws:osis:us-east-1:111122223333:pipeline/logs',
    Status: 'ACTIVE',
    CreatedAt: new Date('2026-01-02T03:04:05Z'),
    IngestEndpointUrls: [HOST],
    PipelineConfigurationBody: body('http: {path: /in}'),
    LogPublishingOptions: { IsLoggingEnabled: true },
    VpcEndpoints: [{ VpcEndpointId: 'vpce-1', VpcId: 'vpc-1' }],
    ...change,
  };
}

function answer(...pipelines: readonly Pipeline[]): void {
  replies.list = () => ({ Pipelines: pipelines.map(({ PipelineName }) => ({ PipelineName })) });
  replies.get = ({ PipelineName: name }) => ({ Pipeline: pipelines.find((p) => p.PipelineName === name) });
}
const PUBLIC: Partial<Pipeline> = { VpcEndpoints: [] };

describe('OpenSearch Ingestion pipelines', () => {
  it('finds nothing, and says that the list is whole, where there is nothing', async () => {
    answer();
    const { endpoints, status, cell } = await collectWith(opensearchIngestion);
    expect([endpoints, status, cell.asked]).toEqual([[], 'complete', ['osis:ListPipelines']]);
  });

  it('reads a private pipeline', async () => {
    answer(pipeline());
    const { endpoints, status, cell } = await collectWith(opensearchIngestion);
    expect([status, cell.gaps()]).toEqual(['complete', []]);
    expect(endpoints).toMatchObject([
      { id: '111122223333/us-east-1/opensearch-ingestion/logs', host: HOST, port: 443, engine: 'http' },
    ]);
    expect(levels(endpoints[0]!)).toEqual({
      network: 'on',
      authentication: 'on',
      'access-policy': 'unknown',
      tls: 'on',
      'audit-log': 'on',
    });
  });

  it.each([
    ['takes pushes', body('http: {path: /in}'), 'off'],
    ['takes pushes of a kind we do not know', body('brand_new: {}'), 'off'],
    ['is not understood', '][', 'off'],
    ['fetches', body('s3: {bucket: b}'), 'on'],
  ])('judges a pipeline without VPC endpoints that %s', async (_, PipelineConfigurationBody, level) => {
    answer(pipeline({ ...PUBLIC, PipelineConfigurationBody }));
    expect((await collectWith(opensearchIngestion)).endpoints[0]?.declared.network?.level).toBe(level);
  });

  it('sees certificate checks that are switched off, and a log that is not kept', async () => {
    answer(
      pipeline({
        PipelineConfigurationBody: body('http: {}', ', insecure: true'),
        LogPublishingOptions: { IsLoggingEnabled: false },
      }),
    );
    const { endpoints } = await collectWith(opensearchIngestion);
    expect(levels(endpoints[0]!)).toMatchObject({ tls: 'partial', 'audit-log': 'off' });
  });

  it('calls nothing safe that AWS did not say', async () => {
    answer({ PipelineName: 'logs', IngestEndpointUrls: [HOST] });
    const { endpoints } = await collectWith(opensearchIngestion);
    // The configuration could switch certificate checks off.
    expect(levels(endpoints[0]!)).toMatchObject({ network: 'off', tls: 'unknown', 'audit-log': 'unknown' });
    expect(endpoints[0]?.incarnation).toBeUndefined();
  });

  it('tells pipelines apart that are made within the same second', async () => {
    answer(pipeline(), pipeline({ PipelineName: 'traces' }));
    const { endpoints } = await collectWith(opensearchIngestion);
    expect(new Set(endpoints.map((e) => e.incarnation)).size).toBe(2);
  });

  it('follows every page, keeps every door', async () => {
    answer(pipeline({ IngestEndpointUrls: [HOST, `https://other.${HOST}/in`] }), pipeline({ PipelineName: 'b' }));
    replies.list = ({ NextToken }) =>
      NextToken === undefined
        ? { Pipelines: [{ PipelineName: 'logs' }], NextToken: 'more' }
        : { Pipelines: [{ PipelineName: 'b' }] };
    const { endpoints } = await collectWith(opensearchIngestion);
    expect(endpoints.map((e) => e.id.split('/').slice(3).join('/'))).toEqual(['logs', 'logs/ingest-2', 'b']);
  });

  it('doubts a list whose page token comes twice, or whose pipeline is not described', async () => {
    answer(pipeline());
    replies.get = fails('AccessDeniedException');
    expect(await collectWith(opensearchIngestion)).toMatchObject({ endpoints: [], status: 'denied' });
    answer(pipeline());
    replies.list = () => ({ Pipelines: [{ PipelineName: 'logs' }], NextToken: 'same' });
    expect((await collectWith(opensearchIngestion)).status).toBe('partial');
  });

  it('doubts the list where a pipeline is answered without a description', async () => {
    answer(pipeline());
    replies.get = () => ({});
    const { endpoints, status, cell } = await collectWith(opensearchIngestion);
    expect([endpoints, status]).toEqual([[], 'partial']);
    expect(cell.gaps()).toMatchObject([{ code: 'incomplete', detail: expect.stringContaining('logs') }]);
  });

  it('depends on the pipeline, its log, and the network that it stands in', async () => {
    answer(
      pipeline({
        LogPublishingOptions: { IsLoggingEnabled: true, CloudWatchLogDestination: { LogGroup: '/aws/vendedlogs/p' } },
        VpcEndpoints: [
          {
            VpcEndpointId: 'vpce-1',
            VpcId: 'vpc-1',
            VpcOptions: { SubnetIds: ['subnet-1'], SecurityGroupIds: ['sg-1'] },
          },
        ],
      }),
    );
    expect((await collectWith(opensearchIngestion)).endpoints[0]?.dependencies).toEqual([
      'ec2:sg-1',
      'ec2:subnet-1',
      'ec2:vpc-1',
      'ec2:vpce-1',
      'logs:log-group//aws/vendedlogs/p',
      'osis:pipeline/logs',
    ]);
  });

  it('is denied where the list is denied', async () => {
    replies.list = fails('AccessDeniedException');
    expect((await collectWith(opensearchIngestion)).status).toBe('denied');
  });

  it('has a gap for a pipeline without an endpoint', async () => {
    answer(pipeline({ Status: 'CREATING', IngestEndpointUrls: [] }));
    const { endpoints, cell } = await collectWith(opensearchIngestion);
    expect(endpoints).toEqual([]);
    expect(cell.gaps()).toMatchObject([{ subject: 'logs', code: 'incomplete' }]);
  });

  it('bounds and cleans a hostile name and source', async () => {
    const PipelineName = `a\u202e\n${'x'.repeat(5_000)}`;
    answer(pipeline({ ...PUBLIC, PipelineName, PipelineConfigurationBody: body(`"${'y'.repeat(9_000)}": {}`) }));
    const { endpoints } = await collectWith(opensearchIngestion);
    expect(endpoints[0]?.id.length).toBeLessThanOrEqual(256);
    expect(endpoints[0]?.id).not.toMatch(/[\u202e\n]/u);
    expect(endpoints[0]?.declared.network?.evidence.length).toBeLessThanOrEqual(200);
  });

  it('confirms a deletion only on the word of the API', async () => {
    answer(pipeline());
    const [endpoint] = (await collectWith(opensearchIngestion)).endpoints;
    const ask = () => opensearchIngestion.exists(testCell('opensearch-ingestion'), endpoint!);
    const answers = [
      fails('ResourceNotFoundException'),
      fails('ThrottlingException'),
      () => ({ Pipeline: pipeline() }),
    ];
    replies.get = (input) => answers.shift()?.(input);
    expect([await ask(), await ask(), await ask()]).toEqual([false, undefined, true]);
  });
});
