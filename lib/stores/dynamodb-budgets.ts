/** Connection budgets: each spending is one conditional write, so that no two are allowed where one is. */
import type { ConnectionBudgets } from '../model/store.ts';
import type { Key, Table } from './dynamodb-access.ts';
import { newToken } from './dynamodb-items.ts';
import { EXHAUSTED } from './rows.ts';

function keyOf(key: string): Key {
  return { pk: `B#${key}`, sk: '-' };
}

export function openBudgets(table: Table): ConnectionBudgets {
  return {
    /** Where an answer is lost and the write is sent again it is refused: a connection is counted, and none is made. */
    async spend(key, now, { stopAt, minIntervalMs }) {
      const at = Date.parse(now);
      const spent =
        stopAt > 0
          ? await table.update(keyOf(key), {
              text: 'SET #last = :now ADD used :one',
              // Either side of `last`: a clock that was set back must not hold a probe until it has caught up.
              when: 'attribute_not_exists(pk) OR (used < :stop AND (#last <= :before OR #last >= :after))',
              values: {
                ':now': now,
                ':one': 1,
                ':stop': stopAt,
                ':before': new Date(at - minIntervalMs).toISOString(),
                ':after': new Date(at + minIntervalMs).toISOString(),
              },
            })
          : undefined;
      if (spent !== undefined) return { allowed: true, used: Number(spent['used']), last: String(spent['last']) };
      const held = await table.get(keyOf(key));
      if (held === undefined) return { allowed: false, used: 0 };
      return { allowed: false, used: Number(held['used']), last: String(held['last']) };
    },
    async exhaust(key, now) {
      await table.save([{ put: { ...keyOf(key), used: EXHAUSTED, last: now } }], newToken());
    },
    async reset(key) {
      await table.save([{ remove: keyOf(key) }], newToken());
    },
    /** Beside the count, which `exhaust` writes whole. */
    async remember(key, word) {
      await table.save([{ put: { ...keyOf(`word|${key}`), word } }], newToken());
    },
    async recall(key) {
      const word = (await table.get(keyOf(`word|${key}`)))?.['word'];
      return typeof word === 'string' ? word : undefined;
    },
  };
}
