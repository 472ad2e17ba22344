/** Opens the database file, or says in plain words why not. Never writes to a file that is not ours. */
import { existsSync, mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { AjarError } from '../model/errors.ts';

/** "ajar" in ASCII: marks the file as ours. */
const APPLICATION_ID = 0x616a6172;
const SCHEMA_VERSION = 1;

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
PRAGMA application_id = ${APPLICATION_ID};
PRAGMA user_version = ${SCHEMA_VERSION};
`;

export interface FileOptions {
  readonly dir: string;
  readonly readOnly?: boolean;
  readonly maxPages?: number;
}

export function openDatabase({ dir, readOnly = false, maxPages }: FileOptions): DatabaseSync {
  const path = join(dir, 'ajar.db');
  if (readOnly && !existsSync(path)) {
    throw new AjarError('store-unavailable', `${path} does not exist`, { cure: 'scan first, or pass --state DIR' });
  }
  let db: DatabaseSync | undefined;
  try {
    if (!readOnly) mkdirSync(dir, { recursive: true, mode: 0o700 });
    db = new DatabaseSync(path, { readOnly, timeout: 10_000 });
    checkOwner(db, path, readOnly);
    if (!readOnly) {
      db.exec('PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL;');
      if (maxPages !== undefined) db.exec(`PRAGMA max_page_count = ${maxPages}`);
    }
    return db;
  } catch (error) {
    if (db?.isOpen === true) db.close();
    throw storeError(error, dir);
  }
}

function checkOwner(db: DatabaseSync, path: string, readOnly: boolean): void {
  const pragma = (name: string): number => Number(db.prepare(`PRAGMA ${name}`).get()?.[name]);
  const isEmpty = db.prepare('SELECT count(*) AS n FROM sqlite_schema').get()?.['n'] === 0;
  if (isEmpty && !readOnly && pragma('application_id') === 0) {
    db.exec(`BEGIN IMMEDIATE`);
    // Another process may have made it while we waited for the lock.
    if (db.prepare('SELECT count(*) AS n FROM sqlite_schema').get()?.['n'] === 0) db.exec(TABLES);
    db.exec('COMMIT');
  }
  if (pragma('application_id') !== APPLICATION_ID) {
    throw new AjarError('store-corrupt', `${path} is not an ajar database`, {
      cure: 'pass another --state DIR; nothing was overwritten',
    });
  }
  const version = pragma('user_version');
  if (version > SCHEMA_VERSION) {
    throw new AjarError(
      'store-newer',
      `${path} was written by a newer ajar (schema ${version}, this one reads ${SCHEMA_VERSION})`,
      {
        cure: 'use that ajar; nothing was overwritten',
      },
    );
  }
  const [row] = db.prepare('PRAGMA quick_check(1)').all();
  if (row?.['quick_check'] !== 'ok') {
    throw new AjarError('store-corrupt', `${path} is damaged: ${String(row?.['quick_check']).slice(0, 200)}`, {
      cure: 'restore it from a backup, or pass another --state DIR; nothing was overwritten',
    });
  }
}

// SQLite primary result codes, https://sqlite.org/rescode.html
const CORRUPT = [11, 26];
const UNAVAILABLE: Readonly<Record<number, string>> = {
  3: 'permission denied',
  5: 'locked by another process',
  8: 'read-only',
  10: 'the disk failed',
  13: 'the disk is full',
  14: 'cannot be opened',
};

/** SQLite's and the file system's errors as ours. Anything else is a bug and stays what it is. */
export function storeError(error: unknown, dir: string): unknown {
  if (!(error instanceof Error) || error instanceof AjarError) return error;
  const code = 'errcode' in error && typeof error.errcode === 'number' ? error.errcode & 0xff : undefined;
  if (code !== undefined && CORRUPT.includes(code)) {
    return new AjarError('store-corrupt', `${dir}: the database is damaged (${error.message})`, {
      cause: error,
      cure: 'restore ajar.db from a backup, or pass another --state DIR; nothing was overwritten',
    });
  }
  const reason = code === undefined ? systemReason(error) : UNAVAILABLE[code];
  if (reason === undefined) return error;
  return new AjarError('store-unavailable', `${dir}: ${reason}`, {
    cause: error,
    cure: 'free space or fix its permissions; what was committed stays',
  });
}

function systemReason(error: Error): string | undefined {
  const code = 'code' in error ? String(error.code) : '';
  return ['EACCES', 'EPERM', 'EROFS', 'ENOSPC', 'ENOTDIR', 'EEXIST', 'ENOENT'].includes(code) ? code : undefined;
}
