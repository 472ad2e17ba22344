import type { OutboxEntry } from '../model/incident.ts';
import type { Outcome, Sink } from '../model/sink.ts';
import type { StateStore } from '../model/store.ts';
import { printable } from '../model/text.ts';

const BATCH = 50;
const DELIVER_MS = 10_000;
/** Longer than any delivery: so long a notice belongs to whoever took it. */
const CLAIM_MS = 3 * DELIVER_MS;
const BACKOFF_MS = 2_000;
const MAX_BACKOFF_MS = 15 * 60_000;
/** Room for what each of two topics said. */
const ERROR_LIMIT = 500;

export interface Delivery {
  readonly delivered: number;
  readonly deferred: readonly Deferred[];
}
interface Deferred {
  readonly sink: string;
  readonly key: string;
  readonly error: string;
  readonly dueAt: string;
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
  const deferred: Deferred[] = [];
  for (;;) {
    const due = await store.outbox.due(now().toISOString(), BATCH);
    if (due.length === 0 || signal.aborted) return { delivered, deferred };
    // Side by side: a page must not wait for a chat that does not answer.
    const told = await Promise.all(
      parcels(due, sinks).map(async ({ sink, entries }) => {
        const mine = await claimed(entries, store, now);
        if (signal.aborted || mine.length === 0) return [];
        const outcomes = await deliver(sink, mine, AbortSignal.any([signal, AbortSignal.timeout(DELIVER_MS)]));
        const results: (Deferred | undefined)[] = [];
        for (const [i, entry] of mine.entries()) {
          results.push(await record(entry, outcomes[i] ?? UNSAID, store, runId, now));
        }
        return results;
      }),
    );
    for (const failed of told.flat()) {
      if (failed === undefined) delivered++;
      else deferred.push(failed);
    }
  }
}

/** Those that no other deliverer is at; all of them where there is no other. */
async function claimed(
  due: readonly OutboxEntry[],
  { outbox }: StateStore,
  now: () => Date,
): Promise<readonly OutboxEntry[]> {
  if (outbox.claim === undefined) return due;
  const until = new Date(now().getTime() + CLAIM_MS).toISOString();
  const taken = await Promise.all(due.map(async (entry) => outbox.claim?.(entry, until)));
  return due.filter((_, i) => taken[i] === true);
}

const UNSAID: Outcome = { error: 'the sink did not say what became of it' };

interface Parcel {
  readonly sink: Sink | undefined;
  readonly entries: readonly OutboxEntry[];
}

/** All that is due for a sink that takes several at once, one by one for the others; in the order they were due. */
function parcels(due: readonly OutboxEntry[], sinks: readonly Sink[]): readonly Parcel[] {
  const together = new Map<string, OutboxEntry[]>();
  const found: Parcel[] = [];
  for (const entry of due) {
    const sink = sinks.find((s) => s.id === entry.sink);
    const begun = together.get(entry.sink);
    if (begun !== undefined) {
      begun.push(entry);
      continue;
    }
    const entries = [entry];
    found.push({ sink, entries });
    if (sink?.deliverAll !== undefined) together.set(entry.sink, entries);
  }
  return found;
}

/** One outcome per entry. Never rejects: what a sink throws is an outcome of all that it was given. */
async function deliver(
  sink: Sink | undefined,
  entries: readonly OutboxEntry[],
  signal: AbortSignal,
): Promise<readonly Outcome[]> {
  if (sink === undefined) {
    return entries.map(() => ({ error: 'no such sink in this run: start ajar with it, it is still owed this notice' }));
  }
  const notices = entries.map(({ notice }) => notice);
  try {
    if (sink.deliverAll !== undefined) return await sink.deliverAll(notices, signal);
    // Just one, otherwise.
    return await Promise.all(notices.map((notice) => sink.deliver(notice, signal)));
  } catch (cause) {
    return entries.map(() => ({ error: messageOf(cause) }));
  }
}

async function record(
  entry: OutboxEntry,
  outcome: Outcome,
  store: StateStore,
  runId: string,
  now: () => Date,
): Promise<Deferred | undefined> {
  let error: string;
  if ('id' in outcome) {
    try {
      await store.outbox.settle(entry, { at: now().toISOString(), id: outcome.id, runId });
      return undefined;
    } catch (cause) {
      if (isStoreFailure(cause)) throw cause;
      error = messageOf(cause);
    }
  } else error = outcome.error;
  const dueAt = new Date(now().getTime() + backoff(entry.attempts)).toISOString();
  const said = printable(error, ERROR_LIMIT);
  await store.outbox.defer(entry, dueAt, said);
  return { sink: entry.sink, key: entry.notice.key, error: said, dueAt };
}

function isStoreFailure(cause: unknown): boolean {
  return (
    cause instanceof Error && cause.name === 'AjarError' && 'code' in cause && String(cause.code).startsWith('store-')
  );
}

function messageOf(cause: unknown): string {
  return cause instanceof Error ? cause.message : String(cause);
}

function backoff(attempts: number): number {
  const ceiling = Math.min(MAX_BACKOFF_MS, BACKOFF_MS * 2 ** Math.min(attempts, 10));
  return ceiling / 2 + Math.random() * (ceiling / 2);
}
