/**
 * Folds samples in time order into exposure windows. The result depends only on the set of samples, never on
 * the order in which they arrived or how often, because `decide` always folds them sorted.
 *
 * A window opens when a source sees a protection below its high-water mark (`removed`), or below what policy and
 * allowances accept when it was first seen (`adoption`). It closes only on a positive observation from every
 * source that saw it bad, on a confirmed deletion, or when an allowance that did not yet cover it appears.
 */
import type { CloseCause } from '../model/incident.ts';
import { compareLevels, type KnownLevel, type ProtectionName, weaker } from '../model/protection.ts';
import type { FoldState, Sample, SampleContext, SampleFact, Track, Window } from '../model/state.ts';
import { scoreOf } from './severity.ts';

/** Three silences over at least two minutes from a living vantage are a positive "closed" (design section 3). */
export const SILENCES_TO_CLOSE = 3;
export const SILENCE_SPAN_MS = 120_000;

export const EMPTY_FOLD: FoldState = { tracks: {}, silence: {}, open: [] };

export interface Folded {
  readonly fold: FoldState;
  /** Windows that closed while these samples were folded, oldest first. */
  readonly closed: readonly Window[];
}

/** `samples` sorted by `at`, then `id`. */
export function foldSamples(base: FoldState, samples: readonly Sample[]): Folded {
  let fold = base;
  const closed: Window[] = [];
  for (const sample of samples) {
    const next = step(fold, sample);
    fold = next.fold;
    closed.push(...next.closed);
  }
  return { fold, closed };
}

function step(fold: FoldState, sample: Sample): Folded {
  const { silence, confirmed } = stepSilence(fold, sample);
  const facts = confirmed ? [...sample.facts, silentFact(sample)] : sample.facts;
  const causes = new Map<ProtectionName, CloseCause>();
  const tracks: Record<string, Track> = { ...fold.tracks };
  const isClosed = facts.some((f) => f.protection === 'network' && f.basis === 'observed' && f.level === 'on');
  for (const fact of facts) {
    const key = trackKey(fact, sample);
    const { track, cause } = stepTrack(tracks[key], fact, sample);
    if (cause !== undefined) causes.set(fact.protection, cause);
    tracks[key] = track;
  }
  if (isClosed)
    recoverAll(tracks, sample, causes, (key) => key.endsWith(`|observed|${sample.vantage}`), 'closed-to-us');
  if (sample.deleted) recoverAll(tracks, sample, causes, () => true, 'deleted');
  const { open, closed } = stepWindows(fold, tracks, sample, facts, causes);
  return { fold: { upTo: sample.at, tracks, silence, open }, closed };
}

function stepSilence(fold: FoldState, sample: Sample): { silence: FoldState['silence']; confirmed: boolean } {
  const { [sample.vantage]: before, ...others } = fold.silence;
  if (!sample.silent) {
    // A visit that learned nothing (denied, cancelled) neither speaks nor is silence: leave the count alone.
    return { silence: sample.facts.some((f) => f.basis === 'observed') ? others : fold.silence, confirmed: false };
  }
  if (!sample.alive) return { silence: fold.silence, confirmed: false };
  const now = { since: before?.since ?? sample.at, count: (before?.count ?? 0) + 1 };
  const span = Date.parse(sample.at) - Date.parse(now.since);
  return {
    silence: { ...others, [sample.vantage]: now },
    confirmed: now.count >= SILENCES_TO_CLOSE && span >= SILENCE_SPAN_MS,
  };
}

function silentFact(sample: Sample): SampleFact {
  return {
    protection: 'network',
    basis: 'observed',
    level: 'on',
    floor: 'off',
    allowances: [],
    evidence: `silent ${SILENCES_TO_CLOSE} times over at least ${SILENCE_SPAN_MS / 1000} s from ${sample.vantage}, which reached others meanwhile`,
  };
}

function trackKey(fact: SampleFact, sample: Sample): string {
  return `${fact.protection}|${fact.basis}|${fact.basis === 'declared' ? 'configuration' : sample.vantage}`;
}

function stepTrack(before: Track | undefined, fact: SampleFact, sample: Sample): { track: Track; cause?: CloseCause } {
  const mark = before?.mark ?? fact.level;
  const removed = compareLevels(fact.level, mark) < 0;
  const belowFloor = compareLevels(fact.level, fact.floor) < 0;
  const down = before?.down;
  // An allowance approves a posture, not a removal that happened under it: only one that came later accepts.
  const newlyAllowed = !belowFloor && fact.allowances.some((id) => down !== undefined && !down.allowances.includes(id));
  if (down !== undefined && newlyAllowed) {
    return { track: { mark: fact.level, level: fact.level, lastGoodAt: sample.at }, cause: 'accepted' };
  }
  if (!removed && !belowFloor) {
    const track = { mark: stronger(mark, fact.level), level: fact.level, lastGoodAt: sample.at };
    return down === undefined ? { track } : { track, cause: 'fixed' };
  }
  return {
    track: {
      mark,
      level: fact.level,
      ...(before?.lastGoodAt === undefined ? {} : { lastGoodAt: before.lastGoodAt }),
      down: {
        since: down?.since ?? sample.at,
        lastBadAt: sample.at,
        origin: down?.origin ?? (removed ? 'removed' : before === undefined ? 'adoption' : 'no-longer-allowed'),
        allowances: down?.allowances ?? fact.allowances,
      },
    },
  };
}

function stronger(a: KnownLevel, b: KnownLevel): KnownLevel {
  return weaker(a, b) === a ? b : a;
}

/** Closed or deleted: whatever was bad behind the door is out of a stranger's reach. Marks stay. */
function recoverAll(
  tracks: Record<string, Track>,
  sample: Sample,
  causes: Map<ProtectionName, CloseCause>,
  applies: (key: string) => boolean,
  cause: CloseCause,
): void {
  for (const [key, { down, ...track }] of Object.entries(tracks)) {
    if (!applies(key)) continue;
    tracks[key] = { ...track, lastGoodAt: sample.at };
    const protection = key.split('|')[0] as ProtectionName;
    if (down !== undefined) causes.set(protection, cause);
  }
}

function stepWindows(
  fold: FoldState,
  tracks: Readonly<Record<string, Track>>,
  sample: Sample,
  facts: readonly SampleFact[],
  causes: ReadonlyMap<ProtectionName, CloseCause>,
): { open: Window[]; closed: Window[] } {
  const open: Window[] = [];
  const closed: Window[] = [];
  for (const window of fold.open) {
    if (isDown(tracks, window.protection)) {
      open.push(extendWindow(window, tracks, sample, facts));
    } else {
      const cause = causes.get(window.protection) ?? 'fixed';
      closed.push({ ...window, closed: { lower: window.lastBadAt, upper: sample.at, cause } });
    }
  }
  for (const fact of facts) {
    const key = trackKey(fact, sample);
    const track = tracks[key];
    if (track?.down === undefined || open.some((w) => w.protection === fact.protection)) continue;
    open.push(newWindow(fact, track, fold.tracks[key], sample));
  }
  return { open, closed };
}

function isDown(tracks: Readonly<Record<string, Track>>, protection: ProtectionName): boolean {
  return Object.entries(tracks).some(([key, track]) => key.startsWith(`${protection}|`) && track.down !== undefined);
}

function newWindow(fact: SampleFact, track: Track, before: Track | undefined, sample: Sample): Window {
  return {
    protection: fact.protection,
    basis: fact.basis,
    origin: track.down?.origin ?? 'adoption',
    ...(before === undefined ? {} : { from: track.mark }),
    to: fact.level,
    ...(before?.lastGoodAt === undefined ? {} : { startLower: before.lastGoodAt }),
    startUpper: sample.at,
    detectedAt: sample.recordedAt,
    lastBadAt: sample.at,
    allowances: fact.allowances,
    evidence: fact.evidence,
    worst: sample.context,
  };
}

/** The window keeps the worst level and the gravest context it has seen: severity never falls while it is open. */
function extendWindow(
  window: Window,
  tracks: Readonly<Record<string, Track>>,
  sample: Sample,
  facts: readonly SampleFact[],
): Window {
  const bad = facts.find(
    (f) => f.protection === window.protection && tracks[trackKey(f, sample)]?.down?.lastBadAt === sample.at,
  );
  if (bad === undefined) return window;
  const to = weaker(window.to, bad.level);
  const graver = weight(window, bad.level, sample.context) > weight(window, window.to, window.worst);
  return { ...window, to, lastBadAt: sample.at, ...(graver ? { worst: sample.context, evidence: bad.evidence } : {}) };
}

function weight(window: Window, to: KnownLevel, context: SampleContext): number {
  return scoreOf(window.protection, window.basis, to, context).score;
}
