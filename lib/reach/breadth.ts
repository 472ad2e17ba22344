/** How much of the internet a set of addresses is (aws-services.md section 3.2, "Breadth classes"). */
import {
  type Addresses,
  complement,
  type Family,
  intersect,
  type IpSet,
  parseBlocks,
  sizeOf,
  widestBlock,
} from './ipset.ts';

export const BREADTHS = ['NONE', 'LIMITED', 'BROAD', 'WORLD'] as const;
export type Breadth = (typeof BREADTHS)[number];

/** IANA special-purpose IPv4 blocks: no packet from there comes over the internet. */
const SPECIAL_V4 = [
  '0.0.0.0/8',
  '10.0.0.0/8',
  '100.64.0.0/10',
  '127.0.0.0/8',
  '169.254.0.0/16',
  '172.16.0.0/12',
  '192.0.0.0/24',
  '192.0.2.0/24',
  '192.88.99.0/24',
  '192.168.0.0/16',
  '198.18.0.0/15',
  '198.51.100.0/24',
  '203.0.113.0/24',
  '224.0.0.0/4',
  '240.0.0.0/4',
];
/** Inside 2000::/3: Teredo, benchmarking, ORCHID, documentation, 6to4. */
const SPECIAL_V6 = ['2001::/23', '2001:db8::/32', '2002::/16', '3fff::/20'];

/** Every address that the internet can route to us. */
export const PUBLIC: Addresses = {
  v4: complement(parseBlocks(SPECIAL_V4).v4, 'v4'),
  v6: intersect(parseBlocks(['2000::/3']).v6, complement(parseBlocks(SPECIAL_V6).v6, 'v6')),
};

const PUBLIC_SIZE: Readonly<Record<Family, bigint>> = { v4: sizeOf(PUBLIC.v4), v6: sizeOf(PUBLIC.v6) };
/** A single block wider than this is broad whatever its share. */
const BROAD_BLOCK: Readonly<Record<Family, number>> = { v4: 8, v6: 32 };

/** `WORLD` from 99 % of the public space, `BROAD` from half of it or with one block wider than /8 (IPv4) or /32 (IPv6). */
export function breadthOf(set: IpSet, family: Family): Breadth {
  const reached = intersect(set, PUBLIC[family]);
  const size = sizeOf(reached);
  if (size === 0n) return 'NONE';
  if (size * 100n >= PUBLIC_SIZE[family] * 99n) return 'WORLD';
  if (size * 2n >= PUBLIC_SIZE[family]) return 'BROAD';
  // Asked of the set as written: a /7 next to a reserved block is still somebody's /7.
  const widest = widestBlock(set, family);
  return widest !== undefined && widest < BROAD_BLOCK[family] ? 'BROAD' : 'LIMITED';
}

export function broader(a: Breadth, b: Breadth): Breadth {
  return BREADTHS.indexOf(a) >= BREADTHS.indexOf(b) ? a : b;
}

/** The broader of both families. */
export function breadthOfBoth(addresses: Addresses): Breadth {
  return broader(breadthOf(addresses.v4, 'v4'), breadthOf(addresses.v6, 'v6'));
}
