/** Vantages that stand apart, each with readings of its own: one endpoint, judged by what all of them saw last. */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { overdueVantages, viewLasts } from '../../lib/assess/overdue.ts';
import { MAX_VIEWS, VIEW_FORGOTTEN_MS } from '../../lib/assess/views.ts';
import type { EndpointState } from '../../lib/model/state.ts';
import { readingsOf, shortHistory, shuffled } from '../support/histories.ts';
import { aReading, instant, T0, type ObservationOverrides, openOf, play } from '../support/readings.ts';

const OPEN: ObservationOverrides = { auth: 'open-anonymous' };
const AUTH: ObservationOverrides = {};
const REFUSED: ObservationOverrides = { l4: 'refused' };
const SILENT: ObservationOverrides = { l4: 'filtered', gap: 'no-answer' };
const MINUTE = 60;

/** `eu` on the minute and `us` twenty seconds later, as often as there is something to see. */
function fromBoth(eu: readonly ObservationOverrides[], us: readonly ObservationOverrides[], since = 0) {
  return eu.flatMap((seen, i) => {
    const other = us[i];
    return [
      from('eu', seen, since + i * MINUTE),
      ...(other === undefined ? [] : [from('us', other, since + i * MINUTE + 20)]),
    ];
  });
}

function from(vantage: string, seen: ObservationOverrides, at: number) {
  return aReading({ at, vantage, sees: [{ vantage, ...seen }] });
}

const times = <T>(count: number, item: T): readonly T[] => Array.from({ length: count }, () => item);
const codes = ({ posture }: EndpointState): readonly string[] => posture.gaps.map(({ code }) => code);

describe('two regions that see one endpoint differently', () => {
  it('find it exposed while one of them is let in, whoever looked last, and say which', () => {
    const { state, decisions } = play(fromBoth(times(6, OPEN), times(6, REFUSED)));
    expect(state.posture.verdict).toMatchObject({ name: 'exposed', confirmed: true });
    expect(state.posture.verdict.why).toMatch(/; so from eu, not from us$/u);
    expect(state.posture.vantages).toEqual({ most: ['eu'], less: ['us'] });
    expect(state.posture).toMatchObject({ auth: 'open-anonymous', proof: 4 });
    // Told once, and written down once: the two do not take turns at being right.
    expect(decisions.flatMap((d) => d.transitions.filter((t) => t.kind === 'verdict'))).toHaveLength(1);
    expect(decisions.slice(1).flatMap((d) => d.lines)).toEqual([]);
    expect(decisions.flatMap((d) => d.notices)).toHaveLength(1);
  });

  it('say that it is open to both where both are let in', () => {
    const { state } = play(fromBoth([OPEN], [OPEN]));
    expect(state.posture.verdict.why).toMatch(/; alike from eu, us$/u);
  });

  it('page with who is let in and who is not', () => {
    const { decisions } = play([from('us', REFUSED, 0), from('eu', OPEN, 30)]);
    const [notice] = decisions.flatMap((d) => d.notices);
    expect(notice?.endpoint).toMatchObject({ vantages: ['eu'], less: ['us'] });
    expect(notice?.lines.find((line) => line.startsWith('VERIFIED'))).toContain('vantage eu; not from us');
  });

  it('tell what a region could not see from what it saw closed', () => {
    const { state, decisions } = play([from('us', SILENT, 0), from('eu', OPEN, 30)]);
    expect(state.posture.verdict.why).toMatch(/; so from eu, not known from us$/u);
    expect(state.posture.vantages).toEqual({ most: ['eu'], less: [], unsure: ['us'] });
    const [notice] = decisions.flatMap((d) => d.notices);
    expect(notice?.lines.find((line) => line.startsWith('VERIFIED'))).toContain('vantage eu; not known from us');
  });

  it('have it closed only once each that was let in sees it closed', () => {
    const open = fromBoth([OPEN, OPEN], [OPEN, OPEN]);
    const half = play([...open, from('us', REFUSED, 130)]);
    expect(half.state.posture.verdict.name).toBe('exposed');
    expect(openOf(half.state, 'authentication')).toHaveLength(1);
    const blind = play([...open, from('us', REFUSED, 130), from('eu', SILENT, 140)]);
    expect(blind.state.posture.verdict).toMatchObject({ name: 'unknown', confirmed: false });
    expect(openOf(blind.state, 'authentication')).toHaveLength(1);
    const whole = play([...open, from('us', REFUSED, 130), from('eu', REFUSED, 140)]);
    expect(whole.state.posture.verdict).toMatchObject({ name: 'protected', confirmed: true });
    expect(openOf(whole.state)).toEqual([]);
    expect(whole.state.posture.verdict.why).toMatch(/; alike from eu, us$/u);
  });

  it('are as unsure as the less sure of them, where nobody is let in', () => {
    const { state } = play([from('eu', REFUSED, 0), from('us', SILENT, 30)]);
    expect(state.posture.verdict).toMatchObject({ name: 'unknown', confirmed: false });
    expect(codes(state)).toEqual(['no-answer']);
    expect(state.lastConclusiveAt).toBe(instant(0));
    const met = play([from('eu', AUTH, 0), from('us', SILENT, 30)]).state.posture;
    expect(met.verdict.why).toMatch(/; so from eu, not known from us$/u);
    expect(met.observed.authentication.level).toBe('unknown');
  });

  it('count silence as closed for the region that heard others, three times over two minutes', () => {
    const { state } = play(fromBoth(times(4, AUTH), times(4, SILENT)));
    expect(state.posture.verdict).toMatchObject({ name: 'reachable', confirmed: true });
    expect(state.posture.vantages).toEqual({ most: ['eu'], less: ['us'] });
    const closed = play(fromBoth(times(4, REFUSED), times(4, SILENT)));
    expect(closed.state.posture.verdict).toMatchObject({ name: 'protected', confirmed: true });
  });

  it('take the configuration that was read last', () => {
    const declared = { network: 'on' } as const;
    const readings = [
      from('us', REFUSED, 0),
      aReading({ at: 30, vantage: 'eu', declared, sees: [{ vantage: 'eu', ...OPEN }] }),
    ];
    expect(play(readings).state.posture.verdict).toMatchObject({ name: 'exposed', shadow: true });
  });

  it('say nothing of a life that ended: a confirmed deletion voids what was seen before', () => {
    const gone = aReading({ at: 60, vantage: 'aws-api', deleted: true, sees: [] });
    const first = play([...fromBoth([OPEN], [OPEN]), gone]);
    expect(first.state.posture.verdict).toMatchObject({ name: 'protected', confirmed: true });
    const again = play([from('eu', REFUSED, 120)], undefined, first.state);
    expect(again.state.posture.verdict.name).toBe('protected');
    expect(again.state.posture.vantages).toBeUndefined();
  });
});

describe('a region that no longer looks', () => {
  const ends = (seen: ObservationOverrides) => [...fromBoth([seen, seen], [AUTH, AUTH])];
  const goesOn = (minutes: number, seen = AUTH) =>
    Array.from({ length: minutes }, (_, i) => from('us', seen, (i + 3) * MINUTE));

  it('counts until two of its cycles and a minute have passed', () => {
    const { state } = play([...ends(OPEN), ...goesOn(10)]);
    expect(state.posture.verdict.name).toBe('exposed');
  });

  it('that was let in leaves it unknown, never recovered', () => {
    const { state } = play([...ends(OPEN), ...goesOn(15)]);
    expect(state.posture.verdict).toMatchObject({ name: 'unknown', confirmed: false });
    expect(state.posture.verdict.why).toMatch(/eu saw it exposed at .* and has not looked since/u);
    expect(openOf(state, 'authentication')).toHaveLength(1);
    expect(codes(state)).toEqual(['vantage-silent']);
    expect(state.gapSince).toBeDefined();
  });

  it('that saw nothing worse than the others is a gap beside their verdict, and is forgotten in the end', () => {
    const { state } = play([...ends(AUTH), ...goesOn(15)]);
    expect(state.posture.verdict).toMatchObject({ name: 'reachable', confirmed: true });
    expect(codes(state)).toEqual(['vantage-silent']);
    expect(state.posture.gaps[0]?.detail).toContain(`eu has not looked since ${instant(MINUTE)}`);
    const later = play([from('us', AUTH, VIEW_FORGOTTEN_MS / 1_000 + 200)], undefined, state).state;
    expect(codes(later)).toEqual([]);
    expect(Object.keys(later.views ?? {})).toEqual(['us']);
  });

  it('is remembered for as long as it is the one that was let in', () => {
    const { state } = play([...ends(OPEN), ...goesOn(15)]);
    const later = play([from('us', AUTH, VIEW_FORGOTTEN_MS / 1_000 + 200)], undefined, state).state;
    expect(later.posture.verdict.name).toBe('unknown');
    const healed = play([from('eu', AUTH, VIEW_FORGOTTEN_MS / 1_000 + 220)], undefined, later).state;
    expect(healed.posture.verdict).toMatchObject({ name: 'reachable', confirmed: true });
  });

  it('is told by the guard, after those two cycles and a minute and not before', () => {
    const { state } = play([...ends(AUTH), ...goesOn(15)]);
    const at = (seconds: number): Date => new Date(T0 + seconds * 1_000);
    expect(overdueVantages(state, at(MINUTE + 660))).toEqual([]);
    expect(overdueVantages(state, at(MINUTE + 661))).toEqual([{ subject: 'eu', ageMs: 661_000 }]);
    // Where nobody looks any more the endpoint itself is overdue.
    expect(overdueVantages(play(ends(AUTH)).state, at(86_400)).map(({ subject }) => subject)).toEqual(['eu']);
    expect(overdueVantages(play([from('eu', AUTH, 0), from('eu', AUTH, 60)]).state, at(86_400))).toEqual([]);
  });

  it('is not missed where it looked once only: nobody knows when it would again', () => {
    const { state } = play([from('laptop', AUTH, 0), ...goesOn(15)]);
    expect(codes(state)).toEqual([]);
  });

  it('is waited for as long as its own cycle is: two days where a visit is due once a day', () => {
    const day = 24 * 3_600;
    const daily = [from('eu', OPEN, 0), from('us', AUTH, 20), from('eu', OPEN, day), from('us', AUTH, day + 20)];
    const { state } = play([...daily, from('us', AUTH, 2 * day + 20)]);
    expect(state.posture.verdict.name).toBe('exposed');
    expect(viewLasts(30 * day * 1_000)).toBe(viewLasts(day * 1_000));
    expect(viewLasts(1)).toBe(11 * 60_000);
  });
});

describe('what is kept of them', () => {
  it('is one look each, of so many vantages at most', () => {
    const many = Array.from({ length: 3 * MAX_VIEWS }, (_, i) => from(`host-${i}`, AUTH, i));
    const { state } = play(many);
    expect(Object.keys(state.views ?? {})).toHaveLength(MAX_VIEWS);
    expect(state.views).toHaveProperty(`host-${3 * MAX_VIEWS - 1}`);
  });

  it('makes no difference to the order of arrival: repeats and late looks give the same posture', () => {
    const keys = fc.array(fc.nat(), { minLength: 20, maxLength: 30 });
    fc.assert(
      fc.property(shortHistory, keys, (looks, order) => {
        const readings = readingsOf(looks);
        const straight = play(readings).state;
        const mixed = play([...shuffled(readings, order), ...readings]).state;
        expect(mixed.posture).toEqual(straight.posture);
        expect(mixed.views).toEqual(straight.views);
      }),
      { numRuns: 500 },
    );
  });

  it('is never better than what any of them saw: exposed from one is exposed', () => {
    fc.assert(
      fc.property(shortHistory, (looks) => {
        const readings = readingsOf(looks);
        const { state } = play(readings);
        const latest = new Map(readings.map((reading) => [reading.vantage, reading]));
        const isOver = looks.some(({ deleted }) => deleted);
        const isOpen = [...latest.values()].some(({ observations }) =>
          observations.some(({ auth }) => auth.state === 'open-anonymous'),
        );
        if (isOpen && !isOver) expect(state.posture.verdict.name).toBe('exposed');
      }),
      { numRuns: 500 },
    );
  });
});
