/**
 * moto, the stand-in for AWS, on loopback: installed once from PyPI into the engines' folder, started for a suite,
 * stopped by its own pid. What it gets wrong stands in README.md beside this file.
 */
import { type ChildProcess, execFileSync, spawn } from 'node:child_process';
import { existsSync, mkdirSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { cacheFolder } from '../engines/layout.ts';

export const MOTO_VERSION = '5.2.5';
const START_MS = 30_000;

export interface Moto {
  readonly url: string;
  reset(): Promise<void>;
  stop(): Promise<void>;
}

/** Needs python3 with venv. A second run does nothing. */
export function installMoto(): string {
  const folder = join(cacheFolder(), `moto-${MOTO_VERSION}`);
  const stamp = join(folder, 'installed');
  if (!existsSync(stamp)) {
    mkdirSync(cacheFolder(), { recursive: true });
    execFileSync('python3', ['-m', 'venv', folder], { stdio: 'pipe' });
    execFileSync(join(folder, 'bin/pip'), ['install', '--quiet', `moto[server]==${MOTO_VERSION}`], {
      stdio: 'pipe',
      timeout: 540_000,
    });
    writeFileSync(stamp, MOTO_VERSION);
  }
  return join(folder, 'bin/moto_server');
}

export async function startMoto(): Promise<Moto> {
  const program = installMoto();
  const port = await freePort();
  const url = `http://127.0.0.1:${port}`;
  const server = spawn(program, ['-H', '127.0.0.1', '-p', String(port)], { stdio: ['ignore', 'ignore', 'pipe'] });
  let said = '';
  server.stderr.on('data', (chunk: Buffer) => {
    said = (said + chunk.toString()).slice(-4_000);
  });
  for (const until = Date.now() + START_MS; ; ) {
    if (await answers(url)) break;
    if (server.exitCode !== null || Date.now() > until) throw new Error(`moto did not start: ${said}`);
    await sleep(100);
  }
  await settled(url);
  return {
    url,
    async reset() {
      const { status } = await fetch(`${url}/moto-api/reset`, { method: 'POST' });
      if (status !== 200) throw new Error(`moto reset: HTTP ${status}`);
    },
    stop: () => stopped(server),
  };
}

/** moto keeps DAX clusters `creating` for a few reads; real ones are long finished when a sweep comes. */
async function settled(url: string): Promise<void> {
  const body = JSON.stringify({ model_name: 'dax::cluster', transition: { progression: 'immediate' } });
  const { status } = await fetch(`${url}/moto-api/state-manager/set-transition`, { method: 'POST', body });
  if (status !== 201) throw new Error(`moto transition: HTTP ${status}`);
}

async function answers(url: string): Promise<boolean> {
  try {
    return (await fetch(`${url}/moto-api/data.json`, { signal: AbortSignal.timeout(1_000) })).ok;
  } catch (error) {
    if (error instanceof Error) return false;
    throw error;
  }
}

async function stopped(server: ChildProcess): Promise<void> {
  if (server.exitCode !== null) return;
  const gone = new Promise((resolve) => server.once('exit', resolve));
  server.kill('SIGTERM');
  const killer = setTimeout(() => server.kill('SIGKILL'), 5_000);
  await gone;
  clearTimeout(killer);
}

async function freePort(): Promise<number> {
  return new Promise((resolve, reject) => {
    const probe = createServer();
    probe.once('error', reject);
    probe.listen(0, '127.0.0.1', () => {
      const address = probe.address();
      probe.close(() => {
        if (typeof address === 'object' && address !== null) resolve(address.port);
        else reject(new Error('no port'));
      });
    });
  });
}
