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
  const silence = stepSilence(fold, sample);
  const closing = closingSilence(silence, sample);
  const facts = closing === undefined ? sample.facts : [...sample.facts, silentFact(closing)];
  const causes = new Map<ProtectionName, CloseCause>();
  const tracks: Record<string, Track> = { ...fold.tracks };
  const seenBad = new Set<string>();
  const isClosed = facts.some((f) => f.protection === 'network' && f.basis === 'observed' && f.level === 'on');
  for (const fact of facts) {
    const key = trackKey(fact, sample);
    const window = fold.open.find((w) => w.protection === fact.protection);
    const { track, cause } = stepTrack(tracks[key], fact, sample, window);
    if (cause !== undefined) causes.set(fact.protection, cause);
    if (track.down !== undefined && fact.basis === 'observed') seenBad.add(key);
    tracks[key] = track;
  }
  if (isClosed)
    recoverAll(tracks, sample, causes, (key) => key.endsWith(`|observed|${sample.vantage}`), 'closed-to-us');
  // The API's word ends what nobody sees; it does not outrank an endpoint that still answers.
  if (sample.deleted) recoverAll(tracks, sample, causes, (key) => !seenBad.has(key), 'deleted');
  const { open, closed } = stepWindows(fold, tracks, sample, facts, causes);
  return { fold: { upTo: sample.at, tracks, silence, open }, closed };
}

function stepSilence(fold: FoldState, sample: Sample): FoldState['silence'] {
  const { [sample.vantage]: before, ...others } = fold.silence;
  // A visit that learned nothing (denied, cancelled) neither speaks nor is silence: leave the count alone.
  if (!sample.silent) return sample.facts.some((f) => f.basis === 'observed') ? others : fold.silence;
  if (!sample.alive) return fold.silence;
  return { ...others, [sample.vantage]: { since: before?.since ?? sample.at, count: (before?.count ?? 0) + 1 } };
}

/** The evidence that this silence, the last of those counted, means closed; undefined where it does not. */
export function closingSilence(silence: FoldState['silence'], sample: Sample): string | undefined {
  const { vantage, silent, alive, at } = sample;
  const counted = silence[vantage];
  if (!silent || !alive || counted === undefined || counted.count < SILENCES_TO_CLOSE) return undefined;
  if (Date.parse(at) - Date.parse(counted.since) < SILENCE_SPAN_MS) return undefined;
  return `silent ${SILENCES_TO_CLOSE} times over at least ${SILENCE_SPAN_MS / 1000} s from ${vantage}, which reached others meanwhile`;
}

function silentFact(evidence: string): SampleFact {
  return { protection: 'network', basis: 'observed', level: 'on', floor: 'off', allowances: [], evidence };
}

function trackKey(fact: SampleFact, sample: Sample): string {
  return `${fact.protection}|${fact.basis}|${fact.basis === 'declared' ? 'configuration' : sample.vantage}`;
}

function stepTrack(
  before: Track | undefined,
  fact: SampleFact,
  sample: Sample,
  window: Window | undefined,
): { track: Track; cause?: CloseCause } {
  const mark = before?.mark ?? fact.level;
  const removed = compareLevels(fact.level, mark) < 0;
  const belowFloor = compareLevels(fact.level, fact.floor) < 0;
  const down = before?.down;
  const good = !removed && !belowFloor && (down === undefined || endsWindow(fact));
  const better = before !== undefined && compareLevels(fact.level, before.level) > 0;
  // An allowance approves a posture, not a removal that happened under it: only one that came later accepts.
  const newlyAllowed = !belowFloor && fact.allowances.some((id) => down !== undefined && !down.allowances.includes(id));
  if (newlyAllowed && !(good && better)) {
    return { track: { mark: fact.level, level: fact.level, lastGoodAt: sample.began ?? sample.at }, cause: 'accepted' };
  }
  if (good) {
    const track = { mark: fact.level, level: fact.level, lastGoodAt: sample.began ?? sample.at };
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
        // A second source that joins an open window joins what was approved when it opened.
        allowances: down?.allowances ?? window?.allowances ?? fact.allowances,
      },
    },
  };
}

/** Seen from outside, only a closed door is closed: one that merely turned us away may still open to others. */
function endsWindow({ protection, basis, level }: SampleFact): boolean {
  return protection !== 'network' || basis === 'declared' || level === 'on';
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
    tracks[key] = { ...track, lastGoodAt: sample.began ?? sample.at };
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
  const bad = facts.filter((f) => tracks[trackKey(f, sample)]?.down !== undefined);
  for (const window of fold.open) {
    const mine = bad.filter((f) => f.protection === window.protection);
    if (isDown(tracks, window.protection)) {
      open.push(mine.reduce((w, fact) => extendWindow(w, fact, sample), window));
    } else {
      const cause = sample.deleted ? 'deleted' : (causes.get(window.protection) ?? 'fixed');
      closed.push({ ...window, closed: { lower: window.lastBadAt, upper: sample.at, cause } });
    }
  }
  for (const protection of new Set(bad.map((f) => f.protection))) {
    if (open.some((w) => w.protection === protection)) continue;
    open.push(
      newWindow(
        bad.filter((f) => f.protection === protection),
        fold.tracks,
        tracks,
        sample,
      ),
    );
  }
  return { open, closed };
}

function isDown(tracks: Readonly<Record<string, Track>>, protection: ProtectionName): boolean {
  return Object.entries(tracks).some(([key, { down }]) => down !== undefined && key.startsWith(`${protection}|`));
}

/** Both bases may be bad at once: a removal names the window before a first sight does, then the weaker level. */
function newWindow(
  bad: readonly SampleFact[],
  earlier: FoldState['tracks'],
  tracks: FoldState['tracks'],
  sample: Sample,
): Window {
  const isRemoval = (f: SampleFact): boolean => tracks[trackKey(f, sample)]?.down?.origin === 'removed';
  const [fact, ...others] = bad.toSorted(
    (a, b) => Number(isRemoval(b)) - Number(isRemoval(a)) || compareLevels(a.level, b.level),
  ) as [SampleFact, ...SampleFact[]];
  const key = trackKey(fact, sample);
  const [before, track] = [earlier[key], tracks[key]];
  const window: Window = {
    protection: fact.protection,
    basis: fact.basis,
    origin: track?.down?.origin ?? 'adoption',
    ...(before === undefined ? {} : { from: before.mark }),
    to: fact.level,
    ...(before?.lastGoodAt === undefined ? {} : { startLower: before.lastGoodAt }),
    startUpper: sample.at,
    detectedAt: sample.recordedAt,
    lastBadAt: sample.at,
    allowances: fact.allowances,
    evidence: fact.evidence,
    worst: sample.context,
  };
  return others.reduce((w, other) => extendWindow(w, other, sample), window);
}

/** The window keeps the worst level and the gravest context it has seen: severity never falls while it is open. */
function extendWindow(window: Window, bad: SampleFact, sample: Sample): Window {
  const to = weaker(window.to, bad.level);
  const graver = weight(window, to, sample.context) > weight(window, window.to, window.worst);
  return { ...window, to, lastBadAt: sample.at, ...(graver ? { worst: sample.context, evidence: bad.evidence } : {}) };
}

function weight(window: Window, to: KnownLevel, context: SampleContext): number {
  return scoreOf(window.protection, window.basis, to, context).score;
}
