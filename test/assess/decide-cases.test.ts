/** One decision after another by example: what is owed to the ledger, what is remembered, and what is told. */
import { describe, expect, test } from 'vitest';
import { decide, foldOf, LATE_HORIZON_MS, MAX_RECENT } from '../../lib/assess/decide.ts';
import { foldSamples } from '../../lib/assess/fold.ts';
import { EMPTY_ALLOWLIST } from '../../lib/model/allowlist.ts';
import type { EndpointState } from '../../lib/model/state.ts';
import { SIGHTS } from '../support/histories.ts';
import {
  aReading,
  anAllowance,
  anAllowlist,
  instant,
  type Played,
  play,
  type ReadingOverrides,
} from '../support/readings.ts';

const ANONYMOUS = SIGHTS.anonymous;
const SILENT = [{ l4: 'filtered', gap: 'no-answer' }] as const;
const ALLOWED = anAllowlist(anAllowance());

const run = (...steps: readonly ReadingOverrides[]): Played => play(steps.map(aReading), ALLOWED);
const linesOf = ({ decisions }: Played): unknown[] =>
  decisions.map(({ lines }) => lines.map(({ kind, body }) => [kind, ...(kind === 'probe' ? [] : [body['kind']])]));
/** The state as a store gives it. */
const stored = (state: EndpointState): EndpointState => JSON.parse(JSON.stringify(state)) as EndpointState;

describe('what a decision owes', () => {
  test('to the ledger: the first look, and each that changes anything, with what it changes', () => {
    const steps = [
      {},
      { at: 60 },
      { at: 120, sees: SILENT },
      { at: 150, sees: SILENT },
      { at: 180, sees: ANONYMOUS },
      { at: 240 },
      { at: 300 },
    ];
    expect(linesOf(run(...steps))).toEqual([
      [['probe']],
      [],
      [['probe'], ['gap', 'gap-opened']],
      [],
      [['probe'], ['transition', 'opened'], ['gap', 'gap-closed']],
      [['probe'], ['transition', 'closed']],
      [],
    ]);
  });

  test('to whoever follows it: what opened and ended, from what to what', () => {
    const { decisions, state } = run(
      {},
      { at: 60, sees: SIGHTS['anonymous session'] },
      { at: 120, sees: ANONYMOUS },
      { at: 180 },
    );
    const [id] = Object.values(state.incidents).map((i) => i.id);
    const of = { incidentId: id, protection: 'authentication' };
    expect(decisions.map((d) => d.transitions)).toStrictEqual([
      [{ kind: 'verdict', at: instant(0), to: 'reachable' }],
      [{ kind: 'opened', at: instant(60), ...of, from: 'on', to: 'partial' }],
      [
        { kind: 'worsened', at: instant(120), ...of, from: 'partial', to: 'off' },
        { kind: 'verdict', at: instant(120), from: 'reachable', to: 'exposed' },
      ],
      [
        { kind: 'closed', at: instant(180), ...of, from: 'off', to: 'fixed' },
        { kind: 'verdict', at: instant(180), from: 'exposed', to: 'reachable' },
      ],
    ]);
  });

  test('of what was so when it was first seen says from nothing', () => {
    const [first] = run({ sees: ANONYMOUS }).decisions;
    expect(first?.transitions[0]).toMatchObject({ kind: 'opened', to: 'off' });
    expect(first?.transitions[0]).not.toHaveProperty('from');
    expect(first?.transitions.at(-1)).toEqual({ kind: 'verdict', at: instant(0), to: 'exposed' });
  });

  test('to whoever follows it: of several that are open, the level that this one had, and how it ended', () => {
    const open = { declared: { tls: 'off' } } as const;
    const { decisions } = run(
      { declared: { tls: 'on' } },
      { at: 60, ...open },
      { at: 120, ...open, sees: SIGHTS['anonymous session'] },
      { at: 180, ...open, sees: ANONYMOUS },
      { at: 240, ...open, sees: SIGHTS.refused },
    );
    expect(decisions.map((d) => d.changed)).toEqual([true, true, true, true, true]);
    expect(decisions.slice(3).map((d) => d.transitions[0])).toMatchObject([
      { kind: 'worsened', protection: 'authentication', from: 'partial', to: 'off' },
      { kind: 'closed', protection: 'authentication', from: 'off', to: 'closed-to-us' },
    ]);
  });

  test('of incidents: what is new, what differs, and nothing that stays', () => {
    const { decisions } = run({ sees: ANONYMOUS }, { at: 60, sees: ANONYMOUS }, { at: 120 }, { at: 180 });
    expect(decisions.map((d) => d.incidents.map((i) => [i.status, i.lastBadAt]))).toEqual([
      [['open', instant(0)]],
      [['open', instant(60)]],
      [['closed', instant(60)]],
      [],
    ]);
  });
});

describe('a reading that comes again or late', () => {
  const calm = [0, 700, 1_400].map((at) => ({ at }));

  test('decides nothing where it is known, whatever is approved meanwhile', () => {
    const { state } = run({ sees: ANONYMOUS }, { at: 60 });
    for (const reading of [{ sees: ANONYMOUS }, { at: 60 }].map(aReading)) {
      expect(decide(state, reading, EMPTY_ALLOWLIST, new Date())).toEqual({
        state,
        changed: false,
        transitions: [],
        lines: [],
        notices: [],
        incidents: [],
      });
    }
  });

  test('is evidence alone where it is of the moment that all was folded up to, and is folded a second after', () => {
    const { state } = run(...calm);
    expect(state.base.upTo).toBe(instant(700));
    const at = (second: number) =>
      decide(state, aReading({ id: 'late', at: second, sees: ANONYMOUS }), ALLOWED, new Date(instant(1_401)));
    expect(at(700).lines.map(({ kind, body, subject, observedAt }) => ({ kind, body, subject, observedAt }))).toEqual([
      {
        kind: 'probe',
        subject: 'es-1',
        observedAt: instant(700),
        body: { late: true, readingId: 'late', verdict: expect.objectContaining({ name: 'exposed' }) },
      },
    ]);
    expect(at(700)).toMatchObject({ state, changed: true, transitions: [], notices: [], incidents: [] });
    const folded = at(701);
    expect(folded.incidents).toMatchObject([{ status: 'closed', closed: { upper: instant(1_400) } }]);
    // What is told of it now is what was seen last.
    expect(folded.state).toMatchObject({ lastReadingAt: instant(1_400), posture: state.posture });
  });

  test('late within the horizon, it gives what it would have given in its turn', () => {
    const inTurn = run({}, { at: 60, sees: ANONYMOUS }, { at: 120 });
    const late = run({}, { at: 120 }, { at: 60, sees: ANONYMOUS });
    expect(late.state.recent.map((s) => s.at)).toEqual([0, 60, 120].map(instant));
    const of = ({ state }: Played) => state.incidents.map((i) => [i.id, i.start, i.closed, i.verdict, i.score]);
    expect(late.state.incidents).toMatchObject([{ verdict: 'exposed' }]);
    expect(of(late)).toEqual(of(inTurn));
    expect(late.state.lastConclusiveAt).toBe(instant(120));
  });

  test('of one moment, the order of their names counts and not that of arrival', () => {
    const steps = [
      { at: 60, id: 'a', sees: ANONYMOUS },
      { at: 60, id: 'b' },
    ] as const;
    for (const order of [steps, steps.toReversed()]) {
      const { state } = run({}, ...order);
      expect(state.recent.map((s) => s.id)).toEqual([aReading().id, 'a', 'b']);
      expect(foldOf(state).open).toEqual([]);
    }
  });
});

describe('what is remembered', () => {
  test('is ten minutes of looks to the second, and what is older is folded for good', () => {
    const until = (last: number): EndpointState => run({ at: 0 }, { at: 300 }, { at: last }).state;
    const horizon = LATE_HORIZON_MS / 1_000;
    expect(until(horizon).recent.map((s) => s.at)).toEqual([0, 300, horizon].map(instant));
    expect(until(horizon).base).not.toHaveProperty('upTo');
    expect(until(horizon + 1).recent.map((s) => s.at)).toEqual([300, horizon + 1].map(instant));
    expect(until(horizon + 1).base.upTo).toBe(instant(0));
  });

  test('is so many looks at most', () => {
    const looks = Array.from({ length: MAX_RECENT + 2 }, (_, i) => ({ at: i * 10 }));
    const { recent, base } = run(...looks).state;
    expect([recent.length, recent[0]?.at, base.upTo]).toEqual([MAX_RECENT, instant(20), instant(10)]);
    expect(run(...looks.slice(0, MAX_RECENT)).state.base).not.toHaveProperty('upTo');
  });

  test('folds to the same from a store as in memory, in order and late', () => {
    const { state } = run({}, { at: 60, sees: ANONYMOUS }, { at: 120 }, { at: 400, sees: ANONYMOUS }, { at: 650 });
    expect(foldOf(state)).toEqual(foldOf(stored(state)));
    expect(foldOf(state)).toEqual(foldSamples(state.base, state.recent).fold);
    for (const at of [100, 450, 660, 2_000]) {
      const reading = aReading({ at, id: 'next', sees: ANONYMOUS });
      const [memory, store] = [state, stored(state)].map((s) => decide(s, reading, ALLOWED, new Date(0)));
      expect(memory).toEqual(store);
      expect(memory?.state.incidents).toHaveLength(1);
    }
  });

  test('keeps what closed before the last looks until it is over for good, also in memory', () => {
    const { state } = run({}, { at: 60, sees: ANONYMOUS }, { at: 120 }, { at: 1_000 }, { at: 1_900 }, { at: 1_921 });
    const next = aReading({ at: 1_930 });
    expect(decide(state, next, ALLOWED, new Date(0))).toEqual(decide(stored(state), next, ALLOWED, new Date(0)));
    expect(state.incidents).toMatchObject([{ closed: { upper: instant(120) } }]);
  });

  test('lets go of what is over for good, also in memory', () => {
    const { state } = run({}, { at: 60, sees: ANONYMOUS }, { at: 120 }, { at: 2_000 }, { at: 2_700 }, { at: 2_750 });
    expect([state.base.upTo, state.incidents]).toEqual([instant(2_000), []]);
  });

  test('is the version that was read, what was told, and where visits without news are noted', () => {
    const { state } = run({ sees: ANONYMOUS });
    expect(state).toMatchObject({ schema: 1, version: 0 });
    expect(state).not.toHaveProperty('page');
    const before = { ...state, version: 7 };
    const next = decide(before, aReading({ at: 60, sees: ANONYMOUS }), ALLOWED, new Date(0)).state;
    expect(next).toMatchObject({ version: 7, noticeSeq: state.noticeSeq, told: state.told });
    expect(Object.keys(next.told ?? {})).toHaveLength(1);
    const paged = decide(before, { ...aReading({ at: 60 }), page: 'p1' }, ALLOWED, new Date(0)).state;
    expect(paged).toMatchObject({ schema: 2, page: 'p1' });
    expect(decide(paged, aReading({ at: 120 }), ALLOWED, new Date(0)).state).toMatchObject({ schema: 2, page: 'p1' });
    const moved = decide(paged, { ...aReading({ at: 120 }), page: 'p2' }, ALLOWED, new Date(0)).state;
    expect(moved).toMatchObject({ schema: 2, page: 'p2' });
  });

  test('of an early release that told nothing of its messages, stays without', () => {
    const { told: _, ...early } = run({}).state;
    expect(decide(early, aReading({ at: 60 }), ALLOWED, new Date(0)).state).not.toHaveProperty('told');
  });
});

describe('how long nothing was known', () => {
  const gapsOf = (...steps: readonly ReadingOverrides[]) =>
    run(...steps).decisions.map(({ state }) => [state.lastConclusiveAt, state.gapSince]);

  test('begins with the first look that concludes nothing, and its end is the first that does', () => {
    expect(gapsOf({ sees: SILENT }, { at: 60, sees: SILENT }, { at: 90 }, { at: 120, sees: SILENT })).toEqual([
      [undefined, instant(0)],
      [undefined, instant(0)],
      [instant(90), undefined],
      [instant(90), instant(120)],
    ]);
  });

  test('is no part of the state where all is known, nor is when it was known where it never was', () => {
    expect(run({}).state).not.toHaveProperty('gapSince');
    expect(run({ sees: SILENT }).state).not.toHaveProperty('lastConclusiveAt');
    const hidden = run({ sees: SILENT, declared: { network: 'off' } }).state;
    expect(hidden.posture.verdict).toMatchObject({ name: 'latent', confirmed: false });
    expect(hidden).not.toHaveProperty('lastConclusiveAt');
  });

  test('ends with the third silence, which is known to be closed, in whatever order they come', () => {
    const silences = [60, 120, 180].map((at) => ({ at, sees: SILENT }));
    const [one, two, three] = silences;
    for (const order of [
      [one, two, three],
      [three, one, two],
    ]) {
      const { state } = run({}, ...order.flatMap((step) => step ?? []));
      expect(state.posture.verdict).toMatchObject({ name: 'protected', confirmed: true });
      expect(state).toMatchObject({ lastReadingAt: instant(180), lastConclusiveAt: instant(180) });
      expect(state).not.toHaveProperty('gapSince');
    }
    expect(run({}, ...silences.slice(0, 2)).state.posture.verdict.name).toBe('unknown');
  });

  test('is told of the last to come where two are of one moment', () => {
    expect(run({}, { id: 'z', sees: ANONYMOUS }).state.posture.verdict.name).toBe('exposed');
  });

  test('is not made shorter or longer by an older look that comes late', () => {
    expect(gapsOf({ sees: SILENT, at: 100 }, { at: 60 })).toEqual([
      [undefined, instant(100)],
      [instant(60), instant(100)],
    ]);
    expect(gapsOf({ at: 100 }, { at: 120, sees: SILENT }, { at: 60 }).at(-1)).toEqual([instant(100), instant(120)]);
    expect(gapsOf({ at: 100 }, { at: 60, sees: SILENT }, { at: 70 })).toEqual([
      [instant(100), undefined],
      [instant(100), undefined],
      [instant(100), undefined],
    ]);
  });
});
