import type { Context, SQSEvent } from 'aws-lambda';
import { describe, expect, it } from 'vitest';
import { batcher } from '../../../lib/runtime/lambda/batcher.ts';
import { once, onceAsync } from '../../../lib/runtime/lambda/once.ts';
import { eachRecord, STOP_BEFORE_MS, type Work, workOf } from '../../../lib/runtime/lambda/worker.ts';
import type { Queued } from '../../../lib/model/queue.ts';

const context = (remaining = 60_000) =>
  ({ awsRequestId: 'run-1', getRemainingTimeInMillis: () => remaining }) as unknown as Context;
const event = (...bodies: readonly string[]): SQSEvent =>
  ({
    Records: bodies.map((body, n) => ({ messageId: `m${n}`, body, eventSource: 'aws:sqs' })),
  }) as unknown as SQSEvent;

describe('a stage behind a queue', () => {
  it('answers for each record by itself: what fails comes again alone', async () => {
    const done: unknown[] = [];
    const handle = async (body: unknown): Promise<void> => {
      if (body === 2) throw new Error('not this one');
      done.push(body);
    };
    const { batchItemFailures } = await eachRecord(event('1', '2', '{"broken', '3'), context(), handle);
    expect([done, batchItemFailures.map((f) => f.itemIdentifier).toSorted()]).toEqual([
      [1, 3],
      ['m1', 'm2'],
    ]);
  });

  it('is told when its message was sent and first taken, by the queue, and nothing where the queue does not say', async () => {
    const stamps: unknown[] = [];
    const handle = async (_: unknown, { sentAt, takenAt }: Work): Promise<void> => void stamps.push([sentAt, takenAt]);
    const attributes = [
      { SentTimestamp: '1575482400123', ApproximateFirstReceiveTimestamp: '1575482400456' },
      { SentTimestamp: 'yesterday' },
      undefined,
    ];
    const { Records } = event('1', '2', '3');
    const stampedRecords = Records.map((record, n) => ({ ...record, attributes: attributes[n] }));
    await eachRecord({ Records: stampedRecords } as unknown as SQSEvent, context(), handle);
    expect(stamps).toEqual([
      ['2019-12-04T18:00:00.123Z', '2019-12-04T18:00:00.456Z'],
      [undefined, undefined],
      [undefined, undefined],
    ]);
  });

  it('is told how often its message was handed out, and nothing where the queue does not say', async () => {
    const told: unknown[] = [];
    const handle = async (_: unknown, { deliveries }: Work): Promise<void> => void told.push(deliveries);
    const { Records } = event('1', '2', '3');
    const counts = ['1', '12', 'many'];
    const counted = Records.map((record, n) => ({ ...record, attributes: { ApproximateReceiveCount: counts[n] } }));
    await eachRecord({ Records: counted } as unknown as SQSEvent, context(), handle);
    expect(told).toEqual([1, 12, undefined]);
  });

  it('throws where nothing of a batch was done', async () => {
    const handle = async (): Promise<never> => Promise.reject(new Error('down'));
    await expect(eachRecord(event('1', '2'), context(), handle)).rejects.toThrow(/All records failed/i);
  });

  it('calls nothing done that the deadline cut short', async () => {
    const handle = async (_: unknown, { signal }: { signal: AbortSignal }): Promise<void> => {
      if (!signal.aborted) await new Promise((resolve) => signal.addEventListener('abort', resolve));
    };
    await expect(eachRecord(event('1'), context(STOP_BEFORE_MS + 20), handle)).rejects.toThrow(/All records failed/i);
  });

  it('is asked to stop before Lambda ends it, at once where less is left than that', async () => {
    const [late, early] = [workOf(context(1_000)), workOf(context(60_000))];
    await new Promise((resolve) => setTimeout(resolve, 20));
    expect([late.signal.aborted, early.signal.aborted, early.runId]).toEqual([true, false, 'run-1']);
  });
});

describe('what is made once', () => {
  it('is made at first use and kept', () => {
    let made = 0;
    const get = once(() => ++made);
    expect([get(), get(), made]).toEqual([1, 1, 1]);
  });

  it('is made again where it failed', async () => {
    let tries = 0;
    const get = onceAsync(async () => {
      if (++tries === 1) throw new Error('not yet');
      return tries;
    });
    await expect(get()).rejects.toThrow('not yet');
    expect([await get(), await get()]).toEqual([2, 2]);
  });
});

describe('messages in tens', () => {
  it('leave as soon as there are ten, and the rest when asked', async () => {
    const sent: number[] = [];
    const { add, flush } = batcher<number>({ send: async (m: readonly Queued<number>[]) => void sent.push(m.length) });
    for (let n = 0; n < 23; n++) await add(n);
    expect(sent).toEqual([10, 10]);
    await flush();
    await flush();
    expect(sent).toEqual([10, 10, 3]);
  });
});
