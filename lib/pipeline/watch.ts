import { setTimeout as sleep } from 'node:timers/promises';

/**
 * Runs a pass every `everyMs`, measured from start to start, until the signal is raised. A pass that takes longer
 * than the interval is followed at once by the next; passes never overlap.
 */
export async function watch(everyMs: number, signal: AbortSignal, pass: (n: number) => Promise<void>): Promise<void> {
  for (let n = 1; !signal.aborted; n++) {
    const started = performance.now();
    await pass(n);
    const rest = everyMs - (performance.now() - started);
    if (rest > 0 && !signal.aborted) await pause(rest, signal);
  }
}

async function pause(ms: number, signal: AbortSignal): Promise<void> {
  try {
    await sleep(ms, undefined, { signal });
  } catch (error) {
    if (!(error instanceof Error) || error.name !== 'AbortError') throw error;
  }
}
