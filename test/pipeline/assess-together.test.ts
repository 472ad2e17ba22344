/** Readings of one endpoint that come in one batch: one write, and nothing that would be otherwise had they come one by one. */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { EMPTY_ALLOWLIST } from '../../lib/model/allowlist.ts';
import type { Reading } from '../../lib/model/reading.ts';
import type { StateStore } from '../../lib/model/store.ts';
import { assess, assessTogether } from '../../lib/pipeline/assess.ts';
import { memoryStore } from '../../lib/stores/memory.ts';
import { readingsOf, shortHistory } from '../support/histories.ts';
import { aReading } from '../support/readings.ts';

const NOW = new Date('2026-12-04T12:00:00.000Z');
const SINKS = ['page', 'chat'];

/** How often it was written to, and with what: `conflict` as often as somebody else came first. */
function counting(conflicts = 0): { readonly store: StateStore; readonly commits: () => number } {
  const store = memoryStore({ sinks: SINKS });
  let [commits, left] = [0, conflicts];
  return {
    commits: () => commits,
    store: {
      ...store,
      async commit(commit) {
        commits++;
        return left-- > 0 ? 'conflict' : store.commit(commit);
      },
    },
  };
}

const together = (readings: readonly Reading[], store: StateStore) =>
  assessTogether(readings, store, EMPTY_ALLOWLIST, () => NOW);
const alone = (reading: Reading, store: StateStore) => assess(reading, store, EMPTY_ALLOWLIST, () => NOW);

async function told(store: StateStore, [reading]: readonly Reading[]) {
  const { version: _, ...state } = (await store.read(reading?.endpoint.id ?? '')) ?? { version: 0 };
  const [ledger, incidents] = [await all(store.ledger()), await all(store.incidents())];
  const owed = await store.outbox.due('9999-12-31T23:59:59.999Z', 10_000);
  return { state, ledger, incidents, owed: owed.toSorted((a, b) => (keyOf(a) < keyOf(b) ? -1 : 1)) };
}
async function all<T>(items: AsyncIterable<T>): Promise<readonly T[]> {
  const found: T[] = [];
  for await (const item of items) found.push(item);
  return found;
}
const keyOf = ({ notice, sink }: { notice: { key: string }; sink: string }): string => `${notice.key} ${sink}`;

describe('readings of one endpoint in one batch', () => {
  it('that change nothing are one write, however many they are', async () => {
    const { store, commits } = counting();
    const quiet = Array.from({ length: 10 }, (_, i) => aReading({ at: i, sees: [{}] }));
    await alone(aReading({ at: -1, sees: [{}] }), store);
    await together(quiet, store);
    expect(commits()).toBe(2);
    const state = await store.read(quiet[0]?.endpoint.id ?? '');
    expect(state?.recent).toHaveLength(11);
    expect(state?.version).toBe(2);
  });

  it('that are known already are no write', async () => {
    const { store, commits } = counting();
    const readings = [aReading({ at: 1, sees: [{}] }), aReading({ at: 2, sees: [{}] })];
    await together(readings, store);
    await together(readings.toReversed(), store);
    expect(commits()).toBe(1);
  });

  it('are decided again on what another writer left, and told of once', async () => {
    const readings = [aReading({ at: 1, sees: [{}] }), aReading({ at: 2, sees: [{ auth: 'open-anonymous' }] })];
    const [raced, calm] = [counting(2), counting()];
    await together(readings, raced.store);
    await together(readings, calm.store);
    expect([raced.commits(), calm.commits()]).toEqual([3, 1]);
    expect(await told(raced.store, readings)).toEqual(await told(calm.store, readings));
  });

  it('that open and close within the batch are told of both', async () => {
    const { store, commits } = counting();
    const open = { auth: 'open-anonymous' } as const;
    const readings = [
      aReading({ at: 3, sees: [{}] }),
      aReading({ at: 1, sees: [{}] }),
      aReading({ at: 2, sees: [open] }),
    ];
    const { transitions } = await together(readings, store);
    expect(commits()).toBe(1);
    const ofAuthentication = transitions.filter(({ protection }) => protection === 'authentication');
    expect(ofAuthentication.map(({ kind }) => kind)).toEqual(['opened', 'closed']);
    const { ledger, owed } = await told(store, readings);
    const id = ofAuthentication[0]?.incidentId ?? '';
    expect(owed.filter(({ notice, sink }) => sink === 'page' && notice.incident.id === id)).toHaveLength(2);
    expect(JSON.stringify(ledger)).toContain(id);
  });

  it('of two endpoints are refused', async () => {
    const { store, commits } = counting();
    const other = aReading({ at: 2, sees: [{}] });
    const readings = [aReading({ at: 1, sees: [{}] }), { ...other, endpoint: { ...other.endpoint, id: 'another' } }];
    await expect(together(readings, store)).rejects.toMatchObject({ code: 'invariant' });
    expect(commits()).toBe(0);
  });

  it('end in the same state, ledger, incidents and notices as one by one, however they are parted and in whatever order they come', async () => {
    await fc.assert(
      fc.asyncProperty(
        shortHistory,
        fc.array(fc.integer({ min: 1, max: 10 }), { minLength: 20, maxLength: 20 }),
        fc.array(fc.integer({ min: 0, max: 40 }), { minLength: 20, maxLength: 20 }),
        async (looks, sizes, delays) => {
          // What came late: out of place by as much.
          const came = readingsOf(looks)
            .map((reading, i) => ({ reading, key: i + (delays[i] ?? 0) / 8 }))
            .toSorted((a, b) => a.key - b.key)
            .map(({ reading }) => reading);
          const [parted, single] = [counting(), counting()];
          for (let i = 0, n = 0; i < came.length; n++) {
            const batch = came.slice(i, i + (sizes[n] ?? 1));
            i += batch.length;
            await together(batch, parted.store);
            for (const reading of batch.toSorted((a, b) => (`${a.at} ${a.id}` < `${b.at} ${b.id}` ? -1 : 1))) {
              await alone(reading, single.store);
            }
          }
          expect(await told(parted.store, came)).toEqual(await told(single.store, came));
          expect(parted.commits()).toBeLessThanOrEqual(single.commits());
        },
      ),
      { numRuns: 200 },
    );
  });
});
