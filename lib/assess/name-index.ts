/** DNS names joined to what they lead to, over aliases, both ways. Loops and fans are bounded: a zone is a stranger's text. */
import ipaddr from 'ipaddr.js';
import type { NameRecord } from '../model/second-inventory.ts';

export interface NameIndex {
  /** Sorted targets by name. */
  readonly targets: ReadonlyMap<string, readonly string[]>;
  /** Sorted names by target. */
  readonly names: ReadonlyMap<string, readonly string[]>;
}

/** Aliases followed from one name. */
export const MAX_ALIASES = 8;
/** Names kept per host, and addresses per name. */
export const MAX_FOUND = 32;

export function indexNames(records: readonly NameRecord[]): NameIndex {
  const targets = new Map<string, Set<string>>();
  const names = new Map<string, Set<string>>();
  for (const record of records) {
    // Anybody may make a zone of the provider's own name: nobody delegates it, so nobody asks it.
    if (PROVIDER.test(canonicalHost(record.name))) continue;
    const [name, target] = [canonicalHost(record.name), canonicalHost(record.target)];
    add(targets, name, target);
    add(names, target, name);
  }
  return { targets: sorted(targets), names: sorted(names) };
}

const PROVIDER = /(^|\.)(amazonaws\.(com|com\.cn|eu)|on\.aws|api\.aws|cloudfront\.net|awsglobalaccelerator\.com)$/;

/** One spelling per host: lower case, no final dot, addresses in their shortest form, balancers without `dualstack.`. */
export function canonicalHost(host: string): string {
  const text = host
    .toLowerCase()
    .replace(/\.$/, '')
    .replace(/^\[(.*)\]$/, '$1');
  if (ipaddr.IPv6.isValid(text)) return ipaddr.IPv6.parse(text).toString();
  return /\.amazonaws\.(com(\.cn)?|eu)$/.test(text) ? text.replace(/^dualstack\./, '') : text;
}

/** What our own zones say of a host, both lists sorted. */
export interface Surrounding {
  /** Itself, and every name and address that it leads to. */
  readonly hosts: readonly string[];
  /** Names in our zones that lead to one of those hosts. */
  readonly names: readonly string[];
}

export function surroundingOf(host: string, index: NameIndex): Surrounding {
  const start = canonicalHost(host);
  const hosts = [start, ...walk([start], index.targets)].toSorted();
  const passed = hosts.filter((h) => index.targets.has(h));
  return { hosts, names: [...new Set([...passed, ...walk(hosts, index.names)])].toSorted() };
}

/** What can be reached from the starts, they themselves left out. */
function walk(starts: readonly string[], edges: ReadonlyMap<string, readonly string[]>): readonly string[] {
  const seen = new Set(starts);
  const found: string[] = [];
  let frontier = starts;
  for (let step = 0; step <= MAX_ALIASES && frontier.length > 0; step++) {
    const next: string[] = [];
    for (const host of frontier) {
      for (const other of edges.get(host) ?? []) {
        if (found.length === MAX_FOUND) return found;
        if (seen.has(other)) continue;
        seen.add(other);
        found.push(other);
        next.push(other);
      }
    }
    frontier = next;
  }
  return found;
}

function add(map: Map<string, Set<string>>, key: string, value: string): void {
  const values = map.get(key);
  if (values === undefined) map.set(key, new Set([value]));
  else values.add(value);
}

function sorted(map: ReadonlyMap<string, ReadonlySet<string>>): ReadonlyMap<string, readonly string[]> {
  return new Map([...map].map(([key, values]) => [key, [...values].toSorted()]));
}
