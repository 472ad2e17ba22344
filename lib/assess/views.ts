/**
 * Vantages that stand apart send readings of their own. Of each the newest look is kept, and an endpoint is judged by all that
 * are not too old: as exposed as it is to any of them, and no better known than by the least sure. Pure, and whatever order
 * the readings come in: how old a look is counts to the newest one, not to the clock.
 *
 * A vantage that looked regularly and no longer does is a gap. What it saw stands for two cycles and a minute; after that, where
 * it was worse than what the others see, nobody knows.
 */
import type { CoverageGap } from '../model/endpoint.ts';
import type { Look, Observation } from '../model/observation.ts';
import type { Posture } from '../model/posture.ts';
import type { Reading } from '../model/reading.ts';
import { blankAxes } from '../model/silence.ts';
import type { EndpointState, FoldState, View } from '../model/state.ts';
import type { VerdictName } from '../model/verdict.ts';
import { judgeSeen, judgeSilence, seenBy } from './judge.ts';
import { cycleOf, viewLasts } from './overdue.ts';
import { closingWords, isClosing } from './silence.ts';
import type { Seen } from './whence.ts';

/** Vantages kept of one endpoint; the one that looked longest ago goes first. */
export const MAX_VIEWS = 8;
/** A vantage that was taken away on purpose is a gap for so long, unless it saw something worse than the others. */
export const VIEW_FORGOTTEN_MS = 3 * 24 * 3_600_000;

type Views = NonNullable<EndpointState['views']>;
type Named = readonly [vantage: string, view: View];

/** What every vantage saw last, with this reading. */
export function withReading(
  before: EndpointState | undefined,
  reading: Reading,
): Pick<EndpointState, 'views' | 'deletedAt'> {
  const { deleted, at, vantage, endpoint } = reading;
  const known = before?.deletedAt;
  const deletedAt = deleted === true && (known === undefined || at > known) ? at : known;
  const isLook = reading.unvisited !== true && endpoint.shared !== true;
  const isSeen = isLook && (deleted !== true || reading.observations.length > 0);
  const held = before?.views ?? {};
  const views = isSeen ? { ...held, [vantage]: newer(held[vantage], viewOf(reading)) } : held;
  const alive = Object.entries(views)
    .filter(([, view]) => deletedAt === undefined || view.at >= deletedAt)
    .map(([name, view]): Named => [name, since(view, deletedAt)])
    .toSorted(newestFirst)
    .slice(0, MAX_VIEWS);
  return {
    ...(alive.length === 0 ? {} : { views: Object.fromEntries(alive) }),
    ...(deletedAt === undefined ? {} : { deletedAt }),
  };
}

export interface Together {
  readonly posture: Posture;
  /** Without the vantages that nobody misses any more. */
  readonly views: Views;
  /** When one of them last saw, by itself, how it is. */
  readonly conclusiveAt?: string;
}

/** Undefined where one vantage is all there is and was: what it saw is the posture. `shown` is the newest reading's. */
export function together(
  before: EndpointState | undefined,
  shown: Posture,
  views: Views | undefined,
  silence: FoldState['silence'],
): Together | undefined {
  const all = Object.entries(views ?? {}).toSorted(newestFirst);
  const newest = all[0];
  const wereSeveral = Object.keys(before?.views ?? {}).length > 1;
  if (before === undefined || newest === undefined || (all.length < 2 && !wereSeveral)) return undefined;
  const subject = before.endpoint.id;
  const isFresh = ([, view]: Named): boolean =>
    ageOf(view, newest) <= viewLasts(cycleOf(view) ?? cycleOf(newest[1]) ?? 0);
  const fresh = all.filter(isFresh).toSorted(byName);
  const inventory = shown.gaps.filter(({ stage }) => stage === 'inventory');
  const judged = (some: readonly Named[]): Posture => judgedOf(some, subject, shown.declared, inventory, silence);
  const posture = judged(fresh);
  const late = all.filter((named) => !isFresh(named)).toSorted(byName);
  const worse = late.filter((named) => isWorse(judged([...fresh, named]), posture));
  const missed = late.filter((named) => worse.includes(named) || isMissed(named, newest));
  const conclusive = fresh.filter((named) => judged([named]).verdict.confirmed).map(([, { at }]) => at);
  const last = conclusive.toSorted().at(-1);
  return {
    posture: withMissed(
      subject,
      posture,
      missed,
      worse.map(([name, view]) => [name, view, judged([[name, view]])]),
    ),
    views: Object.fromEntries(all.filter((named) => fresh.includes(named) || missed.includes(named))),
    ...(last === undefined ? {} : { conclusiveAt: last }),
  };
}

function viewOf({ at, vantageAlive, observations }: Reading): View {
  return { at, alive: vantageAlive, looks: observations.map(lookOf) };
}

/** Notes are for people and were shown when it was seen. */
function lookOf({ observedAt: _at, elapsedMs: _ms, notes: _notes, ...look }: Observation): Look {
  return look;
}

/** Of two looks the later, with when the one before it was. A late one may be that one. */
function newer(known: View | undefined, view: View): View {
  if (known === undefined) return view;
  if (view.at > known.at) return { ...view, prior: known.at };
  return view.at < known.at && view.at > (known.prior ?? '') ? { ...known, prior: view.at } : known;
}

/** How often it looked in another life says nothing of this one. */
function since(view: View, deletedAt: string | undefined): View {
  const { prior, ...rest } = view;
  return prior === undefined || deletedAt === undefined || prior >= deletedAt ? view : rest;
}

function newestFirst([x, a]: Named, [y, b]: Named): number {
  return a.at === b.at ? (x < y ? -1 : 1) : a.at > b.at ? -1 : 1;
}

function byName([x]: Named, [y]: Named): number {
  return x < y ? -1 : 1;
}

function ageOf(view: View, [, newest]: Named): number {
  return Date.parse(newest.at) - Date.parse(view.at);
}

function judgedOf(
  some: readonly Named[],
  subject: string,
  declared: Posture['declared'],
  inventory: readonly CoverageGap[],
  silence: FoldState['silence'],
): Posture {
  const [one] = some;
  if (one === undefined || some.length > 1)
    return judgeSeen(
      subject,
      declared,
      some.flatMap((named) => seenIn(named, silence)),
      inventory,
    );
  const posture = judgeSeen(subject, declared, seenBy(one[1].looks, one[1].alive), inventory);
  return posture.silent ? judgeSilence(posture, closingOf(one, silence)) : posture;
}

function closingOf([vantage, { alive, at }]: Named, silence: FoldState['silence']): string | undefined {
  return alive && isClosing(silence[vantage], at) ? closingWords(vantage) : undefined;
}

function seenIn(named: Named, silence: FoldState['silence']): readonly Seen[] {
  const [vantage, { alive, looks }] = named;
  if (looks.length === 0) return [{ o: nothingSeen(vantage), closed: false }];
  return seenBy(looks, alive, closingOf(named, silence));
}

/** A visit that came back with nothing at all. */
function nothingSeen(vantage: string): Look {
  const { notes: _notes, metadata: _none, ...axes } = blankAxes('not-tried', 'none/nothing');
  return { ...axes, probe: 'none', vantage, dns: 'failed' };
}

const GRAVITY: Readonly<Record<VerdictName, number>> = {
  exposed: 3,
  reachable: 2,
  latent: 1,
  unknown: 0,
  protected: 0,
};

function isWorse({ verdict }: Posture, than: Posture): boolean {
  return GRAVITY[verdict.name] > GRAVITY[than.verdict.name];
}

/** It looked at least twice, so it was to look again. */
function isMissed([, view]: Named, newest: Named): boolean {
  return view.prior !== undefined && ageOf(view, newest) <= VIEW_FORGOTTEN_MS;
}

function withMissed(
  subject: string,
  posture: Posture,
  missed: readonly Named[],
  worse: readonly (readonly [...Named, Posture])[],
): Posture {
  if (missed.length === 0) return posture;
  const gaps = missed.map(
    ([vantage, { at }]): CoverageGap => ({
      stage: 'probe',
      subject,
      code: 'vantage-silent',
      detail: `${vantage} has not looked since ${at}: what it would see is not known`,
    }),
  );
  const told = { ...posture, gaps: [...posture.gaps, ...gaps] };
  const [first] = worse;
  if (first === undefined) return told;
  const [vantage, { at }, was] = first;
  const why = `${vantage} saw it ${was.verdict.name} at ${at} and has not looked since; by the others ${posture.verdict.name}`;
  return { ...told, verdict: { name: 'unknown', shadow: posture.verdict.shadow, confirmed: false, why } };
}
