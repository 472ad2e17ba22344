/**
 * The notifier of the virtual deployment: woken by what is owed, by the minute, and again when what waits for its like is to leave
 * (lib/pipeline/grouping.ts). One at a time; whoever wakes it meanwhile is served by the next round.
 */
import { notify } from '../../pipeline/notify.ts';
import type { Stage } from './stage.ts';

/** From the outbox's stream to the notifier. */
const STREAM_MS = 500;

export class Notifier {
  readonly #stage: Stage;
  readonly #runId: () => string;
  #isAwake = false;
  #isOwed = false;

  constructor(stage: Stage, runId: () => string) {
    this.#stage = stage;
    this.#runId = runId;
  }

  wake(): void {
    this.#isOwed = true;
    if (this.#isAwake) return;
    this.#isAwake = true;
    this.#stage.clock.after(STREAM_MS, async () => {
      while (this.#isOwed) {
        this.#isOwed = false;
        await this.#deliver();
      }
      this.#isAwake = false;
    });
  }

  async #deliver(): Promise<void> {
    const { store, sinks, now, signal, clock, file } = this.#stage;
    const endpoints = (): Promise<number> => Promise.resolve(file.endpoints.length);
    const { until } = await notify(store, sinks, this.#runId(), now, signal, { endpoints });
    if (until !== undefined) clock.at(until.getTime(), () => this.wake());
  }
}
