import { describe, expect, it } from 'vitest';
import { AjarError } from '../../../lib/model/errors.ts';
import type { Queued } from '../../../lib/model/queue.ts';
import { gathered } from '../../../lib/runtime/lambda/gather.ts';

/** A queue that takes all but what `refusal` speaks against, and what it was asked. */
function queueThat(refusal: (bodies: readonly number[]) => Error | undefined) {
  const asked: (readonly number[])[] = [];
  const queue = {
    async send(messages: readonly Queued<number>[]) {
      const bodies = messages.map(({ body }) => body);
      asked.push(bodies);
      const error = refusal(bodies);
      if (error !== undefined) throw error;
    },
  };
  return { asked, queue };
}
const numbers = (count: number) => Array.from({ length: count }, (_, n) => n);
const words = (outcomes: readonly PromiseSettledResult<void>[]) =>
  outcomes.map((one) => (one.status === 'fulfilled' ? 'sent' : String(one.reason.message)));

describe('readings that are handed over at about the same time', () => {
  it('leave ten a request, and none before it was taken is called sent', async () => {
    const { asked, queue } = queueThat(() => undefined);
    const hand = gathered(queue, 5);
    let sent = 0;
    const handed = numbers(23).map((n) => hand(n).then(() => sent++));
    expect(sent).toBe(0);
    await Promise.all(handed);
    expect([asked.map(({ length }) => length), sent]).toEqual([[10, 10, 3], 23]);
  });

  it('leave by themselves where nobody else comes', async () => {
    const { asked, queue } = queueThat(() => undefined);
    const hand = gathered(queue, 5);
    await hand(1);
    await hand(2);
    expect(asked).toEqual([[1], [2]]);
  });

  it('each hear of their own: one that is refused takes no other with it', async () => {
    const { queue } = queueThat((bodies) => (bodies.includes(3) ? new AjarError('queue-refused', 'no 3') : undefined));
    const outcomes = await Promise.allSettled(numbers(10).map(gathered(queue, 5)));
    expect(words(outcomes)).toEqual(numbers(10).map((n) => (n === 3 ? 'no 3' : 'sent')));
  });

  it('all hear of a queue that does not answer, and it is asked once: the run has no time for ten more', async () => {
    const { asked, queue } = queueThat(() => new Error('no answer within 5000 ms'));
    const outcomes = await Promise.allSettled(numbers(10).map(gathered(queue, 5)));
    expect(new Set(words(outcomes))).toEqual(new Set(['no answer within 5000 ms']));
    expect(asked).toHaveLength(1);
  });
});
