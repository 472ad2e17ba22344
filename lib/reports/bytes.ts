/** The bytes of a file, however it is made: in chunks large enough that hashing, zipping and writing them is quick. */
import { createHash } from 'node:crypto';
import type { ReportContent } from '../model/report.ts';

const CHUNK = 256 * 1024;

export function* chunksOf(content: ReportContent): Generator<Uint8Array> {
  if (typeof content === 'string') yield Buffer.from(content);
  else if (typeof content === 'function') yield* gathered(content());
  else yield content;
}

function* gathered(pieces: Iterable<string | Uint8Array>): Generator<Uint8Array> {
  let texts: string[] = [];
  let length = 0;
  for (const piece of pieces) {
    if (typeof piece === 'string') {
      texts.push(piece);
      length += piece.length;
      if (length < CHUNK) continue;
    }
    if (length > 0) yield Buffer.from(texts.join(''));
    [texts, length] = [[], 0];
    if (typeof piece !== 'string') yield piece;
  }
  if (length > 0) yield Buffer.from(texts.join(''));
}

export interface Measured {
  readonly bytes: number;
  readonly sha256: string;
}

export function measured(content: ReportContent): Measured {
  const hash = createHash('sha256');
  let bytes = 0;
  for (const chunk of chunksOf(content)) {
    hash.update(chunk);
    bytes += chunk.byteLength;
  }
  return { bytes, sha256: hash.digest('hex') };
}
