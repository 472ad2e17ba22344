/**
 * Which allowances cover an endpoint at an instant, and what posture they accept. Default deny; an entry that
 * does not match in every given respect, or is outside its days, accepts nothing. Anonymous access is never
 * accepted. The result does not depend on the order of entries (evidence-and-alerts.md section 4.2).
 */
import ipaddr from 'ipaddr.js';
import type { Allowance, Allowlist } from '../model/allowlist.ts';
import type { Endpoint } from '../model/endpoint.ts';
import type { Basis, KnownLevel, ProtectionName } from '../model/protection.ts';

export interface Coverage {
  /** Sorted. */
  readonly ids: readonly string[];
  readonly reachable: readonly string[];
  readonly plaintext: readonly string[];
}

/** Nothing covers it. */
export const NO_COVERAGE: Coverage = { ids: [], reachable: [], plaintext: [] };

/** Strangers are meant to reach the drill's door. That it lets them in is no more accepted than anywhere else. */
export const DRILL_COVERAGE: Coverage = { ids: ['ajar-drill'], reachable: ['ajar-drill'], plaintext: [] };

export interface MatchAnswer {
  readonly id: string;
  readonly matches: boolean;
  /** What was missing, in words, for `allowlist explain`. */
  readonly why: string;
}

export function coverageOf(list: Allowlist, endpoint: Endpoint, addresses: readonly string[], at: string): Coverage {
  const matching = list.entries.filter((e) => explainEntry(e, endpoint, addresses, at).matches);
  const ids = (entries: readonly Allowance[]): string[] => entries.map((e) => e.id).sort();
  return {
    ids: ids(matching),
    // From-cidrs says who may connect; whether this vantage is one of them is not known here, so it widens nothing.
    reachable: ids(matching.filter((e) => e.permit.reachable === 'from-internet')),
    plaintext: ids(matching.filter((e) => e.permit.plaintext)),
  };
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
): { readonly floor: KnownLevel; readonly allowances: readonly string[] } {
  if (protection === 'authentication') return { floor: 'on', allowances: [] };
  if (shared && (protection === 'sharing' || protection === 'access-policy'))
    return { floor: 'partial', allowances: [] };
  const by = protection === 'network' ? coverage.reachable : protection === 'tls' ? coverage.plaintext : [];
  // What the configuration promises is judged by its changes; what outsiders see is judged as it is.
  if (basis === 'declared') return { floor: 'off', allowances: by };
  if (by.length > 0) return { floor: 'off', allowances: by };
  return { floor: protection === 'network' || protection === 'tls' ? 'partial' : 'off', allowances: [] };
}

export function explainEntry(
  entry: Allowance,
  endpoint: Endpoint,
  addresses: readonly string[],
  at: string,
): MatchAnswer {
  const miss = firstMiss(entry, endpoint, addresses, at);
  return { id: entry.id, matches: miss === undefined, why: miss ?? 'matches in every respect' };
}

function firstMiss(entry: Allowance, endpoint: Endpoint, addresses: readonly string[], at: string): string | undefined {
  const { match } = entry;
  const day = at.slice(0, 10);
  if (day < entry.approvedOn) return `not approved before ${entry.approvedOn}`;
  if (day > entry.expires) return `expired at the end of ${entry.expires}`;
  if (endpoint.account === undefined) return 'the endpoint names no account';
  if (!match.accounts.includes(endpoint.account)) return `account ${endpoint.account} is not listed`;
  if (!match.protocols.includes(endpoint.engine)) return `protocol ${endpoint.engine} is not listed`;
  if (match.ports !== undefined && !match.ports.includes(endpoint.port)) return `port ${endpoint.port} is not listed`;
  if (match.regions !== undefined && !match.regions.includes(endpoint.region ?? '')) {
    return `region ${endpoint.region ?? '(none)'} is not listed`;
  }
  if (match.arns !== undefined && !match.arns.some((glob) => matchesArn(glob, endpoint.arn ?? ''))) {
    return `no ARN pattern matches ${endpoint.arn ?? '(no ARN)'}`;
  }
  const wanted = Object.entries(match.tags ?? {}).find(([key, value]) => endpoint.tags[key] !== value);
  if (wanted !== undefined) return `tag ${wanted[0]} is not ${wanted[1]}`;
  const host = endpoint.host.toLowerCase();
  if (match.hostnames !== undefined && !match.hostnames.some((name) => name.toLowerCase() === host)) {
    return `host ${endpoint.host} is not listed`;
  }
  return match.addresses === undefined ? undefined : addressMiss(match.addresses, addresses);
}

function addressMiss(blocks: readonly string[], addresses: readonly string[]): string | undefined {
  if (addresses.length === 0) return 'no address is known for it';
  const outside = addresses.find((address) => !blocks.some((block) => contains(block, address)));
  return outside === undefined ? undefined : `address ${outside} is in none of the blocks`;
}

function contains(block: string, address: string): boolean {
  if (!ipaddr.isValid(address) || !ipaddr.isValidCIDR(block)) return false;
  const [network, bits] = ipaddr.parseCIDR(block);
  const parsed = ipaddr.process(address);
  return parsed.kind() === network.kind() && parsed.match(network, bits);
}

/** `*` and `?` in the resource part only; the five parts before it are literal. */
export function matchesArn(glob: string, arn: string): boolean {
  const [pattern, subject] = [glob.split(':'), arn.split(':')];
  if (pattern.length < 6 || subject.length < 6) return false;
  if (!pattern.slice(0, 5).every((part, i) => part === subject[i])) return false;
  return matchesGlob(pattern.slice(5).join(':'), subject.slice(5).join(':'));
}

/** Linear-space wildcard match without backtracking over more than the last star. */
function matchesGlob(glob: string, text: string): boolean {
  let [g, t, star, mark] = [0, 0, -1, 0];
  while (t < text.length) {
    if (glob[g] === '*') {
      star = g++;
      mark = t;
    } else if (glob[g] === '?' || (g < glob.length && glob[g] === text[t])) {
      g++;
      t++;
    } else if (star >= 0) {
      g = star + 1;
      t = ++mark;
    } else {
      return false;
    }
  }
  while (glob[g] === '*') g++;
  return g === glob.length;
}
