import {
  GetGraphCommand,
  type GraphSummary,
  ListGraphsCommand,
  NeptuneGraphClient,
} from '@aws-sdk/client-neptune-graph';
import { mockClient } from 'aws-sdk-client-mock';
import { afterEach, describe, expect, it } from 'vitest';
import { neptuneAnalytics } from '../../lib/collectors/neptune-analytics.ts';
import { awsError, collectWith, levels, testCell } from '../support/aws.ts';

const aws = mockClient(NeptuneGraphClient);
afterEach(() => aws.reset());

function graph(change: Partial<GraphSummary> = {}): GraphSummary {
  return {
    id: 'g-0123456789',
    name: 'friends',
    arn: 'arn:aws:neptune-graph:us-east-1:111122223333:graph/g-0123456789',
    status: 'AVAILABLE',
    publicConnectivity: false,
    endpoint: 'g-0123456789.us-east-1.neptune-graph.amazonaws.com',
    kmsKeyIdentifier: 'AWS_OWNED_KEY',
    ...change,
  };
}

describe('Neptune Analytics graphs', () => {
  it('finds nothing, and says that the list is whole, where there is nothing', async () => {
    aws.on(ListGraphsCommand).resolves({ graphs: [] });
    const { endpoints, status, cell } = await collectWith(neptuneAnalytics);
    expect([endpoints, status, cell.asked]).toEqual([[], 'complete', ['neptune-graph:ListGraphs']]);
  });

  it('reads a private graph', async () => {
    aws.on(ListGraphsCommand).resolves({ graphs: [graph()] });
    const { endpoints } = await collectWith(neptuneAnalytics);
    expect(endpoints[0]).toMatchObject({
      id: '111122223333/us-east-1/neptune-analytics/friends',
      host: 'g-0123456789.us-east-1.neptune-graph.amazonaws.com',
      port: 443,
      engine: 'neptune',
      incarnation: 'g-0123456789',
    });
    expect(levels(endpoints[0]!)).toEqual({
      network: 'on',
      authentication: 'on',
      tls: 'on',
      'encryption-at-rest': 'on',
    });
  });

  it('names what it was judged by', async () => {
    const own = 'arn:aws:kms:us-east-1:111122223333:key/k-1';
    aws.on(ListGraphsCommand).resolves({ graphs: [graph(), graph({ id: 'g-2', kmsKeyIdentifier: own })] });
    const { endpoints } = await collectWith(neptuneAnalytics);
    expect(endpoints.map((e) => e.dependencies)).toEqual([
      ['neptune-graph:graph/g-0123456789'],
      ['kms:key/k-1', 'neptune-graph:graph/g-2'],
    ]);
  });

  it('is on the internet with public connectivity: no security group stands before it', async () => {
    aws.on(ListGraphsCommand).resolves({ graphs: [graph({ publicConnectivity: true })] });
    expect((await collectWith(neptuneAnalytics)).endpoints[0]?.declared.network).toMatchObject({
      level: 'off',
      evidence: 'publicConnectivity=true: on the internet, with no security group',
    });
  });

  it('calls nothing safe that AWS did not say', async () => {
    const bare = graph({ publicConnectivity: undefined, kmsKeyIdentifier: undefined });
    aws.on(ListGraphsCommand).resolves({ graphs: [bare] });
    const { endpoints } = await collectWith(neptuneAnalytics);
    expect(levels(endpoints[0]!)).toMatchObject({ network: 'unknown', 'encryption-at-rest': 'unknown' });
  });

  it('says that a graph has no endpoint yet, and keeps the list whole', async () => {
    aws.on(ListGraphsCommand).resolves({ graphs: [graph({ endpoint: undefined, status: 'CREATING' })] });
    const { endpoints, status, cell } = await collectWith(neptuneAnalytics);
    expect([endpoints, status]).toEqual([[], 'complete']);
    expect(cell.gaps()).toMatchObject([{ subject: 'friends', code: 'incomplete' }]);
  });

  it('reads all pages, and is in doubt where a page comes twice', async () => {
    aws
      .on(ListGraphsCommand)
      .resolvesOnce({ graphs: [graph()], nextToken: 't' })
      .resolves({ graphs: [graph({ name: 'others', id: 'g-1' })], nextToken: 't' });
    const { endpoints, status } = await collectWith(neptuneAnalytics);
    expect([endpoints.length, status]).toEqual([2, 'partial']);
  });

  it('keeps the list in doubt when it is denied', async () => {
    aws.on(ListGraphsCommand).rejects(awsError('AccessDeniedException', 403));
    expect((await collectWith(neptuneAnalytics)).status).toBe('denied');
  });

  it('bounds and cleans a hostile name', async () => {
    aws.on(ListGraphsCommand).resolves({ graphs: [graph({ name: `a\u202e\n${'x'.repeat(5_000)}` })] });
    const [endpoint] = (await collectWith(neptuneAnalytics)).endpoints;
    expect(endpoint?.id.length).toBeLessThanOrEqual(256);
    expect(endpoint?.id).not.toMatch(/[\u202e\n]/u);
  });

  it('confirms a deletion by the id of the graph, only on the word of the API', async () => {
    aws.on(ListGraphsCommand).resolves({ graphs: [graph()] });
    const [endpoint] = (await collectWith(neptuneAnalytics)).endpoints;
    aws
      .on(GetGraphCommand, { graphIdentifier: 'g-0123456789' })
      .rejectsOnce(awsError('ResourceNotFoundException', 404))
      .rejectsOnce(awsError('ThrottlingException'))
      .resolves({ id: 'g-0123456789', name: 'friends', arn: graph().arn });
    const ask = () => neptuneAnalytics.exists(testCell('neptune-analytics'), endpoint!);
    expect([await ask(), await ask(), await ask()]).toEqual([false, undefined, true]);
  });
});
