import { toAttribute, withAttributions } from '../assess/attribution.ts';
import { type Decision, decide } from '../assess/decide.ts';
import type { Allowlist } from '../model/allowlist.ts';
import { AjarError } from '../model/errors.ts';
import type { Reading } from '../model/reading.ts';
import type { EndpointState } from '../model/state.ts';
import type { StateStore } from '../model/store.ts';
import { whoDid } from './explain.ts';

/** A store that keeps refusing has more writers than it can have: say so instead of spinning. */
const MAX_ATTEMPTS = 20;

/** Folds one reading into the stored state, all or nothing. */
export async function assess(
  reading: Reading,
  store: StateStore,
  allowlist: Allowlist,
  now: () => Date,
): Promise<Decision> {
  return commitUntilDone(reading.endpoint.id, store, (before) =>
    attributed(decide(before, reading, allowlist, now()), store),
  );
}

/**
 * Decides on the stored state and commits. Whoever loses the race reads again and decides again, so two writers can
 * never lose or repeat a transition. Where there is no decision, or it changes nothing, nothing is written.
 */
export async function commitUntilDone<D extends Decision | undefined>(
  endpointId: string,
  store: StateStore,
  decideOn: (before: EndpointState | undefined) => Promise<D>,
): Promise<D> {
  for (let attempt = 0; attempt < MAX_ATTEMPTS; attempt++) {
    const before = await store.read(endpointId);
    const decision = await decideOn(before);
    if (decision?.changed !== true || (await committed(before, decision, store))) return decision;
  }
  throw new AjarError('conflict', `${endpointId}: ${MAX_ATTEMPTS} commits in a row met another writer`, {
    cure: 'is another ajar running over the same state directory?',
  });
}

async function committed(
  before: EndpointState | undefined,
  { state, lines, notices, incidents }: Decision,
  store: StateStore,
): Promise<boolean> {
  const commit = { state, expected: before?.version ?? 0, lines, notices, incidents };
  return (await store.commit(commit)) === 'committed';
}

/** The first alert names who did it where the event is at hand; it never waits for one, nor fails for the lack of one. */
async function attributed(decision: Decision, { changes }: StateStore): Promise<Decision> {
  const opened = toAttribute(decision);
  if (opened.length === 0) return decision;
  try {
    return withAttributions(decision, await whoDid(decision.state.endpoint, opened, changes));
  } catch (error) {
    if (!(error instanceof Error)) throw error;
    // Told later, as an update: who did it is searched again for every open incident that names nobody.
    return decision;
  }
}
