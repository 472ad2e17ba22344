/** One text for one value: RFC 8785 canonical JSON, and SHA-256 over it. What the ledger hashes and checkpoints sign. */
import { hash } from 'node:crypto';
import canonicalize from 'canonicalize';
import { AjarError } from './errors.ts';
import type { LedgerEntry } from './ledger.ts';

/** Throws `invariant` for what has no canonical form, as half a surrogate pair: nothing of ours may hold it. */
export function canonicalText(value: unknown): string {
  const text = canonicalize(value);
  if (text === undefined) throw new AjarError('invariant', 'a document has no canonical form');
  return text;
}

export function sha256(bytes: string | Uint8Array): string {
  return hash('sha256', bytes, 'hex');
}

/** The hash that an entry must carry: of everything in it but the hash. */
export function entryHash(entry: Omit<LedgerEntry, 'hash'>): string {
  return sha256(canonicalText(entry));
}
