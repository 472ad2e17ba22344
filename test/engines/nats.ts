import type { Bench } from './bench.ts';
import type { Certificates } from './certificates.ts';
import type { Variant } from './engine.ts';
import { debianFile } from './layout.ts';
import { accepts } from './ready.ts';

interface NatsVariant extends Variant {
  readonly args: (certificates: Certificates) => readonly string[];
}

const PORT = 4222;

export const NATS_VARIANTS: readonly NatsVariant[] = [
  variant('nats-open', '127.0.21.1', 'no authentication', () => []),
  variant('nats-token', '127.0.21.2', 'a token without TLS', () => ['--auth', 'CANARY-nats-token']),
  // NATS upgrades in band: the greeting is in plaintext and says so.
  variant('nats-tls', '127.0.21.3', 'TLS required, no authentication', ({ certificate, key }) => [
    ...['--tls', '--tlscert', certificate, '--tlskey', key],
  ]),
];

function variant(id: string, host: string, note: string, args: NatsVariant['args']): NatsVariant {
  return { id, kind: 'nats', engine: 'nats', host, port: PORT, note, args };
}

export async function startNats(
  bench: Bench,
  certificates: Certificates,
  variants: readonly NatsVariant[],
): Promise<void> {
  const command = debianFile('usr/sbin/nats-server');
  await Promise.all(
    variants.map(({ id, host, args }) =>
      bench.launch({
        id,
        host,
        port: PORT,
        command,
        folder: bench.place(id),
        args: ['--addr', host, '--port', String(PORT), ...args(certificates)],
        deadlineMs: 10_000,
        ready: () => accepts(host, PORT),
      }),
    ),
  );
}
