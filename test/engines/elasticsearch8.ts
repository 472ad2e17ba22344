import { readdirSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Bench } from './bench.ts';
import type { Certificates } from './certificates.ts';
import type { Variant } from './engine.ts';
import { javaArguments } from './java.ts';
import { ELASTICSEARCH_8_VERSION, javaFolder } from './layout.ts';
import { plant } from './planted.ts';
import { answers } from './ready.ts';

const PORT = 9200;

/** Its main page is a module that is published nowhere: `GET /` is answered 405, as in a server cut down on purpose. */
export const ELASTICSEARCH_8_VARIANTS: readonly Variant[] = [
  {
    id: 'elasticsearch8-no-main',
    kind: 'elasticsearch-8',
    engine: 'elasticsearch',
    host: '127.0.31.8',
    port: PORT,
    note: 'no security, no main page',
    tls: 'plain',
  },
];

export async function startElasticsearch8(bench: Bench, _: Certificates, variants: readonly Variant[]): Promise<void> {
  const jars = join(javaFolder('elasticsearch-8'), 'jars');
  await Promise.all(
    variants.map(async ({ id, host, port }) => {
      const folder = bench.place(id);
      const server = arrange(bench, id, jars);
      writeFileSync(join(bench.place(`${id}/config`), 'elasticsearch.yml'), settings(id, host, port));
      await bench.launch({
        id,
        host,
        port,
        folder,
        command: 'java',
        args: [
          ...javaArguments(384),
          ...['-Dlog4j2.level=info', `-Djava.io.tmpdir=${folder}`],
          ...['--module-path', server, '--add-modules', 'org.elasticsearch.server,jdk.net'],
          ...['-cp', join(javaFolder('elasticsearch-8'), 'classes'), 'Elasticsearch8Launcher', folder],
        ],
        deadlineMs: 240_000,
        ready: () => answers({ host, port }),
      });
      await plant({ host, port }, undefined);
    }),
  );
}

/** The jars as the distribution has them: the server's in one folder, those of its HTTP in a module beside it. */
function arrange(bench: Bench, id: string, jars: string): string {
  const server = bench.place(`${id}/lib`);
  const module = bench.place(`${id}/modules/transport-netty4`);
  for (const name of readdirSync(jars)) {
    symlinkSync(join(jars, name), join(name.includes('netty') ? module : server, name));
  }
  const descriptor = {
    name: 'transport-netty4',
    description: 'HTTP and transport over Netty',
    version: ELASTICSEARCH_8_VERSION,
    'elasticsearch.version': ELASTICSEARCH_8_VERSION,
    'java.version': '17',
    classname: 'org.elasticsearch.transport.netty4.Netty4Plugin',
  };
  const lines = Object.entries(descriptor).map(([key, value]) => `${key}=${value}\n`);
  writeFileSync(join(module, 'plugin-descriptor.properties'), lines.join(''));
  return server;
}

function settings(id: string, host: string, port: number): string {
  return `cluster.name: device-telemetry
node.name: ${id}
network.host: ${host}
http.port: ${port}
transport.port: 9300
discovery.type: single-node
cluster.routing.allocation.disk.threshold_enabled: false
node.store.allow_mmap: false
`;
}
