import type { Probe } from '../model/probe.ts';
import { aerospike } from './aerospike.ts';
import { arangodb } from './arangodb.ts';
import { banner } from './banner.ts';
import { cassandra } from './cassandra.ts';
import { chroma } from './chroma.ts';
import { clickhouse } from './clickhouse.ts';
import { cockroachdbConsole } from './cockroachdb-console.ts';
import { couchbase } from './couchbase.ts';
import { couchdb } from './couchdb.ts';
import { db2 } from './db2.ts';
import { dgraph } from './dgraph.ts';
import { druid } from './druid.ts';
import { elasticsearch } from './elasticsearch.ts';
import { etcd } from './etcd.ts';
import { firebird } from './firebird.ts';
import { h2 } from './h2.ts';
import { hadoop } from './hadoop.ts';
import { hbase } from './hbase.ts';
import { hive } from './hive.ts';
import { influxdb } from './influxdb.ts';
import { kafka } from './kafka.ts';
import { kibana } from './kibana.ts';
import { loki } from './loki.ts';
import { manticore } from './manticore.ts';
import { meilisearch } from './meilisearch.ts';
import { memcached } from './memcached.ts';
import { milvus } from './milvus.ts';
import { mongodb } from './mongodb.ts';
import { mysql } from './mysql.ts';
import { nats } from './nats.ts';
import { neo4j } from './neo4j.ts';
import { neptune } from './neptune.ts';
import { oracle } from './oracle.ts';
import { pinot } from './pinot.ts';
import { postgres } from './postgres.ts';
import { prometheus } from './prometheus.ts';
import { qdrant } from './qdrant.ts';
import { rabbitmq } from './rabbitmq.ts';
import { redis } from './redis.ts';
import { rethinkdb } from './rethinkdb.ts';
import { solr } from './solr.ts';
import { spark } from './spark.ts';
import { sqlserver } from './sqlserver.ts';
import { surrealdb } from './surrealdb.ts';
import { tarantool } from './tarantool.ts';
import { tidbStatus } from './tidb-status.ts';
import { trino } from './trino.ts';
import { typesense } from './typesense.ts';
import { vespa } from './vespa.ts';
import { weaviate } from './weaviate.ts';
import { yugabytedbConsole } from './yugabytedb-console.ts';
import { zookeeper } from './zookeeper.ts';

/** Every probe, by id. A probe that is not here does not exist; a test compares this with the folder. */
export const PROBES: readonly Probe[] = [
  aerospike,
  arangodb,
  banner,
  cassandra,
  chroma,
  clickhouse,
  cockroachdbConsole,
  couchbase,
  couchdb,
  db2,
  dgraph,
  druid,
  elasticsearch,
  etcd,
  firebird,
  h2,
  hadoop,
  hbase,
  hive,
  influxdb,
  kafka,
  kibana,
  loki,
  manticore,
  meilisearch,
  memcached,
  milvus,
  mongodb,
  mysql,
  nats,
  neo4j,
  neptune,
  oracle,
  pinot,
  postgres,
  prometheus,
  qdrant,
  rabbitmq,
  redis,
  rethinkdb,
  solr,
  spark,
  sqlserver,
  surrealdb,
  tarantool,
  tidbStatus,
  trino,
  typesense,
  vespa,
  weaviate,
  yugabytedbConsole,
  zookeeper,
];
