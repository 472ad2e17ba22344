/** What the socket tests share: a visit to a loopback peer with small budgets, and peers that stop by themselves. */
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { connect, type Socket } from 'node:net';
import type { TlsOptions } from 'node:tls';
import { afterEach } from 'vitest';
import { LIMITS } from '../../lib/net/limits.ts';
import { openVisit, pacer, type Visit, type VisitOptions } from '../../lib/net/visit.ts';
import { type Peer, peer, tlsPeer } from './servers.ts';

export const fixture = (name: string): string =>
  readFileSync(new URL(`../fixtures/tls/${name}`, import.meta.url), 'utf8');
export const TLS = { key: fixture('key.pem'), cert: fixture('cert.pem') };
export const QUICK = { ...LIMITS, connectMs: 300, firstByteMs: 200, idleGapMs: 100, closeMs: 100 };

const open: { close(): Promise<void> }[] = [];
afterEach(async () => {
  for (const thing of open.splice(0).reverse()) await thing.close();
});

export async function server(onConnection: (socket: Socket) => unknown, host?: string): Promise<Peer> {
  const started = await peer(onConnection, host);
  open.push(started);
  return started;
}

export async function secure(onConnection: (socket: Socket) => unknown, over: TlsOptions = {}): Promise<Peer> {
  const started = await tlsPeer({ ...TLS, ...over }, onConnection);
  open.push(started);
  return started;
}

export function visit(to: { host: string; port: number }, over: Partial<VisitOptions> = {}): Visit {
  const started = openVisit({
    host: to.host,
    port: to.port,
    address: { address: to.host, family: to.host.includes(':') ? 6 : 4 },
    maxConnections: 4,
    deadlineMs: 2_000,
    policy: { allowPrivate: true, only: ['127.0.0.0/8', '::1/128'] },
    pacer: pacer(0),
    signal: new AbortController().signal,
    userAgent: 'ajar-test',
    limits: QUICK,
    ...over,
  });
  open.push(started);
  return started;
}

export async function took(work: Promise<unknown>): Promise<number> {
  const start = performance.now();
  await work.catch(() => undefined);
  return performance.now() - start;
}

/** A port that answers no SYN: its process listens, never accepts, and its queue is full. */
export async function blackHole(): Promise<{ host: string; port: number }> {
  const script = `const s = require('node:net').createServer();
    s.listen({ port: 0, host: '127.0.0.1', backlog: 1 }, () => {
      require('node:fs').writeSync(1, String(s.address().port) + '\\n');
      Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0);
    });`;
  const child: ChildProcess = spawn(process.execPath, ['-e', script], { stdio: ['ignore', 'pipe', 'inherit'] });
  const [line] = (await once(child.stdout as NonNullable<ChildProcess['stdout']>, 'data')) as [Buffer];
  const port = Number(line.toString());
  const fillers = Array.from({ length: 4 }, () => connect(port, '127.0.0.1').on('error', () => undefined));
  await Promise.race(fillers.map((socket) => once(socket, 'connect')));
  await new Promise((resolve) => setTimeout(resolve, 50));
  open.push({
    async close() {
      for (const socket of fillers) socket.destroy();
      child.kill('SIGKILL');
      await once(child, 'exit');
    },
  });
  return { host: '127.0.0.1', port };
}
