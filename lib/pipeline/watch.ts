import { setTimeout as sleep } from 'node:timers/promises';

/**
 * Runs a pass every `everyMs`, measured from start to start, until the signal is raised. A pass that takes longer
 * than the interval is followed at once by the next; passes never overlap. The first late one of a row is told to
 * `onLate`: from then on a removal may stay unseen for longer than the interval.
 */
export async function watch(
  everyMs: number,
  signal: AbortSignal,
  pass: (n: number) => Promise<void>,
  onLate: (tookMs: number) => void = () => undefined,
): Promise<void> {
  let isLate = false;
  for (let n = 1; !signal.aborted; n++) {
    const started = performance.now();
    await pass(n);
    const took = performance.now() - started;
    if (took > everyMs && !isLate) onLate(took);
    isLate = took > everyMs;
    if (!isLate && !signal.aborted) await pause(everyMs - took, signal);
  }
}

async function pause(ms: number, signal: AbortSignal): Promise<void> {
  try {
    await sleep(ms, undefined, { signal });
  } catch (error) {
    if (!(error instanceof Error) || error.name !== 'AbortError') throw error;
  }
}
