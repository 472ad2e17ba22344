import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { EngineKind, RunningEngine } from './engine.ts';
import { type Ask, exchange, type Target } from './exchange.ts';
import { versionOf } from './versions.ts';

/** What a probe asks over HTTP (probes.md sections 3 and 4), the negative control last. */
interface Asked {
  readonly probe: string;
  /** Absent: every engine of the kind that is not behind client certificates. */
  readonly ids?: RegExp;
  readonly asks: readonly Ask[];
}

const get = (path: string): Ask => ({ method: 'GET', path });
const post = (path: string, body: string): Ask => ({ method: 'POST', path, body });
const CONTROL = get('/.exposure-probe/0123456789abcdef');

const ELASTICSEARCH = [
  get('/'),
  get('/_cat/indices?format=json&h=index,docs.count,store.size,status&bytes=b&expand_wildcards=open,closed'),
  get('/_mapping?filter_path=*.mappings.properties.*.type,*.mappings.properties.*.properties.*.type'),
  CONTROL,
];
const PROMETHEUS = [
  get('/-/healthy'),
  get('/api/v1/status/buildinfo'),
  get('/api/v1/labels'),
  get('/api/v1/label/__name__/values'),
  CONTROL,
];
const CLICKHOUSE_TABLES =
  "SELECT database,name,total_rows,total_bytes FROM system.tables WHERE database NOT IN('system','INFORMATION_SCHEMA','information_schema') LIMIT 200 FORMAT JSONCompact";

export const ASKED: Readonly<Partial<Record<EngineKind, Asked>>> = {
  opensearch: { probe: 'elasticsearch', asks: ELASTICSEARCH },
  elasticsearch: { probe: 'elasticsearch', asks: ELASTICSEARCH },
  'elasticsearch-8': { probe: 'elasticsearch', asks: ELASTICSEARCH },
  etcd: {
    probe: 'etcd',
    asks: [
      get('/version'),
      post('/v3/kv/range', '{"key":"AA==","range_end":"AA==","count_only":true}'),
      get('/v2/stats/store'),
      get('/v2/auth/enable'),
      get('/v2/keys/.exposure-probe-0123456789abcdef'),
      CONTROL,
    ],
  },
  influxdb: {
    probe: 'influxdb',
    asks: [
      get('/ping'),
      get('/health'),
      get('/query?q=SHOW%20DATABASES'),
      get('/query?db=device_telemetry&q=SHOW%20FIELD%20KEYS'),
      get('/api/v2/setup'),
      get('/api/v2/buckets'),
      get('/api/v3/configure/database?format=json'),
      CONTROL,
    ],
  },
  clickhouse: {
    probe: 'clickhouse',
    ids: /https?-/u,
    asks: [
      get('/'),
      get('/ping'),
      get('/?query=SELECT%20version()%20FORMAT%20JSONCompact'),
      get(`/?query=${encodeURIComponent(CLICKHOUSE_TABLES).replaceAll('%2C', ',')}&max_execution_time=2`),
      get(`/?query=${encodeURIComponent(CLICKHOUSE_TABLES.replace('total_rows,total_bytes', 'engine'))}`),
      CONTROL,
    ],
  },
  rabbitmq: {
    probe: 'rabbitmq',
    ids: /management/u,
    asks: [get('/'), get('/api/overview'), get('/api/whoami'), CONTROL],
  },
  prometheus: { probe: 'prometheus', asks: PROMETHEUS },
  neo4j: { probe: 'neo4j', ids: /http/u, asks: [get('/'), CONTROL] },
  solr: {
    probe: 'solr',
    asks: [
      get('/solr/admin/info/system?wt=json'),
      get('/solr/admin/collections?action=LIST&wt=json'),
      get('/solr/admin/cores?action=STATUS&indexInfo=true&wt=json'),
      get('/solr/device-users/schema/fields?wt=json'),
      CONTROL,
    ],
  },
  victoriametrics: { probe: 'prometheus', asks: PROMETHEUS },
  hadoop: {
    probe: 'hadoop',
    asks: [
      get('/jmx?qry=Hadoop:service=NameNode,name=NameNodeInfo'),
      get('/webhdfs/v1/?op=LISTSTATUS'),
      get('/ws/v1/cluster/info'),
      CONTROL,
    ],
  },
  h2: { probe: 'h2', ids: /console/u, asks: [get('/'), CONTROL] },
  nats: {
    probe: 'nats',
    ids: /monitoring/u,
    asks: [get('/varz'), get('/jsz?accounts=true&streams=true&limit=200'), CONTROL],
  },
};

export async function captureHttp(
  engine: RunningEngine,
  authority: Buffer,
  fixtures: string,
  captured: string,
): Promise<void> {
  const { id, kind, host, port } = engine;
  const asked = ASKED[kind];
  if (asked === undefined || asked.ids?.test(id) === false || id.endsWith('mtls')) return;
  const tls = engine.tls === 'first';
  const target: Target = { host, port, ...(tls ? { authority } : {}) };
  const exchanges = [];
  for (const ask of asked.asks) {
    const reply = await exchange(target, ask);
    const sent = ask.body === undefined ? {} : { sent: ask.body };
    exchanges.push({ request: `${ask.method} ${ask.path}`, ...sent, ...reply });
    console.log(`${id.padEnd(26)} ${reply.status} ${ask.path.slice(0, 50)}`);
  }
  const document = {
    captured,
    command: 'node test/engines/capture.ts',
    engine: id,
    note: engine.note,
    tls,
    ...(tls ? { plaintext: await plaintextOutcome(engine) } : {}),
    exchanges,
  };
  const folder = join(fixtures, 'http', asked.probe);
  mkdirSync(folder, { recursive: true });
  const situation = id.slice(id.indexOf('-') + 1);
  writeFileSync(join(folder, `${kind}-${versionOf(kind)}-${situation}.json`), `${JSON.stringify(document, null, 2)}\n`);
}

/** What plain HTTP gets from a TLS port: an error, and which one. */
async function plaintextOutcome({ host, port }: RunningEngine): Promise<string> {
  try {
    return `status ${(await exchange({ host, port }, { method: 'GET', path: '/' })).status}`;
  } catch (error) {
    return error instanceof Error ? error.message : String(error);
  }
}
