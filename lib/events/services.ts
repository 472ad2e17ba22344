/** Names of the collectors, and which of them read the same things. A test compares them with the catalogue. */

export const SERVICES = [
  'opensearch',
  'opensearch-serverless',
  'opensearch-ingestion',
  'cloudsearch',
  'kendra',
  'rds',
  'aurora',
  'rds-proxy',
  'rds-snapshots',
  'documentdb',
  'documentdb-elastic',
  'neptune',
  'neptune-analytics',
  'redshift',
  'redshift-serverless',
  'elasticache',
  'elasticache-clusters',
  'elasticache-serverless',
  'memorydb',
  'dynamodb',
  'dax',
  'timestream-influxdb',
  'dsql',
  'dms',
  'lightsail',
  'msk',
  'mq',
  'load-balancers',
  'classic-load-balancers',
  'global-accelerator',
  'cloudfront',
  'api-gateway',
  'interfaces',
  'ebs-snapshots',
  'guardrails',
] as const;
export type Service = (typeof SERVICES)[number];

/** An instance may be a member of any of them: its name does not say. */
export const RDS_FAMILY: readonly Service[] = ['rds', 'aurora', 'documentdb', 'neptune'];
export const RDS_CLUSTERS: readonly Service[] = ['aurora', 'documentdb', 'neptune'];

/** Judge who may connect by security groups, routes and ACLs. */
export const NETWORK_READERS: readonly Service[] = [
  'opensearch',
  'rds',
  'aurora',
  'rds-proxy',
  'neptune',
  'redshift',
  'redshift-serverless',
  'elasticache',
  'elasticache-clusters',
  'elasticache-serverless',
  'memorydb',
  'dax',
  'timestream-influxdb',
  'dms',
  'msk',
  'mq',
  'load-balancers',
  'classic-load-balancers',
  'api-gateway',
  'interfaces',
];

/** Look at instances and interfaces that people attach themselves. */
export const INTERFACE_READERS: readonly Service[] = [
  'interfaces',
  'load-balancers',
  'classic-load-balancers',
  'api-gateway',
];

/** Look at balancers. */
export const BALANCERS: readonly Service[] = ['load-balancers', 'classic-load-balancers', 'api-gateway', 'cloudfront'];

/** Say by which key something is encrypted. */
export const KEY_READERS: readonly Service[] = [
  'opensearch',
  'opensearch-serverless',
  'rds',
  'aurora',
  'rds-snapshots',
  'documentdb',
  'documentdb-elastic',
  'neptune',
  'neptune-analytics',
  'redshift',
  'redshift-serverless',
  'elasticache',
  'elasticache-serverless',
  'memorydb',
  'dynamodb',
  'dsql',
  'dms',
  'kendra',
  'msk',
  'mq',
  'ebs-snapshots',
];

/** Say where logs are sent. */
export const LOG_READERS: readonly Service[] = ['opensearch', 'opensearch-ingestion', 'msk', 'mq'];

/** Swept once per account, in the partition's home region. */
export const GLOBAL_SERVICES: readonly Service[] = ['global-accelerator', 'cloudfront'];

/** By what its regions begin with; all others are of the first partition. */
const HOMES: readonly (readonly [prefix: string, home: string])[] = [
  ['cn-', 'cn-northwest-1'],
  ['us-gov-', 'us-gov-west-1'],
  ['eusc-', 'eusc-de-east-1'],
];

/** The region of global services' cells, whichever region their events come from. */
export function homeOf(region: string): string {
  return HOMES.find(([prefix]) => region.startsWith(prefix))?.[1] ?? 'us-east-1';
}
