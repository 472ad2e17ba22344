import { execFileSync } from 'node:child_process';
import type { EngineKind } from './engine.ts';
import {
  CASSANDRA_VERSION,
  CHROMA_VERSION,
  debianFile,
  ELASTICSEARCH_8_VERSION,
  ELASTICSEARCH_VERSION,
  HADOOP_VERSION,
  ETCD_36_VERSION,
  FERRETDB_VERSION,
  KAFKA_VERSION,
  libraryPath,
  MONGO_JAVA_SERVER_VERSION,
  NEO4J_VERSION,
  OPENSEARCH_VERSION,
  POSTGRES_17_VERSION,
  SOLR_VERSION,
} from './layout.ts';

/** A version that we chose, or the program to ask: Debian's may move between two installs. */
const VERSIONS: Readonly<Record<EngineKind, string | { readonly program: string; readonly ask: string }>> = {
  opensearch: OPENSEARCH_VERSION,
  elasticsearch: ELASTICSEARCH_VERSION,
  'elasticsearch-8': ELASTICSEARCH_8_VERSION,
  kafka: KAFKA_VERSION,
  cassandra: CASSANDRA_VERSION,
  neo4j: NEO4J_VERSION,
  solr: SOLR_VERSION,
  hadoop: HADOOP_VERSION,
  'postgres-17': POSTGRES_17_VERSION,
  chroma: CHROMA_VERSION,
  'etcd-3.6': ETCD_36_VERSION,
  ferretdb: FERRETDB_VERSION,
  'mongo-java-server': MONGO_JAVA_SERVER_VERSION,
  postgres: { program: 'usr/lib/postgresql/15/bin/postgres', ask: '--version' },
  pgbouncer: { program: 'usr/sbin/pgbouncer', ask: '--version' },
  mysql: { program: 'usr/sbin/mariadbd', ask: '--version' },
  redis: { program: 'usr/bin/redis-server', ask: '--version' },
  'redis-front': { program: 'usr/sbin/haproxy', ask: '-v' },
  memcached: { program: 'usr/bin/memcached', ask: '--version' },
  etcd: { program: 'usr/bin/etcd', ask: '--version' },
  influxdb: { program: 'usr/bin/influxd', ask: 'version' },
  tarantool: { program: 'usr/bin/tarantool', ask: '--version' },
  sphinx: { program: 'usr/bin/searchd', ask: '--help' },
  prometheus: { program: 'usr/bin/prometheus', ask: '--version' },
  victoriametrics: { program: 'usr/bin/victoria-metrics', ask: '-version' },
  nats: { program: 'usr/sbin/nats-server', ask: '--version' },
  nginx: { program: 'usr/sbin/nginx', ask: '-v' },
  // These do not say, or are named by their folders and jars.
  clickhouse: '18.16.1',
  zookeeper: '3.8.0',
  rabbitmq: '3.10.8',
  h2: '2.1.214',
  firebird: '3.0.11',
  derby: '10.14.2.0',
};

export function versionOf(kind: EngineKind): string {
  const known = VERSIONS[kind];
  if (typeof known === 'string') return known;
  const program = debianFile(known.program);
  const env = { LD_LIBRARY_PATH: libraryPath() };
  // `nginx -v` says it on standard error.
  const text = execFileSync('sh', ['-c', '"$0" "$1" 2>&1', program, known.ask], { encoding: 'utf8', env });
  return /\d+\.\d+(\.\d+)?/u.exec(text)?.[0] ?? 'unknown';
}
