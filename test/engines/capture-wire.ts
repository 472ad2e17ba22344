import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { EngineKind, RunningEngine } from './engine.ts';
import * as stores from './frames-stores.ts';
import { type Move, record } from './recorder.ts';
import { versionOf } from './versions.ts';
import * as frames from './wire-frames.ts';

interface Recording {
  readonly situation: string;
  readonly moves: readonly Move[];
}

/** Kinds that record under another probe's name: what stands in front of it, or passes for it. */
const PROBE: Readonly<Partial<Record<EngineKind, string>>> = {
  pgbouncer: 'postgres',
  h2: 'postgres',
  'redis-front': 'redis',
  'mongo-java-server': 'mongodb',
  sphinx: 'manticore',
  derby: 'db2',
};

/** Writes `<fixtures>/wire/<probe>/<version>-<situation>.hex` for every conversation with a stream engine. */
export async function captureWire(engine: RunningEngine, fixtures: string, captured: string): Promise<void> {
  const probe = PROBE[engine.kind] ?? engine.kind;
  const folder = join(fixtures, 'wire', probe);
  const version = versionOf(engine.kind);
  for (const { situation, moves } of recordings(engine)) {
    const lines = await record(engine, moves);
    const from = engine.localAddress === undefined ? '' : ` from ${engine.localAddress}`;
    const title = `# captured ${captured} by node test/engines/capture.ts: ${engine.id} (${engine.note})${from}, ${version}`;
    mkdirSync(folder, { recursive: true });
    const name = `${probe === engine.kind ? '' : `${engine.kind}-`}${version}-${situation}.hex`;
    writeFileSync(join(folder, name), `${[title, ...lines].join('\n')}\n`);
    console.log(`${engine.id.padEnd(26)} ${situation.padEnd(24)} ${summary(lines)}`);
  }
}

/** Inside TLS where TLS comes first; and then also what plaintext gets there. */
function recordings(engine: RunningEngine): Recording[] {
  const situation = engine.kind === 'redis-front' ? engine.id : engine.id.slice(engine.id.indexOf('-') + 1);
  const conversations = conversationsOf(engine, situation);
  if (engine.tls !== 'first') return conversations;
  const plaintext = conversations.slice(0, 1).map(({ situation: name, moves }) => {
    return { situation: `${name}-plaintext`, moves: moves.slice(0, 1) };
  });
  return [...conversations.map((one): Recording => ({ ...one, moves: ['tls', ...one.moves] })), ...plaintext];
}

const ask = (...sent: Buffer[]): Move[] => sent.map((send) => ({ send }));

function conversationsOf({ kind, id }: RunningEngine, situation: string): Recording[] {
  const one = (...moves: Move[]): Recording[] => [{ situation, moves }];
  switch (kind) {
    case 'postgres':
    case 'postgres-17':
    case 'pgbouncer':
    case 'h2':
      return situation === 'console' ? [] : postgres(situation);
    case 'mysql':
      return situation === 'tls' ? one('hear', { send: frames.MYSQL_SSL_REQUEST }, 'tls') : one('hear');
    case 'redis':
    case 'redis-front':
      // Without INFO a probe goes on with DBSIZE; with it, with the key spaces.
      return one(
        ...ask(
          frames.REDIS_PING,
          frames.REDIS_INFO_SERVER,
          situation === 'renamed' ? frames.REDIS_DBSIZE : frames.REDIS_INFO_KEYSPACE,
        ),
      );
    case 'memcached':
      return [
        ...one(...ask(frames.MEMCACHED_VERSION, frames.MEMCACHED_STATS)),
        ...(situation === 'open' || situation === 'sasl'
          ? [
              {
                situation: `${situation}-binary`,
                moves: ask(frames.MEMCACHED_BINARY_VERSION, frames.MEMCACHED_BINARY_STAT),
              },
            ]
          : []),
      ];
    case 'clickhouse':
      return id.includes('native') ? one(...ask(stores.CLICKHOUSE_HELLO)) : [];
    case 'zookeeper':
      return one(...ask(stores.ZOOKEEPER_SRVR));
    case 'rabbitmq':
      return situation === 'management' ? [] : one(...ask(stores.AMQP_HEADER));
    case 'tarantool':
      return one('hear', ...ask(stores.TARANTOOL_PING, stores.TARANTOOL_SPACES));
    case 'sphinx':
      return one('hear');
    case 'nats':
      // In place: the greeting is in plaintext and asks for TLS.
      if (situation === 'monitoring') return [];
      return one('hear', ...(situation.endsWith('tls') ? (['tls'] as const) : []), { send: stores.NATS_CONNECT });
    case 'kafka':
      return [
        ...one(...ask(stores.KAFKA_API_VERSIONS, stores.KAFKA_METADATA)),
        ...(situation.startsWith('sasl')
          ? [{ situation: `${situation}-mechanisms`, moves: ask(stores.KAFKA_SASL) }]
          : []),
      ];
    case 'cassandra':
      return one(...ask(stores.CQL_OPTIONS, stores.CQL_STARTUP, stores.CQL_KEYSPACES));
    case 'neo4j':
      return id.includes('bolt')
        ? one(...ask(stores.BOLT_HANDSHAKE, stores.BOLT_HELLO, stores.BOLT_LOGON_NONE, stores.BOLT_GOODBYE))
        : [];
    case 'mongo-java-server':
    case 'ferretdb':
      return one(...ask(stores.MONGO_HELLO, stores.MONGO_LIST_DATABASES));
    case 'firebird':
      return one(...ask(stores.FIREBIRD_CONNECT));
    case 'derby':
      return one(...ask(stores.DRDA_EXCSAT));
    case 'etcd':
    case 'etcd-3.6':
    case 'influxdb':
    case 'prometheus':
    case 'victoriametrics':
    case 'nginx':
    case 'elasticsearch':
    case 'elasticsearch-8':
    case 'opensearch':
    case 'solr':
    case 'hadoop':
    case 'chroma':
      return [];
  }
}

/** Servers with TLS also get the second, plaintext, start-up that tells "offered" from "required". */
function postgres(situation: string): Recording[] {
  const hasTls = /hostssl|cert|tls/u.test(situation);
  const upgrade: Move[] = hasTls ? ['tls'] : [];
  const moves = [...ask(frames.PG_SSL_REQUEST), ...upgrade, ...ask(frames.PG_STARTUP)];
  const plaintext = { situation: `${situation}-plaintext`, moves: ask(frames.PG_STARTUP) };
  return [{ situation, moves }, ...(hasTls ? [plaintext] : [])];
}

/** One readable line, so that whoever captures sees at once what changed. */
function summary(lines: readonly string[]): string {
  return lines
    .filter((line) => !line.startsWith('>'))
    .map((line) => (line.startsWith('<') ? Buffer.from(line.slice(2), 'hex').toString('latin1').slice(0, 90) : line))
    .map((text) => text.replace(/[^\x20-\x7e]+/g, '.'))
    .join(' | ')
    .slice(0, 200);
}
