/**
 * A listener between a probe and an engine that writes down what the probe sends, in the clear: where the probe begins
 * a TLS handshake, at once or in band, it is answered with the bench's certificate and continued to the engine. What the
 * engine says of its own certificate is lost on the way, so verdicts are not judged through it; requests are.
 */
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { createConnection, createServer, type Server, type Socket } from 'node:net';
import { connect as connectTls, createSecureContext, TLSSocket } from 'node:tls';
import type { Certificates } from './certificates.ts';
import type { RunningEngine } from './engine.ts';

/** A ClientHello: no protocol here has a message of its own like this. It may come right behind one (MySQL). */
const HELLO = /\x16\x03[\x00-\x04][^]{2}\x01\x00/u;

export interface Tap {
  readonly host: string;
  /** Per connection, what the probe wrote, as it came. */
  readonly conversations: readonly (readonly Buffer[])[];
  close(): Promise<void>;
}

/** On the address that mirrors the engine's (127.0.x.y as 127.1.x.y), on the same port. */
export async function tap(engine: RunningEngine, certificates: Certificates): Promise<Tap> {
  const host = engine.host.replace(/^127\.0\./u, '127.1.');
  const conversations: Buffer[][] = [];
  const sockets = new Set<Socket>();
  const server = createServer((client) => {
    const sent: Buffer[] = [];
    conversations.push(sent);
    const { port, localAddress } = engine;
    const upstream = createConnection({
      host: engine.host,
      port,
      ...(localAddress === undefined ? {} : { localAddress }),
    });
    for (const socket of [client, upstream]) sockets.add(socket);
    join(client, upstream, sent, certificates);
  });
  server.listen(engine.port, host);
  await once(server, 'listening');
  return { host, conversations, close: () => close(server, sockets) };
}

function join(client: Socket, upstream: Socket, sent: Buffer[], certificates: Certificates): void {
  const end = () => {
    client.destroy();
    upstream.destroy();
  };
  for (const socket of [client, upstream]) socket.on('error', end).on('close', end);
  const onReply = (chunk: Buffer) => client.write(chunk);
  const onRequest = (chunk: Buffer) => {
    const hello = client instanceof TLSSocket ? -1 : chunk.toString('latin1').search(HELLO);
    const clear = hello === -1 ? chunk : chunk.subarray(0, hello);
    if (clear.length > 0) {
      sent.push(clear);
      upstream.write(clear);
    }
    if (hello === -1) return;
    client.off('data', onRequest).pause();
    upstream.off('data', onReply);
    client.unshift(chunk.subarray(hello));
    const secureContext = createSecureContext({
      cert: readFileSync(certificates.certificate),
      key: readFileSync(certificates.key),
    });
    const inner = new TLSSocket(client, { isServer: true, secureContext });
    join(inner, connectTls({ socket: upstream, rejectUnauthorized: false }), sent, certificates);
  };
  client.on('data', onRequest);
  upstream.on('data', onReply);
}

async function close(server: Server, sockets: ReadonlySet<Socket>): Promise<void> {
  for (const socket of sockets) socket.destroy();
  server.close();
  await once(server, 'close');
}
