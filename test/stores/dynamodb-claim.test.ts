import { afterAll, describe, expect, it } from 'vitest';
import type { Notice } from '../../lib/model/incident.ts';
import { notify } from '../../lib/pipeline/notify.ts';
import { openDynamoStore } from '../../lib/stores/dynamodb.ts';
import { aNotice, aState } from '../support/builders.ts';
import { dynoxide, startDynamo } from './dynamodb-server.ts';

const program = dynoxide();
const NOTICES = 12;

describe.runIf(program !== undefined)('notices that several deliverers see at once', async () => {
  const server = await startDynamo(program ?? '');
  const client = server.client();
  afterAll(async () => {
    client.destroy();
    await server.stop();
  });
  const clock = { ms: Date.UTC(2027, 0, 1) };
  const now = () => new Date(clock.ms);
  const owing = async () => {
    const table = await server.table();
    const open = () => openDynamoStore({ client, table, sinks: ['page'], now });
    const notices = Array.from({ length: NOTICES }, (_, i) => aNotice({ key: `n${i}` }));
    await (await open()).commit({ state: aState(), expected: 0, lines: [], notices, incidents: [] });
    return open;
  };
  const calm = new AbortController().signal;

  it('leave once each: whoever takes one has it to himself', async () => {
    const open = await owing();
    const got: string[] = [];
    const sink = {
      id: 'page',
      deliver: async ({ key }: Notice) => {
        got.push(key);
        return { id: key };
      },
    };
    const stores = await Promise.all(Array.from({ length: 6 }, open));
    const runs = await Promise.all(stores.map((store, n) => notify(store, [sink], `run${n}`, now, calm)));
    expect(got.toSorted()).toEqual([...new Set(got)].toSorted());
    expect([got.length, runs.reduce((sum, { delivered }) => sum + delivered, 0)]).toEqual([NOTICES, NOTICES]);
  });

  it('come again, under the same key, where whoever took one died with it', async () => {
    const open = await owing();
    const store = await open();
    const [first] = await store.outbox.due(now().toISOString(), 1);
    if (first === undefined) throw new Error('nothing due');
    const until = new Date(clock.ms + 30_000).toISOString();
    expect(await store.outbox.claim?.(first, until)).toBe(true);
    expect(await (await open()).outbox.claim?.(first, until)).toBe(false);
    const keys = async () => (await store.outbox.due(now().toISOString(), 100)).map((e) => e.notice.key);
    expect(await keys()).not.toContain(first.notice.key);
    clock.ms += 30_000;
    expect(await keys()).toContain(first.notice.key);
  });
});

describe.runIf(program === undefined)('notices that several deliverers see at once', () => {
  it.skip('are not tried: @dynoxide/linux-x64 is not installed on this platform', () => {});
});
