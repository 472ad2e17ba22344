/**
 * DynamoDB tables and their streams (aws-services.md section 2.13). They are reached through the provider's own hosts,
 * which every customer shares, so nothing is probed: identity and the resource policy decide.
 * Calls: ListTables; per table DescribeTable and GetResourcePolicy, once more for a stream.
 * Every request is signed, so a policy can let in other accounts but nobody without one. Every table is encrypted;
 * without a KMS key the key is AWS's own and no key policy stands in the way.
 */
import {
  DescribeTableCommand,
  DynamoDBClient,
  GetResourcePolicyCommand,
  ListTablesCommand,
  type TableDescription,
} from '@aws-sdk/client-dynamodb';
import { ABSENT, type Cell } from '../aws/cell.ts';
import type { Collector } from '../aws/collector.ts';
import { idOf } from '../aws/copies.ts';
import { keysOf, kmsKeys } from '../aws/dependencies.ts';
import { awsEndpoint } from '../aws/endpoint.ts';
import { PARTITION_FACTS } from '../aws/partitions.ts';
import { declaredOn, declaredPartial, declaredUnknown, notApplicable, withPending } from '../model/declared.ts';
import { doorName, type Endpoint } from '../model/endpoint.ts';
import type { Protection } from '../model/protection.ts';
import { policyProtection, whoMayCall } from '../reach/policy.ts';

const TABLE_ACTIONS = [
  'BatchGetItem',
  'BatchWriteItem',
  'DeleteItem',
  'ExportTableToPointInTime',
  'GetItem',
  'PartiQLDelete',
  'PartiQLInsert',
  'PartiQLSelect',
  'PartiQLUpdate',
  'PutItem',
  'Query',
  'Scan',
  'UpdateItem',
].map((name) => `dynamodb:${name}`);
const STREAM_ACTIONS = ['dynamodb:GetRecords', 'dynamodb:GetShardIterator'];
/** The answer where there is no policy. That the table is not found says nothing of the one it had. */
const NO_POLICY = ['PolicyNotFoundException'];
/** The most that DynamoDB returns per page. */
const PAGE = 100;

export const dynamodb: Collector = {
  service: 'dynamodb',
  scope: 'regional',
  actions: ['dynamodb:ListTables', 'dynamodb:DescribeTable', 'dynamodb:GetResourcePolicy'],
  cost: { empty: 1, each: 2.2 },
  async collect(cell) {
    const client = cell.client(DynamoDBClient);
    const names = await cell.list(
      'dynamodb:ListTables',
      (last) => client.send(new ListTablesCommand({ Limit: PAGE, ExclusiveStartTableName: last })),
      (page) => page.TableNames,
      (page) => page.LastEvaluatedTableName,
    );
    const tables = await Promise.all(names.map((name) => endpointsOf(cell, name)));
    return tables.flat();
  },
  async exists(cell, endpoint) {
    const { arn, name = '' } = endpoint;
    // Names may be longer than what an endpoint keeps of them; the ARN of a table is a name to DynamoDB as well.
    const table = arn?.replace(/\/stream\/.*$/, '') ?? name;
    const answer = await describe(cell, table);
    if (answer === ABSENT) return false;
    if (answer === undefined) return undefined;
    return doorName(endpoint) !== 'stream' || answer.LatestStreamArn !== undefined;
  },
};

async function describe(cell: Cell, table: string): Promise<TableDescription | typeof ABSENT | undefined> {
  const client = cell.client(DynamoDBClient);
  const call = () => client.send(new DescribeTableCommand({ TableName: table }));
  const answer = await cell.askMaybe('dynamodb:DescribeTable', call, ['ResourceNotFoundException'], table);
  return answer === ABSENT ? ABSENT : answer?.Table;
}

/** Empty where there is none. */
async function policyOf(cell: Cell, table: string, arn: string): Promise<string | undefined> {
  const client = cell.client(DynamoDBClient);
  const call = () => client.send(new GetResourcePolicyCommand({ ResourceArn: arn }));
  const answer = await cell.askMaybe('dynamodb:GetResourcePolicy', call, NO_POLICY, table);
  return answer === ABSENT ? '' : answer?.Policy;
}

async function endpointsOf(cell: Cell, name: string): Promise<readonly Endpoint[]> {
  const { account, region, partition } = cell.place;
  const table = await describe(cell, name);
  // Deleted since it was listed.
  if (table === ABSENT) return [];
  const arn = table?.TableArn ?? `arn:${partition}:dynamodb:${region}:${account}:table/${name}`;
  const { dnsSuffix } = PARTITION_FACTS[partition];
  const common = {
    name,
    port: 443,
    engine: 'provider-api',
    shared: true,
    ...(table?.TableId === undefined ? {} : { incarnation: table.TableId }),
    copyOf: idOf(cell, 'dynamodb', table?.RestoreSummary?.SourceTableArn),
    dependencies: [...keysOf('dynamodb:table', name), ...kmsKeys(table?.SSEDescription?.KMSMasterKeyArn)],
  } as const;
  const declared = {
    network: notApplicable('the API host of the service, shared by all its customers'),
    authentication: declaredOn('every request is signed'),
    'encryption-at-rest': encryptionOf(table),
  };
  const main = awsEndpoint(cell, {
    ...common,
    host: `dynamodb.${region}.${dnsSuffix}`,
    arn,
    declared: { ...declared, 'access-policy': accessOf(cell, arn, TABLE_ACTIONS, await policyOf(cell, name, arn)) },
  });
  const streamArn = table?.LatestStreamArn;
  if (streamArn === undefined) return [main];
  const policy = await policyOf(cell, name, streamArn);
  const stream = awsEndpoint(cell, {
    ...common,
    door: 'stream',
    host: `streams.dynamodb.${region}.${dnsSuffix}`,
    arn: streamArn,
    declared: { ...declared, 'access-policy': accessOf(cell, streamArn, STREAM_ACTIONS, policy) },
  });
  return [main, stream];
}

function accessOf(
  { place }: Cell,
  resourceArn: string,
  dataActions: readonly string[],
  policy: string | undefined,
): Protection {
  if (policy === undefined) return declaredUnknown('GetResourcePolicy was not answered');
  return policyProtection(
    whoMayCall(policy, {
      resourceArn,
      accountId: place.account,
      organizationId: place.organization,
      region: place.region,
      service: 'dynamodb',
      dataActions,
      families: ['v4', 'v6'],
    }),
  );
}

/** Documented: no SSEDescription is a key that AWS owns. It is absent too where the table could not be described. */
function encryptionOf(table: TableDescription | undefined): Protection {
  if (table === undefined) return declaredUnknown('DescribeTable was not answered');
  const { SSEDescription: sse } = table;
  if (sse === undefined) return declaredPartial('SSEDescription absent: encrypted with a key that AWS owns');
  const said = `SSEDescription.SSEType=${sse.SSEType ?? 'absent'}, Status=${sse.Status ?? 'absent'}`;
  const owned = declaredPartial(`${said}: encrypted with a key that AWS owns`);
  if (sse.Status === 'DISABLED') return owned;
  if (sse.Status === 'ENABLING') return withPending(owned, 'on');
  const now = sse.SSEType === 'KMS' || sse.SSEType === 'AES256' ? declaredOn(said) : declaredUnknown(said);
  return sse.Status === 'DISABLING' ? withPending(now, 'partial') : now;
}
