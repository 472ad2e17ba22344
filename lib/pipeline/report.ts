/**
 * Builds the one neutral report model from the store. Same state and period, same report: its instant is the newest
 * thing in it, not a clock, and everything is in a fixed order.
 */
import { createHash } from 'node:crypto';
import type { Allowlist } from '../model/allowlist.ts';
import type { Incident } from '../model/incident.ts';
import type { Report, ReportEndpoint, ReportIncident, ReportTotals } from '../model/report.ts';
import type { EndpointState } from '../model/state.ts';
import type { StateStore } from '../model/store.ts';
import type { Severity, VerdictName } from '../model/verdict.ts';

const LIMITS: readonly string[] = [
  'Seen from the vantages named in the evidence; another network may be let in where these were not.',
  'Between two observations nothing was seen: window bounds are the last good and the first bad observation.',
  'TCP only; one declared protocol per endpoint; no login was tried, so accounts without a password are not found.',
  "Data at risk is inferred from names and the server's own counts. No record was read.",
  'Endpoints are those of the inventory file. What nobody listed is not in this report.',
  'The ledger chain shows changes inside it; that its end is complete is not proven until checkpoints are signed.',
  'This report supports an assessment. It draws no legal conclusion.',
];

export interface ReportQuery {
  readonly from?: string;
  readonly to?: string;
  readonly toolVersion: string;
  readonly allowlist: Allowlist;
}

export async function buildReport(store: StateStore, query: ReportQuery): Promise<Report> {
  const states = await collect(store.states());
  const head = await store.ledgerHead();
  const newest =
    states
      .map((s) => s.lastReadingAt)
      .sort()
      .at(-1) ?? '1970-01-01T00:00:00.000Z';
  const to = query.to ?? newest;
  const all = await collect(store.incidents({ ...(query.from === undefined ? {} : { from: query.from }), to }));
  const from = query.from ?? all[0]?.start.lower ?? all[0]?.start.upper ?? newest;
  const byId = new Map(states.map((s) => [s.endpoint.id, s]));
  const incidents = all.map((i) => reportIncident(i, byId.get(i.endpointId), to));
  const endpoints = states.map(reportEndpoint);
  const gaps = states.flatMap((s) => gapsOf(s));
  const inputs = JSON.stringify([
    from,
    to,
    query.toolVersion,
    query.allowlist.digest,
    head,
    incidents.map((i) => [i.id, i.status]),
  ]);
  return {
    schema: 1,
    id: createHash('sha256').update(inputs).digest('hex').slice(0, 16),
    period: { from, to },
    generatedAt: to,
    tool: { name: 'ajar', version: query.toolVersion },
    totals: totalsOf(endpoints, incidents, gaps.length),
    endpoints,
    incidents,
    gaps,
    allowlist: { file: query.allowlist.file, digest: query.allowlist.digest, entries: query.allowlist.entries.length },
    ledger: { entries: head.seq, firstSeq: head.seq === 0 ? 0 : 1, lastSeq: head.seq, headHash: head.hash },
    limits: LIMITS,
  };
}

async function collect<T>(items: AsyncIterable<T>): Promise<T[]> {
  const found: T[] = [];
  for await (const item of items) found.push(item);
  return found;
}

function reportEndpoint(state: EndpointState): ReportEndpoint {
  const { endpoint, posture, lastReadingAt, lastConclusiveAt } = state;
  return { endpoint, posture, lastReadingAt, ...(lastConclusiveAt === undefined ? {} : { lastConclusiveAt }) };
}

function reportIncident(incident: Incident, state: EndpointState | undefined, to: string): ReportIncident {
  const { host, port, engine, name, account, region } = state?.endpoint ?? {
    host: '(unknown)',
    port: 0,
    engine: '(unknown)',
  };
  const optional = Object.fromEntries(
    Object.entries({ name, account, region }).filter(([, value]) => value !== undefined),
  );
  return { ...incident, host, port, engine, ...optional, exposure: exposureOf(incident, to) };
}

/** [closed.lower - start.upper, closed.upper - start.lower], evidence-and-alerts.md section 1.4. */
function exposureOf({ start, closed, lastBadAt }: Incident, to: string): ReportIncident['exposure'] {
  const seconds = (a: string, b: string): number => Math.max(0, Math.round((Date.parse(b) - Date.parse(a)) / 1_000));
  if (closed === undefined) return { least: seconds(start.upper, lastBadAt > to ? to : lastBadAt) };
  const least = seconds(start.upper, closed.lower);
  return start.lower === undefined ? { least } : { least, most: seconds(start.lower, closed.upper) };
}

function gapsOf({ posture, endpoint, gapSince }: EndpointState): Report['gaps'] {
  if (posture.verdict.confirmed) return [];
  const since = gapSince === undefined ? {} : { since: gapSince };
  if (posture.gaps.length > 0) return posture.gaps.map((gap) => ({ ...gap, ...since }));
  return [{ stage: 'assess', subject: endpoint.id, code: 'undetermined', detail: posture.verdict.why, ...since }];
}

function totalsOf(
  endpoints: readonly ReportEndpoint[],
  incidents: readonly ReportIncident[],
  gaps: number,
): ReportTotals {
  const verdicts: Record<VerdictName, number> = { exposed: 0, reachable: 0, latent: 0, protected: 0, unknown: 0 };
  const bySeverity: Record<Severity, number> = { critical: 0, high: 0, medium: 0, low: 0, info: 0 };
  for (const { posture } of endpoints) verdicts[posture.verdict.name]++;
  for (const { severity } of incidents) bySeverity[severity]++;
  const open = incidents.filter((i) => i.status === 'open').length;
  return { endpoints: endpoints.length, verdicts, incidents: incidents.length, open, bySeverity, gaps };
}
