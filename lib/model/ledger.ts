export const LEDGER_KINDS = [
  'run',
  'inventory',
  'probe',
  'transition',
  'notice',
  'gap',
  'allowlist',
  'drill',
  'act',
] as const;
export type LedgerKind = (typeof LEDGER_KINDS)[number];

/** JSON without surprises: what may stand in a ledger line. */
export type Json = null | boolean | number | string | readonly Json[] | { readonly [key: string]: Json };

/** What a decision wants recorded. The store adds sequence and hashes inside the same commit. */
export interface LedgerLine {
  readonly kind: LedgerKind;
  readonly runId: string;
  /** What the line is about: endpoint id, run id, file. */
  readonly subject: string;
  /** When it was so. */
  readonly observedAt: string;
  /** When we wrote it. */
  readonly recordedAt: string;
  readonly body: { readonly [key: string]: Json };
}

/** Append-only evidence: each entry carries the hash of the one before it. */
export interface LedgerEntry extends LedgerLine {
  readonly seq: number;
  /** SHA-256, hex; 64 zeros before the first. */
  readonly prevHash: string;
  /** SHA-256 of the canonical JSON (RFC 8785) of the entry without this field. */
  readonly hash: string;
}

export const GENESIS_HASH = '0'.repeat(64);
