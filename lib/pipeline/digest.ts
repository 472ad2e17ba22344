/** The digest of a period, from its report: what is open, what came and went, what was not seen, whose approval ends. Pure. */
import { lintAllowlist } from '../assess/lint.ts';
import type { Allowlist } from '../model/allowlist.ts';
import type { Digest, DigestIncident } from '../model/digest.ts';
import type { Report, ReportIncident } from '../model/report.ts';
import { SEVERITIES, type Severity } from '../model/verdict.ts';

/** `place`: where the report lies. */
export function digestOf(report: Report, allowlist: Allowlist, place: string): Digest {
  const { period, incidents } = report;
  const isWithin = (at: string): boolean => period.from <= at && at < period.to;
  const told = (which: readonly ReportIncident[]): readonly DigestIncident[] => which.toSorted(worstFirst).map(lineOf);
  const open = incidents.filter(({ status }) => status === 'open');
  return {
    key: `digest/${period.from}/${period.to}`,
    period,
    report: { id: report.id, place },
    endpoints: report.totals.endpoints,
    openBySeverity: countsOf(open),
    open: told(open),
    opened: told(incidents.filter(({ start }) => isWithin(start.upper))),
    recovered: told(incidents.filter(({ closed }) => closed !== undefined && isWithin(closed.upper))),
    gaps: gapsOf(report),
    unwatchedSeconds: Math.round(
      report.coverage.unwatched.reduce((sum, { from, to }) => sum + Date.parse(to) - Date.parse(from), 0) / 1_000,
    ),
    allowances: lintAllowlist(allowlist, undefined, period.to).flatMap(({ id, code, message }) =>
      code === 'expires-soon' || code === 'expired' ? [{ id, message }] : [],
    ),
  };
}

function worstFirst(a: ReportIncident, b: ReportIncident): number {
  const bySeverity = SEVERITIES.indexOf(a.severity) - SEVERITIES.indexOf(b.severity);
  if (bySeverity !== 0) return bySeverity;
  const [x, y] = [`${a.start.upper} ${a.id}`, `${b.start.upper} ${b.id}`];
  return x < y ? -1 : x > y ? 1 : 0;
}

function lineOf(incident: ReportIncident): DigestIncident {
  const { id, severity, protection, to, engine, name, host, port, account, region, start, closed } = incident;
  const where = [account, region].filter((part) => part !== undefined).join('/');
  return {
    ...{ id, severity, protection, to, engine, endpoint: `${name ?? host} ${port}`, since: start.upper },
    ...(where === '' ? {} : { where }),
    ...(closed === undefined ? {} : { over: closed.upper, cause: closed.cause }),
  };
}

function countsOf(incidents: readonly ReportIncident[]): Record<Severity, number> {
  const counts: Record<Severity, number> = { critical: 0, high: 0, medium: 0, low: 0, info: 0 };
  for (const { severity } of incidents) counts[severity]++;
  return counts;
}

function gapsOf({ gaps }: Report): Digest['gaps'] {
  const byCode = [...Map.groupBy(gaps, ({ code }) => code)];
  return byCode
    .toSorted(([a], [b]) => (a < b ? -1 : 1))
    .map(([code, these]) => ({ code, count: these.length, example: these[0]?.subject ?? '' }));
}
