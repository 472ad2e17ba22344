/** Loopback doors, each open to anyone or behind a password, and a web hook that notes when it was told of what. */
import { createServer as createHttpServer } from 'node:http';
import { type AddressInfo, createServer, type Server, type Socket } from 'node:net';

interface Incident {
  readonly endpointId: string;
  readonly protection: string;
}
/** One message that the web hook accepted; it may tell of several incidents of an endpoint. */
export interface Told {
  readonly key: string;
  readonly kind: string;
  readonly incidents: readonly Incident[];
  readonly at: number;
}
export interface Doors {
  /** Each at an address of its own: one address is asked four times a second at most. */
  readonly at: readonly { readonly host: string; readonly port: number }[];
  readonly open: Set<number>;
  readonly webhook: string;
  readonly told: Told[];
  close(): void;
}

interface Posted {
  readonly key: string;
  readonly kind: string;
  readonly incident: Incident;
  readonly also?: readonly Incident[];
}

const INFO = 'redis_version:7.0.15\r\n';

export async function openDoors(count: number): Promise<Doors> {
  const open = new Set<number>();
  const told: Told[] = [];
  const answer = (socket: Socket, asked: string, isOpen: boolean): void => {
    if (!isOpen) socket.write('-NOAUTH Authentication required.\r\n');
    else socket.write(asked.includes('PING') ? '+PONG\r\n' : `$${INFO.length}\r\n${INFO}\r\n`);
  };
  const servers = Array.from({ length: count }, (_, i) =>
    createServer((socket) => {
      socket.on('error', () => socket.destroy());
      socket.on('data', (data: Buffer) => answer(socket, data.toString('latin1'), open.has(i)));
    }),
  );
  const webhook = createHttpServer((asked, reply) => {
    let body = '';
    asked.on('error', () => undefined);
    asked.on('data', (chunk: Buffer) => (body += chunk.toString()));
    asked.on('end', () => {
      const { key, kind, incident, also = [] } = JSON.parse(body) as Posted;
      told.push({ key, kind, incidents: [incident, ...also], at: Date.now() });
      reply.end();
    });
  });
  const hosts = servers.map((_, i) => `127.1.${i >> 8}.${i & 255}`);
  await Promise.all(servers.map((server, i) => listening(server, hosts[i] ?? '127.0.0.1')));
  await listening(webhook, '127.0.0.1');
  return {
    at: servers.map((server, i) => ({ host: hosts[i] ?? '', port: portOf(server) })),
    ...{ open, told, webhook: `http://127.0.0.1:${portOf(webhook)}/` },
    close() {
      for (const server of [...servers, webhook]) server.close();
      webhook.closeAllConnections();
    },
  };
}

function listening(server: Pick<Server, 'listen'>, host: string): Promise<void> {
  return new Promise((done) => server.listen(0, host, done));
}

function portOf(server: Pick<Server, 'address'>): number {
  return (server.address() as AddressInfo).port;
}
