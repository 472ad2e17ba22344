import { verifyChain } from '../../lib/stores/chain.ts';
import { shardOf } from '../../lib/stores/dynamodb-items.ts';
import { OUTSTANDING_INDEX, dynamoTable, isOwedNotice } from '../../lib/stores/dynamodb-table.ts';
import { AT, aLine, aNotice, aState } from '../support/builders.ts';
import { type Call, answered, faulty } from './dynamodb-faults.ts';
import { DescribeTableCommand, DescribeTimeToLiveCommand, type DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { PutCommand } from '@aws-sdk/lib-dynamodb';
import { afterAll, describe, expect, it } from 'vitest';
import { dynoxide } from './dynamodb-server.ts';
import { LATER, RECEIPT, WHERE, alarming, all, moved, openWorld, seals, told } from './dynamodb-world.ts';

const program = dynoxide();

describe.runIf(program === undefined)('the DynamoDB store', () => {
  it.skip('is not tried: @dynoxide/linux-x64 is not installed on this platform', () => {});
});

describe.runIf(program !== undefined)('the DynamoDB store', async () => {
  const { close, server, clean, documents, open, fresh, lossy, items } = await openWorld(program ?? '');
  afterAll(close);

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

    it('has no head that lies before what was sealed while it was read', async () => {
      const { store, other, faults } = await lossy();
      await other.commit(told('a'));
      // The head is read at once; the journal only after somebody else has sealed what was in it.
      const meanwhile = async (): Promise<void> => {
        for (const id of ['b', 'c']) await other.commit(told(id));
        expect((await other.ledgerHead()).seq).toBe(3);
      };
      faults.fault = { when: (c) => c.name === 'QueryCommand', lost: 'late', meanwhile };
      expect((await store.ledgerHead()).seq).toBe(3);
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
