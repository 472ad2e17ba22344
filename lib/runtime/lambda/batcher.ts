import type { Queue, Queued } from '../../model/queue.ts';

/** Gathers messages so that a queue is asked once for ten of them, which is what SQS takes. `flush` sends the rest. */
export function batcher<T>(
  queue: Queue<T>,
  most = 10,
): {
  readonly add: (body: T) => Promise<void>;
  readonly flush: () => Promise<void>;
} {
  let waiting: Queued<T>[] = [];
  const flush = async (): Promise<void> => {
    const sending = waiting;
    waiting = [];
    if (sending.length > 0) await queue.send(sending);
  };
  return {
    add: async (body) => {
      waiting.push({ body });
      if (waiting.length === most) await flush();
    },
    flush,
  };
}
