import type { Commit } from '../../lib/model/store.ts';
import { verifyChain } from '../../lib/stores/chain.ts';
import { AT } from '../support/builders.ts';
import { type Call, type Fault, answered, reset } from './dynamodb-faults.ts';
import { afterAll, describe, expect, it } from 'vitest';
import { dynoxide } from './dynamodb-server.ts';
import { LATER, RECEIPT, alarming, all, moved, openWorld, seals, told, WHERE } from './dynamodb-world.ts';

const program = dynoxide();

describe.runIf(program === undefined)('answers of DynamoDB that were lost', () => {
  it.skip('is not tried: @dynoxide/linux-x64 is not installed on this platform', () => {});
});

describe.runIf(program !== undefined)('answers of DynamoDB that were lost', async () => {
  const { close, lossy } = await openWorld(program ?? '');
  afterAll(close);

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

    it.each([
      ['and it was done', 'after'],
      ['and it never arrived', 'before'],
    ] as const)('to a note with its line is found out: %s', async (_, lost) => {
      const { store, other, faults } = await lossy();
      const [line] = told('a').lines;
      if (line === undefined) throw new Error('no line');
      const save = (n: number, version?: string) =>
        store.records.save('told', { value: { n }, version, lines: [line] });
      faults.fault = { when: writes, lost };
      const first = save(1);
      if (lost === 'after') expect(await first).toBe('saved');
      else {
        await expect(first).rejects.toMatchObject({ code: 'store-unavailable' });
        expect(await other.records.read('told')).toBeUndefined();
        expect(await save(1)).toBe('saved');
      }
      expect((await other.records.read('told'))?.value).toEqual({ n: 1 });
      expect((await other.ledgerHead()).seq).toBe(1);
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
});
