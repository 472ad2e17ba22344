/**
 * When a reading is no news: nothing is owed, and the state with the visit noted beside it says in every respect what the
 * decision's own state says. That is compared and not derived from rules, so what noting it would lose makes it news. Pure.
 */
import type { Reading } from '../model/reading.ts';
import { inOrder, revisited } from '../model/revisit.ts';
import { isSame } from '../model/same.ts';
import type { EndpointState, Revisit, Sample } from '../model/state.ts';
import { type Decision, foldOf } from './decide.ts';
import { withoutTimes } from './once-more.ts';

/** A state is written whole at least this often: a late reading is folded among the samples that it holds. */
export const WHOLE_EVERY_MS = 60 * 60_000;

export interface NoNews {
  readonly revisit: Revisit;
  /** The state with it. */
  readonly state: EndpointState;
}

/** What to note instead of committing the decision on `before`, as the store gave it; undefined where it is news. */
export function noNews(before: EndpointState | undefined, reading: Reading, decision: Decision): NoNews | undefined {
  if (before?.page === undefined || !decision.changed || isAnythingOwed(decision)) return undefined;
  if (before.incidents.some(({ status }) => status === 'open')) return undefined;
  const sample = decision.state.recent.find(({ id }) => id === reading.id);
  if (sample === undefined || sample.unvisited === true) return undefined;
  const repeated = repeatedBy(sample, before);
  if (repeated === undefined || Date.parse(sample.at) - Date.parse(repeated.at) > WHOLE_EVERY_MS) return undefined;
  const revisit = revisitOf(sample, repeated, before, decision.state);
  const state = revisited(before, revisit);
  return isSame(meaningOf(state), meaningOf(decision.state)) ? { revisit, state } : undefined;
}

function isAnythingOwed({ lines, transitions, notices, incidents }: Decision): boolean {
  return lines.length + transitions.length + notices.length + incidents.length > 0;
}

/** The last sample before it that is stored and says the same. */
function repeatedBy(sample: Sample, { recent, revisits = [] }: EndpointState): Sample | undefined {
  const noted = new Set(revisits.map(({ id }) => id));
  const said = withoutTimes(sample);
  return recent.findLast(
    (stored) => inOrder(stored, sample) < 0 && !noted.has(stored.id) && isSame(withoutTimes(stored), said),
  );
}

function revisitOf(sample: Sample, repeated: Sample, before: EndpointState, after: EndpointState): Revisit {
  const { id, at, began, recordedAt, vantage, declaredAt } = sample;
  const prior = after.views?.[vantage]?.prior;
  return {
    ...{ endpointId: before.endpoint.id, vantage, as: repeated.id, of: before.version, id, at, recordedAt },
    ...(began === undefined ? {} : { began }),
    ...(prior === undefined ? {} : { prior }),
    ...(declaredAt === undefined ? {} : { declaredAt }),
    ...(after.lastConclusiveAt === at ? { conclusive: true as const } : {}),
  };
}

/** All of a state but the form that it is kept in: samples count as what they fold to. */
function meaningOf(state: EndpointState): unknown {
  const { base: _base, recent: _recent, revisits: _noted, ...told } = state;
  return { ...told, fold: foldOf(state) };
}
