import type { Report, Reporter } from '../model/report.ts';
import { jsonText } from './escape.ts';

/**
 * Two documents, because a summary mixed into its findings breaks whoever ingests the findings
 * (evidence-and-alerts.md section 1.6): `summary.json` without a single row, `report.json` with everything.
 */
export const json: Reporter = {
  format: 'json',
  mediaType: 'application/json',
  render: (report) => [
    { name: 'report.json', content: jsonText(report) },
    { name: 'summary.json', content: jsonText(summaryOf(report)) },
  ],
};

function summaryOf({ endpoints: _endpoints, incidents: _incidents, gaps: _gaps, drill, ...summary }: Report): object {
  return drill === undefined ? summary : { ...summary, drill: drill.totals };
}
