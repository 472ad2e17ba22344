/**
 * Whether each ledger entry follows the one before it, in number and by its hash, and is the one that was sealed; what a hash is
 * of `ajar verify` checks.
 */
import type { LedgerEntry } from '../model/ledger.ts';
import type { SealedInputs } from '../model/report-inputs.ts';
import { SealedRecord } from './read-sealed.ts';

export class ChainRecord {
  readonly sealed: SealedRecord;
  #last: Pick<LedgerEntry, 'seq' | 'hash'> | undefined;
  #brokenAt: number | undefined;

  constructor(sealed: SealedInputs) {
    this.sealed = new SealedRecord(sealed);
  }

  add(entry: LedgerEntry): void {
    const { seq, prevHash, hash } = entry;
    this.sealed.add(entry);
    const last = this.#last;
    if (last !== undefined && (seq !== last.seq + 1 || prevHash !== last.hash)) this.#brokenAt ??= seq;
    this.#last = { seq, hash };
  }

  /** The first that does not. */
  get brokenAt(): number | undefined {
    return this.#brokenAt;
  }
}
