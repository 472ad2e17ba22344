import { describe, expect, it } from 'vitest';
import { AjarError } from '../../lib/model/errors.ts';
import type { Notice } from '../../lib/model/incident.ts';
import type { Sink } from '../../lib/model/sink.ts';
import type { StateStore } from '../../lib/model/store.ts';
import { notify } from '../../lib/pipeline/notify.ts';
import { memoryStore } from '../../lib/stores/memory.ts';
import { aNotice, aState } from '../support/builders.ts';

const calm = new AbortController().signal;

function sink(id: string, refuse = 0): Sink & { got: Notice[] } {
  const got: Notice[] = [];
  let left = refuse;
  return {
    id,
    got,
    async deliver(notice) {
      if (left-- > 0) throw new AjarError('sink-refused', 'answered 503');
      got.push(notice);
      return { id: notice.key };
    },
  };
}
async function owing(sinks: readonly string[], count = 1): Promise<StateStore> {
  const store = memoryStore({ sinks });
  const notices = Array.from({ length: count }, (_, i) => aNotice({ key: `n${i}` }));
  await store.commit({ state: aState(), expected: 0, lines: [], notices, incidents: [] });
  return store;
}
/** A clock that a test moves. */
function clock() {
  let ms = Date.UTC(2027, 0, 1);
  return { now: () => new Date(ms), forward: (by: number) => (ms += by) };
}

describe('emptying the outbox', () => {
  it('delivers every notice once to each sink, and records the receipts', async () => {
    const [a, b] = [sink('a'), sink('b')];
    const store = await owing(['a', 'b'], 120);
    expect(await notify(store, [a, b], 'run', clock().now, calm)).toMatchObject({ delivered: 240, deferred: [] });
    expect([a.got.length, b.got.length, await store.outbox.pending()]).toEqual([120, 120, 0]);
    expect(await notify(store, [a, b], 'run', clock().now, calm)).toMatchObject({ delivered: 0 });
  });

  it('keeps what a sink refuses, with backoff, without holding back the others', async () => {
    const [bad, good] = [sink('bad', 2), sink('good')];
    const store = await owing(['bad', 'good']);
    const time = clock();
    const first = await notify(store, [bad, good], 'run', time.now, calm);
    expect(first).toMatchObject({ delivered: 1, deferred: [{ sink: 'bad', error: 'answered 503' }] });
    expect((await notify(store, [bad, good], 'run', time.now, calm)).delivered).toBe(0);
    time.forward(3_000);
    expect((await notify(store, [bad, good], 'run', time.now, calm)).deferred).toHaveLength(1);
    time.forward(10_000);
    expect((await notify(store, [bad, good], 'run', time.now, calm)).delivered).toBe(1);
    expect(bad.got).toHaveLength(1);
  });

  it('leaves a sink alone for as long as it asks, an hour at most, and says what would mend it', async () => {
    const asking = (retryAfterMs: number): Sink => ({
      id: 'bad',
      async deliver() {
        throw new AjarError('sink-refused', 'answered 404', { cure: 'configure another', retryAfterMs });
      },
    });
    for (const [asked, waits] of [
      [300_000, 300_000],
      [86_400_000, 3_600_000],
    ] as const) {
      const [store, time] = [await owing(['bad']), clock()];
      const { deferred } = await notify(store, [asking(asked)], 'run', time.now, calm);
      expect(deferred).toMatchObject([{ error: 'answered 404: configure another' }]);
      expect(Date.parse(deferred[0]?.dueAt ?? '') - time.now().getTime()).toBe(waits);
    }
  });

  it('tries each once in a run, however long a sink takes to refuse it', async () => {
    const time = clock();
    const slow: Sink = {
      id: 'a',
      async deliver() {
        time.forward(10_000);
        throw new AjarError('sink-refused', 'gave no answer');
      },
    };
    const store = await owing(['a'], 3);
    const { delivered, deferred } = await notify(store, [slow], 'run', time.now, calm);
    expect([delivered, deferred.map(({ key }) => key)]).toEqual([0, ['n0', 'n1', 'n2']]);
  });

  it('never drops a notice whose sink is not part of this run', async () => {
    const store = await owing(['pager']);
    const result = await notify(store, [], 'run', clock().now, calm);
    expect(result.deferred).toMatchObject([{ sink: 'pager', error: expect.stringContaining('no such sink') }]);
    expect(await store.outbox.pending()).toBe(1);
  });

  it('repeats a notice under the same key when the crash came before the receipt was kept', async () => {
    const only = sink('a');
    const store = await owing(['a']);
    const [entry] = await store.outbox.due('2027-01-01T00:00:00.000Z', 1);
    if (entry === undefined) throw new Error('nothing due');
    await only.deliver(entry.notice, calm); // accepted, and then the process died
    await notify(store, [only], 'run', clock().now, calm);
    expect(only.got.map((n) => n.key)).toEqual(['n0', 'n0']);
  });
});

describe('a sink that takes several at once', () => {
  /** Accepts what `accepts` says, and remembers what it was given together. */
  function several(id: string, accepts: (notice: Notice) => boolean): Sink & { given: string[][] } {
    const given: string[][] = [];
    return {
      id,
      given,
      deliver: () => Promise.reject(new Error('one at a time')),
      async deliverAll(notices) {
        given.push(notices.map((n) => n.key));
        return notices.map((n) => (accepts(n) ? { id: `receipt of ${n.key}` } : { error: 'throttled' }));
      },
    };
  }
  const receipts = async (store: StateStore) => {
    const found: unknown[] = [];
    for await (const { body, kind } of store.ledger()) if (kind === 'notice') found.push(body);
    return found;
  };

  it('gets all that is due for it, and the others theirs one by one', async () => {
    const [many, one] = [several('many', () => true), sink('one')];
    const store = await owing(['many', 'one'], 30);
    expect(await notify(store, [many, one], 'run', clock().now, calm)).toMatchObject({ delivered: 60, deferred: [] });
    // Fifty entries are read at a time, of both sinks.
    expect(many.given.map((keys) => keys.length)).toEqual([25, 5]);
    expect(one.got).toHaveLength(30);
  });

  it('settles each notice by its own receipt, and defers alone what was refused', async () => {
    const many = several('many', ({ key }) => key !== 'n1');
    const store = await owing(['many'], 3);
    const result = await notify(store, [many], 'run', clock().now, calm);
    expect(result).toMatchObject({ delivered: 2, deferred: [{ sink: 'many', key: 'n1', error: 'throttled' }] });
    expect(await receipts(store)).toMatchObject([
      { key: 'n0', receipt: 'receipt of n0' },
      { key: 'n2', receipt: 'receipt of n2' },
    ]);
    expect(await store.outbox.pending()).toBe(1);
  });

  it('still owes what it says nothing of, and everything where it throws', async () => {
    const silent: Sink = { ...several('many', () => true), deliverAll: async () => [{ id: 'r' }] };
    const store = await owing(['many'], 3);
    expect((await notify(store, [silent], 'run', clock().now, calm)).deferred.map((d) => d.key)).toEqual(['n1', 'n2']);
    const broken: Sink = { ...silent, deliverAll: () => Promise.reject(new Error('broken')) };
    const owed = await owing(['many'], 2);
    const { delivered, deferred } = await notify(owed, [broken], 'run', clock().now, calm);
    expect([delivered, deferred.map((d) => d.error)]).toEqual([0, ['broken', 'broken']]);
  });

  it('records what was accepted although the run ended meanwhile', async () => {
    const run = new AbortController();
    const many = several('many', () => {
      run.abort();
      return true;
    });
    const store = await owing(['many'], 3);
    expect(await notify(store, [many], 'run', clock().now, run.signal)).toMatchObject({ delivered: 3 });
    expect(await store.outbox.pending()).toBe(0);
  });
});
