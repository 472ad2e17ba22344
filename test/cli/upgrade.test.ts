/**
 * What an earlier release wrote is read: state, ledger, sealed evidence and a report of 26 November 2026 (commit a350717; test/fixtures/
 * release-2026-11-26, made by that ajar). It is folded on, reported, verified; and what a newer one wrote is refused, each in words.
 */
import { chmodSync, cpSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { DatabaseSync } from 'node:sqlite';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { EMPTY_ALLOWLIST } from '../../lib/model/allowlist.ts';
import { assess } from '../../lib/pipeline/assess.ts';
import { verifyChain } from '../../lib/stores/chain.ts';
import { openSqliteStore } from '../../lib/stores/sqlite.ts';
import { place } from '../support/command.ts';
import { aReading, instant } from '../support/readings.ts';

const RELEASE = new URL('../fixtures/release-2026-11-26/', import.meta.url);
const { ajar, at } = place();
const KEY = ['--public-key', new URL('ledger.pub.pem', RELEASE).pathname];
const PERIOD = ['--from', '2019-12-04T10:00:00Z', '--to', '2019-12-04T14:30:00Z'];
const EXPECTED = JSON.parse(readFileSync(new URL('expected.json', RELEASE), 'utf8')) as {
  readonly head: { readonly seq: number; readonly hash: string };
  readonly incidents: readonly unknown[];
};

let n = 0;
function stateOfThen(): string {
  const dir = at(`state-${n++}`);
  mkdirSync(dir);
  const db = new DatabaseSync(join(dir, 'ajar.db'));
  db.exec(readFileSync(new URL('state.sql', RELEASE), 'utf8'));
  db.close();
  return dir;
}

function copyOf(folder: 'evidence' | 'report'): string {
  const dir = at(`${folder}-${n++}`);
  cpSync(new URL(folder, RELEASE).pathname, dir, { recursive: true });
  return dir;
}

describe('a state that an earlier release wrote', () => {
  it('has the same incidents and the same ledger, and goes on', async () => {
    const store = await openSqliteStore({ dir: stateOfThen(), sinks: [], now: () => new Date(instant(30_000)) });
    const incidents: unknown[] = [];
    for await (const i of store.incidents())
      incidents.push([i.endpointId, i.protection, i.status, i.start, i.closed ?? null]);
    expect(incidents).toEqual(EXPECTED.incidents);
    expect(await store.ledgerHead()).toEqual(EXPECTED.head);
    const endpoint = { id: 'devices', engine: 'elasticsearch', host: 'devices.example.test', name: 'devices' } as const;
    const fixed = aReading({ at: 20_000, endpoint, sees: [{ l4: 'refused' }] });
    const { transitions } = await assess(fixed, store, EMPTY_ALLOWLIST, () => new Date(instant(20_001)));
    expect(transitions.filter(({ kind }) => kind === 'closed')).toHaveLength(2);
    const chain = await verifyChain(store.ledger());
    expect(chain).toMatchObject({ ok: true });
    await store.close();
  });

  it('is reported, asked about and explained', async () => {
    const dir = stateOfThen();
    const report = await ajar('report', '--state', dir, ...PERIOD, '--format', 'json', '--out', at('made'));
    expect({ code: report.code, stderr: report.stderr }).toMatchObject({ code: 0 });
    const { incidents } = JSON.parse(readFileSync(at('made/report.json'), 'utf8')) as { incidents: readonly object[] };
    expect(incidents).toHaveLength(EXPECTED.incidents.length);
    const exposed = await ajar('exposed', 'devices', '--on', '2019-12-04', '--state', dir);
    expect(exposed.stdout).toMatch(/^yes/iu);
    expect((await ajar('explain', 'devices', '--state', dir)).stdout).toContain('devices: EXPOSED');
  });
});

describe('evidence that an earlier release sealed', () => {
  it('is as it was sealed, and so is its report', async () => {
    const { code, stdout } = await ajar(
      'verify',
      copyOf('evidence'),
      copyOf('report'),
      ...KEY,
      '--until',
      '2019-12-04',
    );
    expect(stdout).toContain(`${EXPECTED.head.seq} entries`);
    expect([0, 3]).toContain(code);
  });

  it('follows from the state of then; a key that is not the one of then seals nothing over it', async () => {
    const dir = stateOfThen();
    cpSync(copyOf('evidence'), join(dir, 'evidence'), { recursive: true });
    const whole = await ajar('verify', '--state', dir, ...KEY, '--until', '2019-12-04');
    expect([0, 3], whole.stdout).toContain(whole.code);
    const seal = await ajar('seal', '--state', dir);
    expect(seal).toMatchObject({ code: 2, stderr: expect.stringContaining('was signed with another key') as string });
  });
});

describe('what a newer ajar wrote', () => {
  it.each([
    ['a database', 'report', (dir: string) => bumped(dir)],
    ['a state in it', 'report', (dir: string) => rewritten(dir)],
  ] as const)('%s is refused with what to do, and left alone', async (_what, command, change) => {
    const dir = stateOfThen();
    change(dir);
    const before = readFileSync(join(dir, 'ajar.db'));
    const { code, stderr } = await ajar(
      command,
      '--state',
      dir,
      ...PERIOD,
      '--format',
      'json',
      '--out',
      at(`newer-${n++}`),
    );
    expect(code).toBe(2);
    expect(stderr).toMatch(/newer|this ajar reads/u);
    expect(stderr).toMatch(/use (?:that ajar|the ajar that wrote it); nothing was overwritten/u);
    expect(readFileSync(join(dir, 'ajar.db')).equals(before)).toBe(true);
  });

  it('a checkpoint or a manifest of a later form is no pass', async () => {
    const evidence = copyOf('evidence');
    const day = join(evidence, 'ledger/2019/12/04');
    const name = readdirSync(day).find((file) => file.endsWith('.checkpoint.json')) ?? '';
    edited(join(day, name), (text) => text.replace('"schema":1', '"schema":2'));
    const checkpoint = await ajar('verify', evidence, ...KEY);
    expect(checkpoint.code).not.toBe(0);
    expect(checkpoint.stdout + checkpoint.stderr).toContain(name);
    const report = copyOf('report');
    edited(join(report, 'manifest.json'), (text) => text.replace(/"schema": ?1/u, '"schema": 2'));
    expect((await ajar('verify', report)).code).not.toBe(0);
  });
});

function edited(path: string, change: (text: string) => string): void {
  const text = readFileSync(path, 'utf8');
  expect(change(text)).not.toBe(text);
  chmodSync(path, 0o644);
  writeFileSync(path, change(text));
}

function bumped(dir: string): void {
  const db = new DatabaseSync(join(dir, 'ajar.db'));
  db.exec('PRAGMA user_version = 99');
  db.close();
}

function rewritten(dir: string): void {
  const db = new DatabaseSync(join(dir, 'ajar.db'));
  db.exec(`UPDATE state SET body = replace(body, '"schema":', '"schema":9')`);
  db.close();
}
