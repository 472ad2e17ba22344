/** What was repaired and did not hold, evidence-and-alerts.md section 3.5. */
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { MAX_RECENT } from '../../lib/assess/decide.ts';
import { SIGHTS } from '../support/histories.ts';
import {
  aReading,
  anAllowance,
  anAllowlist,
  instant,
  type Played,
  play,
  type ReadingOverrides,
} from '../support/readings.ts';

const ALLOWED = anAllowlist(anAllowance());
const BAD = SIGHTS.anonymous;
const HALF_HOUR = 1_800;

function run(...steps: readonly ReadingOverrides[]): Played {
  return play(steps.map(aReading), ALLOWED);
}

function kinds({ decisions }: Played): readonly (readonly string[])[] {
  return decisions.map((d) => d.notices.map((n) => `${n.kind} ${n.key.split('/').at(-1)}`));
}

describe('bad again', () => {
  test('within half an hour of its end it is the same incident, counted, and told again', () => {
    const played = run({}, { at: 60, sees: BAD }, { at: 120 }, { at: 120 + HALF_HOUR, sees: BAD });
    expect([...played.stored.values()]).toMatchObject([
      {
        openSeq: 1,
        status: 'open',
        start: { lower: instant(0), upper: instant(60) },
        reopened: { count: 1, last: [instant(120 + HALF_HOUR)] },
      },
    ]);
    expect([...played.stored.values()][0]).not.toHaveProperty('closed');
    expect(kinds(played)).toEqual([[], ['opened 1'], ['closed 1'], ['opened 2']]);
    expect(played.decisions.at(-1)?.notices[0]?.lines.join('\n')).toContain('reopened once');
  });

  test('a second later it is another', () => {
    const { stored } = run({}, { at: 60, sees: BAD }, { at: 120 }, { at: 121 + HALF_HOUR, sees: BAD });
    expect([...stored.values()].map((i) => `${i.openSeq} ${i.status}`)).toEqual(['1 closed', '2 open']);
  });

  test('it is one window also where a late look shows that another had begun too soon: that one goes on with it', () => {
    const bad = { sees: BAD };
    const good = Array.from({ length: 30 }, (_, i) => ({ at: 120 + i * 20 }));
    const steps = [{}, { at: 60, ...bad }, ...good, { at: 1_950, ...bad }, { at: 1_900, ...bad }];
    const { stored } = run(...steps);
    expect([...stored.values()].map((i) => `${i.openSeq} ${i.closed?.cause ?? i.status}`)).toEqual([
      '1 merged',
      '2 open',
    ]);
    expect([...stored.values()][1]?.start).toEqual({ lower: instant(0), upper: instant(60) });
  });

  test('after a deletion it is another: what comes is of another life', () => {
    const { stored } = run({}, { at: 60, sees: BAD }, { at: 120, deleted: true, sees: [] }, { at: 180, sees: BAD });
    expect([...stored.values()].map((i) => `${i.openSeq} ${i.status}`)).toEqual(['1 closed', '2 open']);
  });

  test('it is the same also where more was seen meanwhile than a state remembers', () => {
    const good = Array.from({ length: MAX_RECENT * 2 }, (_, i) => ({ at: 120 + i * 20 }));
    const { stored } = run({}, { at: 60, sees: BAD }, ...good, { at: 1_900, sees: BAD });
    expect([...stored.values()].map((i) => `${i.openSeq} ${i.status}`)).toEqual(['1 open']);
  });

  test('what is over for good leaves the state', () => {
    const { state } = run({}, { at: 60, sees: BAD }, { at: 120 }, { at: 2_000 }, { at: 2_700 }, { at: 3_400 });
    expect(state.incidents).toEqual([]);
    expect(state.base.rested).toBeUndefined();
  });

  test('property: whatever the order, windows of one protection end more than half an hour apart, or are one', () => {
    const waits = fc.array(fc.tuple(fc.integer({ min: 1, max: 2_500 }), fc.boolean()), { minLength: 2, maxLength: 20 });
    fc.assert(
      fc.property(waits, (looks) => {
        let at = 0;
        const steps = looks.map(([wait, isBad]) => {
          at += wait;
          return isBad ? { at, sees: BAD } : { at };
        });
        const mine = [...run(...steps).stored.values()].toSorted((a, b) => a.openSeq - b.openSeq);
        // The naive account of it: each spell of bad looks, joined where the good one before is near.
        const spells: { from: number; until?: number; again: number }[] = [];
        for (const step of steps) {
          const last = spells.at(-1);
          const isOpen = last !== undefined && last.until === undefined;
          if (!('sees' in step)) {
            if (isOpen) last.until = step.at;
          } else if (last?.until !== undefined && step.at - last.until <= HALF_HOUR) {
            delete last.until;
            last.again++;
          } else if (!isOpen) spells.push({ from: step.at, again: 0 });
        }
        const account = mine.map((i) => [i.start.upper, i.closed?.upper, i.reopened?.count ?? 0]);
        const naive = spells.map(({ from, until, again }) => {
          return [instant(from), until === undefined ? undefined : instant(until), again];
        });
        expect(account).toEqual(naive);
      }),
      { numRuns: 500 },
    );
  });
});

describe('flapping: more than three times in an hour', () => {
  /** A minute bad, a minute good. */
  function flaps(count: number, ...more: readonly ReadingOverrides[]): Played {
    const steps = Array.from({ length: count }, (_, i) => [{ at: 60 + i * 120, sees: BAD }, { at: 120 + i * 120 }]);
    return run({}, ...steps.flat(), ...more);
  }

  test('is one notice of its own, and no more openings and endings until it stays shut for half an hour', () => {
    const played = flaps(8, { at: 2_700 }, { at: 2_820 }, { at: 3_000 });
    expect(kinds(played).flat()).toEqual([
      ...['opened 1', 'closed 1', 'opened 2', 'closed 2', 'opened 3', 'closed 3', 'opened 4', 'closed 4'],
      ...['flapping 1', 'closed 5'],
    ]);
    const last = played.decisions.findIndex((d) => d.notices.some((n) => n.key.endsWith('closed/5')));
    expect(played.decisions[last]?.state.lastReadingAt).toBe(instant(2_820));
    expect(played.stored.size).toBe(1);
    expect([...played.stored.values()]).toMatchObject([
      { status: 'closed', start: { upper: instant(60) }, closed: { upper: instant(960) }, reopened: { count: 7 } },
    ]);
  });

  test('a deletion ends it at once: nothing will look again', () => {
    const played = flaps(5, { at: 700, sees: BAD }, { at: 760, deleted: true, sees: [] });
    expect(kinds(played).at(-1)).toEqual(['closed 5']);
  });

  test('what gets worse meanwhile pages all the same', () => {
    const partial = SIGHTS['anonymous session'];
    const steps = Array.from({ length: 5 }, (_, i) => [{ at: 60 + i * 120, sees: partial }, { at: 120 + i * 120 }]);
    const played = run({}, ...steps.flat(), { at: 700, sees: BAD });
    expect(kinds(played).at(-1)).toEqual(['worsened 1']);
  });

  test('every opening and ending has its line in the ledger all the same', () => {
    const lines = flaps(6).decisions.flatMap((d) => d.lines.filter((l) => l.kind === 'transition'));
    expect(lines.map((l) => l.body['kind'])).toEqual(Array.from({ length: 6 }, () => ['opened', 'closed']).flat());
  });
});
