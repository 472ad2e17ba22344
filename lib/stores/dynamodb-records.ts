/** Notes that the ledger is told of as they change (model/store.ts): the document of dynamodb-notes.ts and lines of the journal in one transaction. */
import type { Json } from '../model/ledger.ts';
import type { Records } from '../model/store.ts';
import { type Table, unwritten } from './dynamodb-access.ts';
import { checkFits, documentOf, isStill, newToken, openDocument, partsOf, writesOf } from './dynamodb-items.ts';
import { type Clock, journalWrites } from './dynamodb-journal.ts';
import type { Ledger } from './dynamodb-ledger.ts';
import { noteKey } from './dynamodb-notes.ts';

export function openRecords(table: Table, ledger: Ledger, clock: Clock): Records {
  const opened = async (key: string) => openDocument<Json>(table, await table.get(noteKey(key)), 'note');
  return {
    async read(key) {
      const found = await opened(key);
      return found === undefined ? undefined : { value: found.value, version: String(found.head['m']) };
    },
    async save(key, { value, version, lines }) {
      const token = newToken();
      const before = version === undefined ? undefined : await table.get(noteKey(key));
      const document = documentOf(noteKey(key), token, value);
      const writes = [
        ...writesOf(document, before === undefined ? 0 : partsOf(before), isStill(version)),
        ...journalWrites(clock(), lines, `note ${key}`),
      ];
      checkFits(writes, `note ${key}`);
      const written = await table.write(writes, token);
      // Refused by what it wrote itself, or without an answer: whose it is now, its mark says.
      if (written.outcome !== 'done') {
        const now = await table.get(noteKey(key));
        if (now?.['m'] !== token) {
          if (written.outcome === 'unknown') throw unwritten(written, table.name);
          return 'conflict';
        }
      }
      if (lines.length > 0) await ledger.seal();
      return 'saved';
    },
  };
}
