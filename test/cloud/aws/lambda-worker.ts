/** Inside a thread: one environment of one function, as Lambda runs it. Its clock is the test's; its bundle is what is deployed. */
import { randomUUID } from 'node:crypto';
import { parentPort, workerData } from 'node:worker_threads';

export interface WorkerInput {
  readonly bundle: string;
  readonly name: string;
  readonly timeoutMs: number;
  readonly skipped: BigInt64Array;
}
export interface Invocation {
  readonly id: number;
  readonly event: unknown;
}
export type Answer =
  | { readonly id: number; readonly result: unknown }
  | { readonly id: number; readonly error: string }
  | { readonly ready: true };

const { bundle, name, timeoutMs, skipped } = workerData as WorkerInput;
const RealDate = Date;
const shifted = (): number => RealDate.now() + Number(Atomics.load(skipped, 0));
globalThis.Date = new Proxy(RealDate, {
  construct: (target, args: [], self) =>
    Reflect.construct(target, args.length === 0 ? [shifted()] : args, self) as Date,
  get: (target, key) => (key === 'now' ? shifted : (Reflect.get(target, key) as unknown)),
});

const { handler } = (await import(bundle)) as { handler: (event: unknown, context: unknown) => Promise<unknown> };
const say = (answer: Answer): void => parentPort?.postMessage(answer);

parentPort?.on('message', ({ id, event }: Invocation) => {
  void answerTo(event).then(
    (result) => say({ id, result }),
    (error: unknown) => say({ id, error: error instanceof Error ? `${error.name}: ${error.message}` : String(error) }),
  );
});
say({ ready: true });

async function answerTo(event: unknown): Promise<unknown> {
  const end = performance.now() + timeoutMs;
  return handler(event, {
    functionName: name,
    functionVersion: '$LATEST',
    invokedFunctionArn: `arn:aws:lambda:${process.env['AWS_REGION'] ?? ''}:123456789012:function:${name}`,
    memoryLimitInMB: '512',
    awsRequestId: randomUUID(),
    getRemainingTimeInMillis: () => Math.max(0, Math.floor(end - performance.now())),
  });
}
