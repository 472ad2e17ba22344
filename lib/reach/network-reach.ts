/** The answer, as the rest of ajar reads it. */
import { type Breadth, breadthOf } from './breadth.ts';
import { type Family, type IpSet, union } from './ipset.ts';
import { type Ports, portText } from './network-bounds.ts';
import { distinct, type Passage, PORT } from './network-gate.ts';

/** From where one interface can be reached over one address family. */
export interface FamilyReach {
  /** Our own public addresses of that family. */
  readonly addresses: readonly string[];
  /** Internet sources that get in for certain. */
  readonly sources: IpSet;
  readonly breadth: Breadth;
  /** Every rule and route that lets one of `sources` in, sorted. */
  readonly via: readonly string[];
  /** Why `sources` is empty, or what narrows it. */
  readonly blockers: readonly string[];
  /** What could not be read and may let others in, or was taken as its default. Empty: the answer is exact. */
  readonly unknown: readonly string[];
  readonly caveats: readonly string[];
}

export interface Reach {
  readonly v4: FamilyReach;
  readonly v6: FamilyReach;
}

/** One endpoint behind several doors: open where any of them is. */
export function uniteDoors(doors: readonly Passage[]): Passage {
  const open = doors.filter(({ possible }) => possible.length > 0);
  const telling = open.length > 0 ? open : doors;
  return {
    reached: union(...doors.map((door) => door.reached)),
    possible: union(...doors.map((door) => door.possible)),
    via: distinct(doors.flatMap((door) => door.via)).toSorted(),
    blockers: distinct(telling.flatMap((door) => door.blockers)),
    unknown: distinct(doors.flatMap((door) => door.unknown)),
    caveats: distinct(doors.flatMap((door) => door.caveats)),
  };
}

export function familyReach(
  passage: Passage,
  family: Family,
  addresses: readonly string[],
  { from, to }: Ports,
): FamilyReach {
  const { reached, via, blockers, unknown, caveats } = passage;
  const port = portText(from, to);
  return {
    addresses,
    sources: reached,
    breadth: breadthOf(reached, family),
    via,
    blockers: blockers.map((text) => text.replaceAll(PORT, port)),
    unknown,
    caveats,
  };
}
