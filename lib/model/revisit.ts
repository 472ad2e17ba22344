/**
 * A visit that saw what an earlier one saw. It is kept apart from the state, with those of other endpoints on one page
 * (decision 0031), and a store gives it with the state whenever that is read: as a sample like the one that it repeats.
 * Of each vantage, and of each sample that is repeated, only the newest is kept. Pure.
 */
import type { EndpointState, Revisit, Sample, View } from './state.ts';

/** One that is so much older than the newest of its page is of a state that was written whole since. */
const REVISIT_KEPT_MS = 3 * 3_600_000;

/** The state as if these visits had been folded into it. What it holds already, or does not know, is passed over. */
export function withRevisits(state: EndpointState, revisits: readonly Revisit[]): EndpointState {
  return revisits.toSorted(inOrder).reduce(withRevisit, state);
}

function withRevisit(state: EndpointState, revisit: Revisit): EndpointState {
  const { base, recent, endpoint } = state;
  const { as, id, at, of } = revisit;
  const isOld = base.upTo !== undefined && at <= base.upTo;
  const repeated = recent.find((sample) => sample.id === as);
  if (revisit.endpointId !== endpoint.id || repeated === undefined || isOld) return state;
  if (recent.some((sample) => sample.id === id)) return state;
  const samples = [...recent, sampleOf(repeated, revisit)].toSorted(inOrder);
  const held = { ...state, recent: samples, revisits: [...(state.revisits ?? []), revisit] };
  // Somebody decided without it: what is told of the state is of what he knew, and the next decision has this sample.
  if (of !== state.version) return held;
  return {
    ...held,
    endpoint: revisit.declaredAt === undefined ? endpoint : { ...endpoint, declaredAt: revisit.declaredAt },
    lastReadingAt: at > state.lastReadingAt ? at : state.lastReadingAt,
    ...(revisit.conclusive === true ? { lastConclusiveAt: at } : {}),
    ...viewsOf(state, revisit),
  };
}

function sampleOf(repeated: Sample, { id, at, began, recordedAt, declaredAt }: Revisit): Sample {
  const { began: _then, declaredAt: _read, ...sample } = repeated;
  return {
    ...sample,
    ...{ id, at, recordedAt, unbroken: true },
    ...(began === undefined ? {} : { began }),
    ...(declaredAt === undefined ? {} : { declaredAt }),
  };
}

function viewsOf({ views }: EndpointState, { vantage, at, prior }: Revisit): Pick<EndpointState, 'views'> {
  const known = views?.[vantage];
  if (known === undefined || at < known.at) return {};
  const { prior: _before, ...look } = known;
  const view: View = { ...look, at, ...(prior === undefined ? {} : { prior }) };
  return { views: { ...views, [vantage]: view } };
}

/** The state as it was before this visit, and with it: of those that repeat the same, the store keeps the newest alone. */
export function revisited(state: EndpointState, revisit: Revisit): EndpointState {
  const { revisits = [], ...rest } = state;
  const replaced = revisits.find((held) => keyOf(held) === keyOf(revisit));
  if (replaced === undefined) return withRevisit(state, revisit);
  if (replaced.at > revisit.at) return state;
  const recent = rest.recent.filter(({ id }) => id !== replaced.id);
  const others = revisits.filter((held) => held !== replaced);
  return withRevisit({ ...rest, recent, ...(others.length === 0 ? {} : { revisits: others }) }, revisit);
}

/** What a page holds when these are noted on it. A late one does not take the place of a newer. */
export function noted(page: readonly Revisit[], revisits: readonly Revisit[]): readonly Revisit[] {
  const kept = new Map<string, Revisit>();
  for (const revisit of [...page, ...revisits]) {
    const held = kept.get(keyOf(revisit));
    if (held === undefined || held.at <= revisit.at) kept.set(keyOf(revisit), revisit);
  }
  const newest = Math.max(...[...kept.values()].map(({ at }) => Date.parse(at)));
  return [...kept.values()].filter(({ at }) => newest - Date.parse(at) <= REVISIT_KEPT_MS);
}

function keyOf({ endpointId, vantage, as }: Revisit): string {
  return JSON.stringify([endpointId, vantage, as]);
}

/** Of samples, and of what becomes one: by time, then by id. */
export function inOrder(a: Pick<Sample, 'at' | 'id'>, b: Pick<Sample, 'at' | 'id'>): number {
  return a.at === b.at ? (a.id < b.id ? -1 : 1) : a.at < b.at ? -1 : 1;
}
