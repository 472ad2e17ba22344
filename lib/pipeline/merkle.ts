/**
 * Merkle tree hash of RFC 6962 section 2.1, made as the leaves come: of the leaves so far only the roots of whole subtrees are
 * kept, one for each bit of their number.
 */
import { hash } from 'node:crypto';

const LEAF = Buffer.from([0]);
const NODE = Buffer.from([1]);
type Digest = Buffer<ArrayBuffer>;

export class MerkleTree {
  #size = 0;
  /** Roots of whole subtrees, the largest first. */
  readonly #roots: Digest[] = [];

  add(leaf: Uint8Array): void {
    let root = hash('sha256', Buffer.concat([LEAF, leaf]), 'buffer');
    // Each trailing one bit of the number before is a subtree that this leaf makes whole.
    for (let bits = this.#size; bits % 2 === 1; bits = Math.floor(bits / 2)) root = joined(this.#roots.pop(), root);
    this.#roots.push(root);
    this.#size++;
  }

  /** Hex. Of no leaf it is the hash of nothing. */
  root(): string {
    const [last, ...rest] = this.#roots.toReversed();
    if (last === undefined) return hash('sha256', '', 'hex');
    return rest.reduce((right, left) => joined(left, right), last).toString('hex');
  }
}

function joined(left: Digest | undefined, right: Digest): Digest {
  if (left === undefined) throw new RangeError('a tree without its left half');
  return hash('sha256', Buffer.concat([NODE, left, right]), 'buffer');
}
