import type { Allowlist } from '../model/allowlist.ts';
import type { ReportFile } from '../model/report.ts';
import { buildReport } from '../pipeline/report.ts';
import { REPORTERS } from '../reports/catalogue.ts';
import { badInput } from './config.ts';
import { withState } from './local.ts';
import { VERSION } from './version.ts';

export const FORMATS: readonly string[] = REPORTERS.map((r) => r.format);

/** The files of a report over a state directory, which is only read. Nothing can be said of what has not happened yet. */
export async function makeReport(
  state: string,
  formats: readonly string[],
  period: { readonly from?: string; readonly to?: string },
  allowlist: Allowlist,
  now: Date = new Date(),
): Promise<readonly ReportFile[]> {
  const latest = now.toISOString();
  if (period.to !== undefined && period.to > latest)
    throw badInput([`the period ends ${period.to}, in the future`], `the latest possible --to is ${latest}`);
  return withState(state, async (store) => {
    const report = await buildReport(store, { ...period, toolVersion: VERSION, allowlist });
    return REPORTERS.filter((r) => formats.includes(r.format)).flatMap((r) => r.render(report));
  });
}
