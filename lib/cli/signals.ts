import { log } from './terminal.ts';

/** A terminal's Ctrl-C reaches the launcher too, which passes it on: so soon it is the same one. */
const SAME_MS = 300;

/**
 * First SIGINT or SIGTERM: stop visiting, finish what is being committed, leave a state that resumes. A second one
 * ends the process at once; SQLite's journal keeps what was committed.
 */
export function stopSignal(): { readonly signal: AbortSignal; release(): void } {
  const controller = new AbortController();
  let first = 0;
  const onSignal = (name: NodeJS.Signals): void => {
    if (controller.signal.aborted && performance.now() - first < SAME_MS) return;
    if (controller.signal.aborted) process.exit(name === 'SIGINT' ? 130 : 143);
    log(`ajar: ${name}: finishing commits; once more ends it at once`);
    first = performance.now();
    controller.abort();
  };
  process.on('SIGINT', onSignal);
  process.on('SIGTERM', onSignal);
  return {
    signal: controller.signal,
    release() {
      process.off('SIGINT', onSignal);
      process.off('SIGTERM', onSignal);
    },
  };
}
