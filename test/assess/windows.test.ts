import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { Decision } from '../../lib/assess/decide.ts';
import type { Allowlist } from '../../lib/model/allowlist.ts';
import type { DataAtRisk, DataClass } from '../../lib/model/observation.ts';
import { PROTECTIONS } from '../../lib/model/protection.ts';
import type { Reading } from '../../lib/model/reading.ts';
import { look, readingsOf, SIGHTS, shuffled } from '../support/histories.ts';
import {
  aReading,
  anAllowance,
  anAllowlist,
  anEndpoint,
  instant,
  openOf,
  type Played,
  play,
  type ReadingOverrides,
} from '../support/readings.ts';

/** Reachable and without TLS is allowed here, so that authentication alone speaks. */
const ALLOWED = anAllowlist(anAllowance());
const BAD = SIGHTS.anonymous;

function told(decision: Decision | undefined): readonly string[] {
  return (decision?.transitions ?? [])
    .filter((t) => t.protection !== undefined)
    .map((t) => `${t.kind} ${t.protection} ${t.from ?? '-'} > ${t.to}`);
}

function run(...steps: readonly ReadingOverrides[]): Played {
  return play(steps.map(aReading), ALLOWED);
}

describe('two windows that begin in one instant', () => {
  // Three visits that waited in a queue and ended in the same millisecond, each with what an earlier sweep had read.
  const readings = [
    ['a', -60, 'off'],
    ['b', -30, 'on'],
    ['c', -1, 'off'],
  ] as const;
  const atOnce = readings.map(([id, read, level]) => {
    const endpoint = { source: 'aws' as const, declaredAt: instant(read) };
    return aReading({ id, sees: [], declared: { authentication: level }, endpoint });
  });
  const later = [60, 120, 180].map((at) => aReading({ at, sees: [] }));
  const played = () => play([...atOnce, ...later]);

  test('are one incident, that went on', () => {
    const { stored } = played();
    expect([...stored.values()].map(({ openSeq, status }) => `${openSeq} ${status}`)).toEqual(['1 open']);
  });

  test('keep its name: what is looked at again is not told again', () => {
    const { decisions } = played();
    expect(decisions.slice(atOnce.length).flatMap(({ notices }) => notices.map(({ key }) => key))).toEqual([]);
    const keys = decisions.flatMap(({ notices }) => notices.map(({ key }) => key));
    expect(new Set(keys).size).toBe(keys.length);
  });
});

describe('the name of an incident', () => {
  test('comes of endpoint, protection and number alone: the same anywhere, another for the next window', () => {
    const first = run({ sees: BAD }, { at: 60 }, { at: 1_861, sees: BAD });
    const ids = [...first.stored.values()].map((i) => `${i.openSeq} ${i.id}`);
    expect(ids).toEqual(['1 37821737-2d9b-5d88-843e-77300e690387', '2 5f5a3d4c-f375-50bf-8503-d69d6df9dc2b']);
    const elsewhere = run({ endpoint: anEndpoint({ id: 'es-2' }), sees: BAD });
    expect([...elsewhere.stored.keys()]).not.toContain([...first.stored.keys()][0]);
  });

  test('stays while its bounds move', () => {
    const { stored } = run({ at: 120, sees: BAD }, { at: 60, sees: BAD }, { at: 0 }, { at: 180, sees: BAD });
    expect([...stored.values()]).toMatchObject([
      {
        origin: 'removed',
        start: { lower: instant(0), upper: instant(60) },
        lastBadAt: instant(180),
        detectedAt: instant(121), // when it was first committed, not when it was first so
      },
    ]);
  });

  test('stays with the part that came first when a late deletion splits a window', () => {
    const { stored, decisions } = run({ sees: BAD }, { at: 120, sees: BAD }, { at: 60, deleted: true, sees: [] });
    const [first, second] = [...stored.values()].toSorted((a, b) => a.openSeq - b.openSeq);
    expect(first).toMatchObject({ openSeq: 1, status: 'closed', closed: { lower: instant(0), upper: instant(60) } });
    expect(second).toMatchObject({ openSeq: 2, status: 'open', start: { upper: instant(120) } });
    expect(told(decisions.at(-1))).toEqual(['closed authentication off > deleted', 'opened authentication - > off']);
  });

  /** Accepted by an allowance for a minute, and a late look that was not. */
  const joined: ReadingOverrides = { at: 30, vantage: 'v2' };
  function accepting(...steps: readonly ReadingOverrides[]): Played {
    const list = ({ at }: Reading): Allowlist =>
      at === instant(60) || at === instant(180) ? anAllowlist(anAllowance()) : anAllowlist();
    return play(steps.map(aReading), list);
  }

  test('stays with the one still open when a late look joins two; the other is stored as merged, on record, told to nobody', () => {
    const { state, stored, decisions } = accepting({}, { at: 60 }, { at: 120 }, joined);
    expect(told(decisions.at(-1))).toEqual(['merged network off > merged']);
    expect(decisions.at(-1)?.notices).toEqual([]);
    expect(decisions.at(-1)?.lines.map((l) => [l.kind, l.body['kind']])).toEqual([
      ['probe', undefined],
      ['transition', 'merged'],
    ]);
    expect(openOf(state)).toMatchObject([{ openSeq: 2, start: { upper: instant(0) }, lastBadAt: instant(120) }]);
    expect([...stored.values()]).toMatchObject([
      { openSeq: 1, status: 'closed', closed: { lower: instant(0), upper: instant(60), cause: 'merged' } },
      { openSeq: 2, status: 'open' },
    ]);
  });

  test('stays with the first of two that are over when a late look joins them', () => {
    const { stored } = accepting({}, { at: 60 }, { at: 120 }, { at: 180 }, joined, {
      at: 185,
      vantage: 'v2',
      sees: SIGHTS.refused,
    });
    expect([...stored.values()].map((i) => `${i.openSeq} ${i.closed?.cause} ${i.closed?.upper}`)).toEqual([
      `1 fixed ${instant(185)}`,
      `2 merged ${instant(180)}`,
    ]);
  });

  test('stays though the allowance that accepts it turns out to have come with its first look', () => {
    const steps: ReadingOverrides[] = [{ sees: SIGHTS.refused }, { at: 60 }, { at: 90 }, { at: 30 }];
    const { stored, decisions } = play(steps.map(aReading), (r) =>
      r.at >= instant(60) ? anAllowlist(anAllowance()) : anAllowlist(),
    );
    expect([...stored.values()]).toMatchObject([
      {
        protection: 'network',
        openSeq: 1,
        status: 'accepted',
        start: { upper: instant(30) },
        closed: { upper: instant(60) },
      },
    ]);
    expect(told(decisions.at(-1))).toEqual(['accepted network off > accepted']);
  });

  test('ends with a look that takes away what it rested on: withdrawn, not recovered, not accepted', () => {
    const silent = [{ l4: 'filtered', gap: 'no-answer' }] as const;
    const steps: ReadingOverrides[] = [
      ...[0, 60, 120].map((at) => ({ at, sees: silent })),
      { at: 180, sees: BAD },
      { at: 90, sees: BAD },
    ];
    const { stored, decisions } = run(...steps);
    expect([...stored.values()].map((i) => `${i.protection} ${i.origin} ${i.closed?.cause}`)).toEqual([
      'network removed withdrawn',
      'authentication adoption undefined',
    ]);
    expect(decisions.at(-1)?.notices.map((n) => n.lines.slice(0, 2))).toEqual([
      [expect.stringMatching(/^\[WITHDRAWN\] network off: /), expect.stringContaining('shows that there was none')],
    ]);
  });

  test('is not left on record where its window, long closed, turns out to have been none', () => {
    const silent = [{ l4: 'filtered', gap: 'no-answer' }] as const;
    const steps: ReadingOverrides[] = [
      ...[0, 60, 120].map((at) => ({ at, sees: silent })),
      { at: 180 },
      { at: 240, sees: SIGHTS.refused },
      { at: 90 },
    ];
    const { stored, decisions } = run(...steps);
    expect([...stored.values()].map((i) => `${i.protection} ${i.status} ${i.closed?.cause}`)).toEqual([
      'network closed withdrawn',
    ]);
    expect(decisions.at(-1)?.notices).toEqual([]);
    expect(told(decisions.at(-1))).toEqual(['withdrawn network off > withdrawn']);
  });

  test('property: no two windows of one protection overlap in the store, whatever came late', () => {
    const looks = fc.array(look({ maxWait: 60 }), { minLength: 2, maxLength: 14 });
    const minutes = fc.option(fc.nat(5), { nil: undefined });
    fc.assert(
      fc.property(looks, fc.array(fc.nat(), { minLength: 14, maxLength: 20 }), minutes, (history, order, from) => {
        const list = (r: Reading): Allowlist =>
          from === undefined || r.at < instant(from * 60) ? anAllowlist() : anAllowlist(anAllowance());
        const { stored } = play(shuffled(readingsOf(history), order), list);
        const kept = [...stored.values()].filter((i) => !['merged', 'withdrawn'].includes(i.closed?.cause ?? ''));
        for (const name of PROTECTIONS) {
          const mine = kept
            .filter((i) => i.protection === name)
            .toSorted((a, b) => (a.start.upper < b.start.upper ? -1 : 1));
          mine.slice(1).forEach((next, i) => {
            expect((mine[i]?.closed?.upper ?? '9') <= next.start.upper).toBe(true);
          });
        }
      }),
      { numRuns: 1000 },
    );
  });

  test('is not given again: a window after one that is long over is another incident', () => {
    const { stored } = run({ sees: BAD }, { at: 60 }, { at: 700 }, { at: 1_861, sees: BAD });
    expect([...stored.values()].map((i) => `${i.openSeq} ${i.status}`)).toEqual(['1 closed', '2 open']);
  });

  test('stays when a late look shows that the end was none', () => {
    const late: ReadingOverrides = { at: 30, vantage: 'v2', sees: BAD };
    const { state, stored, decisions } = run({ sees: BAD }, { at: 60 }, late);
    expect(told(decisions.at(-1))).toEqual(['opened authentication - > off']);
    expect(stored.size).toBe(1);
    expect(openOf(state)).toMatchObject([{ openSeq: 1, status: 'open' }]);
  });
});

describe('what is told', () => {
  test.each([
    ['the first time', [{ sees: BAD }], ['opened authentication - > off']],
    ['not again while nothing changes', [{ sees: BAD }, { at: 60, sees: BAD }], []],
    [
      'when it steps down further',
      [{}, { at: 60, sees: SIGHTS['anonymous session'] }, { at: 120, sees: BAD }],
      ['worsened authentication partial > off'],
    ],
    ['not when it half recovers', [{ sees: BAD }, { at: 60, sees: SIGHTS['anonymous session'] }], []],
    ['its end', [{ sees: BAD }, { at: 60 }], ['closed authentication off > fixed']],
    ['not its end again', [{ sees: BAD }, { at: 60 }, { at: 90 }], []],
    [
      'start and end at once, where both were learned late',
      [{ at: 60 }, { at: 0, sees: BAD }],
      ['opened authentication - > off', 'closed authentication off > fixed'],
    ],
  ] as const)('%s', (_, steps, expected) => {
    expect(told(run(...steps).decisions.at(-1))).toEqual(expected);
  });

  test('when it gets graver, though its own level stays', () => {
    const { decisions } = play([aReading(), aReading({ at: 60, sees: BAD })]);
    expect(told(decisions.at(-1))).toEqual(['worsened network off > off', 'opened authentication on > off']);
  });

  test('an opening describes it open, also when its end is learned in the same decision', () => {
    const last = run({ at: 60 }, { at: 0, sees: BAD }).decisions.at(-1);
    expect(last?.notices.map((n) => [n.kind, n.incident.status])).toEqual([
      ['opened', 'open'],
      ['closed', 'closed'],
    ]);
    expect(last?.notices[0]?.incident).not.toHaveProperty('closed');
  });

  test('nothing is stored again that did not change', () => {
    const { decisions } = run({ sees: BAD }, { at: 60 }, { at: 120 });
    expect(decisions.map((d) => d.incidents.length)).toEqual([1, 1, 0]);
  });

  test('gravity grows with what is learned while it is open, and never falls', () => {
    const holding = (name: DataClass, records: number): DataAtRisk => ({
      objects: 1,
      records,
      classes: [{ class: name, count: 1, because: [] }],
      samples: [],
      truncated: false,
      ransomMarkers: 0,
    });
    const { decisions } = run(
      { sees: [{ auth: 'open-restricted', data: holding('operational', 10) }] },
      { at: 60, sees: [{ auth: 'open-anonymous', data: holding('credential', 2_400_000) }] },
      { at: 120, sees: [{ auth: 'open-anonymous', data: holding('operational', 10) }] },
    );
    expect(decisions.map((d) => d.incidents.map((i) => `${i.severity} ${i.score}`))).toEqual([
      ['high 72'],
      ['critical 100'],
      ['critical 100'],
    ]);
  });
});
