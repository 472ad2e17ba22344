import { describe, expect, it } from 'vitest';
import type { Change } from '../../lib/model/change.ts';
import { type Endpoint, MAX_DEPENDENCIES } from '../../lib/model/endpoint.ts';
import type { PlaceRecord } from '../../lib/model/inventory.ts';
import type { LedgerEntry } from '../../lib/model/ledger.ts';
import type { StateStore } from '../../lib/model/store.ts';
import { act } from '../../lib/pipeline/handle.ts';
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

async function* each<T>(items: readonly T[]): AsyncGenerator<T> {
  yield* items;
}

function aChange(over: Partial<Change> = {}): Change {
  return {
    id: 'e1',
    at: AT,
    account: '111122223333',
    region: 'eu-west-1',
    source: 'es.amazonaws.com',
    name: 'UpdateDomainConfig',
    kind: 'change',
    touched: ['es:domain/logs'],
    services: ['opensearch'],
    actor: { who: 'arn:aws:iam::111122223333:role/ops', type: 'AssumedRole', channel: 'console' },
    ...over,
  };
}

function aPlace(account: string, region: string, known = 1): PlaceRecord {
  const endpoints = Array.from({ length: known }, (_, i) => [
    `${account}/${region}/rds/n${i}`,
    { misses: 0, hot: i === 0 },
  ]);
  const cell = { status: 'complete', triedAt: AT, calls: 1, known: Object.fromEntries(endpoints) } as const;
  return { place: { account, region, partition: 'aws' }, cells: { rds: cell } };
}

/**
 * What every store promises. `open` gives a fresh, empty one that owes each notice to two sinks. `many` states are more
 * than any page of a store; fewer only where the server behind it is too slow for that.
 */
export function storeContract(
  name: string,
  open: (sinks: readonly string[]) => Promise<StateStore>,
  { many = 1_203, isolated = true }: { readonly many?: number; readonly isolated?: boolean } = {},
): void {
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

    it.runIf(isolated)('lets exactly one of many racing writers win, and leaves nothing of the others', async () => {
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

    it('leaves no line, notice or incident of a commit that came second', async () => {
      const store = await open(SINKS);
      await store.commit(commitOf('a'));
      const late = { ...commitOf('a'), notices: [aNotice()], incidents: [anIncident()] };
      expect(await store.commit(late)).toBe('conflict');
      expect(await store.read('a')).toMatchObject({ version: 1 });
      expect(await all(store.ledger())).toHaveLength(1);
      expect(await store.outbox.due(LATER, 10)).toEqual([]);
      expect(await all(store.incidents())).toEqual([]);
      await store.close();
    });

    it('refuses a first commit where there is a state already', async () => {
      const store = await open(SINKS);
      await store.commit(commitOf('a'));
      expect(await store.commit(commitOf('a', 0))).toBe('conflict');
      expect(await store.commit(commitOf('never', 3))).toBe('conflict');
      await store.close();
    });

    it(`lists ${many} states in order, and keeps sibling prefixes apart`, async () => {
      const store = await open([]);
      const ids = Array.from({ length: many }, (_, i) => `acct/${String(i).padStart(5, '0')}`);
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
        // Above the surrogates and below U+1F600: UTF-16 and UTF-8 disagree about these two.
        '\ufb01/1',
      ];
      for (const id of [...ids, ...siblings]) await store.commit(commitOf(id));
      const listed = (await all(store.states('acct/'))).map((s) => s.endpoint.id);
      expect(listed).toEqual([...ids.slice(0, 2), 'acct/00001x', ...ids.slice(2)]);
      const everyone = [...ids, ...siblings].sort((a, b) => Buffer.compare(Buffer.from(a), Buffer.from(b)));
      expect((await all(store.states())).map((s) => s.endpoint.id)).toEqual(everyone);
      expect((await all(store.states('acct%'))).map((s) => s.endpoint.id)).toEqual(['acct%']);
      expect((await all(store.states('acct_'))).map((s) => s.endpoint.id)).toEqual(['acct_']);
      expect((await all(store.states('\u{1f600}'))).map((s) => s.endpoint.id)).toEqual(['\u{1f600}/1']);
      await store.close();
    });

    it('owes what is told of a drill to machines, and to nobody else', async () => {
      const store = await open(['sns:page', 'sns:chat', 'sns:machine', 'stdout']);
      const notice = aNotice({ endpoint: { ...aNotice().endpoint, drill: true } });
      await store.commit({ ...commitOf('a'), notices: [notice] });
      expect((await store.outbox.due(LATER, 10)).map(({ sink }) => sink)).toEqual(['sns:machine']);
      expect(await store.outbox.pending()).toBe(1);
      await store.close();
    });

    it('keeps what people did about an incident, of an open one and of one that the state holds no more', async () => {
      const store = await open(SINKS);
      const over = anIncident({ id: '00000000-0000-5000-8000-00000000000b', status: 'closed', endpointId: 'a' });
      const still = anIncident({ endpointId: 'a' });
      const state = { ...aState({ id: 'a' }), incidents: [still] };
      await store.commit({ state, expected: 0, lines: [], notices: [], incidents: [over, still] });
      const jdoe = { by: 'jdoe', runId: 'r' };
      const now = () => new Date(LATER);
      for (const { id } of [over, still]) {
        expect((await act(store, id, { kind: 'note', text: 'seen' }, jdoe, now)).changed).toBe(true);
        expect((await act(store, id, { kind: 'note', text: 'seen' }, jdoe, now)).changed).toBe(false);
      }
      const notes = (await all(store.incidents())).map((i) => i.handling?.notes);
      expect(notes).toEqual([0, 1].map(() => [{ by: 'jdoe', at: LATER, text: 'seen' }]));
      expect((await store.read('a'))?.incidents.map((i) => i.id)).toEqual([still.id]);
      expect((await all(store.ledger())).map((l) => [l.kind, l.body['incidentId']])).toEqual([
        ['act', over.id],
        ['act', still.id],
      ]);
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

    it('postpones a notice whose turn has not come, counting no attempt, unless somebody else moved it', async () => {
      const store = await open(['stdout']);
      await store.commit({ ...commitOf('a'), notices: [aNotice()] });
      const [entry] = await store.outbox.due(AT, 10);
      if (entry === undefined) throw new Error('nothing due');
      await store.outbox.postpone(entry, LATER);
      expect(await store.outbox.due(AT, 10)).toEqual([]);
      await store.outbox.postpone(entry, '2026-12-09T00:00:00.000Z');
      const [again] = await store.outbox.due(LATER, 10);
      expect(again).toEqual({ ...entry, dueAt: LATER });
      await store.outbox.settle(entry, RECEIPT);
      await store.outbox.postpone(entry, AT);
      expect(await store.outbox.due('2027-01-01T00:00:00.000Z', 10)).toEqual([]);
      await store.close();
    });

    it('tells which of some notices one sink is owed still, whenever they are due', async () => {
      const store = await open(SINKS);
      const keys = ['n1', 'n2', 'n3'];
      await store.commit({ ...commitOf('a'), notices: keys.map((key) => aNotice({ key })) });
      const of = async (key: string, sink: string) => {
        const entry = (await store.outbox.due(LATER, 10)).find((e) => e.notice.key === key && e.sink === sink);
        if (entry === undefined) throw new Error(`${key} is not due`);
        return entry;
      };
      await store.outbox.settle(await of('n1', 'stdout'), RECEIPT);
      await store.outbox.defer(await of('n2', 'stdout'), '2027-01-01T00:00:00.000Z', 'answered 503');
      const owed = async (sink: string, asked = [...keys, 'never']) =>
        (await store.outbox.owed(asked, sink)).toSorted((a, b) => (a.key < b.key ? -1 : 1));
      expect(await owed('stdout')).toEqual([
        { key: 'n2', attempts: 1 },
        { key: 'n3', attempts: 0 },
      ]);
      expect((await owed('webhook')).map(({ key }) => key)).toEqual(keys);
      expect([await owed('stdout', []), await owed('nobody')]).toEqual([[], []]);
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

    it('records text that has no canonical form, and goes on', async () => {
      const store = await open([]);
      await store.append([aLine({ subject: 'half \ud800', body: { '\udc00': ['\ud83d'], ratio: Number.NaN } })]);
      await store.append([aLine()]);
      expect(await verifyChain(store.ledger())).toMatchObject({ ok: true, entries: 2 });
      expect((await all(store.ledger()))[0]).toMatchObject({ subject: 'half \ufffd', body: { '\ufffd': ['\ufffd'] } });
      await store.close();
    });

    it('tells a ledger line that was changed, dropped, doubled, swapped or made up', async () => {
      const store = await open([]);
      await store.append(Array.from({ length: 8 }, (_, i) => aLine({ subject: `line ${i + 1}` })));
      const good = await all(store.ledger());
      const [one, two, three, four] = good as [LedgerEntry, LedgerEntry, LedgerEntry, LedgerEntry];
      const rest = good.slice(4);
      const forged: readonly [number, readonly LedgerEntry[]][] = [
        [1, good.slice(1)],
        [2, [one, three, four, ...rest]],
        [3, [one, two, two, three, four, ...rest]],
        [2, [one, three, two, four, ...rest]],
        [3, [one, two, { ...three, subject: 'somebody else' }, four, ...rest]],
        [3, [one, two, { ...three, recordedAt: LATER }, four, ...rest]],
        [3, [one, two, { ...three, body: { verdict: '\ud800' } }, four, ...rest]],
        [3, [one, two, { ...three, hash: one.hash }, four, ...rest]],
        [4, [one, two, three, { ...four, prevHash: one.hash }, ...rest]],
        [1, [{ ...one, seq: 0 }, two, three, four, ...rest]],
      ];
      for (const [seq, entries] of forged) expect(await verifyChain(each(entries))).toMatchObject({ ok: false, seq });
      const cut = await verifyChain(each(good.slice(0, 5)));
      expect(cut).toMatchObject({ ok: true, head: { seq: 5 } });
      expect(cut).not.toMatchObject({ head: await store.ledgerHead() });
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
      await store.budgets.exhaust('mysql|10.0.0.1|home', '2026-12-06T10:02:00.000Z');
      expect(await spend('2027-12-05T10:02:00.000Z')).toMatchObject({ allowed: false });
      await store.budgets.reset('mysql|10.0.0.1|home');
      expect(await spend('2026-12-05T10:02:00.000Z')).toMatchObject({ allowed: true, used: 1 });
      await store.close();
    });

    it('remembers a word beside each count, the last one, whatever becomes of the count', async () => {
      const store = await open([]);
      const { budgets } = store;
      expect(await budgets.recall('old-tls|a')).toBeUndefined();
      await budgets.remember('old-tls|a', 'also');
      await budgets.remember('old-tls|b', 'no');
      expect([await budgets.recall('old-tls|a'), await budgets.recall('old-tls|b')]).toEqual(['also', 'no']);
      await budgets.spend('old-tls|a', AT, { stopAt: 5, minIntervalMs: 60_000 });
      await budgets.exhaust('old-tls|b', AT);
      await budgets.reset('old-tls|a');
      await budgets.remember('old-tls|b', 'also');
      expect([await budgets.recall('old-tls|a'), await budgets.recall('old-tls|b')]).toEqual(['also', 'also']);
      await store.close();
    });

    it('counts each key on its own, allows nothing under a stop of zero, and survives a clock set back', async () => {
      const store = await open([]);
      const budget = { stopAt: 5, minIntervalMs: 60_000 };
      expect(await store.budgets.spend('none', AT, { stopAt: 0, minIntervalMs: 0 })).toEqual({
        allowed: false,
        used: 0,
      });
      expect(await store.budgets.spend('a', LATER, budget)).toEqual({ allowed: true, used: 1, last: LATER });
      expect(await store.budgets.spend('b', LATER, budget)).toEqual({ allowed: true, used: 1, last: LATER });
      expect(await store.budgets.spend('a', AT, budget)).toEqual({ allowed: true, used: 2, last: AT });
      await store.close();
    });

    it('finds endpoints by what they depend on, each once, sorted, as their newest state has it', async () => {
      const store = await open([]);
      const where = { account: '111122223333', region: 'eu-west-1' };
      const scope = '111122223333/eu-west-1';
      const save = (id: string, expected: number, over: Partial<Endpoint>) =>
        store.commit({ ...commitOf(id, expected), state: aState({ id, ...over }) });
      await save('b', 0, { ...where, dependencies: ['ec2:sg-0123abcd', 'rds:pg/strict'] });
      await save('a', 0, { ...where, dependencies: ['rds:pg/strict', 'rds:pg/strict'] });
      await save('elsewhere', 0, { account: '444455556666', region: 'eu-west-1', dependencies: ['rds:pg/strict'] });
      await save('nowhere', 0, { dependencies: ['rds:pg/strict', 'ec2:sg-0123abcd'] });
      expect(await store.dependents([`${scope}/rds:pg/strict`])).toEqual(['a', 'b']);
      expect(await store.dependents([`${scope}/rds:pg/strict`, 'ec2:sg-0123abcd', 'never'])).toEqual(['a', 'b']);
      expect(await store.dependents(['ec2:sg-0123abcd'])).toEqual(['b']);
      expect(await store.dependents(['rds:pg/strict'])).toEqual([]);
      expect(await store.dependents([])).toEqual([]);
      expect(await save('b', 1, { ...where, dependencies: ['rds:pg/lax'] })).toBe('committed');
      expect(await save('a', 0, { ...where, dependencies: ['rds:pg/lost-the-race'] })).toBe('conflict');
      expect(await store.dependents(['ec2:sg-0123abcd', `${scope}/rds:pg/strict`])).toEqual(['a']);
      expect(await store.dependents([`${scope}/rds:pg/lax`])).toEqual(['b']);
      expect(await store.dependents([`${scope}/rds:pg/lost-the-race`])).toEqual([]);
      await save('b', 2, { ...where, dependencies: ['ec2:sg-0123abcd'] });
      expect(await store.dependents(['ec2:sg-0123abcd'])).toEqual(['b']);
      await save('b', 3, where);
      expect(await store.dependents([`${scope}/rds:pg/lax`, 'ec2:sg-0123abcd'])).toEqual([]);
      await store.close();
    });

    it('replaces every dependency of an endpoint that has as many as it may have', async () => {
      const store = await open([]);
      const keys = (of: string) => Array.from({ length: MAX_DEPENDENCIES }, (_, i) => `rds:${of}/${i}`).sort();
      const where = { account: '111122223333', region: 'eu-west-1' };
      for (const [expected, of] of ['pg', 'og'].entries()) {
        const state = aState({ id: 'a', ...where, dependencies: keys(of) });
        expect(await store.commit({ ...commitOf('a', expected), state })).toBe('committed');
      }
      for (const key of keys('pg')) expect(await store.dependents([`111122223333/eu-west-1/${key}`])).toEqual([]);
      expect(await store.dependents(keys('og').map((key) => `111122223333/eu-west-1/${key}`))).toEqual(['a']);
      expect(await store.dependents(['111122223333/eu-west-1/rds:og/63'])).toEqual(['a']);
      await store.close();
    });

    it('knows a change once, however often it is told', async () => {
      const store = await open([]);
      const told = await Promise.all([1, 2, 3].map(() => store.changes.add(aChange())));
      expect(told.filter(Boolean)).toHaveLength(1);
      expect(await store.changes.add(aChange({ name: 'DeleteDomain' }))).toBe(false);
      const query = { keys: ['111122223333/eu-west-1/es:domain/logs'], from: AT, to: AT, limit: 10 };
      expect(await store.changes.about(query)).toEqual([aChange()]);
      await store.close();
    });

    it('finds changes by what they touched or by their whole cell, newest first, within the period', async () => {
      const store = await open([]);
      const minute = (n: number) => `2026-12-04T10:0${n}:00.000Z`;
      const both = aChange({ id: 'both', at: minute(2), touched: ['es:domain/logs', 'ec2:sg-0123abcd'] });
      const cells = aChange({ id: 'cells', at: minute(1), touched: [], services: ['rds', 'aurora'] });
      const group = aChange({ id: 'group', at: minute(3), account: '444455556666', touched: ['ec2:sg-0123abcd'] });
      const other = aChange({ id: 'other', at: minute(4), account: '444455556666' });
      for (const change of [both, group, cells, other]) expect(await store.changes.add(change)).toBe(true);
      const about = (keys: readonly string[], over = {}) =>
        store.changes.about({ keys, from: minute(0), to: minute(9), limit: 10, ...over });
      const logs = '111122223333/eu-west-1/es:domain/logs';
      const cell = '111122223333/eu-west-1/rds';
      expect(await about([logs])).toEqual([both]);
      expect(await about([logs, 'ec2:sg-0123abcd', cell, 'never'])).toEqual([group, both, cells]);
      expect(await about([cell, '111122223333/eu-west-1/aurora'])).toEqual([cells]);
      expect(await about(['111122223333/eu-west-1/opensearch'])).toEqual([]);
      expect(await about([logs, 'ec2:sg-0123abcd', cell], { limit: 2 })).toEqual([group, both]);
      expect(await about([logs, 'ec2:sg-0123abcd', cell], { from: minute(2), to: minute(2) })).toEqual([both]);
      expect(await about([logs], { from: minute(3) })).toEqual([]);
      expect(await about([])).toEqual([]);
      await store.close();
    });

    it('forgets a change after 90 days, and not before', async () => {
      const store = await open([]);
      const daysAgo = (days: number) => new Date(Date.now() - days * 86_400_000).toISOString();
      await store.changes.add(aChange({ id: 'old', at: daysAgo(91) }));
      await store.changes.add(aChange({ id: 'young', at: daysAgo(89) }));
      await store.changes.add(aChange({ id: 'new', at: daysAgo(0) }));
      const query = { keys: ['111122223333/eu-west-1/es:domain/logs'], from: daysAgo(200), to: daysAgo(-1), limit: 10 };
      expect((await store.changes.about(query)).map((c) => c.id)).toEqual(['new', 'young']);
      await store.close();
    });

    it('remembers of which accounts the ledger was told that they could not be listed', async () => {
      const store = await open([]);
      expect(await store.accountGaps.read()).toEqual([]);
      const gaps = Array.from(
        { length: 5_000 },
        (_, i) => ({ subject: `${i}/us-east-1/regions`, code: 'denied' }) as const,
      );
      for (const told of [gaps, gaps.slice(1), []]) {
        await store.accountGaps.save(told);
        expect(await store.accountGaps.read()).toEqual(told);
      }
      expect(await all(store.inventory.all())).toEqual([]);
      await store.close();
    });

    it('writes a note with the lines that go with it, whole or not at all', async () => {
      const store = await open([]);
      const { records } = store;
      expect(await records.read('told')).toBeUndefined();
      const first = { value: { n: 1 }, version: undefined, lines: [aLine(), aLine()] };
      expect(await records.save('told', first)).toBe('saved');
      const { seq } = await store.ledgerHead();
      expect(seq).toBe(2);
      // Whoever believes that there is none, or knows an older one, comes second.
      expect(await records.save('told', { ...first, value: { n: 9 } })).toBe('conflict');
      const one = await records.read('told');
      expect(one?.value).toEqual({ n: 1 });
      const large = { many: Array.from({ length: 3_000 }, (_, i) => `arn:aws:rds:eu-west-1:111122223333:db:${i}`) };
      expect(await records.save('told', { value: large, version: one?.version, lines: [] })).toBe('saved');
      expect(await records.save('told', { value: { n: 9 }, version: one?.version, lines: [aLine()] })).toBe('conflict');
      const two = await records.read('told');
      expect(two?.value).toEqual(large);
      expect(await records.save('told', { value: { n: 3 }, version: two?.version, lines: [aLine()] })).toBe('saved');
      expect((await records.read('told'))?.value).toEqual({ n: 3 });
      expect(await records.read('other')).toBeUndefined();
      expect((await store.ledgerHead()).seq).toBe(3);
      await store.close();
    });

    it('lets one of two writers of a note through, with its lines', async () => {
      const store = await open([]);
      const save = (n: number) => store.records.save('told', { value: { n }, version: undefined, lines: [aLine()] });
      const outcomes = await Promise.all([save(1), save(2), save(3)]);
      expect(outcomes.toSorted()).toEqual(['conflict', 'conflict', 'saved']);
      expect((await store.ledgerHead()).seq).toBe(1);
      await store.close();
    });

    it('remembers each account and region whole, by account and then region', async () => {
      const store = await open([]);
      const first = aPlace('111122223333', 'us-east-1');
      const second = aPlace('444455556666', 'eu-west-1', 3);
      for (const record of [second, first, aPlace('111122223333', 'eu-west-1')]) await store.inventory.save(record);
      const grown = aPlace('111122223333', 'eu-west-1', 2_000);
      await store.inventory.save(grown);
      expect(await store.inventory.read('111122223333', 'eu-west-1')).toEqual(grown);
      expect(await store.inventory.read('111122223333', 'eu-west-3')).toBeUndefined();
      expect(await all(store.inventory.all())).toEqual([grown, first, second]);
      await store.inventory.save(aPlace('111122223333', 'eu-west-1'));
      expect(await store.inventory.read('111122223333', 'eu-west-1')).toEqual(aPlace('111122223333', 'eu-west-1'));
      await store.close();
    });
  });
}
