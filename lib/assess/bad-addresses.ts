/**
 * A name may have several addresses and give one at a time. An address that was seen bad is held until that same
 * address was seen good, or closed, or the name has stopped giving it: a look at another one says nothing of it.
 */
import type { KnownLevel, ProtectionName } from '../model/protection.ts';
import { weaker } from '../model/protection.ts';
import type { BadAddress, Sight } from '../model/state.ts';
import { again, isClosing, lasted, type Reached } from './silence.ts';

/**
 * How long a name has to have stopped giving an address. A record that gives one of two at random hides the other from
 * three looks in a row once in eight times, from ten once in a thousand; and ten minutes are twice the five that such
 * records commonly live, so that it is not one cached answer that was looked at ten times.
 */
export const ABSENCES_TO_FORGET = 10;
export const ABSENCE_SPAN_MS = 600_000;

/** Addresses held by name, per track; a visit looks at a handful. */
export const MAX_BAD_ADDRESSES = 16;
/** Stands for all that are more: no name gives it, so it ends as an absence does, counted from the last of them. */
const THE_REST = '*';

/** What a level of one address means for the window: `still` neither ends it nor is bad by itself. */
export type Meaning = 'bad' | 'ends' | 'still';

export interface Look {
  readonly sample: Reached;
  readonly protection: ProtectionName;
  /** Undefined where the sample says nothing of the protection. */
  readonly meaningOf: ((level: KnownLevel) => Meaning) | undefined;
  /** Nothing that this look saw is bad: it may count as a look without the address. */
  readonly isGood: boolean;
}

export function stillBad(held: readonly BadAddress[], look: Look): readonly BadAddress[] {
  const { sights = [] } = look.sample;
  if (held.length === 0 && (look.isGood || look.meaningOf === undefined)) return held;
  const kept = held.flatMap((bad) => {
    const sight = sights.find((s) => s.address === bad.address);
    return sight === undefined ? withoutIt(bad, look) : seenAgain(bad, sight, look);
  });
  const known = new Set(held.map((bad) => bad.address));
  for (const { address, levels } of sights) {
    const level = levels[look.protection];
    if (level === undefined || known.has(address) || look.meaningOf?.(level) !== 'bad') continue;
    hold(kept, { address, level });
  }
  return kept;
}

function hold(kept: BadAddress[], bad: BadAddress): void {
  const rest = kept.findIndex((k) => k.address === THE_REST);
  if (kept.length - (rest < 0 ? 0 : 1) < MAX_BAD_ADDRESSES) kept.push(bad);
  else if (rest < 0) kept.push({ address: THE_REST, level: bad.level });
  else kept[rest] = { address: THE_REST, level: weaker(kept[rest]?.level ?? bad.level, bad.level) };
}

function seenAgain(bad: BadAddress, sight: Sight, { sample, protection, meaningOf }: Look): readonly BadAddress[] {
  const { address, level } = bad;
  const { network } = sight.levels;
  if (network === 'on') return [];
  if (sight.silent === true) {
    if (!sample.alive) return [{ address, level }];
    const silence = again(bad.silence, sample);
    return isClosing(silence, sample.at) ? [] : [{ address, level, silence }];
  }
  const now = sight.levels[protection];
  const meaning = now === undefined ? 'still' : (meaningOf?.(now) ?? 'still');
  if (meaning === 'ends') return [];
  if (meaning === 'bad' && now !== undefined) return [{ address, level: now }];
  // It spoke, or nobody could tell: given it was, silent it was only where nothing was heard.
  return network === undefined && bad.silence !== undefined
    ? [{ address, level, silence: bad.silence }]
    : [{ address, level }];
}

/** Only a look that saw all the name gave, and found it good, shows that the name no longer gives this one. */
function withoutIt(bad: BadAddress, { sample, isGood }: Look): readonly BadAddress[] {
  if (!isGood || sample.complete !== true) return [bad];
  const absence = again(bad.absence, { at: sample.at });
  return lasted(absence, sample.at, ABSENCES_TO_FORGET, ABSENCE_SPAN_MS) ? [] : [{ ...bad, absence }];
}
