/** The fold by example: what opens a window, what it says, and what ends it. */
import { describe, expect, test } from 'vitest';
import { foldSamples, windowsOf } from '../../lib/assess/fold.ts';
import type { Sample, SampleFact, Window } from '../../lib/model/state.ts';
import { instant } from '../support/readings.ts';
import { aSample, declared, EXPOSED, folded, observed, REACHABLE, windowsFor } from '../support/samples.ts';

const bad = (at: number, over: Partial<Sample> = {}): Sample => aSample(at, [observed('authentication', 'off')], over);
const good = (at: number, over: Partial<Sample> = {}): Sample => aSample(at, [observed('authentication', 'on')], over);
const shut = (at: number, over: Partial<Sample> = {}): Sample => aSample(at, [observed('network', 'on')], over);

const ends = (windows: readonly Window[]): unknown[] => windows.map(({ closed }) => closed?.cause ?? 'open');

describe('a window', () => {
  test('says all that the visit said that opened it', () => {
    const fact = observed('authentication', 'off', { allowances: ['a1'], evidence: 'anyone may read it' });
    const opening = aSample(60, [fact], { began: instant(50), context: EXPOSED });
    expect(windowsFor('authentication', good(0, { began: instant(-10) }), opening)).toEqual([
      {
        protection: 'authentication',
        basis: 'observed',
        origin: 'removed',
        from: 'on',
        to: 'off',
        startLower: instant(-10),
        startUpper: instant(60),
        detectedAt: instant(61),
        lastBadAt: instant(50),
        allowances: ['a1'],
        evidence: 'anyone may read it',
        worst: EXPOSED,
      },
    ]);
  });

  test('is gone from the fold only half an hour after its end, and told then', () => {
    const first = folded(bad(0), good(60));
    expect(first.fold).toMatchObject({ upTo: instant(60), open: [], rested: [{ closed: { cause: 'fixed' } }] });
    expect(first.closed).toEqual([]);
    const stays = foldSamples(first.fold, [good(1_860)]);
    expect([stays.closed, stays.fold.rested]).toEqual([[], first.fold.rested]);
    const gone = foldSamples(first.fold, [good(1_861)]);
    expect(gone.closed).toEqual(first.fold.rested);
    expect(gone.fold).not.toHaveProperty('rested');
    expect(gone.fold).not.toHaveProperty('declaredAt');
  });

  test('is told with all others: those over for good, those that may go on, those that are open', () => {
    const later = aSample(5_060, [observed('tls', 'off'), observed('authentication', 'on')]);
    const all = folded(bad(0), good(60), bad(5_000), later);
    expect([all.closed, all.fold.rested ?? [], all.fold.open].map((w) => w.length)).toEqual([1, 1, 1]);
    expect(windowsOf(all).map((w) => [w.protection, w.closed?.upper])).toEqual([
      ['authentication', instant(60)],
      ['authentication', instant(5_060)],
      ['tls', undefined],
    ]);
    expect(windowsOf(folded(bad(0)))).toHaveLength(1);
  });

  test('keeps its worst level and evidence, and moves on with the visit that began last', () => {
    const half = observed('authentication', 'partial', { evidence: 'half' });
    const [window] = windowsFor('authentication', bad(0, { context: EXPOSED }), aSample(60, [half]));
    expect(window).toMatchObject({ to: 'off', evidence: 'authentication is off', lastBadAt: instant(60) });
    const graver = bad(120, { began: instant(30), context: EXPOSED });
    const [worse] = windowsFor('authentication', aSample(0, [half]), aSample(60, [half]), graver);
    expect(worse).toMatchObject({
      to: 'off',
      evidence: 'authentication is off',
      lastBadAt: instant(60),
      worst: EXPOSED,
    });
    const other = observed('authentication', 'off', { evidence: 'again' });
    const [same] = windowsFor('authentication', bad(0), aSample(60, [other]));
    expect(same).toMatchObject({ evidence: 'authentication is off' });
  });

  test('of a removal and a first sight in one visit is the removal, at the weaker level of both', () => {
    const before = aSample(0, [declared('authentication', 'on')]);
    const both = [observed('authentication', 'off', { evidence: 'seen' }), declared('authentication', 'partial')];
    for (const facts of [both, both.toReversed()]) {
      expect(windowsFor('authentication', before, aSample(60, facts))).toMatchObject([
        { basis: 'declared', origin: 'removed', from: 'on', to: 'off', startLower: instant(0) },
      ]);
    }
  });

  test('of two first sights, or two removals, is of the weaker one', () => {
    const facts = [declared('tls', 'partial', { floor: 'on' }), observed('tls', 'off')];
    for (const order of [facts, facts.toReversed()]) {
      const [window] = windowsFor('tls', aSample(0, order));
      expect(window).toMatchObject({ basis: 'observed', origin: 'adoption', to: 'off', evidence: 'tls is off' });
      expect(window).not.toHaveProperty('from');
    }
  });

  test('says which allowances lapsed, and only where it is their end that opened it', () => {
    const allowed = observed('network', 'off', { floor: 'off', allowances: ['a1', 'a2'] });
    const [lapsed] = windowsFor('network', aSample(0, [allowed]), aSample(60, [observed('network', 'off')]));
    expect(lapsed).toMatchObject({ origin: 'no-longer-allowed', lapsed: ['a1', 'a2'], startLower: instant(0) });
    expect(lapsed).not.toHaveProperty('from');
    const half = observed('network', 'partial', { floor: 'off', allowances: ['a1'] });
    const [removed] = windowsFor('network', aSample(0, [half]), aSample(60, [observed('network', 'off')]));
    expect(removed).toMatchObject({ origin: 'removed', from: 'partial' });
    expect(removed).not.toHaveProperty('lapsed');
  });
});

describe('a window ends', () => {
  test.each<[string, Sample, string]>([
    ['seen good', good(60), 'fixed'],
    ['behind a closed door', shut(60), 'closed-to-us'],
    ['behind a door that is merely half closed', aSample(60, [observed('network', 'partial')]), 'open'],
    ['where another vantage sees it good', good(60, { vantage: 'v2' }), 'open'],
    ['where another vantage finds the door closed', shut(60, { vantage: 'v2' }), 'open'],
    ['where the configuration says that the door is closed', aSample(60, [declared('network', 'on')]), 'open'],
    ['where the configuration says that it is good', aSample(60, [declared('authentication', 'on')]), 'open'],
    ['where nothing was learned', aSample(60, []), 'open'],
    ['gone, says the API', aSample(60, [], { deleted: true }), 'deleted'],
    ['gone, says the API, and seen good', good(60, { deleted: true }), 'deleted'],
    ['gone, says the API, and yet it answers', bad(60, { deleted: true }), 'open'],
  ])('%s', (_, step, cause) => {
    expect(ends(windowsFor('authentication', bad(0), step))).toEqual([cause]);
  });

  test('a closed door does not speak for what was seen behind it in the same visit', () => {
    const both = aSample(60, [observed('network', 'on'), observed('authentication', 'off')]);
    expect(ends(windowsFor('authentication', bad(0), both))).toEqual(['open']);
  });

  test('by what is said of its own protection alone, and is no worse for another', () => {
    const half = aSample(0, [observed('tls', 'partial')]);
    for (const other of [good(60), bad(60)]) {
      const [window, ...more] = windowsFor('tls', half, other);
      expect([window?.closed, window?.to, window?.lastBadAt, more]).toEqual([undefined, 'partial', instant(0), []]);
    }
  });

  test('from its last bad look to its first good one', () => {
    expect(windowsFor('authentication', bad(0), bad(60, { began: instant(50) }), good(120))).toMatchObject([
      { closed: { lower: instant(50), upper: instant(120), cause: 'fixed' } },
    ]);
  });

  test('on a deletion for every vantage that did not see it just now, and for the configuration', () => {
    const open = [
      bad(0),
      bad(10, { vantage: 'v2' }),
      aSample(20, [declared('authentication', 'off', { floor: 'on' })]),
    ];
    const facts = [observed('authentication', 'off'), declared('authentication', 'off', { floor: 'on' })];
    const gone = aSample(60, facts, { deleted: true });
    expect(ends(windowsFor('authentication', ...open, gone))).toEqual(['open']);
    expect(ends(windowsFor('authentication', ...open, gone, good(120)))).toEqual(['fixed']);
  });

  test('and what its protection once was is remembered beyond a deletion and a closed door', () => {
    const last = [bad(180, { id: 'last' })];
    const deleted = windowsFor('authentication', good(0), aSample(60, [], { deleted: true }), ...last);
    expect(deleted).toMatchObject([{ origin: 'removed', from: 'on', startLower: instant(60) }]);
    expect(windowsFor('authentication', good(0), shut(60), ...last)).toMatchObject([{ startLower: instant(60) }]);
    // A door that is open says nothing of what is behind it.
    const open = aSample(60, [observed('network', 'off', { floor: 'off' })]);
    expect(windowsFor('authentication', good(0), open, ...last)).toMatchObject([{ startLower: instant(0) }]);
  });

  test('where an address that was bad is closed and the other is good, though no visit saw both at once', () => {
    const badA = bad(0, { sights: [{ address: 'A', levels: { authentication: 'off' } }] });
    const badTls = observed('tls', 'off');
    const closedA = aSample(60, [badTls], { sights: [{ address: 'A', levels: { network: 'on' } }] });
    const goodB = good(120, { sights: [{ address: 'B', levels: { authentication: 'on' } }] });
    expect(ends(windowsFor('authentication', badA, goodB))).toEqual(['open']);
    expect(ends(windowsFor('authentication', badA, closedA, goodB))).toEqual(['fixed']);
  });

  test('once for good where a deletion ended it: what comes is another', () => {
    const again = windowsFor('authentication', bad(0), aSample(60, [], { deleted: true }), bad(120));
    expect(ends(again)).toEqual(['deleted', 'open']);
    expect(again[1]).not.toHaveProperty('reopened');
  });
});

describe('an allowance that came later', () => {
  const later = observed('network', 'off', { floor: 'off', allowances: ['later'] });
  const found = aSample(0, [observed('network', 'off')]);
  const unconfirmed = { ...REACHABLE, verdict: { ...REACHABLE.verdict, confirmed: false } };
  const after = (facts: readonly SampleFact[], over: Partial<Sample> = {}): unknown[] =>
    ends(windowsFor('network', found, aSample(60, [...facts, later], over)));

  test.each<[string, readonly SampleFact[], Partial<Sample>, string]>([
    ['accepts what was found open', [], {}, 'accepted'],
    ['accepts nothing while strangers are let in', [], { context: EXPOSED }, 'open'],
    ['accepts nothing where the same visit was let in', [observed('authentication', 'off')], {}, 'open'],
    ['accepts what asks for credentials, if weakly', [observed('authentication', 'partial')], {}, 'accepted'],
    [
      'accepts nothing that anyone may copy',
      [declared('sharing', 'off', { floor: 'on' })],
      { context: unconfirmed },
      'open',
    ],
    [
      'accepts nothing that a policy opens',
      [declared('access-policy', 'off', { floor: 'on' })],
      { context: unconfirmed },
      'open',
    ],
    ['accepts what a probe knows better', [declared('access-policy', 'off', { floor: 'on' })], {}, 'accepted'],
    [
      'accepts what is shared in part',
      [declared('sharing', 'partial', { floor: 'on' })],
      { context: unconfirmed },
      'accepted',
    ],
    [
      'accepts what is shared and was always allowed',
      [declared('sharing', 'off')],
      { context: unconfirmed },
      'accepted',
    ],
    [
      'accepts what is only configured without audit',
      [declared('audit-log', 'off', { floor: 'on' })],
      { context: unconfirmed },
      'accepted',
    ],
  ])('%s', (_, facts, over, cause) => {
    expect(after(facts, over)).toEqual([cause]);
  });

  test('accepts nothing while another vantage was let in, and all once it is not any more', () => {
    const allowed = (at: number) => aSample(at, [later]);
    const letIn = bad(30, { vantage: 'v2' });
    expect(ends(windowsFor('network', found, letIn, allowed(60)))).toEqual(['open']);
    expect(ends(windowsFor('network', found, letIn, good(45, { vantage: 'v2' }), allowed(60)))).toEqual(['accepted']);
    // Whether strangers are let in is asked first, in whatever order the visit tells of it.
    const mended = aSample(60, [later, observed('authentication', 'on')]);
    expect(ends(windowsFor('network', found, bad(30), mended))).toEqual(['accepted']);
  });

  test('ends it for good: what is open afterwards is another', () => {
    const again = windowsFor('network', found, aSample(60, [later]), aSample(120, [observed('network', 'off')]));
    expect(again).toMatchObject([
      { closed: { cause: 'accepted' } },
      { origin: 'no-longer-allowed', lapsed: ['later'] },
    ]);
    expect(again[1]).not.toHaveProperty('reopened');
  });
});

describe('bad again', () => {
  test.each([
    [1_860, 1, { count: 1, last: [instant(1_860)] }],
    [1_861, 2, undefined],
  ])('%d s after a window that ended at 60 s: %d in all', (at, count, reopened) => {
    const all = windowsFor('authentication', good(-60), bad(0), good(60), bad(at));
    expect(all).toHaveLength(count);
    expect(all.at(-1)?.reopened).toEqual(reopened);
    expect(all.at(-1)).not.toHaveProperty('closed');
  });

  test('it keeps its beginning, and is as bad as it was or gets', () => {
    const half = aSample(120, [observed('authentication', 'partial')]);
    expect(windowsFor('authentication', good(-60), bad(0), good(60), half)).toMatchObject([
      { startUpper: instant(0), detectedAt: instant(1), to: 'off', lastBadAt: instant(120) },
    ]);
    const other = aSample(0, [observed('authentication', 'partial')]);
    expect(windowsFor('authentication', good(-60), other, good(60), bad(120))).toMatchObject([{ to: 'off' }]);
  });

  test('ten times over, it is counted ten times and the last eight are told', () => {
    const turns = Array.from({ length: 11 }, (_, i) => [bad(i * 120), good(i * 120 + 60)]).flat();
    const [window, ...others] = windowsFor('authentication', ...turns);
    const last = Array.from({ length: 8 }, (_, i) => instant((i + 3) * 120));
    expect([window?.reopened, others]).toEqual([{ count: 10, last }, []]);
  });

  test('what ended beside it stays ended', () => {
    const both = aSample(0, [observed('authentication', 'off'), observed('tls', 'off')]);
    const mended = aSample(60, [observed('authentication', 'on'), observed('tls', 'on')]);
    const { fold, closed } = folded(both, mended, bad(120));
    expect(closed).toEqual([]);
    expect(fold.open.map((w) => w.protection)).toEqual(['authentication']);
    expect(fold.rested?.map((w) => w.protection)).toEqual(['tls']);
  });
});
