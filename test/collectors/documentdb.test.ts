import {
  type DBCluster,
  DescribeDBClusterParametersCommand,
  DescribeDBClustersCommand,
  DescribeDBInstancesCommand,
  type Parameter,
  RDSClient,
} from '@aws-sdk/client-rds';
import { mockClient } from 'aws-sdk-client-mock';
import { afterEach, describe, expect, it } from 'vitest';
import { documentdb } from '../../lib/collectors/documentdb.ts';
import { awsError, collectWith, levels, testCell } from '../support/aws.ts';
import { aCluster, aMember } from '../support/rds.ts';

const aws = mockClient(RDSClient);
afterEach(() => aws.reset());

const cluster = (change: Partial<DBCluster> = {}): DBCluster =>
  aCluster({
    Engine: 'docdb',
    EngineVersion: '5.0.0',
    Port: 27_017,
    EnabledCloudwatchLogsExports: ['audit'],
    ...change,
  });
const member = (id: string, change = {}) => aMember(id, { Engine: 'docdb', ...change });
const parameter = (ParameterName: string, ParameterValue?: string): Parameter => ({ ParameterName, ParameterValue });

function answer(clusters: readonly DBCluster[], parameters: readonly Parameter[]): void {
  aws.on(DescribeDBClustersCommand).resolves({ DBClusters: [...clusters] });
  aws.on(DescribeDBInstancesCommand).resolves({ DBInstances: [member('shop-1'), member('shop-2')] });
  aws.on(DescribeDBClusterParametersCommand).resolves({ Parameters: [...parameters] });
}

const SAFE = [parameter('audit_logs', 'all'), parameter('tls', 'enabled')];

describe('DocumentDB clusters', () => {
  it('finds nothing, and says that the list is whole, where there is nothing', async () => {
    aws.on(DescribeDBClustersCommand).resolves({ DBClusters: [aCluster()] });
    aws.on(DescribeDBInstancesCommand).resolves({});
    const { endpoints, status, cell } = await collectWith(documentdb);
    expect([endpoints, status]).toEqual([[], 'complete']);
    expect(cell.asked).toEqual(['rds:DescribeDBClusters', 'rds:DescribeDBInstances']);
  });

  it('names what it was judged by', async () => {
    answer([cluster({ KmsKeyId: 'k-1' })], SAFE);
    const { door } = await collectWith(documentdb);
    expect(door('/shop').dependencies).toEqual([
      'ec2:sg-world',
      'kms:key/k-1',
      'rds:cluster-pg/shop-group',
      'rds:cluster/shop',
      'rds:db/shop-1',
      'rds:db/shop-2',
      'rds:subgrp/subnets',
    ]);
    expect(door('/instance-shop-1').dependencies).not.toContain('rds:db/shop-2');
  });

  it('reads a cluster with everything on, and asks for all of its parameters', async () => {
    answer([cluster()], SAFE);
    const { endpoints } = await collectWith(documentdb);
    expect(endpoints.map((e) => [e.engine, e.port])).toEqual([
      ['documentdb', 27_017],
      ['documentdb', 27_017],
      ['documentdb', 5432],
      ['documentdb', 5432],
    ]);
    expect(levels(endpoints[0]!)).toEqual({
      network: 'on',
      authentication: 'on',
      tls: 'on',
      'encryption-at-rest': 'on',
      'audit-log': 'on',
    });
    expect(aws.commandCalls(DescribeDBClusterParametersCommand)[0]?.args[0].input.Filters).toBeUndefined();
  });

  it.each<[string, readonly Parameter[], Partial<DBCluster>, object]>([
    ['TLS switched off', [SAFE[0]!, parameter('tls', 'disabled')], {}, { tls: 'off' }],
    ['TLS that must be FIPS', [SAFE[0]!, parameter('tls', 'fips-140-3')], {}, { tls: 'on' }],
    ['a TLS mode that nobody knows', [SAFE[0]!, parameter('tls', 'sometimes')], {}, { tls: 'unknown' }],
    ['no TLS mode', [SAFE[0]!, parameter('tls')], {}, { tls: 'unknown' }],
    [
      'an audit log that is exported and not written',
      [parameter('audit_logs', 'none'), SAFE[1]!],
      {},
      { 'audit-log': 'off' },
    ],
    [
      'an audit log that is written and not exported',
      SAFE,
      { EnabledCloudwatchLogsExports: [] },
      { 'audit-log': 'partial' },
    ],
    ['no encryption', SAFE, { StorageEncrypted: false }, { 'encryption-at-rest': 'off' }],
    [
      'a key of AWS',
      SAFE,
      { StorageEncrypted: false, StorageEncryptionType: 'sse-rds' },
      { 'encryption-at-rest': 'on' },
    ],
    ['no word on encryption', SAFE, { StorageEncrypted: undefined }, { 'encryption-at-rest': 'unknown' }],
  ])('reads a cluster with %s', async (_, parameters, change, expected) => {
    answer([cluster(change)], parameters);
    expect(levels((await collectWith(documentdb)).endpoints[0]!)).toMatchObject(expected);
  });

  it('counts TLS as gone when it is switched off, before the reboot that puts it in force', async () => {
    const DBClusterMembers = [{ DBInstanceIdentifier: 'shop-1', DBClusterParameterGroupStatus: 'pending-reboot' }];
    answer([cluster({ DBClusterMembers })], [parameter('tls', 'disabled')]);
    expect((await collectWith(documentdb)).endpoints[0]?.declared.tls).toMatchObject({
      level: 'off',
      evidence: 'tls=disabled, ParameterApplyStatus=pending-reboot',
    });
  });

  it('does not call safe what DocumentDB says it does not have: a public instance', async () => {
    answer([cluster()], SAFE);
    aws.on(DescribeDBInstancesCommand).resolves({ DBInstances: [member('shop-1', { PubliclyAccessible: true })] });
    expect((await collectWith(documentdb)).endpoints[0]?.declared.network?.level).toBe('unknown');
  });

  it('reads the parameters to their last page', async () => {
    answer([cluster()], []);
    aws
      .on(DescribeDBClusterParametersCommand)
      .resolvesOnce({ Parameters: [SAFE[0]!], Marker: 'm' })
      .resolves({ Parameters: [SAFE[1]!] });
    expect(levels((await collectWith(documentdb)).endpoints[0]!)).toMatchObject({ tls: 'on', 'audit-log': 'on' });
  });

  it('knows nothing of parameters that are denied, and keeps the list whole', async () => {
    answer([cluster()], SAFE);
    aws.on(DescribeDBClusterParametersCommand).rejects(awsError('AccessDenied', 403));
    const { endpoints, status } = await collectWith(documentdb);
    expect(status).toBe('complete');
    expect(levels(endpoints[0]!)).toMatchObject({ tls: 'unknown', 'audit-log': 'unknown', authentication: 'on' });
  });

  it('keeps the list in doubt when it is denied', async () => {
    aws.onAnyCommand().rejects(awsError('AccessDenied', 403));
    const { endpoints, status } = await collectWith(documentdb);
    expect([endpoints, status]).toEqual([[], 'denied']);
  });

  it('confirms a deletion only on the word of the API', async () => {
    answer([cluster()], SAFE);
    const { door } = await collectWith(documentdb);
    const ask = (ending: string) => documentdb.exists(testCell('documentdb'), door(ending));
    expect([await ask('/shop'), await ask('/reader'), await ask('/instance-shop-1')]).toEqual([true, true, true]);
    aws.on(DescribeDBClustersCommand).rejects(awsError('DBClusterNotFoundFault', 404));
    aws.on(DescribeDBInstancesCommand).rejects(awsError('Throttling'));
    expect([await ask('/shop'), await ask('/instance-shop-1')]).toEqual([false, undefined]);
  });
});
