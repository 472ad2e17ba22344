/**
 * The end of one visit: told once, with the PeerError that everything in the middle of something then ends with. An
 * AbortController a visit and a listener a layer were a tenth of what a plain probe costs (docs/performance.md).
 */
import type { PeerError } from '../model/errors.ts';

export class Ending {
  #reason: PeerError | undefined;
  #listeners: ((reason: PeerError) => void)[] = [];

  /** Why it is over; undefined while it is not. */
  get reason(): PeerError | undefined {
    return this.#reason;
  }

  /** The first reason stands. */
  end(reason: PeerError): void {
    if (this.#reason !== undefined) return;
    this.#reason = reason;
    const told = this.#listeners;
    this.#listeners = [];
    for (const listener of told) listener(reason);
  }

  throwIfOver(): void {
    if (this.#reason !== undefined) throw this.#reason;
  }

  /** Called at the end with its reason, unless taken back by `off` before. Where it is over already, never. */
  on(listener: (reason: PeerError) => void): void {
    this.#listeners.push(listener);
  }

  off(listener: (reason: PeerError) => void): void {
    const at = this.#listeners.indexOf(listener);
    if (at !== -1) this.#listeners.splice(at, 1);
  }

  /** Resolves after so many milliseconds, or rejects at the end. */
  async wait(ms: number): Promise<void> {
    const { promise, resolve } = Promise.withResolvers<void>();
    const timer = setTimeout(resolve, ms);
    try {
      await this.unlessOver(promise);
    } finally {
      clearTimeout(timer);
    }
  }

  /** What `work` comes to, or rejects at the end. */
  async unlessOver<T>(work: Promise<T>): Promise<T> {
    const { promise: over, reject } = Promise.withResolvers<never>();
    this.on(reject);
    if (this.#reason !== undefined) reject(this.#reason);
    try {
      return await Promise.race([work, over]);
    } finally {
      this.off(reject);
    }
  }
}
