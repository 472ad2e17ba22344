import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Bench } from './bench.ts';
import type { Certificates } from './certificates.ts';
import type { Variant } from './engine.ts';
import { debianFile } from './layout.ts';
import { accepts } from './ready.ts';

interface TarantoolVariant extends Variant {
  readonly grants: readonly string[];
}

const PORT = 3301;

export const TARANTOOL_VARIANTS: readonly TarantoolVariant[] = [
  variant('tarantool-open', '127.0.17.1', 'guest may do everything', [
    "box.schema.user.grant('guest', 'read,write,execute', 'universe')",
  ]),
  variant('tarantool-guest', '127.0.17.2', 'guest has no rights of its own', []),
];

function variant(id: string, host: string, note: string, grants: readonly string[]): TarantoolVariant {
  return { id, kind: 'tarantool', engine: 'tarantool', host, port: PORT, note, tls: 'plain', grants };
}

export async function startTarantool(
  bench: Bench,
  _certificates: Certificates,
  variants: readonly TarantoolVariant[],
): Promise<void> {
  const command = debianFile('usr/bin/tarantool');
  await Promise.all(
    variants.map(async ({ id, host, grants }) => {
      const folder = bench.place(id);
      const file = join(folder, 'init.lua');
      writeFileSync(file, script(host, grants));
      await bench.launch({
        id,
        host,
        port: PORT,
        command,
        folder,
        args: [file],
        deadlineMs: 20_000,
        ready: async (log) => log().includes('bench is ready') && (await accepts(host, PORT)),
      });
    }),
  );
}

function script(host: string, grants: readonly string[]): string {
  return `box.cfg{listen = '${host}:${PORT}', memtx_memory = 33554432, log_level = 'warn', wal_mode = 'none'}
local space = box.schema.space.create('device_users')
space:create_index('primary')
space:insert{1, 'CANARY-tarantool@example.invalid'}
${grants.join('\n')}
require('log').warn('bench is ready')
`;
}
