import { describe, expect, it } from 'vitest';
import type { OutboxEntry } from '../../lib/model/incident.ts';
import type { StateStore } from '../../lib/model/store.ts';
import { assess } from '../../lib/pipeline/assess.ts';
import { historyOf } from '../../lib/pipeline/chain.ts';
import { act, findIncident, remindAll } from '../../lib/pipeline/handle.ts';
import { memoryStore } from '../../lib/stores/memory.ts';
import { SIGHTS } from '../support/histories.ts';
import { aReading, anAllowance, anAllowlist, anEndpoint, instant } from '../support/readings.ts';

const ALLOWED = anAllowlist(anAllowance());
const JDOE = { by: 'jdoe', runId: 'r' };
const at = (seconds: number) => () => new Date(instant(seconds));
const OPENED_AT = 61;
const QUARTER = 900;

async function opened(...ids: readonly string[]): Promise<StateStore> {
  const store = memoryStore({ sinks: ['stdout'] });
  for (const id of ids) {
    const endpoint = anEndpoint({ id });
    await assess(aReading({ endpoint }), store, ALLOWED, at(1));
    await assess(aReading({ endpoint, at: 60, sees: SIGHTS.anonymous }), store, ALLOWED, at(OPENED_AT));
  }
  return store;
}

async function owed(store: StateStore): Promise<readonly string[]> {
  const due: readonly OutboxEntry[] = await store.outbox.due('9999', 100);
  return due.map(({ notice }) => `${notice.endpoint.id} ${notice.key.split('/').slice(1).join('/')}`).toSorted();
}

async function firstId(store: StateStore): Promise<string> {
  for await (const { id } of store.incidents()) return id;
  throw new Error('no incident');
}

describe('an act', () => {
  it('finds its incident by the beginning of its id', async () => {
    const store = await opened('a');
    const id = await firstId(store);
    const { changed, incident } = await act(store, id.slice(0, 6).toUpperCase(), { kind: 'ack' }, JDOE, at(120));
    expect(changed).toBe(true);
    expect(incident.id).toBe(id);
    expect((await findIncident(store, id)).handling?.acked?.by).toBe('jdoe');
    expect((await act(store, id, { kind: 'ack' }, JDOE, at(130))).changed).toBe(false);
  });

  it.each([
    ['abc', /at least the first 6/],
    ['000000', /no incident of this id/],
    ['../../etc', /36 characters/],
  ])('on %s says what is wrong', async (id, message) => {
    const store = await opened('a');
    await expect(act(store, id, { kind: 'ack' }, JDOE, at(120))).rejects.toThrow(message);
  });

  it('loses nothing of another that comes at the same time', async () => {
    const store = await opened('a');
    const id = await firstId(store);
    await Promise.all(['x', 'y', 'z'].map((text) => act(store, id, { kind: 'note', text }, JDOE, at(120))));
    expect((await findIncident(store, id)).handling?.notes?.map((n) => n.text).toSorted()).toEqual(['x', 'y', 'z']);
  });

  it('stands in the history of its incident, beside what was decided', async () => {
    const store = await opened('a');
    const id = await firstId(store);
    await act(store, id, { kind: 'assign', to: 'dba' }, JDOE, at(120));
    expect(await historyOf(store, 'a', [id])).toMatchObject([
      { kind: 'transition', what: 'opened' },
      { kind: 'act', what: 'assign', by: 'jdoe', text: 'dba' },
    ]);
  });
});

describe('reminders', () => {
  it('are owed once each, whoever looks and however often', async () => {
    const store = await opened('a', 'b');
    expect(await remindAll(store, 'v', at(OPENED_AT + QUARTER - 1))).toBe(0);
    const both = await Promise.all([0, 1, 2].map(() => remindAll(store, 'v', at(OPENED_AT + QUARTER))));
    expect(both.reduce((a, b) => a + b)).toBe(2);
    expect(await owed(store)).toEqual(['a opened/1', 'a reminder/1', 'b opened/1', 'b reminder/1']);
    expect(await remindAll(store, 'v', at(OPENED_AT + 2 * QUARTER))).toBe(2);
    expect(await owed(store)).toContain('a escalated/1');
  });

  it('of one that is over or acknowledged meanwhile are not owed', async () => {
    const store = await opened('a', 'b');
    for await (const { id, endpointId } of store.incidents()) {
      if (endpointId === 'a') await act(store, id, { kind: 'ack' }, JDOE, at(100));
    }
    await assess(aReading({ endpoint: anEndpoint({ id: 'b' }), at: 120 }), store, ALLOWED, at(121));
    expect(await remindAll(store, 'v', at(OPENED_AT + QUARTER))).toBe(0);
  });
});
