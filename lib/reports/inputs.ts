/** What a report was made from, beside the ledger: one line each, so that nothing has to be held whole to be written or read. */
import type { ReportFile } from '../model/report.ts';
import { INPUTS, type ReportInputs } from '../model/report-inputs.ts';

export function inputsFile(inputs: ReportInputs): ReportFile {
  const { states, incidents, places } = inputs;
  return { name: INPUTS, content: () => lines(inputs), rows: states.length + incidents.length + places.length };
}

function* lines({ readAfter, allowlist, sealed, states, incidents, places }: ReportInputs): Generator<string> {
  yield `${JSON.stringify({ schema: 1, readAfter, allowlist, sealed })}\n`;
  for (const state of states) yield `${JSON.stringify({ state })}\n`;
  for (const incident of incidents) yield `${JSON.stringify({ incident })}\n`;
  for (const place of places) yield `${JSON.stringify({ place })}\n`;
}
