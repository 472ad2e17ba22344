/**
 * What is wrong with an allowlist that is valid: entries that do nothing, soon do nothing, or do too much
 * (evidence-and-alerts.md section 4.2). Pure. What could not be judged is said, and is never a clean bill.
 */
import type { Allowance, Allowlist } from '../model/allowlist.ts';
import type { Endpoint } from '../model/endpoint.ts';
import type { Level } from '../model/protection.ts';
import { printable } from '../model/text.ts';
import { FAMILIES, parseBlocks, subtract } from '../reach/ipset.ts';
import { isMatch } from './allowance-match.ts';
import { reachMiss } from './allowance-reach.ts';

export const WARN_DAYS = 14;
const LONG_DAYS = 180;
const MANY_ENDPOINTS = 25;
/** Without a decision that an entry could have been part of. */
const UNUSED_DAYS = 30;
/** Of the others that an entry overlaps. */
const NAMED = 3;

export const LINT_CODES = {
  expired: 'the entry accepts nothing any more',
  'expires-soon': 'the entry ends within two weeks',
  'not-yet': 'the entry accepts nothing yet',
  long: 'the entry runs for more than half a year',
  unused: 'the entry matches no endpoint that is known, or none that was decided of in 30 days',
  'use-unknown': 'whether the entry is used could not be judged',
  broad: 'the entry covers more than anybody can have looked at',
  'tag-only': 'the entry matches by tag alone',
  'unknown-account': 'the entry names an account that nobody knows',
  overlapping: 'the entry covers endpoints that another covers too',
  shadowed: 'the entry accepts nothing that others do not accept',
  'judges-nothing': 'a field of the entry decides nothing',
} as const;
export type LintCode = keyof typeof LINT_CODES;

/** Wrong by itself; the others are for people to weigh. */
export const LINT_ERRORS: readonly LintCode[] = ['expired', 'unused', 'unknown-account'];

export interface LintWarning {
  readonly id: string;
  readonly code: LintCode;
  readonly message: string;
}

/** An endpoint, and its addresses where a visit has learned them. */
export interface KnownEndpoint {
  readonly endpoint: Endpoint;
  readonly addresses?: readonly string[];
  /** As last seen of the network from outside. */
  readonly network?: Level;
  /** When it was last decided of, by whatever list was in force; absent: it is in an inventory of today. */
  readonly decidedAt?: string;
}

/** What entries are judged against. */
export interface Known {
  readonly endpoints: readonly KnownEndpoint[];
  /** That exist, with endpoints or without. */
  readonly accounts: readonly string[];
}

/** `known` undefined: no inventory at hand, so neither use nor accounts are judged. */
export function lintAllowlist(list: Allowlist, known: Known | undefined, at: string): LintWarning[] {
  const against = known === undefined ? undefined : { hits: hitsOf(list, known), accounts: accountsOf(known) };
  return list.entries.flatMap((entry) => [
    ...lintDates(entry, at),
    ...lintShape(entry),
    ...(against === undefined
      ? []
      : [
          ...lintAccounts(entry, against.accounts),
          ...lintUse(entry, against.hits, at),
          ...lintReach(entry, against.hits, known?.endpoints ?? []),
          ...lintOthers(entry, list, against.hits, at),
        ]),
  ]);
}

function lintDates(entry: Allowance, at: string): LintWarning[] {
  const day = at.slice(0, 10);
  const left = daysLeft(entry, at);
  const span = (Date.parse(entry.expires) - Date.parse(entry.approvedOn)) / 86_400_000;
  const warn = (code: LintCode, message: string): LintWarning[] => [{ id: entry.id, code, message }];
  if (left < 0)
    return warn('expired', `expired on ${entry.expires}: it accepts nothing; remove it or approve it again`);
  if (day < entry.approvedOn) return warn('not-yet', `accepts nothing before ${entry.approvedOn}`);
  if (left <= WARN_DAYS)
    return warn('expires-soon', `expires ${inDays(left)}, on ${entry.expires}: ${entry.owner} decides`);
  return span > LONG_DAYS ? warn('long', `runs ${span} days: more than ${LONG_DAYS} is hard to justify`) : [];
}

/** Whole days; 0 on the last, on which it still holds. */
export function daysLeft({ expires }: Pick<Allowance, 'expires'>, at: string): number {
  return (Date.parse(expires) - Date.parse(at.slice(0, 10))) / 86_400_000;
}

export function inDays(days: number): string {
  return days === 0 ? 'today' : days === 1 ? 'tomorrow' : `in ${days} days`;
}

/** More than anybody can have looked at, by what it says or by how much it matches. */
export function isOverBroad(entry: Allowance, matches: number): boolean {
  return matches > MANY_ENDPOINTS || lintShape(entry).some(({ code }) => code === 'broad' || code === 'tag-only');
}

/** What the entry itself shows. */
function lintShape({ id, match }: Allowance): LintWarning[] {
  const { arns, hostnames, addresses, tags } = match;
  const warnings: LintWarning[] = [];
  if (tags !== undefined && arns === undefined && hostnames === undefined && addresses === undefined) {
    warnings.push({ id, code: 'tag-only', message: 'matches by tag alone: whoever may tag may widen it' });
  }
  const whole = hostnames === undefined && addresses === undefined ? arns?.find(isWhole) : undefined;
  if (whole !== undefined)
    warnings.push({
      id,
      code: 'broad',
      message: `${whole} is all that a service has in an account: name what is meant`,
    });
  return warnings;
}

/** A resource part without a literal character beside its type: `*`, `domain/*`, `db:*`. */
function isWhole(arn: string): boolean {
  return /^(?:[a-z-]*[/:])?[*?]+$/.test(arn.split(':').slice(5).join(':'));
}

function accountsOf({ accounts, endpoints }: Known): ReadonlySet<string | undefined> {
  return new Set([...accounts, ...endpoints.map(({ endpoint }) => endpoint.account)]);
}

function lintAccounts({ id, match }: Allowance, accounts: ReadonlySet<string | undefined>): LintWarning[] {
  const unknown = match.accounts.filter((account) => !accounts.has(account));
  if (unknown.length === 0) return [];
  const shown = unknown.slice(0, NAMED).join(', ');
  return [{ id, code: 'unknown-account', message: `${shown}: nothing is known of it; is it a slip?` }];
}

interface Hit {
  readonly ids: ReadonlySet<string>;
  readonly isWhole: boolean;
  /** The last decision of any of them; absent where one is in an inventory of today. */
  readonly lastAt?: string;
}
type Hits = ReadonlyMap<Allowance, Hit>;

/** On a day that it holds: whether it matches is one thing, whether it is in force another. */
function hitsOf({ entries }: Allowlist, { endpoints }: Known): Hits {
  const byAccount = Map.groupBy(endpoints, ({ endpoint }) => endpoint.account);
  return new Map(
    entries.map((entry) => {
      const { accounts, addresses: blocks } = entry.match;
      const at = entry.permit.breakGlass?.from ?? entry.approvedOn;
      const near = accounts.flatMap((account) => byAccount.get(account) ?? []);
      const hit = near.filter(({ endpoint, addresses = [] }) => isMatch({ entry, endpoint, addresses, at }));
      const isWhole = blocks === undefined || endpoints.every(({ addresses }) => addresses !== undefined);
      const dates = hit.flatMap(({ decidedAt }) => decidedAt ?? []).toSorted();
      const lastAt = dates.length === hit.length ? dates.at(-1) : undefined;
      const ids = new Set(hit.map(({ endpoint }) => endpoint.id));
      return [entry, { ids, isWhole, ...(lastAt === undefined ? {} : { lastAt }) }] as const;
    }),
  );
}

function lintUse(entry: Allowance, hits: Hits, at: string): LintWarning[] {
  const { id } = entry;
  const { ids, isWhole, lastAt }: Hit = hits.get(entry) ?? { ids: new Set(), isWhole: false };
  if (!isWhole) {
    const message = 'matches by address, which only a probe learns: its use was not judged';
    return [{ id, code: 'use-unknown', message }];
  }
  if (ids.size === 0) return [{ id, code: 'unused', message: 'matches no endpoint of the inventory' }];
  // One that was not in force for so long had no time to be used.
  const since = new Date(Date.parse(at) - UNUSED_DAYS * 86_400_000).toISOString();
  if (lastAt !== undefined && lastAt < since && entry.approvedOn <= since.slice(0, 10)) {
    const message = `nothing that it matches was decided of in ${UNUSED_DAYS} days, the last on ${lastAt.slice(0, 10)}`;
    return [{ id, code: 'unused', message }];
  }
  return ids.size > MANY_ENDPOINTS ? [{ id, code: 'broad', message: `matches ${ids.size} endpoints` }] : [];
}

/** Of named networks an entry accepts something only where who may connect is known, and is of them. */
function lintReach(entry: Allowance, hits: Hits, endpoints: readonly KnownEndpoint[]): LintWarning[] {
  const ids = hits.get(entry)?.ids ?? new Set();
  const misses = endpoints
    .filter(({ endpoint }) => ids.has(endpoint.id))
    .map(({ endpoint, network }) => reachMiss(entry, endpoint, network));
  const [first] = misses;
  if (first === undefined || misses.includes(undefined)) return [];
  const message = `accepts nothing of what it matches: ${first}`;
  return [{ id: entry.id, code: 'judges-nothing', message: printable(message, MAX_MESSAGE) }];
}
const MAX_MESSAGE = 400;

/** Of entries that are in force: one that is over neither covers nor hides anything. */
function lintOthers(entry: Allowance, { entries }: Allowlist, hits: Hits, at: string): LintWarning[] {
  const mine = hits.get(entry)?.ids ?? new Set();
  const isLive = (e: Allowance): boolean => e.approvedOn <= at.slice(0, 10) && daysLeft(e, at) >= 0;
  if (mine.size === 0 || !isLive(entry) || entry.permit.breakGlass !== undefined) return [];
  const others = entries.filter((other) => {
    if (other === entry || !isLive(other) || other.permit.breakGlass !== undefined) return false;
    if (!other.match.accounts.some((account) => entry.match.accounts.includes(account))) return false;
    return [...(hits.get(other)?.ids ?? [])].some((id) => mine.has(id));
  });
  const wider = others.find((other) => isShadowedBy(entry, other, mine, hits.get(other)?.ids ?? new Set()));
  if (wider !== undefined) {
    const message = `${wider.id} accepts all of this until ${wider.expires}: this one decides nothing`;
    return [{ id: entry.id, code: 'shadowed', message }];
  }
  if (others.length === 0) return [];
  const named = others.slice(0, NAMED).map((other) => `${other.id} (until ${other.expires})`);
  const more = others.length > NAMED ? ` and ${others.length - NAMED} more` : '';
  const message = `covers what ${named.join(', ')}${more} covers too: when it ends, that goes on`;
  return [{ id: entry.id, code: 'overlapping', message }];
}

/** Of two that are the same the later one in the file. */
function isShadowedBy(
  entry: Allowance,
  other: Allowance,
  mine: ReadonlySet<string>,
  theirs: ReadonlySet<string>,
): boolean {
  if ([...mine].some((id) => !theirs.has(id)) || other.expires < entry.expires) return false;
  const accepts = ({ permit }: Allowance): readonly boolean[] => [
    permit.reachable === 'from-internet',
    permit.reachable === 'from-internet' && permit.plaintext,
    permit.reachable === 'from-internet' && (permit.plaintext || permit.minTls === '1.2'),
  ];
  const [less, more] = [accepts(entry), accepts(other)];
  if (less.some((mine, i) => mine && more[i] !== true) || !isNetworksOf(entry, other)) return false;
  const isSame =
    mine.size === theirs.size &&
    entry.expires === other.expires &&
    less.every((mine, i) => mine === more[i]) &&
    isNetworksOf(other, entry);
  return !isSame || other.id < entry.id;
}

/** Whether another accepts the networks that an entry names, which says nothing of entries that name none. */
function isNetworksOf({ permit: mine }: Allowance, { permit: other }: Allowance): boolean {
  if (mine.reachable !== 'from-cidrs') return true;
  if (mine.plaintext && !other.plaintext) return false;
  if (other.reachable === 'from-internet') return true;
  const [less, more] = [parseBlocks(mine.fromCidrs ?? []), parseBlocks(other.fromCidrs ?? [])];
  return FAMILIES.every((family) => subtract(less[family], more[family], family).length === 0);
}
