/** The files of a report over any store, which is only read, and the manifest of them, which is the last. */
import type { Allowlist } from '../model/allowlist.ts';
import { AjarError } from '../model/errors.ts';
import type { Report, ReportFile } from '../model/report.ts';
import type { ReportInputs } from '../model/report-inputs.ts';
import type { StateStore } from '../model/store.ts';
import type { SealedSource } from '../pipeline/read-sealed.ts';
import { prepareReport } from '../pipeline/report.ts';
import { REPORTERS } from '../reports/catalogue.ts';
import { inputsFile } from '../reports/inputs.ts';
import { manifestOf } from '../reports/manifest.ts';
import { pdfWith } from '../reports/pdf.ts';
import type { GivenFont } from './font.ts';
import { VERSION } from './version.ts';

export interface Asked {
  readonly from?: string;
  readonly to?: string;
  /** For scripts that the PDF's own font lacks. */
  readonly pdfFont?: GivenFont;
  /** Default: none is read. */
  readonly sealed?: SealedSource | undefined;
}

/** Throws `bad-input` for a period that is not over: nothing can be said of what has not happened yet. */
export async function reportFiles(
  store: StateStore,
  formats: readonly string[],
  { pdfFont, sealed, ...asked }: Asked,
  allowlist: Allowlist,
  now: Date,
): Promise<readonly ReportFile[]> {
  const latest = now.toISOString();
  if (asked.to !== undefined && asked.to > latest)
    throw new AjarError('bad-input', `the period ends ${asked.to}, in the future`, {
      cure: `the latest possible --to is ${latest}`,
    });
  const font = formats.includes('pdf') && pdfFont !== undefined ? { font: pdfFont } : {};
  const { report, inputs } = await prepareReport(store, {
    ...{ ...asked, toolVersion: VERSION, allowlist },
    ...(font.font === undefined ? {} : { font: font.font.name }),
    ...(sealed === undefined ? {} : { sealed }),
  });
  return filesOf(report, inputs, { asked, formats, ...font });
}

interface TypedFile extends ReportFile {
  readonly mediaType: string;
}

/** A function of these alone. The manifest is the last: where it is, all is. */
export function filesOf(
  report: Report,
  inputs: ReportInputs,
  { asked, formats, font }: { asked: Pick<Asked, 'from' | 'to'>; formats: readonly string[]; font?: GivenFont },
): readonly TypedFile[] {
  const reporters = REPORTERS.filter((r) => formats.includes(r.format));
  const files = [
    ...reporters.flatMap((r) => {
      const reporter = r.format === 'pdf' ? pdfWith(font?.bytes) : r;
      return reporter.render(report).map((file) => ({ ...file, mediaType: reporter.mediaType }));
    }),
    { ...inputsFile(inputs), mediaType: 'application/x-ndjson' },
  ];
  const made = {
    ...{ asked, formats: reporters.map((r) => r.format) },
    ...(font === undefined ? {} : { font: { name: font.name, bytes: font.bytes.byteLength, sha256: font.sha256 } }),
  };
  return [...files, { ...manifestOf(report, files, made), mediaType: 'application/json' }];
}
