/**
 * Findings for Security Hub: one file an account, since BatchImportFindings answers only to the account that a finding names
 * (evidence-and-alerts.md section 1.6), one line a call: at most a hundred findings, all of one region. `asff.json` says what is
 * in which file, and how many incidents no account and region can be named for: those are in every other format.
 */
import { type Finding, FINDING_LIMITS, findingOf, type FindingPlace, findingPlace, MAX_BATCH } from '../model/asff.ts';
import type { Report, Reporter, ReportFile, ReportIncident } from '../model/report.ts';
import { jsonText, shown } from './escape.ts';
import { linePieces } from './pieces.ts';

interface Filed {
  readonly incident: ReportIncident;
  readonly place: FindingPlace;
}

export const asff: Reporter = {
  format: 'asff',
  mediaType: 'application/json',
  render: (report) => {
    const filed = report.incidents.flatMap((incident): readonly Filed[] => {
      const place = findingPlace(incident.account, incident.region);
      return place === undefined ? [] : [{ incident, place }];
    });
    const accounts = grouped(filed, ({ place }) => place.account);
    return [indexFile(report, accounts), ...accounts.map(([account, own]) => accountFile(report, account, own))];
  },
};

function accountFile(report: Report, account: string, filed: readonly Filed[]): ReportFile {
  return {
    name: nameOf(account),
    rows: filed.length,
    content: () => linePieces(batches(report, filed)),
  };
}

function nameOf(account: string): string {
  return `asff-${account}.ndjson`;
}

function* batches(report: Report, filed: readonly Filed[]): Generator<{ Findings: readonly Finding[] }> {
  const requirements = requirementsOf(report);
  const arns = new Map(report.endpoints.map(({ endpoint }) => [endpoint.id, endpoint.arn]));
  for (const [, own] of grouped(filed, ({ place }) => place.region)) {
    for (let at = 0; at < own.length; at += MAX_BATCH) {
      const batch = own.slice(at, at + MAX_BATCH);
      yield {
        Findings: batch.map(({ incident, place }) =>
          finding(report, incident, place, requirements, arns.get(incident.endpointId)),
        ),
      };
    }
  }
}

function finding(
  { id }: Report,
  incident: ReportIncident,
  place: FindingPlace,
  requirements: ReadonlyMap<string, readonly string[]>,
  arn: string | undefined,
): Finding {
  const { protection, to, name, host, port, engine, reasons, evidence, start, closed, detectedAt, lastBadAt } =
    incident;
  const where = shown(`${name ?? incident.endpointId} ${host}:${port}`, FINDING_LIMITS.title / 2);
  const [earliest, latest] = [start.lower ?? 'nobody knows', start.upper];
  const said = `${reasons.join('; ')}. Began between ${earliest} and ${latest}. ${evidence}`;
  const related = requirements.get(incident.id);
  return findingOf(incident, place, {
    id: shown(`ajar/${incident.id}`, FINDING_LIMITS.id),
    title: shown(`${protection} ${to}: ${where}`, FINDING_LIMITS.title),
    description: shown(said, FINDING_LIMITS.description),
    remedy: 'See the runbook of ajar.',
    updatedAt: [detectedAt, lastBadAt, closed?.upper ?? ''].sort().at(-1) ?? detectedAt,
    fields: { 'ajar/report': shown(id, FINDING_LIMITS.id), 'ajar/verdict': incident.verdict },
    resource: {
      id: shown(arn ?? `${host}:${port}`, FINDING_LIMITS.id),
      engine: shown(engine, FINDING_LIMITS.engine),
      port,
    },
    ...(related === undefined ? {} : { requirements: related }),
  });
}

/** What an incident speaks against: the requirements of the objectives that it decided. */
function requirementsOf({ evidence, incidents }: Report): ReadonlyMap<string, readonly string[]> {
  const known = new Set(incidents.map(({ id }) => id));
  const found = new Map<string, Set<string>>();
  for (const { checks, requirements } of evidence.objectives) {
    const ids = requirements.map(({ framework, id }) => shown(`${framework} ${id}`));
    for (const subject of checks.flatMap(({ subjects }) => subjects)) {
      if (!known.has(subject) || ids.length === 0) continue;
      const own = found.get(subject) ?? new Set<string>();
      for (const id of ids) own.add(id);
      found.set(subject, own);
    }
  }
  return new Map([...found].map(([id, own]) => [id, [...own]]));
}

function indexFile(
  { id, period, totals }: Report,
  accounts: readonly (readonly [string, readonly Filed[]])[],
): ReportFile {
  const files = accounts.map(([account, filed]) => ({
    ...{ account, file: nameOf(account), findings: filed.length },
    regions: grouped(filed, ({ place }) => place.region).map(([region, own]) => ({ region, findings: own.length })),
  }));
  const filed = files.reduce((sum, { findings }) => sum + findings, 0);
  const index = {
    report: { id, period },
    incidents: totals.incidents,
    filed,
    notFiled: totals.incidents - filed,
    files,
  };
  return { name: 'asff.json', content: jsonText(index) };
}

/** By key; what has the same one in the order it came in. */
function grouped<T>(items: readonly T[], key: (item: T) => string): readonly (readonly [string, readonly T[]])[] {
  const groups = new Map<string, T[]>();
  for (const item of items) {
    const own = groups.get(key(item));
    if (own === undefined) groups.set(key(item), [item]);
    else own.push(item);
  }
  return [...groups].sort(([a], [b]) => (a < b ? -1 : 1));
}
