/**
 * The exception register (evidence-and-alerts.md section 1.2, Q5): who allowed what, until when, what it matched, and what is
 * wrong with it. Pure.
 */
import canonicalize from 'canonicalize';
import type { Allowance, Allowlist } from '../model/allowlist.ts';
import type { ReportEndpoint, ReportIncident } from '../model/report.ts';
import type { ReportException } from '../model/report-evidence.ts';
import { coverageOf, seenOf } from './allowlist.ts';
import { daysLeft, isOverBroad, WARN_DAYS } from './lint.ts';

/** What the ledger says of entries: of those that are gone it is all that is known. */
export interface AllowanceRecord {
  readonly allowances: readonly (Pick<
    ReportException,
    'id' | 'owner' | 'approvedBy' | 'approvedOn' | 'expires' | 'ticket'
  > &
    Partial<Pick<ReportException, 'author' | 'reason' | 'scope' | 'permits'>>)[];
  readonly usedAt: (id: string) => string | undefined;
  readonly changedAt: (id: string) => string | undefined;
}

interface Around {
  readonly period: { readonly from: string; readonly to: string };
  readonly endpoints: readonly ReportEndpoint[];
  readonly incidents: readonly ReportIncident[];
  readonly record: AllowanceRecord;
}

const NOT_ON_RECORD = 'not on record';

/** In force at some time of the period, by id. */
export function exceptionsOf(list: Allowlist, around: Around): readonly ReportException[] {
  const { period, record } = around;
  const matched = matchesOf(list, around.endpoints, period.to);
  const touched = incidentsOf(around.incidents);
  const listed = new Map(list.entries.map((entry) => [entry.id, entry]));
  const gone = record.allowances.filter(({ id }) => !listed.has(id)).map((entry) => ({ ...BLANK, ...entry }));
  return [...list.entries.map(asWritten), ...gone]
    .filter(({ approvedOn, expires }) => approvedOn <= period.to.slice(0, 10) && expires >= period.from.slice(0, 10))
    .map((entry) => {
      const endpoints = matched.get(entry.id) ?? [];
      const incidents = touched.get(entry.id) ?? [];
      const used = record.usedAt(entry.id);
      const isUsed = endpoints.length > 0 || incidents.length > 0 || (used !== undefined && used >= period.from);
      const changed = record.changedAt(entry.id);
      const whole = listed.get(entry.id);
      const left = daysLeft(entry, period.to);
      const flags: ReportException['flags'] = [
        ...(left < 0 ? ['expired' as const] : left <= WARN_DAYS ? ['expires-soon' as const] : []),
        ...(isUsed ? [] : ['unused' as const]),
        ...(whole !== undefined && isOverBroad(whole, endpoints.length) ? ['over-broad' as const] : []),
        ...(whole?.permit.breakGlass === undefined ? [] : ['break-glass' as const]),
        ...(changed !== undefined && changed >= period.from ? ['changed' as const] : []),
      ];
      return { ...entry, endpoints, incidents, flags };
    })
    .toSorted((a, b) => (a.id < b.id ? -1 : 1));
}

const BLANK = { reason: NOT_ON_RECORD, scope: NOT_ON_RECORD, permits: NOT_ON_RECORD };

type Written = Omit<ReportException, 'endpoints' | 'incidents' | 'flags'>;

function asWritten({
  id,
  owner,
  author,
  approvedBy,
  reason,
  ticket,
  approvedOn,
  expires,
  ...entry
}: Allowance): Written {
  const second = entry.permit.breakGlass?.secondApprover;
  return {
    ...{ id, owner, ...(author === undefined ? {} : { author }), reason, ticket, approvedOn, expires },
    approvedBy: second === undefined ? approvedBy : [...approvedBy, second],
    scope: canonicalize(entry.match) ?? '',
    permits: canonicalize(entry.permit) ?? '',
  };
}

function matchesOf(list: Allowlist, endpoints: readonly ReportEndpoint[], at: string): ReadonlyMap<string, string[]> {
  const matched = new Map<string, string[]>();
  for (const { endpoint, posture } of endpoints) {
    const { ids } = coverageOf(list, endpoint, seenOf(posture), at);
    for (const id of ids) push(matched, id, endpoint.id);
  }
  for (const ids of matched.values()) ids.sort();
  return matched;
}

function incidentsOf(incidents: readonly ReportIncident[]): ReadonlyMap<string, string[]> {
  const touched = new Map<string, string[]>();
  for (const { id, allowances, glass, lapsed } of incidents) {
    for (const entry of new Set([...allowances, ...(glass?.entries ?? []), ...(lapsed ?? [])]))
      push(touched, entry, id);
  }
  for (const ids of touched.values()) ids.sort();
  return touched;
}

function push(map: Map<string, string[]>, key: string, value: string): void {
  const known = map.get(key);
  if (known === undefined) map.set(key, [value]);
  else known.push(value);
}
