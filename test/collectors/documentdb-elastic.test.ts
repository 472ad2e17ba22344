import {
  type Cluster,
  DocDBElasticClient,
  GetClusterCommand,
  ListClustersCommand,
} from '@aws-sdk/client-docdb-elastic';
import { mockClient } from 'aws-sdk-client-mock';
import { afterEach, describe, expect, it } from 'vitest';
import { documentdbElastic } from '../../lib/collectors/documentdb-elastic.ts';
import { awsError, collectWith, levels, testCell } from '../support/aws.ts';

const aws = mockClient(DocDBElasticClient);
afterEach(() => aws.reset());

const arnOf = (name: string) => `arn:aws:docdb-elastic:us-east-1:111122223333:cluster/${name}-0f1e`;

function elastic(clusterName = 'events', change: Partial<Cluster> = {}): Cluster {
  return {
    clusterName,
    clusterArn: arnOf(clusterName),
    status: 'ACTIVE',
    clusterEndpoint: `${clusterName}-111122223333.us-east-1.docdb-elastic.amazonaws.com`,
    createTime: '2026-01-01T00:00:00Z',
    adminUserName: 'admin',
    authType: 'SECRET_ARN',
    shardCapacity: 2,
    shardCount: 1,
    vpcSecurityGroupIds: ['sg-1'],
    subnetIds: ['subnet-1'],
    preferredMaintenanceWindow: '',
    kmsKeyId: 'arn:aws:kms:us-east-1:111122223333:key/1',
    ...change,
  };
}

function answer(...clusters: readonly Cluster[]): void {
  aws.on(ListClustersCommand).resolves({
    clusters: clusters.map(({ clusterName, clusterArn, status }) => ({ clusterName, clusterArn, status })),
  });
  for (const cluster of clusters) aws.on(GetClusterCommand, { clusterArn: cluster.clusterArn }).resolves({ cluster });
}

describe('DocumentDB elastic clusters', () => {
  it('finds nothing, and says that the list is whole, where there is nothing', async () => {
    answer();
    const { endpoints, status, cell } = await collectWith(documentdbElastic);
    expect([endpoints, status, cell.asked]).toEqual([[], 'complete', ['docdb-elastic:ListClusters']]);
  });

  it('reads a cluster', async () => {
    answer(elastic());
    const { endpoints } = await collectWith(documentdbElastic);
    expect(endpoints[0]).toMatchObject({
      id: '111122223333/us-east-1/documentdb-elastic/events',
      host: 'events-111122223333.us-east-1.docdb-elastic.amazonaws.com',
      port: 27_017,
      engine: 'documentdb',
      incarnation: arnOf('events'),
    });
    expect(levels(endpoints[0]!)).toEqual({
      network: 'on',
      authentication: 'on',
      tls: 'unknown',
      'encryption-at-rest': 'on',
    });
  });

  it.each([
    ['mongodb://events.docdb-elastic.amazonaws.com:27018/', 'events.docdb-elastic.amazonaws.com', 27_018],
    ['events.docdb-elastic.amazonaws.com:27017', 'events.docdb-elastic.amazonaws.com', 27_017],
  ])('reads the endpoint %s', async (clusterEndpoint, host, port) => {
    answer(elastic('events', { clusterEndpoint }));
    expect((await collectWith(documentdbElastic)).endpoints[0]).toMatchObject({ host, port });
  });

  it('names what it was judged by', async () => {
    const change = { kmsKeyId: 'k-1', vpcSecurityGroupIds: ['sg-1', 'sg-2'], subnetIds: ['subnet-1'] };
    answer(elastic('events', change));
    expect((await collectWith(documentdbElastic)).endpoints[0]?.dependencies).toEqual([
      `docdb-elastic:cluster/${arnOf('events').split('/').at(-1)}`,
      'ec2:sg-1',
      'ec2:sg-2',
      'kms:key/k-1',
    ]);
  });

  it('goes by the ARN of the list where the details repeat none', async () => {
    answer(elastic());
    aws.on(GetClusterCommand).resolves({ cluster: elastic('events', { clusterArn: undefined }) });
    const { endpoints } = await collectWith(documentdbElastic);
    expect(endpoints[0]).toMatchObject({ arn: arnOf('events'), incarnation: arnOf('events') });
  });

  it('does not know how data lies where no key is named', async () => {
    answer(elastic('events', { kmsKeyId: undefined }));
    const { endpoints } = await collectWith(documentdbElastic);
    expect(levels(endpoints[0]!)).toMatchObject({ 'encryption-at-rest': 'unknown' });
  });

  it('says that a cluster has no endpoint yet, and keeps the list whole', async () => {
    answer(elastic('events', { clusterEndpoint: '', status: 'CREATING' }));
    const { endpoints, status, cell } = await collectWith(documentdbElastic);
    expect([endpoints, status]).toEqual([[], 'complete']);
    expect(cell.gaps()).toMatchObject([{ subject: 'events', code: 'incomplete' }]);
  });

  it('reads all pages, and is in doubt where a page comes twice', async () => {
    answer(elastic('a'), elastic('b'));
    const listed = (name: string) => ({ clusterName: name, clusterArn: arnOf(name), status: 'ACTIVE' as const });
    aws
      .on(ListClustersCommand)
      .resolvesOnce({ clusters: [listed('a')], nextToken: 't' })
      .resolves({ clusters: [listed('b')], nextToken: 't' });
    const { endpoints, status } = await collectWith(documentdbElastic);
    expect([endpoints.map((e) => e.name), status]).toEqual([['a', 'b'], 'partial']);
  });

  it('misses one whose details are denied, says so, and keeps the others', async () => {
    answer(elastic('a'), elastic('b'));
    aws.on(GetClusterCommand, { clusterArn: arnOf('a') }).rejects(awsError('AccessDeniedException', 403));
    const { endpoints, status, cell } = await collectWith(documentdbElastic);
    expect([endpoints.map((e) => e.name), status]).toEqual([['b'], 'complete']);
    expect(cell.gaps()).toMatchObject([{ subject: 'a', code: 'denied' }]);
  });

  it('keeps the list in doubt when it is denied', async () => {
    aws.on(ListClustersCommand).rejects(awsError('AccessDeniedException', 403));
    expect((await collectWith(documentdbElastic)).status).toBe('denied');
  });

  it('confirms a deletion only on the word of the API', async () => {
    answer(elastic());
    const [endpoint] = (await collectWith(documentdbElastic)).endpoints;
    aws.reset();
    aws
      .on(GetClusterCommand)
      .rejectsOnce(awsError('ResourceNotFoundException', 404))
      .rejectsOnce(awsError('ThrottlingException'))
      .resolves({ cluster: elastic() });
    const ask = () => documentdbElastic.exists(testCell('documentdb-elastic'), endpoint!);
    expect([await ask(), await ask(), await ask()]).toEqual([false, undefined, true]);
  });
});
