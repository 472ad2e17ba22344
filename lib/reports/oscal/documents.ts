/** The three documents of a report in one version of OSCAL. */
import type { Report, ReportFile } from '../../model/report.ts';
import { documentPieces } from '../pieces.ts';
import type { OscalVersion } from './metadata.ts';
import { planDocument } from './plan.ts';
import { poamDocument } from './poam.ts';
import { resultsDocument } from './results.ts';

export const OSCAL_TYPE = 'application/oscal+json';

export function oscalFiles(report: Report, version: OscalVersion, prefix: string): readonly ReportFile[] {
  const plan = `${prefix}-assessment-plan.json`;
  const poam = poamDocument(report, version);
  return [
    { name: plan, content: () => documentPieces(planDocument(report, version)) },
    {
      name: `${prefix}-assessment-results.json`,
      content: () => documentPieces(resultsDocument(report, version, plan)),
    },
    ...(poam === undefined ? [] : [{ name: `${prefix}-poam.json`, content: () => pieces(report, version) }]),
  ];
}

/** Made anew each time: a document remembers which uuids it has given. */
function pieces(report: Report, version: OscalVersion): Iterable<string> {
  return documentPieces(poamDocument(report, version) ?? {});
}
