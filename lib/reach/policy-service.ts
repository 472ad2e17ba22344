/**
 * What a data request and a configuration request look like, per service whose resources carry a policy
 * (aws-services.md sections 2.1, 2.13, 2.16, 2.21 and 3.2).
 */
import { ANYTHING, foldCase, joined, literal, type Pattern } from './policy-pattern.ts';

export interface Request {
  /** As the service spells it. */
  readonly name: string;
  /** In lower case: policies may spell actions in any. */
  readonly action: Pattern;
  /** The resources it may be about, as a shape. */
  readonly resource: Pattern;
  /** An Allow grants this request only by an action pattern that does not match this one too. */
  readonly apartFrom?: Pattern;
}

function requestOf(name: string, resource: Pattern): Request {
  return { name, action: foldCase(literal(name)), resource };
}

/** Services that turn every unsigned request away before a policy is read. */
const SIGNED_ONLY: ReadonlySet<string> = new Set([
  'aoss',
  'dsql',
  'dynamodb',
  'kafka',
  'kinesis',
  'osis',
  'redshift',
  'redshift-serverless',
]);

export function takesUnsigned(service: string): boolean {
  return !SIGNED_ONLY.has(service);
}

const INDEX_ACTIONS: ReadonlySet<string> = new Set(['dynamodb:query', 'dynamodb:scan', 'dynamodb:partiqlselect']);

export function dataRequests(service: string, resourceArn: string, actions: readonly string[]): readonly Request[] {
  return actions.flatMap((name) => {
    // For OpenSearch `domain/d` without a path covers no HTTP request at all.
    if (service === 'es') return [requestOf(name, shapeOf(resourceArn, '/'))];
    const readsIndex = INDEX_ACTIONS.has(name.toLowerCase()) && !resourceArn.includes('/stream/');
    const index = requestOf(name, shapeOf(resourceArn, '/index/'));
    return [requestOf(name, shapeOf(resourceArn)), ...(readsIndex ? [index] : [])];
  });
}

/** The resource itself, or all that lies below a path. Without an ARN it could be any. */
function shapeOf(resourceArn: string, path?: string): Pattern {
  if (!resourceArn.startsWith('arn:')) return ANYTHING;
  return path === undefined ? literal(resourceArn) : joined(literal(resourceArn + path), ANYTHING);
}

/** Calls that change or describe the resource itself: one of each kind a policy would name. */
const CONFIGURATION: ReadonlyMap<string, readonly string[]> = new Map([
  [
    'es',
    [
      'AddTags',
      'AuthorizeVpcEndpointAccess',
      'CancelDomainConfigChange',
      'DeleteDomain',
      'DeleteElasticsearchDomain',
      'DescribeDomain',
      'DescribeDomainConfig',
      'DescribeDomains',
      'DescribeElasticsearchDomain',
      'DescribeElasticsearchDomainConfig',
      'DescribeElasticsearchDomains',
      'GetUpgradeHistory',
      'ListTags',
      'UpdateDomainConfig',
      'UpdateElasticsearchDomainConfig',
      'UpgradeDomain',
      'UpgradeElasticsearchDomain',
    ],
  ],
  [
    'cloudsearch',
    [
      'DeleteDomain',
      'DescribeDomains',
      'DescribeServiceAccessPolicies',
      'UpdateDomainEndpointOptions',
      'UpdateServiceAccessPolicies',
    ],
  ],
  [
    'dynamodb',
    [
      'DeleteResourcePolicy',
      'DeleteTable',
      'DescribeTable',
      'GetResourcePolicy',
      'PutResourcePolicy',
      'RestoreTableToPointInTime',
      'UpdateContinuousBackups',
      'UpdateTable',
    ],
  ],
  ['dsql', ['DeleteCluster', 'DeleteClusterPolicy', 'GetCluster', 'PutClusterPolicy', 'UpdateCluster']],
  ['kafka', ['DeleteCluster', 'DescribeCluster', 'DescribeClusterV2', 'GetBootstrapBrokers', 'UpdateSecurity']],
  ['osis', ['DeletePipeline', 'GetPipeline', 'PutResourcePolicy', 'UpdatePipeline']],
]);

/**
 * A policy on `domain/d/*` that says `es:*` means the HTTP calls only, as AWS documents for OpenSearch. One that
 * names a configuration call there says what its author wants, and is taken at its word.
 */
export function configurationRequests(service: string, resourceArn: string): readonly Request[] {
  const apartFrom = foldCase(literal('es:ESHttpGet'));
  return (CONFIGURATION.get(service) ?? []).flatMap((call): readonly Request[] => {
    const name = `${service}:${call}`;
    const spelledOut = { ...requestOf(name, shapeOf(resourceArn, '/')), apartFrom };
    return [requestOf(name, shapeOf(resourceArn)), ...(service === 'es' ? [spelledOut] : [])];
  });
}
