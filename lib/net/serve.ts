/** A small loopback HTTP server for stand-ins. Refuses to listen anywhere else. */
import { createServer, type Server as HttpServer } from 'node:http';
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
  return listening(server, host, 0);
}

/** Throws `bad-input` where the port is taken or not ours to take. */
export async function listening(server: HttpServer, host: string, port: number): Promise<Server> {
  await new Promise<void>((resolve, reject) => {
    server.once('error', (error: NodeJS.ErrnoException) =>
      reject(
        new AjarError('bad-input', `cannot listen on ${host} port ${port}: ${error.code ?? error.message}`, {
          cure: 'choose another port, or end what listens there',
        }),
      ),
    );
    server.listen(port, host, resolve);
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
