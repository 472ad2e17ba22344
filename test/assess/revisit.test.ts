/** When a visit is no news and is merely noted, and what is noted of it. */
import { describe, expect, it } from 'vitest';
import { decide, type Decision } from '../../lib/assess/decide.ts';
import { noNews, WHOLE_EVERY_MS } from '../../lib/assess/revisit.ts';
import { EMPTY_ALLOWLIST } from '../../lib/model/allowlist.ts';
import type { Reading } from '../../lib/model/reading.ts';
import type { EndpointState } from '../../lib/model/state.ts';
import { anIncident } from '../support/builders.ts';
import { aReading, instant, type ReadingOverrides } from '../support/readings.ts';

const CLOSED = [{ l4: 'refused' }] as const;
const HOUR = WHOLE_EVERY_MS / 1_000;

function visit(at: number, over: ReadingOverrides = {}): Reading {
  return { ...aReading({ at, sees: CLOSED, ...over }), page: 'page-1' };
}
function decided(before: EndpointState | undefined, reading: Reading): Decision {
  return decide(before, reading, EMPTY_ALLOWLIST, new Date(Date.parse(reading.at) + 1_000));
}
/** Seen closed once, and once more. */
function twice(first = visit(0), second = visit(60)) {
  const before = { ...decided(undefined, first).state, version: 7 };
  return { before, reading: second, decision: decided(before, second) };
}
const told = ({ before, reading, decision }: ReturnType<typeof twice>) => noNews(before, reading, decision);

describe('a visit without news', () => {
  it('is noted as what it repeats, of which version, and when it was', () => {
    const { before, reading, decision } = twice();
    const found = noNews(before, reading, decision);
    expect(found?.revisit).toEqual({
      ...{ endpointId: 'es-1', vantage: 'v1', as: 'run-v1-0/es-1', of: 7, id: 'run-v1-60/es-1' },
      ...{ at: instant(60), recordedAt: instant(61), prior: instant(0), conclusive: true },
    });
    expect(found?.state.recent.map(({ id, unbroken }) => [id, unbroken])).toEqual([
      ['run-v1-0/es-1', undefined],
      ['run-v1-60/es-1', true],
    ]);
  });

  it('says when it began and when its configuration was read, where that is known', () => {
    const read = (at: number, began: number, declaredAt: number) =>
      visit(at, { began, endpoint: { source: 'aws', declaredAt: instant(declaredAt) } });
    expect(told(twice(read(0, -5, -10), read(60, 55, 50)))?.revisit).toMatchObject({
      ...{ began: instant(55), declaredAt: instant(50) },
    });
  });

  it('is not conclusive where it concluded nothing, and says of no look before it where none is kept', () => {
    const over = { sees: [{ l4: 'filtered', gap: 'no-answer' }] } as const;
    expect(told(twice(visit(0, over), visit(60, over)))?.revisit).not.toHaveProperty('conclusive');
    const { before, reading, decision } = twice();
    const { views: _, ...early } = before;
    const { views: __, ...state } = decision.state;
    expect(noNews(early, reading, { ...decision, state })?.revisit).not.toHaveProperty('prior');
    const others = { ...decision, state: { ...state, views: {} } };
    expect(noNews({ ...before, views: {} }, reading, others)?.revisit).not.toHaveProperty('prior');
  });

  it('repeats what is stored, and not what is only noted', () => {
    const { before, reading, decision } = twice();
    const noted = noNews(before, reading, decision)?.state;
    const third = visit(120);
    const found = noNews(noted, third, decided(noted, third));
    expect(found?.revisit).toMatchObject({ as: 'run-v1-0/es-1', id: 'run-v1-120/es-1', prior: instant(60) });
  });
});

describe('a visit is news', () => {
  it('where nothing is known of it, where its state has no page, and where nothing changed', () => {
    const { before, reading, decision } = twice();
    expect(noNews(undefined, reading, decision)).toBeUndefined();
    const { page: _, ...unpaged } = before;
    const { page: __, ...state } = decision.state;
    expect(noNews(unpaged, reading, { ...decision, state })).toBeUndefined();
    expect(noNews(before, reading, { ...decision, changed: false })).toBeUndefined();
  });

  it('where anything is owed for it', () => {
    const { before, reading, decision } = twice();
    const odd = (over: object) => noNews(before, reading, { ...decision, ...over });
    for (const key of ['lines', 'transitions', 'notices', 'incidents']) {
      expect(odd({ [key]: [{}] }), key).toBeUndefined();
    }
    // Nothing makes up for it.
    expect(odd({ lines: [{}], transitions: [{}] })).toBeUndefined();
    expect(odd({ lines: [{}], notices: [{}] })).toBeUndefined();
    expect(odd({ lines: [{}], incidents: [{}] })).toBeUndefined();
    expect(odd({})).toBeDefined();
  });

  it('while an incident is open, and not once it is over', () => {
    const { before, reading, decision } = twice();
    const among = (status: 'open' | 'closed') => {
      const incidents = [anIncident({ status: 'closed' }), anIncident({ id: 'other', status })];
      return noNews({ ...before, incidents }, reading, { ...decision, state: { ...decision.state, incidents } });
    };
    expect([among('open'), among('closed') === undefined]).toEqual([undefined, false]);
  });

  it('an hour and more after what it repeats: a state is written whole that often', () => {
    expect(HOUR).toBe(3_600);
    expect(told(twice(visit(0), visit(HOUR)))).toBeDefined();
    expect(told(twice(visit(0), visit(HOUR + 1)))).toBeUndefined();
  });

  it('where it saw something else, where nobody went, or where it is older than all that is kept', () => {
    expect(told(twice(visit(0), visit(60, { sees: [{ l4: 'unreachable' }], vantage: 'v2' })))).toBeUndefined();
    const news = { unvisited: true, sees: [] } as const;
    expect(told(twice(visit(0, news), visit(60, news)))).toBeUndefined();
    expect(told(twice(visit(60), visit(0)))).toBeUndefined();
    const { before, decision } = twice();
    expect(noNews(before, visit(61), decision)).toBeUndefined();
  });

  it('where the state with it noted would say anything else', () => {
    const { before, reading, decision } = twice();
    const state = { ...decision.state, gapSince: instant(1) };
    expect(noNews(before, reading, { ...decision, state })).toBeUndefined();
    const base = { ...decision.state.base, silence: { v9: { since: instant(0), count: 2 } } };
    const folded = { ...decision.state, base, recent: [...decision.state.recent] };
    expect(noNews(before, reading, { ...decision, state: folded })).toBeUndefined();
    // However it is kept: the same samples, folded or not, are no news.
    const kept = { ...decision.state, recent: [...decision.state.recent] };
    expect(noNews(before, reading, { ...decision, state: kept })).toBeDefined();
  });
});
