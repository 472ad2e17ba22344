/** What a verification looks out for on its way: things kept elsewhere that must stand in the record, and pauses in it. */
import type { KeyObject } from 'node:crypto';
import { type Finding, MAX_FINDINGS, type Verdicts } from '../model/verified.ts';
import { type Kept, namesOfHour, signatureProblem } from './checkpoint.ts';
import type { Head, SoundLine } from './verify-lines.ts';

export interface Watching {
  readonly keys: ReadonlyMap<string, KeyObject>;
  readonly kept: readonly Kept[];
  readonly named: readonly (Head & { readonly by: string })[];
  readonly maxPauseMs?: number;
}

export class Watched {
  readonly #broken: Finding[] = [];
  readonly #gaps: string[] = [];
  readonly #kept = new Map<string, Kept>();
  readonly #named = new Map<number, (Head & { readonly by: string })[]>();
  readonly #maxPauseMs: number;
  #brokenCount = 0;
  #gapCount = 0;
  #lastAt: string | undefined;

  constructor({ keys, kept, named, maxPauseMs = Number.POSITIVE_INFINITY }: Watching) {
    this.#maxPauseMs = maxPauseMs;
    for (const one of kept) {
      const problem = signatureProblem(one.checkpoint, keys);
      const where = `the checkpoint of ${one.checkpoint.hour} that was kept`;
      if (problem === undefined) this.#kept.set(one.checkpoint.hour, one);
      else this.broken({ where, why: problem });
    }
    for (const one of named) this.#named.set(one.seq, [...(this.#named.get(one.seq) ?? []), one]);
  }

  broken(finding: Finding): void {
    this.#brokenCount++;
    if (this.#broken.length < MAX_FINDINGS) this.#broken.push(finding);
  }

  gap(text: string): void {
    this.#gapCount++;
    if (this.#gaps.length < MAX_FINDINGS) this.#gaps.push(text);
  }

  checkpoint({ checkpoint: { hour }, digest }: Kept): void {
    const kept = this.#kept.get(hour);
    this.#kept.delete(hour);
    if (kept === undefined || kept.digest === digest) return;
    const where = namesOfHour(hour).checkpoint;
    this.broken({
      where,
      seq: kept.checkpoint.firstSeq,
      why: 'is not the one that was kept: the record was made anew',
    });
  }

  line({ seq, hash, recordedAt }: SoundLine, at: Pick<Finding, 'where' | 'line'>): void {
    for (const { by, hash: expected } of this.#named.get(seq) ?? []) {
      if (hash !== expected) this.broken({ ...at, seq, why: `is not the entry that ${by} names` });
    }
    this.#named.delete(seq);
    this.#pause(recordedAt);
  }

  /** Clocks of several writers are a little apart: only the latest instant so far counts. */
  #pause(recordedAt: string): void {
    const last = this.#lastAt;
    if (last !== undefined && recordedAt <= last) return;
    this.#lastAt = recordedAt;
    if (last === undefined || Date.parse(recordedAt) - Date.parse(last) <= this.#maxPauseMs) return;
    const minutes = Math.round((Date.parse(recordedAt) - Date.parse(last)) / 60_000);
    this.gap(`no entry from ${last} to ${recordedAt}, ${minutes} minutes`);
  }

  found(lastSeq: number): Verdicts {
    for (const { checkpoint } of this.#kept.values()) {
      const where = namesOfHour(checkpoint.hour).checkpoint;
      this.broken({ where, seq: checkpoint.firstSeq, why: 'is missing, and was kept: the record was cut' });
    }
    this.#kept.clear();
    for (const { seq, by } of [...this.#named.values()].flat()) {
      const why = seq > lastSeq ? `sealed is up to ${lastSeq}` : 'it could not be read';
      this.gap(`${by} names entry ${seq}: ${why}`);
    }
    return this.#verdicts();
  }

  /** Of a ledger that has its end: what is named behind it was there once. */
  ended(lastSeq: number): Verdicts {
    const isWhole = this.#brokenCount === 0;
    for (const { seq, by } of isWhole ? [...this.#named.values()].flat() : []) {
      this.broken({ where: by, seq, why: `the ledger ends with entry ${lastSeq}: what came behind it is gone` });
    }
    return this.#verdicts();
  }

  #verdicts(): Verdicts {
    return {
      broken: this.#broken,
      brokenCount: this.#brokenCount,
      gaps: this.#gaps,
      gapCount: this.#gapCount,
    };
  }
}
