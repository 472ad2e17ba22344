import type { CoverageGap, Endpoint } from './endpoint.ts';
import type { Incident } from './incident.ts';
import type { Posture } from './posture.ts';
import type { Severity, VerdictName } from './verdict.ts';

/** The one neutral model that every format renders. Same inputs, same bytes. */
export interface Report {
  readonly schema: 1;
  /** Derived from the inputs, not from a clock. */
  readonly id: string;
  readonly period: { readonly from: string; readonly to: string };
  readonly generatedAt: string;
  readonly tool: { readonly name: 'ajar'; readonly version: string };
  readonly totals: ReportTotals;
  readonly endpoints: readonly ReportEndpoint[];
  /** By start.upper, then id. */
  readonly incidents: readonly ReportIncident[];
  readonly gaps: readonly (CoverageGap & { readonly since?: string })[];
  readonly allowlist: { readonly file: string; readonly digest: string; readonly entries: number };
  readonly ledger: {
    readonly entries: number;
    readonly firstSeq: number;
    readonly lastSeq: number;
    readonly headHash: string;
  };
  /** What this report does not prove. */
  readonly limits: readonly string[];
}

export interface ReportTotals {
  readonly endpoints: number;
  readonly verdicts: Readonly<Record<VerdictName, number>>;
  readonly incidents: number;
  readonly open: number;
  readonly bySeverity: Readonly<Record<Severity, number>>;
  readonly gaps: number;
}

export interface ReportEndpoint {
  readonly endpoint: Endpoint;
  readonly posture: Posture;
  readonly lastReadingAt: string;
  readonly lastConclusiveAt?: string;
}

export interface ReportIncident extends Incident {
  readonly host: string;
  readonly port: number;
  readonly engine: string;
  readonly name?: string;
  readonly account?: string;
  readonly region?: string;
  /** Exposure, seconds: at least and at most. `most` absent while open or where the start has no lower bound. */
  readonly exposure: { readonly least: number; readonly most?: number };
}

/** One format. Pure: same report, same files. */
export interface Reporter {
  readonly format: string;
  readonly mediaType: string;
  /** File name to content. */
  render(report: Report): readonly { readonly name: string; readonly content: string }[];
}
