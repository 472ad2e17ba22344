import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Bench } from './bench.ts';
import type { Certificates } from './certificates.ts';
import type { Variant } from './engine.ts';
import { exchange } from './exchange.ts';
import { debianFile } from './layout.ts';
import { answers, settle } from './ready.ts';

interface ClickhouseVariant extends Variant {
  readonly server: Server;
}

/** One process serves HTTP and the native protocol, in plaintext or inside TLS. */
type Server = 'open' | 'password' | 'tls-open' | 'tls-password';

export const CLICKHOUSE_VARIANTS: readonly ClickhouseVariant[] = [
  variant('clickhouse-http-open', 'open', '127.0.19.1', 8123, 'HTTP, default without a password'),
  variant('clickhouse-native-open', 'open', '127.0.19.1', 9000, 'native, default without a password'),
  variant('clickhouse-http-password', 'password', '127.0.19.2', 8123, 'HTTP, default with a password'),
  variant('clickhouse-native-password', 'password', '127.0.19.2', 9000, 'native, default with a password'),
  variant('clickhouse-https-open', 'tls-open', '127.0.19.3', 8443, 'HTTPS, default without a password'),
  variant('clickhouse-native-tls-open', 'tls-open', '127.0.19.3', 9440, 'native TLS, default without a password'),
  variant('clickhouse-https-password', 'tls-password', '127.0.19.4', 8443, 'HTTPS, default with a password'),
  variant('clickhouse-native-tls-password', 'tls-password', '127.0.19.4', 9440, 'native TLS, default with a password'),
];

function variant(id: string, server: Server, host: string, port: number, note: string): ClickhouseVariant {
  const tls = server.startsWith('tls') ? 'first' : 'plain';
  return { id, kind: 'clickhouse', engine: 'clickhouse', server, host, port, note, tls };
}

export async function startClickhouse(
  bench: Bench,
  certificates: Certificates,
  variants: readonly ClickhouseVariant[],
): Promise<void> {
  const command = debianFile('usr/sbin/clickhouse-server');
  const servers = new Map(variants.map(({ server, host }) => [server, host]));
  await Promise.all(
    [...servers].map(async ([server, host]) => {
      const id = `clickhouse-${server}`;
      const folder = bench.place(id);
      const isTls = server.startsWith('tls');
      const file = join(folder, 'config.xml');
      writeFileSync(join(folder, 'users.xml'), users(server.endsWith('password') ? 'CANARY-clickhouse-password' : ''));
      writeFileSync(file, configuration(folder, host, isTls ? certificates : undefined));
      // Every server is seeded over plain HTTP on its own loopback port: the TLS ones have no other way in.
      const port = 8123;
      await bench.launch({
        id,
        host,
        port,
        command,
        folder,
        args: [`--config-file=${file}`],
        deadlineMs: 30_000,
        ready: () => answers({ host, port }, '/ping'),
      });
      await plant(host, port, server.endsWith('password'));
      const authority = isTls ? { authority: readFileSync(certificates.authority) } : {};
      const visited = variants.filter((variant) => variant.server === server);
      await Promise.all(
        visited.map((variant) => settle({ host, port: variant.port, ...authority }, question(variant.port))),
      );
    }),
  );
}

/** A query over HTTP, a client's hello on the native ports: refused or not, the reply is the server's own. */
function question(port: number): Buffer {
  if (port === 8123 || port === 8443) return Buffer.from('GET /?query=SELECT+1 HTTP/1.0\r\n\r\n');
  const text = (value: string) => Buffer.concat([Buffer.from([value.length]), Buffer.from(value)]);
  // Version 18.16, revision 54412 as a varint; then database, user, password.
  const version = Buffer.from([18, 16, 0x8c, 0xa9, 0x03]);
  return Buffer.concat([Buffer.from([0]), text('bench'), version, text('default'), text('default'), text('')]);
}

function configuration(folder: string, host: string, certificates: Certificates | undefined): string {
  const ports =
    certificates === undefined
      ? '<tcp_port>9000</tcp_port>'
      : '<https_port>8443</https_port><tcp_port_secure>9440</tcp_port_secure>';
  const server =
    certificates === undefined
      ? ''
      : `<openSSL><server><certificateFile>${certificates.certificate}</certificateFile>
<privateKeyFile>${certificates.key}</privateKeyFile><verificationMode>none</verificationMode>
<loadDefaultCAFile>false</loadDefaultCAFile><cacheSessions>true</cacheSessions></server></openSSL>`;
  return `<yandex>
<logger><level>warning</level><console>1</console></logger>
<http_port>8123</http_port>${ports}${server}
<listen_host>${host}</listen_host>
<path>${folder}/data/</path><tmp_path>${folder}/tmp/</tmp_path><user_files_path>${folder}/files/</user_files_path>
<users_config>users.xml</users_config><default_profile>default</default_profile>
<default_database>default</default_database><timezone>Europe/Berlin</timezone>
<mark_cache_size>5368709</mark_cache_size>
</yandex>
`;
}

function users(password: string): string {
  return `<yandex><profiles><default><max_memory_usage>100000000</max_memory_usage></default></profiles>
<users><default><password>${password}</password><networks><ip>::/0</ip></networks>
<profile>default</profile><quota>default</quota></default></users>
<quotas><default><interval><duration>3600</duration><queries>0</queries><errors>0</errors><result_rows>0</result_rows>
<read_rows>0</read_rows><execution_time>0</execution_time></interval></default></quotas></yandex>
`;
}

async function plant(host: string, port: number, password: boolean): Promise<void> {
  const account = password ? 'default:CANARY-clickhouse-password' : 'default:';
  for (const body of [
    'CREATE TABLE default.device_users (id UInt32, email String, wifi_ssid String) ENGINE = Log',
    "INSERT INTO default.device_users VALUES (1, 'CANARY-clickhouse@example.invalid', 'CANARY-ssid')",
  ]) {
    const reply = await exchange({ host, port }, { method: 'POST', path: '/', body, account, type: 'text/plain' });
    if (reply.status >= 300) throw new Error(`planting in ClickHouse: ${reply.status} ${reply.body}`);
  }
}
