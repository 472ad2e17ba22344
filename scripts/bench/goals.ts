/**
 * `npm run bench -- --peers`: the goals of docs/performance.md, row by row: goal, figure, met, missed or not run and why.
 * Contenders run in turn, whole processes, medians of pairs; CPU is the steadier figure, as it counts start-up but not
 * other people's load.
 */
import { execFileSync, spawn } from 'node:child_process';
import { cpus } from 'node:os';
import { join } from 'node:path';
import { build } from 'esbuild';
import { type Cost, measure } from './measure.ts';

export interface Setting {
  readonly folder: string;
  readonly port: number;
  readonly total: number;
  readonly rounds: number;
  /** Compiled: one GET each, in C. */
  readonly floor: string;
  has(command: string): boolean;
  /** Absent where OpenSSL's headers are. */
  readonly compile: ((name: string, ...libraries: string[]) => string) | undefined;
}

interface Row {
  readonly goal: string;
  readonly wanted: string;
  readonly figure: string;
  readonly met: boolean | 'not run' | 'figure only';
}

const SILENCE_S = 4;
const SOCKETS = 900;
/** The heap of a function of 256 MB: the young generation is a twentieth of it. */
const LAMBDA_HEAP = ['--max-old-space-size=200', '--max-semi-space-size=12'];
const IN_LAMBDA = 'ajar with the heap of a Lambda';
const STARTUP = 'a process that visits one endpoint';

export async function goals(setting: Setting): Promise<void> {
  const { port, total } = setting;
  const programs = await bundled(setting.folder);
  const asker = (how: string, ...more: string[]) => [
    process.execPath,
    programs.asker,
    how,
    ...['--port', String(port), '--total', String(total), ...more],
  ];
  const small = Math.min(total, 1_024);
  const range = `127.10.0-${small / 256 - 1}.0-255`;
  const nmap = (at: string, ...more: string[]) => ['nmap', '-n', '-Pn', '-p', String(port), '-T4', ...more, at];
  const go = setting.has('go') ? goProgram(setting.folder) : undefined;
  const plain = await inTurn(setting.rounds, {
    floor: [setting.floor, String(port), String(total), '256', '0', '4'],
    ajar: asker('ajar'),
    ...(go === undefined ? {} : { go: [go, String(port), String(total), '256'] }),
    ...(setting.has('pnscan')
      ? { pnscan: ['pnscan', '-w', 'GET / HTTP/1.0\\r\\n\\r\\n', '-n256', '127.10.0.0/18', String(port)] }
      : {}),
    'http.request': asker('http.request'),
    undici: asker('undici'),
    fetch: asker('fetch'),
    'ajar-connect': asker('ajar-connect'),
    [IN_LAMBDA]: [process.execPath, ...LAMBDA_HEAP, ...asker('ajar').slice(1)],
    [STARTUP]: asker('ajar', '--total', '1'),
    'cold 1,000': asker('ajar', '--total', '1000'),
    ...(setting.has('nmap') ? { 'nmap -sT': nmap(range, '-sT'), 'nmap -sV': nmap('127.10.0.0-99', '-sT', '-sV') } : {}),
  });
  const sizes: Readonly<Record<string, number>> = {
    pnscan: 16_384,
    'nmap -sT': small,
    'nmap -sV': 100,
    'cold 1,000': 1_000,
  };
  const per = (name: string): { rate: number; cpu: number } | undefined => {
    const cost = plain[name];
    const n = sizes[name] ?? total;
    return cost && { rate: n / cost.seconds, cpu: (cost.cpu / n) * 1_000 };
  };
  const mixed = await inTurn(1, {
    floor: [setting.floor, String(port), String(total), String(SOCKETS), '10', String(SILENCE_S)],
    ajar: asker('ajar', '--one-in', '10', '--concurrency', String(SOCKETS)),
  });
  const bound = (total * 0.9 * SILENCE_S) / SOCKETS;
  const [floor, ajar, connect] = [per('floor'), per('ajar'), per('ajar-connect')];
  const over = (goal: string, name: string, wanted: number, ours = ajar): Row =>
    ratio(goal, wanted, ours?.rate, per(name)?.rate, name);
  const start = plain[STARTUP]?.cpu ?? 0;
  const warm = (((plain['ajar']?.cpu ?? Number.NaN) - start) / total) * 1_000;
  print([
    atLeast('1 plain probe, targets/s over the floor in C', 0.5, (ajar?.rate ?? Number.NaN) / (floor?.rate ?? 0)),
    atMost('2 plain probe, CPU over the floor', 2, (ajar?.cpu ?? Number.NaN) / (floor?.cpu ?? 0)),
    figure('2 the same without start-up', `${warm.toFixed(3)} CPU-s/1k, floor ${(floor?.cpu ?? 0).toFixed(3)}`),
    notRun('3 over zgrab2, fingerprintx', '>= 5, 2.5', 'the module proxy here refuses both (403)'),
    over('3 over bare Go, targets/s', 'go', 1.15),
    over('3 over pnscan, targets/s', 'pnscan', 1),
    over('4 over http.request, targets/s', 'http.request', 1.8),
    over('4 over undici, targets/s', 'undici', 3),
    over('4 over fetch, targets/s', 'fetch', 7),
    over('5 over nmap -sV, targets/s', 'nmap -sV', 300),
    ratio('5 over nmap -sV, CPU', 100, per('nmap -sV')?.cpu, ajar?.cpu, 'nmap -sV'),
    over('6 connect only over nmap -sT, targets/s', 'nmap -sT', 1.1, connect),
    atMost('7 a tenth answers, wall over its bound', 1.03, (mixed['ajar']?.seconds ?? Number.NaN) / bound),
    figure('7 the same, the floor', `${((mixed['floor']?.seconds ?? Number.NaN) / bound).toFixed(3)}`),
    notRun('8 the same over zgrab2', '<= 1.02, 0.5', 'the module proxy here refuses it (403)'),
    ...(await tls(setting, programs, start)),
    notRun('10 ClientHello alone, CPU', '<= 0.30', 'no such probe: every visit finishes its handshake'),
    notRun('11 database handshakes over ioredis, mysql2, pg', '>= 8, 12, 7', 'no driver is a dependency here'),
    atMost(`12 peak MB, ${total} endpoints`, 70, plain['ajar']?.rssMb ?? Number.NaN),
    figure('12 the same with the heap of 256 MB of Lambda', `${shown(plain[IN_LAMBDA]?.rssMb ?? Number.NaN)} MB`),
    ...(await held(programs, port)),
    notRun('13 cold process over fingerprintx', '>= 1.1', 'the module proxy here refuses it (403)'),
    figure('13 cold process, 1,000 targets', `${(plain['cold 1,000']?.seconds ?? Number.NaN).toFixed(2)} s`),
    atMost('14 10,000 open, 256 MB of Lambda (0.145 vCPU), from CPU, s', 5, (warm * 10) / 0.145),
    atMost('15 list cost of 1,000 endpoints a month, $', 0.2, lambdaCost(warm, 1), ', 1 s of silence'),
    atMost('15 the same', 0.08, lambdaCost(warm, 0.4), ', 0.4 s of silence'),
    notRun(
      '16 log lines a probe leaves',
      '0',
      'counted by npm run test:engines, server by server; that every close is a FIN: test/net/hostile.test.ts',
    ),
    ...(await judging(programs)),
  ]);
}

async function tls(setting: Setting, programs: Programs, start: number): Promise<readonly Row[]> {
  const goal = '9 TLS and GET, CPU over OpenSSL';
  const floor = setting.compile?.('tlsfloor', '-lssl', '-lcrypto');
  if (floor === undefined) return [notRun(goal, '<= 1.15', 'no OpenSSL headers (apt-get install libssl-dev)')];
  const to = setting.port + 2;
  const [n, delay] = [500, 20];
  const targets = spawn(process.execPath, [programs.tlsTargets, String(to), String(n), String(delay)]);
  process.once('exit', () => targets.kill());
  await new Promise<void>((resolve) => targets.stdout.once('data', () => resolve()));
  const ours = ['ajar-tls', '--port', String(to), '--total', String(n), '--concurrency', '128'];
  const cost = await inTurn(setting.rounds, {
    floor: [floor, String(to), String(n)],
    ajar: [process.execPath, programs.asker, ...ours],
  });
  targets.kill();
  const net = (cost['ajar']?.cpu ?? Number.NaN) - start;
  const serial = (n * delay) / 1_000;
  return [
    atMost(goal, 1.15, net / (cost['floor']?.cpu ?? 0), ', without start-up'),
    atMost(`TLS at 128 in flight, wall of ${serial} s in line`, serial / 4, cost['ajar']?.seconds ?? Number.NaN, ' s'),
  ];
}

async function held(programs: Programs, port: number): Promise<readonly Row[]> {
  const load = (...what: string[]) =>
    JSON.parse(execFileSync(process.execPath, ['--expose-gc', programs.load, ...what], { encoding: 'utf8' }));
  const few = load('held', String(port), '1000') as { mbPerThousand: number };
  const many = load('held', String(port), '4000') as { mbPerThousand: number; max: number };
  const live = load('live', String(port)) as Record<'alone' | 'beside', { p50: number; p95: number }>;
  const dns = load('dns', String(port)) as { names: number; resolved: number; seconds: number };
  return [
    atMost('12 MB per 1,000 visits in flight, of 1,000', 6, few.mbPerThousand),
    atMost('12 MB per 1,000 visits in flight, of 4,000', 6, many.mbPerThousand),
    figure('live endpoints alone, ms', `p50 ${live.alone.p50.toFixed(1)}, p95 ${live.alone.p95.toFixed(1)}`),
    figure('live beside 4,000 silent, ms', `p50 ${live.beside.p50.toFixed(1)}, p95 ${live.beside.p95.toFixed(1)}`),
    figure('4,000 silent at once, last one out', `${(many.max / 1_000).toFixed(2)} s (waits ${SILENCE_S} s)`),
    atMost(
      `DNS at 256 in flight, ${dns.names} names of 5 ms (12.8 s in line)`,
      3.2,
      dns.seconds,
      ` s, ${dns.resolved} found`,
    ),
  ];
}

async function judging(programs: Programs): Promise<readonly Row[]> {
  const { readings, policyMs } = JSON.parse(
    execFileSync(process.execPath, [programs.judging], { encoding: 'utf8' }),
  ) as {
    readings: number;
    policyMs: number;
  };
  return [
    atLeast('judge and decide, readings/s of CPU', 100_000, readings),
    atMost('policy evaluation, ms', 0.2, policyMs),
  ];
}

/** performance.md section 6: 10,000 endpoints a minute, 90 % silent, 256 MB on arm64, 43,200 runs a month. */
function lambdaCost(cpuPerThousand: number, silenceS: number): number {
  const seconds = Math.max((cpuPerThousand * 10) / 0.145, (9_000 * silenceS) / SOCKETS);
  return (43_200 * (seconds * 0.25 * 0.0000133334 + 0.0000002)) / 10;
}

type Programs = Readonly<Record<'asker' | 'load' | 'tlsTargets' | 'judging', string>>;

/** As deployed: one file each, so that nobody pays for stripping types. */
async function bundled(folder: string): Promise<Programs> {
  const names = { asker: 'asker', load: 'load', tlsTargets: 'tls-targets', judging: 'judging' };
  const banner = `import{createRequire}from'node:module';const require=createRequire(import.meta.url);`;
  await build({
    entryPoints: Object.values(names).map((name) => new URL(`${name}.ts`, import.meta.url).pathname),
    outdir: folder,
    outExtension: { '.js': '.mjs' },
    bundle: true,
    format: 'esm',
    platform: 'node',
    banner: { js: banner },
    logLevel: 'error',
  });
  const at = (name: string): string => join(folder, `${name}.mjs`);
  return { asker: at('asker'), load: at('load'), tlsTargets: at('tls-targets'), judging: at('judging') };
}

function goProgram(folder: string): string {
  const out = join(folder, 'goraw');
  execFileSync('go', ['build', '-o', out, new URL('goraw.go', import.meta.url).pathname], { stdio: 'inherit' });
  return out;
}

async function inTurn(
  rounds: number,
  contenders: Readonly<Record<string, readonly string[]>>,
): Promise<Record<string, Cost>> {
  const costs = new Map<string, Cost[]>();
  for (let round = 0; round < rounds; round++) {
    for (const [name, command] of Object.entries(contenders)) {
      // Minutes each, and hundreds of times off: one round tells.
      if (round > 0 && name === 'nmap -sV') continue;
      const cost = await measure(command);
      costs.set(name, [...(costs.get(name) ?? []), cost]);
      console.error(`round ${round + 1}: ${name} ${cost.seconds.toFixed(1)} s, ${cost.cpu.toFixed(1)} CPU-s`);
    }
  }
  const median = (all: readonly Cost[], key: 'seconds' | 'cpu' | 'rssMb'): number =>
    all.map((c) => c[key]).toSorted((a, b) => a - b)[Math.floor(all.length / 2)] ?? Number.NaN;
  return Object.fromEntries(
    [...costs].map(([name, all]) => [
      name,
      { seconds: median(all, 'seconds'), cpu: median(all, 'cpu'), rssMb: median(all, 'rssMb'), output: '' },
    ]),
  );
}

const atLeast = (goal: string, wanted: number, value: number, unit = ''): Row => ({
  goal,
  wanted: `>= ${wanted}`,
  figure: shown(value) + unit,
  met: value >= wanted,
});
const atMost = (goal: string, wanted: number, value: number, unit = ''): Row => ({
  goal,
  wanted: `<= ${wanted}`,
  figure: shown(value) + unit,
  met: value <= wanted,
});
const notRun = (goal: string, wanted: string, why: string): Row => ({ goal, wanted, figure: why, met: 'not run' });
const figure = (goal: string, text: string): Row => ({ goal, wanted: '', figure: text, met: 'figure only' });

function ratio(goal: string, wanted: number, ours: number | undefined, theirs: number | undefined, name: string): Row {
  if (theirs === undefined || ours === undefined) return notRun(goal, `>= ${wanted}`, `${name} is not installed`);
  return atLeast(goal, wanted, ours / theirs);
}

function shown(value: number): string {
  return value >= 1_000 ? value.toFixed(0) : value.toPrecision(3);
}

function print(rows: readonly Row[]): void {
  console.log(`\ngoals on ${cpus().length} x ${cpus()[0]?.model ?? 'unknown'}, Node ${process.version}\n`);
  console.log('| goal | wanted | figure | |\n|---|---|---|---|');
  for (const { goal, wanted, figure: text, met } of rows) {
    const word = met === true ? 'met' : met === false ? 'missed' : met === 'not run' ? 'not run' : '';
    console.log(`| ${goal} | ${wanted} | ${text} | ${word} |`);
  }
}
