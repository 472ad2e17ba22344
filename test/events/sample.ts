/** Realistic names and ARNs of everything in the vocabulary, and CloudTrail records made of them, row by row. */
import type { KeyType } from '../../lib/events/keys.ts';
import type { Row } from '../../lib/events/row.ts';

export const ACCOUNT = '111122223333';
export const REGION = 'eu-west-1';
export const NOW = new Date('2026-12-04T12:00:00.000Z');

interface Sample {
  readonly key: string;
  /** As a request names it; the last part of `key` if absent. */
  readonly name?: string;
  /** As an ARN names it, where such an ARN says the name. */
  readonly arn?: string;
}

const arn = (service: string, resource: string) => `arn:aws:${service}:${REGION}:${ACCOUNT}:${resource}`;

/** Written by hand, one by one: what the code makes of the ARNs is checked against this. */
export const SAMPLES: Readonly<Record<KeyType | 'arn', Sample>> = {
  'es:domain': { key: 'es:domain/orders', arn: arn('es', 'domain/orders') },
  'aoss:collection': { key: 'aoss:collection/07tjusf2h91cunochc', arn: arn('aoss', 'collection/07tjusf2h91cunochc') },
  'osis:pipeline': { key: 'osis:pipeline/orders', arn: arn('osis', 'pipeline/orders') },
  'cloudsearch:domain': { key: 'cloudsearch:domain/orders', arn: arn('cloudsearch', 'domain/orders') },
  'kendra:index': { key: 'kendra:index/0123-ab', arn: arn('kendra', 'index/0123-ab') },
  'rds:db': { key: 'rds:db/orders', arn: arn('rds', 'db:orders') },
  'rds:cluster': { key: 'rds:cluster/orders', arn: arn('rds', 'cluster:orders') },
  'rds:pg': { key: 'rds:pg/orders-pg16', arn: arn('rds', 'pg:orders-pg16') },
  'rds:cluster-pg': { key: 'rds:cluster-pg/orders-pg16', arn: arn('rds', 'cluster-pg:orders-pg16') },
  'rds:og': { key: 'rds:og/orders', arn: arn('rds', 'og:orders') },
  'rds:subgrp': { key: 'rds:subgrp/public', arn: arn('rds', 'subgrp:public') },
  'rds:secgrp': { key: 'rds:secgrp/old', arn: arn('rds', 'secgrp:old') },
  'rds:db-proxy': { key: 'rds:db-proxy/orders' },
  'rds:snapshot': { key: 'rds:snapshot/before', arn: arn('rds', 'snapshot:before') },
  'rds:cluster-snapshot': { key: 'rds:cluster-snapshot/before', arn: arn('rds', 'cluster-snapshot:before') },
  'docdb-elastic:cluster': { key: 'docdb-elastic:cluster/0a-1b', arn: arn('docdb-elastic', 'cluster/0a-1b') },
  'neptune-graph:graph': { key: 'neptune-graph:graph/g-0123456789', arn: arn('neptune-graph', 'graph/g-0123456789') },
  'redshift:cluster': { key: 'redshift:cluster/dwh', arn: arn('redshift', 'cluster:dwh') },
  'redshift:parametergroup': { key: 'redshift:parametergroup/tls', arn: arn('redshift', 'parametergroup:tls') },
  'redshift:subnetgroup': { key: 'redshift:subnetgroup/public', arn: arn('redshift', 'subnetgroup:public') },
  'redshift:snapshot': { key: 'redshift:snapshot/before', arn: arn('redshift', 'snapshot:dwh/before') },
  'redshift-serverless:workgroup': { key: 'redshift-serverless:workgroup/dwh' },
  'redshift-serverless:namespace': { key: 'redshift-serverless:namespace/dwh' },
  'elasticache:cluster': { key: 'elasticache:cluster/sessions', arn: arn('elasticache', 'cluster:sessions') },
  'elasticache:replicationgroup': {
    key: 'elasticache:replicationgroup/sessions',
    arn: arn('elasticache', 'replicationgroup:sessions'),
  },
  'elasticache:serverlesscache': {
    key: 'elasticache:serverlesscache/sessions',
    arn: arn('elasticache', 'serverlesscache:sessions'),
  },
  'elasticache:parametergroup': { key: 'elasticache:parametergroup/r7', arn: arn('elasticache', 'parametergroup:r7') },
  'elasticache:subnetgroup': { key: 'elasticache:subnetgroup/a', arn: arn('elasticache', 'subnetgroup:a') },
  'elasticache:user': { key: 'elasticache:user/app', arn: arn('elasticache', 'user:app') },
  'elasticache:usergroup': { key: 'elasticache:usergroup/apps', arn: arn('elasticache', 'usergroup:apps') },
  'memorydb:cluster': { key: 'memorydb:cluster/hot', arn: arn('memorydb', 'cluster/hot') },
  'memorydb:acl': { key: 'memorydb:acl/apps', arn: arn('memorydb', 'acl/apps') },
  'memorydb:user': { key: 'memorydb:user/app', arn: arn('memorydb', 'user/app') },
  'memorydb:parametergroup': { key: 'memorydb:parametergroup/m7', arn: arn('memorydb', 'parametergroup/m7') },
  'memorydb:subnetgroup': { key: 'memorydb:subnetgroup/a', arn: arn('memorydb', 'subnetgroup/a') },
  'dynamodb:table': { key: 'dynamodb:table/Orders', arn: arn('dynamodb', 'table/Orders/index/by-day') },
  'dax:cache': { key: 'dax:cache/orders', arn: arn('dax', 'cache/orders') },
  'dax:subnetgroup': { key: 'dax:subnetgroup/a' },
  'timestream-influxdb:db-instance': {
    key: 'timestream-influxdb:db-instance/abc123',
    arn: arn('timestream-influxdb', 'db-instance/abc123'),
  },
  'timestream-influxdb:db-cluster': {
    key: 'timestream-influxdb:db-cluster/abc123',
    arn: arn('timestream-influxdb', 'db-cluster/abc123'),
  },
  'dsql:cluster': { key: 'dsql:cluster/abc123', arn: arn('dsql', 'cluster/abc123') },
  'dms:rep': { key: 'dms:rep/copier' },
  'dms:subgrp': { key: 'dms:subgrp/public', arn: arn('dms', 'subgrp:public') },
  'dms:instance-profile': { key: 'dms:instance-profile/open' },
  'lightsail:relationaldatabase': { key: 'lightsail:relationaldatabase/blog' },
  'lightsail:instance': { key: 'lightsail:instance/blog' },
  'kafka:cluster': { key: 'kafka:cluster/telemetry', arn: arn('kafka', 'cluster/telemetry/01234567-89ab-4') },
  'kafka:configuration': { key: 'kafka:configuration/open', arn: arn('kafka', 'configuration/open/01234567-89ab-4') },
  'mq:broker': { key: 'mq:broker/b-0123-ab', arn: arn('mq', 'broker:orders:b-0123-ab') },
  'mq:configuration': { key: 'mq:configuration/c-0123-ab', arn: arn('mq', 'configuration:c-0123-ab') },
  'elasticloadbalancing:loadbalancer': {
    key: 'elasticloadbalancing:loadbalancer/front',
    arn: arn('elasticloadbalancing', 'loadbalancer/net/front/0123456789abcdef'),
  },
  'elasticloadbalancing:targetgroup': {
    key: 'elasticloadbalancing:targetgroup/stores',
    arn: arn('elasticloadbalancing', 'targetgroup/stores/0123456789abcdef'),
  },
  'globalaccelerator:accelerator': {
    key: 'globalaccelerator:accelerator/0123-ab',
    arn: `arn:aws:globalaccelerator::${ACCOUNT}:accelerator/0123-ab`,
  },
  'cloudfront:distribution': {
    key: 'cloudfront:distribution/E2QWRUHAPOMQZL',
    arn: `arn:aws:cloudfront::${ACCOUNT}:distribution/E2QWRUHAPOMQZL`,
  },
  'apigateway:restapi': { key: 'apigateway:restapi/abc123', arn: `arn:aws:apigateway:${REGION}::/restapis/abc123` },
  'apigateway:api': { key: 'apigateway:api/abc123', arn: `arn:aws:apigateway:${REGION}::/apis/abc123/routes/x` },
  'kms:key': { key: 'kms:key/0123-ab', arn: arn('kms', 'key/0123-ab') },
  'logs:log-group': {
    key: 'logs:log-group//aws/opensearch/orders',
    name: '/aws/opensearch/orders',
    arn: arn('logs', 'log-group:/aws/opensearch/orders:*'),
  },
  ec2: { key: 'ec2:sg-0a1b2c3d4e5f60718', name: 'sg-0a1b2c3d4e5f60718' },
  arn: { key: 'rds:cluster/orders', name: arn('rds', 'cluster:orders') },
};

/** Where a path ends with the ARN of something below what is meant. */
const BELOW: Readonly<Record<string, string>> = {
  'elasticloadbalancing.amazonaws.com/listenerArn': arn(
    'elasticloadbalancing',
    'listener/net/front/0123456789abcdef/0a',
  ),
  'elasticloadbalancing.amazonaws.com/ruleArn': arn(
    'elasticloadbalancing',
    'listener-rule/app/front/0123456789abcdef/0a/1b',
  ),
  'globalaccelerator.amazonaws.com/listenerArn': `arn:aws:globalaccelerator::${ACCOUNT}:accelerator/0123-ab/listener/0a1b`,
  'globalaccelerator.amazonaws.com/endpointGroupArn': `arn:aws:globalaccelerator::${ACCOUNT}:accelerator/0123-ab/listener/0a1b/endpoint-group/2c`,
};

export function nameOf(type: KeyType | 'arn'): string {
  const { key, name } = SAMPLES[type];
  return name ?? key.slice(key.indexOf('/') + 1);
}

/** The value a caller would write at one path of a row. */
export function valueAt({ source }: Row, path: string, type: KeyType | 'arn'): string {
  const below = BELOW[`${source}/${path}`];
  if (below !== undefined) return below;
  const isArn = path === 'arn' || /arn$/i.test(path);
  return (isArn ? SAMPLES[type].arn : undefined) ?? nameOf(type);
}

/** How keys and wrappers of requests differ from one API to the next. */
export const FORMS = ['plain', 'wrapped', 'pascal', 'list', 'wrapped list'] as const;
export type Form = (typeof FORMS)[number];

export function requestIn(form: Form, eventName: string, path: string, value: unknown): unknown {
  const plain = nested(path.split('.'), form.endsWith('list') ? [value] : value, form === 'pascal' ? pascal : same);
  return form.startsWith('wrapped') ? { [`${eventName}Request`]: plain } : plain;
}

export function nested(path: readonly string[], value: unknown, spell: (name: string) => string = same): unknown {
  return path.reduceRight<unknown>((inner, name) => ({ [spell(name)]: name === 'items' ? [inner] : inner }), value);
}

function pascal(name: string): string {
  return `${name.slice(0, 1).toUpperCase()}${name.slice(1)}`;
}

function same(name: string): string {
  return name;
}

export function aRecord(over: Readonly<Record<string, unknown>> = {}): Readonly<Record<string, unknown>> {
  return {
    eventVersion: '1.11',
    userIdentity: { type: 'IAMUser', arn: `arn:aws:iam::${ACCOUNT}:user/alice`, accountId: ACCOUNT, userName: 'alice' },
    eventTime: '2026-12-04T10:00:00Z',
    eventSource: 'es.amazonaws.com',
    eventName: 'UpdateDomainConfig',
    awsRegion: REGION,
    sourceIPAddress: '198.51.100.7',
    userAgent: 'aws-cli/2.27.0',
    requestParameters: { domainName: 'orders' },
    responseElements: null,
    eventID: '11111111-0000-4000-8000-000000000001',
    readOnly: false,
    recipientAccountId: ACCOUNT,
    ...over,
  };
}
