/** What a sample may be drawn from: rows of a report, by their ids. */
import { type AuditSample, drawSample } from '../assess/audit-sample.ts';
import type { Report } from '../model/report.ts';
import type { StateStore } from '../model/store.ts';
import { buildReport, type ReportQuery } from '../pipeline/report.ts';
import { VERSION } from './version.ts';

export const POPULATIONS = ['endpoints', 'incidents', 'exceptions', 'changes'] as const;

type Population = (typeof POPULATIONS)[number];

export interface PeriodSample extends AuditSample {
  readonly of: Population;
  readonly report: Pick<Report, 'id' | 'period'>;
}

export async function sampleOf(
  store: StateStore,
  { of, n, seed }: { readonly of: Population; readonly n: number; readonly seed: string },
  query: Omit<ReportQuery, 'toolVersion'>,
): Promise<PeriodSample> {
  const report = await buildReport(store, { ...query, toolVersion: VERSION });
  const { id, period } = report;
  return { of, report: { id, period }, ...drawSample(idsOf(report, of), n, seed) };
}

function idsOf({ endpoints, incidents, evidence }: Report, of: Population): readonly string[] {
  switch (of) {
    case 'endpoints':
      return endpoints.map(({ endpoint }) => endpoint.id);
    case 'incidents':
      return incidents.map(({ id }) => id);
    case 'exceptions':
      return evidence.exceptions.map(({ id }) => id);
    case 'changes':
      return evidence.changes.map(({ seq }) => `ledger entry ${seq}`);
  }
}
