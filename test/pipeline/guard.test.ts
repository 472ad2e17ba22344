/** Covers guard.ts, guard-memory.ts and alarms.ts. */
import { beforeEach, describe, expect, it } from 'vitest';
import type { HealthNews, Problem } from '../../lib/model/health.ts';
import type { LedgerEntry } from '../../lib/model/ledger.ts';
import type { Records } from '../../lib/model/store.ts';
import { ackAlarm, openAlarms } from '../../lib/pipeline/alarms.ts';
import { type Check, guard, type GuardRun } from '../../lib/pipeline/guard.ts';
import { memoryStore } from '../../lib/stores/memory.ts';

const START = Date.parse('2026-12-04T10:00:00.000Z');
const MINUTE = 60_000;

const problem = (key: string, over: Partial<Problem> = {}): Problem => ({
  ...{ key, severity: 'critical', subject: `${key} is wrong`, detail: 'details' },
  ...over,
});

/** A guard over several minutes: what it finds, and which of its ways out are broken, may change from one to the next. */
function world() {
  const told: HealthNews[] = [];
  const kept = {};
  const store = memoryStore({ sinks: [] });
  const broken = new Set<'read' | 'save' | 'publish' | 'ping'>();
  const pings: number[] = [];
  let now = START;
  const fail = (what: 'read' | 'save' | 'publish' | 'ping'): void => {
    if (broken.has(what)) throw new Error(`${what} does not work`);
  };
  const records: Records = {
    async read(key) {
      fail('read');
      return store.records.read(key);
    },
    async save(key, change) {
      fail('save');
      return store.records.save(key, change);
    },
  };
  const found = new Map<string, readonly Problem[] | Error | undefined>();
  const checks = (): readonly Check[] =>
    [...found].map(([name, what]) => ({
      name,
      async look() {
        if (what instanceof Error) throw what;
        return what === undefined ? undefined : { problems: what, counts: { [name]: what.length } };
      },
    }));
  return {
    ...{ told, found, broken, pings, records: store.records },
    at: () => new Date(now),
    /** What the ledger was told. */
    async lines(): Promise<readonly LedgerEntry[]> {
      const entries: LedgerEntry[] = [];
      for await (const entry of store.ledger()) entries.push(entry);
      return entries;
    },
    /** One pass, `minutes` after the last. */
    async pass(minutes = 1, over: Partial<GuardRun> = {}) {
      now += minutes * MINUTE;
      told.length = 0;
      return guard({
        ...{ checks: checks(), records, kept, now: () => new Date(now), signal: new AbortController().signal },
        async publish(news) {
          fail('publish');
          told.push(news);
        },
        async ping() {
          pings.push(now);
          fail('ping');
        },
        ...over,
      });
    },
  };
}

let w: ReturnType<typeof world>;
const keys = (news: HealthNews | undefined) => ({
  began: news?.began.map((p) => p.key),
  lasting: news?.lasting.map((p) => p.key),
  ended: news?.ended.map((p) => p.key),
});
beforeEach(() => {
  w = world();
});

describe('guard', () => {
  it('says nothing where nothing is wrong, and lets the dead man hear it every minute', async () => {
    w.found.set('coverage', []);
    expect(await w.pass()).toMatchObject({ complete: true, counts: { Problems: 0, coverage: 0 } });
    expect(await w.pass()).toMatchObject({ complete: true });
    expect([w.told, w.pings.length]).toEqual([[], 2]);
  });

  it('tells a problem when it begins, once an hour while it lasts, and when it ends', async () => {
    w.found.set('coverage', [problem('gap')]);
    await w.pass();
    expect(keys(w.told[0])).toEqual({ began: ['gap'], lasting: [], ended: [] });
    for (let minute = 1; minute < 60; minute++) {
      await w.pass();
      expect(w.told).toEqual([]);
    }
    await w.pass();
    expect(keys(w.told[0])).toEqual({ began: [], lasting: ['gap'], ended: [] });
    expect(w.told[0]?.lasting[0]?.since).toBe(new Date(START + MINUTE).toISOString());
    await w.pass();
    expect(w.told).toEqual([]);
    w.found.set('coverage', []);
    await w.pass();
    expect(keys(w.told[0])).toEqual({ began: [], lasting: [], ended: ['gap'] });
    expect(w.told[0]?.open).toBe(0);
    await w.pass();
    expect(w.told).toEqual([]);
  });

  it('goes on pinging while something else is wrong: that was told', async () => {
    w.found.set('coverage', [problem('gap')]);
    expect((await w.pass()).complete).toBe(true);
    expect(w.pings).toHaveLength(1);
  });

  it('tells of a check that throws, of all that the others found, and does not ping', async () => {
    w.found.set('coverage', new Error('no such table'));
    w.found.set('outbox', [problem('owed')]);
    const pass = await w.pass();
    expect(w.told).toHaveLength(1);
    expect(keys(w.told[0]).began).toEqual(['check/coverage', 'owed']);
    expect(w.told[0]?.began[0]?.detail).toContain('no such table');
    expect([pass.complete, pass.counts, w.pings]).toEqual([false, { outbox: 1, Problems: 2 }, []]);
    w.found.set('coverage', []);
    expect((await w.pass()).complete).toBe(true);
    expect(keys(w.told[0]).ended).toEqual(['check/coverage']);
    expect(w.pings).toHaveLength(1);
  });

  it('ends nothing that a check found before it could look no more, or did not look this time', async () => {
    w.found.set('coverage', [problem('gap')]);
    await w.pass();
    w.found.set('coverage', new Error('denied'));
    await w.pass();
    expect(keys(w.told[0])).toEqual({ began: ['check/coverage'], lasting: [], ended: [] });
    w.found.set('coverage', undefined);
    await w.pass();
    expect(w.told).toEqual([]);
    await w.pass(58);
    expect(keys(w.told[0])).toEqual({ began: [], lasting: ['gap'], ended: [] });
    w.found.set('coverage', []);
    await w.pass();
    expect(keys(w.told[0]).ended?.toSorted()).toEqual(['check/coverage', 'gap']);
  });

  it('ends what a check found that there is no more', async () => {
    w.found.set('old', [problem('gap')]);
    w.found.set('coverage', []);
    await w.pass();
    w.found.delete('old');
    await w.pass();
    expect(keys(w.told[0]).ended).toEqual(['gap']);
  });

  it('tells again what no topic took, and pings for nothing that was not told', async () => {
    w.found.set('coverage', [problem('gap')]);
    w.broken.add('publish');
    for (const _ of [1, 2, 3]) {
      const pass = await w.pass();
      expect(pass).toMatchObject({ complete: false, untold: 'Error: publish does not work' });
      expect(pass.counts['Problems']).toBe(1);
    }
    expect(w.pings).toEqual([]);
    w.broken.clear();
    expect((await w.pass()).complete).toBe(true);
    expect(keys(w.told[0]).began).toEqual(['gap']);
    await w.pass();
    expect(w.told).toEqual([]);
  });

  it('tells again an end that no topic took', async () => {
    w.found.set('coverage', [problem('gap')]);
    await w.pass();
    w.found.set('coverage', []);
    w.broken.add('publish');
    await w.pass();
    w.broken.clear();
    await w.pass();
    expect(keys(w.told[0]).ended).toEqual(['gap']);
  });

  it('tells once more, in another process alone, what was told and not written down', async () => {
    w.found.set('coverage', [problem('gap')]);
    w.broken.add('save');
    expect(await w.pass()).toMatchObject({ complete: false, untold: 'Error: save does not work' });
    expect(await w.pass()).toMatchObject({ complete: false, untold: 'Error: save does not work' });
    expect(w.told).toEqual([]);
    await w.pass(1, { kept: {} });
    expect(keys(w.told[0]).began).toEqual(['gap']);
    w.broken.clear();
    expect((await w.pass()).complete).toBe(true);
    await w.pass(1, { kept: {} });
    expect(w.told).toEqual([]);
  });

  it('tells where its notes cannot be read, and not the same every minute', async () => {
    w.found.set('store', new Error('DynamoDB is down'));
    for (const way of ['read', 'save'] as const) w.broken.add(way);
    const pass = await w.pass();
    expect(keys(w.told[0]).began).toEqual(['check/store']);
    expect(pass.untold).toContain('read does not work');
    await w.pass();
    expect(w.told).toEqual([]);
    expect(w.pings).toEqual([]);
  });

  it('does not ping where its notes cannot be read, though it finds nothing', async () => {
    w.found.set('coverage', []);
    w.broken.add('read');
    expect((await w.pass()).complete).toBe(false);
    expect(w.pings).toEqual([]);
  });

  it('tells who is new among the affected, but not every minute', async () => {
    w.found.set('coverage', [problem('gap', { affected: ['a'] })]);
    await w.pass();
    w.found.set('coverage', [problem('gap', { affected: ['a', 'b'] })]);
    for (const _ of [1, 2, 3, 4]) {
      await w.pass();
      expect(w.told).toEqual([]);
    }
    await w.pass();
    expect(w.told[0]?.began.map((p) => p.affected)).toEqual([['a', 'b']]);
    // Who leaves is no news, nor is who was told of.
    w.found.set('coverage', [problem('gap', { affected: ['b'] })]);
    await w.pass(10);
    w.found.set('coverage', [problem('gap', { affected: ['b', 'a'] })]);
    await w.pass(10);
    expect(w.told).toEqual([]);
  });

  it('tells once a day of what may be so for good, and that there are more than it names', async () => {
    w.found.set('visits', [problem('blind', { daily: true, affected: ['a'] })]);
    await w.pass();
    for (const minutes of [61, 600, 700]) {
      await w.pass(minutes);
      expect(w.told).toEqual([]);
    }
    await w.pass(100);
    expect(keys(w.told[0]).lasting).toEqual(['blind']);
    w.found.set('visits', [problem('blind', { daily: true, affected: ['a'], more: 2 })]);
    await w.pass(6);
    expect(keys(w.told[0]).began).toEqual(['blind']);
    await w.pass(6);
    expect(w.told).toEqual([]);
  });

  it('tells at once what got worse', async () => {
    w.found.set('coverage', [problem('gap', { severity: 'warning' })]);
    await w.pass();
    w.found.set('coverage', [problem('gap')]);
    await w.pass();
    expect(keys(w.told[0]).began).toEqual(['gap']);
    w.found.set('coverage', [problem('gap', { severity: 'warning' })]);
    await w.pass();
    expect(w.told).toEqual([]);
  });

  it('tells once what only happened, without an end, and counts it among nothing that is open', async () => {
    w.found.set('tampering', [problem('event', { once: true }), problem('gap')]);
    const { counts, open } = await w.pass();
    expect([keys(w.told[0]).began, w.told[0]?.open, counts['Problems']]).toEqual([['event', 'gap'], 1, 1]);
    expect(open.map((p) => p.key)).toEqual(['gap']);
    await w.pass(61);
    expect(keys(w.told[0]).lasting).toEqual(['gap']);
    w.found.set('tampering', []);
    await w.pass();
    expect(keys(w.told[0]).ended).toEqual(['gap']);
  });

  it('tells the worst first', async () => {
    w.found.set('coverage', [problem('mild', { severity: 'warning' }), problem('bad')]);
    await w.pass();
    expect(keys(w.told[0]).began).toEqual(['bad', 'mild']);
  });

  it('does not ping where nobody listens to either topic, and says to which', async () => {
    w.found.set('subscriptions', [problem('h', { deafens: 'health' })]);
    expect((await w.pass()).complete).toBe(true);
    expect([w.told[0]?.deaf, w.pings.length]).toEqual([['health'], 1]);
    w.found.set('subscriptions', [problem('h', { deafens: 'health' }), problem('p', { deafens: 'page' })]);
    expect((await w.pass()).complete).toBe(false);
    // Also in the minutes in which subscriptions are not read.
    w.found.set('subscriptions', undefined);
    await w.pass();
    expect(w.pings).toHaveLength(1);
  });

  it('tells in the same pass that the dead man did not answer, tries once a minute, and tells when he does', async () => {
    w.found.set('coverage', []);
    w.broken.add('ping');
    expect(await w.pass()).toMatchObject({ complete: true, counts: { Problems: 1 } });
    expect([keys(w.told[0]).began, w.pings.length]).toEqual([['dead-man'], 1]);
    await w.pass();
    expect([w.told, w.pings.length]).toEqual([[], 2]);
    w.broken.clear();
    await w.pass();
    expect(keys(w.told[0]).ended).toEqual(['dead-man']);
  });

  it('keeps what it knows of the dead man while he is not asked', async () => {
    w.found.set('coverage', []);
    w.broken.add('ping');
    await w.pass();
    w.found.set('coverage', new Error('denied'));
    await w.pass();
    expect(keys(w.told[0])).toEqual({ began: ['check/coverage'], lasting: [], ended: [] });
  });

  it('runs without a dead man', async () => {
    w.found.set('coverage', [problem('gap')]);
    expect((await guardWithout()).complete).toBe(true);
    async function guardWithout() {
      const run: GuardRun = {
        checks: [{ name: 'coverage', look: async () => ({ problems: [] }) }],
        records: w.records,
        ...{
          kept: {},
          publish: async () => undefined,
          now: () => new Date(START),
          signal: new AbortController().signal,
        },
      };
      return guard(run);
    }
  });

  it('waits for no check beyond its time', async () => {
    w.found.set('coverage', [problem('gap')]);
    const signal = AbortSignal.timeout(20);
    const hangs: Check = { name: 'hangs', look: () => new Promise(() => undefined) };
    const quick: Check = { name: 'quick', look: async () => ({ problems: [problem('gap')] }) };
    const pass = await w.pass(1, { checks: [hangs, quick], signal });
    expect(pass.complete).toBe(false);
    expect(keys(w.told[0]).began).toEqual(['check/hangs', 'gap']);
  });

  it('takes a note that is not its own for none', async () => {
    await w.records.save('guard/told', { value: { gap: 'told, believe me' }, version: undefined, lines: [] });
    w.found.set('coverage', [problem('gap')]);
    await w.pass();
    expect(keys(w.told[0]).began).toEqual(['gap']);
  });
});

describe('the ledger', () => {
  const word = (value: unknown): string =>
    Array.isArray(value) ? value.map(word).join(',') : typeof value === 'string' ? value : '';
  const said = async () =>
    (await w.lines()).map(
      ({ subject, body }) => `${word(body['event'] ?? body['kind'])} ${subject} ${word(body['subjects'])}`,
    );

  it('is told once of an alarm that is raised, of who came to it, and of its end', async () => {
    w.found.set('coverage', [problem('gap', { affected: ['b', 'a'] })]);
    await w.pass(2);
    const [raised] = await w.lines();
    expect(raised).toMatchObject({
      ...{ kind: 'gap', runId: 'guard', subject: 'gap', observedAt: w.at().toISOString() },
      body: {
        ...{ of: 'guard', check: 'coverage', event: 'alarmed', severity: 'critical', text: 'gap is wrong' },
        ...{ detail: 'details', since: w.at().toISOString(), subjects: ['b', 'a'] },
      },
    });
    for (const _ of [1, 2, 3]) await w.pass(61);
    expect(await said()).toEqual(['alarmed gap b,a']);
    w.found.set('coverage', [problem('gap', { affected: ['b', 'c'] })]);
    await w.pass(10);
    w.found.set('coverage', []);
    await w.pass();
    await w.pass();
    expect(await said()).toEqual(['alarmed gap b,a', 'alarmed gap c', 'cleared gap ']);
  });

  it('is told each hour of an alarm that counts more than it names', async () => {
    w.found.set('coverage', [problem('gap', { affected: ['a'], more: 7 })]);
    await w.pass();
    await w.pass(30);
    await w.pass(31);
    expect((await w.lines()).map(({ body }) => [body['subjects'], body['more']])).toEqual([
      [['a'], 7],
      [[], 7],
    ]);
  });

  it('is told once also where guard died between the message and the record of it', async () => {
    w.found.set('coverage', [problem('gap')]);
    w.broken.add('save');
    await w.pass(1, { kept: {} });
    expect(await said()).toEqual([]);
    w.broken.clear();
    await w.pass(1, { kept: {} });
    await w.pass(1, { kept: {} });
    expect(await said()).toEqual(['alarmed gap ']);
  });

  it('is told later, of when it was told, what could not be recorded then', async () => {
    w.found.set('coverage', [problem('gap')]);
    w.broken.add('save');
    await w.pass();
    const at = w.at().toISOString();
    await w.pass(3);
    w.broken.clear();
    await w.pass(3);
    expect(await w.lines()).toMatchObject([{ observedAt: at, recordedAt: w.at().toISOString() }]);
  });

  it('is told once where two guards run at the same time', async () => {
    w.found.set('coverage', [problem('gap')]);
    await Promise.all([w.pass(1, { kept: {} }), w.pass(0, { kept: {} })]);
    expect(await said()).toEqual(['alarmed gap ']);
  });

  it('is told who acknowledged it, once; then it is said again every four hours alone, until it grows', async () => {
    w.found.set('coverage', [problem('gap', { affected: ['a'] })]);
    await w.pass();
    const ack = (by: string) => ackAlarm(w.records, 'gap', { by, runId: 'r' }, w.at());
    expect((await ack('jdoe')).changed).toBe(true);
    expect((await ack('other')).changed).toBe(false);
    expect(await openAlarms(w.records)).toMatchObject([{ key: 'gap', acked: { by: 'jdoe' } }]);
    expect((await w.lines()).at(-1)).toMatchObject({
      ...{ kind: 'act', subject: 'gap' },
      body: { kind: 'ack', by: 'jdoe', alarm: 'gap', text: 'gap is wrong' },
    });
    for (let hour = 1; hour < 4; hour++) {
      await w.pass(59);
      expect(w.told).toEqual([]);
    }
    await w.pass(70);
    expect(keys(w.told[0]).lasting).toEqual(['gap']);
    w.found.set('coverage', [problem('gap', { affected: ['a', 'b'] })]);
    await w.pass(6);
    expect(keys(w.told[0]).began).toEqual(['gap']);
    expect((await openAlarms(w.records))[0]).not.toHaveProperty('acked');
    await expect(ackAlarm(w.records, 'none', { by: 'jdoe', runId: 'r' }, w.at())).rejects.toThrow(/no such alarm/);
  });

  it('keeps an acknowledgement that came while guard was telling', async () => {
    w.found.set('coverage', [problem('gap'), problem('other', { affected: ['a'] })]);
    await w.pass();
    w.found.set('coverage', [problem('gap'), problem('other', { affected: ['a', 'b'] })]);
    const publish = async (): Promise<void> =>
      void (await ackAlarm(w.records, 'gap', { by: 'jdoe', runId: 'r' }, w.at()));
    expect((await w.pass(10, { publish })).complete).toBe(true);
    expect(await openAlarms(w.records)).toMatchObject([{ key: 'gap', acked: { by: 'jdoe' } }, { key: 'other' }]);
    expect(await said()).toEqual(['alarmed gap ', 'alarmed other a', 'ack gap ', 'alarmed other b']);
  });

  it('names who did what was an act', async () => {
    w.found.set('tampering', [problem('event', { once: true, by: 'role/ops (jdoe)' })]);
    await w.pass();
    w.found.set('tampering', []);
    await w.pass();
    expect((await w.lines()).map(({ body }) => [body['event'], body['by'], body['once']])).toEqual([
      ['alarmed', 'role/ops (jdoe)', true],
    ]);
  });
});
