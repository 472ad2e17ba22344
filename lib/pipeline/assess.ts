import { type Decision, decide } from '../assess/decide.ts';
import type { Allowlist } from '../model/allowlist.ts';
import { AjarError } from '../model/errors.ts';
import type { Reading } from '../model/reading.ts';
import type { StateStore } from '../model/store.ts';

/** A store that keeps refusing has more writers than it can have: say so instead of spinning. */
const MAX_ATTEMPTS = 20;

/**
 * Folds one reading into the stored state, all or nothing. Whoever loses the race reads again and decides again,
 * so two writers can never lose or repeat a transition.
 */
export async function assess(
  reading: Reading,
  store: StateStore,
  allowlist: Allowlist,
  now: () => Date,
): Promise<Decision> {
  for (let attempt = 0; attempt < MAX_ATTEMPTS; attempt++) {
    const before = await store.read(reading.endpoint.id);
    const decision = decide(before, reading, allowlist, now());
    if (!decision.changed) return decision;
    const { state, lines, notices, incidents } = decision;
    const result = await store.commit({ state, expected: before?.version ?? 0, lines, notices, incidents });
    if (result === 'committed') return decision;
  }
  throw new AjarError('conflict', `${reading.endpoint.id}: ${MAX_ATTEMPTS} commits in a row met another writer`, {
    cure: 'is another ajar running over the same state directory?',
  });
}
