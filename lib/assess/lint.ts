/** What is wrong with an allowlist that is valid: entries that do nothing, soon do nothing, or do too much. Pure. */
import type { Allowance, Allowlist } from '../model/allowlist.ts';
import type { Endpoint } from '../model/endpoint.ts';
import { explainEntry } from './allowlist.ts';

const WARN_DAYS = 14;
const LONG_DAYS = 180;
const MANY_ENDPOINTS = 25;

export interface LintWarning {
  readonly id: string;
  readonly code: 'expired' | 'expires-soon' | 'not-yet' | 'unused' | 'use-unknown' | 'broad' | 'long' | 'tag-only';
  readonly message: string;
}

/** `endpoints` undefined: no inventory at hand, so use is not judged. */
export function lintAllowlist(list: Allowlist, endpoints: readonly Endpoint[] | undefined, at: string): LintWarning[] {
  return list.entries.flatMap((entry) => [...lintDates(entry, at), ...lintScope(entry, endpoints)]);
}

function lintDates(entry: Allowance, at: string): LintWarning[] {
  const day = at.slice(0, 10);
  const left = (Date.parse(entry.expires) - Date.parse(day)) / 86_400_000;
  const span = (Date.parse(entry.expires) - Date.parse(entry.approvedOn)) / 86_400_000;
  const warn = (code: LintWarning['code'], message: string): LintWarning[] => [{ id: entry.id, code, message }];
  if (left < 0)
    return warn('expired', `expired on ${entry.expires}: it accepts nothing; remove it or approve it again`);
  if (day < entry.approvedOn) return warn('not-yet', `accepts nothing before ${entry.approvedOn}`);
  if (left <= WARN_DAYS)
    return warn('expires-soon', `expires ${inDays(left)}, on ${entry.expires}: ${entry.owner} decides`);
  return span > LONG_DAYS ? warn('long', `runs ${span} days: more than ${LONG_DAYS} is hard to justify`) : [];
}

function inDays(days: number): string {
  return days === 0 ? 'today' : days === 1 ? 'tomorrow' : `in ${days} days`;
}

function lintScope(entry: Allowance, endpoints: readonly Endpoint[] | undefined): LintWarning[] {
  const { arns, hostnames, addresses, tags } = entry.match;
  const warnings: LintWarning[] = [];
  if (tags !== undefined && arns === undefined && hostnames === undefined && addresses === undefined) {
    warnings.push({ id: entry.id, code: 'tag-only', message: 'matches by tag alone: whoever may tag may widen it' });
  }
  if (endpoints === undefined) return warnings;
  if (addresses !== undefined) {
    const message = 'matches by address, which only a probe learns: its use was not judged';
    return [...warnings, { id: entry.id, code: 'use-unknown', message }];
  }
  // On a day that it holds: whether it matches is one thing, whether it is in force another.
  const hits = endpoints.filter((endpoint) => explainEntry(entry, endpoint, [], entry.approvedOn).matches).length;
  if (hits === 0) warnings.push({ id: entry.id, code: 'unused', message: 'matches no endpoint of the inventory' });
  if (hits > MANY_ENDPOINTS) warnings.push({ id: entry.id, code: 'broad', message: `matches ${hits} endpoints` });
  return warnings;
}
