import type { Allowlist } from '../model/allowlist.ts';
import { buildReport } from '../pipeline/report.ts';
import { REPORTERS } from '../reports/catalogue.ts';
import { withState } from './local.ts';
import { VERSION } from './version.ts';

export const FORMATS: readonly string[] = REPORTERS.map((r) => r.format);

/** The files of a report over a state directory, which is only read. */
export async function makeReport(
  state: string,
  formats: readonly string[],
  period: { readonly from?: string; readonly to?: string },
  allowlist: Allowlist,
): Promise<readonly { readonly name: string; readonly content: string }[]> {
  return withState(state, async (store) => {
    const report = await buildReport(store, { ...period, toolVersion: VERSION, allowlist });
    return REPORTERS.filter((r) => formats.includes(r.format)).flatMap((r) => r.render(report));
  });
}
