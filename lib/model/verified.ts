/** Something that is not as it was signed. */
export interface Finding {
  /** Name of the object, checkpoint or file. */
  readonly where: string;
  /** From 1. */
  readonly line?: number;
  /** Of the first entry that is not what it was. */
  readonly seq?: number;
  readonly why: string;
}

/** What checking found. */
export interface Verdicts {
  /** In the order of the record; the first `MAX_FINDINGS`. */
  readonly broken: readonly Finding[];
  readonly brokenCount: number;
  /** What could not be seen, and so is not proven. */
  readonly gaps: readonly string[];
  readonly gapCount: number;
}
export const MAX_FINDINGS = 20;

/** What was checked of sealed evidence. */
export interface Verified extends Verdicts {
  readonly place: string;
  /** Checkpoints, objects and lines that were read. */
  readonly hours: number;
  readonly objects: number;
  readonly entries: number;
  /** The record reaches from here to there. */
  readonly from?: string;
  readonly to?: string;
  readonly lastSeq?: number;
  readonly headHash?: string;
  /** Fingerprint of the key that signed the newest checkpoint. */
  readonly key?: string;
  /** SHA-256 of its file: worth writing down elsewhere. */
  readonly newestCheckpoint?: string;
  /** Files that are no part of the evidence. */
  readonly strange: readonly string[];
}

/** What was checked of a ledger that is still being written. */
export interface LedgerVerified extends Verdicts {
  readonly place: string;
  readonly entries: number;
  readonly lastSeq: number;
  readonly headHash: string;
}

/** What was checked of a report's files. */
export interface ReportVerified extends Verdicts {
  readonly place: string;
  readonly files: number;
  /** Files that its manifest does not name. */
  readonly strange: readonly string[];
}
