import { EMPTY_ALLOWLIST } from '../../lib/model/allowlist.ts';
import { declaredOff, declaredOn } from '../../lib/model/declared.ts';
import { assess } from '../../lib/pipeline/assess.ts';
import { notify } from '../../lib/pipeline/notify.ts';
import { memoryStore } from '../../lib/stores/memory.ts';
import { rds } from '../support/inventories.ts';
import { describe, expect, it } from 'vitest';
import { NEVER, at } from '../support/queued.ts';

describe('a page behind slow topics', () => {
  it('does not wait for chat and machine', async () => {
    const store = memoryStore({ sinks: ['sns:chat', 'sns:machine', 'sns:page'] });
    const endpoint = rds('prod', 1);
    const good = {
      id: '1',
      runId: 'r',
      at: at(0),
      endpoint: { ...endpoint, declared: { tls: declaredOn('x') } },
      vantage: 'v',
      observations: [],
      vantageAlive: true,
    };
    await assess(good, store, EMPTY_ALLOWLIST, () => new Date(at(0)));
    const bad = { ...good, id: '2', at: at(60_000), endpoint: { ...endpoint, declared: { tls: declaredOff('x') } } };
    await assess(bad, store, EMPTY_ALLOWLIST, () => new Date(at(60_000)));
    const told: string[] = [];
    const { promise: slow, resolve } = Promise.withResolvers<void>();
    const sink = (id: string, wait: Promise<void>) => ({
      id,
      deliver: async () => {
        await wait;
        told.push(id);
        return { id };
      },
    });
    const sinks = [sink('sns:page', Promise.resolve()), sink('sns:chat', slow), sink('sns:machine', slow)];
    const done = notify(store, sinks, 'r', () => new Date(at(61_000)), NEVER);
    await new Promise((later) => setTimeout(later, 50));
    const first = [...told];
    resolve();
    await done;
    expect(first).toEqual(['sns:page']);
  });
});
