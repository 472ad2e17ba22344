/** lib/reach/policy-service.ts: the requests a policy is asked about, per service. */
import { describe, expect, it } from 'vitest';
import { ANYTHING, foldCase, joined, literal } from '../../lib/reach/policy-pattern.ts';
import { configurationRequests, dataRequests, type Request, takesUnsigned } from '../../lib/reach/policy-service.ts';

const DOMAIN = 'arn:aws:es:us-east-1:111111111111:domain/d';
const TABLE = 'arn:aws:dynamodb:us-east-1:111111111111:table/t';
const CLUSTER = 'arn:aws:dsql:us-east-1:111111111111:cluster/c';

/** `name on resource`, `~` for anything. */
function asked(requests: readonly Request[]): readonly string[] {
  return requests.map(({ name, action, resource }) => {
    expect(action).toEqual(foldCase(literal(name)));
    return `${name} on ${resource.map((code) => (code < 0 ? '~' : String.fromCharCode(code))).join('')}`;
  });
}

describe('an unsigned request', () => {
  it.each(['aoss', 'dsql', 'dynamodb', 'kafka', 'kinesis', 'osis', 'redshift', 'redshift-serverless'])(
    'is turned away by %s before a policy is read',
    (service) => expect(takesUnsigned(service)).toBe(false),
  );

  it.each(['es', 'cloudsearch', 'a-service-of-tomorrow'])('may be taken by %s', (service) => {
    expect(takesUnsigned(service)).toBe(true);
  });
});

describe('data requests', () => {
  it.each<[string, string, string, readonly string[], readonly string[]]>([
    ['of a domain are about paths below it', 'es', DOMAIN, ['es:ESHttpGet'], [`es:ESHttpGet on ${DOMAIN}/~`]],
    [
      'that read a table may read its indices, the others not',
      'dynamodb',
      TABLE,
      ['dynamodb:GetItem', 'dynamodb:Query', 'dynamodb:SCAN', 'dynamodb:PartiQLSelect'],
      [
        `dynamodb:GetItem on ${TABLE}`,
        ...['Query', 'SCAN', 'PartiQLSelect'].flatMap((verb) => [
          `dynamodb:${verb} on ${TABLE}`,
          `dynamodb:${verb} on ${TABLE}/index/~`,
        ]),
      ],
    ],
    [
      'of a stream have no indices',
      'dynamodb',
      `${TABLE}/stream/1`,
      ['dynamodb:Query'],
      [`dynamodb:Query on ${TABLE}/stream/1`],
    ],
    ['of others are about the resource', 'dsql', CLUSTER, ['dsql:DbConnect'], [`dsql:DbConnect on ${CLUSTER}`]],
    ['of a resource without an ARN are about any', 'dsql', '', ['dsql:DbConnect'], ['dsql:DbConnect on ~']],
    ['of a domain without an ARN too', 'es', 'd', ['es:ESHttpGet'], ['es:ESHttpGet on ~']],
    ['are none where there are no actions', 'es', DOMAIN, [], []],
  ])('%s', (_, service, arn, actions, wanted) => {
    expect(asked(dataRequests(service, arn, actions))).toEqual(wanted);
  });
});

/** The calls that tell of a resource or change it, of those that a policy would name. */
const CALLS: Readonly<Record<string, readonly string[]>> = {
  es: [
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
  cloudsearch: [
    'DeleteDomain',
    'DescribeDomains',
    'DescribeServiceAccessPolicies',
    'UpdateDomainEndpointOptions',
    'UpdateServiceAccessPolicies',
  ],
  dynamodb: [
    'DeleteResourcePolicy',
    'DeleteTable',
    'DescribeTable',
    'GetResourcePolicy',
    'PutResourcePolicy',
    'RestoreTableToPointInTime',
    'UpdateContinuousBackups',
    'UpdateTable',
  ],
  dsql: ['DeleteCluster', 'DeleteClusterPolicy', 'GetCluster', 'PutClusterPolicy', 'UpdateCluster'],
  kafka: ['DeleteCluster', 'DescribeCluster', 'DescribeClusterV2', 'GetBootstrapBrokers', 'UpdateSecurity'],
  osis: ['DeletePipeline', 'GetPipeline', 'PutResourcePolicy', 'UpdatePipeline'],
};

describe('configuration requests', () => {
  it.each(Object.entries(CALLS).filter(([service]) => service !== 'es'))(
    'of %s are about the resource',
    (service, calls) => {
      expect(asked(configurationRequests(service, 'arn:x'))).toEqual(
        calls.map((call) => `${service}:${call} on arn:x`),
      );
      expect(configurationRequests(service, 'arn:x').some(({ apartFrom }) => apartFrom !== undefined)).toBe(false);
    },
  );

  it('of a domain are about it, or about paths below where the policy spells the call out', () => {
    const requests = configurationRequests('es', DOMAIN);
    expect(asked(requests)).toEqual(
      CALLS['es']?.flatMap((call) => [`es:${call} on ${DOMAIN}`, `es:${call} on ${DOMAIN}/~`]),
    );
    const below = joined(literal(`${DOMAIN}/`), ANYTHING);
    for (const { resource, apartFrom } of requests) {
      const isBelow = resource.length === below.length;
      expect(apartFrom).toEqual(isBelow ? literal('es:eshttpget') : undefined);
    }
  });

  it('of a service that has none of its own are none', () => {
    expect(configurationRequests('aoss', 'arn:x')).toEqual([]);
  });
});
