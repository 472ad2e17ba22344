import { WireError } from './error.ts';

/**
 * RESP2, the Redis protocol (probes.md section 3.4), as a client reads it:
 *   `+text CRLF`  `-text CRLF`  `:integer CRLF`  `$length CRLF bytes CRLF`  `*count CRLF values`; length -1 is null.
 * We never say HELLO, so no RESP3 type may come back.
 */
export type RespValue =
  | { readonly kind: 'simple' | 'error'; readonly text: string }
  | { readonly kind: 'integer'; readonly value: bigint }
  | { readonly kind: 'bulk'; readonly bytes: Buffer | undefined }
  | { readonly kind: 'array'; readonly items: readonly RespValue[] | undefined }
  /** A first line that no RESP server sends. Only at the top: inside an array it is malformed. */
  | { readonly kind: 'foreign'; readonly line: Buffer };

/** The protected mode error, the longest line Redis sends, has 1,067 bytes. */
export const MAX_LINE = 4096;
export const MAX_BULK = 64 * 1024;
export const MAX_ITEMS = 1024;
export const MAX_DEPTH = 4;
/** Everything in one reply, so that nesting cannot multiply the limits above. */
export const MAX_REPLY = MAX_BULK + MAX_LINE;

/** The two reads of a `Channel` that RESP needs. */
export interface RespSource {
  readUntil(mark: string, limit: number): Promise<Buffer>;
  readExactly(count: number): Promise<Buffer>;
}

/** A command as an array of bulk strings: the inline form trips filters. */
export function respCommand(...words: readonly string[]): string {
  return `*${words.length}\r\n${words.map((word) => `$${Buffer.byteLength(word)}\r\n${word}\r\n`).join('')}`;
}

/** Whether these bytes may be the start of a reply. */
export function isRespType(bytes: Buffer): boolean {
  return '+-:$*'.includes(bytes.toString('latin1', 0, 1));
}

/** One whole value. Throws WireError where it breaks the grammar or a limit; what the source throws passes. */
export async function readResp(source: RespSource): Promise<RespValue> {
  return readValue(source, { left: MAX_REPLY }, 0);
}

async function readValue(source: RespSource, budget: { left: number }, depth: number): Promise<RespValue> {
  const line = await source.readUntil('\r\n', spendable(budget, MAX_LINE));
  budget.left -= line.length;
  const text = line.toString('utf8', 1, line.length - 2);
  switch (line.toString('latin1', 0, 1)) {
    case '+':
      return { kind: 'simple', text };
    case '-':
      return { kind: 'error', text };
    case ':':
      return { kind: 'integer', value: integer(text) };
    case '$':
      return { kind: 'bulk', bytes: await readBulk(source, budget, length(text, MAX_BULK)) };
    case '*':
      return { kind: 'array', items: await readItems(source, budget, length(text, MAX_ITEMS), depth + 1) };
    default:
      if (depth > 0) throw new WireError('malformed', 'not a RESP type inside an array');
      return { kind: 'foreign', line };
  }
}

async function readBulk(
  source: RespSource,
  budget: { left: number },
  size: number | undefined,
): Promise<Buffer | undefined> {
  if (size === undefined) return undefined;
  if (size + 2 > budget.left) throw new WireError('limit', `reply over ${MAX_REPLY} bytes`);
  const bytes = await source.readExactly(size + 2);
  budget.left -= bytes.length;
  if (bytes.toString('latin1', size) !== '\r\n') throw new WireError('malformed', 'bulk does not end where it said');
  return bytes.subarray(0, size);
}

async function readItems(
  source: RespSource,
  budget: { left: number },
  count: number | undefined,
  depth: number,
): Promise<readonly RespValue[] | undefined> {
  if (depth > MAX_DEPTH) throw new WireError('limit', `arrays nested over ${MAX_DEPTH} deep`);
  if (count === undefined) return undefined;
  const items: RespValue[] = [];
  for (let n = 0; n < count; n++) items.push(await readValue(source, budget, depth));
  return items;
}

function spendable(budget: { left: number }, most: number): number {
  if (budget.left <= 0) throw new WireError('limit', `reply over ${MAX_REPLY} bytes`);
  return Math.min(budget.left, most);
}

function integer(text: string): bigint {
  if (!/^[+-]?\d{1,19}$/u.test(text)) throw new WireError('malformed', 'not an integer');
  return BigInt(text);
}

/** undefined for the null length, -1. Redis never sends another negative one, a plus sign or leading zeros. */
function length(text: string, most: number): number | undefined {
  if (text === '-1') return undefined;
  if (!/^(?:0|[1-9]\d*)$/u.test(text)) throw new WireError('malformed', 'not a length');
  const value = Number(text);
  if (value > most) throw new WireError('limit', `length over ${most}`);
  return value;
}
