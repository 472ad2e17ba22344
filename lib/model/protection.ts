/**
 * A protection is one security protocol of an endpoint (design: "Protections").
 * Everything ajar remembers about safety is one of these levels; there is no other scale.
 */
export const PROTECTIONS = [
  'network',
  'authentication',
  'access-policy',
  'tls',
  'encryption-at-rest',
  'audit-log',
  'sharing',
  'guardrail',
] as const;
export type ProtectionName = (typeof PROTECTIONS)[number];

/** `unknown` and `not-applicable` have no place in the order: they are never compared, never a pass. */
export const LEVELS = ['on', 'partial', 'off', 'not-applicable', 'unknown'] as const;
export type Level = (typeof LEVELS)[number];

/** The levels that can be compared: off < partial < on. */
export type KnownLevel = 'on' | 'partial' | 'off';

export type Basis = 'declared' | 'observed';

export interface Protection {
  readonly level: Level;
  readonly basis: Basis;
  /** Bounded, redacted, one line: what was read or seen that says so. */
  readonly evidence: string;
  /** The level the service says it is moving to, where a change is not applied yet. */
  readonly pending?: Level;
  /** Of `network` that is `partial`: the blocks on the internet that may connect, to the last address. Absent: not known. */
  readonly sources?: readonly string[];
}

/** More blocks than that are not kept: then who may connect is not known exactly. */
export const MAX_SOURCE_BLOCKS = 64;

export type Protections = Readonly<Partial<Record<ProtectionName, Protection>>>;

/** One of each. */
export function everyProtection(
  read: (name: ProtectionName) => Protection,
): Readonly<Record<ProtectionName, Protection>> {
  const all: Partial<Record<ProtectionName, Protection>> = {};
  for (const name of PROTECTIONS) all[name] = read(name);
  return all as Record<ProtectionName, Protection>;
}

/** From most open to most closed: what is known to be open counts before what is not known. */
const MOST_OPEN_FIRST: readonly Level[] = ['off', 'partial', 'unknown', 'not-applicable', 'on'];

/** Negative when `a` is more open than `b`. */
export function compareOpenness(a: Level, b: Level): number {
  return MOST_OPEN_FIRST.indexOf(a) - MOST_OPEN_FIRST.indexOf(b);
}

/** One way to several things is as open as the most open of them. Undefined where there is none. */
export function mostOpen(protections: readonly Protection[]): Protection | undefined {
  const [most, ...others] = protections.toSorted((a, b) => compareOpenness(a.level, b.level));
  if (most === undefined || others.length === 0) return most;
  const { sources: _ofOne, ...open } = most;
  const sources = sourcesOf(protections);
  return sources === undefined ? open : { ...open, sources };
}

/** Whoever may connect by any of them, where that is known of all. */
function sourcesOf(protections: readonly Protection[]): readonly string[] | undefined {
  const all = new Set<string>();
  for (const { level, sources = level === 'on' ? [] : undefined } of protections) {
    if (sources === undefined) return undefined;
    for (const block of sources) all.add(block);
  }
  return all.size > MAX_SOURCE_BLOCKS ? undefined : [...all];
}

/** Where all have to hold, what is not known could be less than `partial`: it speaks before that. */
export const WEAKEST_FIRST: readonly Level[] = ['off', 'unknown', 'partial', 'on', 'not-applicable'];

const RANK: Readonly<Record<KnownLevel, number>> = { off: 0, partial: 1, on: 2 };

export function isKnown(level: Level | undefined): level is KnownLevel {
  return level === 'on' || level === 'partial' || level === 'off';
}

/** Negative when `a` protects less than `b`. */
export function compareLevels(a: KnownLevel, b: KnownLevel): number {
  return RANK[a] - RANK[b];
}

export function weaker(a: KnownLevel, b: KnownLevel): KnownLevel {
  return compareLevels(a, b) <= 0 ? a : b;
}
