/**
 * Documents as items: JSON, compressed, in one item where it fits (400 KB) and else with the rest in further items of
 * the same transaction. Each part carries the mark of its head, so that a reader never joins parts of two versions.
 * Attributes: `z` the bytes, `n` further parts, `m` the mark, `f` the format.
 */
import { createHash, randomBytes } from 'node:crypto';
import { brotliCompressSync, brotliDecompressSync, constants } from 'node:zlib';
import { AjarError } from '../model/errors.ts';
import type { Condition, Item, Key, Table, Write } from './dynamodb-access.ts';
import { corrupt } from './dynamodb-error.ts';

const FORMAT = 1;
/** An item may have 409,600 bytes, its keys and other attributes included. */
const MAX_PART = 380_000;
/** The limits of one transaction, and somewhat less than its 4 MB. */
const MAX_WRITES = 100;
const MAX_TRANSACTION = 4_000_000;
const MAX_UNPACKED = 256 * 1024 * 1024;
const MAX_SORT_KEY = 1_024;
const MAX_PARTITION_KEY = 2_048;
/** Compresses a state nearly as well as the best, in a tenth of the time. */
const QUALITY = 5;
const MAX_READS = 6;

/** Of states, incidents, places, the journal and the lists of the index. Never to be changed: it is in every key. */
export const SHARDS = 16;

/** Two digits, the same for the same name wherever it is computed. */
export function shardOf(name: string, shards: number = SHARDS): string {
  return shardName(createHash('sha256').update(name).digest().readUInt32BE() % shards);
}

export function shardName(n: number): string {
  return String(n).padStart(2, '0');
}

export function allShards(shards: number = SHARDS): readonly string[] {
  return Array.from({ length: shards }, (_, n) => shardName(n));
}

/** Marks one write, as the transaction's token and in what it leaves behind. */
export function newToken(): string {
  return randomBytes(12).toString('base64url');
}

/** The head of a document, to be written with its `parts`. */
export interface Document {
  readonly head: Item;
  readonly parts: readonly Item[];
}

export function documentOf(
  { pk, sk }: Key,
  mark: string,
  value: unknown,
  attributes: Readonly<Record<string, unknown>> = {},
): Document {
  const bytes = pack(value);
  const count = Math.max(1, Math.ceil(bytes.length / MAX_PART));
  const slice = (n: number) => bytes.subarray(n * MAX_PART, (n + 1) * MAX_PART);
  const more = count === 1 ? {} : { n: count - 1 };
  return {
    head: { ...attributes, pk, sk, f: FORMAT, m: mark, z: slice(0), ...more },
    parts: partKeys({ pk, sk }, count - 1).map((key, i) => ({ ...key, m: mark, z: slice(i + 1) })),
  };
}

/** Where the parts behind a head lie: outside of its partition, which is read in ranges. */
export function partKeys({ pk, sk }: Key, count: number): readonly Key[] {
  return Array.from({ length: count }, (_, i) => ({ pk: `+${pk}`, sk: `${sk}#${shardName(i + 1)}` }));
}

/** Puts a document in the place of one with so many parts: those that it does not write over are removed. */
export function writesOf({ head, parts }: Document, partsBefore: number, when: Condition): readonly Write[] {
  const left = partKeys(head, partsBefore).slice(parts.length);
  return [{ put: head, when }, ...parts.map((put) => ({ put })), ...left.map((remove) => ({ remove }))];
}

/** That the document is still the one of this mark, or that there still is none. */
export function isStill(mark: unknown): Condition {
  return mark === undefined ? { text: 'attribute_not_exists(pk)' } : { text: 'm = :mark', values: { ':mark': mark } };
}

/** How many parts lie behind a head. */
export function partsOf(head: Item): number {
  return typeof head['n'] === 'number' ? head['n'] : 0;
}

export interface Opened<T> {
  readonly head: Item;
  readonly value: T;
}

/** The document of a head, or of the head that took its place meanwhile; `undefined` where that is gone. */
export async function openDocument<T>(
  table: Table,
  found: Item | undefined,
  what: string,
): Promise<Opened<T> | undefined> {
  let head = found;
  for (let reads = 1; head !== undefined; reads++) {
    checkFormat(head, what);
    const mark = head['m'];
    const parts = partsOf(head) === 0 ? [] : await table.getAll(partKeys(head, partsOf(head)));
    const whole = parts.flatMap((part) => (part !== undefined && part['m'] === mark ? [part['z']] : []));
    if (whole.length === parts.length) return { head, value: unpack<T>([head['z'], ...whole], `${what} ${head.sk}`) };
    if (reads === MAX_READS) throw corrupt(`${what} ${head.sk}: parts of it are missing`);
    head = await table.get(head);
  }
  return undefined;
}

function checkFormat({ f, sk }: Item, what: string): void {
  if (f === FORMAT) return;
  if (typeof f !== 'number' || f < FORMAT) throw corrupt(`${what} ${sk} has no format number`);
  throw new AjarError('store-newer', `${what} ${sk} has format ${f}; this ajar reads ${FORMAT}`, {
    cure: 'use the ajar that wrote it; nothing was overwritten',
  });
}

function pack(value: unknown): Uint8Array {
  const text = Buffer.from(JSON.stringify(value));
  const params = {
    [constants.BROTLI_PARAM_QUALITY]: QUALITY,
    [constants.BROTLI_PARAM_SIZE_HINT]: text.length,
    [constants.BROTLI_PARAM_MODE]: constants.BROTLI_MODE_TEXT,
  };
  return brotliCompressSync(text, { params });
}

function unpack<T>(parts: readonly unknown[], what: string): T {
  let value: unknown;
  try {
    const bytes = Buffer.concat(parts.map((part) => (part instanceof Uint8Array ? part : new Uint8Array())));
    value = JSON.parse(brotliDecompressSync(bytes, { maxOutputLength: MAX_UNPACKED }).toString());
  } catch (cause) {
    throw corrupt(`${what} cannot be read`, cause);
  }
  if (typeof value !== 'object' || value === null) throw corrupt(`${what} is not an object`);
  return value as T;
}

/** Whether one transaction takes them all. */
export function fits(writes: readonly Write[]): boolean {
  return writes.length <= MAX_WRITES && sizeOf(writes) <= MAX_TRANSACTION;
}

/** Says what is too large, instead of leaving it to DynamoDB, or of cutting it. */
export function checkFits(writes: readonly Write[], what: string): void {
  const cure = 'nothing of it was kept; report it, with the size of what this endpoint holds';
  for (const write of writes) {
    const { pk, sk } = 'put' in write ? write.put : write.remove;
    if (Buffer.byteLength(pk) <= MAX_PARTITION_KEY && Buffer.byteLength(sk) <= MAX_SORT_KEY) continue;
    throw new AjarError('invariant', `${what}: a key of it is longer than DynamoDB takes`, { cure });
  }
  if (fits(writes)) return;
  const size = `${writes.length} items of ${sizeOf(writes)} bytes`;
  const limit = `one transaction takes ${MAX_WRITES} items of ${MAX_TRANSACTION} bytes`;
  throw new AjarError('invariant', `${what} is ${size}; ${limit}`, { cure });
}

function sizeOf(writes: readonly Write[]): number {
  return writes.reduce((sum, write) => sum + ('put' in write ? bytesOf(write.put) : bytesOf(write.remove)), 0);
}

/** Names and values; a number or a flag takes no more than the few bytes it is counted with. */
function bytesOf(item: Key): number {
  return Object.entries(item).reduce((sum, [name, value]) => sum + name.length + lengthOf(value), 0);
}

function lengthOf(value: unknown): number {
  if (value instanceof Uint8Array) return value.length;
  return typeof value === 'string' ? Buffer.byteLength(value) : 24;
}
