import type { Allowlist } from '../model/allowlist.ts';
import type { ReportFile } from '../model/report.ts';
import { zipOf } from '../reports/zip.ts';
import { located, type Place, withIncidents } from './incidents.ts';
import { type Asked, reportFiles } from './report-files.ts';
import { sealedSource } from './sealed.ts';

/** The files of a report over a record, which is only read, and the manifest of them, which is the last. */
export async function makeReport(
  place: Place,
  formats: readonly string[],
  asked: Asked,
  allowlist: Allowlist,
  now: Date = new Date(),
): Promise<readonly ReportFile[]> {
  const at = await located(place);
  const sealed = asked.sealed ?? sealedSource(at);
  return withIncidents(at, (store) => reportFiles(store, formats, { ...asked, sealed }, allowlist, now));
}

/** All of them in one file. */
export function zipped(files: readonly ReportFile[]): ReportFile {
  return zipOf('report.zip', files);
}
