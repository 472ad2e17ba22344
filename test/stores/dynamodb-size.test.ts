import type { EndpointState } from '../../lib/model/state.ts';
import { verifyChain } from '../../lib/stores/chain.ts';
import { shardOf } from '../../lib/stores/dynamodb-items.ts';
import { OUTSTANDING_INDEX } from '../../lib/stores/dynamodb-table.ts';
import { AT, aLine, aNotice, aState, anIncident } from '../support/builders.ts';
import type { Call } from './dynamodb-faults.ts';
import { afterAll, describe, expect, it } from 'vitest';
import { dynoxide } from './dynamodb-server.ts';
import { LATER, RECEIPT, WHERE, alarming, all, moved, only, openWorld, told } from './dynamodb-world.ts';

const program = dynoxide();

describe.runIf(program === undefined)('sizes, costs and the index of the DynamoDB store', () => {
  it.skip('is not tried: @dynoxide/linux-x64 is not installed on this platform', () => {});
});

describe.runIf(program !== undefined)('sizes, costs and the index of the DynamoDB store', async () => {
  const { close, server, open, fresh, lossy, items } = await openWorld(program ?? '');
  afterAll(close);

  describe('size', () => {
    /** What compresses badly: 32 samples of 1,000 addresses each, under an ARN of 2,048 characters. */
    const huge = (id: string, addresses: number, seed: number): EndpointState => {
      const state = aState({ id, arn: `arn:aws:es:${'x'.repeat(2_037)}` });
      const address = (s: number, n: number): string => {
        const hash = shardOf(`${seed}/${s}/${n}`, 2 ** 32);
        return `${hash}.${shardOf(hash, 2 ** 32)}.${shardOf(`${n}${hash}`, 2 ** 32)}`;
      };
      const [sample] = state.recent;
      if (sample === undefined) throw new Error('no sample');
      const recent = Array.from({ length: 32 }, (_, s) => ({
        ...sample,
        id: `s${s}`,
        sights: Array.from({ length: addresses }, (__, n) => ({ address: address(s, n), levels: {} })),
      }));
      return { ...state, recent };
    };

    it('of a state that fills several items is read back whole, and goes down again', async () => {
      const { store, table } = await fresh();
      const big = huge('a', 1_000, 1);
      expect(await store.commit({ ...alarming('a'), state: big })).toBe('committed');
      expect(await store.read('a')).toEqual({ ...big, version: 1 });
      expect((await all(store.states()))[0]).toEqual({ ...big, version: 1 });
      const parts = (await items(table)).filter((i) => String(i['pk']).startsWith('+S#'));
      expect(parts.length).toBeGreaterThan(0);
      expect(await store.commit(moved('a', 1))).toBe('committed');
      expect(await store.read('a')).toEqual({ ...aState({ id: 'a' }), version: 2 });
      expect((await items(table)).filter((i) => String(i['pk']).startsWith('+S#'))).toEqual([]);
    });

    it('of a state that fills several items never lets a reader join two versions', async () => {
      const { table } = await fresh();
      const [writer, reader] = [await open(table), await open(table)];
      const versions = [huge('a', 1_000, 1), huge('a', 1_300, 2), huge('a', 1_100, 3)];
      await writer.commit({ state: huge('a', 1_000, 0), expected: 0, ...only });
      let writing = true;
      const write = async (): Promise<void> => {
        for (const [i, state] of versions.entries()) await writer.commit({ state, expected: i + 1, ...only });
        writing = false;
      };
      const read = async (): Promise<void> => {
        while (writing) {
          const state = await reader.read('a');
          const expected = state === undefined || state.version === 1 ? undefined : versions[state.version - 2];
          if (expected !== undefined) expect(state?.recent).toEqual(expected.recent);
        }
      };
      await Promise.all([write(), read()]);
      expect((await reader.read('a'))?.version).toBe(4);
    });

    it('beyond a transaction is refused in plain words, and nothing of it is kept', async () => {
      const { store, table } = await fresh();
      await store.commit(told('a'));
      await expect(store.commit({ ...alarming('a', 1), state: huge('a', 12_000, 1) })).rejects.toMatchObject({
        name: 'AjarError',
        code: 'invariant',
        message: expect.stringMatching(/^a is \d+ items of \d+ bytes; one transaction takes/),
        cure: expect.any(String),
      });
      expect(await store.read('a')).toMatchObject({ version: 1 });
      expect((await items(table)).filter((i) => String(i['pk']).startsWith('O#'))).toEqual([]);
      const notices = Array.from({ length: 99 }, (_, n) => aNotice({ key: `n${n}` }));
      await expect(store.commit({ ...told('a', 1), notices })).rejects.toMatchObject({ code: 'invariant' });
      const lines = Array.from({ length: 1_001 }, () => aLine());
      await expect(store.commit({ ...moved('a', 1), lines })).rejects.toMatchObject({ code: 'invariant' });
      const key = 'k'.repeat(2_000);
      await expect(store.commit(moved(key))).rejects.toMatchObject({ code: 'invariant' });
    });

    it('of incidents, notices and ledger lines may be large too', async () => {
      const { store } = await fresh();
      const noise = huge('a', 1_000, 9).recent.flatMap((s) => (s.sights ?? []).map(({ address }) => address));
      const incident = anIncident({ endpointId: 'a', reasons: noise });
      const notice = aNotice({ incident, lines: noise });
      const lines = [aLine({ body: { noise } })];
      expect(await store.commit({ ...moved('a'), lines, notices: [notice], incidents: [incident] })).toBe('committed');
      expect(await all(store.incidents())).toEqual([incident]);
      expect(await all(store.incidents({ status: 'open' }))).toEqual([incident]);
      const [entry] = await store.outbox.due(LATER, 10);
      expect(entry?.notice).toEqual(notice);
      if (entry !== undefined) await store.outbox.settle(entry, RECEIPT);
      expect(await verifyChain(store.ledger())).toMatchObject({ ok: true, entries: 2 });
      expect((await all(store.ledger()))[0]?.body).toEqual({ noise });
    });

    it('of one place may be large too, and whoever reads it while it is saved gets one of the two', async () => {
      const { store } = await fresh();
      const place = { ...WHERE, partition: 'aws' as const };
      const record = (seed: number) => {
        const ids = huge('a', 1_000, seed).recent.flatMap((s) => (s.sights ?? []).map(({ address }) => address));
        const known = Object.fromEntries(ids.map((id) => [id, { misses: seed, hot: false }]));
        return { place, cells: { rds: { status: 'complete' as const, triedAt: AT, calls: 1, known } } };
      };
      const [first, second] = [record(1), record(2)];
      await store.inventory.save(first);
      expect(await store.inventory.read(WHERE.account, WHERE.region)).toEqual(first);
      const [, ...reads] = await Promise.all([
        store.inventory.save(second),
        ...Array.from({ length: 6 }, () => store.inventory.read(WHERE.account, WHERE.region)),
      ]);
      for (const read of reads) expect([1, 2]).toContain(Object.values(read?.cells['rds']?.known ?? {})[0]?.misses);
      expect(await store.inventory.read(WHERE.account, WHERE.region)).toEqual(second);
    });
  });

  describe('cost', () => {
    it('of a reading that only moves its state is one read and one small write', async () => {
      const { store, faults } = await lossy();
      await store.commit(told('a'));
      faults.calls.length = 0;
      await store.read('a');
      expect(await store.commit(moved('a', 1))).toBe('committed');
      expect(faults.calls.map((c) => c.name)).toEqual(['GetItemCommand', 'PutItemCommand']);
      const written = faults.calls[1]?.input as { Item: Record<string, Uint8Array | string | number> } | undefined;
      const bytes = Object.values(written?.Item ?? {}).reduce<number>(
        (n, v) => n + (typeof v === 'number' ? 8 : v.length),
        0,
      );
      expect(bytes).toBeGreaterThan(100);
      expect(bytes).toBeLessThan(1_024);
    });

    it('of a list of states is a query a shard, and none of the whole table', async () => {
      const { store, faults } = await lossy();
      for (let n = 0; n < 40; n++) await store.commit(moved(`e${n}`));
      faults.calls.length = 0;
      expect(await all(store.states())).toHaveLength(40);
      expect(faults.calls.map((c) => c.name)).toEqual(Array.from({ length: 16 }, () => 'QueryCommand'));
    });

    it('is that of consistent reads wherever something is decided, and of the index and the roster only half', async () => {
      const { store, faults } = await lossy();
      const isConsistent = ({ input }: Call): boolean => JSON.stringify(input).includes('"ConsistentRead":true');
      await store.commit(alarming('a'));
      await all(store.states());
      await store.outbox.due(LATER, 5);
      await all(store.incidents());
      await all(store.ledger());
      await store.dependents(['k']);
      await store.changes.about({ keys: ['k'], from: AT, to: LATER, limit: 5 });
      await all(store.inventory.all());
      const reads = faults.calls.filter((c) => /^(Get|BatchGet|Query)/.test(c.name));
      const inconsistent = reads
        .filter((c) => !isConsistent(c))
        .map((c) => (c.input as { IndexName?: string }).IndexName);
      expect(new Set(inconsistent)).toEqual(new Set([OUTSTANDING_INDEX]));
      expect(reads.length).toBeGreaterThan(50);
      faults.calls.length = 0;
      await all(store.roster(0, 1));
      expect(faults.calls.some(isConsistent)).toBe(false);
    });

    it('of a plan can be shared: the parts of the roster hold each state once', async () => {
      const { store } = await fresh();
      for (let n = 0; n < 60; n++) await store.commit(moved(`e${n}`));
      for (const of of [1, 3, 16]) {
        const parts = await Promise.all(Array.from({ length: of }, (_, part) => all(store.roster(part, of))));
        expect(new Set(parts.flat().map((s) => s.endpoint.id)).size).toBe(60);
        expect(parts.flat()).toHaveLength(60);
      }
    });
  });

  describe('the index', () => {
    it('gives due notices oldest first over pages and shards, and no more than asked', async () => {
      const { store } = await fresh();
      const at = (n: number): string => new Date(Date.parse(AT) + n * 1_000).toISOString();
      const order = Array.from({ length: 260 }, (_, i) => (i * 97) % 260);
      for (let from = 0; from < order.length; from += 20) {
        const notices = order.slice(from, from + 20).map((n) => aNotice({ key: `n${n}`, createdAt: at(n) }));
        await store.commit({ ...moved(`e${from}`), notices });
      }
      const keys = async (now: string, limit: number) => (await store.outbox.due(now, limit)).map((e) => e.notice.key);
      const expected = Array.from({ length: 260 }, (_, n) => `n${n}`);
      expect(await keys(LATER, 1_000)).toEqual(expected);
      expect(await keys(LATER, 230)).toEqual(expected.slice(0, 230));
      expect(await keys(at(99), 1_000)).toEqual(expected.slice(0, 100));
      expect(await store.outbox.pending()).toBe(260);
    });

    it('never makes due again what was settled or deferred, though it may be behind', async () => {
      const table = await server.table();
      const behind = server.client();
      let frozen: unknown;
      behind.middlewareStack.add(
        (next) => async (args) => {
          if (!('IndexName' in args.input)) return next(args);
          const stale = frozen as Map<string, Awaited<ReturnType<typeof next>>>;
          const known = stale.get(JSON.stringify(args.input));
          const answer = known ?? (await next(args));
          stale.set(JSON.stringify(args.input), answer);
          return answer;
        },
        { step: 'initialize', priority: 'high' },
      );
      frozen = new Map();
      const store = await open(table, behind);
      const incident = anIncident({ endpointId: 'a' });
      const notices = ['n1', 'n2', 'n3'].map((key) => aNotice({ key }));
      await store.commit({ ...moved('a'), notices, incidents: [incident] });
      const [one, two] = await store.outbox.due(LATER, 10);
      expect(await all(store.incidents({ status: 'open' }))).toHaveLength(1);
      if (one === undefined || two === undefined) throw new Error('nothing due');
      await store.outbox.settle(one, RECEIPT);
      await store.outbox.defer(two, '2026-12-05T00:00:00.000Z', 'answered 503');
      const closed = { lower: AT, upper: LATER, cause: 'fixed' as const };
      await store.commit({ ...moved('a', 1), incidents: [{ ...incident, status: 'closed', closed }] });
      expect((await store.outbox.due(LATER, 10)).map((e) => e.notice.key)).toEqual(['n3']);
      expect(await all(store.incidents({ status: 'open' }))).toEqual([]);
      behind.destroy();
    });
  });
});
