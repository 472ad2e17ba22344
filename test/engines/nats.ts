import { once } from 'node:events';
import { createConnection } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Bench } from './bench.ts';
import type { Certificates } from './certificates.ts';
import type { Variant } from './engine.ts';
import { debianFile } from './layout.ts';
import { accepts } from './ready.ts';

interface NatsVariant extends Variant {
  readonly args: (certificates: Certificates, folder: string) => readonly string[];
  /** A stream that its monitoring must count and whose message it must not show. */
  readonly stream?: true;
}

const PORT = 4222;
const MONITORING_PORT = 8222;

export const NATS_VARIANTS: readonly NatsVariant[] = [
  variant('nats-open', '127.0.21.1', 'no authentication', () => []),
  variant('nats-token', '127.0.21.2', 'a token without TLS', () => ['--auth', 'CANARY-nats-token']),
  // NATS upgrades in band: the greeting is in plaintext and says so.
  variant('nats-tls', '127.0.21.3', 'TLS required, no authentication', ({ certificate, key }) => [
    ...['--tls', '--tlscert', certificate, '--tlskey', key],
  ]),
  variant('nats-mtls', '127.0.21.5', 'TLS and client certificates required', ({ certificate, key, authority }) => [
    ...['--tlsverify', '--tlscert', certificate, '--tlskey', key, '--tlscacert', authority],
  ]),
  {
    ...variant('nats-monitoring', '127.0.21.4', 'monitoring over HTTP, one stream', (_, folder) => [
      ...['--http_port', String(MONITORING_PORT), '--jetstream', '--store_dir', folder],
    ]),
    port: MONITORING_PORT,
    tls: 'plain',
    stream: true,
  },
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
    variants.map(async ({ id, host, args, stream }) => {
      const folder = bench.place(id);
      await bench.launch({
        id,
        host,
        port: PORT,
        command,
        folder,
        args: ['--addr', host, '--port', String(PORT), ...args(certificates, folder)],
        deadlineMs: 10_000,
        ready: () => accepts(host, PORT),
      });
      if (stream === true) await plantStream(host);
    }),
  );
}

/** One stream and one message in it, by the client protocol: no client library is needed for two lines. */
async function plantStream(host: string): Promise<void> {
  const stream = JSON.stringify({ name: 'device_events', subjects: ['device.>'], storage: 'memory' });
  const socket = createConnection({ host, port: PORT });
  await once(socket, 'connect');
  const said: string[] = [];
  socket.on('data', (chunk: Buffer) => said.push(chunk.toString('latin1')));
  socket.write('CONNECT {"verbose":false}\r\nSUB _INBOX.bench.* 1\r\n');
  for (const [subject, reply, body] of [
    ['$JS.API.STREAM.CREATE.device_events', '_INBOX.bench.stream', stream],
    ['device.1', '_INBOX.bench.message', 'CANARY-nats-message'],
  ] as const) {
    socket.write(`PUB ${subject} ${reply} ${body.length}\r\n${body}\r\n`);
    const deadline = Date.now() + 5_000;
    while (!said.join('').includes(`MSG ${reply} `)) {
      if (Date.now() > deadline) throw new Error(`${subject} got no answer: ${said.join('')}`);
      await sleep(20);
    }
  }
  socket.end();
}
