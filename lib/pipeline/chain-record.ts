/** Whether each ledger entry follows the one before it, in number and by its hash; what a hash is of `ajar verify` checks. */
import type { LedgerEntry } from '../model/ledger.ts';

export class ChainRecord {
  #last: Pick<LedgerEntry, 'seq' | 'hash'> | undefined;
  #brokenAt: number | undefined;

  add({ seq, prevHash, hash }: LedgerEntry): void {
    const last = this.#last;
    if (last !== undefined && (seq !== last.seq + 1 || prevHash !== last.hash)) this.#brokenAt ??= seq;
    this.#last = { seq, hash };
  }

  /** The first that does not. */
  get brokenAt(): number | undefined {
    return this.#brokenAt;
  }
}
