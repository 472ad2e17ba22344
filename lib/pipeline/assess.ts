import { toAttribute, withAttributions } from '../assess/attribution.ts';
import { type Decision, decide } from '../assess/decide.ts';
import { noNews } from '../assess/revisit.ts';
import type { Allowlist } from '../model/allowlist.ts';
import { AjarError } from '../model/errors.ts';
import type { Reading } from '../model/reading.ts';
import type { EndpointState, Revisit } from '../model/state.ts';
import type { StateStore } from '../model/store.ts';
import { whoDid } from './explain.ts';
import { withSource } from './source.ts';

/** A store that keeps refusing has more writers than it can have: say so instead of spinning. */
const MAX_ATTEMPTS = 20;

/** What readings came to: a decision to commit, or, where it changes nothing, visits to note. */
export interface Judged extends Decision {
  readonly revisits: readonly Revisit[];
}

/** Folds one reading into the stored state, all or nothing. */
export async function assess(
  reading: Reading,
  store: StateStore,
  allowlist: Allowlist,
  now: () => Date,
): Promise<Decision> {
  return assessTogether([reading], store, allowlist, now);
}

/**
 * Folds several readings of one endpoint, in the order of time, and commits what all of them came to at once: the last state,
 * every line and notice of each, every incident in its last version. Rejects where that is not to be had, and then nothing is
 * told of: each is to be folded by itself, which finds a repeat where all of it was written after all.
 */
export async function assessTogether(
  readings: readonly Reading[],
  store: StateStore,
  allowlist: Allowlist,
  now: () => Date,
): Promise<Decision> {
  const [first] = readings;
  if (first === undefined) throw new AjarError('invariant', 'no reading to fold');
  const judged = await commitUntilDone(first.endpoint.id, store, (before) =>
    judgeOn(before, readings, store, allowlist, now),
  );
  const { page } = judged.state;
  if (judged.revisits.length > 0 && page !== undefined) await store.revisits?.note(page, judged.revisits);
  return judged;
}

/** Readings of one endpoint, on its state as the store gave it. Nothing is written. */
export async function judgeOn(
  before: EndpointState | undefined,
  readings: readonly Reading[],
  store: StateStore,
  allowlist: Allowlist,
  now: () => Date,
): Promise<Judged> {
  const informed = await Promise.all(readings.map((reading) => withSource(reading, store)));
  const [first, ...others] = informed.toSorted(inTime);
  if (first === undefined) throw new AjarError('invariant', 'no reading to fold');
  const { id } = first.endpoint;
  if (others.some(({ endpoint }) => endpoint.id !== id)) throw new AjarError('invariant', 'readings of two endpoints');
  const one = async (from: EndpointState | undefined, reading: Reading): Promise<Judged> => {
    const decision = decide(from, reading, allowlist, now());
    const same = store.revisits === undefined ? undefined : noNews(from, reading, decision);
    if (same !== undefined) return { ...decision, state: same.state, changed: false, revisits: [same.revisit] };
    return { ...(await attributed(decision, store)), revisits: [] };
  };
  let whole = await one(before, first);
  for (const reading of others) whole = joined(whole, await one(whole.state, reading));
  return whole;
}

function inTime(a: Reading, b: Reading): number {
  const [x, y] = [`${a.at} ${a.id}`, `${b.at} ${b.id}`];
  return x < y ? -1 : x > y ? 1 : 0;
}

function joined(earlier: Judged, later: Judged): Judged {
  const incidents = new Map([...earlier.incidents, ...later.incidents].map((incident) => [incident.id, incident]));
  return {
    state: later.state,
    changed: earlier.changed || later.changed,
    transitions: [...earlier.transitions, ...later.transitions],
    lines: [...earlier.lines, ...later.lines],
    notices: [...earlier.notices, ...later.notices],
    incidents: [...incidents.values()],
    // Where anything is committed, the state holds them.
    revisits: earlier.changed || later.changed ? [] : [...earlier.revisits, ...later.revisits],
  };
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

/** False where another writer was first. */
export async function committed(
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
