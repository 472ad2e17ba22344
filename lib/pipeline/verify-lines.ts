/**
 * The lines of one object, as they come: each one canonical JSON with a line end, each following from the one before. Takes in
 * one line at a time; what is longer than an entry may be ends it. What it reads may be anybody's.
 */
import { isUtf8 } from 'node:buffer';
import canonicalize from 'canonicalize';
import { sha256 } from '../model/canonical.ts';
import { MAX_ENTRY_BYTES } from '../model/checkpoint.ts';
import { GENESIS_HASH } from '../model/ledger.ts';

const LINE_END = 10;

export interface Head {
  readonly seq: number;
  readonly hash: string;
}
export const BEGINNING: Head = { seq: 0, hash: GENESIS_HASH };

/** What a line that follows from the one before it says. */
export interface SoundLine extends Head {
  readonly recordedAt: string;
}

/** Lines without their line ends; the last one, where it has none, with `isCut`. */
export async function* linesOf(
  chunks: AsyncIterable<Uint8Array>,
): AsyncGenerator<{ readonly line: Buffer; readonly isCut?: 'unended' | 'too long' }> {
  let parts: Uint8Array[] = [];
  let held = 0;
  for await (const chunk of chunks) {
    let from = 0;
    for (let end = chunk.indexOf(LINE_END); end !== -1; end = chunk.indexOf(LINE_END, from)) {
      const rest = Buffer.from(chunk.buffer, chunk.byteOffset + from, end - from);
      yield { line: parts.length === 0 ? rest : Buffer.concat([...parts, rest]) };
      [parts, held, from] = [[], 0, end + 1];
    }
    if (from === chunk.length) continue;
    parts.push(chunk.subarray(from));
    held += chunk.length - from;
    if (held > MAX_ENTRY_BYTES) {
      yield { line: Buffer.alloc(0), isCut: 'too long' };
      return;
    }
  }
  if (held > 0) yield { line: Buffer.concat(parts), isCut: 'unended' };
}

/** `before`: absent where it is not known what comes before. Why it does not follow, or what it says. */
export function soundLine(line: Buffer, before: Head | undefined): SoundLine | string {
  if (!isUtf8(line)) return 'is not JSON';
  const text = line.toString('utf8');
  const entry = parsed(text);
  if (entry === undefined) return 'is not JSON';
  const { seq, prevHash, hash, recordedAt } = entry;
  if (typeof seq !== 'number' || typeof hash !== 'string' || typeof recordedAt !== 'string')
    return 'is no ledger entry';
  if (before !== undefined && seq !== before.seq + 1) return `expected entry ${before.seq + 1}, found ${seq}`;
  if (before !== undefined && prevHash !== before.hash) return 'does not follow from the entry before it';
  if (canonicalOf(entry) !== text) return 'is not in canonical form: somebody wrote it again';
  // What was hashed is the line without its hash. Nothing else in it can read so: no text holds its own hash.
  if (sha256(text.replace(`"hash":"${hash}",`, '')) !== hash) return 'its content does not match its hash';
  return { seq, hash, recordedAt };
}

/** `undefined` for what is not JSON; of what is no object nothing can be read. */
function parsed(text: string): Readonly<Record<string, unknown>> | undefined {
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === 'object' && value !== null ? (value as Readonly<Record<string, unknown>>) : {};
  } catch (error) {
    if (error instanceof SyntaxError) return undefined;
    throw error;
  }
}

/** `undefined` for what JSON can spell and RFC 8785 cannot: half a surrogate pair, a number beyond all bounds. */
export function canonicalOf(value: unknown): string | undefined {
  try {
    return canonicalize(value);
  } catch (error) {
    if (error instanceof Error && error.message.endsWith('is not allowed')) return undefined;
    throw error;
  }
}
