import { readFileSync } from 'node:fs';
import { connect as connectPlain } from 'node:net';
import { connect as connectTls } from 'node:tls';
import { encodeBson } from '../../lib/wire/bson.ts';
import type { Bench } from './bench.ts';
import type { Certificates } from './certificates.ts';
import type { Variant } from './engine.ts';
import { classPath, javaArguments } from './java.ts';
import { accepts } from './ready.ts';

const PORT = 27017;

/** A re-implementation of MongoDB's protocol: real bytes of a real server, of one that knows no accounts. */
export const MONGO_VARIANTS: readonly Variant[] = [
  variant('mongo-open', '127.0.37.1', 'no authentication', 'plain'),
  variant('mongo-tls', '127.0.37.2', 'TLS only, no authentication', 'first'),
];

function variant(id: string, host: string, note: string, tls: 'plain' | 'first'): Variant {
  return { id, kind: 'mongo-java-server', engine: 'mongodb', host, port: PORT, note, tls };
}

export async function startMongo(
  bench: Bench,
  certificates: Certificates,
  variants: readonly Variant[],
): Promise<void> {
  await Promise.all(
    variants.map(async ({ id, host, port, tls }) => {
      await bench.launch({
        id,
        host,
        port,
        folder: bench.place(id),
        command: 'java',
        args: [
          ...javaArguments(64),
          ...classPath('mongo-java-server'),
          ...['MongoLauncher', host, String(port)],
          ...(tls === 'first' ? [certificates.store, certificates.storePassword] : []),
        ],
        deadlineMs: 120_000,
        ready: () => accepts(host, port),
      });
      await plantDocument(host, port, tls === 'first' ? readFileSync(certificates.authority) : undefined);
    }),
  );
}

/** One document: a server without any lists no database, and an empty list proves nothing. */
export function plantDocument(host: string, port: number, authority: Buffer | undefined): Promise<void> {
  const document = encodeBson({ email: 'CANARY-mongo@example.invalid', wifi_ssid: 'CANARY-ssid' });
  const name = Buffer.from('documents\0');
  const section = Buffer.concat([Buffer.from([1]), uint32(4 + name.length + document.length), name, document]);
  const command = encodeBson({ insert: 'device_users', $db: 'telemetry' });
  const body = Buffer.concat([uint32(0), Buffer.from([0]), command, section]);
  const head = Buffer.concat([uint32(16 + body.length), uint32(1), uint32(0), uint32(2013)]);
  return new Promise((resolve, reject) => {
    const socket = authority === undefined ? connectPlain({ host, port }) : connectTls({ host, port, ca: authority });
    socket.once('error', reject);
    socket.once('data', (reply: Buffer) => {
      socket.destroy();
      if (reply.includes('errmsg')) reject(new Error(`planting in ${host}:${port}: ${reply.toString('latin1')}`));
      else resolve();
    });
    socket.write(Buffer.concat([head, body]));
  });
}

function uint32(value: number): Buffer {
  const bytes = Buffer.alloc(4);
  bytes.writeUInt32LE(value);
  return bytes;
}
