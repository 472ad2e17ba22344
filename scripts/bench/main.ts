/**
 * `npm run bench`: 10,000 loopback endpoints, all open and 90 % silent: ajar's whole visit beside a floor in C (connect,
 * GET, read, close) and nmap, in turn, in one run. Read the ratios: the machine is noisy. Targets are 127.10/16 only,
 * bounded in number, and everything ends by itself. Linux with a C compiler; nmap where it is installed. `-- --peers`
 * prints the goals of docs/performance.md instead, against every peer that is installed here.
 */
import { execFileSync, spawn } from 'node:child_process';
import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { goals } from './goals.ts';
import { type Cost, measure } from './measure.ts';

const { values } = parseArgs({
  options: {
    total: { type: 'string', default: '10000' },
    rounds: { type: 'string', default: '3' },
    peers: { type: 'boolean', default: false },
  },
});
const TOTAL = Number(values.total);
const ROUNDS = Number(values.rounds);
const PORT = 29_200;
const SOCKETS = 900;
const SILENCE_S = 4;
/** nmap is asked for fewer: its cost per target is what counts. */
const NMAP_TOTAL = Math.min(TOTAL, 1_024);

const build = mkdtempSync(join(tmpdir(), 'ajar-bench-'));
const here = (name: string): string => new URL(name, import.meta.url).pathname;

interface Row {
  readonly name: string;
  readonly targets: number;
  readonly run: () => Promise<Cost>;
}

function compile(name: string, ...libraries: string[]): string {
  const out = join(build, name);
  execFileSync('cc', ['-O2', '-o', out, here(`${name}.c`), ...libraries]);
  return out;
}

function has(command: string): boolean {
  try {
    execFileSync('sh', ['-c', `command -v ${command}`], { stdio: 'ignore' });
    return true;
  } catch (error) {
    if (error instanceof Error && 'status' in error) return false;
    throw error;
  }
}

function rows(floor: string, oneIn: number): Row[] {
  const flags = [String(PORT), String(TOTAL), String(oneIn === 0 ? 256 : SOCKETS), String(oneIn), String(SILENCE_S)];
  const visitor = [
    '--port',
    String(PORT),
    '--total',
    String(TOTAL),
    '--one-in',
    String(oneIn),
    '--concurrency',
    String(SOCKETS),
  ];
  const found: Row[] = [
    { name: 'floor (C: one GET)', targets: TOTAL, run: () => measure([floor, ...flags]) },
    {
      name: 'ajar (whole visit)',
      targets: TOTAL,
      run: () => measure([process.execPath, here('visitor.ts'), ...visitor]),
    },
  ];
  if (oneIn === 0 && has('nmap')) {
    const range = `127.10.${0}-${Math.ceil(NMAP_TOTAL / 256) - 1}.0-255`;
    const nmap = (...more: string[]) =>
      measure(['nmap', '-n', '-Pn', '-p', String(PORT), '-T4', ...more, '-oG', '-', range]);
    found.push({ name: 'nmap -sT (connect only)', targets: NMAP_TOTAL, run: () => nmap('-sT') });
    const few = `127.10.0.0-99`;
    const versions = () => measure(['nmap', '-n', '-Pn', '-p', String(PORT), '-T4', '-sT', '-sV', '-oG', '-', few]);
    found.push({ name: 'nmap -sV (identify)', targets: 100, run: versions });
  }
  return found;
}

const median = (numbers: readonly number[]): number =>
  numbers.toSorted((a, b) => a - b)[Math.floor(numbers.length / 2)] ?? Number.NaN;

async function contest(title: string, contenders: readonly Row[]): Promise<void> {
  const costs = new Map<string, Cost[]>(contenders.map((c) => [c.name, []]));
  for (let round = 0; round < ROUNDS; round++) {
    for (const { name, run } of contenders) costs.get(name)?.push(await run());
  }
  console.log(`\n${title}, medians of ${ROUNDS} rounds in turn`);
  console.log('contender                 targets/s  x floor  CPU-s/1k  x floor  peak RSS MB');
  let base: { rate: number; cpu: number } | undefined;
  for (const { name, targets } of contenders) {
    const of = (pick: (c: Cost) => number): number => median((costs.get(name) ?? []).map(pick));
    const rate = targets / of((c) => c.seconds);
    const cpu = (of((c) => c.cpu) / targets) * 1_000;
    base ??= { rate, cpu };
    const cells = [
      rate.toFixed(0).padStart(9),
      (rate / base.rate).toFixed(3).padStart(8),
      cpu.toFixed(4).padStart(9),
      (cpu / base.cpu).toFixed(2).padStart(8),
    ];
    console.log(
      `${name.padEnd(25)} ${cells.join(' ')} ${of((c) => c.rssMb)
        .toFixed(0)
        .padStart(12)}`,
    );
  }
  console.log(
    `ajar found: ${JSON.parse(costs.get('ajar (whole visit)')?.at(-1)?.output ?? '{}').found === undefined ? 'nothing' : (costs.get('ajar (whole visit)')?.at(-1)?.output.trim() ?? '')}`,
  );
}

if (!has('cc')) {
  console.log('bench: no C compiler here, so neither targets nor floor can be built: install gcc');
  process.exit(0);
}
const floor = compile('floor');
const fleet = spawn(compile('fleet'), [String(PORT)], { stdio: ['ignore', 'pipe', 'inherit'] });
process.once('exit', () => fleet.kill());
await new Promise<void>((resolve, reject) => {
  fleet.stdout.once('data', () => resolve());
  fleet.once('exit', () => reject(new Error('the targets did not start')));
});
if (values.peers) {
  const openssl = existsSync('/usr/include/openssl/ssl.h');
  await goals({
    folder: build,
    port: PORT,
    total: TOTAL,
    rounds: ROUNDS,
    floor,
    has,
    compile: openssl ? compile : undefined,
  });
} else {
  if (!has('nmap')) console.log('bench: nmap is not installed (apt-get install nmap): its rows are left out');
  await contest(`${TOTAL} endpoints, all open`, rows(floor, 0));
  const bound = (TOTAL * 0.9 * SILENCE_S) / SOCKETS;
  await contest(`${TOTAL} endpoints, 90 % silent (bound by silence: ${bound.toFixed(0)} s)`, rows(floor, 10));
}
fleet.kill();
rmSync(build, { recursive: true, force: true });
