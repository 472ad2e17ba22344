/** The ledger's hash chain: the same for every store, so that evidence can move between them. */
import { createHash } from 'node:crypto';
import canonicalize from 'canonicalize';
import { AjarError } from '../model/errors.ts';
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
    // Through JSON once: what is hashed is exactly what will be read back.
    const unhashed = JSON.parse(JSON.stringify({ ...line, seq: ++seq, prevHash })) as Omit<LedgerEntry, 'hash'>;
    const entry = { ...unhashed, hash: hashOf(unhashed) };
    entries.push(entry);
    prevHash = entry.hash;
  }
  return entries;
}

/** SHA-256 over RFC 8785 canonical JSON. */
function hashOf(entry: Omit<LedgerEntry, 'hash'>): string {
  const text = canonicalize(entry);
  if (text === undefined) throw new AjarError('invariant', 'a ledger line has no canonical form');
  return createHash('sha256').update(text).digest('hex');
}

export type ChainCheck =
  | { readonly ok: true; readonly entries: number; readonly head: ChainHead }
  | { readonly ok: false; readonly seq: number; readonly why: string };

/** Names the first entry that does not follow from the one before it. */
export async function verifyChain(entries: AsyncIterable<LedgerEntry>): Promise<ChainCheck> {
  let head = GENESIS;
  for await (const { hash, ...entry } of entries) {
    const seq = head.seq + 1;
    if (entry.seq !== seq) return { ok: false, seq, why: `expected line ${seq}, found ${entry.seq}` };
    if (entry.prevHash !== head.hash) return { ok: false, seq, why: 'does not follow from the line before it' };
    if (hashOf(entry) !== hash) return { ok: false, seq, why: 'its content does not match its hash' };
    head = { seq, hash };
  }
  return { ok: true, entries: head.seq, head };
}
