/** Whether doors of Aurora clusters are still there: aurora.test.ts says which there are. */
import {
  type DBCluster,
  DescribeDBClusterParametersCommand,
  DescribeDBClustersCommand,
  DescribeDBInstancesCommand,
  DescribeGlobalClustersCommand,
  RDSClient,
} from '@aws-sdk/client-rds';
import { mockClient } from 'aws-sdk-client-mock';
import { afterEach, describe, expect, it } from 'vitest';
import { aurora } from '../../lib/collectors/aurora.ts';
import type { Endpoint } from '../../lib/model/endpoint.ts';
import { awsError, collectWith, testCell } from '../support/aws.ts';
import { aCluster, aMember, NETWORK } from '../support/rds.ts';

const aws = mockClient(RDSClient);
afterEach(() => aws.reset());

const MEMBERS = [aMember('shop-1'), aMember('shop-2')];
const ID = '111122223333/us-east-1/aurora';

function answer(clusters: readonly DBCluster[], members = MEMBERS): void {
  aws.on(DescribeDBClustersCommand).resolves({ DBClusters: [...clusters] });
  aws.on(DescribeDBInstancesCommand).resolves({ DBInstances: members });
  aws.on(DescribeGlobalClustersCommand).resolves({ GlobalClusters: [] });
  aws.on(DescribeDBClusterParametersCommand).resolves({ Parameters: [] });
}

const collect = () => collectWith(aurora, { network: NETWORK });

describe('doors of Aurora clusters', () => {
  it.each<[string, Partial<DBCluster> | Error, boolean | undefined]>([
    ['/shop', awsError('DBClusterNotFoundFault', 404), false],
    ['/shop', awsError('Throttling'), undefined],
    ['/shop', {}, true],
    ['/shop/reader', {}, true],
    ['/shop/reader', { ReaderEndpoint: undefined }, false],
    ['/shop/reader', { ReaderEndpoint: undefined, Endpoint: undefined }, true],
    ['/shop/babelfish-reader', { ReaderEndpoint: undefined }, false],
    ['/shop/custom-bi', { CustomEndpoints: ['bi.cluster-custom-abc.example.com'] }, true],
    ['/shop/custom-bi', { CustomEndpoints: [] }, false],
    ['/shop/data-api', { HttpEndpointEnabled: false }, false],
    ['/shop/data-api', { HttpEndpointEnabled: undefined }, undefined],
  ])('asks whether %s is still there', async (door, said, expected) => {
    const clusters = aws.on(DescribeDBClustersCommand);
    if (said instanceof Error) clusters.rejects(said);
    else clusters.resolves({ DBClusters: [aCluster(said)] });
    expect(await aurora.exists(testCell('aurora'), { id: `${ID}${door}`, name: 'shop' } as Endpoint)).toBe(expected);
  });

  it.each<[string, string | Error, string, boolean | undefined]>([
    ['is on', 'on', 'in-sync', true],
    ['who knows: a value of no meaning', 'perhaps', 'in-sync', undefined],
    ['is off', 'off', 'in-sync', false],
    ['is switched off, and listens until the reboot', 'off', 'pending-reboot', true],
    ['who knows: the group is denied', awsError('AccessDenied', 403), 'in-sync', undefined],
  ])('asks for the port of Babelfish, which %s', async (_, said, DBClusterParameterGroupStatus, expected) => {
    const DBClusterMembers = [{ DBInstanceIdentifier: 'shop-1', DBClusterParameterGroupStatus }];
    aws.on(DescribeDBClustersCommand).resolves({ DBClusters: [aCluster({ DBClusterMembers })] });
    const parameters = aws.on(DescribeDBClusterParametersCommand);
    if (said instanceof Error) parameters.rejects(said);
    else parameters.resolves({ Parameters: [{ ParameterName: 'rds.babelfish_status', ParameterValue: said }] });
    const endpoint = { id: `${ID}/shop/babelfish-reader`, name: 'shop' } as Endpoint;
    expect(await aurora.exists(testCell('aurora'), endpoint)).toBe(expected);
  });

  it.each([
    ['/shop', { DbClusterResourceId: 'cluster-OTHER' }],
    ['/reader', { DbClusterResourceId: 'cluster-OTHER' }],
    ['/data-api', { DbClusterResourceId: 'cluster-OTHER' }],
    ['/instance-shop-1', {}],
  ])('says that %s is gone where another has its name now', async (ending, change) => {
    answer([aCluster({ HttpEndpointEnabled: true })]);
    const { door } = await collect();
    expect(await aurora.exists(testCell('aurora'), door(ending))).toBe(true);
    answer([aCluster({ HttpEndpointEnabled: true, ...change })], [aMember('shop-1', { DbiResourceId: 'db-OTHER' })]);
    expect(await aurora.exists(testCell('aurora'), door(ending))).toBe(false);
  });

  it.each<[string, string, boolean | undefined]>([
    ['shop', 'shop-1', true],
    ['other', 'shop-1', false],
  ])('asks for a member by its name: it is in %s', async (DBClusterIdentifier, name, expected) => {
    aws.on(DescribeDBInstancesCommand).resolves({ DBInstances: [aMember(name, { DBClusterIdentifier })] });
    const endpoint = { id: `${ID}/shop/instance-${name}`, name: 'shop' } as Endpoint;
    expect(await aurora.exists(testCell('aurora'), endpoint)).toBe(expected);
  });
});
