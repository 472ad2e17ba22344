import { setTimeout as sleep } from 'node:timers/promises';

const LONGEST_PASS_MS = 3_600_000;

/**
 * Runs a pass every `everyMs`, measured from start to start, until the signal is raised. A pass that takes longer
 * than the interval is followed at once by the next; passes never overlap. The first late one of a row is told to
 * `onLate`: from then on a removal may stay unseen for longer than the interval. A pass is told how often they come, which
 * is what the one before it took where that was longer: of a machine that slept, an hour at most.
 */
export async function watch(
  everyMs: number,
  signal: AbortSignal,
  pass: (n: number, everyMs: number) => Promise<void>,
  onLate: (tookMs: number) => void = () => undefined,
): Promise<void> {
  let isLate = false;
  let comesEvery = everyMs;
  for (let n = 1; !signal.aborted; n++) {
    const started = performance.now();
    await pass(n, comesEvery);
    const took = performance.now() - started;
    comesEvery = Math.ceil(Math.max(everyMs, Math.min(took, LONGEST_PASS_MS)));
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
