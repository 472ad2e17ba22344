/** News of a configuration, by a visit or by nobody's: which of them is told, and what it changes of what was seen. */
import { describe, expect, test } from 'vitest';
import { decide } from '../../lib/assess/decide.ts';
import type { Decision } from '../../lib/assess/decide.ts';
import type { Reading } from '../../lib/model/reading.ts';
import type { EndpointState } from '../../lib/model/state.ts';
import { SIGHTS } from '../support/histories.ts';
import { holding } from '../support/samples.ts';
import {
  aReading,
  anAllowance,
  anAllowlist,
  type DeclaredLevels,
  declaredLevels,
  instant,
  type ReadingOverrides,
} from '../support/readings.ts';

const ALLOWED = anAllowlist(anAllowance());
const ANONYMOUS = SIGHTS.anonymous;

/** A visit at `at` that brings the configuration as it was read at `readAt`. */
function visit(at: number, readAt: number | undefined, declared: DeclaredLevels, over: ReadingOverrides = {}): Reading {
  const read = readAt === undefined ? {} : { declaredAt: instant(readAt) };
  const endpoint = { ...read, tags: { read: String(readAt) }, declared: declaredLevels(declared) };
  return aReading({ at, ...over, endpoint: { ...endpoint, ...over.endpoint } });
}

const news = (at: number, readAt: number | undefined, declared: DeclaredLevels, over: ReadingOverrides = {}): Reading =>
  visit(at, readAt, declared, { id: `news-${at}`, sees: [], unvisited: true, ...over });

function decided(...readings: readonly Reading[]): Decision {
  let last: Decision | undefined;
  let state: EndpointState | undefined;
  for (const reading of readings) {
    last = decide(state, reading, ALLOWED, new Date(instant(10_000)));
    state = last.state;
  }
  if (last === undefined) throw new Error('no reading');
  return last;
}

const told = ({ state }: Decision) => [state.endpoint.tags['read'], state.posture.declared.network.level];

describe('the configuration that is told', () => {
  const first = visit(0, 30, { network: 'partial' });

  test.each<[string, Reading, unknown]>([
    ['is the one that was read later', visit(60, 40, { network: 'off' }), ['40', 'off']],
    ['stays where a visit brings an older one', visit(60, 20, { network: 'off' }), ['30', 'partial']],
    ['is the last to come of two that were read at once', visit(60, 30, { network: 'off' }), ['30', 'off']],
    [
      'is the last to come where nobody says when it was read',
      visit(60, undefined, { network: 'off' }),
      ['undefined', 'off'],
    ],
    ['comes with nobody visiting, where it was read later', news(60, 40, { network: 'off' }), ['40', 'off']],
    ['stays where news of it are older', news(60, 20, { network: 'off' }), ['30', 'partial']],
    ['stays where news of it are of the same moment', news(60, 30, { network: 'off' }), ['30', 'partial']],
    ['stays where nobody says when the news were read', news(60, undefined, { network: 'off' }), ['30', 'partial']],
    ['comes with a visit that is late, where it was read later', visit(-60, 40, { network: 'off' }), ['40', 'off']],
    ['stays where a visit is late and brings an older one', visit(-60, 20, { network: 'off' }), ['30', 'partial']],
    [
      'stays where what came was remembered only, from nobody knows when',
      { ...news(60, 40, { network: 'off' }), remembered: true },
      ['30', 'partial'],
    ],
  ])('%s', (_, next, expected) => {
    expect(told(decided(first, next))).toEqual(expected);
  });

  test('is the first that was read where none was before', () => {
    const before = visit(0, undefined, { network: 'partial' });
    expect(told(decided(before, news(60, 40, { network: 'off' })))).toEqual(['40', 'off']);
    expect(told(decided(before, visit(60, 40, { network: 'off' })))).toEqual(['40', 'off']);
    // News of which nobody says when they were read are not known to be newer.
    expect(told(decided(before, news(60, undefined, { network: 'off' })))).toEqual(['undefined', 'partial']);
  });

  test('of one moment is what both know, where one of them was only remembered', () => {
    const both = visit(0, 30, { network: 'partial', tls: 'on' });
    const again = { ...visit(60, 30, { network: 'off', 'audit-log': 'on' }), remembered: true as const };
    const { declared } = decided(both, again).state.endpoint;
    expect(Object.entries(declared).map(([name, p]) => [name, p.level])).toEqual([['network', 'off']]);
    const { remembered: _, ...read } = again;
    expect(Object.keys(decided(both, read).state.endpoint.declared)).toEqual(['network', 'audit-log']);
    // Where nobody says when one of them was read, nothing shows that they are of one moment.
    const undated = { ...visit(60, undefined, { 'audit-log': 'on' }), remembered: true as const };
    expect(Object.keys(decided(both, undated).state.endpoint.declared)).toEqual(['audit-log']);
    expect(Object.keys(decided(visit(0, undefined, { tls: 'on' }), again).state.endpoint.declared)).toHaveLength(2);
    const newer = { ...visit(60, 40, { network: 'off', 'audit-log': 'on' }), remembered: true as const };
    expect(Object.keys(decided(both, newer).state.endpoint.declared)).toEqual(['network', 'audit-log']);
  });
});

describe('news that nobody went to see', () => {
  test('changes whether it is a shadow, and neither what was seen nor when it was visited last', () => {
    const seen = visit(0, 0, { network: 'off' }, { sees: ANONYMOUS });
    const { state } = decided(seen, news(60, 50, { network: 'on' }));
    expect(state).toMatchObject({
      lastReadingAt: instant(0),
      lastConclusiveAt: instant(0),
      posture: { auth: 'open-anonymous', verdict: { name: 'exposed', shadow: true } },
    });
  });

  test('is judged by what was seen: a protection that goes from an open store is as grave as the store', () => {
    const data = holding();
    const seen = visit(0, 0, { tls: 'on' }, { sees: [{ auth: 'open-anonymous', data }] });
    const { incidents } = decided(seen, news(60, 50, { tls: 'off' }));
    expect(incidents).toMatchObject([
      {
        protection: 'tls',
        origin: 'removed',
        verdict: 'exposed',
        data: { records: 100 },
        start: { upper: instant(60) },
      },
    ]);
  });

  test('first of all, is all there is', () => {
    const { state, lines } = decided(news(0, 0, { network: 'off' }));
    expect([state.lastReadingAt, state.posture.declared.network.level]).toEqual([instant(0), 'off']);
    expect(lines.map((l) => l.kind)).toContain('probe');
  });
});

describe('a visit that is too late to be folded', () => {
  const calm = [0, 700, 1_400].map((at) => visit(at, 0, { tls: 'on' }));
  const late = (readAt: number | undefined, over: Partial<Reading> = {}): Decision =>
    decided(...calm, { ...visit(100, readAt, { tls: 'off' }, { id: 'late', sees: ANONYMOUS }), ...over });

  test('brings what was read of the configuration since, as of the newest look', () => {
    const { state, incidents, lines, notices } = late(90);
    expect(incidents).toMatchObject([
      {
        protection: 'tls',
        basis: 'declared',
        start: { upper: instant(1_400) },
        lastBadAt: instant(90),
        verdict: 'reachable',
      },
    ]);
    expect(notices.map((n) => n.kind)).toEqual(['opened']);
    expect(state.recent.find((s) => s.unvisited)).toMatchObject({ id: 'late', at: instant(1_400), began: instant(90) });
    expect(state.posture.auth).toBe('auth-required');
    // What it saw is on the record all the same.
    const { body } = lines.find((l) => l.body['late'] === true) ?? { body: {} };
    expect(body).toMatchObject({ readingId: 'late', verdict: { name: 'exposed' } });
    expect(lines.map((l) => l.kind)).toEqual(['probe', 'transition', 'probe']);
  });

  test.each<[string, Decision]>([
    ['was read when nobody knows', late(undefined)],
    ['was read before what is known', late(-10)],
    ['was read when what is known was', late(0)],
    ['was only remembered', late(90, { remembered: true })],
  ])('brings nothing where it %s', (_, { incidents, lines, state }) => {
    expect(incidents).toEqual([]);
    expect(lines.map((l) => l.body['late'])).toEqual([true]);
    expect(state.recent).toHaveLength(1);
  });
});
