/**
 * `npm run test:engines:peers`: the whole fleet asked by ajar and by nmap, side by side: product, authentication, seconds.
 * nmap waits more than it works, so several run at once; ajar goes first and alone. About 20 minutes; with
 * `AJAR_ENGINES=all` the heavy variants too.
 */
import { availableParallelism } from 'node:os';
import pLimit from 'p-limit';
import type { RunningEngine } from '../engine.ts';
import { EXPECTED } from '../expected.ts';
import { knownEngines, startFleet } from '../fleet.ts';
import { has } from '../install-step.ts';
import { install } from '../install.ts';
import { visit } from '../visit.ts';
import { WAVES } from '../waves.ts';
import { askNmap } from './nmap.ts';
import { doorOf, type Judged, judgeDoor } from './truth.ts';
import { readWords } from './words.ts';

interface Row {
  readonly product: 'right' | 'wrong' | 'unknown';
  readonly door: Judged;
  readonly seconds: number;
  readonly words: string;
}

const NOT_RUN = ['fingerprintx', 'zgrab2', 'nuclei'] as const;
/** As in the matrix: also the variants marked `extra`. */
const ALL = process.env['AJAR_ENGINES'] === 'all';
const AT_ONCE = 4 * availableParallelism();
const found: { readonly id: string; readonly ajar: Row; readonly nmap: Row | undefined }[] = [];

async function main(wanted: readonly string[]): Promise<void> {
  install();
  const hasNmap = has('nmap', '--version');
  const known = knownEngines().filter(({ id, kind, extra }) => {
    return wanted.length === 0 ? ALL || extra !== true : wanted.includes(id) || wanted.includes(kind);
  });
  for (const kinds of Object.values(WAVES)) {
    const only = known.filter(({ kind }) => kinds.includes(kind)).map(({ id }) => id);
    if (only.length > 0) await wave(only, hasNmap);
  }
  console.log(
    `\n${total(
      'ajar',
      found.map(({ ajar }) => ajar),
    )}`,
  );
  const peers = found.flatMap(({ nmap }) => (nmap === undefined ? [] : [nmap]));
  console.log(hasNmap ? total('nmap', peers) : 'nmap           not run: it is not installed (apt-get install nmap)');
  for (const name of NOT_RUN) console.log(`${name.padEnd(14)} not run: the Go module proxy here does not serve it`);
  const wrong = found.filter(({ ajar }) => ajar.product === 'wrong' || ajar.door === 'wrong').map(({ id }) => id);
  if (wrong.length > 0) {
    console.error(`ajar is wrong about ${wrong.join(', ')}`);
    process.exitCode = 1;
  }
}

async function wave(only: readonly string[], hasNmap: boolean): Promise<void> {
  const fleet = await startFleet({ only });
  const limit = pLimit(AT_ONCE);
  try {
    const ours: Row[] = [];
    for (const engine of fleet.engines) ours.push(await byAjar(engine));
    await Promise.all(
      fleet.engines.map((engine, index) =>
        limit(async () => {
          const ajar = ours[index];
          if (ajar === undefined) throw new Error(`${engine.id} was not visited`);
          const nmap = hasNmap ? await byNmap(engine) : undefined;
          found.push({ id: engine.id, ajar, nmap });
          console.log(
            `${engine.id.padEnd(30)} ajar ${shown(ajar)}${nmap === undefined ? '' : `  nmap ${shown(nmap)}`}`,
          );
        }),
      ),
    );
  } finally {
    await fleet.stop();
  }
}

/** `match` names the product; `generic-http` and `unknown` do not. That it is told what to expect stands in the docs. */
async function byAjar(engine: RunningEngine): Promise<Row> {
  const began = performance.now();
  const seen = await visit(engine);
  const seconds = (performance.now() - began) / 1000;
  const { state } = seen.proto;
  const isNamed = state === 'match' && state === EXPECTED[engine.id]?.proto;
  const product = isNamed ? 'right' : state === 'match' || state === 'other' ? 'wrong' : 'unknown';
  return { product, door: judgeDoor(engine.id, doorOf(seen.auth.state)), seconds, words: seen.auth.state };
}

async function byNmap(engine: RunningEngine): Promise<Row> {
  const began = performance.now();
  const said = readWords(engine.kind, await askNmap(engine));
  const seconds = (performance.now() - began) / 1000;
  return { product: said.product, door: judgeDoor(engine.id, said.door), seconds, words: said.words };
}

function shown({ product, door, seconds, words }: Row): string {
  return `${product.padEnd(7)} ${door.padEnd(8)} ${seconds.toFixed(2).padStart(6)} s ${words.slice(0, 50).padEnd(14)}`;
}

function total(name: string, rows: readonly Row[]): string {
  const products = (word: Row['product']) => rows.filter(({ product }) => product === word).length;
  const doors = (word: Judged) => rows.filter(({ door }) => door === word).length;
  const seconds = rows.map((row) => row.seconds).toSorted((a, b) => a - b);
  const at = (share: number) => (seconds[Math.floor((seconds.length - 1) * share)] ?? 0).toFixed(2);
  return (
    `${name.padEnd(14)} ${rows.length} endpoints; product ${products('right')} right, ${products('wrong')} wrong, ` +
    `${products('unknown')} unknown; authentication ${doors('right')} right, ${doors('wrong')} wrong, ` +
    `${doors('not said')} not said; p50 ${at(0.5)} s, p95 ${at(0.95)} s`
  );
}

await main(process.argv.slice(2));
