/** What a person sees, and what is kept, where the disk is full, read-only or gives back other bytes: `ajar scan` as it is run. */
import { spawnSync } from 'node:child_process';
import { closeSync, mkdirSync, openSync, readFileSync, rmSync, statSync, writeSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeEach, describe, expect, it } from 'vitest';
import type { Incident } from '../../lib/model/incident.ts';
import { openSqliteStore } from '../../lib/stores/sqlite.ts';
import { verifyChain } from '../../lib/stores/chain.ts';
import { LAB, openRedis, place, type Ran } from '../support/command.ts';

const { at, file, ajar } = place();
const { mood, inventory } = await openRedis();
file('inventory.yaml', inventory);
const scan = (state: string): Promise<Ran> => ajar('scan', '--file', 'inventory.yaml', '--state', state, ...LAB);

/** A file system of its own, a mebibyte in size: root may have one, and others may not. */
function mounted(): string | undefined {
  const dir = at('disk');
  mkdirSync(dir);
  const { status } = spawnSync('mount', ['-t', 'tmpfs', '-o', 'size=1m', 'tmpfs', dir]);
  if (status !== 0) return undefined;
  afterAll(() => void spawnSync('umount', ['--lazy', dir]));
  return dir;
}
const disk = mounted();

/** Writes until no more goes in. */
function fill(path: string): void {
  const fd = openSync(path, 'w');
  const page = Buffer.alloc(4_096, 1);
  try {
    for (let n = 0; n < 10_000; n++) writeSync(fd, page);
    throw new Error('the disk does not fill up');
  } catch (error) {
    if (!(error instanceof Error && 'code' in error && error.code === 'ENOSPC')) throw error;
  } finally {
    closeSync(fd);
  }
}

async function known(state: string) {
  const store = await openSqliteStore({ dir: state, sinks: [], now: () => new Date(), readOnly: true });
  const incidents: Incident[] = [];
  for await (const incident of store.incidents({})) incidents.push(incident);
  const chain = await verifyChain(store.ledger());
  await store.close();
  return { opened: incidents.filter(({ status }) => status === 'open').length, incidents: incidents.length, chain };
}

beforeEach(() => {
  mood.protect = true;
});

describe.runIf(disk !== undefined)('a scan', () => {
  const state = join(disk ?? '', 'state');
  let before: Awaited<ReturnType<typeof known>>;
  it('on a disk that is full says so in one line, and keeps what was there', async () => {
    expect(await scan(state)).toMatchObject({ code: 1 });
    before = await known(state);
    mood.protect = false;
    fill(join(disk ?? '', 'rubbish'));
    const { code, stderr, stdout } = await scan(state);
    expect([code, stdout]).toEqual([2, '']);
    expect(stderr).toMatch(/the disk is full/);
    expect(stderr).not.toMatch(/\bat .*\.ts:/);
    expect(await known(state)).toMatchObject({ ...before, chain: { ok: true } });
  });

  it('tells what it could not keep, once, when there is room again', async () => {
    mood.protect = false;
    rmSync(join(disk ?? '', 'rubbish'));
    expect(await scan(state)).toMatchObject({ code: 1, stdout: expect.stringContaining('sessions') });
    expect(await known(state)).toMatchObject({ opened: before.opened + 1, chain: { ok: true } });
  });

  it('on a disk that cannot be written any more says so in one line', async () => {
    spawnSync('mount', ['-o', 'remount,ro', disk ?? '']);
    const { code, stderr } = await scan(state);
    expect(code).toBe(2);
    expect(stderr).toMatch(/read-only/);
  });
});

describe('a scan over a database', () => {
  it('with other bytes in it says so in one line with a cure, and changes none', async () => {
    const state = at('damaged');
    await scan(state);
    const db = join(state, 'ajar.db');
    const fd = openSync(db, 'r+');
    for (let page = 1; page * 4_096 < statSync(db).size; page++)
      writeSync(fd, Buffer.alloc(1_024, 0xa5), 0, 1_024, page * 4_096);
    closeSync(fd);
    const before = readFileSync(db);
    mood.protect = false;
    const { code, stderr, stdout } = await scan(state);
    expect([code, stdout]).toEqual([2, '']);
    expect(stderr).toMatch(/damaged|not an ajar database/);
    expect(stderr).toMatch(/restore ajar\.db from a backup/);
    expect(readFileSync(db).equals(before)).toBe(true);
  });
});
