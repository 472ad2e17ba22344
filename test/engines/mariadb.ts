import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Bench } from './bench.ts';
import type { Certificates } from './certificates.ts';
import type { Variant } from './engine.ts';
import { debianFile } from './layout.ts';

interface MariadbVariant extends Variant {
  /** The host part of the only account: who gets a greeting at all. */
  readonly admits: string;
  readonly args: (certificates: Certificates) => readonly string[];
}

export const MARIADB_VARIANTS: readonly MariadbVariant[] = [
  variant('mysql-plain', '127.0.11.1', 'password, no TLS', '%', () => ['--skip-ssl']),
  variant('mysql-tls', '127.0.11.2', 'password, TLS offered', '%', tls),
  // Not admitted from 127.0.0.1 (error 1130), admitted from 127.0.0.9: two vantages, two answers.
  variant('mysql-host-denied', '127.0.11.3', 'no account for our address', '127.0.0.9', tls),
];

function variant(id: string, host: string, note: string, admits: string, args: MariadbVariant['args']): MariadbVariant {
  return { id, kind: 'mysql', engine: 'mysql', host, port: 3306, note, admits, args };
}

function tls(certificates: Certificates): string[] {
  return [`--ssl-cert=${certificates.certificate}`, `--ssl-key=${certificates.key}`];
}

export async function startMariadb(
  bench: Bench,
  certificates: Certificates,
  variants: readonly MariadbVariant[],
): Promise<void> {
  const command = debianFile('usr/sbin/mariadbd');
  const shared = debianFile('usr/share/mysql');
  const base = [
    '--no-defaults',
    `--basedir=${debianFile('usr')}`,
    `--lc-messages-dir=${shared}`,
    `--plugin-dir=${bench.place('mariadb-plugins')}`,
    '--innodb-buffer-pool-size=16M',
    '--innodb-log-file-size=8M',
    '--innodb-flush-log-at-trx-commit=0',
  ];
  const template = bench.place('mariadb-template');
  bench.giveAway(template);
  bench.prepare(command, [...base, `--datadir=${template}`, '--bootstrap'], systemTables(shared));

  await Promise.all(
    variants.map(async ({ id, host, port, admits, args }) => {
      const folder = bench.place(id, template);
      const accounts = join(folder, 'accounts.sql');
      writeFileSync(accounts, accountsFor(admits));
      await bench.launch({
        id,
        host,
        port,
        command,
        folder,
        args: [
          ...base,
          `--datadir=${folder}`,
          `--bind-address=${host}`,
          `--port=${port}`,
          `--socket=${join(folder, 'mariadb.sock')}`,
          `--init-file=${accounts}`,
          // A reverse look-up of the client would make answers depend on the machine's resolver, and it is
          // also what makes every abandoned greeting count towards max_connect_errors.
          '--skip-name-resolve',
          ...args(certificates),
        ],
        deadlineMs: 30_000,
        ready: (log) => log().includes('ready for connections'),
      });
    }),
  );
}

/** What mariadb-install-db does, without the script: it wants a client program from another package. */
function systemTables(shared: string): string {
  const scripts = ['mysql_system_tables.sql', 'mysql_system_tables_data.sql'];
  const statements = scripts.map((name) => readFileSync(join(shared, name), 'utf8'));
  return ['CREATE DATABASE mysql;', 'USE mysql;', 'SET @auth_root_socket=NULL;', ...statements].join('\n');
}

/** The passwordless root@localhost of a fresh data folder would admit every loopback client: remove it. */
function accountsFor(host: string): string {
  return `DELETE FROM mysql.global_priv WHERE User <> 'mariadb.sys';
FLUSH PRIVILEGES;
CREATE USER 'app'@'${host}' IDENTIFIED BY 'CANARY-mariadb-password';
`;
}
