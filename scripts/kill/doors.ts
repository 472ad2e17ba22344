/** What a run that is to be killed looks at and talks to: a loopback Redis stand-in, open or not, and a web hook that remembers. */
import { createServer as createHttpServer } from 'node:http';
import { type AddressInfo, createServer } from 'node:net';

export interface Doors {
  /** Whether anyone may come in without a password. */
  isOpen: boolean;
  readonly port: number;
  readonly webhook: string;
  /** What the web hook accepted, in order. */
  readonly received: { readonly key: string; readonly kind: string }[];
  close(): void;
}

export async function openDoors(): Promise<Doors> {
  const redis = createServer((socket) => {
    socket.on('error', () => undefined); // the prober was killed: that is the point
    socket.on('data', (data) => {
      const info = 'redis_version:7.0.15\r\n';
      if (!doors.isOpen) socket.write('-NOAUTH Authentication required.\r\n');
      else socket.write(data.toString().includes('PING') ? '+PONG\r\n' : `$${info.length}\r\n${info}\r\n`);
    });
  });
  const received: { key: string; kind: string }[] = [];
  const webhook = createHttpServer((asked, reply) => {
    let body = '';
    asked.on('error', () => undefined);
    asked.on('data', (chunk: Buffer) => (body += chunk.toString()));
    asked.on('end', () => {
      received.push(JSON.parse(body) as { key: string; kind: string });
      reply.end();
    });
  });
  await new Promise<void>((resolve) => redis.listen(0, '127.0.0.1', resolve));
  await new Promise<void>((resolve) => webhook.listen(0, '127.0.0.1', resolve));
  const portOf = (server: { address(): unknown }): number => (server.address() as AddressInfo).port;
  const doors: Doors = {
    ...{ isOpen: false, port: portOf(redis), webhook: `http://127.0.0.1:${portOf(webhook)}/`, received },
    close() {
      redis.close();
      webhook.close();
      webhook.closeAllConnections();
    },
  };
  return doors;
}
