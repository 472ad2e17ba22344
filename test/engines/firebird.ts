import { cpSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Bench } from './bench.ts';
import type { Certificates } from './certificates.ts';
import type { Variant } from './engine.ts';
import { debianFile } from './layout.ts';
import { accepts } from './ready.ts';

interface FirebirdVariant extends Variant {
  readonly settings: readonly string[];
}

const PORT = 3050;

export const FIREBIRD_VARIANTS: readonly FirebirdVariant[] = [
  variant('firebird-default', '127.0.27.1', 'as it comes', []),
  variant('firebird-legacy', '127.0.27.2', 'logins of 2.5, nothing encrypted', [
    ...['AuthServer = Legacy_Auth', 'UserManager = Legacy_UserManager', 'WireCrypt = Disabled'],
  ]),
];

function variant(id: string, host: string, note: string, settings: readonly string[]): FirebirdVariant {
  return { id, kind: 'firebird', engine: 'firebird', host, port: PORT, note, settings };
}

/** Plug-ins by their place: the server would look for them where Debian installs, and here nothing is installed. */
const PLUGINS = ['Engine12', 'Srp', 'Legacy_Auth', 'Legacy_UserManager'];

export async function startFirebird(
  bench: Bench,
  _certificates: Certificates,
  variants: readonly FirebirdVariant[],
): Promise<void> {
  const command = debianFile('usr/sbin/firebird');
  const home = debianFile('usr/lib/x86_64-linux-gnu/firebird/3.0');
  await Promise.all(
    variants.map(async ({ id, host, settings }) => {
      const folder = bench.place(id);
      for (const part of ['firebird.msg', 'plugins', 'intl'])
        cpSync(join(home, part), join(folder, part), { recursive: true });
      const accounts = join(folder, 'security3.fdb');
      writeFileSync(join(folder, 'firebird.conf'), configuration(host, accounts, settings));
      writeFileSync(join(folder, 'databases.conf'), '');
      writeFileSync(join(folder, 'plugins.conf'), PLUGINS.map((name) => plugin(name, folder)).join(''));
      const env = { FIREBIRD: folder, FIREBIRD_LOCK: folder, FIREBIRD_MSG: folder, FIREBIRD_TMP: folder };
      bench.giveAway(folder);
      // Without its database of accounts the server does not start; ours holds none.
      const isql = debianFile('usr/bin/isql-fb');
      bench.prepare(isql, ['-q', '-user', 'SYSDBA'], `create database '${accounts}';\nquit;\n`, env);
      await bench.launch({
        id,
        host,
        port: PORT,
        command,
        folder,
        args: [],
        env,
        deadlineMs: 20_000,
        ready: () => accepts(host, PORT),
      });
    }),
  );
}

function configuration(host: string, accounts: string, settings: readonly string[]): string {
  const lines = [`RemoteBindAddress = ${host}`, `RemoteServicePort = ${PORT}`, `SecurityDatabase = ${accounts}`];
  return `${[...lines, 'ServerMode = Super', ...settings].join('\n')}\n`;
}

function plugin(name: string, folder: string): string {
  return `Plugin = ${name} {\n  Module = ${join(folder, 'plugins', `lib${name}.so`)}\n}\n`;
}
