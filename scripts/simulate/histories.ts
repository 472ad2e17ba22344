/**
 * Model-based histories (test/support/simulated), so many from one seed. One that fails is told with what plays it again, and the
 * others go on: `npm run simulate -- --model --seed 1 --path 68` plays that one alone, and simpler ones that fail as it does.
 */
import fc from 'fast-check';
import { type Counts, NOTHING, sum } from '../../test/support/simulated/counts.ts';
import { simulated, STEPS } from '../../test/support/simulated/play.ts';

const MAX_SHOWN = 5;
const TELL_EVERY = 1_000;

export async function simulateHistories(runs: number, seed: number, path: string | undefined): Promise<void> {
  const started = performance.now();
  let [played, wrong, total]: [number, number, Counts] = [0, 0, NOTHING];
  const property = simulated(STEPS, (counts) => {
    total = sum(total, counts);
  });
  if (path !== undefined) return replay(property, seed, path);
  while (played < runs) {
    const next = { seed, path: String(played), numRuns: Math.min(TELL_EVERY, runs - played), endOnFailure: true };
    const found = await fc.check(property, next);
    played += found.numRuns;
    if (found.failed) {
      wrong++;
      if (wrong <= MAX_SHOWN) console.error(`--seed ${seed} --path ${played - 1}: ${String(found.errorInstance)}`);
    }
    if (played % TELL_EVERY === 0) console.error(`${played} histories, ${wrong} of them wrong`);
  }
  if (wrong > 0) process.exitCode = 1;
  const seconds = Math.round((performance.now() - started) / 1_000);
  console.log(`${played} model-based histories of ${STEPS} steps from seed ${seed}, ${seconds} s`);
  console.log(
    `${total.judged} readings judged; ${total.repeated} again, ${total.late} too late, ${total.died} by a worker that died, ${total.noted} without news`,
  );
  console.log(`${total.losses} losses shown, ${total.incidents} incidents, ${total.told} messages`);
  console.log(`${wrong} histories in which a promise did not hold`);
}

async function replay(property: ReturnType<typeof simulated>, seed: number, path: string): Promise<void> {
  const found = await fc.check(property, { seed, path, numRuns: 1 });
  if (!found.failed) return console.log(`--seed ${seed} --path ${path}: holds`);
  process.exitCode = 1;
  const [, steps] = found.counterexample ?? [];
  console.log(`--seed ${seed} --path ${found.counterexamplePath ?? path}: ${String(found.errorInstance)}`);
  console.log((steps ?? []).map(String).join('\n'));
}
