/**
 * What a report was made from, held against the ledger: the entries that its manifest names, each hashed again and following
 * the one before it, and the inputs beside them, which must say of endpoints and incidents what the entries say. So nobody can
 * leave an endpoint or an incident out of the inputs, or a verdict other than the recorded one in them. Streams.
 */
import type { LedgerEntry } from '../model/ledger.ts';
import { INPUTS, type ReportInputs, type ReportMade } from '../model/report-inputs.ts';
import type { StateStore } from '../model/store.ts';
import { type Finding, MAX_FINDINGS } from '../model/verified.ts';
import { canonicalText } from '../model/canonical.ts';
import { readSealed, type SealedSource } from './read-sealed.ts';
import { InputsCheck } from './inputs-check.ts';
import { BEGINNING, canonicalOf, type Head, soundLine } from './verify-lines.ts';

export interface Range {
  readonly firstSeq: number;
  readonly lastSeq: number;
  readonly headHash: string;
}

export interface RangeChecked {
  /** The ledger does not hold what the manifest names. */
  readonly missing?: string;
  /** What is there is not what it names, or the inputs say something else than it. The first `MAX_FINDINGS`. */
  readonly broken: readonly Finding[];
  readonly brokenCount: number;
  /** What no entry can show. */
  readonly notes: readonly string[];
}

/** The entries of a range. */
export function entriesOf(store: Pick<StateStore, 'ledger'>, { firstSeq, lastSeq }: Range): AsyncIterable<LedgerEntry> {
  return store.ledger({ from: firstSeq, to: lastSeq });
}

export async function checkRange(
  store: Pick<StateStore, 'ledger'>,
  range: Range,
  inputs: ReportInputs,
  asked: ReportMade['asked'],
): Promise<RangeChecked> {
  const { firstSeq, lastSeq, headHash } = range;
  const check = new InputsCheck(inputs, asked);
  let head: Head | undefined = firstSeq <= 1 ? BEGINNING : undefined;
  for await (const entry of lastSeq === 0 ? [] : entriesOf(store, range)) {
    if (head === undefined && entry.seq !== firstSeq) break;
    const sound = soundLine(Buffer.from(canonicalOf(entry) ?? ''), head);
    if (typeof sound === 'string') return brokenAt((head?.seq ?? firstSeq - 1) + 1, sound);
    check.add(entry);
    head = sound;
  }
  const reached = head?.seq ?? 0;
  if (reached !== lastSeq) {
    const held = reached === 0 ? `no entry ${firstSeq}` : `no entry behind ${reached}`;
    const missing = `the report is of ledger entries ${firstSeq} to ${lastSeq}, and this ledger holds ${held}`;
    return { missing, broken: [], brokenCount: 0, notes: [] };
  }
  if (lastSeq > 0 && head?.hash !== headHash) return brokenAt(lastSeq, 'is not the entry that the manifest names');
  const broken = check.found();
  return { broken: broken.slice(0, MAX_FINDINGS), brokenCount: broken.length, notes: check.notes(lastSeq) };
}

/**
 * The sealed hours that a report read, read again: what is wrong with what the inputs say of them, or why that cannot be told.
 * Hours that were sealed since are none of it.
 */
export async function sealedAgain(
  { sealed }: ReportInputs,
  { from }: ReportMade['asked'],
  source: SealedSource | undefined,
): Promise<{ readonly broken?: string; readonly note?: string }> {
  if (!sealed.isRead) return {};
  const now = await readSealed(source, { from, to: sealed.to });
  if (!now.isRead) return { note: `the sealed hours are as ${INPUTS} has them: ${now.why}` };
  if (canonicalText(now) === canonicalText(sealed)) return {};
  return { broken: `is not what ${INPUTS} says of the sealed hours: ${now.problems[0] ?? 'they are others'}` };
}

export function withSealed(
  found: Omit<RangeChecked, 'missing'>,
  { broken, note }: Awaited<ReturnType<typeof sealedAgain>>,
): Omit<RangeChecked, 'missing'> {
  const notes = note === undefined ? found.notes : [...found.notes, note];
  if (broken === undefined) return { ...found, notes };
  const all = [{ where: 'the sealed ledger', why: broken }, ...found.broken];
  return { broken: all.slice(0, MAX_FINDINGS), brokenCount: found.brokenCount + 1, notes };
}

function brokenAt(seq: number, why: string): RangeChecked {
  return { broken: [{ where: 'the ledger', seq, why }], brokenCount: 1, notes: [] };
}
