/** Calls as a proxy sees them, named as IAM names them; and what the role's policies say of each. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Call } from './fault-proxy.ts';

/** REST services carry no action: method and path, and the IAM action that they stand for. */
const REST: readonly (readonly [RegExp, string])[] = [
  [/^account POST \/listRegions$/, 'account:ListRegions'],
  [/^apigateway GET \/(restapis|v2\/apis|vpclinks|v2\/vpclinks)/, 'apigateway:GET'],
  [/^cloudfront GET \/2020-05-31\/distribution$/, 'cloudfront:ListDistributions'],
  [/^cloudfront GET \/2020-05-31\/distribution\/[^/]+$/, 'cloudfront:GetDistribution'],
  [/^docdb-elastic GET \/clusters$/, 'docdb-elastic:ListClusters'],
  [/^dsql GET \/cluster$/, 'dsql:ListClusters'],
  [/^es GET \/2021-01-01\/domain$/, 'es:ListDomainNames'],
  [/^es POST \/2021-01-01\/opensearch\/domain-info$/, 'es:DescribeDomains'],
  [/^kafka GET \/api\/v2\/clusters$/, 'kafka:ListClustersV2'],
  [/^mq GET \/v1\/brokers$/, 'mq:ListBrokers'],
  [/^mq GET \/v1\/brokers\/[^/]+$/, 'mq:DescribeBroker'],
  [/^neptune-graph GET \/graphs$/, 'neptune-graph:ListGraphs'],
  [/^osis GET \/2022-01-01\/osis\/listPipelines$/, 'osis:ListPipelines'],
  [/^route53 GET \/2013-04-01\/hostedzone$/, 'route53:ListHostedZones'],
  [/^route53 GET \/2013-04-01\/hostedzone\/[^/]+\/rrset$/, 'route53:ListResourceRecordSets'],
  // IAM names this one otherwise than the API does.
  [/^dms DescribeInstanceProfiles$/, 'dms:ListInstanceProfiles'],
];

export function iamAction({ service, action }: Call): string {
  const call = `${service} ${action.split('?', 1)[0] ?? ''}`;
  return REST.find(([pattern]) => pattern.test(call))?.[1] ?? call.replace(' ', ':');
}

interface Policy {
  readonly Statement: readonly { readonly Effect: string; readonly Action: string | readonly string[] }[];
}
export function readerPolicy(effect: 'Allow' | 'Deny'): readonly string[] {
  const folderOf = join(import.meta.dirname, '..', '..', 'docs', 'iam');
  return ['ajar-reader-1.json', 'ajar-reader-2.json']
    .flatMap((file) => (JSON.parse(readFileSync(join(folderOf, file), 'utf8')) as Policy).Statement)
    .flatMap(({ Effect, Action }) => (Effect === effect ? Action : []));
}
