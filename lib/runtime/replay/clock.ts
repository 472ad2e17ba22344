/**
 * Virtual time. Jobs begin at instants and may sleep; between two instants every job runs until it sleeps or ends, so that
 * what overlaps in the deployment overlaps here, and the same history always runs the same way. That rests on jobs that wait
 * for nothing real: whatever else they await is settled before the next turn of the event loop.
 */
import { setImmediate as turn } from 'node:timers/promises';

interface Due {
  readonly at: number;
  readonly seq: number;
  readonly wake: () => void;
}

export class VirtualClock {
  #now: number;
  #seq = 0;
  readonly #due: Due[] = [];
  #failure: { readonly error: unknown } | undefined;

  constructor(now: number) {
    this.#now = now;
  }

  now(): number {
    return this.#now;
  }

  /** Begins a job then, or at once where that has passed. */
  at(ms: number, job: () => Promise<void> | void): void {
    this.#push(ms, () => void this.#follow(job));
  }

  after(ms: number, job: () => Promise<void> | void): void {
    this.at(this.#now + ms, job);
  }

  /** Of a job: others go on meanwhile. */
  async sleep(ms: number): Promise<void> {
    await new Promise<void>((resolve) => this.#push(this.#now + ms, resolve));
  }

  /** Runs all that is due until then; what is due later stays undone. Rejects with the first error of a job. */
  async run(until: number): Promise<void> {
    for (;;) {
      const next = this.#due[0];
      if (next === undefined || next.at > until) break;
      this.#pop();
      this.#now = Math.max(this.#now, next.at);
      next.wake();
      await turn();
      if (this.#failure !== undefined) throw this.#failure.error;
    }
    this.#now = until;
  }

  async #follow(job: () => Promise<void> | void): Promise<void> {
    try {
      await job();
    } catch (error) {
      this.#failure ??= { error };
    }
  }

  /** A binary heap: by instant, then in the order of coming. */
  #push(at: number, wake: () => void): void {
    const heap = this.#due;
    let i = heap.push({ at, seq: this.#seq++, wake }) - 1;
    while (i > 0) {
      const parent = (i - 1) >> 1;
      if (!isBefore(heap[i], heap[parent])) break;
      swap(heap, i, parent);
      i = parent;
    }
  }

  #pop(): void {
    const heap = this.#due;
    const last = heap.pop();
    if (last === undefined || heap.length === 0) return;
    heap[0] = last;
    for (let i = 0; ; ) {
      const [left, right] = [2 * i + 1, 2 * i + 2];
      let least = i;
      if (isBefore(heap[left], heap[least])) least = left;
      if (isBefore(heap[right], heap[least])) least = right;
      if (least === i) return;
      swap(heap, i, least);
      i = least;
    }
  }
}

function isBefore(a: Due | undefined, b: Due | undefined): boolean {
  if (a === undefined || b === undefined) return false;
  return a.at === b.at ? a.seq < b.seq : a.at < b.at;
}

function swap(heap: Due[], i: number, j: number): void {
  const [a, b] = [heap[i], heap[j]];
  if (a === undefined || b === undefined) return;
  heap[i] = b;
  heap[j] = a;
}
