import type { Probe } from '../model/probe.ts';
import { banner } from './banner.ts';
import { cassandra } from './cassandra.ts';
import { clickhouse } from './clickhouse.ts';
import { couchdb } from './couchdb.ts';
import { elasticsearch } from './elasticsearch.ts';
import { etcd } from './etcd.ts';
import { influxdb } from './influxdb.ts';
import { kafka } from './kafka.ts';
import { memcached } from './memcached.ts';
import { mongodb } from './mongodb.ts';
import { mysql } from './mysql.ts';
import { neo4j } from './neo4j.ts';
import { neptune } from './neptune.ts';
import { postgres } from './postgres.ts';
import { redis } from './redis.ts';
import { zookeeper } from './zookeeper.ts';

/** Every probe, by id. A probe that is not here does not exist; a test compares this with the folder. */
export const PROBES: readonly Probe[] = [
  banner,
  cassandra,
  clickhouse,
  couchdb,
  elasticsearch,
  etcd,
  influxdb,
  kafka,
  memcached,
  mongodb,
  mysql,
  neo4j,
  neptune,
  postgres,
  redis,
  zookeeper,
];
