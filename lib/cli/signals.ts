import { log } from './terminal.ts';

/**
 * First SIGINT or SIGTERM: stop visiting, finish what is being committed, leave a state that resumes. A second one
 * ends the process at once; SQLite's journal keeps what was committed.
 */
export function stopSignal(): { readonly signal: AbortSignal; release(): void } {
  const controller = new AbortController();
  const onSignal = (name: NodeJS.Signals): void => {
    if (controller.signal.aborted) process.exit(name === 'SIGINT' ? 130 : 143);
    log(`ajar: ${name}: finishing commits; once more ends it at once`);
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
