/**
 * The vocabulary of keys: what changes touch and endpoints depend on (model/change.ts). Service, type and name as in the
 * resource's ARN; `keyOfArn` makes the same key of the ARN where that holds the name. Where it holds an id instead
 * (marked *), collectors key by name or id as this table says.
 *
 * | service | keys |
 * |---|---|
 * | OpenSearch | `es:domain/NAME` |
 * | OpenSearch Serverless | `aoss:collection/ID` and `aoss:collection/NAME` * |
 * | OpenSearch Ingestion | `osis:pipeline/NAME` |
 * | CloudSearch, Kendra | `cloudsearch:domain/NAME`, `kendra:index/ID` |
 * | RDS, Aurora, DocumentDB, Neptune | `rds:db/NAME`, `rds:cluster/NAME`, `rds:pg/NAME`, `rds:cluster-pg/NAME`, `rds:og/NAME`, `rds:subgrp/NAME`, `rds:secgrp/NAME`, `rds:snapshot/NAME`, `rds:cluster-snapshot/NAME` |
 * | RDS Proxy | `rds:db-proxy/NAME` * |
 * | DocumentDB Elastic, Neptune Analytics | `docdb-elastic:cluster/ID`, `neptune-graph:graph/ID` |
 * | Redshift | `redshift:cluster/NAME`, `redshift:parametergroup/NAME`, `redshift:subnetgroup/NAME`, `redshift:snapshot/NAME` |
 * | Redshift Serverless | `redshift-serverless:workgroup/NAME` *, `redshift-serverless:namespace/NAME` * |
 * | ElastiCache | `elasticache:cluster/NAME`, `elasticache:replicationgroup/NAME`, `elasticache:serverlesscache/NAME`, `elasticache:parametergroup/NAME`, `elasticache:subnetgroup/NAME`, `elasticache:user/ID`, `elasticache:usergroup/ID` |
 * | MemoryDB | `memorydb:cluster/NAME`, `memorydb:acl/NAME`, `memorydb:user/NAME`, `memorydb:parametergroup/NAME`, `memorydb:subnetgroup/NAME` |
 * | DynamoDB, DAX | `dynamodb:table/NAME`, `dax:cache/NAME`, `dax:subnetgroup/NAME` |
 * | Timestream, DSQL | `timestream-influxdb:db-instance/ID`, `timestream-influxdb:db-cluster/ID`, `dsql:cluster/ID` |
 * | DMS | `dms:rep/NAME` *, `dms:subgrp/NAME`, `dms:instance-profile/NAME` * |
 * | Lightsail | `lightsail:relationaldatabase/NAME` *, `lightsail:instance/NAME` * |
 * | MSK, MQ | `kafka:cluster/NAME`, `kafka:configuration/NAME`, `mq:broker/ID`, `mq:configuration/ID` |
 * | Balancers | `elasticloadbalancing:loadbalancer/NAME`, `elasticloadbalancing:targetgroup/NAME` |
 * | Accelerators, distributions, APIs | `globalaccelerator:accelerator/ID`, `cloudfront:distribution/ID`, `apigateway:restapi/ID`, `apigateway:api/ID` |
 * | KMS, CloudWatch Logs | `kms:key/ID`, `logs:log-group/NAME` |
 * | EC2 | `ec2:ID`, whose id carries its type: `ec2:sg-0abc12345` |
 *
 * No event of the table names a `dax:parametergroup`, though endpoints depend on it.
 */
import { type DependencyKey, keyOfArn, MAX_DEPENDENCY_KEY } from '../model/change.ts';

export const KEY_TYPES = [
  'es:domain',
  'aoss:collection',
  'osis:pipeline',
  'cloudsearch:domain',
  'kendra:index',
  'rds:db',
  'rds:cluster',
  'rds:pg',
  'rds:cluster-pg',
  'rds:og',
  'rds:subgrp',
  'rds:secgrp',
  'rds:db-proxy',
  'rds:snapshot',
  'rds:cluster-snapshot',
  'docdb-elastic:cluster',
  'neptune-graph:graph',
  'redshift:cluster',
  'redshift:parametergroup',
  'redshift:subnetgroup',
  'redshift:snapshot',
  'redshift-serverless:workgroup',
  'redshift-serverless:namespace',
  'elasticache:cluster',
  'elasticache:replicationgroup',
  'elasticache:serverlesscache',
  'elasticache:parametergroup',
  'elasticache:subnetgroup',
  'elasticache:user',
  'elasticache:usergroup',
  'memorydb:cluster',
  'memorydb:acl',
  'memorydb:user',
  'memorydb:parametergroup',
  'memorydb:subnetgroup',
  'dynamodb:table',
  'dax:cache',
  'dax:subnetgroup',
  'timestream-influxdb:db-instance',
  'timestream-influxdb:db-cluster',
  'dsql:cluster',
  'dms:rep',
  'dms:subgrp',
  'dms:instance-profile',
  'lightsail:relationaldatabase',
  'lightsail:instance',
  'kafka:cluster',
  'kafka:configuration',
  'mq:broker',
  'mq:configuration',
  'elasticloadbalancing:loadbalancer',
  'elasticloadbalancing:targetgroup',
  'globalaccelerator:accelerator',
  'cloudfront:distribution',
  'apigateway:restapi',
  'apigateway:api',
  'kms:key',
  'logs:log-group',
  'ec2',
] as const;
export type KeyType = (typeof KEY_TYPES)[number];

/** They store names in lower case, whatever the caller wrote. */
const LOWER_CASE = /^(rds|redshift|elasticache|memorydb|dax|dms):/;

/** No name of AWS is longer that has a key, nor is an ARN. */
const MAX_NAME = MAX_DEPENDENCY_KEY;
const NAME = /^[\w.\-/#:@+=]+$/;
/** A log group's ends in `:*`. */
const ARN = /^arn:[\w.\-/#:@+=]+\*?$/;
const EC2_ID = /^[a-z]+-[0-9a-f]{8,32}$/;
/** Their ARNs hold an id where the vocabulary has a name. */
const ARN_HOLDS_ID: ReadonlySet<KeyType> = new Set([
  'rds:db-proxy',
  'redshift-serverless:workgroup',
  'redshift-serverless:namespace',
  'dms:rep',
  'dms:instance-profile',
  'lightsail:relationaldatabase',
  'lightsail:instance',
]);

/**
 * Keys of one name, id or ARN as a caller wrote it; `undefined` where it names nothing in the vocabulary. As written and
 * as stored, where these differ. `arn`: of whatever type the ARN is.
 */
export function keysOfName(type: KeyType | 'arn', name: string): readonly DependencyKey[] | undefined {
  const value = decoded(name);
  if (value === undefined || value.length > MAX_NAME) return undefined;
  if (ARN.test(value)) return keysOfArn(type, value);
  if (type === 'arn' || !NAME.test(value) || (type === 'kms:key' && value.startsWith('alias/'))) return undefined;
  if (type === 'ec2') return EC2_ID.test(value) ? [`ec2:${value}`] : undefined;
  return bothCases(type, value);
}

function keysOfArn(type: KeyType | 'arn', arn: string): readonly DependencyKey[] | undefined {
  const key = keyOfArn(arn);
  const slash = key?.indexOf('/') ?? -1;
  const found = KEY_TYPES.find((known) => known === (key?.startsWith('ec2:') === true ? 'ec2' : key?.slice(0, slash)));
  if (key === undefined || found === undefined || ARN_HOLDS_ID.has(found)) return undefined;
  if (type !== 'arn' && type !== found) return undefined;
  return keysOfName(found, found === 'ec2' ? key.slice('ec2:'.length) : key.slice(slash + 1));
}

function bothCases(type: KeyType, name: string): readonly DependencyKey[] | undefined {
  const written = `${type}/${name}`;
  if (written.length > MAX_DEPENDENCY_KEY) return undefined;
  return LOWER_CASE.test(type) ? [...new Set([written, `${type}/${name.toLowerCase()}`])] : [written];
}

/** MSK writes some of its ARNs as they stand in a URL. */
function decoded(name: string): string | undefined {
  if (name.length > MAX_NAME || !/^arn%3a/i.test(name)) return name;
  return /%(?![0-7][0-9a-f])/i.test(name) ? undefined : decodeURIComponent(name);
}
