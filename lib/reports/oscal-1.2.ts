import type { Reporter } from '../model/report.ts';
import { OSCAL_TYPE, oscalFiles } from './oscal/documents.ts';

/** OSCAL 1.2.1: the same documents as `oscal`, which says why this is a format of its own. */
export const oscal12: Reporter = {
  format: 'oscal-1.2',
  mediaType: OSCAL_TYPE,
  render: (report) => oscalFiles(report, '1.2.1', 'oscal12'),
};
