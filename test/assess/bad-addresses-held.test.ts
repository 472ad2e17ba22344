/** One look at the addresses that are held as bad: which stay, which are let go, and what is counted of each. */
import { describe, expect, test } from 'vitest';
import { type Look, MAX_BAD_ADDRESSES, type Meaning, stillBad } from '../../lib/assess/bad-addresses.ts';
import { judge } from '../../lib/assess/judge.ts';
import { sampleOf } from '../../lib/assess/sample.ts';
import type { Reached } from '../../lib/assess/silence.ts';
import { EMPTY_ALLOWLIST } from '../../lib/model/allowlist.ts';
import type { KnownLevel } from '../../lib/model/protection.ts';
import type { BadAddress, Sight } from '../../lib/model/state.ts';
import { aReading, instant } from '../support/readings.ts';

const A: BadAddress = { address: 'a', level: 'off' };
const READING = aReading();
const { sights: _, complete: _c, ...UNSEEN } = sampleOf(READING, judge(READING), EMPTY_ALLOWLIST, new Date(READING.at));
const MEANING: Readonly<Record<KnownLevel, Meaning>> = { off: 'bad', partial: 'still', on: 'ends' };

interface Case extends Partial<Reached> {
  readonly isGood?: boolean;
  readonly says?: boolean;
}

/** A look that concluded something, unless it `says` nothing of the protection. */
function after(held: readonly BadAddress[], { isGood = false, says = true, ...sample }: Case): readonly BadAddress[] {
  const meaningOf: Look['meaningOf'] = says ? (level) => MEANING[level] : undefined;
  return stillBad(held, { sample: { ...UNSEEN, ...sample }, protection: 'authentication', meaningOf, isGood });
}
const sees = (address: string, level?: KnownLevel): Sight => ({
  address,
  levels: { network: 'off', ...(level === undefined ? {} : { authentication: level }) },
});
const silent = (address: string): Sight => ({ address, levels: {}, silent: true });

describe('an address that is not held', () => {
  test.each<[string, Case, readonly BadAddress[]]>([
    ['is held once it is seen bad', { sights: [sees('a', 'off')] }, [A]],
    ['is not held for a level that ends nothing', { sights: [sees('a', 'partial')] }, []],
    ['is not held when it is good', { sights: [sees('a', 'on')] }, []],
    ['is not held when nothing is known of it', { sights: [sees('a')] }, []],
    ['is not held in a look that is good', { sights: [sees('a', 'off')], isGood: true }, []],
    ['is not held where the look says nothing', { sights: [sees('a', 'off')], says: false }, []],
    [
      'is each its own',
      { sights: [sees('a', 'off'), sees('b', 'on'), sees('c', 'off')] },
      [A, { address: 'c', level: 'off' }],
    ],
    ['is none where nothing was seen', {}, []],
  ])('%s', (_name, look, held) => {
    expect(after([], look)).toEqual(held);
  });

  test('is held beside one that is, which is not written twice', () => {
    expect(after([A], { sights: [sees('a', 'off'), sees('b', 'off')] })).toEqual([A, { address: 'b', level: 'off' }]);
    expect(after([A], { sights: [sees('a', 'off')] })).toEqual([A]);
  });

  test('is not held by a look that says nothing, whatever else is held', () => {
    expect(after([A], { sights: [sees('b', 'off')], says: false })).toEqual([A]);
  });

  test('leaves a list that no look bears on as it is', () => {
    const none: readonly BadAddress[] = [];
    expect(after(none, { says: false })).toBe(none);
    expect(after(none, { isGood: true })).toBe(none);
    expect(after([A], { says: false })).toEqual([A]);
  });
});

describe('an address that is held and given', () => {
  const once = { since: instant(0), count: 1 };
  const quiet = { ...A, silence: once };
  test.each<[string, BadAddress, Case, readonly BadAddress[]]>([
    ['is let go when its door is closed', A, { sights: [{ address: 'a', levels: { network: 'on' } }] }, []],
    ['is let go when it is good', A, { sights: [sees('a', 'on')] }, []],
    ['stays when it is neither', A, { sights: [sees('a', 'partial')] }, [A]],
    ['stays when nothing is known of it', A, { sights: [sees('a')] }, [A]],
    ['stays where the look says nothing of it, good as it may be', A, { sights: [sees('a', 'on')], says: false }, [A]],
    [
      'takes the level that it was last seen at',
      { address: 'a', level: 'partial' },
      { sights: [sees('a', 'off')] },
      [A],
    ],
    ['begins a silence', A, { sights: [silent('a')] }, [quiet]],
    [
      'is silent once more',
      quiet,
      { at: instant(60), sights: [silent('a')] },
      [{ ...A, silence: { ...once, count: 2 } }],
    ],
    [
      'is let go after enough silence',
      { ...A, silence: { ...once, count: 2 } },
      { at: instant(120), sights: [silent('a')] },
      [],
    ],
    [
      'is not let go before two minutes of it',
      { ...A, silence: { ...once, count: 2 } },
      { at: instant(119), sights: [silent('a')] },
      [{ ...A, silence: { ...once, count: 3 } }],
    ],
    [
      'is not silent to who hears nobody',
      { ...A, silence: { ...once, count: 2 } },
      { at: instant(120), alive: false, sights: [silent('a')] },
      [A],
    ],
    ['has broken its silence with a word', quiet, { sights: [sees('a')] }, [A]],
    ['has broken no silence where nobody could tell', quiet, { sights: [{ address: 'a', levels: {} }] }, [quiet]],
    ['has nothing to keep where nobody could tell', A, { sights: [{ address: 'a', levels: {} }] }, [A]],
    ['was given, so it is absent no more', { ...A, absence: once }, { sights: [sees('a')], isGood: true }, [A]],
    [
      'was given though silent, so it is absent no more',
      { ...A, absence: once },
      { sights: [silent('a')], isGood: true },
      [quiet],
    ],
  ])('%s', (_name, held, look, left) => {
    expect(after([held], look)).toEqual(left);
  });
});

describe('an address that is held and not given', () => {
  const absent = (count: number): BadAddress => ({ ...A, absence: { since: instant(0), count } });
  const good: Case = { isGood: true, complete: true, sights: [sees('b', 'on')] };
  test.each<[string, BadAddress, Case, readonly BadAddress[]]>([
    ['is counted in a good look at all that the name gave', A, good, [absent(1)]],
    ['is counted on', absent(1), { ...good, at: instant(60) }, [absent(2)]],
    ['is let go after ten in ten minutes', absent(9), { ...good, at: instant(600) }, []],
    ['is not let go a second before', absent(9), { ...good, at: instant(599) }, [absent(10)]],
    ['is not let go after nine', absent(8), { ...good, at: instant(6_000) }, [absent(9)]],
    ['is not counted in a look that is not good', absent(9), { ...good, isGood: false, at: instant(600) }, [absent(9)]],
    [
      'is not counted in a look that is not whole',
      absent(9),
      { ...good, complete: false, at: instant(600) },
      [absent(9)],
    ],
    [
      'is not counted where nobody said whether it is whole',
      absent(9),
      { isGood: true, at: instant(600) },
      [absent(9)],
    ],
    [
      'keeps its silence',
      { ...A, silence: { since: instant(0), count: 1 } },
      good,
      [{ ...absent(1), silence: { since: instant(0), count: 1 } }],
    ],
  ])('%s', (_name, held, look, left) => {
    expect(after([held], look)).toEqual(left);
  });

  test('needs no answer of its region: an absence is the word of the name, not a silence', () => {
    expect(after([A], { ...good, answeredAt: instant(0) })).toEqual([absent(1)]);
  });
});

describe('more than can be held', () => {
  const many = (count: number, level: KnownLevel = 'off'): readonly BadAddress[] =>
    Array.from({ length: count }, (_v, i) => ({ address: `a${i}`, level }));
  const full = many(MAX_BAD_ADDRESSES);
  const rest = (level: KnownLevel): BadAddress => ({ address: '*', level });
  const both = { off: 'bad', partial: 'bad', on: 'ends' } as const;
  const flooded = (held: readonly BadAddress[], ...sights: readonly Sight[]) =>
    stillBad(held, {
      sample: { ...UNSEEN, sights },
      protection: 'authentication',
      meaningOf: (level) => both[level],
      isGood: false,
    });

  test('is one entry for the rest, which no name gives', () => {
    expect(flooded(many(MAX_BAD_ADDRESSES - 1), sees('x', 'off'))).toHaveLength(MAX_BAD_ADDRESSES);
    expect(flooded(full, sees('x', 'partial'))).toEqual([...full, rest('partial')]);
    expect(flooded(full, sees('x', 'partial'), sees('y', 'partial'))).toEqual([...full, rest('partial')]);
  });

  test('is as bad as the worst of them, and its absence begins anew', () => {
    const counted = { ...rest('partial'), absence: { since: instant(0), count: 9 } };
    expect(flooded([...full, counted], sees('x', 'off'))).toEqual([...full, rest('off')]);
    expect(flooded([...full, rest('off')], sees('x', 'partial'))).toEqual([...full, rest('off')]);
    expect(flooded([counted, ...full], sees('x', 'off'))).toEqual([rest('off'), ...full]);
  });

  test('leaves room for one more as soon as one is let go, whatever the rest is', () => {
    const [, ...others] = full;
    expect(flooded([...others, rest('off')], sees('x', 'off'))).toEqual([
      ...others,
      rest('off'),
      { address: 'x', level: 'off' },
    ]);
    expect(flooded([rest('off'), ...others], sees('x', 'off')).at(-1)).toEqual({ address: 'x', level: 'off' });
  });
});
