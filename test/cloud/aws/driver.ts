/**
 * Delivers as Lambda does: takes batches from queues, hands them to functions, deletes what they took, leaves the rest until
 * it is visible again; hands on what the table's stream says; runs the schedules. At least once and in no order: some
 * messages come twice, all come shuffled. Waits by skipping the clock.
 */
import { type Message, SendMessageCommand } from '@aws-sdk/client-sqs';
import { NOTICE_PREFIX } from '../../../lib/stores/dynamodb-table.ts';
import type { Clock } from './clock.ts';
import type { DeployedFunction, Deployment } from './deployment.ts';
import type { Outcome } from './environment.ts';
import type { FunctionFleet } from './fleet.ts';
import { drain, giveBack, recordOf, remove, type Stamps, take } from './queues.ts';
import type { Stack, Topic } from './stack.ts';
import type { Stream, StreamRecord } from './stream.ts';

export interface Arrival {
  readonly topic: Topic;
  readonly at: number;
  readonly body: string;
}

export interface Driver {
  readonly arrivals: readonly Arrival[];
  /** Of functions that failed or died, with why; in order. */
  readonly failures: readonly { readonly name: string; readonly error: string }[];
  invoke(name: string, event: unknown): Promise<Outcome>;
  /** Until nothing is left to deliver but what waits for longer than this. */
  settle(withinMs?: number): Promise<void>;
  /** With the schedules running, for so long. */
  run(ms: number): Promise<void>;
  /** Calls back on the driver's clock. */
  at(ms: number, action: () => Promise<void>): void;
  /** Puts a message on a queue from outside: `ChangeQueue`. */
  enqueue(queueId: string, body: unknown): Promise<void>;
}

export interface DriverOptions {
  readonly deployment: Deployment;
  readonly fleet: FunctionFleet;
  readonly stack: Stack;
  readonly stream: Stream;
  readonly clock: Clock;
  readonly random: () => number;
  /** Share of messages that are delivered twice. */
  readonly duplicates: number;
  /** What is due within so long of each other is done together, at the last one's moment. */
  readonly togetherMs: number;
  /** Functions whose schedules run; all that are deployed where absent. */
  readonly scheduled?: readonly string[];
}

interface Timer {
  readonly at: number;
  readonly action: () => Promise<void>;
}

export function openDriver(options: DriverOptions): Driver {
  const { deployment, fleet, stack, stream, clock, random } = options;
  const arrivals: Arrival[] = [];
  const failures: { name: string; error: string }[] = [];
  const timers: Timer[] = [];
  const stamps = new Map<string, Stamps>();
  const waiting = new Map<string, Message[]>();
  let owed: StreamRecord[] = [];
  /** What somebody may have written to since it was last read: settings of functions that were invoked. */
  let written = new Set<string>(ALL);
  const at = (ms: number, action: () => Promise<void>): void => {
    timers.push({ at: ms, action });
    timers.sort((a, b) => a.at - b.at);
  };

  async function invoke(name: string, event: unknown): Promise<Outcome> {
    const outcome = await fleet.invoke(name, event);
    for (const setting of deployment.functions.find((f) => f.name === name)?.settings ?? []) written.add(setting);
    if (outcome.kind !== 'done') {
      failures.push({ name, error: outcome.kind === 'failed' ? outcome.error : 'died' });
      if (outcome.kind === 'died') await fleet.kill(name);
    }
    return outcome;
  }

  /** What has come to each queue, to the stream and to the topics. */
  async function receive(): Promise<void> {
    const since = written;
    written = new Set();
    const ofQueue = readers(deployment).filter(({ queue }) => since.has(settingOf(queue.id)));
    const isPublished = [...since].some((setting) => setting.startsWith('AJAR_TOPIC_'));
    await Promise.all([
      ...ofQueue.map(receiveFrom),
      ...(since.has('AJAR_TABLE') ? [stream.next().then((records) => owed.push(...records.filter(isOwed)))] : []),
      ...(isPublished ? Object.entries(stack.inboxes) : []).map(async ([topic, url]) => {
        const bodies = await drain(stack.sqs, url);
        arrivals.push(...bodies.map((body) => ({ topic: topic as Topic, at: clock.now(), body })));
      }),
    ]);
  }

  async function receiveFrom({ name, queue }: Reader): Promise<void> {
    const held = waiting.get(name) ?? [];
    waiting.set(name, held);
    for (let taken = await take(stack.sqs, stack.queues[queue.id] ?? ''); taken.length > 0; ) {
      for (const { message, delayMs } of taken) {
        const due = stampsOf(message).sent + delayMs;
        if (delayMs === 0 || due <= clock.now()) held.push(message);
        else at(due, async () => void held.push(message));
      }
      taken = taken.length < 10 ? [] : await take(stack.sqs, stack.queues[queue.id] ?? '');
    }
  }

  /** Kept over redeliveries, as SQS does. */
  function stampsOf(message: Message): Stamps {
    const id = message.MessageId ?? '';
    const known = stamps.get(id) ?? { sent: sentAt(message, clock) };
    stamps.set(id, known);
    return known;
  }

  function takenNow(message: Message): Stamps {
    const known = stampsOf(message);
    known.taken ??= clock.now();
    return known;
  }

  async function again(queueId: string, message: Message): Promise<void> {
    await giveBack(stack.sqs, stack.queues[queueId] ?? '', message);
    written.add(settingOf(queueId));
  }

  async function deliver({ name, queue }: Reader): Promise<boolean> {
    const held = waiting.get(name) ?? [];
    shuffle(held, random);
    const batch = held.splice(0, queue.batchSize);
    if (batch.length === 0) return false;
    const outcome = await invoke(name, { Records: batch.map((message) => recordOf(message, takenNow(message))) });
    const failed = failedOf(outcome, batch);
    if (failed.size > 0 && outcome.kind === 'done') failures.push({ name, error: `${failed.size} of ${batch.length}` });
    const url = stack.queues[queue.id] ?? '';
    const { visibilityMs = 0 } = deployment.queues.find(({ id }) => id === queue.id) ?? {};
    const twice = batch.filter((m) => !failed.has(m.MessageId ?? '') && random() < options.duplicates);
    const done = batch.filter((m) => !failed.has(m.MessageId ?? '') && !twice.includes(m));
    await remove(stack.sqs, url, done);
    for (const message of twice) await again(queue.id, message);
    for (const message of batch.filter((m) => failed.has(m.MessageId ?? ''))) {
      at(clock.now() + visibilityMs, () => again(queue.id, message));
    }
    return true;
  }

  /** Tried again until it is taken, as the stream's poller does. */
  async function publish(): Promise<boolean> {
    if (owed.length === 0) return false;
    const batchSize = deployment.functions.find(({ name }) => name === 'notify')?.stream?.batchSize ?? 10;
    const batch = owed.slice(0, batchSize);
    if ((await invoke('notify', { Records: batch })).kind === 'done') owed = owed.slice(batch.length);
    return true;
  }

  async function round(): Promise<boolean> {
    await receive();
    const done = await Promise.all([...readers(deployment).map(deliver), publish()]);
    return done.some(Boolean);
  }

  async function until(end: number): Promise<void> {
    for (;;) {
      while (await round());
      const next = timers[0];
      if (next === undefined || next.at > end) return;
      const due = timers.filter((timer) => timer.at <= Math.min(end, next.at + options.togetherMs));
      timers.splice(0, due.length);
      clock.skip((due.at(-1) ?? next).at - clock.now());
      for (const { action } of due) await action();
    }
  }

  return {
    ...{ arrivals, failures, invoke, at },
    async enqueue(queueId, body) {
      const QueueUrl = stack.queues[queueId];
      await stack.sqs.send(new SendMessageCommand({ QueueUrl, MessageBody: JSON.stringify(body) }));
      written.add(settingOf(queueId));
    },
    settle: (withinMs = 15 * 60_000) => until(clock.now() + withinMs),
    async run(ms) {
      const end = clock.now() + ms;
      for (const { function: name, everyMs, input } of deployment.schedules) {
        if (options.scheduled?.includes(name) === false) continue;
        for (let due = clock.now() + everyMs; due <= end; due += everyMs) {
          at(due, async () => void (await invoke(name, input)));
        }
      }
      await until(end);
      clock.skip(end - clock.now());
    },
  };
}

/** `CollectQueue` is told to functions as AJAR_COLLECT_QUEUE. */
function settingOf(queueId: string): string {
  return `AJAR_${queueId.replace(/Queue$/, '').toUpperCase()}_QUEUE`;
}
const ALL = [
  'AJAR_TABLE',
  'AJAR_TOPIC_PAGE',
  ...['Collect', 'Probe', 'Assess', 'Change'].map((q) => settingOf(`${q}Queue`)),
];

type Reader = DeployedFunction & { readonly queue: NonNullable<DeployedFunction['queue']> };

function readers({ functions }: Deployment): readonly Reader[] {
  return functions.filter((f): f is Reader => f.queue !== undefined);
}

/** moto stamps with the real time; what was skipped since belongs to it too, up to now. */
function sentAt({ Attributes }: Message, { now, skipped }: Clock): number {
  const sent = Number(Attributes?.SentTimestamp ?? Number.NaN) + Number(Atomics.load(skipped, 0));
  return Number.isNaN(sent) ? now() : sent;
}

/** Only what came to be owed; serverless.yml's filter says the same (templates.test.ts). */
function isOwed({ eventName, dynamodb }: StreamRecord): boolean {
  return eventName === 'INSERT' && dynamodb.Keys?.pk?.S?.startsWith(NOTICE_PREFIX) === true;
}

function failedOf(outcome: Outcome, batch: readonly Message[]): ReadonlySet<string> {
  if (outcome.kind !== 'done') return new Set(batch.map(({ MessageId }) => MessageId ?? ''));
  const { batchItemFailures = [] } = (outcome.result ?? {}) as { batchItemFailures?: { itemIdentifier: string }[] };
  return new Set(batchItemFailures.map(({ itemIdentifier }) => itemIdentifier));
}

function shuffle<T>(items: T[], random: () => number): void {
  for (let i = items.length - 1; i > 0; i--) {
    const j = Math.floor(random() * (i + 1));
    [items[i], items[j]] = [items[j] as T, items[i] as T];
  }
}
