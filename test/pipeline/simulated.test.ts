/**
 * Model-based histories of 200 steps: doors that open and close, visits that come late, twice and out of order, workers that die,
 * topics that refuse, clocks that step, lists that break; against a reference that knows only what was delivered. `npm run
 * simulate -- --model` has 20,000 of them, and plays one that fails again by its seed and path.
 */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { StateStore } from '../../lib/model/store.ts';
import { memoryStore } from '../../lib/stores/memory.ts';
import { openSqliteStore } from '../../lib/stores/sqlite.ts';
import { type Counts, NOTHING, sum } from '../support/simulated/counts.ts';
import { simulated, STEPS } from '../support/simulated/play.ts';
import { SINKS } from '../support/simulated/system.ts';

const RUNS = 250;
/** Each of their commits waits for the disk. */
const RUNS_ON_DISK = 4;
/** A quiet machine needs 15 s of it. */
const PATIENCE_MS = 300_000;

describe(`${RUNS} histories of ${STEPS} steps`, () => {
  it(
    'lose nothing, repeat nothing, invent nothing, and tell all that is owed',
    async () => {
      let total: Counts = NOTHING;
      const property = simulated(STEPS, (counts) => {
        total = sum(total, counts);
      });
      await fc.assert(property, { numRuns: RUNS, endOnFailure: true });
      // Else they would have shown nothing.
      expect(total.losses).toBeGreaterThan(RUNS * 5);
      expect(total.incidents).toBeGreaterThan(RUNS);
      expect(Math.min(total.late, total.repeated, total.died, total.noted)).toBeGreaterThan(RUNS / 2);
    },
    PATIENCE_MS,
  );

  it(
    'do so on a disk too',
    async () => {
      const dirs: string[] = [];
      const onDisk = async (now: () => Date): Promise<StateStore> => {
        const dir = mkdtempSync(join(tmpdir(), 'ajar-simulated-'));
        dirs.push(dir);
        return openSqliteStore({ dir, sinks: SINKS, now });
      };
      try {
        await fc.assert(
          simulated(STEPS, () => {}, onDisk),
          { numRuns: RUNS_ON_DISK, endOnFailure: true },
        );
      } finally {
        for (const dir of dirs) rmSync(dir, { recursive: true });
      }
    },
    PATIENCE_MS,
  );
});

describe('what would go wrong is found', () => {
  const laterThan = (at: string): string => new Date(Date.parse(at) + 60_000).toISOString();
  const inMemory = (now: () => Date): StateStore => memoryStore({ sinks: SINKS, now });
  const broken: readonly (readonly [string, string, (store: StateStore) => Partial<StateStore>])[] = [
    [
      'a commit over another that came between',
      'I2',
      (store) => ({
        commit: async (commit) => {
          const { version } = (await store.read(commit.state.endpoint.id)) ?? { version: 0 };
          return store.commit({ ...commit, expected: version });
        },
      }),
    ],
    ['notices that are not kept', 'I1', (store) => ({ commit: (commit) => store.commit({ ...commit, notices: [] }) })],
    [
      'a message that was accepted and leaves again',
      'I2',
      (store) => ({
        outbox: {
          ...store.outbox,
          settle: (entry, { at }) => store.outbox.defer(entry, laterThan(at), 'as if refused'),
        },
      }),
    ],
  ];
  it.each(broken)('%s', async (_, promise, breaking) => {
    const open = async (now: () => Date): Promise<StateStore> => {
      const store = inMemory(now);
      return { ...store, ...breaking(store) };
    };
    const found = await fc.check(
      simulated(STEPS, () => {}, open),
      { numRuns: 30, seed: 1, endOnFailure: true },
    );
    expect(String(found.errorInstance)).toContain(promise);
  });
});
