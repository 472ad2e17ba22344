/** The files of a report over any store, which is only read, and the manifest of them, which is the last. */
import type { Allowlist } from '../model/allowlist.ts';
import { AjarError } from '../model/errors.ts';
import type { ReportFile } from '../model/report.ts';
import type { StateStore } from '../model/store.ts';
import { buildReport } from '../pipeline/report.ts';
import { REPORTERS } from '../reports/catalogue.ts';
import { manifestOf } from '../reports/manifest.ts';
import { pdfWith } from '../reports/pdf.ts';
import { VERSION } from './version.ts';

export interface Asked {
  readonly from?: string;
  readonly to?: string;
  /** For scripts that the PDF's own font lacks. */
  readonly pdfFont?: Uint8Array;
}

/** Throws `bad-input` for a period that is not over: nothing can be said of what has not happened yet. */
export async function reportFiles(
  store: StateStore,
  formats: readonly string[],
  { pdfFont, ...period }: Asked,
  allowlist: Allowlist,
  now: Date,
): Promise<readonly ReportFile[]> {
  const latest = now.toISOString();
  if (period.to !== undefined && period.to > latest)
    throw new AjarError('bad-input', `the period ends ${period.to}, in the future`, {
      cure: `the latest possible --to is ${latest}`,
    });
  const report = await buildReport(store, { ...period, toolVersion: VERSION, allowlist });
  const reporters = REPORTERS.filter((r) => formats.includes(r.format));
  const files = reporters.flatMap((r) => (r.format === 'pdf' ? pdfWith(pdfFont) : r).render(report));
  return [...files, manifestOf(report, files)];
}
