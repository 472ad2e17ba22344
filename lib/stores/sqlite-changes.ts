/** The tables of changes and of what endpoints depend on: both are found by the same scoped keys. */
import type { DatabaseSync, StatementSync } from 'node:sqlite';
import { type Change, keysOfChange, keysOfEndpoint } from '../model/change.ts';
import type { Endpoint } from '../model/endpoint.ts';
import type { Changes, StateStore } from '../model/store.ts';
import { keptSince } from './kept-changes.ts';
import { parseRow } from './sqlite-error.ts';
import { hasTable, transaction } from './sqlite-file.ts';

interface Database {
  readonly db: DatabaseSync;
  /** Prepares each text once. */
  readonly sql: (text: string) => StatementSync;
  /** Turns what SQLite throws into our own errors. */
  readonly guarded: <T>(work: () => T) => T;
}

export function sqliteChanges({ db, sql, guarded }: Database, now: () => Date): Changes {
  return {
    add: async (change) => guarded(() => transaction(db, () => addChange(sql, change, keptSince(now())))),
    about: async ({ keys, from, to, limit }) =>
      guarded(() => {
        if (!hasTable(db, 'change')) return [];
        const rows = sql(
          `SELECT body FROM change WHERE id IN (
             SELECT id FROM change_key WHERE key IN (SELECT value FROM json_each(?)) AND at BETWEEN ? AND ?
           ) ORDER BY at DESC, id DESC LIMIT ?`,
        ).all(JSON.stringify(keys), from, to, limit);
        return rows.map(({ body }) => parseRow<Change>(body, 'change'));
      }),
  };
}

function addChange(sql: Database['sql'], change: Change, since: string): boolean {
  sql('DELETE FROM change WHERE at < ?').run(since);
  sql('DELETE FROM change_key WHERE at < ?').run(since);
  const added = sql('INSERT INTO change (id, at, body) VALUES (?, ?, ?) ON CONFLICT (id) DO NOTHING').run(
    change.id,
    change.at,
    JSON.stringify(change),
  );
  if (added.changes === 0) return false;
  for (const key of keysOfChange(change)) {
    sql('INSERT INTO change_key (key, at, id) VALUES (?, ?, ?)').run(key, change.at, change.id);
  }
  return true;
}

export function sqliteDependents({ db, sql, guarded }: Database): StateStore['dependents'] {
  return async (scopedKeys) =>
    guarded(() => {
      if (!hasTable(db, 'dependency')) return [];
      const rows = sql(
        'SELECT DISTINCT endpoint FROM dependency WHERE key IN (SELECT value FROM json_each(?)) ORDER BY endpoint',
      ).all(JSON.stringify(scopedKeys));
      return rows.map(({ endpoint }) => String(endpoint));
    });
}

/** In the transaction that writes the state: what the endpoint no longer depends on no longer leads to it. */
export function indexDependencies(sql: Database['sql'], endpoint: Endpoint): void {
  const keys = JSON.stringify(keysOfEndpoint(endpoint));
  sql('DELETE FROM dependency WHERE endpoint = ? AND key NOT IN (SELECT value FROM json_each(?))').run(
    endpoint.id,
    keys,
  );
  sql('INSERT OR IGNORE INTO dependency (key, endpoint) SELECT value, ? FROM json_each(?)').run(endpoint.id, keys);
}
