/**
 * Which allowances cover an endpoint at an instant, and what posture they accept. Default deny, protection by protection: an
 * entry that does not match in every given respect, or is outside its days, accepts nothing; one that matches accepts what it
 * lists and nothing beside, however specific it is. Anonymous access is never accepted: break-glass decides who is woken for
 * it. The result does not depend on the order of entries (evidence-and-alerts.md section 4.2).
 */
import type { Allowance, Allowlist } from '../model/allowlist.ts';
import type { Endpoint } from '../model/endpoint.ts';
import type { AuthState } from '../model/observation.ts';
import type { Posture } from '../model/posture.ts';
import type { Basis, KnownLevel, Level, ProtectionName } from '../model/protection.ts';
import type { SampleFact } from '../model/state.ts';
import { isMatch } from './allowance-match.ts';
import { reachMiss } from './allowance-reach.ts';

export interface Coverage {
  /** Sorted. */
  readonly ids: readonly string[];
  readonly reachable: readonly string[];
  readonly plaintext: readonly string[];
  /** What entries from-cidrs accept of what is declared, and of that alone. Absent: none does. */
  readonly within?: { readonly reachable: readonly string[]; readonly plaintext: readonly string[] };
  /** Break-glass entries in their hours. Absent: none. */
  readonly glass?: readonly Allowance[];
}

/** Nothing covers it. */
export const NO_COVERAGE: Coverage = { ids: [], reachable: [], plaintext: [] };

/** Strangers are meant to reach the drill's door. That it lets them in is no more accepted than anywhere else. */
export const DRILL_COVERAGE: Coverage = { ids: ['ajar-drill'], reachable: ['ajar-drill'], plaintext: [] };

/** What was seen of it that an entry may ask for. */
export interface Seen {
  readonly addresses: readonly string[];
  /** As `TLSv1.3`; absent where none was spoken. */
  readonly tls?: string | undefined;
  /** Of the network; absent where nobody looked. */
  readonly network?: Level | undefined;
}

export function seenOf({ addresses, tls, observed }: Pick<Posture, 'addresses' | 'tls' | 'observed'>): Seen {
  return { addresses, tls: tls?.version, network: observed.network.level };
}

export function coverageOf(list: Allowlist, endpoint: Endpoint, seen: Seen, at: string): Coverage {
  const matching = inAccount(list, endpoint).filter((entry) =>
    isMatch({ entry, endpoint, addresses: seen.addresses, at }),
  );
  if (matching.length === 0) return NO_COVERAGE;
  const ids = (entries: readonly Allowance[]): string[] => entries.map((e) => e.id).sort();
  const widening = matching.filter((e) => e.permit.reachable === 'from-internet' && e.permit.breakGlass === undefined);
  const within = matching.filter(
    (e) =>
      e.permit.reachable === 'from-cidrs' &&
      e.permit.breakGlass === undefined &&
      reachMiss(e, endpoint, seen.network) === undefined,
  );
  const glass = matching.filter((e) => e.permit.breakGlass !== undefined);
  return {
    ids: ids(matching),
    reachable: ids(widening.filter((e) => tooOld(e, seen.tls) === undefined)),
    plaintext: ids(widening.filter((e) => e.permit.plaintext)),
    ...(within.length === 0
      ? {}
      : { within: { reachable: ids(within), plaintext: ids(within.filter((e) => e.permit.plaintext)) } }),
    ...(glass.length === 0 ? {} : { glass }),
  };
}

/** By account, of each list as long as it lives: every entry names its accounts, and a list may have 2,000. */
const indexes = new WeakMap<Allowlist, ReadonlyMap<string, readonly Allowance[]>>();

function inAccount(list: Allowlist, { account }: Endpoint): readonly Allowance[] {
  const index = indexes.get(list) ?? indexOf(list);
  indexes.set(list, index);
  return account === undefined ? [] : (index.get(account) ?? []);
}

function indexOf({ entries }: Allowlist): ReadonlyMap<string, readonly Allowance[]> {
  const index = new Map<string, Allowance[]>();
  for (const entry of entries) {
    for (const account of new Set(entry.match.accounts)) {
      const mine = index.get(account);
      if (mine === undefined) index.set(account, [entry]);
      else mine.push(entry);
    }
  }
  return index;
}

/** Reachable is accepted with the TLS that the entry asks for: one that takes no TLS at all takes any. */
export function tooOld({ permit: { plaintext, minTls } }: Allowance, tls: string | undefined): string | undefined {
  const [, version] = /^TLSv(1(?:\.\d)?)$/.exec(tls ?? '') ?? [];
  if (plaintext || version === undefined || Number(version) >= Number(minTls)) return undefined;
  return `TLS ${version} was seen, and the entry asks for ${minTls}`;
}

/** Break-glass entries that cover this level. What they cover is bad all the same; nobody is woken for it. */
export function glassOver(
  { protection, level }: { readonly protection: ProtectionName; readonly level: KnownLevel },
  { glass = [] }: Coverage,
  auth: AuthState,
): readonly string[] {
  return glass
    .filter((entry) => isUnderGlass(entry, protection, level, auth))
    .map(({ id }) => id)
    .sort();
}

function isUnderGlass({ permit }: Allowance, protection: ProtectionName, level: KnownLevel, auth: AuthState): boolean {
  switch (protection) {
    case 'network':
      return permit.reachable === 'from-internet';
    case 'tls':
      return permit.plaintext;
    case 'authentication':
    case 'access-policy':
      // Whoever comes first may make himself the administrator: that is nobody's metadata.
      return auth !== 'setup-open' && (level === 'partial' || permit.breakGlass?.anonymous === 'read');
    case 'encryption-at-rest':
    case 'audit-log':
    case 'sharing':
    case 'guardrail':
      return false;
  }
}

/**
 * The lowest level that is acceptable without a history, and the allowances that made it so low. `shared`: behind a
 * host that all customers share no probe looks, so what the provider lets anyone do is judged at first sight too.
 */
export function floorOf(
  protection: ProtectionName,
  basis: Basis,
  coverage: Coverage,
  shared = false,
): Pick<SampleFact, 'floor' | 'allowances' | 'within'> {
  if (protection === 'authentication') return { floor: 'on', allowances: [] };
  if (shared && (protection === 'sharing' || protection === 'access-policy'))
    return { floor: 'partial', allowances: [] };
  const by = protection === 'network' ? coverage.reachable : protection === 'tls' ? coverage.plaintext : [];
  // What the configuration promises is judged by its changes; what outsiders see is judged as it is.
  if (basis === 'declared') {
    const within = withinOf(protection, coverage);
    if (within.length === 0) return { floor: 'off', allowances: by };
    return { floor: 'off', allowances: [...by, ...within].sort(), within };
  }
  if (by.length > 0) return { floor: 'off', allowances: by };
  return { floor: protection === 'network' || protection === 'tls' ? 'partial' : 'off', allowances: [] };
}

function withinOf(protection: ProtectionName, { within }: Coverage): readonly string[] {
  if (protection === 'network') return within?.reachable ?? [];
  return protection === 'tls' ? (within?.plaintext ?? []) : [];
}
