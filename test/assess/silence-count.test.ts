/** How silences are counted and when they count as closed, step by step; what becomes of incidents is in silence.test.ts. */
import { describe, expect, it } from 'vitest';
import {
  again,
  closedBy,
  closingSilence,
  closingWords,
  isClosing,
  lasted,
  type Reached,
  reaching,
  silentFact,
  stepSilence,
} from '../../lib/assess/silence.ts';
import type { Repeated, SampleContext, SampleFact } from '../../lib/model/state.ts';
import { instant } from '../support/readings.ts';

const CONTEXT: SampleContext = {
  verdict: { name: 'unknown', shadow: false, confirmed: false, why: '' },
  auth: 'undetermined',
  proof: 0,
};
const OBSERVED: SampleFact = silentFact('seen');
const DECLARED: SampleFact = { ...OBSERVED, basis: 'declared' };

function aSample(over: Partial<Reached> = {}): Reached {
  const at = over.at ?? instant(0);
  return {
    id: 's',
    at,
    recordedAt: at,
    vantage: 'v1',
    alive: true,
    silent: true,
    deleted: false,
    facts: [],
    context: CONTEXT,
    ...over,
  };
}
const since = (seconds: number, count = 1): Repeated => ({ since: instant(seconds), count });

describe('a visit', () => {
  it('that met silence counts one more for its vantage alone', () => {
    const before = { v1: since(0), v2: since(5, 2) };
    expect(stepSilence(before, aSample({ at: instant(60) }))).toEqual({ v1: since(0, 2), v2: since(5, 2) });
    expect(stepSilence({ v2: since(5, 2) }, aSample({ at: instant(60) }))).toEqual({ v1: since(60), v2: since(5, 2) });
  });

  it('that met silence while its vantage was deaf counts for nothing, and what came before it neither', () => {
    const before = { v1: since(0, 2), v2: since(5, 2) };
    expect(stepSilence(before, aSample({ alive: false }))).toEqual({ v2: since(5, 2) });
    const none = { v2: since(5, 2) };
    expect(stepSilence(none, aSample({ alive: false }))).toBe(none);
  });

  it('that saw something ends the silence, and one that learned nothing does not', () => {
    const before = { v1: since(0, 2), v2: since(5, 2) };
    for (const alive of [true, false]) {
      const spoke = aSample({ silent: false, alive, facts: [DECLARED, OBSERVED] });
      expect(stepSilence(before, spoke)).toEqual({ v2: since(5, 2) });
      for (const facts of [[], [DECLARED]]) {
        expect(stepSilence(before, aSample({ silent: false, alive, facts }))).toBe(before);
      }
    }
    const none = { v2: since(5, 2) };
    expect(stepSilence(none, aSample({ silent: false, facts: [OBSERVED] }))).toBe(none);
  });
});

describe('silence is closed', () => {
  const enough = { v1: since(0, 3) };
  const words = 'silent 3 times over at least 120 s from v1, which reached others meanwhile';

  it('three times over two minutes, in words that say so', () => {
    expect(closingSilence(enough, aSample({ at: instant(120) }))).toBe(words);
    expect(closingWords('v1')).toBe(words);
  });

  it.each([
    ['a visit that met no silence', aSample({ at: instant(120), silent: false })],
    ['a deaf vantage', aSample({ at: instant(120), alive: false })],
    ['a shorter time', aSample({ at: instant(119) })],
    ['another vantage', aSample({ at: instant(120), vantage: 'v2' })],
  ])('not by %s', (_name, sample) => {
    expect(closingSilence(enough, sample)).toBeUndefined();
  });

  it('where the region answered since it began, or lies in none', () => {
    const answered = (seconds: number): Repeated => ({ ...since(60, 3), answeredAt: instant(seconds) });
    expect(isClosing(answered(60), instant(180))).toBe(true);
    expect(isClosing(answered(59), instant(180))).toBe(false);
    expect(isClosing(since(60, 3), instant(180))).toBe(true);
    expect(isClosing(since(60, 2), instant(600))).toBe(false);
    expect(isClosing(undefined, instant(180))).toBe(false);
  });

  it('and then the network is on, by observation, with no allowance', () => {
    expect(silentFact('why')).toEqual({
      protection: 'network',
      basis: 'observed',
      level: 'on',
      floor: 'off',
      allowances: [],
      evidence: 'why',
    });
  });
});

describe('the same once more', () => {
  it('begins at the first and is known by the last to have been answered', () => {
    const first = again(undefined, { at: instant(0), answeredAt: instant(1) });
    expect(first).toEqual({ since: instant(0), count: 1, answeredAt: instant(1) });
    expect(again(first, { at: instant(60), answeredAt: instant(50) })).toEqual({
      since: instant(0),
      count: 2,
      answeredAt: instant(50),
    });
    // toStrictEqual: a member that is there and undefined is another document.
    expect(again(first, { at: instant(60) })).toStrictEqual({ since: instant(0), count: 2 });
    expect(again(undefined, { at: instant(60) })).toStrictEqual({ since: instant(60), count: 1 });
  });

  it('has lasted when both its number and its time are reached', () => {
    expect(lasted(since(0, 3), instant(120), 3, 120_000)).toBe(true);
    expect(lasted(since(0, 2), instant(120), 3, 120_000)).toBe(false);
    expect(lasted(since(0, 3), instant(119), 3, 120_000)).toBe(false);
  });
});

describe('the region of an endpoint answered last', () => {
  it('when its configuration was read, or two minutes before something else was heard in it, whichever is later', () => {
    const sample = aSample({ at: instant(600) });
    const near = aSample({ at: instant(600), near: true });
    expect(reaching(sample, instant(100)).answeredAt).toBe(instant(100));
    expect(reaching(near, instant(100)).answeredAt).toBe(instant(480));
    expect(reaching(near, instant(500)).answeredAt).toBe(instant(500));
  });

  it('never, of what lies in no region', () => {
    const near = aSample({ near: true });
    expect(reaching(near, undefined)).toBe(near);
  });
});

describe('what is closed by silence', () => {
  it('was closed for sure when its region last answered, where that is before the visit began', () => {
    const at = instant(600);
    expect(closedBy(aSample({ at, answeredAt: instant(300) }))).toMatchObject({ at, began: instant(300) });
    expect(closedBy(aSample({ at, began: instant(500), answeredAt: instant(300) })).began).toBe(instant(300));
    for (const sample of [
      aSample({ at }),
      aSample({ at, answeredAt: at }),
      aSample({ at, answeredAt: instant(900) }),
      aSample({ at, began: instant(500), answeredAt: instant(500) }),
      aSample({ at, began: instant(500), answeredAt: instant(550) }),
    ]) {
      expect(closedBy(sample)).toBe(sample);
    }
  });
});
