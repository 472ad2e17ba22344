/** Which rung an open incident is due, moment by moment; what is sent of it is in handling.test.ts. */
import { describe, expect, it } from 'vitest';
import { isAcked, isDue, remind } from '../../lib/assess/ladder.ts';
import type { Incident } from '../../lib/model/incident.ts';
import { aState, anIncident } from '../support/builders.ts';

const DETECTED = anIncident().detectedAt;
const after = (minutes: number): string => new Date(Date.parse(DETECTED) + minutes * 60_000).toISOString();
const due = (minutes: number, over: Partial<Incident> = {}) => isDue(anIncident(over), new Date(after(minutes)));
const acked = (minutes: number) => ({
  handling: { acked: { by: 'x', at: after(minutes), severity: 'critical' as const } },
});

describe('an incident that nobody acknowledged', () => {
  it.each([
    [0, undefined],
    [14.99, undefined],
    [15, 'reminder'],
    [29.99, 'reminder'],
    [30, 'escalated'],
    [1_000, 'escalated'],
  ] as const)('is due after %d minutes: %s', (minutes, rung) => {
    expect(due(minutes)).toBe(rung);
  });

  it('is due each quarter up to the hour, then each hour, and each once', () => {
    const at = (minutes: number, step: number) => due(minutes, { ladder: { since: DETECTED, step, escalated: true } });
    const firsts = [15, 30, 45, 60, 120, 180];
    for (const [i, minutes] of firsts.entries()) {
      expect([minutes, at(minutes - 0.01, i), at(minutes, i), at(minutes, i + 1)]).toEqual([
        minutes,
        undefined,
        'reminder',
        undefined,
      ]);
    }
  });

  it('is escalated once', () => {
    expect(due(45, { ladder: { since: DETECTED, step: 1 } })).toBe('escalated');
    expect(due(45, { ladder: { since: DETECTED, step: 2, escalated: true } })).toBe('reminder');
  });

  it('counts from when somebody was last alerted of it', () => {
    expect(due(60, { ladder: { since: after(46), step: 0 } })).toBeUndefined();
    expect(due(61, { ladder: { since: after(46), step: 0 } })).toBe('reminder');
    // A clock set back owes nothing.
    expect(due(-600)).toBeUndefined();
  });

  it.each<[string, Partial<Incident>, boolean]>([
    ['high', { severity: 'high' }, true],
    ['medium', { severity: 'medium' }, false],
    ['closed', { status: 'closed' }, false],
    ['approved by two for these hours', { glass: { entries: ['a'], isOver: false } }, false],
    ['approved no more', { glass: { entries: ['a'], isOver: true } }, true],
  ])('and is %s', (_name, over, isOwed) => {
    expect(due(15, over)).toBe(isOwed ? 'reminder' : undefined);
    expect(due(60 * 24, { ...over, ...acked(0) })).toBe(isOwed ? 'reminder' : undefined);
  });
});

describe('an incident that somebody acknowledged', () => {
  it('is one acknowledged since it was last alerted', () => {
    expect(isAcked(anIncident())).toBe(false);
    expect(isAcked(anIncident(acked(0)))).toBe(true);
    expect(isAcked(anIncident({ ...acked(5), ladder: { since: after(5), step: 0 } }))).toBe(true);
    expect(isAcked(anIncident({ ...acked(5), ladder: { since: after(6), step: 0 } }))).toBe(false);
  });

  it('is due four hours after that, or after the last reminder', () => {
    const FOUR = 240;
    expect([due(10 + FOUR - 0.01, acked(10)), due(10 + FOUR, acked(10))]).toEqual([undefined, 'reminder']);
    const reminded = { ...acked(10), ladder: { since: DETECTED, step: 4, remindedAt: after(100) } };
    expect([due(100 + FOUR - 0.01, reminded), due(100 + FOUR, reminded)]).toEqual([undefined, 'reminder']);
    const before = { ...acked(100), ladder: { since: DETECTED, step: 1, remindedAt: after(15) } };
    expect([due(100 + FOUR - 0.01, before), due(100 + FOUR, before)]).toEqual([undefined, 'reminder']);
  });
});

describe('reminding', () => {
  const state = (...incidents: readonly Incident[]) => ({ ...aState(), incidents });
  const at = (minutes: number) => new Date(after(minutes));

  it('writes down which rung was reached, when, and that it was escalated for good', () => {
    const { state: told, changed, incidents, notices, ...rest } = remind(state(anIncident()), 'v', at(30));
    const ladder = { since: DETECTED, step: 2, remindedAt: after(30), escalated: true } as const;
    expect(told.incidents).toEqual([anIncident({ ladder })]);
    expect([changed, incidents, notices.map(({ kind }) => kind)]).toEqual([true, told.incidents, ['escalated']]);
    expect(rest).toEqual({ transitions: [], lines: [] });
    expect(remind(told, 'v', at(45)).state.incidents[0]?.ladder).toEqual({
      ...ladder,
      step: 3,
      remindedAt: after(45),
    });
    expect(remind(state(anIncident()), 'v', at(15)).state.incidents[0]?.ladder).toEqual({
      since: DETECTED,
      step: 1,
      remindedAt: after(15),
    });
  });

  it('leaves alone what is not due, beside what is', () => {
    const [one, other] = [anIncident(), anIncident({ id: 'other', openSeq: 2, severity: 'low' })];
    const told = remind(state(other, one), 'v', at(15));
    expect(told.state.incidents[0]).toBe(other);
    expect(told.incidents.map(({ id }) => id)).toEqual([one.id]);
    expect(told.notices).toHaveLength(1);
    const nothing = remind(state(other), 'v', at(15));
    expect([nothing.changed, nothing.notices, nothing.incidents]).toEqual([false, [], []]);
  });
});
