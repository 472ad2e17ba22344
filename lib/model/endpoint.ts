import type { Protections } from './protection.ts';

/** Engines that a probe serves; one probe may serve several. An inventory file may name these. */
export const PROBED_ENGINES = [
  'elasticsearch',
  'opensearch',
  'postgres',
  'mysql',
  'mariadb',
  'redis',
  'valkey',
  'mongodb',
  'memcached',
  'couchdb',
  'documentdb',
  'redshift',
  'cockroachdb',
  'yugabytedb',
  'tidb',
  'neptune',
  'cassandra',
  'scylla',
  'etcd',
  'clickhouse',
  'kafka',
  'zookeeper',
  'influxdb',
  'neo4j',
  'qdrant',
  'weaviate',
  'milvus',
  'meilisearch',
  'typesense',
  'chroma',
  'vespa',
  'solr',
  'kibana',
  'opensearch-dashboards',
  'manticore',
  'prometheus',
  'loki',
  'rabbitmq',
  'tarantool',
  'sqlserver',
  'oracle',
  'arangodb',
  'druid',
  'pinot',
  'trino',
  'dgraph',
  'surrealdb',
  'spark',
  'tidb-status',
  'cockroachdb-console',
  'db2',
  'nats',
  'couchbase',
  'hadoop',
  'hbase',
  'hive',
  'rethinkdb',
  'aerospike',
  'firebird',
  'h2',
  'yugabytedb-console',
] as const;

/** What the inventory says listens at an endpoint. One without a probe is a gap, never a pass. */
export const ENGINES = [
  ...PROBED_ENGINES,
  'consul',
  'activemq',
  'dax',
  'grafana',
  'cloudsearch',
  'kendra',
  /** HTTP in front of something else: a balancer, an API, a distribution. */
  'http',
  /** The provider's own API host, shared by all its customers. */
  'provider-api',
  /** A door that is open to somebody; only a probe can tell what is behind it. */
  'unidentified',
] as const;
export type Engine = (typeof ENGINES)[number];

/** Host and port that serve a resource. `id` is stable over the endpoint's whole life. */
export interface Endpoint {
  readonly id: string;
  readonly host: string;
  readonly port: number;
  readonly engine: Engine;
  readonly source: 'file' | 'aws';
  readonly account?: string;
  readonly region?: string;
  readonly name?: string;
  readonly arn?: string;
  readonly tags: Readonly<Record<string, string>>;
  /** All that its name may lead to, where the inventory says so. */
  readonly addresses?: readonly string[];
  /** What the configuration promises, per protection. Absent means unknown, never safe. */
  readonly declared: Protections;
  /** When AWS was asked for what is declared. RFC 3339 UTC, milliseconds. */
  readonly declaredAt?: string;
  /** The collector that lists it: the service part of its coverage cell. */
  readonly service?: string;
  /** The provider's id of this life of the resource. Another one under the same `id` was created anew. */
  readonly incarnation?: string;
  /** Reached through an API host that all customers share: a probe would say nothing of this resource, so none is sent. */
  readonly shared?: true;
  /** Whose change may alter it, as its collector read them (model/change.ts); sorted. */
  readonly dependencies?: readonly string[];
  /** Ids of the endpoints that hold what this was copied from, as the provider or a tag of its owner says; sorted. */
  readonly copyOf?: readonly string[];
  /** What it copies into what, where that is its work: `host:port` of each. */
  readonly flows?: readonly Flow[];
  /** Which inventories know it. Without `service` or `file` nobody registered it: forgotten. */
  readonly foundBy?: readonly FoundBy[];
  /** ajar's own door, opened on purpose (model/drill.ts). No tag and no collector says so: only what plan is told when it is deployed. */
  readonly drill?: true;
}

/** Of one endpoint; a name with more is a service of its own. */
export const MAX_LISTED_ADDRESSES = 64;

export interface Flow {
  readonly from: string;
  readonly to: string;
}

/** Flows kept of one endpoint. */
export const MAX_FLOWS = 32;

/** An endpoint with more of them is read again by its cell's sweep. */
export const MAX_DEPENDENCIES = 64;
/** What says more sources than that is no copy that anybody could tell the source of. */
export const MAX_SOURCES = 4;

/** Ways an inventory can come to know a door (issue: the second, independent inventory). */
export const FOUND_BY = ['file', 'service', 'interface', 'address', 'balancer', 'name'] as const;
export type FoundBy = (typeof FOUND_BY)[number];

/** Something ajar could not see. Counts against coverage; never a pass, never a recovery. */
export interface CoverageGap {
  readonly stage: 'inventory' | 'probe' | 'assess' | 'notify';
  /** Endpoint id, file, account or region. */
  readonly subject: string;
  readonly code: GapCode;
  /** One bounded line with the cure where there is one. */
  readonly detail: string;
}

export const GAP_CODES = [
  'unresolved',
  'forbidden-address',
  'no-answer',
  'not-this-protocol',
  'undetermined',
  'budget-spent',
  'lockout',
  'no-probe',
  'not-permitted',
  'not-in-inventory',
  'unproven',
  'stopped',
  'captive',
  'shared-egress',
  'vantage-silent',
  'elsewhere',
  'cancelled',
  'fault',
  'denied',
  'throttled',
  'not-enabled',
  'not-answered',
  'incomplete',
  'stale',
] as const;
export type GapCode = (typeof GAP_CODES)[number];

/**
 * The door's part of an AWS endpoint's id, `account/region/service/name[/door]`; empty for a resource's first. Read from
 * the id alone: a resource that was renamed keeps the id of its first name, and one that took over a name has `@` and
 * its own life's id behind it.
 */
export function doorName({ id }: Pick<Endpoint, 'id'>): string {
  return (id.split('@', 1)[0] ?? id).split('/').slice(4).join('/');
}

/** A service or a file lists it; otherwise it was only come upon. */
export function isRegistered({ source, foundBy }: Endpoint): boolean {
  return foundBy === undefined ? source === 'file' : foundBy.includes('service') || foundBy.includes('file');
}
