import { createHash } from 'node:crypto';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { MerkleTree } from '../../lib/pipeline/merkle.ts';

/** Leaves and roots of the tests that certificate transparency logs share: for RFC 6962, the first 0 to 8 leaves. */
const LEAVES = ['', '00', '10', '2021', '3031', '40414243', '5051525354555657', '606162636465666768696a6b6c6d6e6f'];
const ROOTS = [
  'e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855',
  '6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d',
  'fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125',
  'aeb6bcfe274b70a14fb067a5e5578264db0fa9b51af5e0ba159158f329e06e77',
  'd37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7',
  '4e3bbb1f7b478dcfe71fb631631519a3bca12c9aefca1612bfce4c13a86264d4',
  '76e67dadbcdf1e10e1b74ddc608abd2f98dfb16fbce75277b5232a127f2087ef',
  'ddb89be403809e325750d3d263cd78929c2942b7942a34b77e122c9594a74c8c',
  '5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328',
];

const rootOf = (leaves: readonly Uint8Array[]): string => {
  const tree = new MerkleTree();
  for (const leaf of leaves) tree.add(leaf);
  return tree.root();
};

/** The definition of RFC 6962 section 2.1, word for word. */
function defined(leaves: readonly Uint8Array[]): Buffer {
  const hash = (...parts: readonly Uint8Array[]): Buffer => createHash('sha256').update(Buffer.concat(parts)).digest();
  const [only] = leaves;
  if (only === undefined) return hash();
  if (leaves.length === 1) return hash(Buffer.from([0]), only);
  let k = 1;
  while (k * 2 < leaves.length) k *= 2;
  return hash(Buffer.from([1]), defined(leaves.slice(0, k)), defined(leaves.slice(k)));
}

describe('the Merkle tree of RFC 6962', () => {
  it.each(ROOTS.map((root, n) => [n, root] as const))('has the known root of the first %i leaves', (n, root) => {
    expect(rootOf(LEAVES.slice(0, n).map((leaf) => Buffer.from(leaf, 'hex')))).toBe(root);
  });

  it('is what the definition says, of any leaves', () => {
    fc.assert(
      fc.property(fc.array(fc.uint8Array({ maxLength: 40 }), { maxLength: 70 }), (leaves) => {
        expect(rootOf(leaves)).toBe(defined(leaves).toString('hex'));
      }),
    );
  });

  it('can be asked for its root between two leaves', () => {
    const tree = new MerkleTree();
    const leaves = LEAVES.map((leaf) => Buffer.from(leaf, 'hex'));
    leaves.forEach((leaf, i) => {
      tree.add(leaf);
      expect(tree.root()).toBe(ROOTS[i + 1]);
    });
  });
});
