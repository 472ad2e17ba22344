import { appendFileSync, chmodSync, copyFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Bench } from './bench.ts';
import type { Certificates } from './certificates.ts';
import type { Variant } from './engine.ts';
import { debianFile, productFolder } from './layout.ts';

interface PostgresVariant extends Variant {
  /** The whole pg_hba.conf: the first line that fits decides, no line means refused. */
  readonly rules: readonly string[];
  readonly settings?: readonly string[];
}

const TLS_ON = ["ssl = 'on'"];
const CLIENT_CA = ["ssl = 'on'", "ssl_ca_file = 'ca.pem'"];

export const POSTGRES_VARIANTS: readonly PostgresVariant[] = [
  variant('pg-trust', '127.0.12.1', 'trust', ['host all all 127.0.0.0/8 trust']),
  variant('pg-scram', '127.0.12.2', 'scram without TLS', ['host all all 127.0.0.0/8 scram-sha-256']),
  // A role that does not exist is challenged as password_encryption says, so this is what puts code 5 on the wire.
  variant('pg-md5', '127.0.12.3', 'true md5', ['host all all 127.0.0.0/8 md5'], ["password_encryption = 'md5'"]),
  variant('pg-hostssl-scram', '127.0.12.4', 'scram, TLS only', ['hostssl all all 127.0.0.0/8 scram-sha-256'], TLS_ON),
  variant('pg-hostssl-trust', '127.0.12.5', 'trust, TLS only', ['hostssl all all 127.0.0.0/8 trust'], TLS_ON),
  variant('pg-cert', '127.0.12.6', 'client certificate, TLS only', ['hostssl all all 127.0.0.0/8 cert'], CLIENT_CA),
  // From 127.0.0.9 the same server asks for a password: two vantages, two answers.
  variant('pg-no-entry', '127.0.12.7', 'no rule for our address', ['host all all 127.0.0.9/32 scram-sha-256']),
  variant('pg-cleartext', '127.0.12.8', 'cleartext password without TLS', ['host all all 127.0.0.0/8 password']),
  variant('pg-tls-offered', '127.0.12.9', 'scram, TLS optional', ['host all all 127.0.0.0/8 scram-sha-256'], TLS_ON),
];

export const POSTGRES_17_VARIANTS: readonly PostgresVariant[] = [
  seventeen('pg17-trust', '127.0.12.31', 'trust', ['host all all 127.0.0.0/8 trust']),
  seventeen('pg17-scram', '127.0.12.32', 'scram without TLS', ['host all all 127.0.0.0/8 scram-sha-256']),
  seventeen(
    'pg17-hostssl-scram',
    '127.0.12.33',
    'scram, TLS only',
    ['hostssl all all 127.0.0.0/8 scram-sha-256'],
    TLS_ON,
  ),
  seventeen(
    'pg17-cert',
    '127.0.12.34',
    'client certificate, TLS only',
    ['hostssl all all 127.0.0.0/8 cert'],
    CLIENT_CA,
  ),
];

function seventeen(...from: Parameters<typeof variant>): PostgresVariant {
  return { ...variant(...from), kind: 'postgres-17' };
}

function variant(
  id: string,
  host: string,
  note: string,
  rules: readonly string[],
  settings: readonly string[] = [],
): PostgresVariant {
  return { id, kind: 'postgres', engine: 'postgres', host, port: 5432, note, rules, settings };
}

/** In single-user mode every line is one statement. */
const PLANTED = [
  "CREATE ROLE app LOGIN PASSWORD 'CANARY-postgres-password'",
  'CREATE TABLE device_users (id int, email text, wifi_ssid text, alexa_token text)',
  "INSERT INTO device_users VALUES (1, 'CANARY-email@example.invalid', 'CANARY-ssid', 'CANARY-token')",
  'CREATE TABLE body_metrics (user_id int, weight_kg text, bone_density text)',
  "INSERT INTO body_metrics VALUES (1, 'CANARY-weight', 'CANARY-density')",
];

type Start = (bench: Bench, certificates: Certificates, variants: readonly PostgresVariant[]) => Promise<void>;

export const startPostgres: Start = (...from) => start(debianFile('usr/lib/postgresql/15/bin'), ...from);
export const startPostgres17: Start = (...from) => start(join(productFolder('postgres-17'), 'bin'), ...from);

async function start(
  programs: string,
  bench: Bench,
  certificates: Certificates,
  variants: readonly PostgresVariant[],
): Promise<void> {
  const command = join(programs, 'postgres');
  const template = bench.place(`${variants[0]?.kind}-template`);
  bench.giveAway(template);
  const initdb = join(programs, 'initdb');
  bench.prepare(initdb, ['-D', template, '-U', 'bench', '-A', 'reject', '--no-sync', '-E', 'UTF8', '--locale=C']);
  bench.prepare(command, ['--single', '-F', '-D', template, 'postgres'], `${PLANTED.join('\n')}\n`);

  await Promise.all(
    variants.map(async ({ id, host, port, rules, settings }) => {
      const folder = bench.place(id, template);
      // Kept in the folder under the names that PostgreSQL looks for by default.
      copyFileSync(certificates.certificate, join(folder, 'server.crt'));
      copyFileSync(certificates.key, join(folder, 'server.key'));
      copyFileSync(certificates.authority, join(folder, 'ca.pem'));
      chmodSync(join(folder, 'server.key'), 0o600);
      chmodSync(folder, 0o700);
      writeFileSync(join(folder, 'pg_hba.conf'), `${rules.join('\n')}\n`);
      appendFileSync(join(folder, 'postgresql.conf'), [...base(host, port), ...(settings ?? []), ''].join('\n'));
      await bench.launch({
        id,
        host,
        port,
        command,
        folder,
        args: ['-D', folder],
        stopSignal: 'SIGINT',
        deadlineMs: 30_000,
        ready: (log) => log().includes('ready to accept connections'),
      });
    }),
  );
}

function base(host: string, port: number): string[] {
  return [
    `listen_addresses = '${host}'`,
    `port = ${port}`,
    "unix_socket_directories = ''",
    'shared_buffers = 8MB',
    'max_connections = 20',
    'max_wal_senders = 0',
    "wal_level = 'minimal'",
    'fsync = off',
    "dynamic_shared_memory_type = 'mmap'",
    "log_destination = 'stderr'",
    'logging_collector = off',
  ];
}
