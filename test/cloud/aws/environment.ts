/** A Lambda environment: a thread of its own with its own variables, that can die at any moment as a real one can. */
import { once } from 'node:events';
import { Worker } from 'node:worker_threads';
import type { Clock } from './clock.ts';
import type { Answer, Invocation, WorkerInput } from './lambda-worker.ts';

export type Outcome =
  | { readonly kind: 'done'; readonly result: unknown }
  | { readonly kind: 'failed'; readonly error: string }
  | { readonly kind: 'died' };

export interface Environment {
  invoke(event: unknown): Promise<Outcome>;
  /** Between two awaits, whatever it was doing. */
  kill(): Promise<void>;
  /** The end of what it wrote. */
  log(): string;
}

export interface EnvironmentOptions {
  readonly name: string;
  readonly bundle: string;
  readonly timeoutMs: number;
  readonly env: Readonly<Record<string, string>>;
  readonly clock: Clock;
}

const LOG_CHARS = 20_000;

export async function startEnvironment({ env, clock, ...rest }: EnvironmentOptions): Promise<Environment> {
  const input: WorkerInput = { ...rest, skipped: clock.skipped };
  const worker = new Worker(new URL('./lambda-worker.ts', import.meta.url), {
    workerData: input,
    env: { ...env },
    stdout: true,
    stderr: true,
    execArgv: ['--no-warnings'],
  });
  let log = '';
  for (const stream of [worker.stdout, worker.stderr]) {
    stream.on('data', (chunk: Buffer) => {
      log = (log + chunk.toString()).slice(-LOG_CHARS);
    });
  }
  const waiting = new Map<number, (outcome: Outcome) => void>();
  let next = 0;
  let isDead = false;
  const died = (): void => {
    isDead = true;
    for (const resolve of waiting.values()) resolve({ kind: 'died' });
    waiting.clear();
  };
  worker.on('exit', died);
  worker.on('message', (answer: Answer) => {
    if ('ready' in answer) return;
    waiting.get(answer.id)?.(
      'error' in answer ? { kind: 'failed', error: answer.error } : { kind: 'done', result: answer.result },
    );
    waiting.delete(answer.id);
  });
  await Promise.race([
    once(worker, 'message'),
    once(worker, 'error').then(([error]) => {
      throw new Error(`${rest.name} does not start`, { cause: error });
    }),
  ]);
  worker.on('error', (error) => {
    log += `\n${String(error)}`;
    died();
  });
  return {
    invoke: (event) =>
      new Promise((resolve) => {
        if (isDead) return resolve({ kind: 'died' });
        const id = next++;
        waiting.set(id, resolve);
        worker.postMessage({ id, event } satisfies Invocation);
      }),
    async kill() {
      died();
      await worker.terminate();
    },
    log: () => log,
  };
}
