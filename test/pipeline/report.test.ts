import { describe, expect, it } from 'vitest';
import { EMPTY_ALLOWLIST } from '../../lib/model/allowlist.ts';
import type { Report } from '../../lib/model/report.ts';
import type { StateStore } from '../../lib/model/store.ts';
import { buildReport, type ReportQuery } from '../../lib/pipeline/report.ts';
import { memoryStore } from '../../lib/stores/memory.ts';
import { BLIND, lived, OPEN, passEnded } from '../support/history.ts';
import { instant } from '../support/readings.ts';

const DAY = 86_400;
const report = (store: StateStore, period: Partial<ReportQuery> = {}): Promise<Report> =>
  buildReport(store, { toolVersion: '0', allowlist: EMPTY_ALLOWLIST, ...period });
const authentication = ({ incidents }: Report) => incidents.filter((i) => i.protection === 'authentication');

describe('the period', () => {
  const store = lived([{ at: 60 }, { at: 120 }]);

  it('is by default from the first reading to the last', async () => {
    expect(await report(await store)).toMatchObject({
      period: { from: instant(60), to: instant(120) },
      coverage: { firstReadingAt: instant(60), lastReadingAt: instant(120), unwatched: [] },
    });
  });

  it.each([
    ['inverted', { from: instant(120), to: instant(60) }, /begins .* not before its end/],
    ['of no length', { from: instant(90), to: instant(90) }, /not before its end/],
    ['that begins after the last reading', { from: instant(121) }, /not before the last reading/],
    ['that ends before the first reading', { from: instant(0), to: instant(59) }, /before the first reading/],
  ])('%s is bad input', async (_, period, message) => {
    await expect(report(await store, period)).rejects.toMatchObject({
      code: 'bad-input',
      message: expect.stringMatching(message),
      cure: expect.stringMatching(/--(from|to)/),
    });
  });

  it('cannot be where nothing was ever read', async () => {
    await expect(report(memoryStore({ sinks: [] }))).rejects.toMatchObject({ code: 'bad-input' });
  });
});

describe('what nobody watched', () => {
  it('is said before the first reading, which is never an implied clean', async () => {
    const { coverage, period } = await report(await lived([{ at: 60 }]), { from: instant(0), to: instant(61) });
    expect(period.from).toBe(instant(0));
    expect(coverage.unwatched).toEqual([{ from: instant(0), to: instant(60), why: 'before' }]);
  });

  it('is said after the last pass', async () => {
    const store = await lived([{ at: 60 }]);
    const { coverage } = await report(store, { to: instant(500) });
    expect(coverage.unwatched).toEqual([{ from: instant(62), to: instant(500), why: 'after' }]);
    const later = await report(store, { from: instant(400), to: instant(500) });
    expect(later.coverage.unwatched).toEqual([{ from: instant(400), to: instant(500), why: 'after' }]);
  });

  it('is said where the watch paused for longer than a day and an hour, cut to the period', async () => {
    const store = await lived([{ at: 0 }, { at: 20 * DAY }, { at: 20 * DAY + 60 }]);
    // The second reading changed nothing: only the end of its pass is on record.
    const pause = { from: instant(2), to: instant(20 * DAY + 2), why: 'between' };
    expect((await report(store)).coverage.unwatched).toEqual([pause]);
    const past = await report(store, { to: instant(10 * DAY) });
    expect(past.coverage.unwatched).toEqual([{ ...pause, to: instant(10 * DAY) }]);
  });

  it('is not the time between passes that found no change', async () => {
    const store = await lived([{ at: 0 }]);
    for (let day = 1; day < 10; day++) await passEnded(store, day * DAY);
    expect((await report(store, { to: instant(9 * DAY) })).coverage.unwatched).toEqual([]);
  });

  it('is the time of passes that read nothing', async () => {
    const store = await lived([{ at: 0 }]);
    for (let day = 1; day < 10; day++) await passEnded(store, day * DAY, 0);
    expect((await report(store, { to: instant(9 * DAY) })).coverage.unwatched).toEqual([
      { from: instant(2), to: instant(9 * DAY), why: 'after' },
    ]);
  });
});

describe('a report of the past', () => {
  const fixed = lived([{ at: 0 }, { at: 60, ...OPEN }, { at: 120, ...OPEN }, { at: 180 }, { at: 240 }]);

  it.each([
    ['before it was opened', 30, 'reachable', 0, [undefined]], // the window may have begun by then
    ['while it was open', 90, 'exposed', 60, [undefined]],
    ['after it was closed', 200, 'reachable', 180, [{ lower: instant(120), upper: instant(180), cause: 'fixed' }]],
  ])('shows the verdict %s', async (_, to, verdict, verdictAt, closed) => {
    const past = await report(await fixed, { to: instant(to) });
    expect(past.endpoints[0]).toMatchObject({
      posture: { verdict: { name: verdict } },
      verdictFrom: 'ledger',
      verdictAt: instant(verdictAt),
      lastConclusiveAt: instant(verdictAt),
    });
    expect(past.totals.verdicts).toMatchObject({ [verdict]: 1 });
    expect(authentication(past).map((i) => i.closed)).toEqual(closed);
  });

  it('keeps open what was open then, and says how it ended since', async () => {
    const past = await report(await fixed, { to: instant(90) });
    const [incident] = authentication(past);
    expect(incident).toMatchObject({
      status: 'open',
      closedLater: { upper: instant(180), cause: 'fixed' },
      exposure: { least: 30 },
    });
    expect(incident).not.toHaveProperty('closed');
    const opened = past.incidents.filter((i) => i.status === 'open').length;
    expect(past.totals.open).toBe(opened);
    expect(past.endpoints[0]?.posture.observed.authentication.level).toBe('off');
  });

  it('leaves out what began later', async () => {
    expect(authentication(await report(await fixed, { to: instant(30) })).map((i) => i.start)).toEqual([
      { lower: instant(0), upper: instant(60) }, // it may have begun by then
    ]);
    const early = await lived([{ at: 0 }, { at: 20 }, { at: 60, ...OPEN }, { at: 120 }]);
    expect(authentication(await report(early, { to: instant(10) }))).toEqual([]);
  });

  it('tells an incident as it was then, not as grave as it became', async () => {
    const store = await lived([
      { at: 0 },
      { at: 60, sees: [{ auth: 'open-restricted' }] },
      { at: 120, sees: [{ auth: 'open-anonymous' }] },
    ]);
    const [now] = authentication(await report(store));
    const [then] = authentication(await report(store, { to: instant(90) }));
    expect([now?.to, now?.verdict, then?.to, then?.verdict]).toEqual(['off', 'exposed', 'partial', 'reachable']);
    expect([now?.id, now?.lastBadAt]).toEqual([then?.id, then?.lastBadAt]);
  });

  it('shows the gap of then, with its cause and its beginning', async () => {
    const store = await lived([{ at: 0 }, { at: 60, ...BLIND }, { at: 120, ...BLIND }, { at: 180 }]);
    expect((await report(store)).gaps).toEqual([]);
    const past = await report(store, { to: instant(150) });
    expect(past.gaps).toMatchObject([{ code: 'no-answer', subject: 'es-1', since: instant(60) }]);
    expect(past.endpoints[0]).toMatchObject({ posture: { verdict: { name: 'unknown' } }, verdictAt: instant(60) });
    expect(past.endpoints[0]).not.toHaveProperty('lastConclusiveAt');
  });

  it('knows nothing of an endpoint that nobody had looked at yet', async () => {
    const store = await lived([{ at: 0 }, { at: 300, endpoint: { id: 'new' } }, { at: 400, endpoint: { id: 'new' } }]);
    const past = await report(store, { to: instant(200) });
    expect(past.endpoints.map((e) => [e.endpoint.id, e.posture.verdict.name, e.verdictFrom])).toEqual([
      ['es-1', 'reachable', 'reading'],
      ['new', 'unknown', 'nothing'],
    ]);
    expect(past.endpoints[1]?.posture.verdict.why).toContain(instant(300));
    expect(past.totals.verdicts.unknown).toBe(1);
  });

  it('does not take a reading that came too late to be folded for the verdict of its time', async () => {
    const store = await lived([{ at: 0 }, { at: 60 }, { at: 3_600 }, { at: 30, vantage: 'late', ...OPEN }]);
    const past = await report(store, { to: instant(45) });
    expect(past.endpoints[0]?.posture.verdict.name).toBe('reachable');
  });

  it('is the same, byte for byte, however often it is made', async () => {
    const period = { from: instant(10), to: instant(90) };
    expect(JSON.stringify(await report(await fixed, period))).toBe(JSON.stringify(await report(await fixed, period)));
    const { mapping, ...evidence } = (await report(await fixed, period)).evidence;
    expect(mapping.reviewedOn).toMatch(/^20\d\d-/);
    const dated = JSON.stringify({ ...(await report(await fixed, period)), evidence });
    expect(dated).not.toContain(String(new Date().getUTCFullYear()));
  });
});

it('the ledger is described as it was read: first and last entry, and when the last was written', async () => {
  const store = await lived([{ at: 0 }, { at: 60 }]);
  const head = await store.ledgerHead();
  const { ledger } = await report(store);
  expect(ledger).toEqual({
    entries: head.seq,
    firstSeq: 1,
    lastSeq: head.seq,
    headHash: head.hash,
    headAt: instant(62),
  });
});
