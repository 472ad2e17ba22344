/**
 * Folds samples in time order into exposure windows. The result depends only on the set of samples, never on
 * the order in which they arrived or how often, because `decide` always folds them sorted.
 *
 * A window opens when a source sees a protection below its high-water mark (`removed`), or below what policy and
 * allowances accept when it was first seen (`adoption`). It closes only on a positive observation, from every source
 * that saw it bad, of every address it was bad on; on a confirmed deletion; or when an allowance that did not yet
 * cover it appears and no stranger is let in. Bad again within half an hour of its end, it is the same window
 * (evidence-and-alerts.md section 3.5): what was repaired and did not hold was never over.
 */
import type { CloseCause, Glass } from '../model/incident.ts';
import type { DataAtRisk } from '../model/observation.ts';
import { compareLevels, type KnownLevel, PROTECTIONS, type ProtectionName, weaker } from '../model/protection.ts';
import type { FoldState, Sample, SampleContext, SampleFact, Track, Window } from '../model/state.ts';
import { scoreOf } from './severity.ts';
import { closedBy, closingSilence, reaching, silentFact, stepSilence } from './silence.ts';
import { lastVisit } from './unvisited.ts';
import { beganAt, recovered, type Stepped, stepTrack, stepUnseen, trackKey } from './track.ts';

export const EMPTY_FOLD: FoldState = { tracks: {}, silence: {}, open: [] };

/** What ended so long ago at most is not over for good. */
export const REOPEN_MS = 30 * 60_000;
/** Reopenings that are kept with their moments; all are counted. */
const MAX_REOPENINGS = 8;

export interface Folded {
  readonly fold: FoldState;
  /** Windows that closed for good while these samples were folded, oldest first. */
  readonly closed: readonly Window[];
}

/** All windows that a fold tells of, those that may be reopened among the closed. */
export function windowsOf({ fold, closed }: Folded): readonly Window[] {
  return [...closed, ...(fold.rested ?? []), ...fold.open];
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

function step(fold: FoldState, taken: Sample): Folded {
  // What was read before the API said that it is gone is of what is gone, whichever visit brings it later.
  const declaredAt = latest(fold.declaredAt, taken.deleted ? taken.at : taken.declaredAt);
  const reached = reaching(taken, declaredAt);
  const silence = stepSilence(fold.silence, reached);
  const closing = closingSilence(silence, reached);
  const sample = closing === undefined ? reached : closedBy(reached);
  const told = inForce(fold, sample);
  const facts = closing === undefined ? told : [...told, silentFact(closing)];
  const stepping: Stepping = { sample, tracks: { ...fold.tracks }, causes: new Map(), bad: new Set() };
  // Whether strangers are let in decides whether anything may be accepted: authentication goes first.
  for (const fact of facts) if (fact.protection === 'authentication') stepFact(stepping, fact, fold);
  stepOthers(stepping, facts, fold);
  for (const fact of facts) if (fact.protection !== 'authentication') stepFact(stepping, fact, fold);
  if (sample.deleted) recoverAll(stepping);
  const { open, rested, closed } = stepWindows(fold, stepping, facts);
  const newest = declaredAt === undefined ? {} : { declaredAt };
  const resting = rested.length === 0 ? {} : { rested };
  const seen = { ...newest, ...lastVisit(fold, sample) };
  return { fold: { upTo: sample.at, ...seen, tracks: stepping.tracks, silence, open, ...resting }, closed };
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
): { open: Window[]; rested: Window[]; closed: Window[] } {
  const open: Window[] = [];
  const [closed, resting] = split(fold.rested ?? [], (w) => !mayReopen(w, sample));
  const down = facts.filter((f) => bad.has(f) && tracks[trackKey(f, sample.vantage)]?.down !== undefined);
  for (const window of fold.open) {
    const mine = down.filter((f) => f.protection === window.protection);
    if (isDown(tracks, window.protection)) {
      open.push(mine.reduce((w, fact) => extendWindow(w, fact, sample), window));
    } else {
      const cause = sample.deleted ? 'deleted' : (causes.get(window.protection) ?? 'fixed');
      const ended = { ...window, closed: { lower: window.lastBadAt, upper: sample.at, cause } };
      (mayReopen(ended, sample) ? resting : closed).push(ended);
    }
  }
  for (const protection of new Set(down.map((f) => f.protection))) {
    if (open.some((w) => w.protection === protection)) continue;
    const mine = down.filter((f) => f.protection === protection);
    const before = resting.find((w) => w.protection === protection);
    open.push(before === undefined ? newWindow(mine, fold.tracks, tracks, sample) : reopened(before, mine, sample));
  }
  return { open, rested: resting.filter((w) => !open.some((o) => o.protection === w.protection)), closed };
}

/** A resource that is gone, or a posture that was accepted, ended for another reason than a repair: what comes is another story. */
function mayReopen({ closed }: Window, { at }: Sample): boolean {
  if (closed === undefined || closed.cause === 'deleted' || closed.cause === 'accepted') return false;
  return Date.parse(at) - Date.parse(closed.upper) <= REOPEN_MS;
}

function reopened(before: Window, bad: readonly SampleFact[], sample: Sample): Window {
  const { closed: _ended, ...window } = before;
  const { count, last } = window.reopened ?? { count: 0, last: [] };
  const again = { ...window, reopened: { count: count + 1, last: [...last, sample.at].slice(-MAX_REOPENINGS) } };
  return bad.reduce<Window>((w, fact) => extendWindow(w, fact, sample), again);
}

function split(windows: readonly Window[], isFirst: (window: Window) => boolean): [Window[], Window[]] {
  return [windows.filter(isFirst), windows.filter((w) => !isFirst(w))];
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
  const worst = withData(graver ? sample.context : window.worst, window.worst.data, sample.context.data);
  const glass = window.glass === undefined ? {} : { glass: underGlass(window.glass, bad) };
  return { ...window, to, lastBadAt, ...glass, worst, ...(graver ? { evidence: bad.evidence } : {}) };
}

/** Once it is seen bad without break-glass it is a window as any, whatever is approved afterwards. */
function underGlass({ entries, isOver }: Glass, { glass = [] }: SampleFact): Glass {
  return { entries: [...new Set([...entries, ...glass])].sort(), isOver: isOver || glass.length === 0 };
}

/**
 * What it was once seen to hold was within reach while it was open, whatever the next look shows of it. Names that come
 * after a look without any may be part of what there is: to know more of it does not lower anything.
 */
function withData(worst: SampleContext, held: DataAtRisk | undefined, seen: DataAtRisk | undefined): SampleContext {
  if (seen === undefined || held === undefined) {
    const data = held ?? (seen === undefined || worst.data === seen ? seen : { ...seen, truncated: true });
    return data === undefined || data === worst.data ? worst : { ...worst, data };
  }
  const data = dataOf(held, seen);
  return data === worst.data ? worst : { ...worst, data };
}

function dataOf(held: DataAtRisk, seen: DataAtRisk): DataAtRisk {
  const known = new Set(held.classes.map((hit) => hit.class));
  const news = seen.classes.filter((hit) => !known.has(hit.class));
  // It counted for what nobody knows: names that come later may be part of what there is.
  const isNamed = held.classes.length === 0 && news.length > 0;
  const isMore = (seen.records ?? 0) > (held.records ?? 0) || seen.ransomMarkers > held.ransomMarkers;
  const isLessSure = (seen.truncated && !held.truncated) || (seen.records === undefined && held.records !== undefined);
  if (news.length === 0 && !isMore && !isLessSure) return held;
  const classes = news.length === 0 ? held.classes : [...held.classes, ...news];
  const most = (a: number | undefined, b: number | undefined): number | undefined =>
    a === undefined || b === undefined ? undefined : Math.max(a, b);
  const [records, bytes] = [most(held.records, seen.records), most(held.bytes, seen.bytes)];
  return {
    objects: Math.max(held.objects, seen.objects),
    ...(records === undefined ? {} : { records }),
    ...(bytes === undefined ? {} : { bytes }),
    classes,
    samples: held.samples.length === 0 ? seen.samples : held.samples,
    truncated: held.truncated || seen.truncated || isNamed,
    ransomMarkers: Math.max(held.ransomMarkers, seen.ransomMarkers),
  };
}

function weight(window: Window, to: KnownLevel, context: SampleContext): number {
  return scoreOf(window.protection, window.basis, to, context).score;
}
