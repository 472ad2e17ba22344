/** One source's view of one protection, step by step: bad or not, since when, why it ended, and what stays known. */
import { describe, expect, it } from 'vitest';
import { beganAt, recovered, type Stepped, stepTrack, stepUnseen, trackKey } from '../../lib/assess/track.ts';
import type { Origin } from '../../lib/model/incident.ts';
import type { KnownLevel } from '../../lib/model/protection.ts';
import type { BadAddress, Sample, SampleFact, Sight, Track, Window } from '../../lib/model/state.ts';
import { instant } from '../support/readings.ts';

const A = '192.0.2.1';
const B = '192.0.2.2';

function fact(level: KnownLevel, over: Partial<SampleFact> = {}): SampleFact {
  return {
    ...{ protection: 'authentication', basis: 'observed', level, floor: 'on', allowances: [], evidence: 'seen' },
    ...over,
  };
}
function sample(at: number, over: Partial<Sample> = {}): Sample {
  const verdict = { name: 'reachable', shadow: false, confirmed: true, why: '' } as const;
  return {
    ...{ id: `s${at}`, at: instant(at), recordedAt: instant(at + 1), vantage: 'v1', alive: true, silent: false },
    ...{ deleted: false, facts: [], context: { verdict, auth: 'auth-required', proof: 2 } },
    ...over,
  };
}
type Around = Partial<{ window: Window; mayAccept: boolean }> & Partial<Sample>;
function step(before: Track | undefined, at: number, given: SampleFact, around: Around = {}): Stepped {
  const { window, mayAccept = true, ...over } = around;
  return stepTrack(before, given, { sample: sample(at, over), window, mayAccept: () => mayAccept });
}
/** The steps one after the other, a minute apart. */
function after(...facts: readonly SampleFact[]): Stepped {
  const [first, ...others] = facts as [SampleFact, ...SampleFact[]];
  return others.reduce((last, next, i) => step(last.track, (i + 1) * 60, next), step(undefined, 0, first));
}
function sights(...levels: readonly (readonly [string, KnownLevel])[]): readonly Sight[] {
  return levels.map(([address, level]) => ({ address, levels: { network: 'off', authentication: level } }));
}

describe('a track', () => {
  it('is of a vantage where it was observed, and of the configuration where it was declared', () => {
    expect(trackKey(fact('on'), 'v1')).toBe('authentication|observed|v1');
    expect(trackKey(fact('on', { basis: 'declared' }), 'v1')).toBe('authentication|declared|configuration');
  });

  it('speaks of the time from when a visit began', () => {
    expect(beganAt(sample(60, { began: instant(50) }))).toBe(instant(50));
    expect(beganAt(sample(60))).toBe(instant(60));
    expect(step(undefined, 60, fact('on'), { began: instant(50) }).track.lastGoodAt).toBe(instant(50));
  });

  it('that was never bad tells how it is, since when, and on what that rests', () => {
    expect(step(undefined, 60, fact('on', { allowances: ['a'] }))).toEqual({
      ...{ isBad: false, track: { mark: 'on', level: 'on', lastGoodAt: instant(60), allowances: ['a'] } },
    });
  });
});

describe('it is bad', () => {
  const network = (level: KnownLevel, over: Partial<SampleFact> = {}) =>
    fact(level, { protection: 'network', floor: 'off', ...over });

  it.each<readonly [string, readonly SampleFact[], Origin]>([
    ['at first sight below what is acceptable', [fact('off')], 'adoption'],
    ['below what it was', [network('on'), network('partial')], 'removed'],
    [
      'below what it was, which no entry accepts',
      [network('on'), network('partial', { allowances: ['a'] })],
      'removed',
    ],
    [
      'where an entry went that accepted it',
      [fact('partial', { floor: 'partial', allowances: ['a'] }), fact('partial')],
      'no-longer-allowed',
    ],
    [
      'where what is acceptable rose, and no entry had to accept it',
      [fact('partial', { floor: 'off' }), fact('partial')],
      'adoption',
    ],
  ])('%s', (_, facts, origin) => {
    const { isBad, track, cause } = after(...facts);
    expect([isBad, track.down?.origin, cause]).toEqual([true, origin, undefined]);
  });

  it('of early releases, which did not note what it rested on, was no longer allowed', () => {
    const { allowances: _, ...early } = after(fact('partial', { floor: 'off' })).track;
    const { track } = step(early, 60, fact('partial'));
    expect(track.down?.origin).toBe('no-longer-allowed');
    expect(track).not.toHaveProperty('allowances');
  });

  it('since the first look that saw it, until the last, and keeps its mark and when it was good', () => {
    expect(after(fact('on', { allowances: ['x'] }), fact('off', { allowances: ['y'] }), fact('partial')).track).toEqual(
      {
        ...{ mark: 'on', level: 'partial', lastGoodAt: instant(0), allowances: ['x'] },
        down: { since: instant(60), lastBadAt: instant(120), origin: 'removed', allowances: ['y'] },
      },
    );
    const first = step(undefined, 60, fact('off')).track;
    expect(first).toEqual({
      ...{ mark: 'off', level: 'off', allowances: [] },
      down: { since: instant(60), lastBadAt: instant(60), origin: 'adoption', allowances: [] },
    });
  });

  it('under what was approved when the window opened that it joins', () => {
    const window = { allowances: ['w'] } as unknown as Window;
    const { track } = step(undefined, 60, fact('off', { allowances: ['later'] }), { window });
    expect(track.down?.allowances).toEqual(['w']);
  });

  it('ends as fixed where it is as good as it was and has to be', () => {
    const { isBad, track, cause } = after(fact('on'), fact('off'), fact('on'));
    expect([isBad, cause, track]).toEqual([
      ...[false, 'fixed'],
      { mark: 'on', level: 'on', lastGoodAt: instant(120), allowances: [] },
    ]);
    expect(after(network('on'), network('off', { basis: 'observed' }), network('partial')).isBad).toBe(true);
  });

  it('and merely turned away from outside is neither bad nor over; as declared it is over', () => {
    const seen = after(network('off', { floor: 'partial' }), network('partial', { floor: 'partial' }));
    expect([seen.isBad, seen.cause, seen.track.down?.lastBadAt, seen.track.level]).toEqual([
      ...[false, undefined, instant(0), 'partial'],
    ]);
    expect(seen.track.mark).toBe('off');
    const over = { floor: 'partial', basis: 'declared' } as const;
    expect(after(network('off', over), network('partial', over)).cause).toBe('fixed');
    const closed = after(network('off', { floor: 'partial' }), network('on', { floor: 'partial' }));
    expect(closed.cause).toBe('fixed');
  });
});

describe('an entry that came later', () => {
  const plain = (level: KnownLevel, ...allowances: readonly string[]): SampleFact =>
    fact(level, { protection: 'tls', floor: allowances.length > 0 ? 'off' : 'partial', allowances });

  it('accepts what is open, unless a stranger is let in', () => {
    const open = after(plain('on'), plain('off'));
    const accepted = step(open.track, 120, plain('off', 'later'));
    expect([accepted.isBad, accepted.cause, accepted.track]).toEqual([
      ...[false, 'accepted'],
      { mark: 'off', level: 'off', lastGoodAt: instant(120), allowances: ['later'] },
    ]);
    const refused = step(open.track, 120, plain('off', 'later'), { mayAccept: false });
    expect([refused.isBad, refused.cause, refused.track.down?.lastBadAt]).toEqual([true, undefined, instant(120)]);
  });

  it('accepts nothing below its floor, and what was good without it was fixed', () => {
    const open = after(plain('on'), plain('off'));
    const below = step(open.track, 120, { ...plain('off', 'later'), floor: 'partial' });
    expect([below.isBad, below.cause]).toEqual([true, undefined]);
    expect(step(open.track, 120, plain('on', 'later')).cause).toBe('fixed');
    // Below its mark it is accepted, however acceptable in itself.
    expect(step(open.track, 120, plain('partial', 'later')).cause).toBe('accepted');
  });

  it('lowers no floor where it may not accept, and the entry that it was opened under lowers its own', () => {
    const adopted = after(plain('off'));
    const turned = (...allowances: readonly string[]) =>
      step(adopted.track, 60, plain('off', ...allowances), { mayAccept: false });
    expect([turned('later').isBad, turned().isBad]).toEqual([true, true]);
    const under = { ...adopted.track, down: { ...adopted.track.down, allowances: ['old'] } } as Track;
    expect(step(under, 60, plain('off', 'old')).cause).toBe('fixed');
    expect(step(under, 60, plain('off', 'old', 'later'), { mayAccept: false }).cause).toBe('fixed');
  });

  it('under which it was removed accepts no removal', () => {
    const under = after(plain('on', 'a'), plain('off', 'a'), plain('off', 'a'));
    expect([under.isBad, under.track.down?.allowances]).toEqual([true, ['a']]);
  });
});

describe('a mark', () => {
  const tls = (level: KnownLevel, oldTls?: 'also' | 'no') =>
    fact(level, { protection: 'tls', floor: 'off', ...(oldTls === undefined ? {} : { oldTls }) });

  it('is lowered by old versions only where it was known that they were refused', () => {
    expect(after(tls('on'), tls('partial', 'also')).isBad).toBe(false);
    expect(after(tls('on', 'no'), tls('partial', 'also')).isBad).toBe(true);
    expect(after(tls('on'), tls('partial')).isBad).toBe(true);
    expect(after(tls('on'), tls('off', 'also')).isBad).toBe(true);
    expect(after(tls('on'), tls('off', 'also')).track.down?.origin).toBe('removed');
  });

  it('is strict once they were seen refused at its best, and stays so', () => {
    expect(after(tls('on', 'no')).track.strict).toBe(true);
    for (const one of [tls('on'), tls('on', 'also'), tls('partial', 'no')]) {
      expect(after(one).track).not.toHaveProperty('strict');
    }
    expect(after(tls('on', 'no'), tls('on')).track.strict).toBe(true);
    expect(after(tls('on', 'no'), tls('off')).track.strict).toBe(true);
    expect(after(tls('off'), tls('on', 'no')).track.strict).toBe(true);
  });

  it('of before an entry accepted less for named networks comes back when no entry covers it any more', () => {
    const declared = (level: KnownLevel, within: readonly string[] = [], allowances = within) =>
      fact(level, {
        ...{ protection: 'network', basis: 'declared', floor: 'off', allowances },
        ...(within.length === 0 ? {} : { within }),
      });
    const open = after(declared('on'), declared('partial')).track;
    const lowered = step(open, 120, declared('partial', ['named'])).track;
    expect([lowered.mark, lowered.kept]).toEqual(['partial', 'on']);
    const still = step(lowered, 180, declared('partial', ['named'])).track;
    expect(still.kept).toBe('on');
    const lapsed = step(still, 240, declared('partial'));
    expect([lapsed.isBad, lapsed.track.mark, lapsed.track.down?.origin]).toEqual([true, 'on', 'no-longer-allowed']);
    expect(lapsed.track).not.toHaveProperty('kept');
    const worse = step(still, 240, declared('off', ['named'])).track;
    expect([worse.kept, worse.down?.origin]).toEqual(['on', 'removed']);
    expect(step(still, 240, declared('on', ['named'])).track).not.toHaveProperty('kept');
    expect(step(open, 120, declared('partial', [], ['whole'])).track).not.toHaveProperty('kept');
  });
});

describe('several addresses', () => {
  const bad = (): Track =>
    step(undefined, 0, fact('off'), { sights: sights([A, 'off'], [B, 'on']), complete: true }).track;

  it('are held while bad, one by one, and the track is as weak as the weakest', () => {
    expect(bad().down?.addresses).toEqual([{ address: A, level: 'off' }]);
    const other = step(bad(), 60, fact('on'), { sights: sights([B, 'on']) });
    expect([other.isBad, other.cause, other.track.level, other.track.down?.lastBadAt]).toEqual([
      ...[false, undefined, 'off', instant(0)],
    ]);
    expect(other.track.mark).toBe('on');
    expect(step(bad(), 60, fact('on'), { sights: sights([A, 'on']) }).cause).toBe('fixed');
  });

  it('of a configuration there are none', () => {
    const declared = fact('off', { basis: 'declared' });
    const { track } = step(undefined, 0, declared, { sights: sights([A, 'off']) });
    expect(track.down).not.toHaveProperty('addresses');
  });
});

describe('a look that says nothing of it', () => {
  const good: Track = { mark: 'on', level: 'on', lastGoodAt: instant(0), allowances: ['a'] };
  const down: Track = {
    ...{ mark: 'on', level: 'off', lastGoodAt: instant(0), allowances: [] },
    down: { since: instant(60), lastBadAt: instant(60), origin: 'removed', allowances: [] },
  };

  it('leaves a good one as it is; a closed door shows it good', () => {
    expect(stepUnseen(good, 'authentication', sample(60), false)).toEqual({ isBad: false, track: good });
    expect(stepUnseen(good, 'authentication', sample(60, { began: instant(55) }), true)).toEqual({
      ...{ isBad: false, track: { ...good, lastGoodAt: instant(55) } },
    });
  });

  it('leaves a bad one bad; a closed door ends it, and its marks stay', () => {
    const left = stepUnseen(down, 'authentication', sample(120), false);
    expect(left).toEqual({ isBad: false, track: down });
    expect(left.track).toBe(down);
    expect(stepUnseen(down, 'authentication', sample(120), true)).toEqual({
      ...{ isBad: false, cause: 'closed-to-us' },
      track: { mark: 'on', level: 'off', lastGoodAt: instant(120), allowances: [] },
    });
  });

  it('ends what was bad behind one address only where that one is closed', () => {
    const addresses: readonly BadAddress[] = [{ address: A, level: 'off' }];
    const held = { ...down, down: { ...down.down, addresses } } as Track;
    const shut = (address: string): Partial<Sample> => ({ sights: [{ address, levels: { network: 'on' } }] });
    expect(stepUnseen(held, 'authentication', sample(120, shut(A)), true).cause).toBe('closed-to-us');
    const other = stepUnseen(held, 'authentication', sample(120, shut(B)), true);
    expect([other.cause, other.track.down?.addresses]).toEqual([undefined, addresses]);
    const open = stepUnseen(held, 'authentication', sample(120, shut(A)), false);
    expect([open.cause, open.track.down?.addresses]).toEqual([undefined, []]);
  });

  it('and what is gone keeps all that was known of it but that it was bad', () => {
    const known: Track = { ...down, strict: true, kept: 'on' };
    expect(recovered(known, sample(120, { began: instant(110) }))).toEqual({
      ...{ mark: 'on', level: 'off', strict: true, kept: 'on', lastGoodAt: instant(110), allowances: [] },
    });
    const { allowances: _, ...early } = down;
    expect(recovered(early, sample(120))).toEqual({ mark: 'on', level: 'off', lastGoodAt: instant(120) });
  });
});
