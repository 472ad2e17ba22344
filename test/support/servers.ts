/** Misbehaving loopback servers, each on its own 127.x.y.z address and a free port. */
import { createServer, type AddressInfo, type Server, type Socket } from 'node:net';
import { createServer as createTlsServer, type TlsOptions } from 'node:tls';

export interface Peer {
  readonly host: string;
  readonly port: number;
  /** How each connection ended on the server's side: `end` is a FIN from us, anything else an error code. */
  readonly endings: string[];
  readonly connections: () => number;
  close(): Promise<void>;
}

export async function peer(onConnection: (socket: Socket) => void, host = '127.0.0.1'): Promise<Peer> {
  return listen(createServer({ allowHalfOpen: false }), onConnection, host);
}

export async function tlsPeer(options: TlsOptions, onConnection: (socket: Socket) => void): Promise<Peer> {
  const server = createTlsServer(options);
  server.on('tlsClientError', () => undefined);
  return listen(server, onConnection, '127.0.0.1');
}

async function listen(server: Server, onConnection: (socket: Socket) => void, host: string): Promise<Peer> {
  const sockets = new Set<Socket>();
  const endings: string[] = [];
  let connections = 0;
  server.on(
    server.constructor.name === 'Server' && 'setSecureContext' in server ? 'secureConnection' : 'connection',
    (socket: Socket) => {
      connections++;
      sockets.add(socket);
      socket.on('end', () => endings.push('end'));
      socket.on('error', (error) => endings.push('code' in error ? String(error.code) : error.message));
      socket.on('close', () => sockets.delete(socket));
      onConnection(socket);
    },
  );
  await new Promise<void>((resolve) => server.listen(0, host, resolve));
  return {
    host,
    port: (server.address() as AddressInfo).port,
    endings,
    connections: () => connections,
    close: () =>
      new Promise((resolve) => {
        for (const socket of sockets) socket.destroy();
        server.close(() => resolve());
      }),
  };
}
