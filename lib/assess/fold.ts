/**
 * Folds samples in time order into exposure windows. The result depends only on the set of samples, never on
 * the order in which they arrived or how often, because `decide` always folds them sorted.
 *
 * A window opens when a source sees a protection below its high-water mark (`removed`), or below what policy and
 * allowances accept when it was first seen (`adoption`). It closes only on a positive observation, from every source
 * that saw it bad, of every address it was bad on; on a confirmed deletion; or when an allowance that did not yet
 * cover it appears and no stranger is let in.
 */
import type { CloseCause, Glass } from '../model/incident.ts';
import { compareLevels, type KnownLevel, PROTECTIONS, type ProtectionName, weaker } from '../model/protection.ts';
import type { FoldState, Sample, SampleContext, SampleFact, Track, Window } from '../model/state.ts';
import { scoreOf } from './severity.ts';
import { closingSilence, silentFact, stepSilence } from './silence.ts';
import { beganAt, recovered, type Stepped, stepTrack, stepUnseen, trackKey } from './track.ts';

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

/** One sample being folded: the tracks as far as they are stepped. */
interface Stepping {
  readonly sample: Sample;
  readonly tracks: Record<string, Track>;
  readonly causes: Map<ProtectionName, CloseCause>;
  readonly bad: Set<SampleFact>;
}

function step(fold: FoldState, sample: Sample): Folded {
  const silence = stepSilence(fold.silence, sample);
  const closing = closingSilence(silence, sample);
  const told = inForce(fold, sample);
  const facts = closing === undefined ? told : [...told, silentFact(closing)];
  const stepping: Stepping = { sample, tracks: { ...fold.tracks }, causes: new Map(), bad: new Set() };
  // Whether strangers are let in decides whether anything may be accepted: authentication goes first.
  for (const fact of facts) if (fact.protection === 'authentication') stepFact(stepping, fact, fold);
  stepOthers(stepping, facts, fold);
  for (const fact of facts) if (fact.protection !== 'authentication') stepFact(stepping, fact, fold);
  if (sample.deleted) recoverAll(stepping);
  const { open, closed } = stepWindows(fold, stepping, facts);
  const declaredAt = latest(fold.declaredAt, sample.declaredAt);
  const newest = declaredAt === undefined ? {} : { declaredAt };
  return { fold: { upTo: sample.at, ...newest, tracks: stepping.tracks, silence, open }, closed };
}

/**
 * What a visit says of the configuration counts by when that was read, not by when the visit was over: two sweeps hand their
 * visits to a queue, and the older may come last.
 */
function inForce({ declaredAt: newest }: FoldState, { facts, declaredAt }: Sample): readonly SampleFact[] {
  const isSuperseded = newest !== undefined && declaredAt !== undefined && declaredAt < newest;
  return isSuperseded ? facts.filter(({ basis }) => basis === 'observed') : facts;
}

function latest(a: string | undefined, b: string | undefined): string | undefined {
  if (a === undefined || b === undefined) return a ?? b;
  return a > b ? a : b;
}

function stepFact(stepping: Stepping, fact: SampleFact, { open }: FoldState): void {
  const { sample, tracks, bad } = stepping;
  const key = trackKey(fact, sample.vantage);
  const window = open.find((w) => w.protection === fact.protection);
  const stepped = stepTrack(tracks[key], fact, { sample, window, mayAccept: () => !isExposed(stepping) });
  take(stepping, key, fact.protection, stepped);
  if (stepped.isBad) bad.add(fact);
}

/** What this vantage has seen before and this sample says nothing of: it may still tell where it stands. */
function stepOthers(stepping: Stepping, facts: readonly SampleFact[], { open }: FoldState): void {
  const { sample, tracks } = stepping;
  const told = facts.filter((f) => f.basis === 'observed');
  const isClosed = told.some((f) => f.protection === 'network' && f.level === 'on');
  if (!isClosed && open.length === 0) return; // no track is down
  for (const protection of PROTECTIONS) {
    const key = trackKey({ protection, basis: 'observed' }, sample.vantage);
    const track = tracks[key];
    if (track === undefined || told.some((f) => f.protection === protection)) continue;
    take(stepping, key, protection, stepUnseen(track, protection, sample, isClosed));
  }
}

function take({ tracks, causes }: Stepping, key: string, protection: ProtectionName, { track, cause }: Stepped): void {
  tracks[key] = track;
  if (cause !== undefined) causes.set(protection, cause);
}

/**
 * Whether a stranger is let in, as far as anybody knows: what one vantage saw of one address counts until it sees
 * otherwise, and what the provider says until something is confirmed. No permit covers it (allowlist.ts).
 */
function isExposed({ sample, tracks }: Stepping): boolean {
  const { name, confirmed } = sample.context.verdict;
  if (name === 'exposed') return true;
  return Object.entries(tracks).some(([key, { down, level }]) => {
    if (down === undefined || level !== 'off') return false;
    return (
      key.startsWith('authentication|observed|') || (!confirmed && /^(sharing|access-policy)\|declared\|/.test(key))
    );
  });
}

/** The API's word ends what nobody sees; it does not outrank an endpoint that still answers. Marks stay. */
function recoverAll({ sample, tracks, bad }: Stepping): void {
  const seen = new Set([...bad].filter((f) => f.basis === 'observed').map((f) => trackKey(f, sample.vantage)));
  for (const [key, track] of Object.entries(tracks)) if (!seen.has(key)) tracks[key] = recovered(track, sample);
}

function stepWindows(
  fold: FoldState,
  { sample, tracks, causes, bad }: Stepping,
  facts: readonly SampleFact[],
): { open: Window[]; closed: Window[] } {
  const open: Window[] = [];
  const closed: Window[] = [];
  const down = facts.filter((f) => bad.has(f) && tracks[trackKey(f, sample.vantage)]?.down !== undefined);
  for (const window of fold.open) {
    const mine = down.filter((f) => f.protection === window.protection);
    if (isDown(tracks, window.protection)) {
      open.push(mine.reduce((w, fact) => extendWindow(w, fact, sample), window));
    } else {
      const cause = sample.deleted ? 'deleted' : (causes.get(window.protection) ?? 'fixed');
      closed.push({ ...window, closed: { lower: window.lastBadAt, upper: sample.at, cause } });
    }
  }
  for (const protection of new Set(down.map((f) => f.protection))) {
    if (open.some((w) => w.protection === protection)) continue;
    const mine = down.filter((f) => f.protection === protection);
    open.push(newWindow(mine, fold.tracks, tracks, sample));
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
  const isRemoval = (f: SampleFact): boolean => tracks[trackKey(f, sample.vantage)]?.down?.origin === 'removed';
  const [fact, ...others] = bad.toSorted(
    (a, b) => Number(isRemoval(b)) - Number(isRemoval(a)) || compareLevels(a.level, b.level),
  ) as [SampleFact, ...SampleFact[]];
  const key = trackKey(fact, sample.vantage);
  const before = earlier[key];
  const origin = tracks[key]?.down?.origin ?? 'adoption';
  const lapsed = origin === 'no-longer-allowed' ? (before?.allowances ?? []) : [];
  const window: Window = {
    protection: fact.protection,
    basis: fact.basis,
    origin,
    ...(before === undefined || origin !== 'removed' ? {} : { from: before.mark }),
    to: fact.level,
    ...(before?.lastGoodAt === undefined ? {} : { startLower: before.lastGoodAt }),
    startUpper: sample.at,
    detectedAt: sample.recordedAt,
    lastBadAt: beganAt(sample),
    allowances: fact.allowances,
    ...(lapsed.length === 0 ? {} : { lapsed }),
    ...(fact.glass === undefined ? {} : { glass: { entries: fact.glass, isOver: false } }),
    evidence: fact.evidence,
    worst: sample.context,
  };
  return others.reduce((w, other) => extendWindow(w, other, sample), window);
}

/**
 * The window keeps the worst level and the gravest context it has seen: severity never falls while it is open. Of
 * visits that overlap, the one that began last proves the most.
 */
function extendWindow(window: Window, bad: SampleFact, sample: Sample): Window {
  const to = weaker(window.to, bad.level);
  const graver = weight(window, to, sample.context) > weight(window, window.to, window.worst);
  const began = beganAt(sample);
  const lastBadAt = began > window.lastBadAt ? began : window.lastBadAt;
  const glass = window.glass === undefined ? {} : { glass: underGlass(window.glass, bad) };
  return { ...window, to, lastBadAt, ...glass, ...(graver ? { worst: sample.context, evidence: bad.evidence } : {}) };
}

/** Once it is seen bad without break-glass it is a window as any, whatever is approved afterwards. */
function underGlass({ entries, isOver }: Glass, { glass = [] }: SampleFact): Glass {
  return { entries: [...new Set([...entries, ...glass])].sort(), isOver: isOver || glass.length === 0 };
}

function weight(window: Window, to: KnownLevel, context: SampleContext): number {
  return scoreOf(window.protection, window.basis, to, context).score;
}
