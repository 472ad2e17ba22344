import { writeFileSync } from 'node:fs';
import { createConnection } from 'node:net';
import { join } from 'node:path';
import type { Bench } from './bench.ts';
import type { Certificates } from './certificates.ts';
import type { Variant } from './engine.ts';
import { debianFile } from './layout.ts';

interface RedisVariant extends Variant {
  readonly config: (certificates: Certificates) => readonly string[];
}

const PASSWORD = 'requirepass CANARY-redis-password';

function tlsOnly(certificates: Certificates, clients: 'yes' | 'no'): string[] {
  return [
    'port 0',
    'tls-port 6379',
    `tls-cert-file ${certificates.certificate}`,
    `tls-key-file ${certificates.key}`,
    `tls-ca-cert-file ${certificates.authority}`,
    `tls-auth-clients ${clients}`,
  ];
}

function variant(
  id: string,
  host: string,
  note: string,
  config: RedisVariant['config'],
  more: { tls?: 'first'; localAddress?: string; port?: number } = {},
): RedisVariant {
  return { id, kind: 'redis', engine: 'redis', host, port: 6379, note, tls: 'plain', config, ...more };
}

export const REDIS_VARIANTS: readonly RedisVariant[] = [
  variant('redis-open', '127.0.10.1', 'no password', () => []),
  variant('redis-password', '127.0.10.2', 'requirepass', () => [PASSWORD]),
  variant('redis-tls', '127.0.10.3', 'TLS only, no password', (files) => tlsOnly(files, 'no'), { tls: 'first' }),
  variant('redis-tls-password', '127.0.10.4', 'TLS only, requirepass', (files) => [...tlsOnly(files, 'no'), PASSWORD], {
    tls: 'first',
  }),
  variant('redis-mtls', '127.0.10.5', 'TLS with client certificate', (files) => tlsOnly(files, 'yes'), {
    tls: 'first',
  }),
  variant('redis-acl-ping', '127.0.10.6', 'default user may only PING', () => ['user default on nopass -@all +ping']),
  variant('redis-acl-off', '127.0.10.7', 'default user off', () => [
    'user default off',
    'user app on >CANARY-acl ~* +@all',
  ]),
  // Redis 7.0 exempts exactly 127.0.0.1 and ::1, so any other loopback address counts as a stranger.
  variant('redis-protected', '127.0.10.8', 'protected mode', () => ['protected-mode yes'], {
    localAddress: '127.0.0.9',
  }),
  variant('redis-renamed', '127.0.10.9', 'INFO, CONFIG and KEYS renamed away', () => [
    ...['INFO', 'CONFIG', 'KEYS'].map((name) => `rename-command ${name} ""`),
  ]),
  variant('redis-ping-renamed', '127.0.10.10', 'PING renamed away', () => ['rename-command PING ""']),
  variant('redis-cluster', '127.0.10.11', 'a node of a cluster without slots', () => ['cluster-enabled yes']),
  variant('redis-sentinel', '127.0.10.12', 'a Sentinel', () => ['sentinel resolve-hostnames no'], { port: 26379 }),
];

export async function startRedis(
  bench: Bench,
  certificates: Certificates,
  variants: readonly RedisVariant[],
): Promise<void> {
  const command = debianFile('usr/bin/redis-server');
  await Promise.all(
    variants.map(async ({ id, host, port, config }) => {
      const folder = bench.place(id);
      const file = join(folder, 'redis.conf');
      const common = [`bind ${host}`, `port ${port}`, 'protected-mode no', 'save ""', 'appendonly no', `dir ${folder}`];
      writeFileSync(file, [...common, ...config(certificates), ''].join('\n'));
      await bench.launch({
        id,
        host,
        port,
        command,
        folder,
        args: [file, ...(port === 26379 ? ['--sentinel'] : [])],
        deadlineMs: 10_000,
        // A Sentinel has no data to be ready with, and says so in other words.
        ready: (log) => /Ready to accept connections|Sentinel ID is/u.test(log()),
      });
    }),
  );
  // Keys make the difference between "open" and "open with something in it".
  if (variants.some(({ id }) => id === 'redis-open')) await plant('127.0.10.1', 6379);
}

function plant(host: string, port: number): Promise<void> {
  const commands = ['SET session:1001 CANARY-session', 'SET alexa-token:1001 CANARY-token', 'QUIT'];
  return new Promise((resolve, reject) => {
    const socket = createConnection({ host, port }, () => socket.write(`${commands.join('\r\n')}\r\n`));
    socket.resume();
    socket.once('close', () => resolve()).once('error', reject);
  });
}
