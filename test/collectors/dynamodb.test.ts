import {
  DescribeTableCommand,
  DynamoDBClient,
  GetResourcePolicyCommand,
  ListTablesCommand,
  type TableDescription,
} from '@aws-sdk/client-dynamodb';
import { mockClient } from 'aws-sdk-client-mock';
import { afterEach, describe, expect, it } from 'vitest';
import { dynamodb } from '../../lib/collectors/dynamodb.ts';
import { awsError, collectWith, levels, testCell } from '../support/aws.ts';

const aws = mockClient(DynamoDBClient);
afterEach(() => aws.reset());

const ARN = 'arn:aws:dynamodb:us-east-1:111122223333:table/users';
const STREAM = `${ARN}/stream/2026-01-02T03:04:05.000`;

function table(change: Partial<TableDescription> = {}): TableDescription {
  return {
    TableName: 'users',
    TableArn: ARN,
    TableId: 'f00d',
    SSEDescription: { Status: 'ENABLED', SSEType: 'KMS' },
    ...change,
  };
}

/** Answers one table, with a policy per ARN; where there is none DynamoDB says so with an error. */
function answer(description: TableDescription = table(), policies: Readonly<Record<string, object>> = {}): void {
  aws.on(ListTablesCommand).resolves({ TableNames: [description.TableName ?? ''] });
  aws.on(DescribeTableCommand).resolves({ Table: description });
  aws.on(GetResourcePolicyCommand).callsFake(({ ResourceArn }: { ResourceArn: string }) => {
    const policy = policies[ResourceArn];
    if (policy === undefined) throw awsError('PolicyNotFoundException');
    return { Policy: JSON.stringify(policy) };
  });
}

const letting = (AWS: string, Action: string, Resource: string) => ({
  Statement: [{ Sid: 'share', Effect: 'Allow', Principal: { AWS }, Action, Resource }],
});

describe('DynamoDB tables', () => {
  it('finds nothing, and says that the list is whole, where there is nothing', async () => {
    aws.on(ListTablesCommand).resolves({ TableNames: [] });
    const { endpoints, status, cell } = await collectWith(dynamodb);
    expect([endpoints, status, cell.asked]).toEqual([[], 'complete', ['dynamodb:ListTables']]);
  });

  it('reads a table as what it is: a share of a host that nobody need visit', async () => {
    answer();
    const { endpoints, status } = await collectWith(dynamodb);
    expect(status).toBe('complete');
    expect(endpoints).toHaveLength(1);
    expect(endpoints[0]).toMatchObject({
      id: '111122223333/us-east-1/dynamodb/users',
      host: 'dynamodb.us-east-1.amazonaws.com',
      port: 443,
      engine: 'provider-api',
      shared: true,
      arn: ARN,
      incarnation: 'f00d',
    });
    expect(levels(endpoints[0]!)).toEqual({
      network: 'not-applicable',
      authentication: 'on',
      'access-policy': 'on',
      'encryption-at-rest': 'on',
    });
  });

  it('uses the host names of the partition', async () => {
    answer(table({ LatestStreamArn: STREAM }));
    const place = { account: '111122223333', region: 'cn-north-1', partition: 'aws-cn' } as const;
    const { endpoints } = await collectWith(dynamodb, { place });
    expect(endpoints.map((e) => e.host)).toEqual([
      'dynamodb.cn-north-1.amazonaws.com.cn',
      'streams.dynamodb.cn-north-1.amazonaws.com.cn',
    ]);
  });

  it.each([
    ['any AWS account', letting('*', 'dynamodb:Scan', ARN), 'off'],
    ['another account by name', letting('arn:aws:iam::999900001111:root', 'dynamodb:GetItem', ARN), 'partial'],
    ['its own account', letting('arn:aws:iam::111122223333:root', 'dynamodb:*', ARN), 'on'],
  ])('says what a policy that lets in %s is worth', async (_, policy, level) => {
    answer(table(), { [ARN]: policy });
    const { endpoints } = await collectWith(dynamodb);
    expect(endpoints[0]?.declared['access-policy']?.level).toBe(level);
  });

  it('judges a stream by its own policy', async () => {
    answer(table({ LatestStreamArn: STREAM }), { [STREAM]: letting('*', 'dynamodb:GetRecords', STREAM) });
    const { door } = await collectWith(dynamodb);
    expect(door('/users').declared['access-policy']?.level).toBe('on');
    expect(door('/users/stream')).toMatchObject({ arn: STREAM, declared: { 'access-policy': { level: 'off' } } });
  });

  it.each([
    ['a key of AWS', { SSEDescription: undefined }, 'partial'],
    ['a table that is going back to one', { SSEDescription: { Status: 'DISABLED' } }, 'partial'],
    ['a type that is not said', { SSEDescription: { Status: 'ENABLED' } }, 'unknown'],
  ] as const)('says what %s is worth at rest', async (_, change, level) => {
    answer(table(change));
    const { endpoints } = await collectWith(dynamodb);
    expect(endpoints[0]?.declared['encryption-at-rest']?.level).toBe(level);
  });

  it('keeps a table whose details are denied, with what depends on them unknown', async () => {
    answer();
    aws.on(ListTablesCommand).resolves({ TableNames: ['users', 'other'] });
    aws.on(DescribeTableCommand).callsFake(({ TableName }: { TableName: string }) => {
      if (TableName === 'users') throw awsError('AccessDeniedException', 400);
      return { Table: table({ TableName, TableArn: ARN.replace('users', TableName) }) };
    });
    aws.on(GetResourcePolicyCommand, { ResourceArn: ARN }).rejects(awsError('AccessDeniedException', 400));
    const { door, status, cell } = await collectWith(dynamodb);
    expect(status).toBe('complete');
    expect(levels(door('/users'))).toMatchObject({ 'access-policy': 'unknown', 'encryption-at-rest': 'unknown' });
    expect(levels(door('/other'))).toMatchObject({ 'access-policy': 'on', 'encryption-at-rest': 'on' });
    expect(cell.gaps().map((g) => [g.subject, g.code])).toEqual([
      ['users', 'denied'],
      ['users', 'denied'],
    ]);
  });

  it('reads every page, doubts a repeated token, and is denied as a whole', async () => {
    answer();
    aws.reset();
    aws.on(DescribeTableCommand).resolves({ Table: table() });
    aws.on(GetResourcePolicyCommand).rejects(awsError('PolicyNotFoundException'));
    aws
      .on(ListTablesCommand)
      .resolvesOnce({ TableNames: ['a'], LastEvaluatedTableName: 'a' })
      .resolvesOnce({ TableNames: ['b'] })
      .resolvesOnce({ TableNames: ['a'], LastEvaluatedTableName: 'a' })
      .resolvesOnce({ TableNames: ['a'], LastEvaluatedTableName: 'a' })
      .rejects(awsError('AccessDeniedException', 400));
    const first = await collectWith(dynamodb);
    expect([first.status, first.endpoints.map((e) => e.name)]).toEqual(['complete', ['a', 'b']]);
    expect((await collectWith(dynamodb)).status).toBe('partial');
    expect((await collectWith(dynamodb)).status).toBe('denied');
  });

  it('lets a table go that was deleted while it was read', async () => {
    answer();
    aws.on(DescribeTableCommand).rejects(awsError('ResourceNotFoundException'));
    const { endpoints, status } = await collectWith(dynamodb);
    expect([endpoints, status]).toEqual([[], 'complete']);
  });

  it('bounds and cleans a hostile name and policy', async () => {
    answer(table({ TableName: `a\u202e\n${'x'.repeat(5_000)}` }), { [ARN]: { a: 'y'.repeat(200_000) } });
    const { endpoints } = await collectWith(dynamodb);
    expect(endpoints[0]?.id.length).toBeLessThanOrEqual(256);
    expect(endpoints[0]?.id).not.toMatch(/[\u202e\n]/u);
    expect(endpoints[0]?.declared['access-policy']?.level).toBe('unknown');
  });

  it('confirms a deletion only on the word of the API, by a name that is whole', async () => {
    answer(table({ LatestStreamArn: STREAM }));
    const { door } = await collectWith(dynamodb);
    aws.reset();
    const ask = (ending: string) => dynamodb.exists(testCell('dynamodb'), door(ending));
    aws
      .on(DescribeTableCommand)
      .rejectsOnce(awsError('ResourceNotFoundException'))
      .rejectsOnce(awsError('ThrottlingException'))
      .resolves({ Table: table() });
    expect([await ask('/users'), await ask('/users'), await ask('/users'), await ask('/stream')]).toEqual([
      false,
      undefined,
      true,
      false,
    ]);
    expect(aws.commandCalls(DescribeTableCommand).map((call) => call.args[0].input.TableName)).toEqual([
      ARN,
      ARN,
      ARN,
      ARN,
    ]);
  });
});

describe('what DynamoDB leaves unsaid', () => {
  it.each([
    ['an answer without a policy', () => aws.on(GetResourcePolicyCommand).resolves({})],
    ['a table that is gone', () => aws.on(GetResourcePolicyCommand).rejects(awsError('ResourceNotFoundException'))],
  ])('is no policy that lets nobody in: %s', async (_, on) => {
    answer();
    on();
    const { endpoints, status } = await collectWith(dynamodb);
    expect([endpoints[0]?.declared['access-policy']?.level, status]).toEqual(['unknown', 'complete']);
  });

  it.each([
    ['DISABLING', { level: 'on', pending: 'partial' }],
    ['ENABLING', { level: 'partial', pending: 'on' }],
    ['UPDATING', { level: 'on' }],
  ] as const)('says what encryption that is %s moves to', async (Status, expected) => {
    answer(table({ SSEDescription: { Status, SSEType: 'KMS' } }));
    const rest = (await collectWith(dynamodb)).endpoints[0]?.declared['encryption-at-rest'];
    expect({ pending: undefined, ...rest }).toMatchObject({ pending: undefined, ...expected });
  });

  it('knows the stream of a table that took over a name', async () => {
    answer(table({ LatestStreamArn: STREAM }));
    const { door } = await collectWith(dynamodb);
    aws.on(DescribeTableCommand).resolves({ Table: table() });
    const renamed = { ...door('/stream'), id: `${door('/stream').id}@f00d` };
    expect(await dynamodb.exists(testCell('dynamodb'), renamed)).toBe(false);
  });

  it('depends on the table and its key, the stream on the same', async () => {
    const KMSMasterKeyArn = 'arn:aws:kms:us-east-1:111122223333:key/k-1';
    answer(table({ LatestStreamArn: STREAM, SSEDescription: { Status: 'ENABLED', SSEType: 'KMS', KMSMasterKeyArn } }));
    const { endpoints } = await collectWith(dynamodb);
    expect(endpoints.map((e) => e.dependencies)).toEqual(Array(2).fill(['dynamodb:table/users', 'kms:key/k-1']));
    aws.on(DescribeTableCommand).rejects(awsError('AccessDeniedException'));
    expect((await collectWith(dynamodb)).endpoints[0]?.dependencies).toEqual(['dynamodb:table/users']);
  });
});
