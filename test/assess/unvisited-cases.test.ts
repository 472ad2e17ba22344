/** Stretches without a visit, by what is remembered: when they begin, what ends them, what the ledger is told. */
import { describe, expect, it } from 'vitest';
import { lastVisit, unseenFrom, unseenSince, unvisitedLines } from '../../lib/assess/unvisited.ts';
import { EMPTY_FOLD } from '../../lib/assess/fold.ts';
import type { EndpointState, LastVisit, Sample } from '../../lib/model/state.ts';
import { aState } from '../support/builders.ts';
import { aReading, instant } from '../support/readings.ts';

const NOW = new Date(instant(9_999));
const DAY = 25 * 3_600;
const MINUTELY = { everyMs: 60_000 } as const;

function visit(at: number, over: Partial<Sample> = {}): Sample {
  const verdict = { name: 'reachable', shadow: false, confirmed: true, why: '' } as const;
  return {
    ...{ id: `s${at}`, at: instant(at), recordedAt: instant(at + 1), vantage: 'v1', alive: true, silent: false },
    ...{ deleted: false, facts: [], context: { verdict, auth: 'auth-required', proof: 2 }, ...MINUTELY },
    ...over,
  };
}
function remembering(recent: readonly Sample[], visited?: LastVisit): EndpointState {
  return { ...aState(), recent, base: { ...EMPTY_FOLD, ...(visited === undefined ? {} : { visited }) } };
}
/** What the ledger is told: kind, from, to, in seconds. */
function told(before: EndpointState | undefined, sample: Sample, shared?: true): readonly string[] {
  const reading = aReading(shared === undefined ? {} : { endpoint: { shared } });
  const seconds = (at: unknown): number => (Date.parse(at as string) - Date.parse(instant(0))) / 1_000;
  return unvisitedLines(before, sample, reading, NOW).map(
    ({ body }) => `${body['kind'] as string} ${seconds(body['from'])} ${seconds(body['to'])}`,
  );
}
const unscheduled = (at: number): Sample => {
  const { everyMs: _, ...sample } = visit(at);
  return sample;
};

describe('the last visit', () => {
  it('is when it was, how often it was due, and whether it was gone', () => {
    expect(lastVisit(EMPTY_FOLD, visit(60))).toEqual({ visited: { at: instant(60), everyMs: 60_000 } });
    expect(lastVisit(EMPTY_FOLD, unscheduled(60))).toEqual({ visited: { at: instant(60) } });
    expect(lastVisit(EMPTY_FOLD, visit(60, { deleted: true })).visited?.gone).toBe(true);
  });

  it('is the one before where nobody went', () => {
    const news = visit(60, { unvisited: true });
    expect(lastVisit(EMPTY_FOLD, news)).toEqual({});
    const visited = { at: instant(0) };
    expect(lastVisit({ ...EMPTY_FOLD, visited }, news)).toEqual({ visited });
  });

  it('holds for two intervals and a minute, or for 25 hours', () => {
    expect(unseenFrom({ at: instant(0), ...MINUTELY })).toBe(instant(180));
    expect(unseenFrom({ at: instant(0) })).toBe(instant(DAY));
    expect(unseenSince(remembering([visit(0), visit(60), visit(90, { unvisited: true })]))).toBe(instant(240));
    expect(unseenSince(remembering([visit(90, { unvisited: true })], { at: instant(0) }))).toBe(instant(DAY));
    expect(unseenSince(remembering([]))).toBeUndefined();
    expect(unseenSince(remembering([visit(0), visit(60, { deleted: true })]))).toBeUndefined();
    expect(unseenSince(remembering([], { at: instant(0), gone: true }))).toBeUndefined();
  });
});

describe('a stretch', () => {
  it('is told by the visit that ends it, in full', () => {
    const lines = unvisitedLines(remembering([visit(0)]), visit(1_000), aReading(), NOW);
    expect(lines).toEqual([
      {
        ...{ kind: 'gap', runId: 'run-v1-0', subject: 'es-1', observedAt: instant(1_000) },
        recordedAt: NOW.toISOString(),
        body: {
          ...{ kind: 'unvisited', from: instant(180), to: instant(1_000), lastVisitAt: instant(0) },
          ...{ everySeconds: 60, verdict: 'reachable' },
        },
      },
    ]);
    const [line] = unvisitedLines(remembering([unscheduled(0)]), unscheduled(DAY + 1), aReading(), NOW);
    expect(line?.body).not.toHaveProperty('everySeconds');
  });

  it.each<readonly [string, EndpointState | undefined, Sample, readonly string[]]>([
    ['none before the first visit', undefined, visit(1_000), []],
    ['none where none is remembered', remembering([]), visit(1_000), []],
    ['none until it is due', remembering([visit(0)]), visit(180), []],
    ['one a moment later', remembering([visit(0)]), visit(181), ['unvisited 180 181']],
    ['since what was folded away', remembering([], { at: instant(0), ...MINUTELY }), visit(500), ['unvisited 180 500']],
    ['none of what was gone', remembering([visit(0, { deleted: true })]), visit(500), []],
    ['none that news of the configuration ends', remembering([visit(0)]), visit(500, { unvisited: true }), []],
    [
      'that no news of it interrupts',
      remembering([visit(0), visit(100, { unvisited: true })]),
      visit(500),
      ['unvisited 180 500'],
    ],
    [
      'by the interval of the visit that ends it',
      remembering([visit(0, { everyMs: 300_000 })]),
      visit(500),
      ['unvisited 180 500'],
    ],
    [
      'by that of the one before where that says none',
      remembering([visit(0)]),
      unscheduled(500),
      ['unvisited 180 500'],
    ],
    [
      'taken back by a visit within it, and told of what is left',
      remembering([visit(0), visit(1_000)]),
      visit(500),
      ['visited-after-all 180 1000', 'unvisited 180 500', 'unvisited 680 1000'],
    ],
    [
      'taken back where nothing of it is left',
      remembering([visit(0), visit(300)]),
      visit(150),
      ['visited-after-all 180 300'],
    ],
    ['none where there was none', remembering([visit(0), visit(100)]), visit(50), []],
    [
      'as it was where another comes with the visit that ended it',
      remembering([visit(0), visit(500)]),
      visit(500, { id: 's6' }),
      [],
    ],
    ['as it was where another came just before it', remembering([visit(0), visit(500)]), visit(500, { id: 'a' }), []],
    [
      'as it was where another comes with the visit that began it',
      remembering([visit(0), visit(500)]),
      visit(0, { id: 't' }),
      [],
    ],
    [
      'none before a note of visits in between',
      remembering([visit(0), visit(900, { unbroken: true })]),
      visit(500),
      [],
    ],
  ])('%s', (_, before, sample, lines) => {
    expect(told(before, sample)).toEqual(lines);
  });

  it('is none of what stands behind a shared host', () => {
    expect(told(remembering([visit(0)]), visit(1_000), true)).toEqual([]);
  });
});
