/** What posture an allowlist approves of an endpoint, protection by protection, which entries say so, and what others lack. Pure. */
import { type Allowance, type Allowlist, glassEnd } from '../model/allowlist.ts';
import type { Endpoint } from '../model/endpoint.ts';
import { missesOf } from './allowance-match.ts';
import { coverageOf, type Seen, tooOld } from './allowlist.ts';

export interface Approved {
  /** By protection; `others`: all that no entry can speak of. */
  readonly posture: readonly {
    readonly protection: 'network' | 'tls' | 'authentication' | 'others';
    /** Entries that decided it; none: the default, which denies. */
    readonly by: readonly string[];
    readonly means: string;
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
  const { reachable, plaintext, glass = [] } = coverageOf(list, endpoint, seen, at);
  const glassIds = glass.map(({ id }) => id).sort();
  const entries = list.entries
    .map((entry) => explained(entry, endpoint, seen, at))
    .toSorted((a, b) => a.misses.length - b.misses.length || (a.id < b.id ? -1 : 1));
  return {
    posture: [
      {
        protection: 'network',
        by: reachable,
        means: reachable.length > 0 ? 'may be reached from the internet' : 'must not be reached from outside',
      },
      {
        protection: 'tls',
        by: plaintext,
        means: plaintext.length > 0 ? 'may be missing' : 'must be offered, 1.2 or later',
      },
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

function explained(entry: Allowance, endpoint: Endpoint, { addresses, tls }: Seen, at: string): ExplainedEntry {
  const { id, owner, reason, ticket, expires } = entry;
  const misses = missesOf(entry, endpoint, addresses, at);
  const limit = misses.length === 0 ? tooOld(entry, tls) : undefined;
  const why =
    misses.join('; ') || ['matches in every respect', limit].filter((part) => part !== undefined).join(', but ');
  return { id, matches: misses.length === 0, why, misses, accepts: acceptsOf(entry), owner, reason, ticket, expires };
}

function acceptsOf({ permit }: Allowance): string {
  const { reachable, plaintext, minTls, breakGlass } = permit;
  if (breakGlass !== undefined) {
    const { anonymous, from } = breakGlass;
    return `break-glass, ${anonymous}, from ${from} to ${glassEnd(breakGlass)}: recorded, nobody is woken`;
  }
  if (reachable === 'from-cidrs') return 'nothing that is seen: from-cidrs is not judged';
  const tls = plaintext ? 'without TLS too' : `with TLS ${minTls} or later`;
  return `reachable from the internet, credentials demanded, ${tls}`;
}
