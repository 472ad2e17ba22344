/**
 * What would start or stop to alert with another allowlist: the last look of each vantage is folded again, first under the
 * old list and then under the new one, by the very fold that decides. Nothing is probed, nothing is written. Pure.
 */
import type { Allowlist } from '../model/allowlist.ts';
import type { KnownLevel, ProtectionName } from '../model/protection.ts';
import type { EndpointState, FoldState, Sample, Window } from '../model/state.ts';
import { type Coverage, coverageOf, floorOf, glassOver, seenOf } from './allowlist.ts';
import { foldOf } from './decide.ts';
import { foldSamples } from './fold.ts';

export interface AlertChange {
  readonly endpointId: string;
  readonly protection: ProtectionName;
  /** `wakes`: an incident under either, no more under break-glass. What once woke people no entry makes quiet. */
  readonly change: 'starts' | 'stops' | 'wakes';
  readonly level: KnownLevel;
  /** Entries that make the difference: of the new list where it stops, of the old one where it starts or wakes. */
  readonly by: readonly string[];
}

export function alertChanges(
  state: EndpointState,
  before: Allowlist,
  after: Allowlist,
  now: Date,
): readonly AlertChange[] {
  const today = foldOf(state);
  const at = Math.max(now.getTime(), Date.parse(today.upTo ?? now.toISOString()));
  const old = folded(today, state, before, new Date(at + 1));
  const [same, other] = [folded(old, state, before, new Date(at + 2)), folded(old, state, after, new Date(at + 2))];
  const [covered, covers] = [before, after].map((list) => coverage(state, list, now)) as [Coverage, Coverage];
  const names = new Set([...same.open, ...other.open].map((w) => w.protection));
  return [...names].toSorted().flatMap((protection) => {
    const [was, is] = [same, other].map(({ open }) => open.find((w) => w.protection === protection));
    const change = changeOf(was, is);
    const level = (is ?? was)?.to;
    if (change === undefined || level === undefined) return [];
    const by = change === 'stops' ? covers : covered;
    return [{ endpointId: state.endpoint.id, protection, change, level, by: by.ids }];
  });
}

function changeOf(was: Window | undefined, is: Window | undefined): AlertChange['change'] | undefined {
  if (was === undefined) return 'starts';
  if (is === undefined) return 'stops';
  const [under, over] = [was, is].map(({ glass }) => glass?.isOver === false);
  return under === over ? undefined : 'wakes';
}

function folded(fold: FoldState, state: EndpointState, list: Allowlist, at: Date): FoldState {
  return foldSamples(
    fold,
    [...lastLooks(state)].map((sample) => judgedAgain(sample, state, list, at)),
  ).fold;
}

/** Of each vantage. */
function lastLooks({ recent }: EndpointState): Iterable<Sample> {
  return new Map(recent.map((sample) => [sample.vantage, sample])).values();
}

function judgedAgain(sample: Sample, state: EndpointState, list: Allowlist, now: Date): Sample {
  const at = now.toISOString();
  const found = coverage(state, list, now);
  const { endpoint } = state;
  const facts = sample.facts.map(({ glass: _glass, within: _within, ...fact }) => {
    const floor = floorOf(fact.protection, fact.basis, found, endpoint.shared === true);
    const glass = glassOver(fact, found, sample.context.auth);
    return { ...fact, ...floor, ...(glass.length === 0 ? {} : { glass }) };
  });
  const { began: _, ...rest } = sample;
  return { ...rest, id: `${sample.id}/${at}`, at, recordedAt: at, facts };
}

function coverage({ endpoint, posture }: EndpointState, list: Allowlist, now: Date): Coverage {
  return coverageOf(list, endpoint, seenOf(posture), now.toISOString());
}
