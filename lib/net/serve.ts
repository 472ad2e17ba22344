/** A small loopback HTTP server for stand-ins. Refuses to listen anywhere else. */
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { AjarError } from '../model/errors.ts';
import { parseCanonical } from './guard.ts';

export interface Answer {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
}

export interface Server {
  readonly port: number;
  close(): Promise<void>;
}

export async function serve(
  answer: (asked: { readonly method: string; readonly path: string }) => Answer,
  host = '127.0.0.1',
): Promise<Server> {
  if (parseCanonical(host)?.range() !== 'loopback') throw new AjarError('invariant', `${host} is not loopback`);
  const server = createServer((asked, reply) => {
    const { status, headers, body } = answer({ method: asked.method ?? '', path: asked.url ?? '/' });
    reply.writeHead(status, { ...headers, connection: 'close' });
    reply.end(body);
  });
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(0, host, resolve);
  });
  return {
    port: (server.address() as AddressInfo).port,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}

/** A loopback port that was free a moment ago, for a server that wants to be told one. */
export async function freePort(): Promise<number> {
  const server = await serve(() => ({ status: 503, headers: {}, body: '' }));
  await server.close();
  return server.port;
}
