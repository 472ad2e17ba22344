/** Small documents in place, by a key of their owner's: partition `N#<key>`. Whoever saves last is right. */
import type { Json } from '../model/ledger.ts';
import type { StateStore, ToldGap } from '../model/store.ts';
import type { Key, Table } from './dynamodb-access.ts';
import { checkFits, documentOf, newToken, openDocument } from './dynamodb-items.ts';

export interface DynamoNotes {
  read(key: string): Promise<Json | undefined>;
  /** An object: what is none cannot be read again. */
  save(key: string, value: Json): Promise<void>;
}

export function noteKey(key: string): Key {
  return { pk: `N#${key}`, sk: '-' };
}

export function openNotes(table: Table): DynamoNotes {
  return {
    async read(key) {
      return (await openDocument<Json>(table, await table.get(noteKey(key)), 'note'))?.value;
    },
    async save(key, value) {
      const token = newToken();
      const { head, parts } = documentOf(noteKey(key), token, value);
      const writes = [head, ...parts].map((put) => ({ put }));
      checkFits(writes, `note ${key}`);
      await table.save(writes, token);
    },
  };
}

/** As text: what is read back is what was saved, or nothing. */
export function openAccountGaps(table: Table): StateStore['accountGaps'] {
  const notes = openNotes(table);
  return {
    async read() {
      const note = await notes.read(ACCOUNT_GAPS);
      const text = typeof note === 'object' && note !== null && 'gaps' in note ? note['gaps'] : undefined;
      return typeof text === 'string' ? (JSON.parse(text) as readonly ToldGap[]) : [];
    },
    save: (gaps) => notes.save(ACCOUNT_GAPS, { gaps: JSON.stringify(gaps) }),
  };
}
const ACCOUNT_GAPS = 'account-gaps';
