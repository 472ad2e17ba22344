/**
 * Builds the one neutral report model from the store. Same state and period, same report: every instant in it is of
 * the record, none of a clock, and everything is in a fixed order. What it says holds at the end of the period: where
 * the state is later than that, the ledger tells how things stood (`history.ts`).
 */
import { createHash } from 'node:crypto';
import type { Allowlist } from '../model/allowlist.ts';
import { AjarError } from '../model/errors.ts';
import type { Incident } from '../model/incident.ts';
import type { LedgerEntry } from '../model/ledger.ts';
import { countedGaps } from '../model/posture.ts';
import type { Report, ReportEndpoint, ReportIncident, ReportTotals, Unwatched } from '../model/report.ts';
import type { ReportInputs, ReportState } from '../model/report-inputs.ts';
import type { StateStore } from '../model/store.ts';
import type { Severity, VerdictName } from '../model/verdict.ts';
import { drillOf } from './drill-report.ts';
import { AlarmRecord } from './alarm-record.ts';
import { ActRecord } from './act-record.ts';
import { ChainRecord } from './chain-record.ts';
import { evidenceOf } from './evidence.ts';
import { type History, readHistory } from './history.ts';
import type { SealedSource } from './read-sealed.ts';
import { newestOf, readInputs } from './report-inputs.ts';
import { incidentAt, isOver, type Standing, standing } from './standing.ts';
import { unreadCells } from './unread.ts';
import { WatchRecord } from './watch-record.ts';

const LIMITS: readonly string[] = [
  'Seen from the vantages named in the evidence; another network may be let in where these were not.',
  'Between two observations nothing was seen: window bounds are the last good and the first bad observation.',
  'TCP only; one declared protocol per endpoint; no login was tried, so accounts without a password are not found.',
  "Data at risk is inferred from names and the server's own counts. No record was read.",
  'Endpoints are those of the inventory: files, and AWS as far as its gaps let it be read. What neither listed is not in this report.',
  'The ledger chain shows changes inside it; that its end is complete, only the signed checkpoints of its hours show: ajar verify.',
  'This report supports an assessment. It draws no legal conclusion.',
];

export interface ReportQuery {
  /** Default: the first reading. */
  readonly from?: string;
  /** Default: the last reading. */
  readonly to?: string;
  readonly toolVersion: string;
  readonly allowlist: Allowlist;
  /** File name of the font that the PDF is given. */
  readonly font?: string;
  /** Default: none, and then nothing is said to be sealed. */
  readonly sealed?: SealedSource;
}

/** Throws `bad-input` for a period of which nothing can be said. */
export async function buildReport(store: StateStore, query: ReportQuery): Promise<Report> {
  return (await prepareReport(store, query)).report;
}

/** With what it was made from: both, and the entries up to its last, give the same report at any time. */
export async function prepareReport(
  store: StateStore,
  query: ReportQuery,
): Promise<{ readonly report: Report; readonly inputs: ReportInputs }> {
  const inputs = await readInputs(store, query);
  return { report: await reportOf(inputs, store.ledger(), query), inputs };
}

/** A function of these alone. */
export async function reportOf(
  inputs: ReportInputs,
  entries: AsyncIterable<LedgerEntry>,
  query: Omit<ReportQuery, 'allowlist' | 'sealed'>,
): Promise<Report> {
  const { allowlist, places } = inputs;
  // ajar's own door, opened on purpose: told apart, and counted nowhere else.
  const own = new Set(inputs.states.filter((s) => s.endpoint.drill === true).map((s) => s.endpoint.id));
  const states = inputs.states.filter((s) => !own.has(s.endpoint.id));
  const oldest = states.map((s) => s.lastReadingAt).toSorted()[0];
  const newest = newestOf(states);
  if (oldest === undefined || newest === undefined)
    throw refused('no reading is on record: there is nothing to report');
  const to = query.to ?? newest;
  const past = new Set(states.filter((s) => s.lastReadingAt > to).map((s) => s.endpoint.id));
  const [watch, acts, alarms] = [new WatchRecord(to), new ActRecord(to), new AlarmRecord(to)];
  const chain = new ChainRecord(inputs.sealed);
  const history = await readHistory(entries, to, past, own, { all: chain, others: [watch, acts, alarms] });
  const first = [history.firstReadingAt ?? oldest, oldest].toSorted()[0] ?? oldest;
  const from = query.from ?? (first < to ? first : to);
  checkPeriod(query, { from, to }, first);
  const byId = new Map(states.map((s) => [s.endpoint.id, s]));
  // A late reading joined it to another window, or showed that there was none: nothing to report.
  const told = inputs.incidents.filter(
    ({ closed, endpointId }) => closed?.cause !== 'merged' && closed?.cause !== 'withdrawn' && !own.has(endpointId),
  );
  const incidents = told
    .map((i) => incidentAt(i, history.incidentOf(i.endpointId, i.id), to))
    .filter((i) => !isOver(i, from))
    .map((i) => reportIncident(i, byId.get(i.endpointId), to));
  const stood = states.map((state) => standing(state, to, history));
  const endpoints = stood.map((s) => s.endpoint);
  const gaps = [...stood.flatMap(gapsOf), ...history.accountGaps, ...unreadCells(places, to)];
  const unwatched = unwatchedOf({ from, to }, first, newest, history);
  const { toolVersion, font } = query;
  const { ledger } = history;
  const digests = [from, to, toolVersion, allowlist.digest, ledger, incidents.map((i) => [i.id, i.status])];
  const report = {
    schema: 2,
    id: createHash('sha256').update(JSON.stringify(digests)).digest('hex').slice(0, 16),
    period: { from, to },
    coverage: { firstReadingAt: first, lastReadingAt: newest, unwatched },
    tool: { name: 'ajar', version: toolVersion },
    totals: totalsOf(endpoints, incidents, gaps.length),
    endpoints,
    incidents,
    gaps,
    allowlist: { file: allowlist.file, digest: allowlist.digest, entries: allowlist.entries.length },
    ledger,
    ...drillOf(history.drills, from),
    limits: LIMITS,
  } as const;
  const evidence = evidenceOf(report, {
    ...{ places, states, allowlist, watch, acts, alarms, chain },
    ...(font === undefined ? {} : { font }),
  });
  return { ...report, evidence };
}

function refused(message: string, cure = 'scan first, or pass --state DIR'): AjarError {
  return new AjarError('bad-input', message, { cure });
}

function checkPeriod(query: Pick<ReportQuery, 'from' | 'to'>, { from, to }: Report['period'], first: string): void {
  if (to < first) {
    throw refused(
      `the period ends ${to}, before the first reading, ${first}: nothing is known of it`,
      `choose a --to after ${first}`,
    );
  }
  const isChosen = query.from !== undefined;
  if (isChosen && from >= to) {
    const end = query.to === undefined ? `the last reading, ${to}` : `its end, ${to}`;
    throw refused(`the period begins ${from}, which is not before ${end}`, 'choose an earlier --from or a later --to');
  }
}

/** Stretches of the period of which nothing is known: before anybody looked, in long pauses, after the last look. */
function unwatchedOf(
  { from, to }: Report['period'],
  first: string,
  newest: string,
  history: History,
): readonly Unwatched[] {
  const lastLook = [history.lastLookAt ?? newest, newest].toSorted().at(-1) ?? newest;
  const stretches: readonly Unwatched[] = [
    { from, to: first, why: 'before' },
    ...history.pauses,
    { from: lastLook, to, why: 'after' },
  ];
  return stretches
    .map((s) => ({ ...s, from: s.from < from ? from : s.from, to: s.to > to ? to : s.to }))
    .filter((s) => s.from < s.to);
}

function reportIncident(
  incident: ReturnType<typeof incidentAt>,
  state: ReportState | undefined,
  to: string,
): ReportIncident {
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

function gapsOf({ endpoint: { posture, endpoint, verdictFrom }, gapSince }: Standing): Report['gaps'] {
  // What was not watched yet is no failure to see: the verdict and `coverage` say so.
  if (verdictFrom === 'nothing') return [];
  const since = gapSince === undefined ? {} : { since: gapSince };
  const gaps = countedGaps(posture);
  if (gaps.length > 0 || posture.verdict.confirmed) return gaps.map((gap) => ({ ...gap, ...since }));
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
