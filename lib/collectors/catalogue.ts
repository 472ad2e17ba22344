import type { Collector } from '../aws/collector.ts';
import { apiGateway } from './api-gateway.ts';
import { aurora } from './aurora.ts';
import { classicLoadBalancers } from './classic-load-balancers.ts';
import { cloudfront } from './cloudfront.ts';
import { cloudsearch } from './cloudsearch.ts';
import { dax } from './dax.ts';
import { dms } from './dms.ts';
import { documentdb } from './documentdb.ts';
import { documentdbElastic } from './documentdb-elastic.ts';
import { dsql } from './dsql.ts';
import { dynamodb } from './dynamodb.ts';
import { ebsSnapshots } from './ebs-snapshots.ts';
import { elasticache } from './elasticache.ts';
import { elasticacheClusters } from './elasticache-clusters.ts';
import { elasticacheServerless } from './elasticache-serverless.ts';
import { globalAccelerator } from './global-accelerator.ts';
import { guardrails } from './guardrails.ts';
import { interfaces } from './interfaces.ts';
import { kendra } from './kendra.ts';
import { lightsail } from './lightsail.ts';
import { loadBalancers } from './load-balancers.ts';
import { memorydb } from './memorydb.ts';
import { mq } from './mq.ts';
import { msk } from './msk.ts';
import { neptune } from './neptune.ts';
import { neptuneAnalytics } from './neptune-analytics.ts';
import { opensearch } from './opensearch.ts';
import { opensearchIngestion } from './opensearch-ingestion.ts';
import { opensearchServerless } from './opensearch-serverless.ts';
import { rds } from './rds.ts';
import { rdsProxy } from './rds-proxy.ts';
import { rdsSnapshots } from './rds-snapshots.ts';
import { redshift } from './redshift.ts';
import { redshiftServerless } from './redshift-serverless.ts';
import { timestreamInfluxdb } from './timestream-influxdb.ts';

/** Every AWS collector, in the order in which coverage is shown. */
export const COLLECTORS: readonly Collector[] = [
  opensearch,
  opensearchServerless,
  opensearchIngestion,
  cloudsearch,
  kendra,
  rds,
  aurora,
  rdsProxy,
  rdsSnapshots,
  documentdb,
  documentdbElastic,
  neptune,
  neptuneAnalytics,
  redshift,
  redshiftServerless,
  elasticache,
  elasticacheClusters,
  elasticacheServerless,
  memorydb,
  dynamodb,
  dax,
  timestreamInfluxdb,
  dsql,
  dms,
  lightsail,
  msk,
  mq,
  loadBalancers,
  classicLoadBalancers,
  globalAccelerator,
  cloudfront,
  apiGateway,
  interfaces,
  ebsSnapshots,
  guardrails,
];
