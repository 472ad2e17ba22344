import { execFile, spawnSync } from 'node:child_process';
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  truncateSync,
  writeFileSync,
} from 'node:fs';
import { DatabaseSync } from 'node:sqlite';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, describe, expect, it } from 'vitest';
import { openSqliteStore } from '../../lib/stores/sqlite.ts';
import { verifyChain } from '../../lib/stores/chain.ts';
import { aLine, anIncident, aNotice, aState } from '../support/builders.ts';

const root = mkdtempSync(join(tmpdir(), 'ajar-sqlite-'));
afterAll(() => rmSync(root, { recursive: true, force: true }));
let n = 0;
const freshDir = (): string => join(root, `d${n++}`);
const open = (dir: string, over = {}) => openSqliteStore({ dir, sinks: ['stdout'], now: () => new Date(), ...over });
const support = (name: string): string => new URL(`../support/${name}`, import.meta.url).pathname;

async function filled(): Promise<string> {
  const dir = freshDir();
  const store = await open(dir);
  for (let i = 0; i < 200; i++) {
    await store.commit({ state: aState({ id: `e${i}` }), expected: 0, lines: [aLine()], notices: [], incidents: [] });
  }
  await store.close();
  return dir;
}

describe('a database file that cannot be used', () => {
  const refuses = async (dir: string, code: string): Promise<void> => {
    const file = join(dir, 'ajar.db');
    const before = readFileSync(file);
    await expect(open(dir)).rejects.toMatchObject({
      name: 'AjarError',
      code,
      cure: expect.stringContaining('nothing was overwritten'),
    });
    expect(readFileSync(file).equals(before)).toBe(true);
  };

  it('is refused and left alone when it is not a database', async () => {
    const dir = freshDir();
    mkdirSync(dir);
    writeFileSync(join(dir, 'ajar.db'), 'my shopping list, which I would like to keep\n'.repeat(100));
    await refuses(dir, 'store-corrupt');
  });

  it("is refused and left alone when it is somebody else's database", async () => {
    const dir = freshDir();
    mkdirSync(dir);
    const other = new DatabaseSync(join(dir, 'ajar.db'));
    other.exec('CREATE TABLE songs (name TEXT)');
    other.close();
    await refuses(dir, 'store-corrupt');
  });

  it('is refused and left alone when bytes in it were damaged', async () => {
    const dir = await filled();
    const file = join(dir, 'ajar.db');
    const bytes = readFileSync(file);
    bytes.fill(0x5a, 4096, bytes.length - 4096);
    writeFileSync(file, bytes);
    await refuses(dir, 'store-corrupt');
  });

  it('is refused and left alone when it was cut short', async () => {
    const dir = await filled();
    truncateSync(join(dir, 'ajar.db'), 3 * 4096);
    await refuses(dir, 'store-corrupt');
  });

  it('is refused and left alone when nothing is left of it', async () => {
    const dir = await filled();
    truncateSync(join(dir, 'ajar.db'), 0);
    await refuses(dir, 'store-corrupt');
  });

  it('is missed, and its log left alone, when only the log is there', async () => {
    const dir = freshDir();
    spawnSync(process.execPath, [support('crash-after-commit.ts'), dir]);
    rmSync(join(dir, 'ajar.db'));
    const log = readFileSync(join(dir, 'ajar.db-wal'));
    expect(log.length).toBeGreaterThan(0);
    await expect(open(dir)).rejects.toMatchObject({ code: 'store-corrupt' });
    expect(readFileSync(join(dir, 'ajar.db-wal')).equals(log)).toBe(true);
    expect(existsSync(join(dir, 'ajar.db'))).toBe(false);
  });

  it("is left alone with its log when somebody else's process died with it open", async () => {
    const dir = freshDir();
    mkdirSync(dir);
    const script = `const { DatabaseSync } = require('node:sqlite');
      const db = new DatabaseSync(process.argv[1]);
      db.exec('PRAGMA journal_mode = WAL; CREATE TABLE songs (name TEXT)');
      process.kill(process.pid, 'SIGKILL');`;
    spawnSync(process.execPath, ['-e', script, join(dir, 'ajar.db')]);
    const log = readFileSync(join(dir, 'ajar.db-wal'));
    await refuses(dir, 'store-corrupt');
    expect(readFileSync(join(dir, 'ajar.db-wal')).equals(log)).toBe(true);
  });

  it.each([
    ['not JSON', 'store-corrupt', 'not json'],
    ['JSON, but no object', 'store-corrupt', 'null'],
    ['of no schema', 'store-corrupt', '{}'],
    ['of a later schema', 'store-newer', '{"schema":99}'],
  ])('does not read, and does not replace, a state that is %s', async (_, code, body) => {
    const dir = await filled();
    const db = new DatabaseSync(join(dir, 'ajar.db'));
    db.prepare('UPDATE state SET body = ? WHERE id = ?').run(body, 'e7');
    const store = await open(dir);
    await expect(store.read('e7')).rejects.toMatchObject({ code, cure: expect.any(String) });
    await store.close();
    expect(db.prepare('SELECT body FROM state WHERE id = ?').get('e7')?.['body']).toBe(body);
    db.close();
  });

  it('is refused and left alone when a newer ajar wrote it', async () => {
    const dir = await filled();
    const db = new DatabaseSync(join(dir, 'ajar.db'));
    db.exec('PRAGMA user_version = 99');
    db.close();
    await refuses(dir, 'store-newer');
  });

  it('says so in plain words when the state directory is a file', async () => {
    const dir = freshDir();
    writeFileSync(dir, '');
    await expect(open(dir)).rejects.toMatchObject({ code: 'store-unavailable', cure: expect.any(String) });
  });

  it.runIf(existsSync('/proc/self'))('comes back with an answer where no directory can be made', async () => {
    await expect(open('/proc/ajar/state')).rejects.toMatchObject({
      code: 'store-unavailable',
      cure: expect.any(String),
    });
  });

  it('makes the directory, and the database in it, for this user alone', async () => {
    const dir = join(freshDir(), 'deep', 'er');
    await (await open(dir)).close();
    expect(statSync(dir).mode & 0o777).toBe(0o700);
    expect(statSync(join(dir, 'ajar.db')).mode & 0o777).toBe(0o600);
    expect(readdirSync(dir)).toEqual(['ajar.db']);
  });

  it('does not make a directory only to read from it', async () => {
    const dir = freshDir();
    await expect(open(dir, { readOnly: true })).rejects.toMatchObject({ code: 'store-unavailable' });
    expect(existsSync(dir)).toBe(false);
  });
});

describe('a database of an older ajar', () => {
  /** As schema 1 and 2 were: without the tables that came after. */
  const downgrade = (dir: string, schema: number): DatabaseSync => {
    const db = new DatabaseSync(join(dir, 'ajar.db'));
    db.exec('DROP INDEX incident_status; ALTER TABLE incident DROP COLUMN status');
    db.exec('DROP TABLE note; DROP TABLE change; DROP TABLE change_key; DROP TABLE dependency');
    if (schema < 2) db.exec('DROP TABLE place');
    db.exec(`PRAGMA user_version = ${schema}`);
    return db;
  };
  const schemaOf = (db: DatabaseSync) => db.prepare('PRAGMA user_version').get()?.['user_version'];
  const where = { account: '111122223333', region: 'eu-west-1' };
  const place = { place: { ...where, partition: 'aws' as const }, cells: {} };

  it.each([1, 2])('of schema %i is brought up to date, and what was in it is kept', async (schema) => {
    const dir = await filled();
    downgrade(dir, schema).close();
    const store = await open(dir);
    expect(await store.read('e7')).toMatchObject({ version: 1 });
    expect(await verifyChain(store.ledger())).toMatchObject({ ok: true, entries: 200 });
    await store.inventory.save(place);
    expect(await store.inventory.read(where.account, where.region)).toEqual(place);
    const state = aState({ id: 'e7', ...where, dependencies: ['rds:pg/strict'] });
    await store.commit({ state, expected: 1, lines: [], notices: [], incidents: [] });
    expect(await store.dependents(['111122223333/eu-west-1/rds:pg/strict'])).toEqual(['e7']);
    await store.close();
    await (await open(dir)).close();
  });

  it.each([1, 2])('of schema %i is read as it is: what it has no table for is empty', async (schema) => {
    const dir = await filled();
    const db = downgrade(dir, schema);
    const store = await open(dir, { readOnly: true });
    expect(await store.dependents(['111122223333/eu-west-1/rds:pg/strict'])).toEqual([]);
    expect(await store.changes.about({ keys: ['k'], from: '', to: 'Z', limit: 1 })).toEqual([]);
    expect(await store.inventory.read(where.account, where.region)).toBeUndefined();
    expect(await store.accountGaps.read()).toEqual([]);
    await store.close();
    expect(schemaOf(db)).toBe(schema);
    db.close();
  });

  it('stays whole, and can be tried again, where it cannot be brought up to date', async () => {
    const dir = await filled();
    const db = downgrade(dir, 1);
    const tables = () => db.prepare('SELECT name FROM sqlite_master ORDER BY name').all();
    // The last table to be made is there already, as no ajar leaves it.
    db.exec('CREATE TABLE dependency (mine TEXT)');
    const before = tables();
    await expect(open(dir)).rejects.toThrow('dependency');
    expect([schemaOf(db), tables()]).toEqual([1, before]);
    db.exec('DROP TABLE dependency');
    const store = await open(dir);
    expect(schemaOf(db)).toBe(5);
    expect(await store.read('e7')).toMatchObject({ version: 1 });
    await store.close();
    db.close();
  });

  it('is brought up to date once by two that come at the same moment', async () => {
    const dir = await filled();
    downgrade(dir, 1).close();
    const run = promisify(execFile);
    const runs = await Promise.all([1, 2, 3].map(() => run(process.execPath, [support('racing-writer.ts'), dir])));
    const won = runs.reduce((sum, { stdout }) => sum + Number(stdout), 0);
    const store = await open(dir);
    expect((await store.read('device-analytics'))?.version).toBe(won);
    await store.close();
  });
});

describe('a full disk', () => {
  it('fails the commit whole, with a clear error, and keeps what was there', async () => {
    const dir = freshDir();
    const store = await open(dir, { maxPages: 40 });
    let committed = 0;
    const fill = async (): Promise<void> => {
      for (; committed < 1_000; committed++) {
        const line = aLine({ body: { text: 'x'.repeat(2_000) } });
        await store.commit({
          state: aState({ id: `e${committed}` }),
          expected: 0,
          lines: [line],
          notices: [],
          incidents: [],
        });
      }
    };
    await expect(fill()).rejects.toMatchObject({
      code: 'store-unavailable',
      message: expect.stringContaining('disk is full'),
    });
    expect(committed).toBeGreaterThan(3);
    expect(await verifyChain(store.ledger())).toMatchObject({ ok: true, entries: committed });
    expect(await store.read(`e${committed}`)).toBeUndefined();
    await store.close();
  });
});

describe('crashes and other writers', () => {
  it('still owes the notice, under the same key, after a kill between commit and delivery', async () => {
    const dir = freshDir();
    const child = spawnSync(process.execPath, [support('crash-after-commit.ts'), dir]);
    expect(child.signal).toBe('SIGKILL');
    const store = await open(dir);
    const due = await store.outbox.due('2027-01-01T00:00:00.000Z', 10);
    expect(due.map((e) => e.notice.key)).toEqual([aNotice().key]);
    await store.close();
  });

  it('lets two processes write the same endpoint without losing or repeating a version', async () => {
    const dir = freshDir();
    await (await open(dir)).close();
    const run = promisify(execFile);
    const runs = await Promise.all([1, 2, 3].map(() => run(process.execPath, [support('racing-writer.ts'), dir])));
    const won = runs.map(({ stdout }) => Number(stdout));
    const store = await open(dir);
    const version = (await store.read('device-analytics'))?.version ?? 0;
    expect(version).toBeGreaterThanOrEqual(50);
    expect(won.reduce((a, b) => a + b)).toBe(version);
    expect(await verifyChain(store.ledger())).toMatchObject({ ok: true, entries: version });
    await store.close();
  });

  it('lets two processes begin at once, and both write to the same database', async () => {
    const dir = freshDir();
    const run = promisify(execFile);
    const runs = await Promise.all([1, 2, 3].map(() => run(process.execPath, [support('racing-writer.ts'), dir])));
    const won = runs.reduce((sum, { stdout }) => sum + Number(stdout), 0);
    const store = await open(dir, { readOnly: true });
    expect((await store.read('device-analytics'))?.version).toBe(won);
    await store.close();
    expect(readdirSync(dir).filter((name) => !/-(wal|shm)$/.test(name))).toEqual(['ajar.db']);
  });

  it('lets one of two open handles win, and the other see what it wrote', async () => {
    const dir = freshDir();
    const [a, b] = [await open(dir), await open(dir)];
    const commit = { state: aState(), expected: 0, lines: [aLine()], notices: [aNotice()], incidents: [] };
    expect([await a.commit(commit), await b.commit(commit)]).toEqual(['committed', 'conflict']);
    expect((await b.read('device-analytics'))?.version).toBe(1);
    const [entry] = await b.outbox.due('2027-01-01T00:00:00.000Z', 10);
    if (entry === undefined) throw new Error('nothing due');
    const receipt = { at: '2026-12-04T10:00:00.000Z', id: 'ok', runId: 'r' };
    await a.outbox.settle(entry, receipt);
    await b.outbox.settle(entry, receipt);
    expect(await verifyChain(b.ledger())).toMatchObject({ ok: true, entries: 2 });
    await Promise.all([a.close(), b.close()]);
  });

  it('finds ledger lines that were deleted, however many', async () => {
    const dir = freshDir();
    const store = await open(dir);
    await store.append(Array.from({ length: 2_000 }, () => aLine()));
    const db = new DatabaseSync(join(dir, 'ajar.db'));
    // Whole pages of our own reading, so that an empty page could pass for the end.
    db.exec('DELETE FROM ledger WHERE seq BETWEEN 501 AND 1500');
    db.close();
    expect(await verifyChain(store.ledger())).toMatchObject({ ok: false, seq: 501 });
    await store.close();
  });

  it('refuses to write through a store that was opened to read', async () => {
    const dir = await filled();
    const store = await open(dir, { readOnly: true });
    await expect(store.append([aLine()])).rejects.toMatchObject({ code: 'store-unavailable' });
    await store.close();
  });

  it('finds a ledger line that was changed in the file', async () => {
    const dir = await filled();
    const db = new DatabaseSync(join(dir, 'ajar.db'));
    db.exec(`UPDATE ledger SET body = replace(body, '"exposed"', '"protected"') WHERE seq = 57`);
    db.close();
    const store = await open(dir, { readOnly: true });
    expect(await verifyChain(store.ledger())).toMatchObject({ ok: false, seq: 57 });
    await store.close();
  });

  it('keeps incidents and budgets over a restart', async () => {
    const dir = freshDir();
    const first = await open(dir);
    await first.commit({ state: aState(), expected: 0, lines: [], notices: [], incidents: [anIncident()] });
    await first.budgets.spend('k', '2026-12-04T10:00:00.000Z', { stopAt: 1, minIntervalMs: 0 });
    await first.close();
    const second = await open(dir);
    const found = [];
    for await (const incident of second.incidents()) found.push(incident);
    expect(found).toEqual([anIncident()]);
    expect(await second.budgets.spend('k', '2026-12-05T10:00:00.000Z', { stopAt: 1, minIntervalMs: 0 })).toMatchObject({
      allowed: false,
    });
    await second.close();
  });
});
