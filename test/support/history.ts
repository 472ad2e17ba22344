/** A store that lived through readings, each committed a second after it was taken, and a pass that ended with each. */
import { EMPTY_ALLOWLIST } from '../../lib/model/allowlist.ts';
import type { StateStore } from '../../lib/model/store.ts';
import { assess } from '../../lib/pipeline/assess.ts';
import { memoryStore } from '../../lib/stores/memory.ts';
import { aReading, instant, type ReadingOverrides } from './readings.ts';

export const OPEN: ReadingOverrides = { sees: [{ auth: 'open-anonymous', tls: 'absent' }] };
/** A time-out, which decides nothing. */
export const BLIND: ReadingOverrides = { sees: [{ l4: 'filtered', gap: 'no-answer' }] };

export async function lived(
  readings: readonly ReadingOverrides[],
  store: StateStore = memoryStore({ sinks: [] }),
): Promise<StateStore> {
  for (const overrides of readings) {
    const reading = aReading(overrides);
    await assess(reading, store, EMPTY_ALLOWLIST, () => new Date(Date.parse(reading.at) + 1_000));
    await passEnded(store, (overrides.at ?? 0) + 2);
  }
  return store;
}

export async function passEnded(store: StateStore, seconds: number, probed = 1): Promise<void> {
  const at = instant(seconds);
  const body = { event: 'end', probed };
  await store.append([{ kind: 'run', runId: 'r', subject: 'r', observedAt: at, recordedAt: at, body }]);
}
