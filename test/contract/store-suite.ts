import { describe, expect, it } from 'vitest';
import type { StateStore } from '../../lib/model/store.ts';
import { verifyChain } from '../../lib/stores/chain.ts';
import { aLine, anIncident, aNotice, aState, AT } from '../support/builders.ts';

const SINKS = ['stdout', 'webhook'];
const LATER = '2026-12-04T11:00:00.000Z';
const RECEIPT = { at: LATER, id: 'accepted', runId: 'r' };

async function all<T>(items: AsyncIterable<T>): Promise<T[]> {
  const found: T[] = [];
  for await (const item of items) found.push(item);
  return found;
}

/** What every store promises. `open` gives a fresh, empty one that owes each notice to two sinks. */
export function storeContract(name: string, open: (sinks: readonly string[]) => Promise<StateStore>): void {
  const commitOf = (id: string, expected = 0) => ({
    state: aState({ id }),
    expected,
    lines: [aLine()],
    notices: [],
    incidents: [],
  });

  describe(`${name} keeps the store contract`, () => {
    it('gives back what was committed, one version further', async () => {
      const store = await open(SINKS);
      expect(await store.read('a')).toBeUndefined();
      expect(await store.commit(commitOf('a'))).toBe('committed');
      expect(await store.read('a')).toEqual({ ...aState({ id: 'a' }), version: 1 });
      await store.close();
    });

    it('lets exactly one of many racing writers win, and leaves nothing of the others', async () => {
      const store = await open(SINKS);
      await store.commit(commitOf('a'));
      const race = Array.from({ length: 20 }, () =>
        store.commit({ ...commitOf('a', 1), notices: [aNotice()], incidents: [anIncident()] }),
      );
      const results = await Promise.all(race);
      expect(results.filter((r) => r === 'committed')).toHaveLength(1);
      expect((await store.ledgerHead()).seq).toBe(2);
      expect(await store.outbox.pending()).toBe(SINKS.length);
      await store.close();
    });

    it('refuses a first commit where there is a state already', async () => {
      const store = await open(SINKS);
      await store.commit(commitOf('a'));
      expect(await store.commit(commitOf('a', 0))).toBe('conflict');
      expect(await store.commit(commitOf('never', 3))).toBe('conflict');
      await store.close();
    });

    it('lists more than a thousand states in order, and keeps sibling prefixes apart', async () => {
      const store = await open([]);
      const ids = Array.from({ length: 1_203 }, (_, i) => `acct/${String(i).padStart(5, '0')}`);
      const siblings = [
        'acct',
        'acct0',
        'acct/00001x',
        'acct%',
        'acct_',
        "acct'--",
        'Acct/1',
        'zürich/☃',
        '\u{1f600}/1',
      ];
      for (const id of [...ids, ...siblings]) await store.commit(commitOf(id));
      const listed = (await all(store.states('acct/'))).map((s) => s.endpoint.id);
      expect(new Set(listed)).toEqual(new Set([...ids, 'acct/00001x']));
      expect(listed).toHaveLength(ids.length + 1);
      expect((await all(store.states())).length).toBe(ids.length + siblings.length);
      expect((await all(store.states('acct%'))).map((s) => s.endpoint.id)).toEqual(['acct%']);
      expect((await all(store.states('acct_'))).map((s) => s.endpoint.id)).toEqual(['acct_']);
      expect((await all(store.states('\u{1f600}'))).map((s) => s.endpoint.id)).toEqual(['\u{1f600}/1']);
      await store.close();
    });

    it('owes a notice once to each sink, whatever is committed again', async () => {
      const store = await open(SINKS);
      await store.commit({ ...commitOf('a'), notices: [aNotice()] });
      await store.commit({ ...commitOf('a', 1), notices: [aNotice()] });
      const due = await store.outbox.due(LATER, 10);
      expect(due.map((e) => e.sink).sort()).toEqual(SINKS);
      for (const entry of due) await store.outbox.settle(entry, RECEIPT);
      await store.commit({ ...commitOf('a', 2), notices: [aNotice()] });
      expect(await store.outbox.pending()).toBe(0);
      await store.close();
    });

    it('settles once: a second receipt adds no ledger line', async () => {
      const store = await open(['stdout']);
      await store.commit({ ...commitOf('a'), notices: [aNotice()] });
      const [entry] = await store.outbox.due(LATER, 10);
      if (entry === undefined) throw new Error('nothing due');
      await store.outbox.settle(entry, RECEIPT);
      await store.outbox.settle(entry, RECEIPT);
      const notices = (await all(store.ledger())).filter((l) => l.kind === 'notice');
      expect(notices).toHaveLength(1);
      expect(notices[0]?.body).toMatchObject({ key: aNotice().key, receipt: 'accepted', attempts: 1 });
      await store.close();
    });

    it('keeps a deferred notice until its time, with its attempts and last error', async () => {
      const store = await open(['stdout']);
      await store.commit({ ...commitOf('a'), notices: [aNotice()] });
      const [entry] = await store.outbox.due(AT, 10);
      if (entry === undefined) throw new Error('nothing due');
      await store.outbox.defer(entry, LATER, 'answered 503');
      expect(await store.outbox.due(AT, 10)).toEqual([]);
      expect(await store.outbox.due(LATER, 10)).toMatchObject([
        { attempts: 1, lastError: 'answered 503', dueAt: LATER },
      ]);
      await store.close();
    });

    it('gives due notices oldest first and no more than asked', async () => {
      const store = await open(['stdout']);
      const notices = [3, 1, 2].map((n) => aNotice({ key: `n${n}`, createdAt: `2026-12-04T10:00:0${n}.000Z` }));
      await store.commit({ ...commitOf('a'), notices });
      expect((await store.outbox.due(LATER, 2)).map((e) => e.notice.key)).toEqual(['n1', 'n2']);
      await store.close();
    });

    it('lists incidents by start, newest word on each, and filters by period, status and endpoint', async () => {
      const store = await open([]);
      const first = anIncident({
        id: '00000000-0000-5000-8000-000000000002',
        start: { upper: '2026-12-01T00:00:00.000Z' },
      });
      const second = anIncident({
        id: '00000000-0000-5000-8000-000000000001',
        endpointId: 'b',
        start: { upper: '2026-12-03T00:00:00.000Z' },
      });
      await store.commit({ ...commitOf('a'), incidents: [second, first] });
      const closed = {
        ...first,
        status: 'closed' as const,
        closed: { lower: '2026-12-01T01:00:00.000Z', upper: '2026-12-01T02:00:00.000Z', cause: 'fixed' as const },
      };
      await store.commit({ ...commitOf('a', 1), incidents: [closed] });
      expect((await all(store.incidents())).map((i) => [i.id, i.status])).toEqual([
        [first.id, 'closed'],
        [second.id, 'open'],
      ]);
      expect(await all(store.incidents({ from: '2026-12-02T00:00:00.000Z' }))).toEqual([second]);
      expect(await all(store.incidents({ to: '2026-12-02T00:00:00.000Z' }))).toEqual([closed]);
      expect(await all(store.incidents({ status: 'open' }))).toEqual([second]);
      expect(await all(store.incidents({ endpointId: 'b' }))).toEqual([second]);
      await store.close();
    });

    it('chains every ledger line to the one before it', async () => {
      const store = await open([]);
      await store.append(Array.from({ length: 1_100 }, (_, i) => aLine({ subject: `line ${i} \u2028 ü "` })));
      await store.commit(commitOf('a'));
      const check = await verifyChain(store.ledger());
      expect(check).toEqual({ ok: true, entries: 1_101, head: await store.ledgerHead() });
      expect((await all(store.ledger({ from: 3, to: 5 }))).map((l) => l.seq)).toEqual([3, 4, 5]);
      await store.close();
    });

    it('counts connections up to the stop, not sooner than the interval, until a human resets', async () => {
      const store = await open([]);
      const budget = { stopAt: 2, minIntervalMs: 60_000 };
      const spend = (at: string) => store.budgets.spend('mysql|10.0.0.1|home', at, budget);
      expect(await spend('2026-12-04T10:00:00.000Z')).toMatchObject({ allowed: true, used: 1 });
      expect(await spend('2026-12-04T10:00:30.000Z')).toMatchObject({ allowed: false, used: 1 });
      expect(await spend('2026-12-04T10:02:00.000Z')).toMatchObject({ allowed: true, used: 2 });
      expect(await spend('2026-12-05T10:02:00.000Z')).toMatchObject({ allowed: false, used: 2 });
      await store.budgets.reset('mysql|10.0.0.1|home');
      expect(await spend('2026-12-05T10:02:00.000Z')).toMatchObject({ allowed: true, used: 1 });
      await store.close();
    });
  });
}
