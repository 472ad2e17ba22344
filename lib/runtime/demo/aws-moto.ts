/**
 * Where the demo's AWS is: moto at AWS_ENDPOINT_URL, or one that is started here and ended by its own pid. Never a real
 * account: the demo makes and deletes things, so an address that is not loopback's is refused before anything is called.
 */
import { type ChildProcess, spawn } from 'node:child_process';
import { setTimeout as sleep } from 'node:timers/promises';
import { AjarError } from '../../model/errors.ts';
import { printable } from '../../model/text.ts';
import { parseCanonical } from '../../net/guard.ts';
import { freePort } from '../../net/serve.ts';
import { environmentWithoutAws } from '../lambda/environment.ts';

const START_MS = 30_000;
const STOP_MS = 3_000;
const LOOK_MS = 1_000;
/** One that holds much takes its time. */
const GIVEN_LOOK_MS = 10_000;
/** Of what a program said before it ended. */
const SAID_LIMIT = 300;

export interface Moto {
  readonly url: string;
  /** It was there before us, and stays: what is made there has to be removed. */
  readonly isGiven: boolean;
  stop(): Promise<void>;
}

/** `given`: AWS_ENDPOINT_URL. Throws AjarError `bad-input` where there is no moto, with what to install. */
export async function findMoto(given: string | undefined, signal: AbortSignal): Promise<Moto> {
  if (given !== undefined) return givenMoto(given, signal);
  const failures: string[] = [];
  for (const program of PROGRAMS) {
    const started = await start(program, signal);
    if (typeof started !== 'string') return started;
    failures.push(started);
  }
  throw new AjarError('bad-input', `no moto, the stand-in for AWS, on this machine: ${failures.join('; ')}`, {
    cure: CURE,
  });
}

const PROGRAMS = [['moto_server'], ['python3', '-m', 'moto.server']] as const satisfies readonly (readonly [
  string,
  ...string[],
])[];

const CURE = `install it, then run the demo again:
  pipx install 'moto[server]' && npx ajar demo --aws
or, without pipx:
  python3 -m venv ~/.moto && ~/.moto/bin/pip install 'moto[server]' && PATH="$HOME/.moto/bin:$PATH" npx ajar demo --aws
or name one that runs: AWS_ENDPOINT_URL=http://127.0.0.1:5000 npx ajar demo --aws`;

async function givenMoto(given: string, signal: AbortSignal): Promise<Moto> {
  const url = loopbackOrigin(given);
  if (!(await isMoto(url, GIVEN_LOOK_MS))) {
    signal.throwIfAborted();
    throw new AjarError('bad-input', `AWS_ENDPOINT_URL ${url}: no moto answers there`, {
      cure: 'start one (moto_server -p 5000), or unset AWS_ENDPOINT_URL and the demo starts one itself',
    });
  }
  return { url, isGiven: true, stop: async () => undefined };
}

/** Throws AjarError `bad-input` for whatever is not this machine's own. */
function loopbackOrigin(given: string): string {
  const url = URL.parse(given);
  const host = url?.hostname.replace(/^\[|\]$/g, '') ?? '';
  const isLoopback = host === 'localhost' || parseCanonical(host)?.range() === 'loopback';
  if (url?.protocol === 'http:' && isLoopback && url.username === '' && url.password === '') return url.origin;
  // Not the whole of it: there may be a password inside.
  const named = printable(url === null ? 'no URL' : `${url.protocol}//${url.host}`, SAID_LIMIT);
  throw new AjarError('bad-input', `AWS_ENDPOINT_URL (${named}) is not a moto on this machine: nothing was called`, {
    cure: 'the demo makes and deletes things: give it http:// at 127.0.0.1, [::1] or localhost, or unset AWS_ENDPOINT_URL',
  });
}

/** Why it did not start, where it did not. */
async function start([command, ...args]: readonly [string, ...string[]], signal: AbortSignal): Promise<Moto | string> {
  const port = await freePort();
  const url = `http://127.0.0.1:${port}`;
  const child = spawn(command, [...args, '-H', '127.0.0.1', '-p', String(port)], {
    // boto reads profiles inside moto, too: one that does not exist breaks every answer.
    env: environmentWithoutAws(),
    stdio: ['ignore', 'ignore', 'pipe'],
  });
  const kill = (): void => void child.kill('SIGKILL');
  process.once('exit', kill);
  const why = whyEnded([command, ...args].join(' '), child);
  try {
    for (const end = performance.now() + START_MS; ; ) {
      const ended = why();
      if (ended !== undefined) return ended;
      if (await isMoto(url, LOOK_MS)) break;
      if (performance.now() > end)
        throw new AjarError('bad-input', `${command} did not answer in ${START_MS / 1_000} s`);
      await sleep(50, undefined, { signal });
    }
  } catch (error) {
    kill();
    throw error;
  }
  return {
    ...{ url, isGiven: false },
    async stop() {
      await stopped(child);
      process.off('exit', kill);
    },
  };
}

function whyEnded(command: string, child: ChildProcess): () => string | undefined {
  let said = '';
  let why: string | undefined;
  child.stderr?.on('data', (chunk: Buffer) => {
    said = (said + chunk.toString()).slice(-4_000);
  });
  child.once('error', (error) => {
    why = 'code' in error && error.code === 'ENOENT' ? `no ${command} on the PATH` : `${command}: ${error.message}`;
  });
  child.once('close', (code) => {
    const last = said.trimEnd().split('\n').at(-1) ?? '';
    why ??= `${command} ended with ${String(code)}: ${printable(last, SAID_LIMIT)}`;
  });
  return () => why;
}

async function isMoto(url: string, withinMs: number): Promise<boolean> {
  try {
    const answer = await fetch(`${url}/moto-api/data.json`, {
      redirect: 'error',
      signal: AbortSignal.timeout(withinMs),
    });
    await answer.body?.cancel();
    return answer.ok && /java|json/.test(answer.headers.get('content-type') ?? '');
  } catch (error) {
    // Refused, reset, timed out: nothing that answers as moto does.
    if (error instanceof Error) return false;
    throw error;
  }
}

async function stopped(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  const gone = new Promise<void>((resolve) => child.once('exit', () => resolve()));
  child.kill('SIGTERM');
  const timer = setTimeout(() => child.kill('SIGKILL'), STOP_MS);
  await gone;
  clearTimeout(timer);
}
