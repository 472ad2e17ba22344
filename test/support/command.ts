/** Runs `ajar` as a person does, and a Redis that a stranger may or may not read. */
import { type ChildProcess, execFile, spawn } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import type { AddressInfo } from 'node:net';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll } from 'vitest';

export const MAIN = new URL('../../lib/cli/main.ts', import.meta.url).pathname;
export const LAB = ['--allow-private', '--only', '127.0.0.0/8'];

export interface Ran {
  readonly code: number | string | null | undefined;
  readonly stdout: string;
  readonly stderr: string;
}

export interface Place {
  readonly root: string;
  /** Path of a file here. */
  readonly at: (name: string) => string;
  /** Writes a file here and gives its path. */
  readonly file: (name: string, content: string) => string;
  readonly ajar: (...args: string[]) => Promise<Ran>;
  readonly start: (...args: string[]) => ChildProcess & { log: string };
}

/** A folder to work in, removed when the tests of the file are over. */
export function place(): Place {
  const root = mkdtempSync(join(tmpdir(), 'ajar-cli-'));
  afterAll(() => rmSync(root, { recursive: true, force: true }));
  const at = (name: string): string => join(root, name);
  return {
    root,
    at,
    file(name, content) {
      writeFileSync(at(name), content);
      return at(name);
    },
    ajar: (...args) =>
      new Promise((resolve) => {
        execFile(process.execPath, [MAIN, ...args], { cwd: root, timeout: 20_000 }, (error, stdout, stderr) => {
          resolve({ code: error === null ? 0 : error.code, stdout, stderr });
        });
      }),
    start(...args) {
      const child = Object.assign(spawn(process.execPath, [MAIN, ...args], { cwd: root }), { log: '' });
      for (const stream of [child.stdout, child.stderr]) {
        stream.on('data', (data: Buffer) => {
          child.log += data.toString();
        });
      }
      return child;
    },
  };
}

export async function until(reached: () => boolean): Promise<void> {
  const started = performance.now();
  while (!reached()) {
    if (performance.now() - started > 15_000) throw new Error('did not happen within 15 s');
    await sleep(20);
  }
}

export function ended(child: ChildProcess): Promise<number | null> {
  return new Promise((resolve) => child.once('exit', (code) => resolve(code)));
}

/** An open Redis, as far as a stranger can tell; `protect` asks for a password, `delayMs` makes it slow. */
export async function openRedis() {
  const mood = { protect: false, delayMs: 0 };
  const server = createServer((socket) => {
    socket.on('error', () => undefined); // the prober hangs up when it has seen enough
    socket.on('data', async (data) => {
      await sleep(mood.delayMs);
      const info = data.toString().includes('server') ? 'redis_version:7.0.15\r\n' : 'db0:keys=42,expires=0\r\n';
      if (mood.protect) socket.write('-NOAUTH Authentication required.\r\n');
      else socket.write(data.toString().includes('PING') ? '+PONG\r\n' : `$${info.length}\r\n${info}\r\n`);
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  afterAll(() => void server.close());
  const { port } = server.address() as AddressInfo;
  const entry = (id: string, more = ''): string =>
    `  - { id: ${id}, host: 127.0.0.1, port: ${port}, engine: redis${more} }\n`;
  return { mood, port, entry, inventory: `version: 1\nendpoints:\n${entry('sessions')}` };
}
