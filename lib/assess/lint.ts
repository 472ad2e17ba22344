/**
 * What is wrong with an allowlist that is valid: entries that do nothing, soon do nothing, or do too much
 * (evidence-and-alerts.md section 4.2). Pure. What could not be judged is said, and is never a clean bill.
 */
import type { Allowance, Allowlist } from '../model/allowlist.ts';
import type { Endpoint } from '../model/endpoint.ts';
import { isMatch } from './allowance-match.ts';

export const WARN_DAYS = 14;
const LONG_DAYS = 180;
const MANY_ENDPOINTS = 25;
/** Of the others that an entry overlaps. */
const NAMED = 3;

export const LINT_CODES = {
  expired: 'the entry accepts nothing any more',
  'expires-soon': 'the entry ends within two weeks',
  'not-yet': 'the entry accepts nothing yet',
  long: 'the entry runs for more than half a year',
  unused: 'the entry matches no endpoint that is known',
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
          ...lintUse(entry, against.hits),
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
function lintShape({ id, match, permit }: Allowance): LintWarning[] {
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
  if (permit.reachable === 'from-cidrs') {
    const message = 'from-cidrs accepts nothing: whether whoever looks is one of these networks is not known';
    warnings.push({ id, code: 'judges-nothing', message });
  }
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

type Hits = ReadonlyMap<Allowance, { readonly ids: ReadonlySet<string>; readonly isWhole: boolean }>;

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
      return [entry, { ids: new Set(hit.map(({ endpoint }) => endpoint.id)), isWhole }] as const;
    }),
  );
}

function lintUse(entry: Allowance, hits: Hits): LintWarning[] {
  const { id } = entry;
  const { ids, isWhole } = hits.get(entry) ?? { ids: new Set(), isWhole: false };
  if (!isWhole) {
    const message = 'matches by address, which only a probe learns: its use was not judged';
    return [{ id, code: 'use-unknown', message }];
  }
  if (ids.size === 0) return [{ id, code: 'unused', message: 'matches no endpoint of the inventory' }];
  return ids.size > MANY_ENDPOINTS ? [{ id, code: 'broad', message: `matches ${ids.size} endpoints` }] : [];
}

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
  if (less.some((mine, i) => mine && more[i] !== true)) return false;
  const isSame =
    mine.size === theirs.size && entry.expires === other.expires && less.every((mine, i) => mine === more[i]);
  return !isSame || other.id < entry.id;
}
