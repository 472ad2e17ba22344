/**
 * Model-based histories: fast-check's commands over the real functions of the pipeline, against a small reference. A history that
 * fails is played again by its seed and path.
 */
import fc from 'fast-check';
import type { StateStore } from '../../../lib/model/store.ts';
import { memoryStore } from '../../../lib/stores/memory.ts';
import { finish } from './ending.ts';
import type { Counts } from './counts.ts';
import { History, type Open } from './history.ts';
import { steps } from './steps.ts';
import { SINKS } from './system.ts';

export const STEPS = 200;

/** A history of so many steps, played to its end. `open`: where its state lives; a store in memory unless told. */
export function simulated(
  count: number,
  onPlayed: (counts: Counts) => void,
  open?: Open,
): fc.IAsyncPropertyWithHooks<[fc.Scheduler, readonly fc.AsyncCommand<object, History>[], boolean]> {
  return fc.asyncProperty(fc.scheduler(), steps(count), fc.boolean(), async (scheduler, commands, shared) => {
    // A state that was kept in memory and one that was read are not folded alike.
    const inMemory = (now: () => Date): StateStore => memoryStore({ sinks: SINKS, now, shared });
    const history = await History.begin(open ?? inMemory, scheduler);
    await fc.asyncModelRun(() => ({ model: {}, real: history }), commands);
    await finish(history);
    onPlayed(history.counts);
    if (history.violations.length > 0) throw new Error([...new Set(history.violations)].join('\n'));
  });
}
