/** Random histories through `ajar replay` (lib/runtime/replay): what must hold of any is held against each. */
import fc from 'fast-check';
import { examine, type Examined } from '../../test/support/replay-invariants.ts';
import { FAULTS_HELD, histories } from '../../test/support/replays.ts';

const any = histories({ endpoints: 2, minutes: 14, events: 4, faults: 2 }, FAULTS_HELD);
const MAX_SHOWN = 5;

const histogram = new Map<number, number>();
const total = { histories: 0, incidents: 0, owed: 0, wrong: 0, twice: 0, lost: 0 };

export async function simulateReplays(runs: number, seed: number): Promise<void> {
  const started = performance.now();
  for (const file of fc.sample(any, { numRuns: runs, seed })) count(await examine(file));
  report(seed, Math.round((performance.now() - started) / 1_000));
}

function count(examined: Examined): void {
  total.histories++;
  total.incidents += examined.incidents.length;
  total.owed += examined.owed;
  for (const { id } of examined.incidents) {
    const pages = examined.pages.get(id) ?? 0;
    histogram.set(pages, (histogram.get(pages) ?? 0) + 1);
  }
  if (examined.violations.length > 0) complain(examined);
  if (total.histories % 1_000 === 0) console.error(`${total.histories} histories, ${total.wrong} of them wrong`);
}

function complain({ file, violations }: Examined): void {
  total.wrong++;
  for (const violation of violations) {
    if (/^(told|paged) twice|two incidents at once|[2-9]\d* incidents for/.test(violation)) total.twice++;
    if (/^(0 incidents for|no page for|nobody was told)/.test(violation)) total.lost++;
  }
  process.exitCode = 1;
  if (total.wrong > MAX_SHOWN) return;
  console.error(violations.join('\n'));
  console.error(JSON.stringify(file));
}

function report(seed: number, seconds: number): void {
  console.log(`${total.histories} histories from seed ${seed}, ${seconds} s`);
  console.log(`${total.incidents} incidents; ${total.owed} losses that must not be missed`);
  console.log(`${total.twice} duplicate incidents or messages; ${total.lost} lost`);
  console.log(`${total.wrong} histories with a duplicate, lost, unfounded or wrongly bounded incident`);
  console.log('alerts that an incident was told in, and how many incidents (0: as the history ends it is owed still):');
  for (const [pages, count] of [...histogram].toSorted(([a], [b]) => a - b)) {
    console.log(
      `  ${String(pages).padStart(2)}  ${String(count).padStart(7)}  ${'#'.repeat(Math.ceil((60 * count) / total.incidents))}`,
    );
  }
}
