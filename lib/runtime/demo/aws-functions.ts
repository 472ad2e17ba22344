/** The process that runs the stages: started with exactly the environment that a deployment would set, ended by its pid. */
import { spawn } from 'node:child_process';
import { devNull } from 'node:os';
import { fileURLToPath } from 'node:url';
import { AjarError } from '../../model/errors.ts';
import type { SettingName } from '../lambda/environment.ts';
import type { Answer, Stage, Task } from './aws-stages.ts';

/** A session of the account that was made up. */
export interface Credentials {
  readonly accessKeyId: string;
  readonly secretAccessKey: string;
  readonly sessionToken: string;
}

export interface Functions {
  /** Rejects where the handler threw, with the end of its log. */
  invoke(stage: Stage, event: unknown): Promise<unknown>;
  /** The end of what they wrote. */
  log(): string;
  stop(): Promise<void>;
}

const LOG_CHARS = 4_000;

export function startFunctions(
  settings: Readonly<Partial<Record<SettingName, string>>>,
  credentials: Credentials,
  signal: AbortSignal,
): Functions {
  const child = spawn(process.execPath, ['--no-warnings', fileURLToPath(new URL('./aws-stages.ts', import.meta.url))], {
    env: { ...settings, ...lambdaEnvironment(credentials) },
    stdio: ['ignore', 'pipe', 'pipe', 'ipc'],
  });
  const kill = (): void => void child.kill('SIGKILL');
  process.once('exit', kill);
  let log = '';
  for (const stream of [child.stdout, child.stderr]) {
    stream?.on('data', (chunk: Buffer) => {
      log = (log + chunk.toString()).slice(-LOG_CHARS);
    });
  }
  const waiting = new Map<number, (answer: Answer) => void>();
  child.on('message', (answer: Answer) => waiting.get(answer.id)?.(answer));
  const gone = new Promise<void>((resolve) => child.once('close', () => resolve()));
  const fail = (error: string): void => {
    for (const [id, settle] of waiting) settle({ id, error });
  };
  void gone.then(() => fail('the process of the functions ended'));
  signal.addEventListener('abort', () => fail('cut short'), { once: true });
  let next = 0;
  return {
    log: () => log,
    async invoke(stage, event) {
      signal.throwIfAborted();
      const id = next++;
      const answer = await new Promise<Answer>((resolve) => {
        waiting.set(id, resolve);
        child.send({ id, stage, event } satisfies Task, (error) => {
          if (error !== null) resolve({ id, error: error.message });
        });
      });
      waiting.delete(id);
      signal.throwIfAborted();
      if ('error' in answer) throw new AjarError('invariant', `${stage} failed: ${answer.error}\n${log}`);
      return answer.result;
    },
    async stop() {
      process.off('exit', kill);
      kill();
      await gone;
    },
  };
}

/** Nothing of the caller's environment, and no file of his: the credentials are the demo's own. */
function lambdaEnvironment({ accessKeyId, secretAccessKey, sessionToken }: Credentials): Record<string, string> {
  return {
    AWS_ACCESS_KEY_ID: accessKeyId,
    AWS_SECRET_ACCESS_KEY: secretAccessKey,
    AWS_SESSION_TOKEN: sessionToken,
    AWS_CONFIG_FILE: devNull,
    AWS_SHARED_CREDENTIALS_FILE: devNull,
    AWS_EC2_METADATA_DISABLED: 'true',
    AWS_LAMBDA_FUNCTION_NAME: 'ajar-demo',
    AWS_LAMBDA_INITIALIZATION_TYPE: 'on-demand',
    POWERTOOLS_SERVICE_NAME: 'ajar',
    POWERTOOLS_METRICS_NAMESPACE: 'ajar',
  };
}
