import type { Notice, OutboxEntry } from '../model/incident.ts';
import { type Outcome, type Refusal, refused as refusalOf, type Sink } from '../model/sink.ts';
import type { StateStore } from '../model/store.ts';
import { printable } from '../model/text.ts';
import type { Ready } from './grouping.ts';
import { type Pages, pages, type PagesRun } from './pages.ts';
import { nameOf, type Turns, turns } from './turns.ts';

const BATCH = 50;
const DELIVER_MS = 10_000;
/** Longer than any delivery: so long a notice belongs to whoever took it. */
const CLAIM_MS = 3 * DELIVER_MS;
const BACKOFF_MS = 2_000;
const MAX_BACKOFF_MS = 15 * 60_000;
/** However long a sink asks to be left alone. */
const MAX_RETRY_AFTER_MS = 60 * 60_000;
/** Room for what each of two topics said. */
const ERROR_LIMIT = 500;

/** So many are looked at together, where people read: those of one group should leave together. */
const TOGETHER = 500;

export interface Delivery {
  readonly delivered: number;
  readonly deferred: readonly Deferred[];
  /** Times that a notice waited for an earlier one of its incident. */
  readonly postponed: number;
  /** Times that one was tried past an earlier one that was not accepted for too long. */
  readonly overtook: number;
  /** Notices that were beyond the cap of messages to people. */
  readonly stormed: number;
  /** When the first leaves of those that wait for their like: call again then, with `flush`. */
  readonly until?: Date;
}
export interface NotifyOptions extends Pick<PagesRun, 'endpoints' | 'flush'> {}
interface Deferred {
  readonly sink: string;
  readonly key: string;
  readonly error: string;
  readonly dueAt: string;
}

/**
 * Empties the outbox of what is due. A notice is settled only when its sink accepted it; otherwise it waits,
 * with backoff, for as long as it takes; and it waits for its turn (turns.ts). After a crash in between it goes out once more, under the same key.
 */
export async function notify(
  store: StateStore,
  sinks: readonly Sink[],
  runId: string,
  now: () => Date,
  signal: AbortSignal,
  options: NotifyOptions = {},
): Promise<Delivery> {
  let [delivered, postponed, overtook, stormed] = [0, 0, 0, 0];
  let until: Date | undefined;
  const deferred: Deferred[] = [];
  // Refused or held in this run: for the next one. A topic that hangs would keep this one for as long as it lasts.
  const later = new Set<string>();
  const endsLast = new Set(sinks.filter((sink) => sink.endsLast === true).map(({ id }) => id));
  const people = new Set(sinks.filter((sink) => sink.groups === true).map(({ id }) => id));
  const limit = people.size > 0 ? TOGETHER : BATCH;
  const run: PagesRun = { ...options, budgets: store.budgets, now, claim: (ready) => claimed(ready, store, now) };
  for (;;) {
    const owed = await store.outbox.due(now().toISOString(), limit + later.size);
    const due = batchOf(
      owed.filter((entry) => !later.has(nameOf(entry))),
      people,
    );
    if (due.length === 0 || signal.aborted) {
      return { delivered, deferred, postponed, overtook, stormed, ...(until === undefined ? {} : { until }) };
    }
    const turn = await turns(due, store.outbox, now, endsLast);
    postponed += turn.postponed;
    overtook += turn.overtook;
    // Side by side: a page must not wait for a chat that does not answer.
    const told = await Promise.all(
      parcels(turn.ready, sinks).map(async ({ sink, ready }) => {
        const { messages, ...rest } = await messagesFor(sink, ready, run);
        for (const one of rest.held) later.add(nameOf(one.entry));
        stormed += rest.stormed;
        if (rest.until !== undefined && (until === undefined || rest.until < until)) until = rest.until;
        if (signal.aborted || messages.length === 0) return [];
        const within = AbortSignal.any([signal, AbortSignal.timeout(DELIVER_MS)]);
        const outcomes = await deliver(
          sink,
          messages.map(({ notice }) => notice),
          within,
        );
        const results: (Deferred | undefined)[] = [];
        for (const [i, { members }] of messages.entries()) {
          for (const { entry } of members) {
            results.push(await record(entry, outcomes[i] ?? UNSAID, store, runId, now));
          }
        }
        return results;
      }),
    );
    for (const failed of told.flat()) {
      if (failed === undefined) delivered++;
      else {
        deferred.push(failed);
        later.add(nameOf({ notice: failed, sink: failed.sink }));
      }
    }
  }
}

/** All for people, so that a group is seen whole; of the others so many as are sent side by side. */
function batchOf(owed: readonly OutboxEntry[], people: ReadonlySet<string>): readonly OutboxEntry[] {
  const others = new Set(owed.filter(({ sink }) => !people.has(sink)).slice(0, BATCH));
  return owed.filter((entry) => people.has(entry.sink) || others.has(entry));
}

async function messagesFor(sink: Sink | undefined, ready: readonly Ready[], run: PagesRun): Promise<Pages> {
  if (sink?.groups === true && sink.deliverAll !== undefined) return pages(sink.id, ready, run);
  const mine = await run.claim(ready);
  return { messages: mine.map((one) => ({ members: [one], notice: one.notice })), held: [], stormed: 0 };
}

/** Those that no other deliverer is at; all of them where there is no other. */
async function claimed(ready: readonly Ready[], { outbox }: StateStore, now: () => Date): Promise<readonly Ready[]> {
  if (outbox.claim === undefined) return ready;
  const until = new Date(now().getTime() + CLAIM_MS).toISOString();
  const taken = await Promise.all(ready.map(async ({ entry }) => outbox.claim?.(entry, until)));
  return ready.filter((_, i) => taken[i] === true);
}

const UNSAID: Refusal = { error: 'the sink did not say what became of it' };

interface Parcel {
  readonly sink: Sink | undefined;
  readonly ready: Turns['ready'];
}

/** All that is due for a sink that takes several at once, one by one for the others; in the order they were due. */
function parcels(ready: Turns['ready'], sinks: readonly Sink[]): readonly Parcel[] {
  const together = new Map<string, Turns['ready'][number][]>();
  const found: Parcel[] = [];
  for (const one of ready) {
    const sink = sinks.find((s) => s.id === one.entry.sink);
    const begun = together.get(one.entry.sink);
    if (begun !== undefined) {
      begun.push(one);
      continue;
    }
    const parcel = [one];
    found.push({ sink, ready: parcel });
    if (sink?.deliverAll !== undefined) together.set(one.entry.sink, parcel);
  }
  return found;
}

/** One outcome per notice. Never rejects: what a sink throws is an outcome of all that it was given. */
async function deliver(
  sink: Sink | undefined,
  notices: readonly Notice[],
  signal: AbortSignal,
): Promise<readonly Outcome[]> {
  if (sink === undefined) {
    return notices.map(() => ({ error: 'no such sink in this run: start ajar with it, it is still owed this notice' }));
  }
  try {
    if (sink.deliverAll !== undefined) return await sink.deliverAll(notices, signal);
    // Just one, otherwise.
    return await Promise.all(notices.map((notice) => sink.deliver(notice, signal)));
  } catch (cause) {
    return notices.map(() => refusalOf(cause));
  }
}

async function record(
  entry: OutboxEntry,
  outcome: Outcome,
  store: StateStore,
  runId: string,
  now: () => Date,
): Promise<Deferred | undefined> {
  let refusal: Refusal;
  if ('id' in outcome) {
    try {
      await store.outbox.settle(entry, { at: now().toISOString(), id: outcome.id, runId });
      return undefined;
    } catch (cause) {
      if (isStoreFailure(cause)) throw cause;
      refusal = refusalOf(cause);
    }
  } else refusal = outcome;
  const wait = Math.max(backoff(entry.attempts), Math.min(refusal.retryAfterMs ?? 0, MAX_RETRY_AFTER_MS));
  const dueAt = new Date(now().getTime() + wait).toISOString();
  const said = printable(refusal.error, ERROR_LIMIT);
  await store.outbox.defer(entry, dueAt, said);
  return { sink: entry.sink, key: entry.notice.key, error: said, dueAt };
}

function isStoreFailure(cause: unknown): boolean {
  return (
    cause instanceof Error && cause.name === 'AjarError' && 'code' in cause && String(cause.code).startsWith('store-')
  );
}

function backoff(attempts: number): number {
  const ceiling = Math.min(MAX_BACKOFF_MS, BACKOFF_MS * 2 ** Math.min(attempts, 10));
  return ceiling / 2 + Math.random() * (ceiling / 2);
}
