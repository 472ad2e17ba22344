import type { Reporter } from '../model/report.ts';
import { OSCAL_TYPE, oscalFiles } from './oscal/documents.ts';

/**
 * OSCAL 1.1.3, which most that read OSCAL accept: assessment plan, assessment results, and the plan of action and milestones
 * where something is open or accepted (evidence-and-alerts.md section 1.6). Another version is another format (`oscal-1.2`),
 * not an option: a reporter has none, so that a report and a format name alone say which bytes there will be.
 */
export const oscal: Reporter = {
  format: 'oscal',
  mediaType: OSCAL_TYPE,
  render: (report) => oscalFiles(report, '1.1.3', 'oscal'),
};
