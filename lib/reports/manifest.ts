/**
 * What a report consists of: every file with its length and digest, what it was made from, and how to make it again. Whoever has
 * this file and a digest of it can tell whether any other was changed. It is written last, so that where it is, all is.
 */
import type { Report, ReportFile } from '../model/report.ts';
import type { ReportMade } from '../model/report-inputs.ts';
import { measured } from './bytes.ts';
import { jsonText } from './escape.ts';

export const MANIFEST = 'manifest.json';

/** `made`: what was asked for, where the inputs are among the files and so it can be made again. */
export function manifestOf(report: Report, files: readonly ReportFile[], made?: ReportMade): ReportFile {
  const { id, period, tool, coverage, totals, ledger, evidence } = report;
  const { firstSeq, lastSeq, headHash } = ledger;
  const listed = files.map(({ name, content, rows }) => ({
    ...{ name, ...measured(content) },
    ...(rows === undefined ? {} : { rows }),
  }));
  const manifest = {
    schema: 1,
    report: { id, period, tool, unwatched: coverage.unwatched, totals },
    reproduction: evidence.reproduction,
    ...(made === undefined ? {} : { made }),
    ledger: { firstSeq, lastSeq, headHash },
    files: listed.sort((a, b) => (a.name < b.name ? -1 : 1)),
  };
  return { name: MANIFEST, content: jsonText(manifest) };
}
