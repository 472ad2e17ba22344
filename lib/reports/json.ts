import type { Report, Reporter } from '../model/report.ts';
import type { ReportEvidence } from '../model/report-evidence.ts';
import { jsonParts, jsonText } from './escape.ts';

/**
 * Two documents, because a summary mixed into its findings breaks whoever ingests the findings
 * (evidence-and-alerts.md section 1.6): `summary.json` without a single row, `report.json` with everything. Both are as
 * docs/schemas says (model/report-document.ts); `schema` in them is its version.
 */
export const json: Reporter = {
  format: 'json',
  mediaType: 'application/json',
  render: (report) => [
    { name: 'report.json', content: () => jsonParts(report) },
    { name: 'summary.json', content: jsonText(summaryOf(report)) },
  ],
};

function summaryOf({ endpoints: _endpoints, incidents: _incidents, gaps: _gaps, drill, ...summary }: Report): object {
  const evidence = evidenceSummary(summary.evidence);
  return drill === undefined ? { ...summary, evidence } : { ...summary, evidence, drill: drill.totals };
}

/** Figures, and how many rows each table has. */
function evidenceSummary({ population, watch, objectives, ...evidence }: ReportEvidence): object {
  const { metrics, sealed, mapping, reproduction, exceptions, changes } = evidence;
  return {
    ...(watch.percent === undefined ? {} : { percent: watch.percent }),
    ...{ cells: population.cells.length, differences: population.differences.length },
    ...{ interruptions: watch.interruptions.length, exceptions: exceptions.length, changes: changes.length },
    objectives: Object.fromEntries(objectives.map(({ id, state }) => [id, state])),
    ...{ metrics, sealed, mapping, reproduction },
  };
}
