import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Bench } from './bench.ts';
import type { Certificates } from './certificates.ts';
import type { Variant } from './engine.ts';
import { debianFile } from './layout.ts';
import { answers } from './ready.ts';

interface MetricsVariant extends Variant {
  readonly basic?: true;
}

export const PROMETHEUS_VARIANTS: readonly MetricsVariant[] = [
  prometheus('prometheus-open', '127.0.29.2', 'no authentication'),
  prometheus('prometheus-basic', '127.0.29.3', 'Basic without TLS', { basic: true }),
  prometheus('prometheus-tls', '127.0.29.4', 'TLS, no authentication', { tls: 'first' }),
  prometheus('prometheus-tls-basic', '127.0.29.5', 'TLS, Basic', { tls: 'first', basic: true }),
];

export const VICTORIAMETRICS_VARIANTS: readonly MetricsVariant[] = [
  victoria('victoriametrics-open', '127.0.29.1', 'no authentication'),
  victoria('victoriametrics-basic', '127.0.29.6', 'Basic without TLS', { basic: true }),
  victoria('victoriametrics-tls', '127.0.29.7', 'TLS, no authentication', { tls: 'first' }),
];

type More = Pick<MetricsVariant, 'basic' | 'tls'>;

function prometheus(id: string, host: string, note: string, more: More = {}): MetricsVariant {
  return { id, kind: 'prometheus', engine: 'prometheus', host, port: 9090, note, tls: 'plain', ...more };
}

function victoria(id: string, host: string, note: string, more: More = {}): MetricsVariant {
  return { id, kind: 'victoriametrics', engine: 'prometheus', host, port: 8428, note, tls: 'plain', ...more };
}

/** bcrypt of `CANARY-prometheus-password`, of the lowest cost: Prometheus takes nothing else, and Node makes none. */
const HASH = '$2b$04$9J4RJcShDtOFXI1QC13Om.IsV5VWfJxQpJjo.37SKApVG9hS2NKny';

export async function startPrometheus(
  bench: Bench,
  certificates: Certificates,
  variants: readonly MetricsVariant[],
): Promise<void> {
  const command = debianFile('usr/bin/prometheus');
  await Promise.all(
    variants.map(async ({ id, host, port, tls, basic }) => {
      const folder = bench.place(id);
      const scrape = `scrape_configs: [{job_name: device-telemetry, static_configs: [{targets: ['${host}:${port}']}]}]\n`;
      writeFileSync(join(folder, 'prometheus.yml'), `global: {scrape_interval: 1s}\n${scrape}`);
      const files = `tls_server_config: {cert_file: ${certificates.certificate}, key_file: ${certificates.key}}\n`;
      const web = `${tls === 'first' ? files : ''}${basic === true ? `basic_auth_users: {bench: ${HASH}}\n` : ''}`;
      writeFileSync(join(folder, 'web.yml'), web);
      await bench.launch({
        id,
        host,
        port,
        command,
        folder,
        args: [
          `--config.file=${folder}/prometheus.yml`,
          `--web.config.file=${folder}/web.yml`,
          `--web.listen-address=${host}:${port}`,
          `--storage.tsdb.path=${folder}/data`,
          '--log.level=warn',
        ],
        deadlineMs: 20_000,
        ready: () => answers({ host, port, ...authority(tls, certificates) }),
      });
    }),
  );
}

export async function startVictoriametrics(
  bench: Bench,
  certificates: Certificates,
  variants: readonly MetricsVariant[],
): Promise<void> {
  const command = debianFile('usr/bin/victoria-metrics');
  await Promise.all(
    variants.map(async ({ id, host, port, tls, basic }) => {
      const folder = bench.place(id);
      await bench.launch({
        id,
        host,
        port,
        command,
        folder,
        args: [
          `-httpListenAddr=${host}:${port}`,
          `-storageDataPath=${folder}/data`,
          '-retentionPeriod=1',
          '-loggerLevel=ERROR',
          ...(basic === true ? ['-httpAuth.username=bench', '-httpAuth.password=CANARY-victoria-password'] : []),
          ...(tls === 'first'
            ? ['-tls', `-tlsCertFile=${certificates.certificate}`, `-tlsKeyFile=${certificates.key}`]
            : []),
        ],
        deadlineMs: 20_000,
        ready: () => answers({ host, port, ...authority(tls, certificates) }),
      });
    }),
  );
}

function authority(tls: Variant['tls'], certificates: Certificates): { authority?: Buffer } {
  return tls === 'first' ? { authority: readFileSync(certificates.authority) } : {};
}
