/** What posture an allowlist approves of an endpoint, protection by protection, which entries say so, and what others lack. Pure. */
import { type Allowance, type Allowlist, glassEnd } from '../model/allowlist.ts';
import type { Endpoint } from '../model/endpoint.ts';
import { missesOf } from './allowance-match.ts';
import { reachMiss } from './allowance-reach.ts';
import { coverageOf, type Seen, tooOld } from './allowlist.ts';

export interface Approved {
  /** By protection; `others`: all that no entry can speak of. */
  readonly posture: readonly {
    readonly protection: 'network' | 'tls' | 'authentication' | 'others';
    /** Entries that decided it; none: the default, which denies. */
    readonly by: readonly string[];
    readonly means: string;
    /** Of what is declared alone: the networks that it is accepted for. */
    readonly within?: string;
  }[];
  /** Those that match, then the nearest. */
  readonly entries: readonly ExplainedEntry[];
}

export interface ExplainedEntry {
  readonly id: string;
  readonly matches: boolean;
  readonly why: string;
  readonly misses: readonly string[];
  /** What it accepts, or would if it matched. */
  readonly accepts: string;
  readonly owner: string;
  readonly reason: string;
  readonly ticket: string;
  readonly expires: string;
}

export function approvedFor(list: Allowlist, endpoint: Endpoint, seen: Seen, at: string): Approved {
  const {
    reachable,
    plaintext,
    within = { reachable: [], plaintext: [] },
    glass = [],
  } = coverageOf(list, endpoint, seen, at);
  const networks = namedBy(list, within.reachable);
  const glassIds = glass.map(({ id }) => id).sort();
  const entries = list.entries
    .map((entry) => explained(entry, endpoint, seen, at))
    .toSorted((a, b) => a.misses.length - b.misses.length || (a.id < b.id ? -1 : 1));
  return {
    posture: [
      accepted('network', reachable, within.reachable, networks, {
        anyone: 'may be reached from the internet',
        named: `may be opened to ${networks}, by the configuration, and must not be reached from elsewhere`,
        nobody: 'must not be reached from outside',
      }),
      accepted('tls', plaintext, within.plaintext, networks, {
        anyone: 'may be missing',
        named: 'may be missing in the configuration; what is seen from outside must offer 1.2 or later',
        nobody: 'must be offered, 1.2 or later',
      }),
      {
        protection: 'authentication',
        by: glassIds,
        means:
          glass.length > 0
            ? 'must be demanded; while the glass is broken an incident is recorded and nobody is woken'
            : 'must be demanded: no entry accepts less',
      },
      {
        protection: 'others',
        by: [],
        means: 'may not fall below the best that was seen: no entry accepts a removal',
      },
    ],
    entries,
  };
}

/** By entries that ask nothing of who connects; else by those of named networks, of what is declared alone; else by none. */
function accepted(
  protection: 'network' | 'tls',
  anyone: readonly string[],
  named: readonly string[],
  networks: string,
  means: Readonly<Record<'anyone' | 'named' | 'nobody', string>>,
): Approved['posture'][number] {
  if (anyone.length > 0) return { protection, by: anyone, means: means.anyone };
  if (named.length > 0) return { protection, by: named, within: networks, means: means.named };
  return { protection, by: [], means: means.nobody };
}

const MAX_NETWORKS = 4;

/** The networks of those entries; all of what may connect is inside of each of them. */
function namedBy({ entries }: Allowlist, ids: readonly string[]): string {
  const found = entries.filter(({ id }) => ids.includes(id)).flatMap(({ permit }) => permit.fromCidrs ?? []);
  return networksText([...new Set(found)].sort());
}

function networksText(networks: readonly string[]): string {
  const more = networks.length > MAX_NETWORKS ? ` and ${networks.length - MAX_NETWORKS} more` : '';
  return `${networks.slice(0, MAX_NETWORKS).join(', ')}${more}`;
}

function explained(
  entry: Allowance,
  endpoint: Endpoint,
  { addresses, tls, network }: Seen,
  at: string,
): ExplainedEntry {
  const { id, owner, reason, ticket, expires } = entry;
  const misses = missesOf(entry, endpoint, addresses, at);
  const limit = misses.length > 0 ? undefined : limitOf(entry, endpoint, { tls, network });
  const why =
    misses.join('; ') || ['matches in every respect', limit].filter((part) => part !== undefined).join(', but ');
  return { id, matches: misses.length === 0, why, misses, accepts: acceptsOf(entry), owner, reason, ticket, expires };
}

/** What keeps an entry that matches from accepting who may connect. */
function limitOf(entry: Allowance, endpoint: Endpoint, { tls, network }: Omit<Seen, 'addresses'>): string | undefined {
  const isOfNetworks = entry.permit.reachable === 'from-cidrs';
  return isOfNetworks ? reachMiss(entry, endpoint, network) : tooOld(entry, tls);
}

function acceptsOf({ permit }: Allowance): string {
  const { reachable, fromCidrs = [], plaintext, minTls, breakGlass } = permit;
  if (breakGlass !== undefined) {
    const { anonymous, from } = breakGlass;
    return `break-glass, ${anonymous}, from ${from} to ${glassEnd(breakGlass)}: recorded, nobody is woken`;
  }
  const tls = plaintext ? 'without TLS too' : `with TLS ${minTls} or later`;
  if (reachable === 'from-cidrs')
    return `open to ${networksText(fromCidrs)} and nobody else, as the configuration says, credentials demanded${plaintext ? `, ${tls}` : ''}`;
  return `reachable from the internet, credentials demanded, ${tls}`;
}
