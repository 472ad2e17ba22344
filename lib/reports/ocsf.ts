import type { Report, Reporter } from '../model/report.ts';
import { gapEvents, objectiveEvents } from './ocsf/compliance.ts';
import { dataEvents, detectionEvents } from './ocsf/windows.ts';
import { linePieces } from './pieces.ts';

/**
 * OCSF 1.8, one event a line (evidence-and-alerts.md section 1.6): Compliance Findings (2003) for objectives and for what was not
 * seen, Detection Findings (2004) for windows, Data Security Findings (2006) where names tell of data. Instants are milliseconds.
 */
export const ocsf: Reporter = {
  format: 'ocsf',
  mediaType: 'application/x-ndjson',
  render: (report) => [{ name: 'ocsf.ndjson', content: () => linePieces(events(report)) }],
};

function* events(report: Report): Generator<object> {
  yield* objectiveEvents(report);
  yield* gapEvents(report);
  yield* detectionEvents(report);
  yield* dataEvents(report);
}
