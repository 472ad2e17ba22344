/**
 * Stands for what moto's security groups do not do: a listener at an instance's address that lets through to a real engine,
 * or is not there. It speaks TLS, as a proxy beside the engine would. Which engine it leads to can be changed while it
 * stands: then the engine's security was switched off inside.
 */
import { readFileSync } from 'node:fs';
import { connect, type Server, type Socket } from 'node:net';
import { createServer } from 'node:tls';

export interface Target {
  readonly host: string;
  readonly port: number;
}

export interface Gate {
  open(to: Target): Promise<void>;
  close(): Promise<void>;
}

const fixture = (name: string): string => readFileSync(new URL(`../../fixtures/tls/${name}`, import.meta.url), 'utf8');
const TLS = { key: fixture('key.pem'), cert: fixture('cert.pem') };

export function gate(host: string, port: number): Gate {
  let server: Server | undefined;
  let target: Target | undefined;
  const sockets = new Set<Socket>();
  const pass = (socket: Socket): void => {
    if (target === undefined) return void socket.destroy();
    const onward = connect(target.port, target.host);
    for (const each of [socket, onward]) {
      sockets.add(each);
      each.on('error', () => each.destroy());
      each.on('close', () => {
        sockets.delete(each);
        socket.destroy();
        onward.destroy();
      });
    }
    socket.pipe(onward).pipe(socket);
  };
  return {
    async open(to) {
      target = to;
      if (server !== undefined) return;
      const started = createServer(TLS, pass);
      server = started;
      await new Promise<void>((resolve, reject) => {
        started.once('error', reject).listen(port, host, resolve);
      });
    },
    async close() {
      const stopped = server;
      server = undefined;
      for (const socket of sockets) socket.destroy();
      if (stopped !== undefined) await new Promise((resolve) => stopped.close(resolve));
    },
  };
}
