/** The font that a report is given. Somebody's own file, and still bounded: fonts of all of Chinese have 20 MB. */
import { createHash } from 'node:crypto';
import { open } from 'node:fs/promises';
import { basename } from 'node:path';
import { AjarError } from '../model/errors.ts';
import { openFace } from '../reports/pdf/face.ts';
import { badInput } from './config.ts';

export const MAX_FONT_BYTES = 64 * 1024 * 1024;

export interface GivenFont {
  /** Of its file, without the folders: those are of one machine. */
  readonly name: string;
  readonly bytes: Uint8Array;
  readonly sha256: string;
}

/** Throws `bad-input` where it is no font, before anything is read or written for the report. */
export async function readFont(path: string): Promise<GivenFont> {
  const bytes = await readBounded(path);
  try {
    openFace('given', bytes);
    return { name: basename(path), bytes, sha256: createHash('sha256').update(bytes).digest('hex') };
  } catch (error) {
    if (!(error instanceof AjarError)) throw error;
    throw badInput([`--pdf-font ${path}: ${error.message}`], error.cure);
  }
}

async function readBounded(path: string): Promise<Uint8Array> {
  let file: Awaited<ReturnType<typeof open>>;
  try {
    file = await open(path);
  } catch (error) {
    throw badInput([`--pdf-font ${path}: cannot be opened (${codeOf(error)})`], 'give the path of a font file');
  }
  try {
    const stat = await file.stat();
    if (!stat.isFile()) throw badInput([`--pdf-font ${path}: not a file`], 'give the path of a font file');
    if (stat.size > MAX_FONT_BYTES)
      throw badInput([`--pdf-font ${path}: ${stat.size} bytes`], `at most ${MAX_FONT_BYTES} bytes are read`);
    return await file.readFile();
  } finally {
    await file.close();
  }
}

function codeOf(error: unknown): string {
  return error instanceof Error && 'code' in error ? String(error.code) : String(error);
}
