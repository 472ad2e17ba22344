/**
 * The process in which the hostile servers live: what they hold and burn is not counted as the prober's. Tells its parent
 * where each listens, and ends with it, or after its own life.
 */
import { type AddressInfo, createServer, type Server } from 'node:net';
import { createServer as createTlsServer } from 'node:tls';
import { HOSTILE } from './catalogue.ts';
import { type HostileServer, talkOver } from './server.ts';

const LIFE_MS = 60 * 60_000;
/** A connection that never gets through its handshake. */
const HANDSHAKE_MS = 25_000;

export interface Listening {
  readonly name: string;
  readonly host: string;
  readonly port: number;
}

async function start(row: HostileServer, host: string): Promise<Listening> {
  let connections = 0;
  const server: Server =
    row.tls === undefined
      ? createServer({ allowHalfOpen: row.halfOpen === true }, (socket) => row.serve(talkOver(socket, connections++)))
      : createTlsServer({ ...row.tls(), handshakeTimeout: HANDSHAKE_MS }, (socket) =>
          row.serve(talkOver(socket, connections++)),
        );
  server.on('tlsClientError', () => undefined);
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(0, host, resolve);
  });
  return { name: row.name, host, port: (server.address() as AddressInfo).port };
}

process.on('disconnect', () => process.exit());
setTimeout(() => process.exit(), LIFE_MS).unref();
const listening = await Promise.all(HOSTILE.map((row, i) => start(row, `127.66.${1 + (i >> 7)}.${1 + (i & 127)}`)));
process.send?.(listening);
