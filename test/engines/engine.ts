/** A kind of server: what it is started from, and what `fleet.ts` calls the whole family. */
export const ENGINE_KINDS = [
  'postgres',
  'postgres-17',
  'pgbouncer',
  'mysql',
  'redis',
  'redis-front',
  'memcached',
  'etcd',
  'etcd-3.6',
  'influxdb',
  'clickhouse',
  'zookeeper',
  'rabbitmq',
  'tarantool',
  'sphinx',
  'prometheus',
  'victoriametrics',
  'nats',
  'h2',
  'derby',
  'firebird',
  'nginx',
  'elasticsearch',
  'elasticsearch-8',
  'opensearch',
  'kafka',
  'cassandra',
  'neo4j',
  'solr',
  'hadoop',
  'mongo-java-server',
  'ferretdb',
  'chroma',
] as const;
export type EngineKind = (typeof ENGINE_KINDS)[number];

export interface RunningEngine {
  readonly id: string;
  readonly kind: EngineKind;
  /** What an inventory would call it: a name of lib/model/endpoint.ts, or one that no probe serves yet. */
  readonly engine: string;
  readonly host: string;
  readonly port: number;
  readonly note: string;
  /** Probe from this address to see what `expected.json` says; from 127.0.0.1 the engine answers differently. */
  readonly localAddress?: string;
  /** Absent where TLS is negotiated in band (PostgreSQL, MySQL). */
  readonly tls?: 'plain' | 'first';
}

/** What every variant says of itself; the engine files add how it is started. */
export interface Variant extends RunningEngine {
  /** Started only when asked for: one more JVM than a small machine should run, or minutes of building on a new one. */
  readonly extra?: true;
}
