/**
 * One zip of a report's files: sorted by name, the manifest last, all of one fixed instant, so that the same files give the same
 * bytes on any host. Deflated in JavaScript: a zlib of another version may deflate otherwise.
 */
import { Zip, ZipDeflate } from 'fflate';
import { AjarError } from '../model/errors.ts';
import type { ReportFile } from '../model/report.ts';
import { chunksOf } from './bytes.ts';
import { MANIFEST } from './manifest.ts';

/** The format's first day, as it has no zone: read back by the host's own, so it is made by the host's own. */
const INSTANT = new Date(1980, 0, 1, 12);
const LEVEL = 6;
/** Lengths and places are 32 bits. */
const MAX_BYTES = 2 ** 32 - 1;

export function zipOf(name: string, files: readonly ReportFile[]): ReportFile {
  const sorted = files.toSorted((a, b) => (rank(a) < rank(b) ? -1 : 1));
  return { name, content: () => zipped(sorted) };
}

function rank({ name }: ReportFile): string {
  return `${name === MANIFEST ? 1 : 0}${name}`;
}

function* zipped(files: readonly ReportFile[]): Generator<Uint8Array> {
  let made: Uint8Array[] = [];
  let bytes = 0;
  const zip = new Zip((error, chunk) => {
    if (error) throw error;
    made.push(chunk);
  });
  const taken = (): Uint8Array[] => {
    const chunks = made;
    made = [];
    return chunks;
  };
  for (const { name, content } of files) {
    const entry = new ZipDeflate(name, { level: LEVEL });
    entry.mtime = INSTANT;
    zip.add(entry);
    for (const chunk of chunksOf(content)) {
      bytes += chunk.byteLength;
      if (bytes > MAX_BYTES) throw tooLarge();
      entry.push(chunk);
      yield* taken();
    }
    entry.push(new Uint8Array(0), true);
  }
  zip.end();
  yield* taken();
}

function tooLarge(): AjarError {
  return new AjarError('bad-input', 'the report is too large for one zip', {
    cure: 'leave --zip out, or choose fewer formats',
  });
}
