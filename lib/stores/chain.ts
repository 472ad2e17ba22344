/** The ledger's hash chain: the same for every store, so that evidence can move between them. */
import { entryHash } from '../model/canonical.ts';
import { GENESIS_HASH, type LedgerEntry, type LedgerLine } from '../model/ledger.ts';

export interface ChainHead {
  readonly seq: number;
  readonly hash: string;
}
export const GENESIS: ChainHead = { seq: 0, hash: GENESIS_HASH };

/** Gives each line its sequence, the hash of the line before it, and its own. */
export function chainLines(head: ChainHead, lines: readonly LedgerLine[]): readonly LedgerEntry[] {
  const entries: LedgerEntry[] = [];
  let { seq, hash: prevHash } = head;
  for (const line of lines) {
    const unhashed = plain({ ...line, seq: ++seq, prevHash });
    const entry = { ...unhashed, hash: entryHash(unhashed) };
    entries.push(entry);
    prevHash = entry.hash;
  }
  return entries;
}

type Unhashed = Omit<LedgerEntry, 'hash'>;

/**
 * Through JSON once, so that what is hashed is exactly what will be read back. RFC 8785 has no form for half a
 * surrogate pair; a stranger who sends one must not stop us from recording, so it becomes U+FFFD.
 */
function plain(entry: Unhashed): Unhashed {
  return JSON.parse(JSON.stringify(entry), (_, value: unknown) => wellFormed(value)) as Unhashed;
}

function wellFormed(value: unknown): unknown {
  if (typeof value === 'string') return value.toWellFormed();
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return value;
  return Object.fromEntries(Object.entries(value).map(([key, held]) => [key.toWellFormed(), held]));
}

export type ChainCheck =
  | { readonly ok: true; readonly entries: number; readonly head: ChainHead }
  | { readonly ok: false; readonly seq: number; readonly why: string };

/**
 * Names the first entry that does not follow from the one before it. A tail that was cut off leaves a chain that
 * is whole: compare `head` with one that was kept elsewhere (evidence-and-alerts.md section 1.3).
 */
export async function verifyChain(entries: AsyncIterable<LedgerEntry>): Promise<ChainCheck> {
  let head = GENESIS;
  for await (const { hash, ...entry } of entries) {
    const seq = head.seq + 1;
    if (entry.seq !== seq) return { ok: false, seq, why: `expected line ${seq}, found ${entry.seq}` };
    if (entry.prevHash !== head.hash) return { ok: false, seq, why: 'does not follow from the line before it' };
    if (entryHash(plain(entry)) !== hash) return { ok: false, seq, why: 'its content does not match its hash' };
    head = { seq, hash };
  }
  return { ok: true, entries: head.seq, head };
}
