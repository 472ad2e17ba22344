/** What should have been looked at by now: cells, visits and vantages, each at its bound and a moment beyond. */
import { describe, expect, it } from 'vitest';
import {
  allowedMs,
  cycleOf,
  LONGEST_PAUSE_MS,
  overdueAge,
  overdueCells,
  overdueVantages,
  overdueVisit,
  viewLasts,
} from '../../lib/assess/overdue.ts';
import type { View } from '../../lib/model/state.ts';
import { AT, aState } from '../support/builders.ts';

const MINUTE = 60_000;
const after = (ms: number): Date => new Date(Date.parse(AT) + ms);
const instant = (minutes: number): string => after(minutes * MINUTE).toISOString();

describe('a look', () => {
  it('is overdue after two intervals and a minute', () => {
    expect([allowedMs(MINUTE), allowedMs(0), LONGEST_PAUSE_MS]).toEqual([3 * MINUTE, MINUTE, 90_000_000]);
    const age = (ms: number) => overdueAge(AT, MINUTE, after(ms));
    expect([age(3 * MINUTE), age(3 * MINUTE + 1), age(-1)]).toEqual([undefined, 3 * MINUTE + 1, undefined]);
    expect(overdueAge('never', MINUTE, after(0))).toBe(Number.POSITIVE_INFINITY);
  });

  it('at a cell is asked of each by itself', () => {
    const cell = (triedAt: string) => ({ status: 'denied', triedAt, calls: 1, known: {} }) as const;
    const place = { account: '1', region: 'eu-west-1', partition: 'aws' } as const;
    const cells = { rds: cell(AT), es: cell(instant(2)), msk: cell('') };
    expect(overdueCells({ place, cells }, (one) => (one.triedAt === AT ? MINUTE : 0), after(3 * MINUTE + 1))).toEqual([
      { subject: '1/eu-west-1/rds', ageMs: 3 * MINUTE + 1 },
      { subject: '1/eu-west-1/es', ageMs: MINUTE + 1 },
      { subject: '1/eu-west-1/msk', ageMs: Number.POSITIVE_INFINITY },
    ]);
  });
});

describe('a visit', () => {
  const visiting = { isVisited: () => true, isProbed: () => true, intervalOf: () => MINUTE };
  const state = aState();

  it('is overdue where there is something to visit, a probe that does, and nobody came', () => {
    const late = after(3 * MINUTE + 1);
    const subject = state.endpoint.id;
    expect(overdueVisit(state, visiting, late)).toEqual({ subject, ageMs: 3 * MINUTE + 1 });
    expect(overdueVisit(state, visiting, after(3 * MINUTE))).toBeUndefined();
    expect(overdueVisit(state, { ...visiting, isVisited: () => false }, late)).toBeUndefined();
    expect(overdueVisit(state, { ...visiting, isProbed: () => false }, late)).toBeUndefined();
    expect(overdueVisit({ ...state, lastReadingAt: '' }, visiting, late)?.ageMs).toBe(Number.POSITIVE_INFINITY);
    const asked: unknown[] = [];
    overdueVisit(
      state,
      {
        isVisited: (one) => asked.push(one) > 0,
        isProbed: (one) => asked.push(one) > 0,
        intervalOf: (one) => asked.push(one),
      },
      late,
    );
    expect(asked).toEqual([state, state.endpoint.engine, state]);
  });
});

describe('a vantage', () => {
  const view = (at: number, prior?: number): View => ({
    ...{ at: instant(at), alive: true, looks: [] },
    ...(prior === undefined ? {} : { prior: instant(prior) }),
  });
  const late = (views: Readonly<Record<string, View>>, ms: number) =>
    overdueVantages({ ...aState(), views }, after(ms)).map(({ subject, ageMs }) => `${subject} ${ageMs}`);

  it('is waited for as long as it takes it twice and a minute, five minutes at least and a day at most', () => {
    const day = 24 * 60 * MINUTE;
    expect([1, 5 * MINUTE, 6 * MINUTE, day, day + 1].map(viewLasts)).toEqual([
      ...[11 * MINUTE, 11 * MINUTE, 13 * MINUTE, 2 * day + MINUTE, 2 * day + MINUTE],
    ]);
    expect([cycleOf(view(6, 0)), cycleOf(view(6))]).toEqual([6 * MINUTE, undefined]);
  });

  it('no longer looks where it used to and others go on', () => {
    const views = { eu: view(0, -6), us: view(30, 29) };
    expect(late(views, 13 * MINUTE)).toEqual([]);
    expect(late(views, 13 * MINUTE + 1)).toEqual([`eu ${13 * MINUTE + 1}`]);
    expect(late({ us: views.us, eu: views.eu }, 13 * MINUTE + 1)).toEqual([`eu ${13 * MINUTE + 1}`]);
  });

  it('is not missed where nobody goes on, where others looked when it did, or where it looked once', () => {
    expect(late({ eu: view(0, -6) }, 60 * MINUTE)).toEqual([]);
    expect(late({ eu: view(0, -6), us: view(0, -1) }, 60 * MINUTE)).toEqual([]);
    expect(late({ eu: view(0), us: view(30, 29) }, 40 * MINUTE)).toEqual([]);
    const { views: _, ...early } = aState();
    expect(overdueVantages(early, after(0))).toEqual([]);
  });

  it('whose last look nobody can tell is missed', () => {
    expect(late({ eu: { ...view(0, -6), at: '' }, us: view(30, 29) }, 0)).toEqual(['eu NaN']);
  });
});
