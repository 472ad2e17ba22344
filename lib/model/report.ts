import type { DrillOutcome } from './drill.ts';
import type { CoverageGap, Endpoint } from './endpoint.ts';
import type { Incident, WindowEnd } from './incident.ts';
import type { Posture } from './posture.ts';
import type { ReportEvidence } from './report-evidence.ts';
import type { Severity, VerdictName } from './verdict.ts';

/**
 * The one neutral model that every format renders. Same inputs, same bytes: it carries no clock, only instants of
 * the record. Verdicts, statuses and totals are those of the end of the period, also where the state knows later ones.
 */
export interface Report {
  readonly schema: 2;
  /** Derived from the inputs, not from a clock. */
  readonly id: string;
  readonly period: { readonly from: string; readonly to: string };
  readonly coverage: ReportCoverage;
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
    /** When the newest entry was recorded: the report knows nothing that is younger. Absent where there is no entry. */
    readonly headAt?: string;
  };
  /** Where ajar's own door was opened on purpose in the period. Nothing of it is an exposure, an endpoint or a gap above. */
  readonly drill?: ReportDrill;
  readonly evidence: ReportEvidence;
  /** What this report does not prove. */
  readonly limits: readonly string[];
}

/** Whether what should alert did: openings as guard found them to have been told. */
export interface ReportDrill {
  readonly totals: {
    /** Openings that were over in the period. */
    readonly due: number;
    /** Told within what is promised; later; never. */
    readonly alerted: number;
    readonly late: number;
    readonly missed: number;
    /** Closings told within what is promised. */
    readonly recovered: number;
    /** From opening to receipt; absent where none came. */
    readonly slowestSeconds?: number;
  };
  /** Oldest first. */
  readonly openings: readonly DrillOutcome[];
}

/** How far the record reaches, which may be less than the period. */
export interface ReportCoverage {
  readonly firstReadingAt?: string;
  /** Later than the end of the period where the report is of the past. */
  readonly lastReadingAt?: string;
  /** Stretches of the period of which nothing is known, oldest first. */
  readonly unwatched: readonly Unwatched[];
}

export interface Unwatched {
  readonly from: string;
  readonly to: string;
  /** `before`: nobody had looked yet. `between`: no pass ran. `after`: nobody has looked since. */
  readonly why: 'before' | 'between' | 'after';
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
  /** At the end of the period. */
  readonly posture: Posture;
  /**
   * What the posture rests on. `reading`: the newest one, no later than the period. `ledger`: the last change on record
   * by then; readings that changed nothing leave no entry. `nothing`: no record is that old, so the verdict is unknown.
   */
  readonly verdictFrom: 'reading' | 'ledger' | 'nothing';
  /** Of that reading or entry. */
  readonly verdictAt?: string;
  /** Where the posture is from the ledger, the least that is on record: a later reading may have confirmed it. */
  readonly lastConclusiveAt?: string;
}

/** As it stood at the end of the period. */
export interface ReportIncident extends Incident {
  /** Where it was open at the end of the period: how it ended since. */
  readonly closedLater?: WindowEnd;
  readonly host: string;
  readonly port: number;
  readonly engine: string;
  readonly name?: string;
  readonly account?: string;
  readonly region?: string;
  /** Exposure, seconds: at least and at most. `most` absent where open at the end or where the start has no lower bound. */
  readonly exposure: { readonly least: number; readonly most?: number };
}

/** Every format, sorted; here, so that a command can name them without loading what makes them. */
export const FORMATS: readonly string[] = ['asff', 'csv', 'html', 'json', 'junit', 'ocsf', 'oscal', 'oscal-1.2', 'pdf'];

/** One file of a report. */
export interface ReportFile {
  readonly name: string;
  readonly content: ReportContent;
  /** Rows of a table, where it is one. */
  readonly rows?: number;
}

/**
 * Text, bytes, or text made piece by piece, the same each time it is asked for: no format holds a hundred thousand rows at
 * once (evidence-and-alerts.md section 1.6).
 */
export type ReportContent = string | Uint8Array | (() => Iterable<string | Uint8Array>);

/** One format. Pure: same report, same files. */
export interface Reporter {
  readonly format: string;
  readonly mediaType: string;
  render(report: Report): readonly ReportFile[];
}
