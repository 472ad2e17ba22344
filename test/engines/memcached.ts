import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Bench } from './bench.ts';
import type { Certificates } from './certificates.ts';
import type { Variant } from './engine.ts';
import { debianFile } from './layout.ts';
import { accepts } from './ready.ts';

interface MemcachedVariant extends Variant {
  readonly args: (folder: string, certificates: Certificates) => readonly string[];
  readonly env?: (folder: string) => Readonly<Record<string, string>>;
}

const PORT = 11211;

export const MEMCACHED_VARIANTS: readonly MemcachedVariant[] = [
  variant('memcached-open', '127.0.13.1', 'plain', () => []),
  {
    ...variant('memcached-sasl', '127.0.13.2', 'SASL, binary protocol only', (folder) => {
      writeFileSync(join(folder, 'memcached.conf'), 'mech_list: plain\n');
      return ['-S'];
    }),
    // Without a configuration folder Cyrus SASL does not start at all; no account has to exist in it.
    env: (folder) => ({ SASL_CONF_PATH: folder }),
  },
  variant('memcached-authfile', '127.0.13.3', 'ASCII authentication file', (folder) => {
    const file = join(folder, 'users');
    writeFileSync(file, 'app:CANARY-memcached-password\n');
    return ['-Y', file];
  }),
  {
    ...variant('memcached-tls', '127.0.13.4', 'TLS only, no authentication', (_folder, files) => {
      return ['-Z', '-o', `ssl_chain_cert=${files.certificate},ssl_key=${files.key}`];
    }),
    tls: 'first',
  },
];

function variant(id: string, host: string, note: string, args: MemcachedVariant['args']): MemcachedVariant {
  return { id, kind: 'memcached', engine: 'memcached', host, port: PORT, note, tls: 'plain', args };
}

export async function startMemcached(
  bench: Bench,
  certificates: Certificates,
  variants: readonly MemcachedVariant[],
): Promise<void> {
  const command = debianFile('usr/bin/memcached');
  await Promise.all(
    variants.map(async ({ id, host, port, args, env }) => {
      const folder = bench.place(id);
      await bench.launch({
        id,
        host,
        port,
        command,
        folder,
        env: env?.(folder) ?? {},
        // -U 0: no UDP listener, the one that amplifies.
        args: ['-l', host, '-p', String(port), '-U', '0', '-m', '16', '-t', '1', ...args(folder, certificates)],
        deadlineMs: 10_000,
        // memcached says nothing when it is ready.
        ready: () => accepts(host, port),
      });
    }),
  );
}
