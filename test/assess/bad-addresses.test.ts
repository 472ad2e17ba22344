/** A name with several addresses: what was seen bad behind one of them is not ended by a look at another. */
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { ABSENCE_SPAN_MS, ABSENCES_TO_FORGET, MAX_BAD_ADDRESSES } from '../../lib/assess/bad-addresses.ts';
import { EMPTY_FOLD, foldSamples } from '../../lib/assess/fold.ts';
import { judge } from '../../lib/assess/judge.ts';
import { sampleOf } from '../../lib/assess/sample.ts';
import { EMPTY_ALLOWLIST } from '../../lib/model/allowlist.ts';
import type { Observation } from '../../lib/model/observation.ts';
import { shuffled } from '../support/histories.ts';
import {
  aReading,
  anAllowance,
  anAllowlist,
  instant,
  type ObservationOverrides,
  openOf,
  play,
  type ReadingOverrides,
  windowsOf,
} from '../support/readings.ts';

const A = '198.51.100.1';
const B = '198.51.100.2';
const good = (address: string): ObservationOverrides => ({ address });
const anonymous = (address: string): ObservationOverrides => ({ address, auth: 'open-anonymous' });
const refused = (address: string): ObservationOverrides => ({ address, l4: 'refused' });
const silent = (address: string): ObservationOverrides => ({ address, l4: 'filtered', gap: 'no-answer' });
const notTried: ObservationOverrides = { address: null, l4: 'not-tried', gap: 'budget-spent' };

/** `from`, `from + 60`, ...: one look a minute. */
function everyMinute(times: number, from: number, ...sees: readonly ObservationOverrides[]): ReadingOverrides[] {
  return Array.from({ length: times }, (_, i) => ({ at: from + i * 60, sees }));
}

function endOf(protection: string, ...steps: readonly ReadingOverrides[]): string {
  const last = [...play(steps.map(aReading)).stored.values()].filter((i) => i.protection === protection).at(-1);
  return last === undefined ? 'none' : last.closed === undefined ? 'open' : `${last.closed.cause} ${last.closed.upper}`;
}

const BAD: ReadingOverrides = { sees: [anonymous(A)] };

describe('an address that was seen bad', () => {
  test('keeps the window open while only others are seen good', () => {
    expect(endOf('authentication', BAD, ...everyMinute(3, 60, good(B)))).toBe('open');
    expect(endOf('tls', { sees: [{ address: A, tls: 'absent' }] }, ...everyMinute(3, 60, good(B)))).toBe('open');
  });

  test.each<[string, string, ObservationOverrides[]]>([
    ['good', 'fixed', [good(A)]],
    ['good beside another', 'fixed', [good(A), good(B)]],
    ['closed', 'closed-to-us', [refused(A)]],
    ['closed, while another demands authentication', 'fixed', [refused(A), good(B)]],
  ])('lets it end when it is seen %s', (_, cause, sees) => {
    const steps = [BAD, { at: 60, sees: [good(B)] }, { at: 120, sees }];
    expect(endOf('authentication', ...steps)).toBe(`${cause} ${instant(120)}`);
  });

  test('each of several has to be', () => {
    const bad = { sees: [anonymous(A), anonymous(B)] };
    expect(endOf('authentication', bad, { at: 60, sees: [good(A)] })).toBe('open');
    expect(endOf('authentication', bad, { at: 60, sees: [good(A)] }, { at: 120, sees: [refused(B)] })).toBe(
      `closed-to-us ${instant(120)}`,
    );
    const [first, second] = [
      { at: 60, sees: [refused(B)] },
      { at: 120, sees: [good(A)] },
    ];
    expect(endOf('authentication', bad, first, second)).toBe(`fixed ${instant(120)}`);
  });

  test('seen good while another was bad, it need not be seen again', () => {
    const steps = [BAD, { at: 60, sees: [good(A), anonymous(B)] }, { at: 120, sees: [good(B)] }];
    expect(endOf('authentication', ...steps)).toBe(`fixed ${instant(120)}`);
  });

  test('counts though another was not looked at in the same visit', () => {
    const steps = [BAD, { at: 60, sees: [refused(A), notTried] }, { at: 120, sees: [good(B)] }];
    expect(endOf('authentication', ...steps)).toBe(`fixed ${instant(120)}`);
  });

  test('another door that is closed is not its door', () => {
    expect(endOf('authentication', BAD, { at: 60, sees: [refused(B)] })).toBe('open');
    expect(endOf('network', BAD, { at: 60, sees: [refused(B)] })).toBe('open');
  });

  test('looks at another that is good are no bad looks: the last bad one stays the last', () => {
    const { state } = play([aReading(BAD), aReading({ at: 60, sees: [good(B)] })]);
    expect(openOf(state, 'authentication')).toMatchObject([{ lastBadAt: instant(0), to: 'off' }]);
  });

  test('a confirmed deletion ends it, wherever it was', () => {
    expect(endOf('authentication', BAD, { at: 60, sees: [], deleted: true })).toBe(`deleted ${instant(60)}`);
  });

  test('is each vantage its own matter', () => {
    const bad = [BAD, { at: 1, vantage: 'v2', sees: [anonymous(A)] }];
    const looks = [
      { at: 60, sees: [good(A)] },
      { at: 90, vantage: 'v2', sees: [good(B)] },
    ];
    expect(endOf('authentication', ...bad, ...looks)).toBe('open');
  });

  test('is not accepted by an allowance in a look at another', () => {
    const list = (from: number) => (reading: { readonly at: string }) =>
      reading.at >= instant(from) ? anAllowlist(anAllowance()) : EMPTY_ALLOWLIST;
    const steps = [{ sees: [good(A)] }, { at: 60, sees: [good(B)] }, { at: 120, sees: [good(A)] }];
    const { decisions } = play(steps.map(aReading), list(60));
    const status = decisions.map((d) => d.state.incidents.map((i) => `${i.protection} ${i.status}`).join());
    expect(status).toEqual(['network open', 'network open', 'network accepted']);
  });

  test('that lets strangers in keeps an allowance from accepting what is seen behind another', () => {
    const steps = [
      { sees: [anonymous(A), good(B)] },
      { at: 60, sees: [good(B)] },
      { at: 120, sees: [good(B)] },
      { at: 180, sees: [good(A), good(B)] },
    ];
    const { decisions } = play(steps.map(aReading), (r) =>
      r.at >= instant(60) ? anAllowlist(anAllowance()) : EMPTY_ALLOWLIST,
    );
    const ends = decisions.map((d) => d.transitions.filter((t) => t.kind === 'accepted').map((t) => t.protection));
    expect(ends).toEqual([[], [], [], ['network']]);
  });
});

describe('silence', () => {
  test('three times over two minutes is closed: of that address, not of another', () => {
    expect(endOf('authentication', BAD, ...everyMinute(4, 60, silent(B)))).toBe('open');
    expect(endOf('authentication', BAD, ...everyMinute(3, 60, silent(A)))).toBe(`closed-to-us ${instant(180)}`);
  });

  test('is counted for each address, in whatever order its turn comes', () => {
    const bad = { sees: [anonymous(A), anonymous(B)] };
    const turns = [A, B, A, B, A].map((address, i) => ({ at: 60 * (i + 1), sees: [silent(address)] }));
    expect(endOf('authentication', bad, ...turns)).toBe('open');
    expect(endOf('authentication', bad, ...turns, { at: 360, sees: [silent(B)] })).toBe(`closed-to-us ${instant(360)}`);
  });

  test('is broken by a word of it, and not counted by a vantage that hears nobody', () => {
    const spoken = { at: 90, sees: [{ address: A, auth: 'lockout' }] } as const;
    expect(
      endOf('authentication', BAD, ...everyMinute(1, 60, silent(A)), spoken, ...everyMinute(2, 120, silent(A))),
    ).toBe('open');
    const blind = everyMinute(4, 60, silent(A)).map((s) => ({ ...s, alive: false }));
    expect(endOf('authentication', BAD, ...blind)).toBe('open');
  });
});

describe('an address that the name no longer gives', () => {
  const minutes = ABSENCE_SPAN_MS / 60_000;

  test('is forgotten after ten good looks over ten minutes without it, not before', () => {
    expect([ABSENCES_TO_FORGET, minutes]).toEqual([10, 10]);
    expect(endOf('authentication', BAD, ...everyMinute(minutes, 60, good(B)))).toBe('open');
    expect(endOf('authentication', BAD, ...everyMinute(minutes + 1, 60, good(B)))).toBe(`fixed ${instant(660)}`);
    const quick = Array.from({ length: 50 }, (_, i) => ({ at: 60 + i * 10, sees: [good(B)] }));
    expect(endOf('authentication', BAD, ...quick)).toBe('open');
    const slow = Array.from({ length: ABSENCES_TO_FORGET - 1 }, (_, i) => ({ at: (i + 1) * 3600, sees: [good(B)] }));
    expect(endOf('authentication', BAD, ...slow)).toBe('open');
  });

  test.each([
    ['it is given again, though it could not be judged', [{ address: A, auth: 'undetermined' }, good(B)]],
    ['it is given again, and silent', [silent(A), good(B)]],
  ] as const)('starts anew when %s', (_, sees) => {
    const [before, after] = [everyMinute(8, 60, good(B)), everyMinute(10, 600, good(B))];
    expect(endOf('authentication', BAD, ...before, { at: 540, sees }, ...after)).toBe('open');
  });

  test('visits that may not have seen every address do not count', () => {
    expect(endOf('authentication', BAD, ...everyMinute(30, 60, good(B), notTried))).toBe('open');
    const looks = everyMinute(30, 60, refused(B), notTried);
    expect(endOf('authentication', BAD, ...looks)).toBe('open');
  });

  test('looks at a closed door count too', () => {
    expect(endOf('authentication', BAD, ...everyMinute(11, 60, refused(B)))).toBe(`closed-to-us ${instant(660)}`);
  });

  test('nor do looks that concluded nothing or found another one bad', () => {
    const lost = everyMinute(30, 60, { address: null, l4: 'not-tried', dns: 'failed', gap: 'unresolved' });
    expect(endOf('authentication', BAD, ...lost, { at: 1900, sees: [good(B)] })).toBe('open');
    const worse = everyMinute(30, 60, anonymous(B));
    expect(endOf('authentication', BAD, ...worse, { at: 1900, sees: [good(B)] })).toBe('open');
  });
});

describe('the memory', () => {
  const many = Array.from({ length: 3 * MAX_BAD_ADDRESSES }, (_, i) => `192.0.2.${i}`);
  const flood = many.map((address, i) => ({ at: i, sees: [anonymous(address)] }));

  test('is bounded, and what it could not hold is not taken for good', () => {
    const { state } = play(flood.map(aReading));
    const tracks = Object.values(foldSamples(state.base, state.recent).fold.tracks);
    const held = tracks.map((t) => t.down?.addresses?.length ?? 0);
    expect(Math.max(...held)).toBe(MAX_BAD_ADDRESSES + 1);
    const kept = many.slice(0, MAX_BAD_ADDRESSES).map((address, i) => ({ at: 100 + i, sees: [good(address)] }));
    expect(endOf('authentication', ...flood, ...kept)).toBe('open');
    const calm = everyMinute(11, 200, ...kept.flatMap((k) => k.sees));
    expect(endOf('authentication', ...flood, ...kept, ...calm)).toMatch(/^fixed/);
  });

  test('a state of an earlier release, which held none, is folded on', () => {
    const before = play([aReading(BAD)]).state;
    const bare = JSON.parse(
      JSON.stringify(before, (key, value: unknown) =>
        ['addresses', 'sights', 'complete'].includes(key) ? undefined : value,
      ),
    ) as typeof before;
    const { state } = play([aReading({ at: 60, sees: [good(A)] })], EMPTY_ALLOWLIST, {
      ...bare,
      posture: before.posture,
    });
    expect(openOf(state, 'authentication')).toEqual([]);
    const worse = play(
      [aReading({ at: 60, sees: [anonymous(B)] }), aReading({ at: 120, sees: [good(A)] })],
      EMPTY_ALLOWLIST,
      {
        ...bare,
        posture: before.posture,
      },
    );
    expect(openOf(worse.state, 'authentication')).toHaveLength(1);
  });

  const turn = fc.constantFrom<readonly ObservationOverrides[]>(
    [good(A)],
    [good(B)],
    [anonymous(A)],
    [anonymous(B)],
    [good(A), anonymous(B)],
    [good(A), good(B)],
    [refused(A)],
    [refused(B), good(A)],
    [silent(A)],
    [silent(B), refused(A)],
    [{ address: A, auth: 'source-acl' }],
    [{ address: B, tls: 'absent' }],
    [notTried, good(A)],
    [notTried],
  );
  const turns = fc.array(fc.record({ sees: turn, vantage: fc.constantFrom('v1', 'v2') }), {
    minLength: 1,
    maxLength: 18,
  });

  test('property: windows are a function of the set of looks, in whatever order they came', () => {
    fc.assert(
      fc.property(turns, fc.array(fc.nat(), { minLength: 18, maxLength: 30 }), (looks, order) => {
        const readings = looks.map((l, i) => aReading({ ...l, at: i * 30 }));
        const straight = play(readings).state;
        const mixed = play([...shuffled(readings, order), ...readings]).state;
        expect(windowsOf(mixed.incidents)).toEqual(windowsOf(straight.incidents));
      }),
      { numRuns: 1000 },
    );
  });

  test('property: an authentication window closes only when every address it was bad on was seen good, closed or silent', () => {
    fc.assert(
      fc.property(turns, (looks) => {
        // Too few and too quick for the name to have stopped giving an address.
        const readings = looks.map((l, i) => aReading({ ...l, at: i * 30 }));
        const pending = new Set<string>();
        play(readings).decisions.forEach(({ state }, i) => {
          for (const o of readings[i]?.observations ?? []) {
            const key = `${o.vantage} ${o.address}`;
            if (o.auth.state === 'open-anonymous') pending.add(key);
            else if (o.auth.state === 'auth-required' || o.l4 === 'refused') pending.delete(key);
          }
          const isQuiet = readings
            .slice(0, i + 1)
            .every((r) => r.observations.every((o: Observation) => o.l4 !== 'filtered'));
          if (isQuiet && pending.size > 0) expect(openOf(state, 'authentication')).toHaveLength(1);
        });
      }),
      { numRuns: 1000 },
    );
  });

  test('property: a fold in two parts is the fold of the whole', () => {
    fc.assert(
      fc.property(turns, fc.nat(18), (looks, cut) => {
        const samples = looks.map((l, i) => {
          const reading = aReading({ ...l, at: i * 90 });
          return sampleOf(reading, judge(reading), EMPTY_ALLOWLIST, new Date(reading.at));
        });
        const first = foldSamples(EMPTY_FOLD, samples.slice(0, cut));
        expect(foldSamples(first.fold, samples.slice(cut)).fold).toEqual(foldSamples(EMPTY_FOLD, samples).fold);
      }),
      { numRuns: 1000 },
    );
  });
});
