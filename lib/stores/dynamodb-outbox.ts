/**
 * Notices owed, one item per sink, in the index by the time they are due. The index may be some moments behind, so it
 * only says where to look: what is due is read again, consistently. A notice that was settled is never due again; one
 * that was committed a moment ago may not be due yet, and comes with the next look or with the stream.
 */
import type { Notice, OutboxEntry } from '../model/incident.ts';
import { sinksFor } from '../model/sink.ts';
import type { Outbox } from '../model/store.ts';
import { type Item, type Key, pause, type Table, unwritten, type Write } from './dynamodb-access.ts';
import { allShards, documentOf, newToken, openDocument, partKeys, partsOf, shardOf } from './dynamodb-items.ts';
import { type Clock, journalWrites } from './dynamodb-journal.ts';
import type { Ledger } from './dynamodb-ledger.ts';
import { expiryOf } from './kept-changes.ts';
import { merged } from './merge.ts';
import { NOTICE_PREFIX } from './dynamodb-table.ts';
import { compareKeys, noticeLine } from './rows.ts';

const DUE_SHARDS = 4;
/** Index entries that are looked at together. */
const BATCH = 100;
const MAX_ATTEMPTS = 5;
const MAX_ERROR = 4_096;
/** Above every rank of the same moment. */
const LAST = '#\u{10ffff}';

function keyOf({ key }: Pick<Notice, 'key'>, sink: string): Key {
  return { pk: `${NOTICE_PREFIX}${key}`, sk: sink };
}

function rankOf(dueAt: string, key: string, sink: string): string {
  return `${dueAt}#${key}#${sink}`;
}

/** Ids of sinks; where they may change, asked for by each commit that has a notice. */
export type OwedTo = readonly string[] | (() => Promise<readonly string[]>);

/** What a commit writes for these; nothing for what is or was owed already. */
export async function noticeWrites(
  table: Table,
  notices: readonly Notice[],
  sinks: readonly string[],
  time: string,
): Promise<readonly Write[]> {
  const owed = notices.flatMap((notice) =>
    sinksFor(notice, sinks).map((sink) => ({ notice, sink, key: keyOf(notice, sink) })),
  );
  const known = await table.getAll(owed.map(({ key }) => key));
  return owed.flatMap(({ notice, sink, key }, i) => {
    if (known[i] !== undefined) return [];
    const dueAt = notice.createdAt;
    const list = `due#${shardOf(notice.key, DUE_SHARDS)}`;
    const state = { a: 0, d: dueAt, t: time, list, rank: rankOf(dueAt, notice.key, sink) };
    const { head, parts } = documentOf(key, newToken(), notice, state);
    return [{ put: head, when: { text: 'attribute_not_exists(pk)' } }, ...parts.map((put) => ({ put }))];
  });
}

export function openOutbox(table: Table, ledger: Ledger, clock: Clock): Outbox {
  return {
    due: (now, limit) => readDue(table, now, limit),
    async settle(entry, receipt) {
      const key = keyOf(entry.notice, entry.sink);
      for (let attempt = 1; ; attempt++) {
        const head = await table.get(key);
        // Also what an attempt did whose answer was lost: the receipt is in the ledger.
        if (head === undefined || 'settled' in head) break;
        const writes = [
          settled(head, receipt.at),
          ...partKeys(key, partsOf(head)).map((remove) => ({ remove })),
          ...journalWrites(clock(String(head['t'])), [noticeLine(entry, receipt)], entry.notice.key),
        ];
        const written = await table.write(writes, newToken());
        if (written.outcome === 'done') break;
        if (attempt === MAX_ATTEMPTS) throw unwritten(written, table.name);
        await pause(attempt);
      }
      await ledger.seal();
    },
    claim: (entry, until) => moved(table, entry, until),
    async postpone(entry, dueAt) {
      await moved(table, entry, dueAt);
    },
    async owed(keys, sink) {
      const heads = await table.getAll(keys.map((key) => keyOf({ key }, sink)));
      return keys.flatMap((key, i) => {
        const head = heads[i];
        return head === undefined || 'settled' in head ? [] : [{ key, attempts: Number(head['a']) }];
      });
    },
    async defer({ notice, sink }, dueAt, error) {
      await table.update(keyOf(notice, sink), {
        text: 'SET d = :d, #rank = :r, e = :e ADD a :one',
        when: 'attribute_exists(pk) AND attribute_not_exists(settled)',
        values: { ':d': dueAt, ':r': rankOf(dueAt, notice.key, sink), ':e': error.slice(0, MAX_ERROR), ':one': 1 },
      });
    },
    async pending() {
      const counts = await Promise.all(lists().map((partition) => table.count({ partition, index: true })));
      return counts.reduce((sum, n) => sum + n, 0);
    },
  };
}

/** Due at another time, where nobody moved or settled it since it was read. */
async function moved(table: Table, { notice, sink, dueAt }: OutboxEntry, until: string): Promise<boolean> {
  const item = await table.update(keyOf(notice, sink), {
    text: 'SET d = :d, #rank = :r',
    when: 'attribute_exists(pk) AND attribute_not_exists(settled) AND d = :was',
    values: { ':d': until, ':r': rankOf(until, notice.key, sink), ':was': dueAt },
  });
  return item !== undefined;
}

/** What stays until it expires: it tells that this notice was owed and delivered, whoever may commit it again. */
function settled({ pk, sk }: Item, at: string): Write {
  const when = { text: 'attribute_exists(pk) AND attribute_not_exists(settled)' };
  return { put: { pk, sk, settled: at, expires: expiryOf(at) }, when };
}

function lists(): readonly string[] {
  return allShards(DUE_SHARDS).map((shard) => `due#${shard}`);
}

async function readDue(table: Table, now: string, limit: number): Promise<readonly OutboxEntry[]> {
  const sources = lists().map((partition) => table.query({ partition, index: true, to: `${now}${LAST}`, page: BATCH }));
  const due: OutboxEntry[] = [];
  let looked: Item[] = [];
  const take = async (): Promise<void> => {
    for (const head of await table.getAll(looked)) {
      const entry = await entryOf(table, head);
      if (entry !== undefined && entry.dueAt <= now) due.push(entry);
    }
    looked = [];
  };
  for await (const item of merged(sources, (a, b) => compareKeys(String(a['rank']), String(b['rank'])))) {
    looked.push(item);
    if (due.length + looked.length < limit && looked.length < BATCH) continue;
    await take();
    if (due.length >= limit) break;
  }
  await take();
  const order = ({ dueAt, notice, sink }: OutboxEntry): string => rankOf(dueAt, notice.key, sink);
  return due.toSorted((a, b) => compareKeys(order(a), order(b))).slice(0, limit);
}

/** `undefined` where it was settled since the index knew of it. */
async function entryOf(table: Table, found: Item | undefined): Promise<OutboxEntry | undefined> {
  if (found === undefined || 'settled' in found) return undefined;
  const opened = await openDocument<Notice>(table, found, 'notice');
  if (opened === undefined) return undefined;
  const { head, value } = opened;
  const error = head['e'];
  return {
    notice: value,
    sink: head.sk,
    attempts: Number(head['a']),
    dueAt: String(head['d']),
    ...(typeof error === 'string' ? { lastError: error } : {}),
  };
}
