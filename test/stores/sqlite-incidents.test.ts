/** How open incidents are found among all there ever were, also in a file that an ajar of schema 4 made. */
import { mkdirSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { DatabaseSync } from 'node:sqlite';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import type { Incident } from '../../lib/model/incident.ts';
import type { IncidentFilter, StateStore } from '../../lib/model/store.ts';
import { openSqliteStore } from '../../lib/stores/sqlite.ts';
import { anIncident, aState } from '../support/builders.ts';

const root = mkdtempSync(join(tmpdir(), 'ajar-sqlite-incidents-'));
afterAll(() => rmSync(root, { recursive: true, force: true }));
let n = 0;
const freshDir = (): string => join(root, `d${n++}`);
const open = (dir: string, over = {}) => openSqliteStore({ dir, sinks: [], now: () => new Date(), ...over });
const idOf = (i: number): string => `00000000-0000-5000-8000-${String(i).padStart(12, '0')}`;
const closed = { lower: '2026-12-04T10:10:00.000Z', upper: '2026-12-04T10:11:00.000Z', cause: 'fixed' as const };

async function found(store: StateStore, filter: IncidentFilter): Promise<readonly string[]> {
  const ids: string[] = [];
  for await (const { id } of store.incidents(filter)) ids.push(id);
  return ids;
}

async function put(store: StateStore, incidents: readonly Incident[]): Promise<void> {
  const version = (await store.read('device-analytics'))?.version ?? 0;
  await store.commit({ state: aState(), expected: version, lines: [], notices: [], incidents });
}

function fileOfSchema4(): string {
  const dir = freshDir();
  mkdirSync(dir);
  const db = new DatabaseSync(join(dir, 'ajar.db'));
  db.exec(readFileSync(new URL('../fixtures/store-schema-4.sql', import.meta.url), 'utf8'));
  db.close();
  return dir;
}

describe('open incidents', () => {
  it('are found by the index, and no body of another is read', async () => {
    const dir = freshDir();
    const store = await open(dir);
    await put(store, [anIncident({ id: idOf(1) }), anIncident({ id: idOf(2), status: 'closed', closed })]);
    const db = new DatabaseSync(join(dir, 'ajar.db'));
    const plan = db
      .prepare("EXPLAIN QUERY PLAN SELECT id FROM incident WHERE status = 'open' ORDER BY start, id")
      .all();
    expect(plan.map(({ detail }) => detail)).toEqual(['SEARCH incident USING INDEX incident_status (status=?)']);
    // It says that it is closed, and nothing else: whoever reads it whole would fail.
    db.prepare('UPDATE incident SET body = ? WHERE id = ?').run('{"status":"closed"}', idOf(2));
    expect(await found(store, { status: 'open' })).toEqual([idOf(1)]);
    db.close();
    await store.close();
  });

  it('are those that are open now', async () => {
    const store = await open(freshDir());
    await put(store, [anIncident({ id: idOf(1) }), anIncident({ id: idOf(2) })]);
    await put(store, [anIncident({ id: idOf(1), status: 'closed', closed })]);
    expect(await found(store, { status: 'open' })).toEqual([idOf(2)]);
    expect(await found(store, { status: 'closed' })).toEqual([idOf(1)]);
    await put(store, [anIncident({ id: idOf(1) })]);
    expect(await found(store, { status: 'open' })).toEqual([idOf(1), idOf(2)]);
    await store.close();
  });

  it('count one that cannot be read among them: it is an error, and not a closed one', async () => {
    const dir = freshDir();
    const store = await open(dir);
    await put(store, [anIncident({ id: idOf(1), status: 'closed', closed })]);
    const db = new DatabaseSync(join(dir, 'ajar.db'));
    db.prepare('UPDATE incident SET body = ? WHERE id = ?').run('{"status":"clo', idOf(1));
    db.close();
    await expect(found(store, { status: 'open' })).rejects.toMatchObject({ code: 'store-corrupt' });
    await store.close();
  });
});

describe('a file of schema 4', () => {
  it('is brought up to date with its incidents, each by its status', async () => {
    const store = await open(fileOfSchema4());
    expect(await found(store, { status: 'open' })).toEqual([idOf(1)]);
    expect(await found(store, { status: 'closed' })).toEqual([idOf(2)]);
    expect(await found(store, { status: 'accepted' })).toEqual([idOf(3)]);
    expect(await found(store, {})).toEqual([idOf(1), idOf(2), idOf(3)]);
    await put(store, [anIncident({ id: idOf(1), status: 'closed', closed })]);
    expect(await found(store, { status: 'open' })).toEqual([]);
    await store.close();
  });

  it('is read as it is where it may not be written', async () => {
    const dir = fileOfSchema4();
    const store = await open(dir, { readOnly: true });
    expect(await found(store, { status: 'open' })).toEqual([idOf(1)]);
    await store.close();
    const db = new DatabaseSync(join(dir, 'ajar.db'), { readOnly: true });
    expect(db.prepare('PRAGMA user_version').get()?.['user_version']).toBe(4);
    db.close();
  });

  it('is right also where an older ajar that has it open writes on', async () => {
    const dir = fileOfSchema4();
    const store = await open(dir);
    const older = new DatabaseSync(join(dir, 'ajar.db'));
    const incident = anIncident({ id: idOf(4) });
    const insert = older.prepare('INSERT INTO incident (id, start, body) VALUES (?, ?, ?)');
    insert.run(incident.id, incident.start.upper, JSON.stringify(incident));
    older.close();
    expect(await found(store, { status: 'open' })).toEqual([idOf(1), idOf(4)]);
    await store.close();
  });
});
