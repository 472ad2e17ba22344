/** Findings as BatchImportFindings takes them at once: 100, and 6 MB of all of them (evidence-and-alerts.md section 1.6). */
import { type Finding, MAX_BATCH } from '../model/asff.ts';
import { utf8Bytes } from './notice-json.ts';

const BATCH_BYTES = 6_000_000;

/** A finding, and which of the notices it is of. */
export interface Sent {
  readonly notice: number;
  readonly finding: Finding;
}

/** In their order. One finding twice goes in two calls: answers are by its id, and the later one has to come later. */
export function batchesOf(sent: readonly Sent[], limit = BATCH_BYTES): readonly (readonly Sent[])[] {
  const batches: Sent[][] = [];
  let [ids, bytes] = [new Set<string>(), 0];
  for (const one of sent) {
    const size = utf8Bytes(JSON.stringify(one.finding)) + 1;
    const last = batches.at(-1);
    const fits = last !== undefined && last.length < MAX_BATCH && bytes + size <= limit;
    if (fits && !ids.has(one.finding.Id)) last.push(one);
    else {
      batches.push([one]);
      [ids, bytes] = [new Set(), 0];
    }
    ids.add(one.finding.Id);
    bytes += size;
  }
  return batches;
}
