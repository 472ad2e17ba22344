/** A queue and the Lambda behind it on a virtual clock: batches of so many, so many at once, as serverless.yml has them. */
import type { VirtualClock } from '../../../lib/runtime/replay/clock.ts';

export interface LaneShape {
  readonly batch: number;
  /** A batch that is not full waits for so long. */
  readonly windowMs: number;
  readonly atOnce: number;
}

/** From a message sent to a poll that finds it. */
const QUEUE_MS = 500;
/** Of a run: its invocation, and of the first in an environment its start. */
const INVOKE_MS = 50;
const COLD_MS = 1_500;

export class Lane<T> {
  readonly #clock: VirtualClock;
  readonly #shape: LaneShape;
  readonly #handle: (message: T) => Promise<void>;
  readonly #waiting: T[] = [];
  #running = 0;
  #warm = 0;
  #isGathering = false;
  /** The most that waited at any time. */
  longest = 0;
  handled = 0;

  constructor(clock: VirtualClock, shape: LaneShape, handle: (message: T) => Promise<void>) {
    [this.#clock, this.#shape, this.#handle] = [clock, shape, handle];
  }

  send(message: T, delayMs = 0): void {
    this.#clock.after(QUEUE_MS + delayMs, () => {
      this.#waiting.push(message);
      this.longest = Math.max(this.longest, this.#waiting.length);
      this.#next();
    });
  }

  #next(): void {
    const { batch, windowMs, atOnce } = this.#shape;
    if (this.#running >= atOnce || this.#waiting.length === 0) return;
    if (this.#waiting.length >= batch || windowMs === 0) return this.#run();
    if (this.#isGathering) return;
    this.#isGathering = true;
    this.#clock.after(windowMs, () => {
      this.#isGathering = false;
      if (this.#running < atOnce && this.#waiting.length > 0) this.#run();
    });
  }

  #run(): void {
    const messages = this.#waiting.splice(0, this.#shape.batch);
    this.#running++;
    this.#clock.after(0, async () => {
      const isCold = this.#running > this.#warm;
      if (isCold) this.#warm++;
      await this.#clock.sleep(INVOKE_MS + (isCold ? COLD_MS : 0));
      await Promise.all(messages.map((message) => this.#handle(message)));
      this.handled += messages.length;
      this.#running--;
      this.#next();
    });
    this.#next();
  }
}
