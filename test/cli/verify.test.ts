import { chmodSync, copyFileSync, cpSync, existsSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
import { openSqliteStore } from '../../lib/stores/sqlite.ts';
import { aLine } from '../support/builders.ts';
import { LAB, openRedis, place } from '../support/command.ts';

const { ajar, at, file } = place();
const HOUR_MS = 3_600_000;
/** Once, so that an hour that begins meanwhile moves nothing. */
const NOW = Date.now();
const hourAgo = (hours: number): string => new Date(NOW - hours * HOUR_MS).toISOString();
/** Where the object of an hour lies. */
const objectOf = (evidence: string, hours: number): string =>
  at(`${evidence}/ledger/${hourAgo(hours).slice(0, 13).replace(/[-T]/g, '/')}.ndjson`);
const KEY = ['--public-key', at('kept.pem')];

/** A state of three hours, sealed, and a copy of its evidence for each test to spoil. */
beforeAll(async () => {
  const store = await openSqliteStore({ dir: at('state'), sinks: [], now: () => new Date() });
  for (const hours of [4, 3, 3, 1]) await store.append([aLine({ recordedAt: hourAgo(hours) })]);
  await store.close();
  const { code, stdout, stderr } = await ajar('seal', '--state', at('state'));
  expect({ code, stderr }).toMatchObject({
    code: 0,
    stderr: expect.stringMatching(/fingerprint [0-9a-f]{64}\n.*keys\/ledger\.pub\.pem elsewhere/) as string,
  });
  expect(stdout).toMatch(/[45] checkpoints made, 4 entries sealed/);
  copyFileSync(at('state/keys/ledger.pub.pem'), at('kept.pem'));
});

const copy = (name: string): string => {
  cpSync(at('state/evidence'), at(name), { recursive: true });
  return at(name);
};

function spoil(path: string, change: (text: string) => string): void {
  chmodSync(path, 0o644);
  writeFileSync(path, change(readFileSync(path, 'utf8')));
}

describe('ajar verify', () => {
  it('exits 0 on what is as it was sealed, and names its end', async () => {
    const { code, stdout } = await ajar('verify', copy('clean'), ...KEY);
    expect(code).toBe(0);
    expect(stdout).toMatch(
      /[45] checkpoints, 3 objects, 4 entries\n {2}last entry 4, [0-9a-f]{64}\n {2}newest checkpoint [0-9a-f]{64}, key/,
    );
    expect(stdout).toMatch(/\nclean\n$/);
  });

  it('exits 1 and names object, line and entry of the first that is not what it was', async () => {
    const evidence = copy('changed');
    spoil(objectOf('changed', 3), (text) => text.replace(/exposed(?![^]*exposed)/, 'protected'));
    const { code, stdout } = await ajar('verify', evidence, ...KEY, '--format', 'json');
    expect(code).toBe(1);
    const [found, summary] = stdout
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line) as Record<string, unknown>);
    expect(found).toMatchObject({
      type: 'evidence',
      broken: [{ line: 2, seq: 3, why: 'its content does not match its hash' }],
    });
    expect(summary).toEqual({ type: 'summary', result: 'broken', broken: 1, gaps: 0 });
  });

  it('exits 3 where the end is not there, and 0 where it need not be', async () => {
    const evidence = copy('cut');
    rmSync(objectOf('cut', 1));
    rmSync(objectOf('cut', 1).replace('.ndjson', '.checkpoint.json'));
    // Said, since an hour is due only a quarter of an hour after it is over.
    const { code, stdout } = await ajar('verify', evidence, ...KEY, '--until', hourAgo(0));
    expect(code).toBe(3);
    expect(stdout).toMatch(/the sealed record ends .* 1 hour not sealed, or taken away/);
    expect((await ajar('verify', evidence, ...KEY, '--until', hourAgo(1))).code).toBe(0);
  });

  it('finds what a kept checkpoint shows to be gone', async () => {
    const kept = objectOf('state/evidence', 1).replace('.ndjson', '.checkpoint.json');
    const { code, stdout } = await ajar('verify', at('cut'), ...KEY, '--checkpoint', kept);
    expect(code).toBe(1);
    expect(stdout).toMatch(/is missing, and was kept: the record was cut/);
  });

  it('checks the ledger of a state against what was sealed of it', async () => {
    expect((await ajar('verify', '--state', at('state'))).code).toBe(0);
    const store = await openSqliteStore({ dir: at('anew'), sinks: [], now: () => new Date() });
    for (const hours of [4, 3, 2, 1]) await store.append([aLine({ recordedAt: hourAgo(hours) })]);
    await store.close();
    const { code, stdout } = await ajar('verify', '--state', at('anew'), copy('sealed'), ...KEY);
    expect(code).toBe(1);
    expect(stdout).toMatch(/broken .*is not the entry that the checkpoint of/);
  });

  it('exits 2 in one clear line without a place', async () => {
    const { code, stderr, stdout } = await ajar('verify');
    expect({ code, stdout }).toEqual({ code: 2, stdout: '' });
    expect(stderr).toMatch(/^nothing to verify\najar: name a folder/);
  });
});

describe('scan', () => {
  it('seals the hours that are over, and says what it could not', async () => {
    const { inventory, mood } = await openRedis();
    mood.protect = true;
    const scan = [
      'scan',
      '--file',
      file('inventory.yaml', inventory),
      '--state',
      at('scanned'),
      '--fail-on',
      'critical',
      ...LAB,
    ];
    const store = await openSqliteStore({ dir: at('scanned'), sinks: [], now: () => new Date() });
    await store.append([aLine({ recordedAt: hourAgo(2) })]);
    await store.close();
    expect(await ajar(...scan)).toMatchObject({ code: 0, stderr: expect.stringMatching(/made a key/) as string });
    expect(existsSync(objectOf('scanned/evidence', 2))).toBe(true);
    expect((await ajar('verify', '--state', at('scanned'))).code).toBe(0);
    rmSync(at('scanned/evidence'), { recursive: true });
    rmSync(at('scanned/keys'), { recursive: true });
    writeFileSync(join(at('scanned'), 'keys'), 'in the way');
    const { code, stderr } = await ajar(...scan);
    expect(code).toBe(3);
    expect(stderr).toMatch(/ajar: not sealed: .*keys/);
  });
});
