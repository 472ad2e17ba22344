/** Windows that come and go, and incidents that no window is named for any more. */
import { describe, expect, it } from 'vitest';
import type { Named } from '../../lib/assess/windows.ts';
import type { CloseCause, Incident } from '../../lib/model/incident.ts';
import type { Window } from '../../lib/model/state.ts';
import { instant } from '../support/readings.ts';
import { aWindow, name, NOW, one, only, told } from '../support/named.ts';

describe('a window that comes and goes', () => {
  const again = (...last: readonly number[]): Partial<Window> => ({
    reopened: { count: last.length, last: last.map(instant) },
  });
  const often = again(3_600, 3_601, 3_602, 3_603);
  const flapping = name(undefined, [aWindow([60], often)], { upTo: 7_199 });

  it.each<readonly [string, Partial<Window>, number | undefined, true | undefined]>([
    ['four times within an hour', often, 7_199, true],
    ['four times, the first an hour ago', often, 7_200, undefined],
    ['three times', again(3_601, 3_602, 3_603), 7_199, undefined],
    ['never', {}, 7_199, undefined],
    ['before anything was folded', often, undefined, undefined],
  ])('%s', (_, over, upTo, isFlapping) => {
    expect(only(name(undefined, [aWindow([60], over)], upTo === undefined ? {} : { upTo })).flapping).toBe(isFlapping);
  });

  it('is told to do so once, then nothing but what is worse; its endings are told to nobody', () => {
    const at = { upTo: 7_199 };
    const shut = [aWindow([60, 7_199], often)];
    expect(told(flapping)).toEqual(['opened 1']);
    const closed = name(flapping, shut, at);
    expect(told(closed)).toEqual(['closed 1 as nobody']);
    expect(told(name(flapping, [aWindow([60, 7_199, 'accepted'], often)], at))).toEqual(['accepted 1']);
    const reopens = name(closed, [aWindow([60], often)], at);
    expect([told(reopens), only(reopens).ladder]).toEqual([['opened 1 as nobody'], undefined]);
    const worse = { ...often, glass: { entries: ['g'], isOver: true } };
    const under = name(closed, [aWindow([60, 7_199], { ...often, glass: { entries: ['g'], isOver: false } })], at);
    const worsened = name(under, [aWindow([60], worse)], at);
    expect([told(worsened), only(worsened).ladder]).toEqual([['opened 1 as worsened'], { since: NOW.toISOString() }]);
    const calm = name(name(undefined, [aWindow([60])]), [aWindow([60, 90])]);
    const begins = name(calm, [aWindow([60], often)], at);
    expect([told(begins), only(begins).ladder]).toEqual([['opened 1 as flapping'], { since: NOW.toISOString() }]);
    expect(begins.changes[0]?.incident.flapping).toBe(true);
  });

  it('and stayed shut is over at last, which is told once', () => {
    const closed = name(flapping, [aWindow([60, 7_199], often)], { upTo: 7_199 });
    const still = name(closed, [aWindow([60, 7_199], often)], { upTo: 7_199 });
    expect(told(still)).toEqual([]);
    const settled = name(closed, [], { closed: [aWindow([60, 7_199], often)], upTo: 7_199 });
    expect([told(settled), only(settled)]).toEqual([
      ['settled 1 as closed'],
      expect.not.objectContaining({ flapping: true }),
    ]);
    expect(told(name(settled, [], { closed: [aWindow([60, 7_199], often)], upTo: 7_199 }))).toEqual([]);
  });
});

describe('an incident that no window is named for any more', () => {
  const ends = ({ changes }: Named) => changes.map(({ kind, incident }) => [kind, incident.status, incident.closed]);

  it('was open: it is closed as none, between its last bad look and its first', () => {
    const none = (lower: number, upper: number) => [
      ['closed', 'closed', { lower: instant(lower), upper: instant(upper), cause: 'withdrawn' }],
    ];
    expect(ends(name(one([60]), []))).toEqual(none(60, 60));
    expect(ends(name(one([60], { lastBadAt: instant(90) }), []))).toEqual(none(90, 90));
    // A visit that began before the look that opened it.
    expect(ends(name(one([60], { lastBadAt: instant(50) }), []))).toEqual(none(50, 60));
    expect(name(one([60]), []).incidents).toEqual([]);
  });

  it.each<readonly [string, number | undefined, readonly Window[], CloseCause | undefined]>([
    ['part of another', 0, [aWindow([50, 100])], 'merged'],
    ['part of none', 0, [aWindow([130])], 'withdrawn'],
    ['part of one of another protection', 0, [aWindow([50], { protection: 'tls' })], 'withdrawn'],
    ['nobody knows how far was folded', undefined, [], 'withdrawn'],
    ['over before what is folded again', 120, [], undefined],
    ['over as what is folded again begins', 121, [], undefined],
    ['over a moment after', 119, [], 'withdrawn'],
    ['reopened in the window of another', 120, [aWindow([60], { reopened: { count: 1, last: [] } })], 'merged'],
    ['not reopened since', 120, [aWindow([60])], undefined],
    [
      'not reopened in a window that began elsewhere',
      120,
      [aWindow([50], { reopened: { count: 1, last: [] } })],
      undefined,
    ],
  ])('was over: %s', (_, base, windows, cause) => {
    const mine = only(one([60, 120]));
    // Still open, it takes the window, where there is one.
    const other: Incident = { ...only(one([40])), id: 'other', openSeq: 9 };
    const after = name([mine, other], windows, base === undefined ? {} : { base });
    const closed = { lower: instant(60), upper: instant(120), cause };
    expect(ends({ ...after, changes: after.changes.filter(({ incident }) => incident.id === mine.id) })).toEqual(
      cause === undefined ? [] : [[cause, 'closed', closed]],
    );
  });
});
