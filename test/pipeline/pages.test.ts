import { describe, expect, it } from 'vitest';
import type { Notice } from '../../lib/model/incident.ts';
import type { Sink } from '../../lib/model/sink.ts';
import type { StateStore } from '../../lib/model/store.ts';
import { WAIT_MS } from '../../lib/pipeline/grouping.ts';
import { notify } from '../../lib/pipeline/notify.ts';
import { STORM } from '../../lib/pipeline/pages.ts';
import { memoryStore } from '../../lib/stores/memory.ts';
import { aNotice, anIncident, aState } from '../support/builders.ts';

const calm = new AbortController().signal;
const START = Date.UTC(2027, 0, 1);

function clock() {
  let ms = START;
  return { now: () => new Date(ms), forward: (by: number) => (ms += by) };
}
function sink(id: string, more: Partial<Sink> = {}): Sink & { got: Notice[] } {
  const got: Notice[] = [];
  const take = (notice: Notice) => {
    got.push(notice);
    return { id: notice.key };
  };
  return { id, got, deliver: async (n) => take(n), deliverAll: async (all) => all.map(take), ...more };
}
const people = (): ReturnType<typeof sink> => sink('page', { groups: true });

/** `shared`: all behind one security group; otherwise each for itself. */
async function owing(count: number, shared: boolean): Promise<StateStore> {
  const store = memoryStore({ sinks: ['page', 'machine'] });
  const notices = Array.from({ length: count }, (_, n) => {
    const roots = shared ? { account: '111122223333', roots: ['ec2:sg-1'] } : {};
    const endpoint = { ...aNotice().endpoint, id: `e${n}`, name: `e${n}`, ...roots };
    const createdAt = new Date(START).toISOString();
    return aNotice({ key: `i${n}/opened/1`, createdAt, incident: anIncident({ id: `i${n}` }), endpoint });
  });
  await store.commit({ state: aState(), expected: 0, lines: [], notices, incidents: [] });
  return store;
}

describe('people and machines', () => {
  it('forty endpoints behind one security group: one page that lists forty, forty documents', async () => {
    const [store, page, machine, time] = [await owing(40, true), people(), sink('machine'), clock()];
    const early = await notify(store, [page, machine], 'r', time.now, calm);
    expect([page.got.length, machine.got.length, early.delivered]).toEqual([0, 40, 40]);
    expect(early.until?.getTime()).toBeGreaterThan(START);
    time.forward(WAIT_MS);
    const { delivered, until } = await notify(store, [page, machine], 'r', time.now, calm);
    expect([page.got.length, delivered, until]).toEqual([1, 40, undefined]);
    expect([page.got[0]?.also.length, await store.outbox.pending()]).toEqual([39, 0]);
  });

  it('nothing waits where the caller says that nothing more comes', async () => {
    const [store, page, machine] = [await owing(3, true), people(), sink('machine')];
    expect((await notify(store, [page, machine], 'r', clock().now, calm, { flush: true })).delivered).toBe(6);
    expect(page.got).toHaveLength(1);
  });

  it('a refused message is owed by every one of its members', async () => {
    const refusing = sink('page', { groups: true, deliverAll: async (all) => all.map(() => ({ error: 'no' })) });
    const [store, time] = [await owing(5, true), clock()];
    const { deferred } = await notify(store, [refusing, sink('machine')], 'r', time.now, calm, { flush: true });
    expect([deferred.length, await store.outbox.pending()]).toEqual([5, 5]);
  });
});

describe('a storm', () => {
  it('is twenty messages, then one that lists the rest, then one a minute; machines get all; none is lost', async () => {
    const [store, page, machine, time] = [await owing(200, false), people(), sink('machine'), clock()];
    const first = await notify(store, [page, machine], 'r', time.now, calm);
    expect([page.got.length, machine.got.length, first.stormed]).toEqual([STORM.pages + 1, 200, 180]);
    expect(page.got.at(-1)?.lines[1]).toMatch(/a storm/);
    expect([page.got.at(-1)?.also.length, await store.outbox.pending()]).toEqual([179, 0]);
  });

  it('tells what is critical first, and never in one message with what is not', async () => {
    const [store, page, time] = [await owing(0, false), people(), clock()];
    const notices = Array.from({ length: 60 }, (_, n) => {
      const severity = n % 2 === 0 ? ('low' as const) : ('critical' as const);
      return aNotice({ key: `m${n}/opened/1`, incident: anIncident({ id: `m${n}`, severity }) });
    });
    await store.commit({ state: aState(), expected: 1, lines: [], notices, incidents: [] });
    await notify(store, [page, sink('machine')], 'r', time.now, calm);
    expect(page.got.slice(0, STORM.pages).map(({ incident }) => incident.severity)).toEqual(
      Array.from({ length: STORM.pages }, () => 'critical'),
    );
    const digests = page.got.slice(STORM.pages).map(({ incident, also }) => [incident, ...also].map((i) => i.severity));
    expect(digests.map((each) => [new Set(each).size, each.length])).toEqual([
      [1, 10],
      [1, 30],
    ]);
    expect(await store.outbox.pending()).toBe(0);
  });

  it('keeps a second flood for the next minute, and pages again in the next window', async () => {
    const [store, page, machine, time] = [await owing(30, false), people(), sink('machine'), clock()];
    await notify(store, [page, machine], 'r', time.now, calm);
    const flood = Array.from({ length: 10 }, (_, n) =>
      aNotice({ key: `j${n}/opened/1`, incident: anIncident({ id: `j${n}` }) }),
    );
    await store.commit({ state: aState(), expected: 1, lines: [], notices: flood, incidents: [] });
    time.forward(30_000);
    const { stormed, delivered } = await notify(store, [page, machine], 'r', time.now, calm);
    expect([page.got.length, stormed, delivered]).toEqual([STORM.pages + 1, 10, 10]);
    time.forward(31_000);
    await notify(store, [page, machine], 'r', time.now, calm);
    expect([page.got.length, await store.outbox.pending()]).toEqual([STORM.pages + 2, 0]);
    time.forward(STORM.windowMs);
    const calmer = [aNotice({ key: 'k/opened/1', incident: anIncident({ id: 'k' }) })];
    await store.commit({ state: aState(), expected: 2, lines: [], notices: calmer, incidents: [] });
    await notify(store, [page, machine], 'r', time.now, calm);
    expect([page.got.length, page.got.at(-1)?.key]).toEqual([STORM.pages + 3, 'k/opened/1']);
  });
});

describe('more than three in ten endpoints at once', () => {
  const marked = ({ lines }: Notice): boolean => lines[1]?.startsWith('SUSPECT  ') === true;
  it.each([
    [30, true],
    [50, false],
  ])('of %i: flagged %s, and paged all the same', async (all, isSuspect) => {
    const [store, page, machine] = [await owing(15, false), people(), sink('machine')];
    await notify(store, [page, machine], 'r', clock().now, calm, { endpoints: async () => all });
    expect(page.got).toHaveLength(15);
    expect(page.got.every((notice) => marked(notice) === isSuspect)).toBe(true);
    expect(machine.got.some(marked)).toBe(false);
  });

  it('nobody is asked how many there are for a handful', async () => {
    const store = await owing(3, false);
    const endpoints = (): Promise<number> => Promise.reject(new Error('asked'));
    expect((await notify(store, [people(), sink('machine')], 'r', clock().now, calm, { endpoints })).delivered).toBe(6);
  });
});
