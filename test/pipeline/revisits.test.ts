/** A visit that brings no news is noted beside the state instead of being written with it: nothing that anybody is told may differ. */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { LATE_HORIZON_MS } from '../../lib/assess/decide.ts';
import { foldSamples } from '../../lib/assess/fold.ts';
import { WHOLE_EVERY_MS } from '../../lib/assess/revisit.ts';
import { unseenSince } from '../../lib/assess/unvisited.ts';
import { EMPTY_ALLOWLIST } from '../../lib/model/allowlist.ts';
import type { LedgerEntry } from '../../lib/model/ledger.ts';
import type { Reading } from '../../lib/model/reading.ts';
import type { StateStore } from '../../lib/model/store.ts';
import { assess, assessTogether } from '../../lib/pipeline/assess.ts';
import { assessBatch } from '../../lib/pipeline/assess-batch.ts';
import { memoryStore } from '../../lib/stores/memory.ts';
import { type Blank, type Look, look, readingsOf, type Sight } from '../support/histories.ts';
import { aReading, anAllowance, anAllowlist, instant } from '../support/readings.ts';

const PAGE = 'page-1';
/** Closed to strangers, as most are. */
const CLOSED = [{ l4: 'refused' }] as const;
const onPage = (reading: Reading): Reading => ({ ...reading, page: PAGE });
/** A second after it was taken. */
const after =
  ({ at }: Reading) =>
  (): Date =>
    new Date(Date.parse(at) + 1_000);

/** The store that was, in which each visit is a version of its state. */
function withoutPages(): StateStore {
  const { revisits: _pages, ...store } = memoryStore({ sinks: ['page'] });
  return store;
}

async function all<T>(items: AsyncIterable<T>): Promise<T[]> {
  const found: T[] = [];
  for await (const item of items) found.push(item);
  return found;
}

/** What each of a history's readings led to, then what is left. */
async function played(readings: readonly Reading[], store: StateStore) {
  const told: unknown[] = [];
  for (const reading of readings) {
    const { lines, notices, incidents, transitions } = await assess(reading, store, EMPTY_ALLOWLIST, after(reading));
    told.push({ lines, notices, incidents, transitions });
  }
  const state = await store.read(readings[0]?.endpoint.id ?? '');
  if (state === undefined) throw new Error('nothing was stored');
  const { version, base, recent, revisits: _held, incidents, noticeSeq: _seq, told: _told, ...kept } = state;
  // What is over, and what was told of it, stays for as long as a sample of it is kept: with visits noted, up to an hour.
  const open = incidents.filter(({ status }) => status === 'open');
  const meaning = { ...kept, open, fold: foldSamples(base, recent).fold, unseen: unseenSince(state) };
  return { told, meaning, version, ledger: await all(store.ledger()) };
}

const QUIET: readonly (Sight | Blank)[] = ['refused', 'unroutable', 'filtered', 'unresolved', 'not tried'];
/** Visits a minute apart, as a roster asks for them; each look several times in a row. */
const regular: fc.Arbitrary<readonly Look[]> = fc
  .array(fc.tuple(fc.oneof(look({ names: QUIET }), look()), fc.integer({ min: 1, max: 9 })), {
    minLength: 1,
    maxLength: 12,
  })
  .map((runs) => runs.flatMap(([one, times]) => Array.from({ length: times }, () => one)))
  .map((looks) => looks.map((one, i) => ({ ...one, deleted: one.deleted && i % 7 === 0, wait: 30 + one.wait })));

describe('visits without news', () => {
  it('property: whatever is told, stored of incidents and written in the ledger is as if each had been committed', async () => {
    let [writes, visits] = [0, 0];
    await fc.assert(
      fc.asyncProperty(regular, fc.constantFrom(undefined, 60_000, 300_000), async (looks, everyMs) => {
        const due = everyMs === undefined ? {} : { everyMs };
        const readings = readingsOf(looks).map((reading) => ({ ...onPage(reading), ...due }));
        const [apart, whole] = [
          await played(readings, memoryStore({ sinks: ['page'] })),
          await played(readings, withoutPages()),
        ];
        expect(apart.told).toEqual(whole.told);
        expect(apart.ledger).toEqual(whole.ledger);
        expect(apart.meaning).toEqual(whole.meaning);
        [writes, visits] = [writes + apart.version, visits + whole.version];
      }),
      { numRuns: 60 },
    );
    expect(writes).toBeLessThan(visits * 0.8); // else it was not tried
  });

  it('property: late by up to ten minutes and delivered twice, the same windows open and close, each as wide or wider', async () => {
    const late = fc.array(fc.nat(LATE_HORIZON_MS / 1_000 - 60), { minLength: 1, maxLength: 100 });
    await fc.assert(
      fc.asyncProperty(regular, late, fc.nat(20), async (looks, delays, twice) => {
        const readings = readingsOf(looks.slice(0, 30)).map(onPage);
        const arrivals = [...readings, ...readings.filter((_, i) => i % 20 === twice)]
          .map((reading, i) => ({ reading, when: Date.parse(reading.at) + (delays[i % delays.length] ?? 0) * 1_000 }))
          .toSorted((a, b) => a.when - b.when)
          .map(({ reading }) => reading);
        const [apart, whole] = [memoryStore({ sinks: ['page'] }), withoutPages()];
        await played(arrivals, apart);
        await played(arrivals, whole);
        const [mine, theirs] = [await all(apart.incidents()), await all(whole.incidents())];
        const name = (i: (typeof mine)[number]): string => [i.protection, i.status, i.closed?.cause, i.to].join('|');
        expect(mine.map(name).toSorted()).toEqual(theirs.map(name).toSorted());
        const gapsOf = (entries: readonly LedgerEntry[]): number =>
          entries.filter(({ body }) => 'kind' in body && body['kind'] === 'unvisited').length;
        expect(gapsOf(await all(apart.ledger()))).toBeLessThanOrEqual(gapsOf(await all(whole.ledger())));
      }),
      { numRuns: 60 },
    );
  });

  it('of the day that nothing happens are one write an hour, and the window that opens then begins at the last of them', async () => {
    const store = memoryStore({ sinks: ['page'] });
    const minutes = Array.from({ length: 600 }, (_, i) => i);
    for (const minute of minutes) {
      const reading = onPage(aReading({ at: minute * 60, everyMs: 60_000, sees: CLOSED }));
      await assess(reading, store, EMPTY_ALLOWLIST, after(reading));
    }
    const { id } = aReading().endpoint;
    expect((await store.read(id))?.version).toBeLessThanOrEqual(2 + 600 / (WHOLE_EVERY_MS / 60_000));
    expect((await store.read(id))?.lastReadingAt).toBe(instant(599 * 60));
    const opened = onPage(aReading({ at: 36_000, everyMs: 60_000, sees: [{ auth: 'open-anonymous' }] }));
    const { incidents } = await assess(opened, store, EMPTY_ALLOWLIST, after(opened));
    expect(incidents.find(({ protection }) => protection === 'network')?.start).toEqual({
      lower: instant(599 * 60),
      upper: instant(36_000),
    });
    const lines = await all(store.ledger());
    expect(lines.filter(({ kind }) => kind === 'gap')).toEqual([]);
  });

  it('that come after a pause end a stretch in which nobody came, and are written', async () => {
    const store = memoryStore({ sinks: ['page'] });
    const at = (minute: number): Reading => onPage(aReading({ at: minute * 60, everyMs: 60_000, sees: CLOSED }));
    for (const minute of [0, 1, 2, 3, 4, 20, 21]) await assess(at(minute), store, EMPTY_ALLOWLIST, after(at(minute)));
    const gaps = (await all(store.ledger())).filter(({ kind }) => kind === 'gap');
    expect(gaps.map(({ body }) => body)).toMatchObject([
      { kind: 'unvisited', lastVisitAt: instant(240), from: instant(240 + 180), to: instant(1_200) },
    ]);
    // One that was noted and comes once more, when others were noted since, lies in no such stretch.
    await assess({ ...at(3), id: 'once-more' }, store, EMPTY_ALLOWLIST, after(at(21)));
    expect((await all(store.ledger())).filter(({ kind }) => kind === 'gap')).toHaveLength(1);
  });

  it('of one endpoint that come together are noted together; with news among them all is one write', async () => {
    const store = memoryStore({ sinks: ['page'] });
    const of = (at: number, vantage: string, auth?: 'open-anonymous') =>
      onPage(aReading({ at, vantage, sees: auth === undefined ? CLOSED : [{ auth }] }));
    const together = (...readings: readonly Reading[]) =>
      assessTogether(readings, store, EMPTY_ALLOWLIST, () => new Date(instant(1_000)));
    const { id } = aReading().endpoint;
    await together(of(0, 'v1'), of(1, 'v2'));
    await together(of(60, 'v1'), of(61, 'v2'));
    const { version } = (await store.read(id)) ?? {};
    await together(of(120, 'v1'), of(121, 'v2'));
    await together(of(180, 'v1'), of(181, 'v2'));
    const quiet = await store.read(id);
    expect([quiet?.version, quiet?.lastReadingAt]).toEqual([version, instant(181)]);
    expect(quiet?.views).toMatchObject({
      v1: { prior: instant(120), at: instant(180) },
      v2: { prior: instant(121), at: instant(181) },
    });
    const { incidents } = await together(of(240, 'v1'), of(241, 'v2', 'open-anonymous'));
    expect(incidents.find(({ protection }) => protection === 'network')?.start.lower).toBe(instant(181));
    expect((await store.read(id))?.version).toBe((version ?? 0) + 1);
  });

  it('noted while somebody else committed are folded by the next decision, and make nothing look newer than it is', async () => {
    const store = memoryStore({ sinks: ['page'] });
    const at = (minute: number, sees: Parameters<typeof aReading>[0] = {}): Reading =>
      onPage(aReading({ at: minute * 60, sees: CLOSED, ...sees }));
    for (const minute of [0, 1, 2]) await assess(at(minute), store, EMPTY_ALLOWLIST, after(at(minute)));
    const { revisits: pages, ...rest } = store;
    // Judged on what was there; then another writer is first; then it is noted.
    const raced: StateStore = {
      ...rest,
      revisits: {
        read: async (ids) => (await pages?.read(ids)) ?? new Map(),
        async note(page, revisits) {
          const bad = at(3, { sees: [{ auth: 'open-anonymous' }] });
          await assess(bad, store, EMPTY_ALLOWLIST, after(bad));
          await pages?.note(page, revisits);
        },
      },
    };
    await assess(at(4), raced, EMPTY_ALLOWLIST, after(at(4)));
    const { id } = aReading().endpoint;
    const between = await store.read(id);
    expect([between?.lastReadingAt, between?.posture.verdict.name]).toEqual([instant(180), 'exposed']);
    const { incidents } = await assess(at(5), store, EMPTY_ALLOWLIST, after(at(5)));
    expect(incidents.map(({ closed }) => closed)).toMatchObject([
      { cause: 'fixed', lower: instant(180), upper: instant(240) },
      { cause: 'closed-to-us', lower: instant(180), upper: instant(240) },
    ]);
  });
});

describe('a visit that was noted and is delivered once more', () => {
  const { id } = aReading().endpoint;
  const open = (at: number): Reading => onPage(aReading({ id: `at-${at}`, at, sees: [{ auth: 'auth-required' }] }));
  const approved = anAllowlist(anAllowance());

  it('is one of those that a newer note stands for, whatever the allowlist has become since', async () => {
    const store = memoryStore({ sinks: ['page'] });
    for (const at of [0, 60, 120, 180, 240]) await assess(open(at), store, approved, after(open(at)));
    expect((await store.read(id))?.recent.map((sample) => sample.id)).not.toContain('at-120');
    await assess(open(120), store, EMPTY_ALLOWLIST, after(open(240)));
    expect(await all(store.incidents())).toEqual([]);
    const { incidents } = await assess(open(300), store, EMPTY_ALLOWLIST, after(open(300)));
    expect(incidents.map(({ origin, start }) => [origin, start])).toEqual([
      ['no-longer-allowed', { lower: instant(240), upper: instant(300) }],
    ]);
    await assess(open(60), store, EMPTY_ALLOWLIST, after(open(300)));
    expect(await all(store.incidents())).toEqual(incidents);
  });

  it('but one that none of them can be is judged as what it is', async () => {
    // Newer than what was noted; of a vantage that noted nothing; and one that saw something else.
    const other = onPage(aReading({ at: 90, vantage: 'v2', sees: [{ auth: 'auth-required' }] }));
    const worse = onPage(aReading({ at: 90, sees: [{ auth: 'auth-required', tls: 'absent' }] }));
    for (const [news, origin] of [
      [open(180), 'no-longer-allowed'],
      [other, 'adoption'],
      [worse, 'removed'],
    ] as const) {
      const kept = memoryStore({ sinks: ['page'] });
      for (const at of [0, 60, 120]) await assess(open(at), kept, approved, after(open(at)));
      const { incidents } = await assess(news, kept, EMPTY_ALLOWLIST, after(open(180)));
      expect(
        incidents.map((incident) => incident.origin),
        news.id,
      ).toContain(origin);
    }
  });
});

describe('a batch of many endpoints', () => {
  const reading = (n: number, at: number, auth?: 'open-anonymous'): Reading =>
    onPage(aReading({ at, endpoint: { id: `es-${n}` }, sees: auth === undefined ? CLOSED : [{ auth }] }));
  const many = (at: number): readonly Reading[] => Array.from({ length: 20 }, (_, n) => reading(n, at));
  const now = (): Date => new Date(instant(1_000));

  it('without news is one write for the page; one with news is a commit beside it', async () => {
    const store = memoryStore({ sinks: ['page'] });
    for (const at of [0, 60]) await assessBatch(many(at), store, EMPTY_ALLOWLIST, now);
    const versions = async (): Promise<number> =>
      (await all(store.states())).reduce((sum, { version }) => sum + version, 0);
    const before = await versions();
    let notes = 0;
    const { revisits: pages } = store;
    const counting: StateStore = {
      ...store,
      revisits: {
        read: async (ids) => (await pages?.read(ids)) ?? new Map(),
        async note(page, revisits) {
          notes++;
          await pages?.note(page, revisits);
        },
      },
    };
    const batch = many(120).with(7, reading(7, 120, 'open-anonymous'));
    const results = await assessBatch(batch, counting, EMPTY_ALLOWLIST, now);
    expect([...results.values()].every(({ status }) => status === 'fulfilled')).toBe(true);
    expect([await versions(), notes]).toEqual([before + 1, 1]);
    expect(new Set((await all(store.incidents())).map(({ endpointId }) => endpointId))).toEqual(new Set(['es-7']));
    expect((await all(store.states())).map(({ lastReadingAt }) => lastReadingAt)).toEqual(
      many(0).map(() => instant(120)),
    );
  });

  it('of which the page cannot be written fails where it was to be noted, and nowhere else', async () => {
    const store = memoryStore({ sinks: ['page'] });
    for (const at of [0, 60]) await assessBatch(many(at), store, EMPTY_ALLOWLIST, now);
    const { revisits: pages } = store;
    const full: StateStore = {
      ...store,
      revisits: {
        read: async (ids) => (await pages?.read(ids)) ?? new Map(),
        note: () => Promise.reject(new Error('the table is throttled')),
      },
    };
    const results = await assessBatch(many(120).with(3, reading(3, 120, 'open-anonymous')), full, EMPTY_ALLOWLIST, now);
    const done = [...results].filter(([, { status }]) => status === 'fulfilled').map(([id]) => id);
    expect(done).toEqual(['es-3']);
    // Delivered again they are noted, and the one that was told of is a repeat.
    const again = await assessBatch(many(120).with(3, reading(3, 120, 'open-anonymous')), store, EMPTY_ALLOWLIST, now);
    expect([...again.values()].every(({ status }) => status === 'fulfilled')).toBe(true);
    expect((await all(store.incidents())).map(({ protection }) => protection).toSorted()).toEqual([
      'authentication',
      'network',
    ]);
  });

  it('over a store without pages is a commit each', async () => {
    const store = withoutPages();
    for (const at of [0, 60, 120]) await assessBatch(many(at), store, EMPTY_ALLOWLIST, now);
    expect((await all(store.states())).map(({ version }) => version)).toEqual(many(0).map(() => 3));
  });
});
