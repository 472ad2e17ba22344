/**
 * Mutation testing: Stryker changes our code in one place at a time and runs the tests that reach the place; a change that no test
 * notices is a behaviour that nobody holds. `npm run mutate -- lib/reach/ipset.ts lib/wire` takes files, parts of files
 * (`lib/reach/acl.ts:36-51`, lines) and folders; unless told lib/assess, lib/reach and lib/wire, which is hours. `--sample 60 --seed 1`
 * takes 60 lines of them, the same ones each time: an estimate in minutes. Asked are the tests that scripts/mutate/tests.json names for
 * a file, or with `--tests test/reach/ipset.test.ts` those alone: never more than the true score. Exits 1 below 90. What was measured:
 * docs/mutation.md.
 *
 * Stryker is no dependency of ajar's package.json: it brings 177 packages for a suite that runs on demand, and one of them
 * (caniuse-lite) under a licence that the gate of the supply chain takes for nothing else. scripts/mutate/ has its own lock file,
 * which the gate reads too and this script installs. The working tree stays as it is: all happens in a copy.
 */
import { execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import { cpSync, existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { sampleOf } from './mutate/sample.ts';
import { type MutationReport, scoresOf, survivorsOf, tableOf } from './mutate/score.ts';
import { testsFor } from './mutate/tests.ts';

const THRESHOLD = 90;
const FOLDERS = ['lib/assess', 'lib/reach', 'lib/wire'];

const root = fileURLToPath(new URL('../', import.meta.url));
const tools = join(root, 'scripts/mutate');
const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    sample: { type: 'string' },
    seed: { type: 'string', default: '1' },
    tests: { type: 'string', multiple: true },
    concurrency: { type: 'string', default: '1' },
  },
});

const whole = filesOf(positionals.length > 0 ? positionals : FOLDERS);
const places =
  values.sample === undefined
    ? whole
    : sampleOf(
        whole.map((path) => ({ path, text: readFileSync(join(root, path), 'utf8') })),
        Number(values.sample),
        Number(values.seed),
      );
if (!existsSync(join(tools, 'node_modules/@stryker-mutator/core'))) {
  execFileSync('npm', ['ci', '--ignore-scripts'], { cwd: tools, stdio: ['ignore', 'inherit', 'inherit'] });
}
const tree = copyOfTree();
try {
  const report = await mutate(tree, places);
  const scores = scoresOf(report);
  console.log(survivorsOf(report).join('\n'));
  console.log(tableOf(scores));
  if (scores.total.mutants === 0) throw new Error('no mutant was made of what was named');
  process.exitCode = scores.total.score < THRESHOLD ? 1 : 0;
} finally {
  rmSync(tree, { recursive: true, force: true });
}

function tracked(...paths: readonly string[]): readonly string[] {
  const args = ['ls-files', '-z', '--cached', '--others', '--exclude-standard', '--', ...paths];
  const listed = execFileSync('git', args, { cwd: root, encoding: 'utf8', maxBuffer: 64 * 1024 * 1024 });
  return listed.split('\0').filter((path) => path !== '' && existsSync(join(root, path)));
}

function filesOf(named: readonly string[]): readonly string[] {
  return named.flatMap((name) => {
    const [path = '', ...range] = name.split(':');
    const found = tracked(path).filter((file) => file.endsWith('.ts'));
    if (found.length === 0) throw new Error(`${path}: no such file, or no TypeScript in it`);
    return range.length === 0 ? found : [name];
  });
}

function copyOfTree(): string {
  const to = mkdtempSync(join(tmpdir(), 'ajar-mutate-'));
  for (const path of tracked()) {
    mkdirSync(join(to, dirname(path)), { recursive: true });
    cpSync(join(root, path), join(to, path));
  }
  symlinkSync(join(root, 'node_modules'), join(to, 'node_modules'));
  return to;
}

async function mutate(cwd: string, mutated: readonly string[]): Promise<MutationReport> {
  cpSync(join(tools, 'setup.ts'), join(cwd, 'mutate-setup.ts'));
  const vitest = {
    test: {
      include: values.tests ?? testsFor(mutated),
      setupFiles: ['./mutate-setup.ts'],
      isolate: false,
      testTimeout: 30_000,
      env: { POWERTOOLS_LOG_LEVEL: 'SILENT' },
    },
  };
  writeFileSync(join(cwd, 'mutate.config.js'), `export default ${JSON.stringify(vitest)};\n`);
  const stryker = {
    mutate: mutated,
    testRunner: 'vitest',
    vitest: { configFile: 'mutate.config.js', related: true },
    plugins: [join(tools, 'node_modules/@stryker-mutator/vitest-runner/dist/src/index.js')],
    // Already a copy.
    inPlace: true,
    // Not there: Stryker would load a TypeScript that has an API to read it, which 7 has not.
    tsconfigFile: 'none.json',
    coverageAnalysis: 'perTest',
    concurrency: Number(values.concurrency),
    dryRunTimeoutMinutes: 15,
    reporters: ['json', 'progress-append-only'],
    jsonReporter: { fileName: 'mutation.json' },
    allowConsoleColors: false,
  };
  writeFileSync(join(cwd, 'mutate.json'), JSON.stringify(stryker));
  await run(join(tools, 'node_modules/@stryker-mutator/core/bin/stryker.js'), cwd);
  return JSON.parse(readFileSync(join(cwd, 'mutation.json'), 'utf8')) as MutationReport;
}

/** Stryker and the processes that it starts end with this one: left alone they would go on for hours, for nobody. */
async function run(cli: string, cwd: string): Promise<void> {
  const child = spawn(process.execPath, [cli, 'run', 'mutate.json'], { cwd, stdio: ['ignore', 2, 2], detached: true });
  const stop = (): void => {
    if (child.pid !== undefined && child.exitCode === null) process.kill(-child.pid, 'SIGKILL');
  };
  process.once('SIGINT', stop).once('SIGTERM', stop);
  const [status] = (await once(child, 'exit')) as readonly unknown[];
  if (status !== 0) throw new Error(`Stryker exited with ${String(status)}`);
}
