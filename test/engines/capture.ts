/**
 * Records what real engines answer to a stranger: `node test/engines/capture.ts`.
 * The files are fixtures for tests that must run where no engine can; nothing in them is edited by hand.
 */
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { captureWire } from './capture-wire.ts';
import type { RunningEngine } from './engine.ts';
import { exchange, type Target } from './exchange.ts';
import { startFleet } from './fleet.ts';
import { install } from './install.ts';
import { ELASTICSEARCH_VERSION, OPENSEARCH_VERSION } from './layout.ts';

const FIXTURES = fileURLToPath(new URL('../fixtures', import.meta.url));

/** What the Elasticsearch probe asks (probes.md 3.7), negative control last. */
const PATHS = [
  '/',
  '/_cat/indices?format=json&h=index,docs.count,store.size,status&bytes=b&expand_wildcards=open,closed',
  '/_mapping?filter_path=*.mappings.properties.*.type,*.mappings.properties.*.properties.*.type',
  '/.exposure-probe/0123456789abcdef',
];

async function captureSearch(engine: RunningEngine, authority: Buffer, captured: string): Promise<void> {
  const { id, host, port } = engine;
  const target: Target = { host, port, ...(engine.tls === 'first' ? { authority } : {}) };
  const exchanges = [];
  for (const path of PATHS) {
    const reply = await exchange(target, { method: 'GET', path });
    exchanges.push({ request: `GET ${path}`, ...reply });
    console.log(`${id.padEnd(22)} ${reply.status} ${path.slice(0, 40)}`);
  }
  const document = {
    captured,
    command: 'node test/engines/capture.ts',
    engine: id,
    note: engine.note,
    tls: engine.tls === 'first',
    ...(engine.tls === 'first' ? { plaintext: await plaintextOutcome(engine) } : {}),
    exchanges,
  };
  const version = engine.engine === 'opensearch' ? OPENSEARCH_VERSION : ELASTICSEARCH_VERSION;
  const situation = id.slice(id.indexOf('-') + 1);
  const folder = join(FIXTURES, 'http', 'elasticsearch');
  mkdirSync(folder, { recursive: true });
  writeFileSync(
    join(folder, `${engine.engine}-${version}-${situation}.json`),
    `${JSON.stringify(document, null, 2)}\n`,
  );
}

/** What plain HTTP gets from a TLS port: an error, and which one. */
async function plaintextOutcome({ host, port }: RunningEngine): Promise<string> {
  try {
    return `status ${(await exchange({ host, port }, { method: 'GET', path: '/' })).status}`;
  } catch (error) {
    return error instanceof Error ? error.message : String(error);
  }
}

install();
const extras = ['opensearch-anonymous', 'opensearch-basic-http'];
const kinds = ['postgres', 'mysql', 'redis', 'memcached', 'opensearch', 'elasticsearch'];
const fleet = await startFleet({ only: [...kinds, ...extras], report: (line) => console.log(line) });
try {
  const captured = new Date().toISOString();
  const authority = readFileSync(fleet.certificates.authority);
  for (const engine of fleet.engines) {
    if (engine.engine === 'opensearch' || engine.engine === 'elasticsearch') {
      await captureSearch(engine, authority, captured);
    }
  }
  await captureWire(fleet.engines, join(FIXTURES, 'wire'), captured);
} finally {
  await fleet.stop();
}
