/**
 * What must hold of any history: a loss that lasted is one incident and at least one page; no page is without a loss; nothing
 * recovers that did not; each window holds the instants that it is about; nothing is told twice. `npm run simulate` has more of
 * them, and longer ones.
 */
import { readdirSync, readFileSync } from 'node:fs';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { replayFile } from '../../../lib/model/replay.ts';
import { examine } from '../../support/replay-invariants.ts';
import { FAULTS_HELD, histories } from '../../support/replays.ts';

const RUNS = 2_000;
/** A quiet machine needs 20 s of it. */
const PATIENCE_MS = 300_000;
const any = histories({ endpoints: 1, minutes: 10, events: 3, faults: 2 }, FAULTS_HELD);

describe(`${RUNS} histories of whatever may happen and go wrong`, () => {
  it(
    'lose nothing, repeat nothing, invent nothing',
    async () => {
      let [owed, incidents] = [0, 0];
      const property = fc.asyncProperty(any, async (file) => {
        const examined = await examine(file);
        owed += examined.owed;
        incidents += examined.incidents.length;
        expect(examined.violations).toEqual([]);
      });
      await fc.assert(property, { numRuns: RUNS, endOnFailure: true });
      // Else they would have shown nothing.
      expect(owed).toBeGreaterThan(RUNS / 10);
      expect(incidents).toBeGreaterThan(RUNS / 2);
    },
    PATIENCE_MS,
  );

  it('are files that a person could have written', () => {
    const several = histories({ endpoints: 3, minutes: 60, events: 8, faults: 4 }, FAULTS_HELD);
    fc.assert(
      fc.property(several, (file) => {
        expect(replayFile.safeParse(file).error).toBeUndefined();
      }),
    );
  });
});

describe('histories that were judged wrongly once', () => {
  const folder = new URL('../../cases/replay/', import.meta.url);
  // deaf-twice: each of three visits fell into a vantage's own deafness, and between them it heard others.
  it.each(readdirSync(folder))('are judged right: %s', async (name) => {
    const file = replayFile.parse(JSON.parse(readFileSync(new URL(name, folder), 'utf8')));
    expect((await examine(file)).violations).toEqual([]);
  });
});

describe('a loss that nobody was told of', () => {
  it('would be found: the same history with a topic that refuses to the end', async () => {
    const [loud] = fc.sample(
      any.filter(({ endpoints, faults = [] }) => faults.length === 0 && endpoints[0]?.observed.door === 'open'),
      { numRuns: 1, seed: 7 },
    );
    if (loud === undefined) throw new Error('no such history');
    const open = { ...loud, events: [], allowances: [] };
    expect(await examine(open)).toMatchObject({ violations: [] });
    const { pages, incidents } = await examine({
      ...open,
      faults: [{ fault: 'sink-down', at: open.from, for: '10m' }],
    });
    expect(incidents.length).toBeGreaterThan(0);
    expect(pages.size).toBe(0);
  });
});
