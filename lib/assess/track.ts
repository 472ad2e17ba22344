/**
 * One source's view of one protection, stepped by one sample: is it bad, does a window begin, has it ended, and why.
 * A source is a vantage for what is observed and the configuration for what is declared.
 */
import type { CloseCause, Origin } from '../model/incident.ts';
import { compareLevels, type KnownLevel, type ProtectionName, weaker } from '../model/protection.ts';
import type { BadAddress, Sample, SampleFact, Track, Window } from '../model/state.ts';
import { floorOf, NO_COVERAGE } from './allowlist.ts';
import { type Meaning, stillBad } from './bad-addresses.ts';

type Down = NonNullable<Track['down']>;

export interface Stepped {
  readonly track: Track;
  /** What this sample saw is bad. A track may stay down without: what was bad behind another address still is. */
  readonly isBad: boolean;
  /** Why the track went up, where it did. */
  readonly cause?: CloseCause;
}

export interface Around {
  readonly sample: Sample;
  /** The open window of this protection: a second source that joins it joins what was approved when it opened. */
  readonly window: Window | undefined;
  /** Whether an allowance may accept anything now; asked only where one would. */
  readonly mayAccept: () => boolean;
}

export function trackKey({ protection, basis }: Pick<SampleFact, 'protection' | 'basis'>, vantage: string): string {
  return `${protection}|${basis}|${basis === 'declared' ? 'configuration' : vantage}`;
}

/** The earliest instant that a visit can speak of; what it saw was so at some time from then to `at`. */
export function beganAt({ began, at }: Sample): string {
  return began ?? at;
}

export function stepTrack(before: Track | undefined, fact: SampleFact, around: Around): Stepped {
  const { sample } = around;
  const lapsed = keptMark(before, fact);
  const mark = lapsed ?? markBefore(before, fact);
  const down = before?.down;
  const isRemoval = compareLevels(fact.level, mark) < 0;
  const isAccepting = isNewlyAllowed(fact, down) && around.mayAccept();
  const floor = floorBefore(fact, down);
  const meaningOf = (level: KnownLevel): Meaning => {
    if (isAccepting) return compareLevels(level, fact.floor) < 0 ? 'bad' : 'ends';
    if (compareLevels(level, mark) < 0 || compareLevels(level, floor) < 0) return 'bad';
    return down === undefined || endsWindow(fact, level) ? 'ends' : 'still';
  };
  const meaning = meaningOf(fact.level);
  const addresses = addressesOf(down, fact, sample, meaningOf, meaning === 'ends');
  // Good also without the allowance that came later.
  const isFixed = !isRemoval && compareLevels(fact.level, floor) >= 0 && endsWindow(fact, fact.level);
  if (meaning === 'ends' && addresses.length === 0) {
    const track = { ...goodTrack(fact, sample), ...keeping(before, fact, mark), ...strictly(before, fact) };
    return { track, isBad: false, ...(down === undefined ? {} : { cause: isFixed ? 'fixed' : 'accepted' }) };
  }
  const isBad = meaning === 'bad';
  return {
    isBad,
    track: {
      mark: isFixed ? fact.level : mark,
      ...(lapsed === undefined && before?.kept !== undefined ? { kept: before.kept } : {}),
      ...strictly(before, fact),
      level: addresses.reduce((level, bad) => weaker(level, bad.level), fact.level),
      ...(before?.lastGoodAt === undefined ? {} : { lastGoodAt: before.lastGoodAt }),
      ...(before === undefined ? { allowances: [] } : carried(before)),
      down: {
        since: down?.since ?? sample.at,
        lastBadAt: isBad ? sample.at : (down?.lastBadAt ?? sample.at),
        origin: down?.origin ?? originOf(compareLevels(fact.level, markBefore(before, fact)) < 0, before),
        allowances: down?.allowances ?? around.window?.allowances ?? fact.allowances,
        ...(addresses.length === 0 ? {} : { addresses }),
      },
    },
  };
}

/**
 * What a sample does to a track that it has no fact for. A closed door ends whatever was bad behind it: that is out of
 * a stranger's reach. Marks stay.
 */
export function stepUnseen(track: Track, protection: ProtectionName, sample: Sample, isClosed: boolean): Stepped {
  const { down } = track;
  if (down === undefined) {
    return { isBad: false, track: isClosed ? { ...track, lastGoodAt: beganAt(sample) } : track };
  }
  const held = down.addresses ?? [];
  const addresses = stillBad(held, { sample, protection, meaningOf: undefined, isGood: isClosed });
  if (isClosed && addresses.length === 0)
    return { isBad: false, track: recovered(track, sample), cause: 'closed-to-us' };
  return { isBad: false, track: addresses === held ? track : { ...track, down: { ...down, addresses } } };
}

/** Out of reach, whatever its level was. */
export function recovered(track: Track, sample: Sample): Track {
  const { mark, level, strict, kept } = track;
  const stays = { mark, level, ...(strict === undefined ? {} : { strict }), ...(kept === undefined ? {} : { kept }) };
  return { ...stays, lastGoodAt: beganAt(sample), ...carried(track) };
}

/** That old versions are taken lowers what was known only where it was known that they were not. */
function markBefore(before: Track | undefined, { level, oldTls }: SampleFact): KnownLevel {
  if (before === undefined) return level;
  return oldTls === 'also' && before.strict !== true ? weaker(before.mark, 'partial') : before.mark;
}

/** Best posture ever seen, so it stays; a look that did not ask neither earns it nor takes it away. */
function strictly(before: Track | undefined, { level, oldTls }: SampleFact): Pick<Track, 'strict'> {
  return before?.strict === true || (level === 'on' && oldTls === 'no') ? { strict: true } : {};
}

/** What was accepted for named networks was accepted while they were all: with no entry in force it is as if it never had been. */
function keptMark(before: Track | undefined, { allowances }: SampleFact): KnownLevel | undefined {
  return allowances.length === 0 ? before?.kept : undefined;
}

/** The mark to go back to: the best before the first such acceptance, until it is reached again. */
function keeping(before: Track | undefined, { level, within = [] }: SampleFact, mark: KnownLevel): Pick<Track, 'kept'> {
  const best = before?.kept ?? (within.length > 0 ? mark : undefined);
  return best === undefined || compareLevels(level, best) >= 0 ? {} : { kept: best };
}

function goodTrack({ level, allowances }: SampleFact, sample: Sample): Track {
  return { mark: level, level, lastGoodAt: beganAt(sample), allowances };
}

function carried({ allowances }: Track): Pick<Track, 'allowances'> {
  return allowances === undefined ? {} : { allowances };
}

function addressesOf(
  down: Down | undefined,
  { basis, protection }: SampleFact,
  sample: Sample,
  meaningOf: (level: KnownLevel) => Meaning,
  isGood: boolean,
): readonly BadAddress[] {
  if (basis === 'declared') return [];
  return stillBad(down?.addresses ?? [], { sample, protection, meaningOf, isGood });
}

/** An allowance approves a posture, not a removal that happened under it: only one that came later accepts. */
function isNewlyAllowed({ level, floor, allowances }: SampleFact, down: Down | undefined): boolean {
  return (
    down !== undefined && compareLevels(level, floor) >= 0 && allowances.some((id) => !down.allowances.includes(id))
  );
}

/** The floor as it was when the window opened: an allowance that came later counts only where it accepts. */
function floorBefore({ floor, allowances, protection, basis }: SampleFact, down: Down | undefined): KnownLevel {
  if (down === undefined || allowances.length === 0 || allowances.some((id) => down.allowances.includes(id)))
    return floor;
  return floorOf(protection, basis, NO_COVERAGE).floor;
}

/** Seen from outside, only a closed door is closed: one that merely turned us away may still open to others. */
function endsWindow({ protection, basis }: SampleFact, level: KnownLevel): boolean {
  return protection !== 'network' || basis === 'declared' || level === 'on';
}

/** A track that was bad, then out of reach, and is bad again was never allowed: it is as it was when first seen. */
function originOf(isRemoval: boolean, before: Track | undefined): Origin {
  if (isRemoval) return 'removed';
  return before === undefined || before.allowances?.length === 0 ? 'adoption' : 'no-longer-allowed';
}
