import { Bench } from './bench.ts';
import { CASSANDRA_VARIANTS, startCassandra } from './cassandra.ts';
import { type Certificates, makeCertificates } from './certificates.ts';
import { CHROMA_VARIANTS, startChroma } from './chroma.ts';
import { CLICKHOUSE_VARIANTS, startClickhouse } from './clickhouse.ts';
import { ELASTICSEARCH_8_VARIANTS, startElasticsearch8 } from './elasticsearch8.ts';
import type { EngineKind, RunningEngine, Variant } from './engine.ts';
import { ETCD_36_VARIANTS, ETCD_VARIANTS, startEtcd, startEtcd36 } from './etcd.ts';
import { FERRETDB_VARIANTS, startFerretdb } from './ferretdb.ts';
import { FIREBIRD_VARIANTS, startFirebird } from './firebird.ts';
import { HADOOP_VARIANTS, startHadoop } from './hadoop.ts';
import { INFLUXDB_VARIANTS, startInfluxdb } from './influxdb.ts';
import { DERBY_VARIANTS, H2_VARIANTS, startDerby, startH2 } from './jdbc.ts';
import { KAFKA_VARIANTS, startKafka } from './kafka.ts';
import { MARIADB_VARIANTS, startMariadb } from './mariadb.ts';
import { MEMCACHED_VARIANTS, startMemcached } from './memcached.ts';
import { PROMETHEUS_VARIANTS, startPrometheus, startVictoriametrics, VICTORIAMETRICS_VARIANTS } from './metrics.ts';
import { MONGO_VARIANTS, startMongo } from './mongo.ts';
import { NATS_VARIANTS, startNats } from './nats.ts';
import { NEO4J_VARIANTS, startNeo4j } from './neo4j.ts';
import { NGINX_VARIANTS, startNginx } from './nginx.ts';
import { PGBOUNCER_VARIANTS, startPgbouncer } from './pgbouncer.ts';
import { POSTGRES_17_VARIANTS, POSTGRES_VARIANTS, startPostgres, startPostgres17 } from './postgres.ts';
import { RABBITMQ_VARIANTS, startRabbitmq } from './rabbitmq.ts';
import { REDIS_FRONT_VARIANTS, startRedisFronts } from './redis-front.ts';
import { REDIS_VARIANTS, startRedis } from './redis.ts';
import { ELASTICSEARCH_VARIANTS, OPENSEARCH_VARIANTS, startSearch } from './search.ts';
import { SOLR_VARIANTS, startSolr } from './solr.ts';
import { SPHINX_VARIANTS, startSphinx } from './sphinx.ts';
import { startTarantool, TARANTOOL_VARIANTS } from './tarantool.ts';
import { startZookeeper, ZOOKEEPER_VARIANTS } from './zookeeper.ts';

export type { EngineKind, RunningEngine };

const KINDS = [
  group(POSTGRES_VARIANTS, startPostgres),
  group(POSTGRES_17_VARIANTS, startPostgres17),
  group(PGBOUNCER_VARIANTS, startPgbouncer),
  group(MARIADB_VARIANTS, startMariadb),
  group(REDIS_VARIANTS, startRedis),
  group(REDIS_FRONT_VARIANTS, startRedisFronts),
  group(MEMCACHED_VARIANTS, startMemcached),
  group(ETCD_VARIANTS, startEtcd),
  group(ETCD_36_VARIANTS, startEtcd36),
  group(INFLUXDB_VARIANTS, startInfluxdb),
  group(CLICKHOUSE_VARIANTS, startClickhouse),
  group(ZOOKEEPER_VARIANTS, startZookeeper),
  group(RABBITMQ_VARIANTS, startRabbitmq),
  group(TARANTOOL_VARIANTS, startTarantool),
  group(SPHINX_VARIANTS, startSphinx),
  group(PROMETHEUS_VARIANTS, startPrometheus),
  group(VICTORIAMETRICS_VARIANTS, startVictoriametrics),
  group(NATS_VARIANTS, startNats),
  group(H2_VARIANTS, startH2),
  group(DERBY_VARIANTS, startDerby),
  group(FIREBIRD_VARIANTS, startFirebird),
  group(NGINX_VARIANTS, startNginx),
  group(OPENSEARCH_VARIANTS, startSearch),
  group(ELASTICSEARCH_VARIANTS, startSearch),
  group(ELASTICSEARCH_8_VARIANTS, startElasticsearch8),
  group(CHROMA_VARIANTS, startChroma),
  group(MONGO_VARIANTS, startMongo),
  group(FERRETDB_VARIANTS, startFerretdb),
  group(KAFKA_VARIANTS, startKafka),
  group(CASSANDRA_VARIANTS, startCassandra),
  group(NEO4J_VARIANTS, startNeo4j),
  group(SOLR_VARIANTS, startSolr),
  group(HADOOP_VARIANTS, startHadoop),
];

export interface Fleet {
  readonly engines: readonly RunningEngine[];
  /** The authority of every TLS engine here, and a client certificate that the mTLS ones accept. */
  readonly certificates: Certificates;
  logOf(host: string): string;
  stop(): Promise<void>;
}

export interface FleetOptions {
  /** Engine kinds or ids. Without it everything starts except the variants marked `extra`. */
  readonly only?: readonly string[];
  /** Also the variants marked `extra`. */
  readonly all?: true;
  readonly report?: (line: string) => void;
}

/** Every engine there is, started or not. */
export function knownEngines(): readonly Variant[] {
  return KINDS.flatMap(({ variants }) => variants);
}

export async function startFleet(options: FleetOptions = {}): Promise<Fleet> {
  const groups = KINDS.map((candidate) => candidate.choose(options));
  const engines = groups.flatMap((chosen) => chosen.engines);
  assertKnown(options.only ?? [], engines);

  const bench = new Bench();
  const unhook = stopWithProcess(bench);
  const stop = async () => {
    unhook();
    await bench.stop();
  };
  try {
    const folder = bench.place('certificates');
    const certificates = makeCertificates(
      folder,
      engines.map((engine) => engine.host),
    );
    bench.giveAway(folder);
    const began = Date.now();
    await Promise.all(
      groups.map(async (chosen) => {
        if (chosen.engines.length === 0) return;
        await chosen.start(bench, certificates);
        const names = chosen.engines.map((engine) => engine.id).join(', ');
        options.report?.(`${names} ready after ${((Date.now() - began) / 1000).toFixed(1)} s`);
      }),
    );
    return { engines, certificates, logOf: (host) => bench.logOf(host), stop };
  } catch (error) {
    await stop();
    throw error;
  }
}

interface Group {
  readonly engines: readonly RunningEngine[];
  start(bench: Bench, certificates: Certificates): Promise<void>;
}

function group<V extends Variant>(
  variants: readonly V[],
  start: (bench: Bench, certificates: Certificates, variants: readonly V[]) => Promise<void>,
): { readonly variants: readonly V[]; choose(options: FleetOptions): Group } {
  return {
    variants,
    choose({ only, all }) {
      const chosen = variants.filter((variant) => {
        if (only?.includes(variant.id) === true) return true;
        return (variant.extra !== true || all === true) && (only === undefined || only.includes(variant.kind));
      });
      return { engines: chosen.map(describe), start: (bench, certificates) => start(bench, certificates, chosen) };
    },
  };
}

function describe(variant: Variant): RunningEngine {
  const { id, kind, engine, host, port, note, localAddress, tls } = variant;
  return {
    id,
    kind,
    engine,
    host,
    port,
    note,
    ...(localAddress === undefined ? {} : { localAddress }),
    ...(tls === undefined ? {} : { tls }),
  };
}

/** A misspelt name must not make a test pass over nothing. */
function assertKnown(only: readonly string[], engines: readonly RunningEngine[]): void {
  const unknown = only.filter((name) => !engines.some((engine) => engine.id === name || engine.kind === name));
  if (unknown.length > 0) throw new Error(`no such engine: ${unknown.join(', ')}`);
}

/** An interrupted test run must not leave servers behind. */
function stopWithProcess(bench: Bench): () => void {
  const onExit = () => bench.abandon();
  const onSignal = (signal: NodeJS.Signals) => {
    void bench.stop().finally(() => {
      unhook();
      process.kill(process.pid, signal);
    });
  };
  const unhook = () => {
    process.off('exit', onExit).off('SIGINT', onSignal).off('SIGTERM', onSignal);
  };
  process.on('exit', onExit).on('SIGINT', onSignal).on('SIGTERM', onSignal);
  return unhook;
}

if (import.meta.main) {
  const only = process.argv.slice(2);
  const fleet = await startFleet({ ...(only.length > 0 ? { only } : {}), report: (line) => console.log(line) });
  for (const { id, host, port, note } of fleet.engines)
    console.log(`${`${host}:${port}`.padEnd(18)} ${id.padEnd(22)} ${note}`);
  console.log(`authority: ${fleet.certificates.authority}; Ctrl-C stops everything`);
  setInterval(() => undefined, 60_000);
}
