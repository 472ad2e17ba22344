/** The table of places: one row per account and region, whole. And what the ledger was told of accounts. */
import type { DatabaseSync } from 'node:sqlite';
import { placeKey, type PlaceRecord } from '../model/inventory.ts';
import type { InventoryRecords, StateStore, ToldGap } from '../model/store.ts';
import { parseRow } from './sqlite-error.ts';
import { hasTable } from './sqlite-file.ts';

const PAGE = 200;

/** `guarded` turns what SQLite throws into our own errors. */
export function sqliteInventory(db: DatabaseSync, guarded: <T>(work: () => T) => T): InventoryRecords {
  const rows = (text: string, ...values: readonly (string | number)[]) =>
    guarded(() => db.prepare(text).all(...values));
  const isThere = (): boolean => guarded(() => hasTable(db, 'place'));
  return {
    async read(account, region) {
      const [row] = isThere() ? rows('SELECT body FROM place WHERE id = ?', placeKey({ account, region })) : [];
      return row === undefined ? undefined : parseRow<PlaceRecord>(row['body'], 'place');
    },
    async save(record) {
      guarded(() =>
        db
          .prepare('INSERT OR REPLACE INTO place (id, body) VALUES (?, ?)')
          .run(placeKey(record.place), JSON.stringify(record)),
      );
    },
    async *all() {
      if (!isThere()) return;
      let after = '';
      for (;;) {
        const page = rows('SELECT id, body FROM place WHERE id > ? ORDER BY id LIMIT ?', after, PAGE);
        for (const { body } of page) yield parseRow<PlaceRecord>(body, 'place');
        if (page.length < PAGE) return;
        after = String(page.at(-1)?.['id']);
      }
    },
  };
}

/** One row in the table of notes. */
export function sqliteAccountGaps(db: DatabaseSync, guarded: <T>(work: () => T) => T): StateStore['accountGaps'] {
  return {
    read: async () =>
      guarded(() => {
        if (!hasTable(db, 'note')) return [];
        const row = db.prepare('SELECT body FROM note WHERE key = ?').get(ACCOUNT_GAPS);
        return row === undefined ? [] : parseRow<readonly ToldGap[]>(row['body'], 'note');
      }),
    async save(gaps) {
      guarded(() =>
        db.prepare('INSERT OR REPLACE INTO note (key, body) VALUES (?, ?)').run(ACCOUNT_GAPS, JSON.stringify(gaps)),
      );
    },
  };
}
const ACCOUNT_GAPS = 'account-gaps';
