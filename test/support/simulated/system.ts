/**
 * ajar itself in a simulated history: the functions of lib/pipeline over a store, with workers that die, topics that refuse, and
 * clocks that are wrong. What goes in and comes out is noted, for the reference to compare.
 */
import type { Scheduler } from 'fast-check';
import { type Allowlist, EMPTY_ALLOWLIST } from '../../../lib/model/allowlist.ts';
import { AjarError } from '../../../lib/model/errors.ts';
import type { Incident, Notice } from '../../../lib/model/incident.ts';
import type { Reading } from '../../../lib/model/reading.ts';
import { type Outcome, type Sink, sinksFor } from '../../../lib/model/sink.ts';
import type { Commit, Revisits, StateStore } from '../../../lib/model/store.ts';
import { assess, assessTogether } from '../../../lib/pipeline/assess.ts';
import { notify } from '../../../lib/pipeline/notify.ts';

export const SINKS = ['machine', 'page'] as const;
export type SinkId = (typeof SINKS)[number];
/** `lose`: it accepts, and its answer is lost. */
export type Mood = 'accept' | 'refuse' | 'lose';
export type Crash = 'none' | 'before' | 'after';

const NEVER = new AbortController().signal;
const DEATH = 'the worker died here, as simulated';

/** What one attempt to judge readings came to. */
export interface Judged {
  /** Its queue may forget it: the worker lived to say so. */
  readonly done: boolean;
  /** It is part of what the store holds. */
  readonly folded: boolean;
  /** Those of which it is on record that they came too late to be folded. */
  readonly late: ReadonlySet<string>;
  readonly incidents: readonly Incident[];
  /** Visits without news that were noted apart. */
  readonly noted: number;
}

export interface Told {
  readonly sink: SinkId;
  readonly notice: Notice;
}

export class System {
  readonly store: StateStore;
  readonly #scheduler: Scheduler;
  /** How far the clock of who judges and tells is ahead, in seconds. */
  readonly clock: { off: number };
  readonly #now: () => Date;
  allowlist: Allowlist = EMPTY_ALLOWLIST;
  readonly moods: Record<SinkId, Mood> = { machine: 'accept', page: 'accept' };
  /** Dies at the next receipt. */
  diesTelling = false;
  #runs = 0;
  #accepted = 0;

  /** Notices committed, by key: to whom each is owed. */
  readonly owed = new Map<string, readonly SinkId[]>();
  readonly told: Told[] = [];
  /** How often a receipt of `<sink> <key>` was lost: so often may the message come again. */
  readonly lost = new Map<string, number>();

  constructor(store: StateStore, scheduler: Scheduler, clock: { off: number }, now: () => Date) {
    [this.store, this.#scheduler, this.clock, this.#now] = [store, scheduler, clock, now];
  }

  /** Several are of one endpoint, and one write. `isRacing`: whoever else is at work comes in between, at every touch of the store. */
  async judge(readings: readonly Reading[], crash: Crash, isRacing = false): Promise<Judged> {
    const commits: Commit[] = [];
    const own = { noted: 0 };
    const store = this.#storeOf(crash, isRacing, commits, own);
    const [first, ...others] = readings;
    if (first === undefined) throw new Error('nothing to judge');
    try {
      if (others.length === 0) await assess(first, store, this.allowlist, this.#now);
      else await assessTogether(readings, store, this.allowlist, this.#now);
    } catch (error) {
      if (!(error instanceof Error) || error.message !== DEATH) throw error;
      return { ...judgedOf(commits), noted: own.noted, done: false, folded: commits.length > 0 || own.noted > 0 };
    }
    return { ...judgedOf(commits), noted: own.noted, done: true, folded: true };
  }

  async tell(isRacing = false): Promise<void> {
    const store = isRacing ? this.#storeOf('none', true, []) : this.store;
    try {
      await notify(this.#dying(store), this.#sinks(), `tell-${this.#runs++}`, this.#now, NEVER);
    } catch (error) {
      if (!(error instanceof AjarError) || error.message !== DEATH) throw error;
    }
  }

  /** Several at once, in an order that the history chooses. */
  async race<T>(work: readonly Promise<T>[]): Promise<readonly T[]> {
    return this.#scheduler.waitFor(Promise.all(work));
  }

  #storeOf(crash: Crash, isRacing: boolean, commits: Commit[], own = { noted: 0 }): StateStore {
    const { store } = this;
    const turn = async (): Promise<void> => {
      if (isRacing) await this.#scheduler.schedule(Promise.resolve());
    };
    return {
      ...store,
      read: async (id) => {
        await turn();
        return store.read(id);
      },
      commit: async (commit) => {
        await turn();
        if (crash === 'before') throw new Error(DEATH);
        if ((await store.commit(commit)) === 'conflict') return 'conflict';
        commits.push(commit);
        this.#owe(commit.notices);
        if (crash === 'after') throw new Error(DEATH);
        return 'committed';
      },
      ...(store.revisits === undefined ? {} : { revisits: this.#dyingPages(store.revisits, crash, turn, own) }),
    };
  }

  /** What dies after it was noted is delivered again: noted twice is noted once. */
  #dyingPages(pages: Revisits, crash: Crash, turn: () => Promise<void>, own: { noted: number }): Revisits {
    return {
      ...pages,
      note: async (page, revisits) => {
        await turn();
        if (crash === 'before') throw new Error(DEATH);
        await pages.note(page, revisits);
        own.noted += revisits.length;
        if (crash === 'after') throw new Error(DEATH);
      },
    };
  }

  #owe(notices: readonly Notice[]): void {
    for (const notice of notices) {
      if (this.owed.has(notice.key)) throw new Error(`I2: owed twice: ${notice.key}`);
      this.owed.set(notice.key, sinksFor(notice, SINKS) as readonly SinkId[]);
    }
  }

  /** Sent, and dead before the receipt was kept. */
  #dying(store: StateStore): StateStore {
    const { outbox } = store;
    const settle: typeof outbox.settle = async (entry, receipt) => {
      if (!this.diesTelling) return outbox.settle(entry, receipt);
      this.diesTelling = false;
      this.#lose(entry.sink, entry.notice.key);
      throw new AjarError('store-unavailable', DEATH);
    };
    return { ...store, outbox: { ...outbox, settle } };
  }

  #sinks(): readonly Sink[] {
    const page = async (notices: readonly Notice[]): Promise<readonly Outcome[]> =>
      notices.map((notice) => this.#take('page', notice));
    return [
      { id: 'machine', deliver: async (notice) => this.#take('machine', notice) },
      { id: 'page', groups: true, deliver: async (notice) => this.#take('page', notice), deliverAll: page },
    ];
  }

  #take(sink: SinkId, notice: Notice): { readonly id: string } {
    if (this.moods[sink] === 'refuse') throw new Error('refused, as simulated');
    this.told.push({ sink, notice });
    if (this.moods[sink] === 'lose') {
      this.#lose(sink, notice.key);
      throw new Error('its answer is lost, as simulated');
    }
    return { id: `${sink}-${this.#accepted++}` };
  }

  #lose(sink: string, key: string): void {
    const name = `${sink} ${key}`;
    this.lost.set(name, (this.lost.get(name) ?? 0) + 1);
  }
}

function judgedOf(commits: readonly Commit[]): Pick<Judged, 'late' | 'incidents'> {
  const bodies = commits.flatMap(({ lines }) => lines.flatMap(({ kind, body }) => (kind === 'probe' ? [body] : [])));
  const late = bodies.flatMap(({ late: isLate, readingId }) =>
    isLate === true && typeof readingId === 'string' ? [readingId] : [],
  );
  return { late: new Set(late), incidents: commits.flatMap(({ incidents }) => incidents) };
}
