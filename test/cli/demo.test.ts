import { spawn } from 'node:child_process';
import { chmodSync, existsSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';

const root = mkdtempSync(join(tmpdir(), 'ajar-demo-test-'));
chmodSync(root, 0o755);
afterAll(() => rmSync(root, { recursive: true, force: true }));
const launcher = new URL('../../bin/ajar.cjs', import.meta.url).pathname;
/** The demo makes its scratch folder here, so that what it leaves behind is seen. */
const scratch = (name: string): string => {
  const folder = mkdtempSync(join(root, name));
  chmodSync(folder, 0o755); // as root, PostgreSQL runs as nobody and must get in
  return folder;
};
const hasPostgres = ['linux-x64', 'linux-arm64', 'darwin-x64', 'darwin-arm64'].includes(
  `${process.platform}-${process.arch}`,
);

function demo(tmp: string, state: string) {
  const child = spawn(process.execPath, [launcher, 'demo', '--state', state], { env: { ...process.env, TMPDIR: tmp } });
  let output = '';
  child.stdout.on('data', (d: Buffer) => (output += d.toString()));
  child.stderr.on('data', (d: Buffer) => (output += d.toString()));
  const ended = new Promise<number | null>((resolve) => child.on('exit', resolve));
  return { child, ended, output: () => output };
}

describe('ajar demo', () => {
  it('catches both removals within seconds, closes both windows, and leaves nothing behind', async () => {
    const [tmp, state] = [scratch('tmp-'), join(root, 'state')];
    const started = performance.now();
    const run = demo(tmp, state);
    expect(await run.ended, run.output()).toBe(0);
    expect(performance.now() - started).toBeLessThan(45_000);
    const wanted = hasPostgres ? 2 : 1;
    const caught = [...run.output().matchAll(/caught ([\d.]+) s after/g)].map((m) => Number(m[1]));
    expect(caught).toHaveLength(wanted);
    for (const seconds of caught) expect(seconds).toBeLessThan(5);
    expect(run.output().match(/^\[RECOVERED\]/gm)).toHaveLength(wanted);
    expect(run.output()).toMatch(/credential \(/);
    expect(run.output()).toMatch(/chain verified/);
    expect(readFileSync(join(state, 'report', 'report.html'), 'utf8')).toContain('device-analytics');
    expect(existsSync(join(state, 'ledger.ndjson'))).toBe(true);
    expect(readdirSync(tmp)).toEqual([]);
  });

  it('ends its children and removes its folder when it is interrupted', async () => {
    const tmp = scratch('tmp-');
    const run = demo(tmp, join(root, 'interrupted'));
    while (!run.output().includes('First look')) await new Promise((resolve) => setTimeout(resolve, 20));
    run.child.kill('SIGINT');
    expect(await run.ended, run.output()).toBe(3);
    expect(readdirSync(tmp)).toEqual([]);
  });
});
