import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Bench } from './bench.ts';
import type { Certificates } from './certificates.ts';
import type { Variant } from './engine.ts';
import { debianFile } from './layout.ts';
import { accepts } from './ready.ts';

interface FrontVariant extends Variant {
  readonly program: 'usr/sbin/nutcracker' | 'usr/sbin/haproxy';
  readonly args: (file: string) => readonly string[];
  readonly config: (certificates: Certificates) => string;
}

const haproxy = (file: string): string[] => ['-db', '-f', file];
const TIMES = 'defaults\n mode tcp\n retries 0\n timeout connect 1s\n timeout client 20s\n timeout server 20s\n';

/** What stands in front of a Redis: a proxy that knows some of its words, and balancers that know none. */
export const REDIS_FRONT_VARIANTS: readonly FrontVariant[] = [
  {
    ...front('twemproxy', '127.0.29.14', 'twemproxy: forwards keys, knows no INFO', 'usr/sbin/nutcracker'),
    port: 22121,
    args: (file) => ['-c', file, '-o', `${file}.log`, '-a', '127.0.29.14', '-s', '22222', '-v', '2'],
    config: () =>
      'pool:\n  listen: 127.0.29.14:22121\n  redis: true\n  hash: fnv1a_64\n  servers:\n   - 127.0.10.1:6379:1\n',
  },
  {
    ...front('balancer-no-backend', '127.0.29.15', 'accepts, finds nobody behind it, closes', 'usr/sbin/haproxy'),
    config: () => `${TIMES}listen dead\n bind 127.0.29.15:6379\n server gone 127.0.29.99:1\n`,
  },
  {
    ...front('balancer-tls', '127.0.29.16', 'TLS ends on the balancer, a plaintext Redis behind', 'usr/sbin/haproxy'),
    tls: 'first',
    config: ({ bundle }) =>
      `${TIMES}listen front\n bind 127.0.29.16:6379 ssl crt ${bundle}\n server redis 127.0.10.1:6379\n`,
  },
  {
    ...front('balancer-tls-dead', '127.0.29.17', 'TLS ends on the balancer, nobody behind', 'usr/sbin/haproxy'),
    tls: 'first',
    config: ({ bundle }) =>
      `${TIMES}listen front\n bind 127.0.29.17:6379 ssl crt ${bundle}\n server gone 127.0.29.99:1\n`,
  },
];

function front(id: string, host: string, note: string, program: FrontVariant['program']): Omit<FrontVariant, 'config'> {
  return { id, kind: 'redis-front', engine: 'redis', host, port: 6379, note, tls: 'plain', program, args: haproxy };
}

export async function startRedisFronts(
  bench: Bench,
  certificates: Certificates,
  variants: readonly FrontVariant[],
): Promise<void> {
  await Promise.all(
    variants.map(async ({ id, host, port, program, args, config }) => {
      const folder = bench.place(id);
      const file = join(folder, 'front.conf');
      writeFileSync(file, config(certificates));
      await bench.launch({
        id,
        host,
        port,
        command: debianFile(program),
        folder,
        args: args(file),
        deadlineMs: 10_000,
        ready: () => accepts(host, port),
      });
    }),
  );
}
