import type { Endpoint } from './endpoint.ts';
import { REQUESTER_TAG } from './second-inventory.ts';

/**
 * What AWS lets a customer assess of his own without asking first (probes.md section 8; aws.amazon.com/security/penetration-testing).
 * Everything else of AWS is visited no deeper than the transport until the operator has recorded AWS's leave.
 */

/** Per collector: whether the page lists its service. A collector that is not here is not on the list. */
export const LISTED: Readonly<Record<string, boolean>> = {
  'api-gateway': true,
  aurora: true,
  'classic-load-balancers': true,
  cloudfront: true,
  cloudsearch: false,
  dax: false,
  dms: false,
  documentdb: false,
  'documentdb-elastic': false,
  dsql: false,
  dynamodb: false,
  'ebs-snapshots': false,
  elasticache: false,
  'elasticache-clusters': false,
  'elasticache-serverless': false,
  'global-accelerator': false,
  guardrails: false,
  /** EC2, ECS, Fargate, and what a service put on an interface of ours: see below. */
  interfaces: true,
  kendra: false,
  lightsail: true,
  'load-balancers': true,
  memorydb: false,
  mq: false,
  msk: false,
  neptune: false,
  'neptune-analytics': false,
  opensearch: true,
  'opensearch-ingestion': false,
  'opensearch-serverless': false,
  rds: true,
  'rds-proxy': true,
  'rds-snapshots': true,
  redshift: false,
  'redshift-serverless': false,
  'timestream-influxdb': false,
};

/** Services outside of the list that put interfaces into a customer's network, as AWS names them there. */
const UNLISTED_MAKERS = new Set([
  'amazon-redshift',
  'amazon-elasticache',
  'amazon-memorydb',
  'amazon-dax',
  'amazon-dms',
]);
/** What RDS's interfaces also carry: DocumentDB and Neptune. */
const UNLISTED_OF_RDS: readonly Endpoint['engine'][] = ['mongodb', 'documentdb', 'neptune'];

/** Whether more than a look at the transport needs AWS's leave. What a person's file lists is that person's to vouch for. */
export function needsPermission({ source, service, id, tags, engine, drill }: Endpoint): boolean {
  // The drill is ajar's own Lambda, which AWS lists.
  if (source === 'file' || drill === true) return false;
  const maker = tags[REQUESTER_TAG];
  if (maker !== undefined && UNLISTED_MAKERS.has(maker)) return true;
  if (maker === 'amazon-rds' && UNLISTED_OF_RDS.includes(engine)) return true;
  // `account/region/service/name`
  const lister = service ?? id.split('/')[2] ?? '';
  return !(Object.hasOwn(LISTED, lister) && LISTED[lister] === true);
}
