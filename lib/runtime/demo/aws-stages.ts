/**
 * The deployed functions in a process of their own, so that what Lambda sets in the environment stays out of the command
 * line's. One task a message, one answer each; ends with whoever started it.
 */
import { randomUUID } from 'node:crypto';

export const STAGES = ['plan', 'collect', 'probe', 'assess', 'change', 'notify'] as const;
export type Stage = (typeof STAGES)[number];

export interface Task {
  readonly id: number;
  readonly stage: Stage;
  readonly event: unknown;
}
export type Answer =
  | { readonly id: number; readonly result: unknown }
  | { readonly id: number; readonly error: string };

/** As serverless.yml gives most of them. */
const TIMEOUT_MS = 60_000;

export async function runStage({ id, stage, event }: Task): Promise<Answer> {
  try {
    const module: unknown = await import(new URL(`../../../functions/${stage}.ts`, import.meta.url).href);
    if (!hasHandler(module)) throw new Error(`functions/${stage}.ts exports no handler`);
    return { id, result: await module.handler(event, contextOf(stage)) };
  } catch (error) {
    return { id, error: error instanceof Error ? (error.stack ?? error.message) : String(error) };
  }
}

interface HandlerModule {
  handler(event: unknown, context: object): Promise<unknown>;
}

function hasHandler(module: unknown): module is HandlerModule {
  return typeof module === 'object' && module !== null && 'handler' in module && typeof module.handler === 'function';
}

function contextOf(stage: Stage): object {
  const end = performance.now() + TIMEOUT_MS;
  return {
    functionName: `ajar-demo-${stage}`,
    functionVersion: '$LATEST',
    memoryLimitInMB: '512',
    awsRequestId: randomUUID(),
    getRemainingTimeInMillis: () => Math.max(0, Math.floor(end - performance.now())),
  };
}

if (import.meta.main) {
  // Ctrl-C reaches the whole foreground: whoever started us decides when it is over.
  process.on('SIGINT', () => undefined);
  process.on('disconnect', () => process.exit());
  process.on('message', (task: Task) => void runStage(task).then((answer) => process.send?.(answer)));
}
