import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Bench } from './bench.ts';
import type { Certificates } from './certificates.ts';
import type { Variant } from './engine.ts';
import { debianFile } from './layout.ts';
import { accepts } from './ready.ts';

interface PgbouncerVariant extends Variant {
  readonly settings: (certificates: Certificates) => readonly string[];
}

const PORT = 6432;

/** A pooler answers for itself before it asks any server: none has to be there. */
export const PGBOUNCER_VARIANTS: readonly PgbouncerVariant[] = [
  variant('pgbouncer-any', '127.0.12.21', 'auth_type any: everybody is somebody', () => ['auth_type = any']),
  variant('pgbouncer-md5', '127.0.12.22', 'auth_type md5 without TLS', () => ['auth_type = md5']),
  variant('pgbouncer-scram', '127.0.12.23', 'auth_type scram-sha-256 without TLS', () => ['auth_type = scram-sha-256']),
  variant('pgbouncer-plain', '127.0.12.24', 'auth_type plain without TLS', () => ['auth_type = plain']),
  variant('pgbouncer-tls', '127.0.12.25', 'scram-sha-256, TLS required', (files) => [
    'auth_type = scram-sha-256',
    'client_tls_sslmode = require',
    `client_tls_cert_file = ${files.certificate}`,
    `client_tls_key_file = ${files.key}`,
  ]),
];

function variant(id: string, host: string, note: string, settings: PgbouncerVariant['settings']): PgbouncerVariant {
  return { id, kind: 'pgbouncer', engine: 'postgres', host, port: PORT, note, settings };
}

export async function startPgbouncer(
  bench: Bench,
  certificates: Certificates,
  variants: readonly PgbouncerVariant[],
): Promise<void> {
  const command = debianFile('usr/sbin/pgbouncer');
  await Promise.all(
    variants.map(async ({ id, host, settings }) => {
      const folder = bench.place(id);
      const file = join(folder, 'pgbouncer.ini');
      writeFileSync(join(folder, 'users.txt'), '"app" "CANARY-pgbouncer-password"\n');
      const common = [
        ...['[databases]', 'postgres = host=127.0.12.1 port=5432 user=app', '[pgbouncer]'],
        ...[`listen_addr = ${host}`, `listen_port = ${PORT}`, 'unix_socket_dir =', `auth_file = ${folder}/users.txt`],
      ];
      writeFileSync(file, [...common, ...settings(certificates), ''].join('\n'));
      await bench.launch({
        id,
        host,
        port: PORT,
        command,
        folder,
        args: [file],
        deadlineMs: 10_000,
        ready: () => accepts(host, PORT),
      });
    }),
  );
}
