/** Opens the database file, or says in plain words why not. Never writes to a file that is not ours. */
import { randomUUID } from 'node:crypto';
import { chmodSync, existsSync, linkSync, mkdirSync, rmSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { AjarError } from '../model/errors.ts';
import { printable } from '../model/text.ts';
import { absentDirectories } from './directories.ts';
import { corrupt, storeError } from './sqlite-error.ts';

/** "ajar" in ASCII: marks the file as ours. */
const APPLICATION_ID = 0x616a6172;
const SCHEMA_VERSION = 5;
/** How long a writer waits for another process. It blocks this process too: node:sqlite is synchronous. */
const BUSY_MS = 10_000;

/** What each schema added to the one before it; the first is below. */
const ADDED: Readonly<Record<number, string>> = {
  2: 'CREATE TABLE place (id TEXT PRIMARY KEY, body TEXT NOT NULL) WITHOUT ROWID;',
  3: `
CREATE TABLE change (id TEXT PRIMARY KEY, at TEXT NOT NULL, body TEXT NOT NULL);
CREATE INDEX change_at ON change (at);
CREATE TABLE change_key (key TEXT NOT NULL, at TEXT NOT NULL, id TEXT NOT NULL, PRIMARY KEY (key, at, id)) WITHOUT ROWID;
CREATE INDEX change_key_at ON change_key (at);
CREATE TABLE dependency (key TEXT NOT NULL, endpoint TEXT NOT NULL, PRIMARY KEY (key, endpoint)) WITHOUT ROWID;
CREATE INDEX dependency_endpoint ON dependency (endpoint);`,
  4: 'CREATE TABLE note (key TEXT PRIMARY KEY, body TEXT NOT NULL) WITHOUT ROWID;',
  // Of the body itself, so that an older ajar that has the file open still writes it right. What cannot be read is among the
  // open ones: whoever asks for those is to learn of it.
  5: `
ALTER TABLE incident ADD COLUMN status TEXT GENERATED ALWAYS AS (iif(json_valid(body), json_extract(body, '$.status'), 'open')) VIRTUAL;
CREATE INDEX incident_status ON incident (status, start, id);`,
};

const TABLES = `
CREATE TABLE state (id TEXT PRIMARY KEY, version INTEGER NOT NULL, body TEXT NOT NULL) WITHOUT ROWID;
CREATE TABLE incident (id TEXT PRIMARY KEY, start TEXT NOT NULL, body TEXT NOT NULL);
CREATE INDEX incident_start ON incident (start, id);
CREATE TABLE ledger (seq INTEGER PRIMARY KEY, hash TEXT NOT NULL, body TEXT NOT NULL);
CREATE TABLE outbox (
  key TEXT NOT NULL, sink TEXT NOT NULL, due TEXT NOT NULL, attempts INTEGER NOT NULL,
  error TEXT, settled TEXT, body TEXT NOT NULL, PRIMARY KEY (key, sink)
);
CREATE INDEX outbox_due ON outbox (due) WHERE settled IS NULL;
CREATE TABLE budget (key TEXT PRIMARY KEY, used INTEGER NOT NULL, last TEXT NOT NULL);
${Object.values(ADDED).join('\n')}
PRAGMA application_id = ${APPLICATION_ID};
PRAGMA user_version = ${SCHEMA_VERSION};
`;

export interface FileOptions {
  readonly dir: string;
  readonly readOnly?: boolean;
  readonly maxPages?: number;
}

export function databasePath(dir: string): string {
  return join(dir, 'ajar.db');
}

export function openDatabase({ dir, readOnly = false, maxPages }: FileOptions): DatabaseSync {
  const path = databasePath(dir);
  let db: DatabaseSync | undefined;
  try {
    if (!isThere(path)) {
      if (readOnly) throw missing(path);
      makeDirectory(dir);
      create(path);
    }
    checkOurs(path);
    db = new DatabaseSync(path, { readOnly, timeout: BUSY_MS, enableForeignKeyConstraints: true });
    if (!readOnly) {
      // WAL again: a restored backup may have lost it. FULL: what a power cut undoes would be a transition lost.
      db.exec('PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL');
      upgrade(db);
      if (maxPages !== undefined) db.exec(`PRAGMA max_page_count = ${maxPages}`);
    }
    return db;
  } catch (error) {
    if (db?.isOpen === true) db.close();
    throw storeError(error, dir);
  }
}

/** Whole or not at all: of two that come at once, the second finds it done. */
function upgrade(db: DatabaseSync): void {
  const version = (): number => Number(db.prepare('PRAGMA user_version').get()?.['user_version']);
  if (version() === SCHEMA_VERSION) return;
  transaction(db, () => {
    for (let next = version() + 1; next <= SCHEMA_VERSION; next++) {
      db.exec(`${ADDED[next]} PRAGMA user_version = ${next};`);
    }
  });
}

export function transaction<T>(db: DatabaseSync, work: () => T): T {
  db.exec('BEGIN IMMEDIATE');
  try {
    const result = work();
    db.exec('COMMIT');
    return result;
  } catch (error) {
    if (db.isTransaction) db.exec('ROLLBACK');
    throw error;
  }
}

/** A database that is only read is not upgraded: what its schema lacks is empty. */
export function hasTable(db: DatabaseSync, name: string): boolean {
  return db.prepare("SELECT 1 FROM sqlite_master WHERE type = 'table' AND name = ?").get(name) !== undefined;
}

/** Nor is what it is found by. */
export function hasIndex(db: DatabaseSync, name: string): boolean {
  return db.prepare("SELECT 1 FROM sqlite_master WHERE type = 'index' AND name = ?").get(name) !== undefined;
}

function missing(path: string): AjarError {
  return new AjarError('store-unavailable', `${path} does not exist`, { cure: 'scan first, or pass --state DIR' });
}

/**
 * A database is put in place whole (see `create`), so an empty one, or a log without its database, is what is
 * left of one that was lost. SQLite would begin anew on the first and delete the second.
 */
function isThere(path: string): boolean {
  // In this order: a writer's database is there before its log is.
  const hasLog = existsSync(`${path}-wal`);
  if (!existsSync(path)) {
    if (!hasLog) return false;
    throw corrupt(`${path} is gone, but its log ajar.db-wal is there`);
  }
  if (statSync(path).size === 0) throw corrupt(`${path} is empty`);
  return true;
}

function makeDirectory(dir: string): void {
  for (const at of absentDirectories(dir)) unlessThere(() => mkdirSync(at, 0o700));
}

/** Made beside its place and then linked in: there is never half a database, and of two makers one wins. */
function create(path: string): void {
  const draft = `${path}.${randomUUID()}`;
  try {
    const db = new DatabaseSync(draft);
    try {
      db.exec(`PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL; BEGIN; ${TABLES}; COMMIT;`);
    } finally {
      db.close();
    }
    chmodSync(draft, 0o600);
    unlessThere(() => linkSync(draft, path));
  } finally {
    for (const end of ['', '-wal', '-shm']) rmSync(`${draft}${end}`, { force: true });
  }
}

/** Another process may make the same thing at the same moment: then it is there, which is all we wanted. */
function unlessThere(make: () => void): void {
  try {
    make();
  } catch (error) {
    if (!(error instanceof Error && 'code' in error && error.code === 'EEXIST')) throw error;
  }
}

/** Through a connection that cannot write: even closing a writable one may change a file that is not ours. */
function checkOurs(path: string): void {
  const db = new DatabaseSync(path, { readOnly: true, timeout: BUSY_MS });
  try {
    const pragma = (name: string): unknown => db.prepare(`PRAGMA ${name}`).get()?.[name];
    if (pragma('application_id') !== APPLICATION_ID) {
      throw new AjarError('store-corrupt', `${path} is not an ajar database`, {
        cure: 'pass another --state DIR; nothing was overwritten',
      });
    }
    const version = Number(pragma('user_version'));
    if (version > SCHEMA_VERSION) {
      const message = `${path} was written by a newer ajar (schema ${version}, this one reads ${SCHEMA_VERSION})`;
      throw new AjarError('store-newer', message, { cure: 'use that ajar; nothing was overwritten' });
    }
    if (version < 1) throw corrupt(`${path} has no schema version`);
    // Reads the whole file: 0.7 ms a MB.
    const check = db.prepare('PRAGMA quick_check(1)').get()?.['quick_check'];
    if (check !== 'ok') throw corrupt(`${path} is damaged: ${printable(String(check))}`);
  } finally {
    db.close();
  }
}
