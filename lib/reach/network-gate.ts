/**
 * Whether a packet from the internet gets in is asked gate by gate: address, gateway, groups, ACL, routes
 * (aws-services.md section 4.2). Each gate says who passes for certain and who may pass, because what could not be
 * read is neither open nor closed; the answer is their intersection and, where it is empty, every gate that says why.
 */
import { printable } from '../model/text.ts';
import { PUBLIC } from './breadth.ts';
import { blocksOf, EVERYBODY, type Family, intersect, type IpSet, subtract } from './ipset.ts';
import { type Bounds, exceeds, narrow, overlaps } from './network-bounds.ts';

/** A text that counts where one of these sources is among those that get in. */
export interface Line {
  readonly text: string;
  readonly set: IpSet;
}

/** Two ways to say it, the shorter one wins: who is turned away, or who is left. `BLOCKS` stands for them. */
export interface Narrowing {
  readonly lost: string;
  readonly left: string;
}

export interface Gate extends Bounds {
  /** Said where the gate lets nobody from the internet through. */
  readonly blocker: string;
  /** Said where it turns some away and lets others through. A gate without it narrows silently. */
  readonly narrows?: Narrowing;
  /** What was not read: why `least` is less than `most`. */
  readonly unread: readonly string[];
  /** What was not read and is taken as its default. */
  readonly assumes: readonly string[];
  readonly via: readonly Line[];
  readonly caveats: readonly Line[];
}

/** What got through all gates of one family. Texts still hold `PORT`. */
export interface Passage {
  /** Public sources that get in for certain. */
  readonly reached: IpSet;
  /** Public sources that may get in. */
  readonly possible: IpSet;
  readonly via: readonly string[];
  readonly blockers: readonly string[];
  readonly unknown: readonly string[];
  readonly caveats: readonly string[];
}

/** Stands for the port in a blocker until the ports asked about are known. */
export const PORT = '{port}';
export const BLOCKS = '{blocks}';
/** Said where more rules meet than are looked at one by one. */
export const BLURRED = 'too many rules to tell these ports apart';
const MAX_BLOCKS_SHOWN = 3;

export const NO_ADDRESS = 'no public address';

const SILENT = { blocker: '', unread: [], assumes: [], via: [], caveats: [] } as const;

export function openGate(family: Family, over: Partial<Gate> = {}): Gate {
  return { ...SILENT, least: EVERYBODY[family], most: EVERYBODY[family], ...over };
}

export function shutGate(blocker: string): Gate {
  return { ...SILENT, least: [], most: [], blocker: printable(blocker) };
}

export function unsureGate(family: Family, ...unread: readonly string[]): Gate {
  return { ...SILENT, least: [], most: EVERYBODY[family], unread: unread.map((text) => printable(text)) };
}

export function passGates(gates: readonly Gate[], family: Family): Passage {
  let [least, most] = [EVERYBODY[family], EVERYBODY[family]];
  const blockers: string[] = [];
  for (const gate of gates) {
    if (gate.most !== EVERYBODY[family]) blockers.push(...blockersOf(gate, most, family));
    const exact = least === most && gate.least === gate.most;
    most = narrow(most, gate.most, family);
    least = exact ? most : narrow(least, gate.least, family);
  }
  const reached = intersect(least, PUBLIC[family]);
  const possible = least === most ? reached : intersect(most, PUBLIC[family]);
  const doubtful = (gate: Gate): boolean => gate.unread.length > 0 && exceeds(possible, gate.least, family);
  return {
    reached,
    possible,
    via: linesOf(gates, 'via', reached).toSorted(),
    blockers,
    unknown: distinct(
      gates.flatMap((gate) => [...(doubtful(gate) ? gate.unread : []), ...(possible.length > 0 ? gate.assumes : [])]),
    ),
    caveats: linesOf(gates, 'caveats', possible),
  };
}

/** `arriving` is who came through the gates before. */
function blockersOf(gate: Gate, arriving: IpSet, family: Family): readonly string[] {
  if (!overlaps(gate.most, PUBLIC[family])) return gate.blocker === '' ? [] : [gate.blocker];
  if (gate.narrows === undefined) return [];
  const lost = publicRanges(subtract(arriving, gate.most, family), family);
  if (lost.length === 0) return [];
  const away = blocksOf(lost, family, MAX_BLOCKS_SHOWN);
  const left = blocksOf(publicRanges(intersect(arriving, gate.most), family), family, MAX_BLOCKS_SHOWN);
  const { text, shown } =
    away.more && !left.more && left.blocks.length > 0
      ? { text: gate.narrows.left, shown: left }
      : { text: gate.narrows.lost, shown: away };
  return [text.replaceAll(BLOCKS, `${shown.blocks.join(', ')}${shown.more ? ' and more' : ''}`)];
}

function publicRanges(set: IpSet, family: Family): IpSet {
  return set.filter((range) => overlaps([range], PUBLIC[family]));
}

function linesOf(gates: readonly Gate[], kind: 'via' | 'caveats', sources: IpSet): string[] {
  if (sources.length === 0) return [];
  const met: string[] = [];
  for (const gate of gates) {
    for (const { text, set } of gate[kind]) if (overlaps(set, sources)) met.push(text);
  }
  return distinct(met);
}

export function distinct(texts: readonly string[]): string[] {
  return texts.length < 2 ? [...texts] : [...new Set(texts)];
}
