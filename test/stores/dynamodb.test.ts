import { DescribeTableCommand, DescribeTimeToLiveCommand, type DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { DynamoDBDocumentClient, PutCommand, ScanCommand } from '@aws-sdk/lib-dynamodb';
import { afterAll, describe, expect, it } from 'vitest';
import type { EndpointState } from '../../lib/model/state.ts';
import type { Commit } from '../../lib/model/store.ts';
import { verifyChain } from '../../lib/stores/chain.ts';
import { shardOf } from '../../lib/stores/dynamodb-items.ts';
import { dynamoTable, isOwedNotice, OUTSTANDING_INDEX } from '../../lib/stores/dynamodb-table.ts';
import { type DynamoStore, openDynamoStore } from '../../lib/stores/dynamodb.ts';
import { aLine, anIncident, aNotice, aState, AT } from '../support/builders.ts';
import { answered, type Call, type Fault, type Faulty, faulty, reset } from './dynamodb-faults.ts';
import { dynoxide, startDynamo } from './dynamodb-server.ts';

const program = dynoxide();
const LATER = '2026-12-04T11:00:00.000Z';
const RECEIPT = { at: LATER, id: 'accepted', runId: 'r' };
const WHERE = { account: '111122223333', region: 'eu-west-1' };

const only = { lines: [], notices: [], incidents: [] };
const moved = (id: string, expected = 0): Commit => ({ state: aState({ id }), expected, ...only });
const told = (id: string, expected = 0): Commit => ({
  ...moved(id, expected),
  lines: [aLine({ subject: id, body: { version: expected + 1 } })],
});
const alarming = (id: string, expected = 0): Commit => ({
  ...told(id, expected),
  notices: [aNotice()],
  incidents: [anIncident({ endpointId: id })],
});

function seals({ name, input }: Call): boolean {
  return name === 'TransactWriteItemsCommand' && JSON.stringify(input).includes('"head"');
}

async function all<T>(items: AsyncIterable<T>): Promise<T[]> {
  const found: T[] = [];
  for await (const item of items) found.push(item);
  return found;
}

describe.runIf(program === undefined)('the DynamoDB store', () => {
  it.skip('is not tried: @dynoxide/linux-x64 is not installed on this platform', () => {});
});

describe.runIf(program !== undefined)('the DynamoDB store', async () => {
  const server = await startDynamo(program ?? '');
  const clean = server.client();
  const documents = DynamoDBDocumentClient.from(clean);
  afterAll(async () => {
    clean.destroy();
    await server.stop();
  });
  const options = { sinks: ['page'], now: () => new Date() };
  const open = async (table: string, client = clean, over = {}): Promise<DynamoStore> =>
    openDynamoStore({ client, table, ...options, ...over });
  const fresh = async (over = {}): Promise<{ store: DynamoStore; table: string }> => {
    const table = await server.table();
    return { store: await open(table, clean, over), table };
  };
  /** A store whose calls can be lost, beside one over the same table whose calls are not. */
  const lossy = async (
    config = {},
  ): Promise<{ store: DynamoStore; other: DynamoStore; faults: Faulty; table: string }> => {
    const table = await server.table();
    const faults = faulty(server.client({ maxAttempts: 1, ...config }));
    return { store: await open(table, faults.client), other: await open(table), faults, table };
  };
  const items = async (table: string) => (await documents.send(new ScanCommand({ TableName: table }))).Items ?? [];

  describe('races', () => {
    it('gives each version of an endpoint to exactly one of 50 writers', async () => {
      const { store, table } = await fresh();
      const writers = await Promise.all(Array.from({ length: 50 }, () => open(table)));
      for (let version = 0; version < 4; version++) {
        const results = await Promise.all(writers.map((w) => w.commit(told('a', version))));
        expect(results.filter((r) => r === 'committed')).toHaveLength(1);
      }
      expect(await store.read('a')).toMatchObject({ version: 4 });
      expect(await verifyChain(store.ledger())).toMatchObject({ ok: true, entries: 4 });
      expect((await all(store.ledger())).map((l) => l.body['version'])).toEqual([1, 2, 3, 4]);
    });

    it('puts the lines of 8 writers into one chain, each once, those of an endpoint in their order', async () => {
      const { store, table } = await fresh();
      const writers = await Promise.all(Array.from({ length: 8 }, () => open(table)));
      const work = writers.map(async (writer, n) => {
        for (let version = 0; version < 15; version++) await writer.commit(told(`w${n}`, version));
      });
      await Promise.all(work);
      const lines = await all(store.ledger());
      expect(await verifyChain(store.ledger())).toEqual({ ok: true, entries: 120, head: await store.ledgerHead() });
      for (let n = 0; n < 8; n++) {
        const mine = lines.filter((l) => l.subject === `w${n}`).map((l) => l.body['version']);
        expect(mine).toEqual(Array.from({ length: 15 }, (_, i) => i + 1));
      }
    });

    it('keeps the order of an endpoint whose writers have different clocks, however late it is sealed', async () => {
      const table = await server.table();
      const unsealed = (): DynamoDBClient => {
        const faults = faulty(server.client({ maxAttempts: 1 }));
        faults.fault = { when: seals, lost: 'before', times: 1_000 };
        return faults.client;
      };
      const fast = await open(table, unsealed(), { now: () => new Date(Date.now() + 900_000) });
      const slow = await open(table, unsealed(), { now: () => new Date(Date.now() - 900_000) });
      for (let version = 0; version < 10; version++) {
        const writer = version % 2 === 0 ? fast : slow;
        await writer.read('a');
        expect(await writer.commit(told('a', version))).toBe('committed');
      }
      const order = (await all((await open(table)).ledger())).map((l) => l.body['version']);
      expect(order).toEqual(Array.from({ length: 10 }, (_, i) => i + 1));
    });

    it('spends a connection once, whoever asks at the same moment', async () => {
      const { table } = await fresh();
      const writers = await Promise.all(Array.from({ length: 20 }, () => open(table)));
      const budget = { stopAt: 5, minIntervalMs: 60_000 };
      const answers = await Promise.all(writers.map((w) => w.budgets.spend('mysql|10.0.0.1', AT, budget)));
      expect(answers.filter((a) => a.allowed)).toHaveLength(1);
      expect(answers.every((a) => a.used === 1)).toBe(true);
    });

    it('writes one receipt where several deliver the same notice', async () => {
      const { store, table } = await fresh();
      await store.commit(alarming('a'));
      const [entry] = await store.outbox.due(LATER, 10);
      if (entry === undefined) throw new Error('nothing due');
      const others = await Promise.all(Array.from({ length: 8 }, () => open(table)));
      await Promise.all(others.map((o) => o.outbox.settle(entry, RECEIPT)));
      expect((await all(store.ledger())).filter((l) => l.kind === 'notice')).toHaveLength(1);
      expect(await store.outbox.pending()).toBe(0);
    });
  });

  describe('an answer that was lost', () => {
    const writes = (call: Call): boolean => /^(PutItem|TransactWriteItems)Command$/.test(call.name);
    const timeout = Object.assign(new Error('timed out'), { name: 'TimeoutError' });
    const errors: readonly [string, Error][] = [
      ['the connection was reset', reset()],
      ['it took too long', timeout],
      ['DynamoDB answered 500', answered(500, 'InternalServerError')],
      ['DynamoDB answered 503', answered(503, 'ServiceUnavailable')],
    ];
    const commits: readonly [string, (id: string, expected?: number) => Commit][] = [
      ['of one item', moved],
      ['of many', alarming],
    ];
    const cases = commits.flatMap(([what, make]) => errors.map(([why, error]) => ({ what, make, why, error })));

    it.each(cases)('to a commit $what is found out: $why, and it was done', async ({ make, error }) => {
      const { store, other, faults } = await lossy();
      await store.commit(moved('a'));
      faults.fault = { when: writes, lost: 'after', error };
      expect(await store.commit(make('a', 1))).toBe('committed');
      expect(faults.fault).toBeUndefined();
      expect(await other.read('a')).toMatchObject({ version: 2 });
      expect((await other.ledgerHead()).seq).toBe(make('a').lines.length);
      expect(await other.outbox.pending()).toBe(make('a').notices.length);
    });

    it.each(cases)('to a commit $what is found out: $why, and it never arrived', async ({ make, error }) => {
      const { store, other, faults } = await lossy();
      faults.fault = { when: writes, lost: 'before', error };
      expect(await store.commit(make('a'))).toBe('committed');
      expect(faults.fault).toBeUndefined();
      expect(await other.read('a')).toMatchObject({ version: 1 });
      expect((await other.ledgerHead()).seq).toBe(make('a').lines.length);
    });

    it.each(commits)("to a commit %s is found out where the SDK's own second try is refused", async (_, make) => {
      const { store, other, faults } = await lossy({ maxAttempts: 3 });
      faults.fault = { when: writes, lost: 'retried' };
      expect(await store.commit(make('a'))).toBe('committed');
      expect(faults.fault).toBeUndefined();
      expect(await other.read('a')).toMatchObject({ version: 1 });
      expect((await other.ledgerHead()).seq).toBe(make('a').lines.length);
      expect(await store.commit(make('a'))).toBe('conflict');
    });

    it.each([1, 3, 5])('is found out when %i versions followed meanwhile', async (more) => {
      const { store, other, faults } = await lossy();
      const meanwhile = async (): Promise<void> => {
        for (let n = 0; n < more; n++) {
          const version = (await other.read('a'))?.version ?? 0;
          expect(await other.commit(told('a', version))).toBe('committed');
        }
      };
      faults.fault = { when: writes, lost: 'after', meanwhile };
      expect(await store.commit(told('a'))).toBe('committed');
      expect(await other.read('a')).toMatchObject({ version: more + 1 });
    });

    it('is said to be lost when more versions followed than can be told apart', async () => {
      const { store, other, faults } = await lossy();
      const meanwhile = async (): Promise<void> => {
        for (let n = 1; n <= 6; n++) await other.commit(told('a', (await other.read('a'))?.version ?? 0));
      };
      faults.fault = { when: writes, lost: 'after', meanwhile };
      await expect(store.commit(told('a'))).rejects.toMatchObject({
        code: 'store-unavailable',
        cure: expect.any(String),
      });
    });

    it("is a conflict when somebody else's version is there instead", async () => {
      const { store, other, faults } = await lossy();
      const fault: Fault = { when: writes, lost: 'before' };
      faults.fault = { ...fault, when: (call) => writes(call) && faults.calls.length > 0 };
      const first = store.commit(told('a'));
      expect(await first).toBe('committed');
      await other.read('a');
      await other.commit(told('a', 1));
      faults.fault = fault;
      expect(await store.commit(alarming('a', 1))).toBe('conflict');
      expect(await all(other.incidents())).toEqual([]);
      expect(await other.outbox.pending()).toBe(0);
    });

    it('is an error, and nothing is written, when nothing arrives at all', async () => {
      const { store, other, faults } = await lossy();
      faults.fault = { when: writes, lost: 'before', times: 99 };
      await expect(store.commit(alarming('a'))).rejects.toMatchObject({ code: 'store-unavailable' });
      expect(await other.read('a')).toBeUndefined();
      expect((await other.ledgerHead()).seq).toBe(0);
    });

    it.each(['after', 'retried', 'before'] as const)('to a receipt (%s) leaves one line', async (lost) => {
      const { store, other, faults } = await lossy(lost === 'retried' ? { maxAttempts: 3 } : {});
      await store.commit(alarming('a'));
      const [entry] = await store.outbox.due(LATER, 10);
      if (entry === undefined) throw new Error('nothing due');
      faults.fault = { when: writes, lost };
      await store.outbox.settle(entry, RECEIPT);
      expect(faults.fault).toBeUndefined();
      expect((await all(other.ledger())).filter((l) => l.kind === 'notice')).toHaveLength(1);
      expect(await other.outbox.due(LATER, 10)).toEqual([]);
    });

    it.each(['after', 'retried', 'before'] as const)('to a change (%s) does not make it known before', async (lost) => {
      const { store, other, faults } = await lossy(lost === 'retried' ? { maxAttempts: 3 } : {});
      const change = {
        id: 'e1',
        at: AT,
        ...WHERE,
        source: 'es.amazonaws.com',
        name: 'UpdateDomainConfig',
        kind: 'change' as const,
        touched: ['es:domain/logs'],
        services: ['opensearch'],
        actor: { who: 'somebody', type: 'IAMUser', channel: 'cli' as const },
      };
      const records = ({ name, input }: Call): boolean =>
        name === 'PutItemCommand' && JSON.stringify(input).includes('C#');
      faults.fault = { when: records, lost };
      expect(await store.changes.add(change)).toBe(true);
      expect(faults.fault).toBeUndefined();
      expect(await store.changes.add(change)).toBe(false);
      const query = { keys: ['111122223333/eu-west-1/es:domain/logs'], from: AT, to: AT, limit: 5 };
      expect(await other.changes.about(query)).toEqual([change]);
    });

    it.each(['after', 'before'] as const)('to the sealing (%s) neither loses nor repeats a line', async (lost) => {
      const { store, other, faults } = await lossy();
      for (let n = 0; n < 6; n++) {
        faults.fault = { when: seals, lost };
        expect(await store.commit(told(`e${n}`))).toBe('committed');
        expect(faults.fault).toBeUndefined();
      }
      expect(await verifyChain(other.ledger())).toMatchObject({ ok: true, entries: 6 });
    });
  });

  describe('a writer that dies', () => {
    it.each([
      ['before the state', (c: Call) => c.name !== 'UpdateItemCommand', 0],
      ['before the sealing', (c: Call) => JSON.stringify(c.input).includes('"head"'), 1],
    ] as const)('%s leaves all of its commit or nothing', async (_, when, version) => {
      const { store, other, faults } = await lossy();
      faults.fault = { when: (c) => when(c) && /Put|Transact/.test(c.name), lost: 'before', times: 99 };
      const commit = { ...alarming('a'), state: aState({ id: 'a', ...WHERE, dependencies: ['rds:pg/strict'] }) };
      await Promise.allSettled([store.commit(commit)]);
      expect((await other.read('a'))?.version ?? 0).toBe(version);
      expect((await other.ledgerHead()).seq).toBe(version);
      expect(await other.outbox.pending()).toBe(version);
      expect(await all(other.incidents())).toHaveLength(version);
      const found = version === 0 ? [] : ['a'];
      expect(await other.dependents(['111122223333/eu-west-1/rds:pg/strict'])).toEqual(found);
    });

    it('leaves a lead too many at most, which the state denies and a later version may need again', async () => {
      const { store, other, faults } = await lossy();
      const key = '111122223333/eu-west-1/rds:pg/strict';
      const commit = (expected: number, dependencies: readonly string[]) => ({
        ...moved('a', expected),
        state: aState({ id: 'a', ...WHERE, dependencies }),
      });
      await store.commit(commit(0, ['rds:pg/strict']));
      faults.fault = { when: (c) => c.name === 'DeleteItemCommand', lost: 'before', times: 99 };
      expect(await store.commit(commit(1, []))).toBe('committed');
      expect(await other.dependents([key])).toEqual([]);
      faults.fault = undefined;
      expect(await store.commit(commit(2, ['rds:pg/strict']))).toBe('committed');
      expect(await other.dependents([key])).toEqual(['a']);
      expect(await store.commit(commit(3, []))).toBe('committed');
      expect(await other.dependents([key])).toEqual([]);
    });
  });

  it('drops no lead that a later version needs again, however late it comes to it', async () => {
    const { store, other, faults } = await lossy();
    const commit = (expected: number, dependencies: readonly string[]) => ({
      ...moved('a', expected),
      state: aState({ id: 'a', ...WHERE, dependencies }),
    });
    await store.commit(commit(0, ['rds:pg/strict']));
    const meanwhile = async (): Promise<void> => {
      await other.read('a');
      expect(await other.commit(commit(2, ['rds:pg/strict']))).toBe('committed');
    };
    faults.fault = { when: (c) => c.name === 'DeleteItemCommand', lost: 'late', meanwhile };
    expect(await store.commit(commit(1, []))).toBe('committed');
    expect(await other.read('a')).toMatchObject({ version: 3 });
    expect(await other.dependents(['111122223333/eu-west-1/rds:pg/strict'])).toEqual(['a']);
  });

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

  describe('the ledger', () => {
    it('seals a long backlog whole, in order, whoever comes', async () => {
      const { store, other, faults, table } = await lossy();
      faults.fault = { when: seals, lost: 'before', times: 1_000 };
      for (let n = 0; n < 150; n++) await store.commit(told(`e${n}`));
      await store.append(Array.from({ length: 2_500 }, (_, i) => aLine({ subject: `line ${i}` })));
      const readers = [other, await open(table)];
      const heads = await Promise.all(readers.map((r) => r.ledgerHead()));
      expect(heads.map((h) => h.seq)).toEqual([2_650, 2_650]);
      expect(await verifyChain(other.ledger())).toMatchObject({ ok: true, entries: 2_650 });
      const subjects = (await all(other.ledger())).map((l) => l.subject);
      expect(subjects.slice(0, 150)).toEqual(Array.from({ length: 150 }, (_, n) => `e${n}`));
      expect(subjects.slice(150)).toEqual(Array.from({ length: 2_500 }, (_, i) => `line ${i}`));
      expect((await all(other.ledger({ from: 1_000, to: 1_003 }))).map((l) => l.seq)).toEqual([
        1_000, 1_001, 1_002, 1_003,
      ]);
      expect(await all(other.ledger({ from: 2_651 }))).toEqual([]);
    });

    it('is not written by who may only read', async () => {
      const { store, faults, table } = await lossy();
      await store.commit(told('a'));
      faults.fault = {
        when: ({ name }) => name === 'TransactWriteItemsCommand' && faults.calls.length > 0,
        lost: 'before',
        times: 1,
      };
      faults.calls.length = 0;
      await store.append([aLine()]);
      const reader = await open(table, faults.client, { readOnly: true });
      faults.calls.length = 0;
      expect(await all(reader.ledger())).toHaveLength(1);
      expect((await reader.ledgerHead()).seq).toBe(1);
      expect(faults.calls.every((c) => /^(Get|BatchGet|Query)/.test(c.name))).toBe(true);
      expect((await store.ledgerHead()).seq).toBe(2);
    });

    it('tells that a block of it was deleted', async () => {
      const { store, table } = await fresh();
      for (let n = 0; n < 5; n++) await store.commit(told(`e${n}`));
      expect(await verifyChain(store.ledger())).toMatchObject({ ok: true, entries: 5 });
      const key = { pk: 'L', sk: '0000000000000003' };
      await documents.send(new PutCommand({ TableName: table, Item: { ...key, f: 1 } }));
      await expect(verifyChain(store.ledger())).rejects.toMatchObject({ code: 'store-corrupt' });
    });
  });

  describe('what cannot be read', () => {
    it.each([
      ['is no document', { z: Buffer.from('not brotli'), f: 1 }, 'store-corrupt'],
      ['has no format', { z: Buffer.from('x') }, 'store-corrupt'],
      ['has a later format', { z: Buffer.from('x'), f: 2 }, 'store-newer'],
      ['lacks parts', { z: Buffer.from('x'), f: 1, n: 2, m: 'mark' }, 'store-corrupt'],
    ])('is neither taken for absent nor replaced: a state that %s', async (_, attributes, code) => {
      const { store, table } = await fresh();
      const item = { pk: `S#${shardOf('a')}`, sk: 'a', v: 3, ...attributes };
      await documents.send(new PutCommand({ TableName: table, Item: item }));
      await expect(store.read('a')).rejects.toMatchObject({
        code,
        cure: expect.stringContaining('nothing was overwritten'),
      });
      await expect(all(store.states())).rejects.toMatchObject({ code });
      expect(await store.commit(told('a'))).toBe('conflict');
      expect((await items(table)).map((i) => i['v'])).toEqual([3]);
    });

    it('says that the table is not there, and what to do', async () => {
      const store = await open('no-such-table');
      const error = { name: 'AjarError', code: 'store-unavailable', cure: expect.stringContaining('deployed') };
      await expect(store.read('a')).rejects.toMatchObject(error);
      await expect(store.commit(told('a'))).rejects.toMatchObject(error);
      await expect(store.ledgerHead()).rejects.toMatchObject(error);
      await expect(store.outbox.due(LATER, 1)).rejects.toMatchObject(error);
      await expect(store.budgets.spend('k', AT, { stopAt: 1, minIntervalMs: 0 })).rejects.toMatchObject(error);
    });

    it.each([
      [answered(400, 'AccessDeniedException'), 'role'],
      [answered(400, 'ThrottlingException'), 'throttled'],
      [answered(400, 'ProvisionedThroughputExceededException'), 'throttled'],
    ])('says why it was refused: %s', async (error, cure) => {
      const { store, faults } = await lossy();
      faults.fault = { when: () => true, lost: 'before', error, times: 99 };
      const expected = { code: 'store-unavailable', cure: expect.stringContaining(cure) };
      await expect(store.commit(told('a'))).rejects.toMatchObject(expected);
      await expect(store.read('a')).rejects.toMatchObject(expected);
    });
  });

  describe('the table', () => {
    it('is made as it is defined', async () => {
      const table = await server.table();
      const { Table } = await clean.send(new DescribeTableCommand({ TableName: table }));
      const { create, timeToLive } = dynamoTable(table);
      expect(Table?.KeySchema).toEqual(create.KeySchema);
      expect(Table?.StreamSpecification).toEqual({ StreamEnabled: true, StreamViewType: 'NEW_IMAGE' });
      expect(Table?.GlobalSecondaryIndexes).toMatchObject([
        { IndexName: OUTSTANDING_INDEX, Projection: { ProjectionType: 'KEYS_ONLY' } },
      ]);
      const { TimeToLiveDescription } = await clean.send(new DescribeTimeToLiveCommand({ TableName: table }));
      expect(TimeToLiveDescription?.AttributeName).toBe(timeToLive.TimeToLiveSpecification?.AttributeName);
    });

    it('tells notices owed from everything else by their keys, and lets only changes and settled notices expire', async () => {
      const { store, table } = await fresh({ sinks: ['page', 'chat'] });
      await store.commit({
        ...alarming('a'),
        state: aState({ id: 'a', ...WHERE, dependencies: ['rds:pg/strict'] }),
      });
      await store.inventory.save({ place: { ...WHERE, partition: 'aws' }, cells: {} });
      await store.budgets.exhaust('k', AT);
      await store.changes.add({
        id: 'e1',
        at: AT,
        ...WHERE,
        source: 's',
        name: 'n',
        kind: 'change',
        touched: ['rds:pg/strict'],
        services: [],
        actor: { who: 'w', type: 't', channel: 'cli' },
      });
      const owed = (await items(table)).filter(({ pk }) => isOwedNotice({ pk: { S: String(pk) } }));
      expect(owed.map(({ pk, sk }) => `${pk} ${sk}`).toSorted()).toEqual(
        ['chat', 'page'].map((sink) => `O#${aNotice().key} ${sink}`),
      );
      expect(isOwedNotice(undefined)).toBe(false);
      const [entry] = await store.outbox.due(LATER, 1);
      if (entry === undefined) throw new Error('nothing due');
      await store.outbox.settle(entry, RECEIPT);
      const expiring = (await items(table)).filter((item) => 'expires' in item);
      expect(expiring.map((item) => String(item['pk']).slice(0, 2)).toSorted()).toEqual(['C#', 'K#', 'O#']);
      const days = (Number(expiring[0]?.['expires']) - Date.parse(AT) / 1_000) / 86_400;
      expect(Math.round(days)).toBe(90);
    });
  });
});
