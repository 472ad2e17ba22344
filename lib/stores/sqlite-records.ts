/** Notes that the ledger is told of as they change (model/store.ts): rows of the table of notes. */
import type { DatabaseSync } from 'node:sqlite';
import type { Json, LedgerLine } from '../model/ledger.ts';
import type { Records } from '../model/store.ts';
import { parseRow } from './sqlite-error.ts';
import { hasTable, transaction } from './sqlite-file.ts';

/** What was read is its own version: whoever wrote the same meanwhile wrote nothing else. */
export function sqliteRecords(
  db: DatabaseSync,
  guarded: <T>(work: () => T) => T,
  append: (lines: readonly LedgerLine[]) => void,
): Records {
  return {
    read: async (key) =>
      guarded(() => {
        const row = hasTable(db, 'note') ? db.prepare('SELECT body FROM note WHERE key = ?').get(key) : undefined;
        return row === undefined
          ? undefined
          : { value: parseRow<Json>(row['body'], 'note'), version: String(row['body']) };
      }),
    save: async (key, { value, version, lines }) =>
      guarded(() =>
        transaction(db, () => {
          const body = JSON.stringify(value);
          const { changes } =
            version === undefined
              ? db.prepare('INSERT INTO note (key, body) VALUES (?, ?) ON CONFLICT (key) DO NOTHING').run(key, body)
              : db.prepare('UPDATE note SET body = ? WHERE key = ? AND body = ?').run(body, key, version);
          if (changes !== 1) return 'conflict';
          append(lines);
          return 'saved';
        }),
      ),
  };
}
