import { AjarError } from '../../model/errors.ts';
import type { Queue } from '../../model/queue.ts';

/** What ends together leaves together: silences of one batch are over within milliseconds of each other. */
const WAIT_MS = 100;
/** As many as SQS takes at once. */
const TOGETHER = 10;

interface Waiting<T> {
  readonly body: T;
  readonly sent: PromiseWithResolvers<void>;
}

/**
 * Sends what many hand over at about the same time ten a request. Each hears of its own: where some of a request is refused, all
 * of it is sent one by one, so that one takes no other with it. A queue that does not answer is not asked again.
 */
export function gathered<T>(queue: Queue<T>, waitMs: number = WAIT_MS): (body: T) => Promise<void> {
  let waiting: Waiting<T>[] = [];
  let timer: NodeJS.Timeout | undefined;
  const alone = ({ body, sent }: Waiting<T>): void => {
    queue.send([{ body }]).then(sent.resolve, sent.reject);
  };
  const leave = (): void => {
    clearTimeout(timer);
    timer = undefined;
    const leaving = waiting;
    waiting = [];
    const [first] = leaving;
    if (first !== undefined && leaving.length === 1) return alone(first);
    queue.send(leaving.map(({ body }) => ({ body }))).then(
      () => leaving.forEach(({ sent }) => sent.resolve()),
      (error: unknown) => leaving.forEach((one) => (error instanceof AjarError ? alone(one) : one.sent.reject(error))),
    );
  };
  return (body) => {
    const sent = Promise.withResolvers<void>();
    waiting.push({ body, sent });
    if (waiting.length === TOGETHER) leave();
    else timer ??= setTimeout(leave, waitMs);
    return sent.promise;
  };
}
