import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Bench } from './bench.ts';
import type { Certificates } from './certificates.ts';
import type { Variant } from './engine.ts';
import { exchange, type Target } from './exchange.ts';
import { debianFile } from './layout.ts';
import { accepts } from './ready.ts';

interface InfluxVariant extends Variant {
  readonly auth: boolean;
  /** Authentication on but no admin yet: whoever comes first may make one. */
  readonly setup?: true;
}

const PORT = 8086;

export const INFLUXDB_VARIANTS: readonly InfluxVariant[] = [
  variant('influxdb-open', '127.0.15.1', 'auth-enabled = false', { auth: false }),
  variant('influxdb-auth', '127.0.15.2', 'auth-enabled, an admin', { auth: true }),
  variant('influxdb-setup', '127.0.15.3', 'auth-enabled, no admin yet', { auth: true, setup: true }),
  variant('influxdb-https-auth', '127.0.15.4', 'HTTPS, auth-enabled, an admin', { auth: true, tls: 'first' }),
  variant('influxdb-https-open', '127.0.15.5', 'HTTPS, auth-enabled = false', { auth: false, tls: 'first' }),
];

function variant(
  id: string,
  host: string,
  note: string,
  more: Pick<InfluxVariant, 'auth' | 'setup' | 'tls'>,
): InfluxVariant {
  return { id, kind: 'influxdb', engine: 'influxdb', host, port: PORT, note, tls: 'plain', ...more };
}

export async function startInfluxdb(
  bench: Bench,
  certificates: Certificates,
  variants: readonly InfluxVariant[],
): Promise<void> {
  const command = debianFile('usr/bin/influxd');
  await Promise.all(
    variants.map(async (wanted) => {
      const { id, host, tls, setup } = wanted;
      const folder = bench.place(id);
      const file = join(folder, 'influxdb.conf');
      writeFileSync(file, configuration(folder, wanted, certificates));
      await bench.launch({
        id,
        host,
        port: PORT,
        command,
        folder,
        args: ['run', '-config', file],
        deadlineMs: 20_000,
        ready: () => accepts(host, PORT),
      });
      const authority = tls === 'first' ? { authority: readFileSync(certificates.authority) } : {};
      if (setup !== true) await plant({ host, port: PORT, ...authority });
    }),
  );
}

function configuration(folder: string, { host, auth, tls }: InfluxVariant, certificates: Certificates): string {
  return `reporting-disabled = true
bind-address = "${host}:8088"
[meta]
dir = "${folder}/meta"
[data]
dir = "${folder}/data"
wal-dir = "${folder}/wal"
query-log-enabled = false
[monitor]
store-enabled = false
[http]
bind-address = "${host}:${PORT}"
auth-enabled = ${auth}
log-enabled = false
https-enabled = ${tls === 'first'}
https-certificate = "${certificates.certificate}"
https-private-key = "${certificates.key}"
`;
}

/** The first account must be an admin; after it, where authentication is on, a stranger may do nothing. */
async function plant(target: Target): Promise<void> {
  const account = 'root:CANARY-influxdb-password';
  const ask = async (path: string, body?: string) => {
    const reply = await exchange(target, { method: 'POST', path, account, ...(body === undefined ? {} : { body }) });
    if (reply.status >= 300) throw new Error(`planting ${path}: ${reply.status} ${reply.body}`);
  };
  const query = (text: string) => ask(`/query?q=${encodeURIComponent(text)}`);
  await query("CREATE USER root WITH PASSWORD 'CANARY-influxdb-password' WITH ALL PRIVILEGES");
  await query('CREATE DATABASE device_telemetry');
  await ask('/write?db=device_telemetry', 'body_metrics,email=CANARY-influx@example.invalid weight=1');
}
