/**
 * How fast (evidence-and-alerts.md section 1.4): upper bounds alone, so that nothing looks faster than it may have been, and
 * what has none is counted and in no figure. Pure.
 */
import type { ReportIncident } from '../model/report.ts';
import type { ReportMetrics, Spread } from '../model/report-evidence.ts';

/** What the ledger holds of an incident besides itself: when somebody's sink had it first, and the first `ack`. */
export interface Told {
  readonly receiptAt?: string;
  readonly ackedAt?: string;
}

export function metricsOf(
  incidents: readonly ReportIncident[],
  toldOf: (incidentId: string) => Told | undefined,
): ReportMetrics {
  // What was accepted was not recovered, and is not open: it is in neither.
  const ended = incidents.filter(({ status, closed }) => status === 'closed' && closed !== undefined);
  return {
    detect: spread(incidents.map((incident) => between(earliest(incident), incident.detectedAt))),
    alert: spread(incidents.map(({ id, detectedAt }) => between(detectedAt, toldOf(id)?.receiptAt))),
    acknowledge: spread(incidents.map(({ id }) => between(toldOf(id)?.receiptAt, toldOf(id)?.ackedAt))),
    recover: spread(ended.map((incident) => between(earliest(incident), incident.closed?.upper))),
    censored: incidents
      .filter(({ status }) => status === 'open')
      .map(({ id }) => id)
      .toSorted(),
  };
}

/** No earlier can it have begun: the change itself, or the last good look. Neither is known of what was open when first seen. */
function earliest({ start: { exact, lower } }: ReportIncident): string | undefined {
  return exact ?? lower;
}

function between(from: string | undefined, to: string | undefined): number | undefined {
  if (from === undefined || to === undefined) return undefined;
  return Math.max(0, Math.ceil((Date.parse(to) - Date.parse(from)) / 1_000));
}

/** Percentiles by the nearest rank: each is a value that occurred. */
function spread(values: readonly (number | undefined)[]): Spread {
  const known = values.filter((value) => value !== undefined).toSorted((a, b) => a - b);
  const unbounded = values.length - known.length;
  const rank = (share: number): number => known[Math.max(0, Math.ceil(share * known.length) - 1)] ?? 0;
  if (known.length === 0) return { n: 0, unbounded };
  return { n: known.length, p50: rank(0.5), p95: rank(0.95), max: rank(1), unbounded };
}
