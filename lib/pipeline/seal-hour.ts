/** One hour of the ledger on its way into an object. */
import { sha256 } from '../model/canonical.ts';
import { MAX_OBJECT_BYTES, MAX_OBJECT_ENTRIES } from '../model/checkpoint.ts';
import { AjarError } from '../model/errors.ts';
import type { EvidenceStore } from '../model/evidence.ts';
import type { LedgerEntry } from '../model/ledger.ts';
import { namesOfHour, readSmall } from './checkpoint.ts';
import { MerkleTree } from './merkle.ts';

const LINE_END = 10;

export class HourInMaking {
  readonly hour: string;
  /** The object that a run before this one put and did not live to sign: it says what is in the hour. */
  readonly #left: Buffer | undefined;
  readonly #lines: Buffer[] = [];
  readonly #tree = new MerkleTree();
  #bytes = 0;
  #headHash: string | undefined;

  readonly #maxBytes: number;

  private constructor(hour: string, maxBytes: number, left?: Buffer) {
    this.hour = hour;
    this.#maxBytes = maxBytes;
    this.#left = left;
  }

  static async open(evidence: EvidenceStore, hour: string, maxBytes = MAX_OBJECT_BYTES): Promise<HourInMaking> {
    const { object } = namesOfHour(hour);
    const folder = object.slice(0, object.lastIndexOf('/') + 1);
    if (!(await evidence.names(folder)).includes(object.slice(folder.length))) return new HourInMaking(hour, maxBytes);
    const left = await readSmall(evidence, object, MAX_OBJECT_BYTES);
    if (left === undefined) throw differs(evidence, object);
    return new HourInMaking(hour, maxBytes, left);
  }

  get count(): number {
    return this.#lines.length;
  }

  get headHash(): string | undefined {
    return this.#headHash;
  }

  get wasLeft(): boolean {
    return this.#left !== undefined;
  }

  merkleRoot(): string {
    return this.#tree.root();
  }

  /** Whether an entry of so many bytes has room in it. */
  takes(bytes: number): boolean {
    if (this.#left !== undefined) return this.#bytes < this.#left.length;
    const isFull = this.count >= MAX_OBJECT_ENTRIES || this.#bytes + bytes > this.#maxBytes;
    return this.count === 0 || !isFull;
  }

  /** Whether it stands in here whatever its time is. */
  isPinned(bytes: number): boolean {
    return this.#left !== undefined && this.takes(bytes);
  }

  add({ hash }: LedgerEntry, line: Buffer): void {
    this.#lines.push(line);
    this.#bytes += line.length;
    this.#headHash = hash;
    this.#tree.add(line.at(-1) === LINE_END ? line.subarray(0, -1) : line);
  }

  /** Nothing where the hour has no entry. */
  async put(evidence: EvidenceStore) {
    const { object: name } = namesOfHour(this.hour);
    const body = Buffer.concat(this.#lines);
    if (this.#left !== undefined && !this.#left.equals(body)) throw differs(evidence, name);
    if (body.length === 0) return undefined;
    if (this.#left === undefined && (await evidence.put(name, 'application/x-ndjson', body)) === 'there') {
      throw new AjarError('conflict', `${evidence.place}: ${name} was put there meanwhile`, {
        cure: 'seal again: it goes on from there',
      });
    }
    return { name, bytes: body.length, sha256: sha256(body) };
  }
}

function differs(evidence: EvidenceStore, name: string): AjarError {
  return new AjarError('store-corrupt', `${evidence.place}: ${name} holds something else than the ledger`, {
    cure: 'nothing was sealed: keep both as they are, and find out who wrote it',
  });
}
