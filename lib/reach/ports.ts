/**
 * Which TCP ports of an interface the internet can reach. Between two ports where a rule or an ACL entry begins or
 * ends nothing changes, so one look at each such segment answers for all 65,536.
 */
import type { NetworkInterface } from '../model/network.ts';
import { FAMILIES, type Family, type IpSet } from './ipset.ts';
import { type Door, doorTo, passDoor, reachThrough } from './network-door.ts';
import { ALL_PORTS, type Ports } from './network-bounds.ts';
import type { Passage } from './network-gate.ts';
import type { Reach } from './network-reach.ts';
import { type NetworkIndex, surroundingsOf } from './network-index.ts';
import type { SourceRule, SourceRules } from './rules.ts';

export interface OpenPorts extends Ports {
  /** The answer for each of these ports. */
  readonly reach: Reach;
}

/**
 * How much is looked at for one interface: each rule in each segment it meets, and each segment. Beyond it (AWS allows
 * 1,000 rules on an interface) neighbouring segments are looked at as one, and what only some of their ports let in is
 * unknown. A single port is always answered exactly by `doorOf`.
 */
export const MAX_LOOKS = 16_384;
/** What a segment costs, in rules. */
const SEGMENT_LOOKS = 4;

type Passages = ReturnType<typeof passDoor>;

interface Stretch {
  readonly from: number;
  to: number;
  readonly passages: Passages;
}

/** The largest ranges of ports with one and the same answer, where anybody gets in or may. Sorted. */
export function openPorts(index: NetworkIndex, eni: NetworkInterface): readonly OpenPorts[] {
  const door = doorTo(surroundingsOf(index, eni));
  const open: Stretch[] = [];
  for (const { rules, ...ports } of segmentsOf(door)) {
    const passages = passDoor(door, ports, rules);
    if (FAMILIES.every((family) => passages[family].possible.length === 0)) continue;
    const last = open.at(-1);
    if (last !== undefined && last.to + 1 === ports.from && sameAnswer(last.passages, passages)) last.to = ports.to;
    else open.push({ ...ports, passages });
  }
  return open.map(({ from, to, passages }) => ({
    from,
    to,
    reach: reachThrough(passages, door.addresses, { from, to }),
  }));
}

/** Segments with the rules that meet them; those that no rule meets are left out. */
function* segmentsOf(door: Door): Generator<Ports & { readonly rules: SourceRules }> {
  const rules = (family: Family): readonly SourceRule[] =>
    door.closed[family] === undefined ? door.rules[family] : [];
  const waiting = { v4: byStart(rules('v4')), v6: byStart(rules('v6')) };
  const met: { v4: SourceRule[]; v6: SourceRule[] } = { v4: [], v6: [] };
  const starts = coarsened(edgesOf(door), [...waiting.v4, ...waiting.v6]);
  for (const [i, from] of starts.entries()) {
    const to = (starts[i + 1] ?? ALL_PORTS.to + 1) - 1;
    for (const family of FAMILIES) {
      met[family] = met[family].filter((rule) => rule.to >= from);
      for (let next = waiting[family].at(-1); next !== undefined && next.from <= to; next = waiting[family].at(-1)) {
        met[family].push(next);
        waiting[family].pop();
      }
    }
    if (met.v4.length + met.v6.length > 0) yield { from, to, rules: { v4: [...met.v4], v6: [...met.v6] } };
  }
}

/** Last first, to be taken from the end. */
function byStart(rules: readonly SourceRule[]): SourceRule[] {
  return rules.toSorted((a, b) => b.from - a.from);
}

/** Every port at which something may change, from 0. */
function edgesOf(door: Door): readonly number[] {
  const edges = new Set([ALL_PORTS.from]);
  for (const family of FAMILIES) {
    if (door.closed[family] !== undefined) continue;
    for (const { from, to } of [...door.rules[family], ...(door.acl?.inbound[family] ?? [])]) {
      edges.add(from);
      if (to < ALL_PORTS.to) edges.add(to + 1);
    }
  }
  return [...edges].toSorted((a, b) => a - b);
}

/** Every edge, or every second, fourth, ... until the segments meet few enough rules. */
function coarsened(edges: readonly number[], rules: readonly Ports[]): readonly number[] {
  const at = new Map(edges.map((port, i) => [port, i]));
  const spans = rules.map(({ from, to }) => [at.get(from) ?? 0, (at.get(to + 1) ?? edges.length) - 1] as const);
  for (let step = 1; ; step *= 2) {
    const met = spans.reduce((sum, [first, last]) => sum + Math.floor(last / step) - Math.floor(first / step) + 1, 0);
    const segments = Math.min(met, Math.ceil(edges.length / step));
    if (met + SEGMENT_LOOKS * segments <= MAX_LOOKS || step > edges.length) {
      return edges.filter((_, i) => i % step === 0);
    }
  }
}

function sameAnswer(a: Passages, b: Passages): boolean {
  return FAMILIES.every((family) => samePassage(a[family], b[family]));
}

function samePassage(a: Passage, b: Passage): boolean {
  if (a === b) return true;
  return (
    sameSet(a.reached, b.reached) &&
    sameSet(a.possible, b.possible) &&
    sameTexts(a.via, b.via) &&
    sameTexts(a.blockers, b.blockers) &&
    sameTexts(a.unknown, b.unknown) &&
    sameTexts(a.caveats, b.caveats)
  );
}

function sameSet(a: IpSet, b: IpSet): boolean {
  return a.length === b.length && a.every(({ first, last }, i) => first === b[i]?.first && last === b[i]?.last);
}

function sameTexts(a: readonly string[], b: readonly string[]): boolean {
  return a.length === b.length && a.every((text, i) => text === b[i]);
}
