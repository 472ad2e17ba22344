/**
 * `npm run fuzz [-- --runs 1000000] [--only redis,kafka] [--seed N] [--reached]`: every probe over that many bent peers, with
 * one line each. `--reached` also says which exported functions of lib/wire were never run, and fails if there are any:
 * `npm run check` does that with few runs, so that a parser which no fuzz input gets to does not pass unseen.
 */
import { Session } from 'node:inspector/promises';
import { readdirSync, readFileSync } from 'node:fs';
import { parseArgs } from 'node:util';
import { PROBES } from '../../lib/probes/catalogue.ts';
import { fuzz } from './fuzz.ts';

const WIRE = new URL('../../lib/wire/', import.meta.url);
/** Requests are made, not parsed; what only shows text is `printable` and tested with it. */
const PARSES = /^export (?:async )?function ((?:read|parse|decode|is|foreign)\w*)/gmu;

/** A shrunk peer may still be a long recording; seed and path come first and replay it. */
const MAX_COUNTEREXAMPLE = 4_000;

/** Reached only by a reply of more than 64 KiB, or by no probe: they have property tests of their own instead. */
const OWN_TEST: ReadonlyMap<string, string> = new Map([
  ['decodeBsonHead', 'wire/bson.test.ts'],
  ['readOldReply', 'wire/tls-hello.test.ts'],
]);

const { values } = parseArgs({
  options: {
    runs: { type: 'string', default: '1000000' },
    only: { type: 'string' },
    seed: { type: 'string' },
    reached: { type: 'boolean', default: false },
  },
});
const only = values.only?.split(',');
const probes = PROBES.filter(({ id }) => only === undefined || only.includes(id));
const runs = Number(values.runs);
if (probes.length === 0 || !Number.isSafeInteger(runs) || runs < 1)
  throw new Error('nothing to fuzz: see --only and --runs');

const session = new Session();
if (values.reached) {
  session.connect();
  await session.post('Profiler.enable');
  await session.post('Profiler.startPreciseCoverage', { callCount: true, detailed: false });
}
let failed = 0;
for (const probe of probes) {
  const started = performance.now();
  try {
    await fuzz(probe, runs, values.seed === undefined ? undefined : Number(values.seed));
    const seconds = (performance.now() - started) / 1_000;
    if (!values.reached) console.log(`${probe.id}: ${runs} peers in ${seconds.toFixed(1)} s, none broke a promise`);
  } catch (error) {
    failed++;
    const { cause, message } = error instanceof Error ? error : new Error(String(error));
    console.error(`${probe.id}: ${String(cause)}\n${message.slice(0, MAX_COUNTEREXAMPLE)}`);
  }
}
if (values.reached) failed += await unreached();
console.log(`fuzz: ${probes.length} probes, ${probes.length * runs} peers, ${failed} failures`);
process.exitCode = failed > 0 ? 1 : 0;

/** How many parsing functions of lib/wire never ran. */
async function unreached(): Promise<number> {
  const { result } = await session.post('Profiler.takePreciseCoverage');
  const ran = new Map(
    result.map(({ url, functions }) => [
      url,
      new Set(functions.filter((f) => f.ranges.some((r) => r.count > 0)).map((f) => f.functionName)),
    ]),
  );
  let count = 0;
  for (const file of readdirSync(WIRE)) {
    const url = new URL(file, WIRE);
    const names = [...readFileSync(url, 'utf8').matchAll(PARSES)].map(([, name = '']) => name);
    for (const name of names.filter((one) => ran.get(url.href)?.has(one) !== true && !hasOwnTest(one))) {
      console.error(
        `lib/wire/${file}: ${name} was reached by no fuzz input; give its probe a recording that gets there`,
      );
      count++;
    }
  }
  return count;
}

function hasOwnTest(name: string): boolean {
  const file = OWN_TEST.get(name);
  if (file === undefined) return false;
  const text = readFileSync(new URL(`../${file}`, import.meta.url), 'utf8');
  return text.includes(name) && text.includes('numRuns: 10_000');
}
