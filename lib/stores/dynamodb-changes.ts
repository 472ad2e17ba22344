/** Changes, by event id and by what they touched. DynamoDB deletes them after 90 days, within some days. */
import pLimit from 'p-limit';
import { keysOfChange, type Change } from '../model/change.ts';
import type { Changes } from '../model/store.ts';
import { type Item, type Key, pause, type Table, unwritten } from './dynamodb-access.ts';
import { checkFits, documentOf, newToken, openDocument } from './dynamodb-items.ts';
import { expiryOf, keptSince } from './kept-changes.ts';
import { merged } from './merge.ts';
import { compareKeys } from './rows.ts';

const CONCURRENCY = 8;
const MAX_ATTEMPTS = 3;
const LAST = '#\u{10ffff}';

function keyOf(id: string): Key {
  return { pk: `C#${id}`, sk: '-' };
}

export function openChanges(table: Table, now: () => Date): Changes {
  return {
    /** What leads to it comes first: whoever dies in between leaves leads to nothing, and the event is delivered again. */
    async add(change) {
      if ((await table.get(keyOf(change.id))) !== undefined) return false;
      const expires = expiryOf(change.at);
      const limit = pLimit(CONCURRENCY);
      const lead = (key: string) =>
        table.save([{ put: { pk: `K#${key}`, sk: `${change.at}#${change.id}`, id: change.id, expires } }], newToken());
      await Promise.all(keysOfChange(change).map((key) => limit(() => lead(key))));
      return await record(table, change, expires);
    },
    async about({ keys, from, to, limit }) {
      const since = keptSince(now());
      const range = { from: from > since ? from : since, to: `${to}${LAST}`, descending: true as const };
      if (range.from > range.to) return [];
      const sources = [...new Set(keys)].map((key) => table.query({ partition: `K#${key}`, page: limit, ...range }));
      const ids = new Set<string>();
      const found: Change[] = [];
      for await (const item of merged(sources, (a, b) => compareKeys(b.sk, a.sk))) {
        if (found.length >= limit) break;
        const id = String(item['id']);
        if (ids.has(id)) continue;
        ids.add(id);
        const opened = await openDocument<Change>(table, await table.get(keyOf(id)), 'change');
        if (opened !== undefined) found.push(opened.value);
      }
      return found;
    },
  };
}

/** Whether it was us who recorded it, also where the answer to that was lost. */
async function record(table: Table, change: Change, expires: number): Promise<boolean> {
  const token = newToken();
  const { head, parts } = documentOf(keyOf(change.id), token, change, { expires });
  const writes = [
    { put: head, when: { text: 'attribute_not_exists(pk)' } },
    ...parts.map((part) => ({ put: { ...part, expires } })),
  ];
  checkFits(writes, `change ${change.id}`);
  for (let attempt = 1; ; attempt++) {
    const written = await table.write(writes, token);
    if (written.outcome === 'done') return true;
    const held: Item | undefined = await table.get(keyOf(change.id));
    if (held !== undefined) return held['m'] === token;
    if (attempt === MAX_ATTEMPTS) throw unwritten(written, table.name);
    await pause(attempt);
  }
}
