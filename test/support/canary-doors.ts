/** Peers with a secret somewhere, on sockets: for whoever has no other way in than a connection, as a deployed function. */
import { createServer as createSite, type IncomingMessage, type ServerResponse } from 'node:http';
import { createServer as createTlsSite } from 'node:https';
import { createServer, type AddressInfo, type Server, type Socket } from 'node:net';
import { createServer as createTlsServer } from 'node:tls';
import { PeerError } from '../../lib/model/errors.ts';
import type { Planted } from './canaries.ts';
import { TLS } from './lab.ts';
import type { ScriptConnection } from './script-access.ts';

export interface CanaryDoor {
  readonly host: string;
  readonly port: number;
  close(): void;
}

export async function openDoor(planted: Planted, host: string): Promise<CanaryDoor> {
  const server = serverOf(planted);
  const sockets = new Set<Socket>();
  server.on('connection', (socket: Socket) => {
    sockets.add(socket);
    socket.on('error', () => socket.destroy()).on('close', () => sockets.delete(socket));
  });
  server.on('tlsClientError', () => undefined);
  await new Promise<void>((resolve) => server.listen(0, host, resolve));
  return {
    host,
    port: (server.address() as AddressInfo).port,
    close() {
      for (const socket of sockets) socket.destroy();
      server.close();
    },
  };
}

function serverOf({ access, connection, tls }: Planted): Server {
  if (connection !== undefined) {
    const talk = (socket: Socket): void => script(connection, socket);
    return tls ? createTlsServer(TLS, talk) : createServer(talk);
  }
  const answer = (request: IncomingMessage, response: ServerResponse): void => {
    const post = request.method === 'POST' ? { post: { type: 'application/json', body: '' } as const } : {};
    access.request({ scheme: tls ? 'https' : 'http', path: `/${(request.url ?? '/').slice(1)}`, ...post }).then(
      ({ status, headers, body }) => {
        const kept = Object.entries(headers).filter(([name]) => !/^(?:content-length|transfer-encoding)$/iu.test(name));
        response.writeHead(status, Object.fromEntries(kept)).end(body);
      },
      (error: unknown) => {
        if (!(error instanceof PeerError)) throw error;
        response.destroy();
      },
    );
  };
  return tls ? createTlsSite(TLS, answer) : createSite(answer);
}

/** A reply for each thing that is said to it. */
function script({ replies, end }: ScriptConnection, socket: Socket): void {
  const left = [...replies];
  const say = (): void => {
    const next = left.shift();
    if (next !== undefined && next.length > 0) socket.write(next);
    if (left.length === 0 && end === 'closed') socket.end();
  };
  socket.on('error', () => socket.destroy()).on('data', say);
  say();
}
