import type { OutboxEntry } from '../model/incident.ts';
import type { Sink } from '../model/sink.ts';
import type { StateStore } from '../model/store.ts';
import { printable } from '../model/text.ts';

const BATCH = 50;
const DELIVER_MS = 10_000;
const BACKOFF_MS = 2_000;
const MAX_BACKOFF_MS = 15 * 60_000;

export interface Delivery {
  readonly delivered: number;
  readonly deferred: readonly {
    readonly sink: string;
    readonly key: string;
    readonly error: string;
    readonly dueAt: string;
  }[];
}

/**
 * Empties the outbox of what is due. A notice is settled only when its sink accepted it; otherwise it waits,
 * with backoff, for as long as it takes. After a crash in between it goes out once more, under the same key.
 */
export async function notify(
  store: StateStore,
  sinks: readonly Sink[],
  runId: string,
  now: () => Date,
  signal: AbortSignal,
): Promise<Delivery> {
  let delivered = 0;
  const deferred: Delivery['deferred'][number][] = [];
  for (;;) {
    const due = await store.outbox.due(now().toISOString(), BATCH);
    if (due.length === 0 || signal.aborted) return { delivered, deferred };
    for (const entry of due) {
      if (signal.aborted) break;
      const failed = await deliver(entry, store, sinks, runId, now, signal);
      if (failed === undefined) delivered++;
      else deferred.push(failed);
    }
  }
}

async function deliver(
  entry: OutboxEntry,
  store: StateStore,
  sinks: readonly Sink[],
  runId: string,
  now: () => Date,
  signal: AbortSignal,
): Promise<Delivery['deferred'][number] | undefined> {
  const sink = sinks.find((s) => s.id === entry.sink);
  let error: string;
  if (sink === undefined) {
    error = 'no such sink in this run: start ajar with it, it is still owed this notice';
  } else {
    try {
      const receipt = await sink.deliver(entry.notice, AbortSignal.any([signal, AbortSignal.timeout(DELIVER_MS)]));
      await store.outbox.settle(entry, { at: now().toISOString(), id: receipt.id, runId });
      return undefined;
    } catch (cause) {
      if (
        cause instanceof Error &&
        cause.name === 'AjarError' &&
        'code' in cause &&
        String(cause.code).startsWith('store-')
      )
        throw cause;
      error = cause instanceof Error ? cause.message : String(cause);
    }
  }
  const dueAt = new Date(now().getTime() + backoff(entry.attempts)).toISOString();
  await store.outbox.defer(entry, dueAt, printable(error));
  return { sink: entry.sink, key: entry.notice.key, error: printable(error), dueAt };
}

function backoff(attempts: number): number {
  const ceiling = Math.min(MAX_BACKOFF_MS, BACKOFF_MS * 2 ** Math.min(attempts, 10));
  return ceiling / 2 + Math.random() * (ceiling / 2);
}
