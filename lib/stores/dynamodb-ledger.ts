/**
 * The ledger, one hash chain for all writers. A head that every commit moves would let one commit through at a time and
 * make all others try again. So a commit only leaves its lines in the journal, whole with its state; sealing takes what
 * is in the journal, gives it sequence and hashes, and puts it behind the head, in one transaction on condition that the
 * head is where it was. Whoever wrote lines seals once, without insisting; whoever reads the ledger seals first, so that
 * a reader finds every line that was committed before. Until it is sealed a line is durable, and not yet protected by
 * the chain: for a moment, or where nobody writes or reads, until somebody does.
 *
 * Limit: the journal is one partition, 1,000 write units a second: some 250 commits a second that have lines in them.
 */
import { AjarError } from '../model/errors.ts';
import type { LedgerEntry, LedgerLine } from '../model/ledger.ts';
import { type ChainHead, chainLines, GENESIS } from './chain.ts';
import { pause, type Table, type Write } from './dynamodb-access.ts';
import { corrupt } from './dynamodb-error.ts';
import { documentOf, fits, newToken, openDocument } from './dynamodb-items.ts';
import { batches, type Clock, type Journalled, journalWrites, readJournal } from './dynamodb-journal.ts';

const CHAIN = 'L';
/** Sorts behind every sequence. */
const HEAD = { pk: CHAIN, sk: 'head' };
/** Journal items that one transaction seals at most: each is one write, and leaves room for the blocks. */
const MAX_SEALED = 64;
const MAX_ATTEMPTS = 20;

export interface Ledger {
  append(lines: readonly LedgerLine[]): Promise<void>;
  /** Seals what is there; where others are at it, leaves it to them. Never fails: what was committed is committed. */
  seal(): Promise<void>;
  entries(from: number, to: number): AsyncGenerator<LedgerEntry>;
  head(): Promise<ChainHead>;
}

/** `readOnly`: for a role that may not write; it sees what others have sealed. */
export function openLedger(table: Table, clock: Clock, readOnly: boolean): Ledger {
  let sealing: Promise<unknown> | undefined;
  const head = readOnly ? () => readHead(table) : () => sealAll(table);
  const seal = async (): Promise<void> => {
    sealing ??= sealOnce(table).finally(() => {
      sealing = undefined;
    });
    await Promise.allSettled([sealing]);
  };
  return {
    async append(lines) {
      for (const lot of batches(lines)) await table.save(journalWrites(clock(), lot, 'append'), newToken());
      await seal();
    },
    seal,
    async *entries(from, to) {
      await head();
      yield* readEntries(table, from, Math.min(to, Number.MAX_SAFE_INTEGER));
    },
    head,
  };
}

/** The head behind everything that was in the journal. */
async function sealAll(table: Table): Promise<ChainHead> {
  for (let attempt = 1; attempt <= MAX_ATTEMPTS; attempt++) {
    const head = await sealOnce(table);
    if (head !== undefined) return head;
    await pause(attempt);
  }
  throw new AjarError('conflict', `table ${table.name}: others sealed the ledger ${MAX_ATTEMPTS} times in a row`, {
    cure: 'nothing is lost; read it again',
  });
}

/** `undefined` where somebody else moved the head, or it cannot be told who did: to be read and tried again. */
async function sealOnce(table: Table): Promise<ChainHead | undefined> {
  // Whichever is read first: what somebody sealed in between is refused, for it cannot be taken out twice.
  let [head, waiting] = await Promise.all([readHead(table), readJournal(table)]);
  // Nothing is left: but somebody may have sealed it after this head was read and before the journal was. A head that is read now is
  // behind all that was in there.
  if (waiting?.length === 0) return readHead(table);
  while (waiting !== undefined && waiting.length > 0) {
    const step = stepOf(head, waiting);
    const { outcome } = await table.write(step.writes, newToken());
    if (outcome !== 'done') return undefined;
    head = step.head;
    waiting = waiting.slice(step.sealed);
  }
  return waiting === undefined ? undefined : head;
}

interface Step {
  readonly writes: readonly Write[];
  readonly head: ChainHead;
  readonly sealed: number;
}

/** As much of the journal as one transaction takes; a single item of it always fits. */
function stepOf(head: ChainHead, waiting: readonly Journalled[]): Step {
  for (let sealed = Math.min(waiting.length, MAX_SEALED); ; sealed = Math.ceil(sealed / 2)) {
    const taken = waiting.slice(0, sealed);
    const entries = chainLines(
      head,
      taken.flatMap(({ lines }) => lines),
    );
    const { seq, hash } = entries.at(-1) ?? head;
    const moved = documentOf(HEAD, newToken(), { hash }, { seq });
    const when =
      head.seq === 0 ? { text: 'attribute_not_exists(pk)' } : { text: 'seq = :seq', values: { ':seq': head.seq } };
    const writes = [
      { put: moved.head, when },
      ...batches(entries).flatMap(blockWrites),
      ...taken.flatMap(({ removal }) => removal),
    ];
    if (sealed === 1 || fits(writes)) return { writes, head: { seq, hash }, sealed };
  }
}

function blockWrites(entries: readonly LedgerEntry[]): readonly Write[] {
  const key = { pk: CHAIN, sk: blockKey(entries[0]?.seq ?? 0) };
  const { head, parts } = documentOf(key, newToken(), entries);
  return [{ put: head, when: { text: 'attribute_not_exists(pk)' } }, ...parts.map((put) => ({ put }))];
}

/** Sorts as its number does. */
function blockKey(seq: number): string {
  return String(seq).padStart(16, '0');
}

async function readHead(table: Table): Promise<ChainHead> {
  const opened = await openDocument<{ readonly hash?: unknown }>(table, await table.get(HEAD), 'ledger');
  if (opened === undefined) return GENESIS;
  const { seq } = opened.head;
  const { hash } = opened.value;
  if (typeof seq !== 'number' || typeof hash !== 'string') throw corrupt('the head of the ledger cannot be read');
  return { seq, hash };
}

async function* readEntries(table: Table, from: number, to: number): AsyncGenerator<LedgerEntry> {
  let first = blockKey(from);
  // The block in which `from` lies begins at it or before it.
  for await (const { sk } of table.query({ partition: CHAIN, to: first, descending: true, page: 1 })) {
    first = sk;
    break;
  }
  for await (const item of table.query({ partition: CHAIN, from: first, to: blockKey(to) })) {
    const block = await openDocument<readonly LedgerEntry[]>(table, item, 'ledger block');
    for (const entry of block?.value ?? []) if (entry.seq >= from && entry.seq <= to) yield entry;
  }
}
