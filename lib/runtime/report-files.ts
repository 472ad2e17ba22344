/** The files of a report over any store, which is only read, and the manifest of them, which is the last. */
import type { Allowlist } from '../model/allowlist.ts';
import { AjarError } from '../model/errors.ts';
import type { ReportFile } from '../model/report.ts';
import type { StateStore } from '../model/store.ts';
import { buildReport } from '../pipeline/report.ts';
import { REPORTERS } from '../reports/catalogue.ts';
import { manifestOf } from '../reports/manifest.ts';
import { VERSION } from './version.ts';

/** Throws `bad-input` for a period that is not over: nothing can be said of what has not happened yet. */
export async function reportFiles(
  store: StateStore,
  formats: readonly string[],
  period: { readonly from?: string; readonly to?: string },
  allowlist: Allowlist,
  now: Date,
): Promise<readonly ReportFile[]> {
  const latest = now.toISOString();
  if (period.to !== undefined && period.to > latest)
    throw new AjarError('bad-input', `the period ends ${period.to}, in the future`, {
      cure: `the latest possible --to is ${latest}`,
    });
  const report = await buildReport(store, { ...period, toolVersion: VERSION, allowlist });
  const files = REPORTERS.filter((r) => formats.includes(r.format)).flatMap((r) => r.render(report));
  return [...files, manifestOf(report, files)];
}
