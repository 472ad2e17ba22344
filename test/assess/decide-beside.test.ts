/** What a decision takes from beside the reading: other vantages, what it is a copy of, when somebody was last there. */
import { describe, expect, test } from 'vitest';
import { decide, foldOf } from '../../lib/assess/decide.ts';
import { EMPTY_ALLOWLIST } from '../../lib/model/allowlist.ts';
import type { Inherited, Reading } from '../../lib/model/reading.ts';
import type { EndpointState, Revisit } from '../../lib/model/state.ts';
import { withRevisits } from '../../lib/model/revisit.ts';
import { SIGHTS } from '../support/histories.ts';
import { aReading, anAllowance, anAllowlist, instant, play, type ReadingOverrides } from '../support/readings.ts';
import { holding } from '../support/samples.ts';

const ANONYMOUS = SIGHTS.anonymous;
const ALLOWED = anAllowlist(anAllowance());
const SILENT = [{ l4: 'filtered', gap: 'no-answer' }] as const;
const last = (...steps: readonly ReadingOverrides[]): EndpointState => play(steps.map(aReading), ALLOWED).state;

describe('two vantages', () => {
  test('are judged together, and what is known is as of the last of them that could tell', () => {
    const both = last({ vantage: 'v1', sees: ANONYMOUS }, { vantage: 'v2', at: 60, sees: SILENT });
    expect(both.posture.verdict).toMatchObject({ name: 'exposed', confirmed: true });
    expect(both).toMatchObject({ lastReadingAt: instant(60), lastConclusiveAt: instant(0) });
    expect(Object.keys(both.views ?? {}).toSorted()).toEqual(['v1', 'v2']);
  });

  test('are one again once nobody misses the other', () => {
    const looks = Array.from({ length: 4 }, (_, i) => ({ vantage: 'v1', at: 60 + i * 86_400 * 2 }));
    const { views, posture } = last({ vantage: 'v2', sees: [{ l4: 'refused' }] }, ...looks);
    expect(Object.keys(views ?? {})).toEqual(['v1']);
    expect(posture.verdict).toMatchObject({ name: 'reachable', confirmed: true });
  });
});

describe('a copy', () => {
  const inherited: Inherited = {
    source: { id: 'production', owner: 'search-team' },
    data: holding({ truncated: true, takenFrom: 'production' }),
  };
  const copy = (over: ReadingOverrides): Reading => ({ ...aReading(over), inherited });

  test('of data holds it: what opens is as grave, and the state says whose it is', () => {
    const { state, incidents } = decide(undefined, copy({ sees: ANONYMOUS }), EMPTY_ALLOWLIST, new Date(0));
    expect(incidents.map((i) => i.data?.takenFrom)).toEqual(['production', 'production']);
    expect(state.posture).toMatchObject({ source: inherited.source, data: { takenFrom: 'production' } });
  });

  test('seen from two vantages is one all the same', () => {
    const { state } = play([copy({ sees: ANONYMOUS }), copy({ at: 60, vantage: 'v2', sees: ANONYMOUS })]);
    expect(state.posture).toMatchObject({ source: inherited.source, data: { takenFrom: 'production' } });
  });
});

describe('a visit after long', () => {
  test('says that nobody came meanwhile, after all else that it says', () => {
    const [, second] = play(
      [{ everyMs: 60_000 }, { at: 600, everyMs: 60_000, sees: ANONYMOUS }].map(aReading),
      ALLOWED,
    ).decisions;
    expect(second?.lines.map(({ kind, body }) => [kind, body['kind']])).toEqual([
      ['probe', undefined],
      ['transition', 'opened'],
      ['gap', 'unvisited'],
    ]);
    expect(second?.notices).toHaveLength(1);
  });
});

describe('a visit that was noted as one more of the same', () => {
  const revisit: Revisit = {
    ...{ endpointId: 'es-1', vantage: 'v1', as: aReading().id, of: 0, conclusive: true },
    ...{ id: 'noted', at: instant(120), recordedAt: instant(121) },
  };

  test('and comes once more is judged by what was approved then', () => {
    const noted = withRevisits(last({}), [revisit]);
    const again = decide(noted, aReading({ at: 60 }), EMPTY_ALLOWLIST, new Date(instant(200)));
    expect(again.incidents).toEqual([]);
    // Without the note it is a visit as any, and nothing approves what it saw.
    expect(decide(last({}), aReading({ at: 60 }), EMPTY_ALLOWLIST, new Date(instant(200))).incidents).toHaveLength(1);
  });

  test('is folded with the state that it comes with', () => {
    expect(foldOf(withRevisits(last({}), [revisit])).upTo).toBe(instant(120));
  });
});
