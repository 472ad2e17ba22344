/** Where ledger lines wait for their place in the chain: one partition, in the order of the times they were given. */
import { AjarError } from '../model/errors.ts';
import type { LedgerLine } from '../model/ledger.ts';
import type { Item, Table, Write } from './dynamodb-access.ts';
import { documentOf, newToken, openDocument, partKeys, partsOf } from './dynamodb-items.ts';

const JOURNAL = 'J';
/** What one item holds, so that any one of them can be sealed in one transaction with what sealing adds. */
const MAX_LINES = 1_000;
const MAX_BYTES = 2_000_000;
/** What `batches` puts in one. */
const BATCH_BYTES = 1_000_000;

/** Times that only ever rise, also after `after`, whatever the clock does. */
export type Clock = (after?: string) => string;

export function journalClock(now: () => Date): Clock {
  let last = '';
  return (after = '') => {
    const least = last > after ? last : after;
    const time = `${String(now().getTime()).padStart(15, '0')}.000000`;
    last = time > least ? time : following(least);
    return last;
  };
}

function following(time: string): string {
  const [ms = '', count = ''] = time.split('.');
  return `${ms}.${String(Number(count) + 1).padStart(6, '0')}`;
}

/** What a transaction has to write so that these lines come into the ledger with it. */
export function journalWrites(time: string, lines: readonly LedgerLine[], whose: string): readonly Write[] {
  if (lines.length === 0) return [];
  const bytes = lines.reduce((sum, line) => sum + sizeOf(line), 0);
  if (lines.length > MAX_LINES || bytes > MAX_BYTES) {
    throw new AjarError('invariant', `${whose}: ${lines.length} ledger lines of ${bytes} bytes are too much`, {
      cure: `one commit takes ${MAX_LINES} lines of ${MAX_BYTES} bytes; nothing of it was kept`,
    });
  }
  const token = newToken();
  const { head, parts } = documentOf({ pk: JOURNAL, sk: `${time}#${token}` }, token, lines);
  return [head, ...parts].map((put) => ({ put }));
}

/** Lines in as few lots as may be written at once; a line that is too long by itself stands alone. */
export function batches<T extends LedgerLine>(lines: readonly T[]): readonly (readonly T[])[] {
  const lots: T[][] = [];
  let bytes = 0;
  for (const line of lines) {
    const size = sizeOf(line);
    const lot = lots.at(-1);
    if (lot !== undefined && lot.length < MAX_LINES && bytes + size <= BATCH_BYTES) lot.push(line);
    else lots.push([line]);
    bytes = lots.at(-1) === lot ? bytes + size : size;
  }
  return lots;
}

function sizeOf(line: LedgerLine): number {
  return Buffer.byteLength(JSON.stringify(line));
}

export interface Journalled {
  readonly lines: readonly LedgerLine[];
  /** Takes it out of the journal; fails where somebody did so before. */
  readonly removal: readonly Write[];
}

/**
 * All that waits, oldest first. Read backwards: whoever sees a line there sees, later in the same walk, everything that
 * was written before it and with an earlier time. `undefined` where somebody sealed meanwhile.
 */
export async function readJournal(table: Table): Promise<readonly Journalled[] | undefined> {
  const found: Journalled[] = [];
  for await (const item of table.query({ partition: JOURNAL, descending: true })) {
    const opened = await openDocument<readonly LedgerLine[]>(table, item, 'ledger lines');
    if (opened === undefined) return undefined;
    found.push({ lines: opened.value, removal: removalOf(item) });
  }
  return found.reverse();
}

function removalOf(item: Item): readonly Write[] {
  const parts = partKeys(item, partsOf(item)).map((remove) => ({ remove }));
  return [{ remove: { pk: item.pk, sk: item.sk }, when: { text: 'attribute_exists(pk)' } }, ...parts];
}
