/**
 * Exact sets of addresses, one per family: sorted, disjoint, inclusive ranges that do not touch. What two /1 blocks
 * in two rules add up to, and what a Deny takes away, is arithmetic here and never a guess.
 */
import ipaddr from 'ipaddr.js';

export const FAMILIES = ['v4', 'v6'] as const;
export type Family = (typeof FAMILIES)[number];

export interface Range {
  readonly first: bigint;
  readonly last: bigint;
}
export type IpSet = readonly Range[];

/** Addresses of both families. */
export interface Addresses {
  readonly v4: IpSet;
  readonly v6: IpSet;
}

export const BITS: Readonly<Record<Family, number>> = { v4: 32, v6: 128 };
const LAST: Readonly<Record<Family, bigint>> = { v4: (1n << 32n) - 1n, v6: (1n << 128n) - 1n };

export const NOBODY: Addresses = { v4: [], v6: [] };
export const EVERYBODY: Addresses = { v4: all('v4'), v6: all('v6') };

function all(family: Family): IpSet {
  return [{ first: 0n, last: LAST[family] }];
}

/**
 * A CIDR block or a bare address, host bits allowed as AWS allows them. Undefined where it is neither: the caller
 * decides what not knowing means. Only four decimal parts count as IPv4 (`010.0.0.1` and `127.1` do not).
 */
export function parseBlock(text: string): { readonly family: Family; readonly set: IpSet } | undefined {
  if (text.length > 64) return undefined;
  const [address = '', prefix, ...rest] = text.trim().split('/');
  if (rest.length > 0 || (prefix !== undefined && !/^\d{1,3}$/.test(prefix))) return undefined;
  const family = familyOf(address);
  if (family === undefined) return undefined;
  const bits = BITS[family];
  const length = prefix === undefined ? bits : Number(prefix);
  if (length > bits) return undefined;
  const bytes = (family === 'v4' ? ipaddr.IPv4 : ipaddr.IPv6).parse(address).toByteArray();
  const value = BigInt(`0x${Buffer.from(bytes).toString('hex')}`);
  const hosts = (1n << BigInt(bits - length)) - 1n;
  const first = value & ~hosts & LAST[family];
  return { family, set: [{ first, last: first | hosts }] };
}

function familyOf(address: string): Family | undefined {
  if (ipaddr.IPv4.isValidFourPartDecimal(address)) return 'v4';
  return !address.includes('%') && ipaddr.IPv6.isValid(address) ? 'v6' : undefined;
}

/** Sorts and joins ranges that overlap or touch. */
function normal(ranges: readonly Range[]): IpSet {
  const out: { first: bigint; last: bigint }[] = [];
  for (const { first, last } of ranges.toSorted((a, b) => (a.first < b.first ? -1 : a.first > b.first ? 1 : 0))) {
    const before = out.at(-1);
    if (before !== undefined && first <= before.last + 1n) {
      if (last > before.last) before.last = last;
    } else out.push({ first, last });
  }
  return out;
}

export function union(...sets: readonly IpSet[]): IpSet {
  return normal(sets.flat());
}

export function intersect(a: IpSet, b: IpSet): IpSet {
  const out: Range[] = [];
  let [i, j] = [0, 0];
  for (;;) {
    const [x, y] = [a[i], b[j]];
    if (x === undefined || y === undefined) return out;
    const first = x.first > y.first ? x.first : y.first;
    const last = x.last < y.last ? x.last : y.last;
    if (first <= last) out.push({ first, last });
    if (x.last < y.last) i++;
    else j++;
  }
}

export function complement(set: IpSet, family: Family): IpSet {
  const out: Range[] = [];
  let next = 0n;
  for (const { first, last } of set) {
    if (first > next) out.push({ first: next, last: first - 1n });
    next = last + 1n;
  }
  if (next <= LAST[family]) out.push({ first: next, last: LAST[family] });
  return out;
}

export function subtract(a: IpSet, b: IpSet, family: Family): IpSet {
  return intersect(a, complement(b, family));
}

export function sizeOf(set: IpSet): bigint {
  return set.reduce((sum, { first, last }) => sum + last - first + 1n, 0n);
}

export function contains(set: IpSet, address: bigint): boolean {
  return set.some(({ first, last }) => first <= address && address <= last);
}

/** Applies one operation to each family. */
export function perFamily(make: (family: Family) => IpSet): Addresses {
  return { v4: make('v4'), v6: make('v6') };
}

/** Both families of a list of blocks; `unread` are those that are none. */
export function parseBlocks(blocks: readonly string[]): Addresses & { readonly unread: readonly string[] } {
  const ranges: Record<Family, Range[]> = { v4: [], v6: [] };
  const unread: string[] = [];
  for (const block of blocks) {
    const parsed = parseBlock(block);
    if (parsed === undefined) unread.push(block);
    else ranges[parsed.family].push(...parsed.set);
  }
  return { v4: normal(ranges.v4), v6: normal(ranges.v6), unread };
}

/** The largest aligned blocks that make up the set, at most `limit` of them, for people to read. */
export function blocksOf(
  set: IpSet,
  family: Family,
  limit: number,
): { readonly blocks: readonly string[]; readonly more: boolean } {
  const blocks: string[] = [];
  for (const range of set) {
    let { first } = range;
    while (first <= range.last) {
      if (blocks.length === limit) return { blocks, more: true };
      let host = first === 0n ? BITS[family] : trailingZeros(first);
      while (first + (1n << BigInt(host)) - 1n > range.last) host--;
      blocks.push(`${addressText(first, family)}/${BITS[family] - host}`);
      first += 1n << BigInt(host);
    }
  }
  return { blocks, more: false };
}

/** Prefix length of the largest aligned block in the set; undefined when it is empty. */
export function widestBlock(set: IpSet, family: Family): number | undefined {
  let widest: number | undefined;
  for (const { first, last } of set) {
    // No block is larger than its range: thousands of small IPv6 ranges would cost 128 steps each.
    for (let host = (last - first + 1n).toString(2).length - 1; host >= 0; host--) {
      const size = 1n << BigInt(host);
      const start = ((first + size - 1n) / size) * size;
      if (start + size - 1n > last) continue;
      if (widest === undefined || BITS[family] - host < widest) widest = BITS[family] - host;
      break;
    }
  }
  return widest;
}

function trailingZeros(value: bigint): number {
  let count = 0;
  while (((value >> BigInt(count)) & 1n) === 0n) count++;
  return count;
}

function addressText(value: bigint, family: Family): string {
  const bytes = Array.from({ length: BITS[family] / 8 }, (_, i) =>
    Number((value >> BigInt(BITS[family] - 8 * (i + 1))) & 255n),
  );
  return ipaddr.fromByteArray(bytes).toString();
}
