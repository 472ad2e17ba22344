/**
 * TCP ports that databases and search engines listen on by default (aws-services.md section 2.23). A port is a hint
 * for the first visit and never a verdict: the probe decides what is behind it.
 */
import type { Engine } from '../model/endpoint.ts';

export interface CataloguePort {
  readonly port: number;
  /** `unidentified` where the port is as likely to be something that holds no data. */
  readonly engine: Engine;
  readonly purpose: string;
}

/** Sorted by port; one entry per port. */
export const PORTS: readonly CataloguePort[] = [
  { port: 1433, engine: 'sqlserver', purpose: 'SQL Server' },
  { port: 1434, engine: 'sqlserver', purpose: 'SQL Server administrator connection' },
  { port: 1521, engine: 'oracle', purpose: 'Oracle listener' },
  { port: 2181, engine: 'zookeeper', purpose: 'ZooKeeper client' },
  { port: 2379, engine: 'etcd', purpose: 'etcd client' },
  { port: 2380, engine: 'etcd', purpose: 'etcd peer' },
  { port: 2483, engine: 'oracle', purpose: 'Oracle listener' },
  { port: 2484, engine: 'oracle', purpose: 'Oracle listener over TLS' },
  { port: 3000, engine: 'grafana', purpose: 'Grafana' },
  { port: 3050, engine: 'firebird', purpose: 'Firebird' },
  { port: 3306, engine: 'mysql', purpose: 'MySQL, MariaDB' },
  { port: 4000, engine: 'mysql', purpose: 'TiDB, which speaks the MySQL protocol' },
  { port: 4222, engine: 'nats', purpose: 'NATS client' },
  { port: 4333, engine: 'aerospike', purpose: 'Aerospike over TLS' },
  { port: 5432, engine: 'postgres', purpose: 'PostgreSQL' },
  { port: 5439, engine: 'redshift', purpose: 'Redshift' },
  { port: 5601, engine: 'elasticsearch', purpose: 'Kibana, OpenSearch Dashboards' },
  { port: 5671, engine: 'rabbitmq', purpose: 'AMQP over TLS' },
  { port: 5672, engine: 'rabbitmq', purpose: 'AMQP' },
  { port: 5984, engine: 'couchdb', purpose: 'CouchDB' },
  { port: 6033, engine: 'mysql', purpose: 'ProxySQL' },
  { port: 6333, engine: 'qdrant', purpose: 'Qdrant HTTP' },
  { port: 6334, engine: 'qdrant', purpose: 'Qdrant gRPC' },
  { port: 6379, engine: 'redis', purpose: 'Redis, Valkey' },
  { port: 6432, engine: 'postgres', purpose: 'PgBouncer' },
  { port: 6984, engine: 'couchdb', purpose: 'CouchDB over TLS' },
  { port: 7000, engine: 'cassandra', purpose: 'Cassandra, Scylla between nodes' },
  { port: 7001, engine: 'cassandra', purpose: 'Cassandra, Scylla between nodes over TLS' },
  { port: 7199, engine: 'cassandra', purpose: 'Cassandra JMX' },
  { port: 7473, engine: 'neo4j', purpose: 'Neo4j HTTPS' },
  { port: 7474, engine: 'neo4j', purpose: 'Neo4j HTTP' },
  { port: 7687, engine: 'neo4j', purpose: 'Neo4j Bolt' },
  { port: 7700, engine: 'meilisearch', purpose: 'Meilisearch' },
  { port: 8000, engine: 'unidentified', purpose: 'Chroma, many web servers' },
  { port: 8020, engine: 'hadoop', purpose: 'HDFS name node' },
  { port: 8080, engine: 'unidentified', purpose: 'Weaviate, CockroachDB console, many web servers' },
  { port: 8086, engine: 'influxdb', purpose: 'InfluxDB' },
  { port: 8088, engine: 'influxdb', purpose: 'InfluxDB backup' },
  { port: 8091, engine: 'couchbase', purpose: 'Couchbase administration' },
  { port: 8092, engine: 'couchbase', purpose: 'Couchbase views' },
  { port: 8093, engine: 'couchbase', purpose: 'Couchbase query' },
  { port: 8094, engine: 'couchbase', purpose: 'Couchbase search' },
  { port: 8095, engine: 'couchbase', purpose: 'Couchbase analytics' },
  { port: 8096, engine: 'couchbase', purpose: 'Couchbase eventing' },
  { port: 8108, engine: 'typesense', purpose: 'Typesense' },
  { port: 8123, engine: 'clickhouse', purpose: 'ClickHouse HTTP' },
  { port: 8161, engine: 'activemq', purpose: 'ActiveMQ console' },
  { port: 8182, engine: 'neptune', purpose: 'Gremlin' },
  { port: 8222, engine: 'nats', purpose: 'NATS monitoring' },
  { port: 8500, engine: 'consul', purpose: 'Consul HTTP' },
  { port: 8529, engine: 'arangodb', purpose: 'ArangoDB' },
  { port: 8812, engine: 'postgres', purpose: 'QuestDB, which speaks the PostgreSQL protocol' },
  { port: 8983, engine: 'solr', purpose: 'Solr' },
  { port: 9000, engine: 'clickhouse', purpose: 'ClickHouse native' },
  { port: 9003, engine: 'unidentified', purpose: 'QuestDB health' },
  { port: 9009, engine: 'clickhouse', purpose: 'ClickHouse between nodes, QuestDB ingestion' },
  { port: 9042, engine: 'cassandra', purpose: 'Cassandra, Scylla CQL' },
  { port: 9090, engine: 'prometheus', purpose: 'Prometheus' },
  { port: 9091, engine: 'milvus', purpose: 'Milvus HTTP' },
  { port: 9092, engine: 'kafka', purpose: 'Kafka' },
  { port: 9093, engine: 'kafka', purpose: 'Kafka' },
  { port: 9094, engine: 'kafka', purpose: 'Kafka over TLS' },
  { port: 9095, engine: 'kafka', purpose: 'Kafka' },
  { port: 9096, engine: 'kafka', purpose: 'Kafka SASL/SCRAM' },
  { port: 9097, engine: 'kafka', purpose: 'Kafka' },
  { port: 9098, engine: 'kafka', purpose: 'Kafka IAM' },
  { port: 9142, engine: 'cassandra', purpose: 'Cassandra CQL over TLS' },
  { port: 9160, engine: 'cassandra', purpose: 'Cassandra Thrift' },
  { port: 9200, engine: 'elasticsearch', purpose: 'Elasticsearch, OpenSearch HTTP' },
  { port: 9300, engine: 'elasticsearch', purpose: 'Elasticsearch, OpenSearch between nodes' },
  { port: 9306, engine: 'manticore', purpose: 'Manticore, Sphinx' },
  { port: 9312, engine: 'manticore', purpose: 'Manticore, Sphinx, their own protocol' },
  { port: 9440, engine: 'clickhouse', purpose: 'ClickHouse native over TLS' },
  { port: 9600, engine: 'elasticsearch', purpose: 'OpenSearch performance analyzer' },
  { port: 9870, engine: 'hadoop', purpose: 'HDFS name node HTTP' },
  { port: 10000, engine: 'hive', purpose: 'HiveServer2' },
  { port: 10002, engine: 'hive', purpose: 'HiveServer2 console' },
  { port: 10080, engine: 'tidb-status', purpose: 'TiDB status' },
  { port: 11207, engine: 'couchbase', purpose: 'Couchbase data over TLS' },
  { port: 11210, engine: 'couchbase', purpose: 'Couchbase data' },
  { port: 11211, engine: 'memcached', purpose: 'memcached' },
  { port: 15672, engine: 'rabbitmq', purpose: 'RabbitMQ console' },
  { port: 16379, engine: 'redis', purpose: 'Redis cluster bus' },
  { port: 18091, engine: 'couchbase', purpose: 'Couchbase administration over TLS' },
  { port: 19530, engine: 'milvus', purpose: 'Milvus gRPC' },
  { port: 26257, engine: 'cockroachdb', purpose: 'CockroachDB' },
  { port: 26379, engine: 'redis', purpose: 'Redis Sentinel' },
  { port: 27017, engine: 'mongodb', purpose: 'MongoDB' },
  { port: 27018, engine: 'mongodb', purpose: 'MongoDB shard' },
  { port: 27019, engine: 'mongodb', purpose: 'MongoDB config server' },
  { port: 28015, engine: 'rethinkdb', purpose: 'RethinkDB drivers' },
  { port: 28017, engine: 'mongodb', purpose: 'MongoDB HTTP status of old versions' },
  { port: 33060, engine: 'mysql', purpose: 'MySQL X protocol' },
  { port: 50000, engine: 'db2', purpose: 'Db2' },
  { port: 50051, engine: 'weaviate', purpose: 'Weaviate gRPC' },
  { port: 50070, engine: 'hadoop', purpose: 'HDFS name node HTTP of old versions' },
  { port: 61616, engine: 'activemq', purpose: 'ActiveMQ OpenWire' },
];

const ENGINE_OF: ReadonlyMap<number, Engine> = new Map(PORTS.map(({ port, engine }) => [port, engine]));

/** What a port in the catalogue is for; undefined for any other port, and for those that say nothing. */
export function engineOfPort(port: number): Engine | undefined {
  const engine = ENGINE_OF.get(port);
  return engine === 'unidentified' ? undefined : engine;
}

/** Ports that by themselves make a balancer's target a data store. Leaves out the ones every web server uses. */
export const DATABASE_PORTS: readonly number[] = PORTS.flatMap(({ port, engine }) =>
  engine === 'unidentified' ? [] : [port],
);

/** TCP ports, both ends included. */
interface PortRange {
  readonly from: number;
  readonly to: number;
}

/** In a range of more ports than this only those of the catalogue are listed. */
export const NARROW_RANGE = 32;
/** Administration, mail, names and web: not listed where a narrow range opens them. */
export const EVERYDAY_PORTS: readonly number[] = [22, 25, 53, 80, 443, 3389];

export function isBroad({ from, to }: PortRange): boolean {
  return to - from >= NARROW_RANGE;
}

/** The ports of an open range that are listed as doors. */
export function listedPorts(range: PortRange): readonly number[] {
  const { from, to } = range;
  if (isBroad(range)) return PORTS.map(({ port }) => port).filter((port) => from <= port && port <= to);
  const all = Array.from({ length: to - from + 1 }, (_, i) => from + i);
  return all.filter((port) => port > 0 && !EVERYDAY_PORTS.includes(port));
}
