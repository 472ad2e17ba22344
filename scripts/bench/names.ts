/**
 * What one name costs to classify, and that no string makes it throw or slow (evidence-and-alerts.md section 2.7).
 * `npm run bench:names`: a million names of three kinds, then names written to be slow. Fails over its budget.
 */
import { classifyName } from '../../lib/assess/classify.ts';
import { readHalf } from '../../test/support/name-corpus.ts';
import { SLOW_NAMES } from '../../test/support/slow-names.ts';

const NAMES = 1_000_000;
const BUDGET_SECONDS = 25;
const BUDGET_MICROSECONDS = 20;
const SLOWEST_MICROSECONDS = 200;

const labelled = [...readHalf('tuning'), ...readHalf('held-out')];
const words = labelled.flatMap(({ name }) => name.split('_'));
let seed = 20_191_204;

const kinds: readonly (readonly [string, () => string])[] = [
  ['labelled', () => pick(labelled).name],
  ['words put together', () => [pick(words), pick(words), pick(words)].join(random(2) === 0 ? '_' : '')],
  ['random characters', () => Array.from({ length: random(40) }, () => String.fromCharCode(random(0x10000))).join('')],
];
const hostile = [...SLOW_NAMES, `${'user'.repeat(7)}x`];

let failed = false;
let spent = 0;
for (const [kind, make] of kinds) {
  const names = Array.from({ length: 20_000 }, make);
  const rounds = Math.ceil(NAMES / kinds.length / names.length);
  const took = microseconds(() => {
    for (let round = 0; round < rounds; round++) for (const name of names) classifyName(name);
  });
  spent += took;
  report(kind, took / (rounds * names.length), BUDGET_MICROSECONDS);
}
for (const name of hostile) {
  const took = microseconds(() => {
    for (let round = 0; round < 2_000; round++) classifyName(name);
  });
  report(`hostile, ${name.length} characters`, took / 2_000, SLOWEST_MICROSECONDS);
}
console.log(
  `${NAMES.toLocaleString('en')} names in ${(spent / 1_000_000).toFixed(1)} s of processor time, budget ${BUDGET_SECONDS} s`,
);
if (failed || spent > BUDGET_SECONDS * 1_000_000) process.exitCode = 1;

/** Of this process, not of the clock: others may be using the machine. */
function microseconds(work: () => void): number {
  const before = process.cpuUsage();
  work();
  const { user, system } = process.cpuUsage(before);
  return user + system;
}

function report(kind: string, micros: number, budget: number): void {
  const over = micros > budget;
  failed ||= over;
  console.log(`${kind.padEnd(28)} ${micros.toFixed(2).padStart(8)} us a name${over ? `, over ${budget}` : ''}`);
}

function pick<T>(list: readonly T[]): T {
  const one = list[random(list.length)];
  if (one === undefined) throw new RangeError('nothing to pick from');
  return one;
}

/** The same names every time. */
function random(below: number): number {
  seed = (Math.imul(seed, 1_664_525) + 1_013_904_223) >>> 0;
  return Math.floor((seed / 2 ** 32) * below);
}
