/** A made-up protocol, added by the scaffold to a copy of this project: types, its own tests and the contract are green. */
import { spawnSync } from 'node:child_process';
import { cpSync, mkdtempSync, readFileSync, rmSync, symlinkSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';

const ROOT = fileURLToPath(new URL('../..', import.meta.url));
const COPIED = [
  'lib',
  'scripts',
  'test',
  'docs',
  'functions',
  'bin',
  'package.json',
  'tsconfig.json',
  'vitest.config.ts',
  'biome.json',
];

let copy: string;

function run(command: string, args: readonly string[]): { readonly status: number | null; readonly output: string } {
  const { status, stdout, stderr } = spawnSync(command, args, { cwd: copy, encoding: 'utf8', timeout: 120_000 });
  return { status, output: `${stdout}${stderr}` };
}
const node = (...args: readonly string[]) => run(process.execPath, args);
const tool = (name: string, ...args: readonly string[]) => node(join('node_modules/.bin', name), ...args);

beforeAll(() => {
  copy = mkdtempSync(join(tmpdir(), 'ajar-new-probe-'));
  // npm run mutate keeps packages of its own beside its script.
  const filter = (path: string): boolean => !path.endsWith('node_modules');
  for (const name of COPIED) cpSync(join(ROOT, name), join(copy, name), { recursive: true, filter });
  symlinkSync(join(ROOT, 'node_modules'), join(copy, 'node_modules'));
});
afterAll(() => rmSync(copy, { recursive: true, force: true }));

describe('npm run new:probe', () => {
  it.each([
    ['no name', []],
    ['a name that is no identifier', ['My_DB']],
    ['a port that is none', ['mydb', '--port', '70000']],
  ])('refuses %s, and says how it is used', (_, args) => {
    const { status, output } = node('scripts/new-probe.ts', ...args);
    expect(status).toBe(2);
    expect(output).toContain('usage: npm run new:probe NAME');
  });

  it('refuses to write over a probe that exists', () => {
    const { status, output } = node('scripts/new-probe.ts', 'redis');
    expect(status).toBe(2);
    expect(output).toContain('nothing written');
  });

  it('adds an HTTP and a stream protocol that are green as they come', { timeout: 240_000 }, () => {
    expect(node('scripts/new-probe.ts', 'made-up-site').status).toBe(0);
    expect(node('scripts/new-probe.ts', 'madeupwire', '--stream', '--port', '7777').status).toBe(0);
    const format = run(join(copy, 'node_modules/.bin/biome'), ['format', '--write', 'lib', 'test']);
    expect(format.status, format.output).toBe(0);
    for (const script of ['scripts/schemas.ts', 'scripts/probe-docs.ts']) expect(node(script).status).toBe(0);
    const types = tool('tsc', '--noEmit');
    expect(types.output).toBe('');
    expect(readFileSync(join(copy, 'docs/probes.md'), 'utf8')).toContain('## made-up-site');
    const tests = ['test/probes/made-up-site.test.ts', 'test/probes/madeupwire.test.ts', 'test/contract/probes'];
    const own = tool('vitest', 'run', ...tests, '-t', 'made-up-site|madeupwire|the catalogue|are read or refused');
    expect(own.status, own.output.slice(-4_000)).toBe(0);
  });
});
