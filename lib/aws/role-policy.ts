/**
 * The read-only role's policies, made of what the collectors declare: nothing else is allowed, and data stays denied
 * whatever else is attached to the role (aws-services.md section 5.2). Each fits IAM's limit for a managed policy.
 */
import type { Partition } from '../model/inventory.ts';

/** IAM counts a managed policy without its white space. */
export const MANAGED_POLICY_LIMIT = 6_144;

/** Reading records, secrets or passwords: never, also not by a policy that somebody attaches later. */
export const NEVER = [
  'aoss:APIAccessAll',
  'aoss:DashboardsAccessAll',
  'dsql:DbConnect',
  'dsql:DbConnectAdmin',
  'dynamodb:BatchGetItem',
  'dynamodb:GetItem',
  'dynamodb:PartiQL*',
  'dynamodb:Query',
  'dynamodb:Scan',
  'ec2:GetConsoleOutput',
  'ec2:GetConsoleScreenshot',
  'ec2:GetPasswordData',
  'elasticache:Connect',
  'es:ESHttp*',
  'kafka-cluster:*',
  'kms:Decrypt',
  'lightsail:DownloadDefaultKeyPair',
  'lightsail:GetInstanceAccessDetails',
  'lightsail:GetRelationalDatabaseMasterUserPassword',
  'memorydb:Connect',
  'neptune-db:*',
  'rds-data:*',
  'rds-db:connect',
  'rds:DownloadCompleteDBLogFile',
  'rds:DownloadDBLogFilePortion',
  'redshift-data:*',
  'redshift-serverless:GetCredentials',
  'redshift:GetClusterCredentials',
  'redshift:GetClusterCredentialsWithIAM',
  's3:GetObject',
  'secretsmanager:GetSecretValue',
  'ssm:GetParameter*',
] as const;

/** `apigateway:GET` reads whatever its resource names, so only these are named. */
const API_GATEWAY = ['restapis', 'apis', 'vpclinks'];

interface Statement {
  readonly Sid: string;
  readonly Effect: 'Allow' | 'Deny';
  readonly Action: string | readonly string[];
  readonly Resource: string | readonly string[];
}
export interface RolePolicy {
  readonly name: string;
  readonly document: { readonly Version: '2012-10-17'; readonly Statement: readonly Statement[] };
}

/** Two managed policies, the second with the Deny. Throws RangeError when the actions no longer fit. */
export function rolePolicies(actions: readonly string[], partition: Partition = 'aws'): readonly RolePolicy[] {
  const read = actions.filter((a) => a !== 'apigateway:GET').toSorted();
  const last = (allowed: readonly string[]): readonly Statement[] => [
    ...(allowed.length === 0 ? [] : [allow('ReadConfigurationToo', allowed)]),
    ...(actions.includes('apigateway:GET') ? [apiGateway(partition)] : []),
    { Sid: 'NeverDataNeverSecrets', Effect: 'Deny', Action: NEVER, Resource: '*' },
  ];
  // As many as fit into the first; the rest goes with the Deny.
  let first = read.length;
  while (first > 0 && sizeOf([allow('ReadConfiguration', read.slice(0, first))]) > MANAGED_POLICY_LIMIT) first--;
  const statements = [[allow('ReadConfiguration', read.slice(0, first))], last(read.slice(first))];
  const policies = statements.map((Statement, i) => ({
    name: `ajar-reader-${i + 1}`,
    document: { Version: '2012-10-17' as const, Statement },
  }));
  const tooLong = policies.find((p) => sizeOf(p.document.Statement) > MANAGED_POLICY_LIMIT);
  if (tooLong !== undefined) {
    throw new RangeError(`the role's ${actions.length} actions do not fit into two managed policies`);
  }
  return policies;
}

export function sizeOf(statements: readonly Statement[]): number {
  return JSON.stringify({ Version: '2012-10-17', Statement: statements }).length;
}

function allow(sid: string, actions: readonly string[]): Statement {
  return { Sid: sid, Effect: 'Allow', Action: actions, Resource: '*' };
}

function apiGateway(partition: Partition): Statement {
  const arns = API_GATEWAY.flatMap((kind) => [
    `arn:${partition}:apigateway:*::/${kind}`,
    `arn:${partition}:apigateway:*::/${kind}/*`,
  ]);
  return { Sid: 'ReadApis', Effect: 'Allow', Action: 'apigateway:GET', Resource: arns };
}
