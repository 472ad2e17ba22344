import { type ChildProcess, execFileSync, spawn } from 'node:child_process';
import {
  chmodSync,
  closeSync,
  cpSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  openSync,
  readFileSync,
  rmSync,
} from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { isRoot, libraryPath } from './layout.ts';

/** `nobody`: several engines refuse to run as root, and none of them needs a right. */
const NOBODY = 65534;
const GRACE_MS = 8_000;

export interface Launch {
  readonly id: string;
  readonly host: string;
  readonly port: number;
  readonly command: string;
  readonly args: readonly string[];
  readonly folder: string;
  readonly env?: Readonly<Record<string, string>>;
  /** PostgreSQL waits for its clients on SIGTERM; SIGINT is its fast shutdown. */
  readonly stopSignal?: 'SIGINT' | 'SIGTERM';
  readonly deadlineMs: number;
  /** Asked every 100 ms. Given the engine's own log, because some say "ready" only there. */
  readonly ready: (log: () => string) => boolean | Promise<boolean>;
}

/** One temporary folder and the children that live in it. Ends exactly the pids it started. */
export class Bench {
  readonly folder: string;
  readonly #children = new Map<ChildProcess, Launch>();
  #stopped = false;

  constructor() {
    this.folder = mkdtempSync(join(tmpdir(), 'ajar-engines-'));
    // mkdtemp closes the folder to everybody else, and the engines run as somebody else.
    chmodSync(this.folder, 0o755);
  }

  /** A folder for one engine, copied from `template` where preparing it anew would be slow. */
  place(name: string, template?: string): string {
    const folder = join(this.folder, name);
    if (template === undefined) mkdirSync(folder, { recursive: true });
    else cpSync(template, folder, { recursive: true, preserveTimestamps: true });
    return folder;
  }

  /** Hands everything below `folder` to the account that the engines run as. */
  giveAway(folder: string): void {
    if (isRoot()) execFileSync('chown', ['-R', `${NOBODY}:${NOBODY}`, folder]);
  }

  /** Runs a preparing program to its end, as the engine's account. */
  prepare(command: string, args: readonly string[], input = '', env: Readonly<Record<string, string>> = {}): void {
    execFileSync(command, args, { input, stdio: 'pipe', cwd: this.folder, env: this.#environment(env), ...account() });
  }

  async launch(launch: Launch): Promise<void> {
    await assertFree(launch);
    if (this.#stopped) throw new Error(`${launch.id}: the bench was stopped meanwhile`);
    this.giveAway(launch.folder);
    const logFile = join(this.folder, `${launch.id}.log`);
    const output = openSync(logFile, 'a');
    const child = spawn(launch.command, launch.args, {
      cwd: launch.folder,
      env: this.#environment(launch.env ?? {}),
      stdio: ['ignore', output, output],
      ...account(),
    });
    closeSync(output);
    this.#children.set(child, launch);
    let failure: Error | undefined;
    child.once('error', (error) => (failure = error));
    const log = () => (existsSync(logFile) ? readFileSync(logFile, 'utf8') : '');
    const deadline = Date.now() + launch.deadlineMs;
    while (!(await launch.ready(log))) {
      const reason = failure?.message ?? endOf(child) ?? (Date.now() > deadline ? 'was not ready in time' : undefined);
      if (reason !== undefined) throw new Error(`${describe(launch)} ${reason}. Its log ends:\n${tail(log())}`);
      await sleep(100);
    }
  }

  /** What the servers at this address have written so far. */
  logOf(host: string): string {
    const ids = [...this.#children.values()].filter((launch) => launch.host === host).map(({ id }) => id);
    return ids.map((id) => readFileSync(join(this.folder, `${id}.log`), 'utf8')).join('');
  }

  async stop(): Promise<void> {
    this.#stopped = true;
    await Promise.all([...this.#children].map(([child, launch]) => end(child, launch.stopSignal ?? 'SIGTERM')));
    this.#children.clear();
    rmSync(this.folder, { recursive: true, force: true, maxRetries: 3, retryDelay: 200 });
  }

  /** For the `exit` event, where nothing can be awaited. */
  abandon(): void {
    for (const child of this.#children.keys()) if (endOf(child) === undefined) child.kill('SIGKILL');
    rmSync(this.folder, { recursive: true, force: true });
  }

  #environment(extra: Readonly<Record<string, string>>): Record<string, string> {
    const path = process.env['PATH'] ?? '/usr/bin:/bin';
    return { PATH: path, HOME: this.folder, LC_ALL: 'C.UTF-8', TZ: 'UTC', LD_LIBRARY_PATH: libraryPath(), ...extra };
  }
}

function account(): { uid?: number; gid?: number } {
  return isRoot() ? { uid: NOBODY, gid: NOBODY } : {};
}

async function end(child: ChildProcess, signal: 'SIGINT' | 'SIGTERM'): Promise<void> {
  if (endOf(child) !== undefined || child.pid === undefined) return;
  const gone = new Promise<true>((resolve) => child.once('exit', () => resolve(true)));
  child.kill(signal);
  if (await Promise.race([gone, sleep(GRACE_MS, false, { ref: false })])) return;
  child.kill('SIGKILL');
  await gone;
}

function endOf(child: ChildProcess): string | undefined {
  if (child.exitCode !== null) return `ended with status ${child.exitCode}`;
  return child.signalCode === null ? undefined : `was ended by ${child.signalCode}`;
}

/** Says who is in the way before an engine says it in its own words, or answers in another engine's place. */
async function assertFree(launch: Launch): Promise<void> {
  const server = createServer();
  await new Promise<void>((resolve, reject) => {
    server.once('error', (error) => {
      reject(new Error(`${describe(launch)} cannot start: something else listens there`, { cause: error }));
    });
    server.listen(launch.port, launch.host, () => server.close(() => resolve()));
  });
}

function describe(launch: Launch): string {
  return `${launch.id} (${launch.host}:${launch.port})`;
}

function tail(text: string): string {
  return text.trimEnd().split('\n').slice(-25).join('\n');
}
