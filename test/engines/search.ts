import { copyFileSync, cpSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Bench } from './bench.ts';
import type { Certificates } from './certificates.ts';
import type { Target } from './exchange.ts';
import type { Variant } from './engine.ts';
import { javaFolder } from './layout.ts';
import { plant } from './planted.ts';
import { answers } from './ready.ts';

interface SearchVariant extends Variant {
  readonly engine: 'opensearch' | 'elasticsearch';
  /** Absent: no security plugin at all. */
  readonly security?: { readonly tls: boolean; readonly anonymous: boolean };
}

const PORT = 9200;

export const OPENSEARCH_VARIANTS: readonly SearchVariant[] = [
  {
    id: 'opensearch-open',
    kind: 'opensearch',
    engine: 'opensearch',
    host: '127.0.32.1',
    port: PORT,
    note: 'no security plugin',
    tls: 'plain',
  },
  {
    id: 'opensearch-secured',
    kind: 'opensearch',
    engine: 'opensearch',
    host: '127.0.32.2',
    port: PORT,
    tls: 'first',
    note: 'security plugin, TLS, Basic',
    security: { tls: true, anonymous: false },
  },
  {
    id: 'opensearch-anonymous',
    kind: 'opensearch',
    engine: 'opensearch',
    host: '127.0.32.3',
    port: PORT,
    tls: 'first',
    note: 'security plugin, TLS, anonymous_auth_enabled without any role',
    security: { tls: true, anonymous: true },
  },
  {
    id: 'opensearch-basic-http',
    kind: 'opensearch',
    engine: 'opensearch',
    host: '127.0.32.4',
    port: PORT,
    tls: 'plain',
    note: 'security plugin, Basic over plain HTTP',
    security: { tls: false, anonymous: false },
  },
];

export const ELASTICSEARCH_VARIANTS: readonly SearchVariant[] = [
  {
    id: 'elasticsearch-open',
    kind: 'elasticsearch',
    engine: 'elasticsearch',
    host: '127.0.31.1',
    port: PORT,
    note: 'no security',
    tls: 'plain',
  },
];

/** The account of the plugin's own demo configuration; it exists on loopback, in a folder that is deleted. */
export const DEMO_ACCOUNT = 'admin:admin';

export async function startSearch(
  bench: Bench,
  certificates: Certificates,
  variants: readonly SearchVariant[],
): Promise<void> {
  await Promise.all(variants.map((variant) => startNode(bench, certificates, variant)));
}

async function startNode(bench: Bench, certificates: Certificates, variant: SearchVariant): Promise<void> {
  const { id, engine, host, port, security } = variant;
  const folder = bench.place(id);
  const config = bench.place(join(id, 'config'));
  const settings = [
    ...nodeSettings(variant),
    ...(security === undefined ? [] : secure(config, certificates, security)),
  ];
  writeFileSync(join(config, `${engine}.yml`), `${settings.join('\n')}\n`);

  const jars = [join(javaFolder(engine), 'classes'), join(javaFolder(engine), 'jars', '*')];
  if (security !== undefined) jars.push(join(javaFolder('opensearch-security'), '*'));
  const plugins = [
    engine === 'opensearch' ? 'org.opensearch.transport.Netty4Plugin' : 'org.elasticsearch.transport.Netty4Plugin',
  ];
  if (security !== undefined) plugins.push('org.opensearch.security.OpenSearchSecurityPlugin');
  const target: Target = {
    host,
    port,
    ...(security?.tls === true ? { authority: readFileSync(certificates.authority) } : {}),
  };

  await bench.launch({
    id,
    host,
    port,
    folder,
    command: 'java',
    args: [
      '-Xms192m',
      '-Xmx384m',
      '-XX:+UseSerialGC',
      '-XX:TieredStopAtLevel=1',
      '-Dlog4j2.level=info',
      `-Djava.io.tmpdir=${folder}`,
      '-cp',
      jars.join(':'),
      engine === 'opensearch' ? 'OpenSearchLauncher' : 'ElasticsearchLauncher',
      folder,
      ...plugins,
    ],
    deadlineMs: 240_000,
    ready: () => answers(target),
  });
  await plant(target, security === undefined ? undefined : DEMO_ACCOUNT);
}

function nodeSettings({ id, host, port }: SearchVariant): string[] {
  return [
    'cluster.name: device-telemetry',
    `node.name: ${id}`,
    `network.host: ${host}`,
    `http.port: ${port}`,
    'transport.port: 9300',
    'discovery.type: single-node',
    // A nearly full disk would turn every index read-only, and the bench with it.
    'cluster.routing.allocation.disk.threshold_enabled: false',
    'node.store.allow_mmap: false',
  ];
}

function secure(config: string, certificates: Certificates, security: { tls: boolean; anonymous: boolean }): string[] {
  const files = { certificate: 'node.pem', key: 'node.key', authority: 'ca.pem' } as const;
  copyFileSync(certificates.certificate, join(config, files.certificate));
  copyFileSync(certificates.key, join(config, files.key));
  copyFileSync(certificates.authority, join(config, files.authority));
  const rules = join(config, 'opensearch-security');
  cpSync(join(javaFolder('opensearch-security'), 'config'), rules, { recursive: true });
  if (security.anonymous) allowAnonymous(join(rules, 'config.yml'));
  const material = (layer: 'transport' | 'http') => [
    `plugins.security.ssl.${layer}.pemcert_filepath: ${files.certificate}`,
    `plugins.security.ssl.${layer}.pemkey_filepath: ${files.key}`,
    `plugins.security.ssl.${layer}.pemtrustedcas_filepath: ${files.authority}`,
  ];
  return [
    ...material('transport'),
    'plugins.security.ssl.transport.enforce_hostname_verification: false',
    `plugins.security.ssl.http.enabled: ${security.tls}`,
    ...(security.tls ? material('http') : []),
    'plugins.security.allow_default_init_securityindex: true',
    "plugins.security.nodes_dn: ['CN=node,O=ajar bench']",
  ];
}

function allowAnonymous(file: string): void {
  const before = readFileSync(file, 'utf8');
  const after = before.replace('anonymous_auth_enabled: false', 'anonymous_auth_enabled: true');
  if (after === before) throw new Error(`${file} no longer sets anonymous_auth_enabled`);
  writeFileSync(file, after);
}
