import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { decide, LATE_HORIZON_MS, MAX_RECENT } from '../../lib/assess/decide.ts';
import { foldSamples } from '../../lib/assess/fold.ts';
import { type Allowlist, EMPTY_ALLOWLIST } from '../../lib/model/allowlist.ts';
import type { Reading } from '../../lib/model/reading.ts';
import type { EndpointState } from '../../lib/model/state.ts';
import {
  ALL_BLANKS,
  ALL_SIGHTS,
  look,
  readingsOf,
  SIGHTS,
  seen,
  shortHistory,
  shuffled,
} from '../support/histories.ts';
import {
  aReading,
  anAllowance,
  anAllowlist,
  instant,
  openOf,
  play,
  type ReadingOverrides,
  windowsOf,
} from '../support/readings.ts';

const SILENT = [{ l4: 'filtered', gap: 'no-answer' }] as const;

describe('replay', () => {
  test('property: any reading again changes nothing and owes nothing', () => {
    fc.assert(
      fc.property(shortHistory, fc.nat(), (looks, pick) => {
        const readings = readingsOf(looks);
        const { state } = play(readings);
        const again = decide(state, readings[pick % readings.length] as Reading, EMPTY_ALLOWLIST, new Date());
        expect(again).toEqual({ state, changed: false, transitions: [], lines: [], notices: [], incidents: [] });
      }),
      { numRuns: 1000 },
    );
  });

  test('too late to be told from a new one, a reading is kept as evidence and decides nothing', () => {
    const { state } = play([0, 700, 1400].map((at) => aReading({ at })));
    const late = decide(state, aReading({ at: 10, sees: SIGHTS.anonymous }), EMPTY_ALLOWLIST, new Date());
    expect(late).toMatchObject({ state, changed: true, transitions: [], notices: [], incidents: [] });
    expect(late.lines.map((l) => [l.kind, l.body['late']])).toEqual([['probe', true]]);
  });
});

describe('unknown', () => {
  test('property: looks that conclude nothing move no window, wherever they come', () => {
    const blanks = fc.array(fc.tuple(fc.nat(20), look({ names: ALL_BLANKS })), { maxLength: 11 });
    const history = fc.array(look({ maxWait: 5, names: ALL_SIGHTS }), { minLength: 1, maxLength: 20 });
    fc.assert(
      fc.property(history, blanks, (looks, inserted) => {
        const readings = readingsOf(looks);
        // Less than two minutes in all: no number of silences closes.
        const blind = inserted.map(([second, { sight, vantage, alive }], i) =>
          aReading({ at: second * 5 + (i + 1) / 100, vantage, alive, sees: seen(sight) }),
        );
        const mixed = [...readings, ...blind].toSorted((a, b) => (a.at < b.at ? -1 : 1));
        expect(windowsOf(play(mixed).state.incidents)).toEqual(windowsOf(play(readings).state.incidents));
        expect(windowsOf(play([...readings, ...blind]).stored.values())).toEqual(
          windowsOf(play(readings).stored.values()),
        );
      }),
      { numRuns: 1000 },
    );
  });

  test('opens a gap at the first blank look and closes it at the first that concludes', () => {
    const steps: ReadingOverrides[] = [{}, { at: 60, sees: SILENT }, { at: 90, sees: SILENT }, { at: 120 }];
    const { decisions } = play(steps.map(aReading));
    const gaps = decisions.map((d) => d.transitions.filter((t) => t.kind.startsWith('gap')));
    expect(gaps).toEqual([
      [],
      [{ kind: 'gap-opened', at: instant(60) }],
      [],
      [{ kind: 'gap-closed', at: instant(120), from: instant(60) }],
    ]);
    expect(decisions.map((d) => d.state.gapSince)).toEqual([undefined, instant(60), instant(60), undefined]);
    expect(decisions.map((d) => d.state.lastConclusiveAt)).toEqual([0, 0, 0, 120].map(instant));
  });
});

describe('silence', () => {
  test('the third over two minutes makes the verdict protected and ends the gap', () => {
    const steps: ReadingOverrides[] = [0, 60, 120, 180].map((at) => ({ at, sees: SILENT }));
    const { decisions } = play(steps.map(aReading));
    expect(decisions.map((d) => d.state.posture.verdict.name)).toEqual([
      'unknown',
      'unknown',
      'protected',
      'protected',
    ]);
    expect(decisions.map((d) => d.state.gapSince)).toEqual([instant(0), instant(0), undefined, undefined]);
    expect(decisions.map((d) => d.state.lastConclusiveAt)).toEqual([undefined, undefined, instant(120), instant(180)]);
  });

  test('declared open and silent is latent; from a blind vantage it stays unconfirmed', () => {
    const door = { declared: { network: 'off' } } as const;
    const verdicts = (alive: boolean): unknown =>
      play([0, 60, 120].map((at) => aReading({ at, alive, sees: SILENT, ...door }))).state.posture.verdict;
    expect(verdicts(true)).toMatchObject({ name: 'latent', confirmed: true });
    expect(verdicts(false)).toMatchObject({ name: 'latent', confirmed: false });
  });

  test('the verdict does not depend on which silence came last', () => {
    const orders = [
      [0, 60, 120],
      [120, 0, 60],
      [60, 120, 0],
    ];
    for (const order of orders) {
      const { state } = play(order.map((at) => aReading({ at, sees: SILENT })));
      expect(state).toMatchObject({ lastReadingAt: instant(120), lastConclusiveAt: instant(120) });
      expect(state.posture.verdict.name).toBe('protected');
      expect(state).not.toHaveProperty('gapSince');
    }
  });
});

describe('allowances over time', () => {
  const plain: ReadingOverrides['sees'] = SIGHTS['demands authentication'];
  const from = (at: number, ...ids: readonly string[]) => {
    const list = anAllowlist(...ids.map((id) => anAllowance({ id })));
    return (reading: Reading): Allowlist => (reading.at >= instant(at) ? list : EMPTY_ALLOWLIST);
  };

  test('one that came later accepts what was found open', () => {
    const { stored, decisions } = play(
      [0, 60].map((at) => aReading({ at, sees: plain })),
      from(60, 'later'),
    );
    expect([...stored.values()]).toMatchObject([
      { protection: 'network', status: 'accepted', closed: { cause: 'accepted', upper: instant(60) } },
    ]);
    expect(decisions.at(-1)?.notices.map((n) => n.kind)).toEqual(['accepted']);
  });

  test('one that came later accepts a removal, on both bases', () => {
    const open = { declared: { network: 'off' }, sees: plain } as const;
    const steps: ReadingOverrides[] = [
      { declared: { network: 'on' }, sees: SIGHTS.refused },
      { at: 60, ...open },
      { at: 120, ...open },
    ];
    const { stored } = play(steps.map(aReading), from(120, 'later'));
    expect([...stored.values()].map((i) => `${i.protection} ${i.status}`)).toEqual(['network accepted']);
  });

  test('one that was there before the removal does not', () => {
    const steps: ReadingOverrides[] = [{ sees: SIGHTS.refused }, { at: 60 }, { at: 120 }];
    const { state } = play(steps.map(aReading), from(0, 'earlier'));
    expect(openOf(state, 'network')).toMatchObject([{ origin: 'removed', allowances: ['earlier'] }]);
  });

  test('a vantage that joins an open window does not make a later allowance an earlier one', () => {
    const steps: ReadingOverrides[] = ['v1', 'v2', 'v1', 'v2'].map((vantage, i) => ({
      at: i * 60,
      vantage,
      sees: plain,
    }));
    const closed = ['v1', 'v2'].map((vantage) => ({
      vantage,
      sees: SIGHTS.refused,
      at: vantage === 'v1' ? -120 : -60,
    }));
    const { stored } = play([...closed, ...steps].map(aReading), from(60, 'later'));
    expect([...stored.values()].map((i) => i.status)).toEqual(['accepted']);
  });

  test('a posture that is fixed on the day it is allowed was fixed, not accepted', () => {
    const steps: ReadingOverrides[] = [{ sees: plain }, { at: 60, sees: SIGHTS.refused }];
    const { stored } = play(steps.map(aReading), from(60, 'later'));
    expect([...stored.values()].map((i) => i.closed?.cause)).toEqual(['fixed']);
  });

  test('its expiry opens again, as no longer allowed, from the last day on which it was', () => {
    const day = 86_400;
    const list = anAllowlist(anAllowance({ expires: '2019-12-05' }));
    const { state, stored, decisions } = play(
      [0, day, 2 * day].map((at) => aReading({ at })),
      list,
    );
    expect(stored.size).toBe(1);
    expect(openOf(state)).toMatchObject([
      { protection: 'network', origin: 'no-longer-allowed', start: { lower: instant(day), upper: instant(2 * day) } },
    ]);
    // Nothing stepped down: what ended was the allowance.
    expect(openOf(state)[0]).toMatchObject({ to: 'off', lapsed: ['partners-read-only'], allowances: [] });
    expect(openOf(state)[0]).not.toHaveProperty('from');
    expect(decisions.at(-1)?.transitions[0]).not.toHaveProperty('from');
    expect(decisions.at(-1)?.notices[0]?.lines[1]).toContain(
      'allowance partners-read-only, which had permitted that the internet reaches it, has ended',
    );
  });

  test('what was bad, then out of reach, and is bad again was never allowed', () => {
    const steps = [0, 60, 1_900].map((at) => ({ at, sees: at === 60 ? SIGHTS.refused : SIGHTS.anonymous }));
    const { state } = play(steps.map(aReading));
    expect(openOf(state, 'authentication')).toMatchObject([
      { origin: 'adoption', start: { lower: instant(60), upper: instant(1_900) } },
    ]);
  });

  test('a state of an earlier release, which did not hold what was allowed, still says that an allowance ended', () => {
    const { state } = play([aReading()], anAllowlist(anAllowance()));
    const tracks = Object.entries(foldSamples(state.base, state.recent).fold.tracks).map(
      ([key, { mark, level, lastGoodAt }]) => [key, { mark, level, lastGoodAt }],
    );
    const earlier = {
      ...state,
      base: { ...state.base, upTo: instant(0), tracks: Object.fromEntries(tracks) },
      recent: [],
    };
    const later = play([aReading({ at: 60 })], EMPTY_ALLOWLIST, earlier);
    expect(openOf(later.state, 'network')).toMatchObject([{ origin: 'no-longer-allowed' }]);
    expect(openOf(later.state, 'network')[0]).not.toHaveProperty('lapsed');
  });

  test('renewed, it accepts again; the removal after that is a removal', () => {
    const list = (reading: Reading): Allowlist =>
      reading.at === instant(60) ? EMPTY_ALLOWLIST : anAllowlist(anAllowance());
    const steps: ReadingOverrides[] = [{}, { at: 60 }, { at: 120 }, { at: 180, sees: [{ tls: 'absent' }] }];
    const { stored } = play(steps.map(aReading), list);
    expect([...stored.values()].map((i) => `${i.protection} ${i.origin} ${i.status}`)).toEqual([
      'network no-longer-allowed accepted',
      'tls removed open',
    ]);
  });

  test('property: authentication is accepted by none, whatever is allowed when', () => {
    fc.assert(
      fc.property(shortHistory, fc.array(fc.nat(600), { minLength: 1, maxLength: 3 }), (looks, starts) => {
        const list = (reading: Reading): Allowlist =>
          anAllowlist(...starts.filter((s) => reading.at >= instant(s)).map((s) => anAllowance({ id: `since-${s}` })));
        const { stored } = play(readingsOf(looks), list);
        for (const incident of stored.values()) {
          if (incident.protection === 'authentication') expect(incident.status).not.toBe('accepted');
        }
      }),
      { numRuns: 1000 },
    );
  });
});

describe('the state', () => {
  test('property: read from a store or kept in memory, late or in order, it decides the same', () => {
    const order = fc.array(fc.nat(), { minLength: 20, maxLength: 30 });
    fc.assert(
      fc.property(shortHistory, order, fc.boolean(), (looks, keys, isAllowed) => {
        const list = isAllowed ? anAllowlist(anAllowance()) : EMPTY_ALLOWLIST;
        const now = new Date(0);
        let kept: EndpointState | undefined;
        for (const reading of shuffled(readingsOf(looks), keys)) {
          const stored = kept === undefined ? undefined : (JSON.parse(JSON.stringify(kept)) as EndpointState);
          const [fromMemory, fromStore] = [decide(kept, reading, list, now), decide(stored, reading, list, now)];
          expect(fromMemory).toEqual(fromStore);
          kept = fromMemory.state;
        }
      }),
      { numRuns: 500 },
    );
  });

  test('stays small over ten thousand readings', () => {
    expect([MAX_RECENT, LATE_HORIZON_MS]).toEqual([32, 600_000]);
    let state: Parameters<typeof decide>[0];
    for (let i = 0; i < 10_000; i++) {
      const sight = ALL_SIGHTS[(i * i + (i >> 3)) % ALL_SIGHTS.length] ?? 'refused';
      const reading = aReading({ at: i * 15, vantage: `v${i % 3}`, sees: SIGHTS[sight] });
      state = decide(state, reading, EMPTY_ALLOWLIST, new Date(reading.at)).state;
      if (i % 500 === 0) expect(JSON.stringify(state).length).toBeLessThan(100_000);
    }
    expect(state?.recent).toHaveLength(MAX_RECENT);
    expect(state?.incidents.length).toBeLessThanOrEqual(3 * MAX_RECENT);
    expect(Object.keys(state?.noticeSeq ?? {}).length).toBeLessThanOrEqual(4 * (state?.incidents.length ?? 0));
  });
});
