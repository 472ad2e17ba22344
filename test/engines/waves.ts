import type { EngineKind } from './engine.ts';

/** Started, visited and stopped one after another: two cores do not carry them all at once. */
export const WAVES: Readonly<Record<string, readonly EngineKind[]>> = {
  'from Debian': [
    ...(['postgres', 'pgbouncer', 'mysql', 'redis', 'redis-front', 'memcached', 'etcd', 'influxdb'] as const),
    ...(['clickhouse', 'zookeeper', 'rabbitmq', 'tarantool', 'sphinx', 'prometheus', 'victoriametrics'] as const),
    ...(['nats', 'h2', 'derby', 'firebird', 'nginx'] as const),
  ],
  'from other registries': ['postgres-17', 'chroma', 'etcd-3.6', 'ferretdb'],
  'search engines': ['opensearch', 'elasticsearch', 'elasticsearch-8', 'solr'],
  'from Maven': ['mongo-java-server', 'kafka', 'cassandra'],
  'graphs and Hadoop': ['neo4j', 'hadoop'],
};
