/** Pages of visits without news over a real table: whoever reads a state has them with it, and none of two writers is lost. */
import { afterAll, describe, expect, it } from 'vitest';
import { EMPTY_ALLOWLIST } from '../../lib/model/allowlist.ts';
import type { Reading } from '../../lib/model/reading.ts';
import { assess } from '../../lib/pipeline/assess.ts';
import { assessBatch } from '../../lib/pipeline/assess-batch.ts';
import { openDynamoStore } from '../../lib/stores/dynamodb.ts';
import { openTable } from '../../lib/stores/dynamodb-access.ts';
import { aReading, instant } from '../support/readings.ts';
import { dynoxide, startDynamo } from './dynamodb-server.ts';

const program = dynoxide();
const now = (): Date => new Date(instant(10_000));
const of = (n: number, at: number): Reading => ({
  ...aReading({ at, endpoint: { id: `es-${n}` }, sees: [{ l4: 'refused' }] }),
  page: `page-${n % 2}`,
});
const round = (at: number, count = 6): readonly Reading[] => Array.from({ length: count }, (_, n) => of(n, at));

async function all<T>(items: AsyncIterable<T>): Promise<T[]> {
  const found: T[] = [];
  for await (const item of items) found.push(item);
  return found;
}

describe.runIf(program === undefined)('pages of visits without news', () => {
  it.skip('are not tried: @dynoxide/linux-x64 is not installed on this platform', () => {});
});

describe.runIf(program !== undefined)('pages of visits without news', async () => {
  const server = await startDynamo(program ?? '');
  const client = server.client();
  afterAll(async () => {
    client.destroy();
    await server.stop();
  });
  const opened = async () => {
    const table = await server.table();
    const open = () => openDynamoStore({ client, table, sinks: ['page'], now });
    const store = await open();
    for (const at of [0, 60]) await assessBatch(round(at), store, EMPTY_ALLOWLIST, now);
    return { store, open, table: openTable(client, table) };
  };

  it('are with the state however it is read: alone, among others, in the list of all and in the roster', async () => {
    const { store, table } = await opened();
    await assessBatch(round(120), store, EMPTY_ALLOWLIST, now);
    const whole = await assessBatch(round(180), store, EMPTY_ALLOWLIST, now);
    expect([...whole.values()].map(({ status }) => status)).toEqual(round(0).map(() => 'fulfilled'));
    const newest = [1, 1, 1, 1, 1, 1].map(() => instant(180));
    const ids = round(0).map(({ endpoint }) => endpoint.id);
    const versions = new Set((await all(store.states())).map(({ version }) => version));
    expect(versions.size).toBe(1); // none was written for a visit without news
    expect((await all(store.states())).map(({ lastReadingAt }) => lastReadingAt)).toEqual(newest);
    expect((await all(store.states('es-4'))).map(({ lastReadingAt }) => lastReadingAt)).toEqual([instant(180)]);
    expect((await all(store.roster(0, 1))).map(({ lastReadingAt }) => lastReadingAt)).toEqual(newest);
    expect([...((await store.revisits?.read(ids)) ?? [])].map(([, state]) => state.lastReadingAt)).toEqual(newest);
    for (const id of ids) expect((await store.read(id))?.lastReadingAt).toBe(instant(180));
    expect(await all(table.query({ partition: 'R#page-0' }))).toHaveLength(1);
  });

  it('that several write at once keep what each of them saw', async () => {
    const { store, open } = await opened();
    const writers = await Promise.all(Array.from({ length: 6 }, open));
    await Promise.all(writers.map((writer, n) => assess(of(n, 120), writer, EMPTY_ALLOWLIST, now)));
    expect((await all(store.states())).map(({ lastReadingAt }) => lastReadingAt)).toEqual(
      round(0).map(() => instant(120)),
    );
  });

  it('are part of what is decided next: the window begins at the last visit, and the commit holds them', async () => {
    const { store } = await opened();
    for (const at of [120, 180, 240]) await assess(of(0, at), store, EMPTY_ALLOWLIST, now);
    const bad: Reading = {
      ...of(0, 300),
      ...aReading({ at: 300, endpoint: { id: 'es-0' }, sees: [{ auth: 'open-anonymous' }] }),
    };
    const { incidents } = await assess(bad, store, EMPTY_ALLOWLIST, now);
    expect(incidents.find(({ protection }) => protection === 'network')?.start).toEqual({
      lower: instant(240),
      upper: instant(300),
    });
    const state = await store.read('es-0');
    expect(state?.revisits).toBeUndefined();
    expect(state?.recent.map(({ at, unbroken }) => [at, unbroken])).toEqual([
      [instant(0), undefined],
      [instant(240), true],
      [instant(300), undefined],
    ]);
  });

  it('that are damaged, or of a newer ajar, are said to be, and nothing is written over them', async () => {
    const { store, table } = await opened();
    await assess(of(0, 120), store, EMPTY_ALLOWLIST, now);
    const key = { pk: 'R#page-0', sk: '-' };
    const item = await table.get(key);
    for (const [change, code] of [
      [{ z: new Uint8Array([1, 2, 3]) }, 'store-corrupt'],
      [{ f: 9 }, 'store-newer'],
    ] as const) {
      await table.save([{ put: { ...key, ...item, ...change } }], `x${code}`);
      await expect(store.read('es-0')).rejects.toMatchObject({ code });
      await expect(assess(of(0, 180), store, EMPTY_ALLOWLIST, now)).rejects.toMatchObject({ code });
      expect(await table.get(key)).toMatchObject(change);
      expect((await store.read('es-1'))?.lastReadingAt).toBe(instant(60)); // on the other page
    }
  });

  it('are not there for a state that has none, as those of the last release', async () => {
    const { store } = await opened();
    const { page: _none, ...plain } = of(9, 0);
    for (const at of [0, 60, 120, 180]) {
      await assess({ ...plain, at: instant(at), id: `old-${at}` }, store, EMPTY_ALLOWLIST, now);
    }
    const state = await store.read('es-9');
    expect([state?.schema, state?.page, state?.version]).toEqual([1, undefined, 4]);
    await assess({ ...of(9, 240), page: 'page-9' }, store, EMPTY_ALLOWLIST, now);
    await assess({ ...of(9, 300), page: 'page-9' }, store, EMPTY_ALLOWLIST, now);
    const paged = await store.read('es-9');
    expect([paged?.schema, paged?.page, paged?.version, paged?.lastReadingAt]).toEqual([2, 'page-9', 5, instant(300)]);
  });
});
