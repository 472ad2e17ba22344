/**
 * Runs dependency-cruiser over lib and functions and asserts that it saw modules: with a TypeScript it cannot load it cruises
 * nothing and passes, and a gate that sees nothing must not be green.
 */
import { spawnSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';

const FEWEST_MODULES = 50;

const cli = fileURLToPath(new URL('../node_modules/.bin/depcruise', import.meta.url));
const run = spawnSync(
  process.execPath,
  [cli, '--config', '.dependency-cruiser.cjs', '--output-type', 'json', 'lib', 'functions'],
  {
    encoding: 'utf8',
    maxBuffer: 256 * 1024 * 1024,
  },
);
if (run.stdout === '') throw new Error(`dependency-cruiser printed nothing: ${run.stderr}`);
const { modules, summary } = JSON.parse(run.stdout) as {
  modules: { source: string }[];
  summary: { violations: { from: string; to: string; rule: { name: string } }[] };
};
const seen = modules.filter((m) => m.source.startsWith('lib/')).length;
for (const { from, to, rule } of summary.violations) console.error(`${from} -> ${to}: ${rule.name}`);
console.log(`imports: ${seen} modules, ${summary.violations.length} violations`);
if (seen < FEWEST_MODULES) console.error(`only ${seen} modules were seen; expected at least ${FEWEST_MODULES}`);
process.exitCode = summary.violations.length > 0 || seen < FEWEST_MODULES ? 1 : 0;
