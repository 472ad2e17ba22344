/** The allowlist of a run: a file, a directory of files, or a place in S3. */
import type { S3ClientConfig } from '@aws-sdk/client-s3';
import { readdir, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { readText } from '../collectors/file.ts';
import { type Allowlist, EMPTY_ALLOWLIST } from '../model/allowlist.ts';
import {
  type AllowlistRead,
  type AllowlistText,
  isAllowlistName,
  readAllowlist,
  type ReadAllowlist,
} from '../model/allowlist-file.ts';
import { MAX_ALLOWLIST_FILES } from '../model/files.ts';
import { formatProblem, type Problem } from '../model/yaml.ts';
import { badInput } from './config.ts';

/** No place: everything alerts. What does not load: an error, never a wider list. */
export async function loadAllowlist(place: string | undefined, aws: S3ClientConfig = {}): Promise<Allowlist> {
  return place === undefined ? EMPTY_ALLOWLIST : loadedAllowlist(place, aws);
}

/** Throws AjarError `bad-input` with file, line and column. */
export async function loadedAllowlist(place: string, aws: S3ClientConfig = {}): Promise<ReadAllowlist> {
  const read = await tryAllowlist(place, aws);
  if (!read.ok) throw badInput(read.problems.map(formatProblem));
  return read.allowlist;
}

export async function tryAllowlist(place: string, aws: S3ClientConfig = {}): Promise<AllowlistRead> {
  if (place.startsWith('s3://')) return fromObjects(place, aws);
  if (!(await isFolder(place))) return fromFiles([place], place, false);
  const names = (await readdir(place)).filter(isAllowlistName).toSorted();
  if (names.length === 0) return wrong(place, 'no .yaml, .yml or .json file in this directory');
  return fromFiles(
    names.slice(0, MAX_ALLOWLIST_FILES + 1).map((name) => join(place, name)),
    place,
    true,
  );
}

async function fromFiles(files: readonly string[], place: string, isDirectory: boolean): Promise<AllowlistRead> {
  const texts: AllowlistText[] = [];
  const problems: Problem[] = [];
  for (const file of files) {
    const text = await readText(file);
    if (typeof text === 'string') texts.push({ file, text });
    else problems.push(text);
  }
  return problems.length > 0 ? { ok: false, problems } : readAllowlist(texts, place, isDirectory);
}

/** With the caller's credentials, or those given. The SDK is loaded only where it is asked for. */
async function fromObjects(url: string, aws: S3ClientConfig): Promise<AllowlistRead> {
  const { placeOf, readObjects } = await import('./allowlist-objects.ts');
  const { S3Client } = await import('@aws-sdk/client-s3');
  const place = placeOf(url);
  const s3 = new S3Client({ maxAttempts: S3_ATTEMPTS, ...aws });
  try {
    return (await readObjects(s3, place)) ?? wrong(url, 'there is no such object');
  } catch (error) {
    if (!(error instanceof Error)) throw error;
    return wrong(url, `cannot be read (${error.name}): check the place, the region and the credentials`);
  } finally {
    s3.destroy();
  }
}
const S3_ATTEMPTS = 3;

function wrong(file: string, message: string): AllowlistRead {
  return { ok: false, problems: [{ file, line: 1, column: 1, message }] };
}

/** What is not there is told when it is read. */
async function isFolder(path: string): Promise<boolean> {
  try {
    return (await stat(path)).isDirectory();
  } catch (error) {
    if (error instanceof Error && 'code' in error) return false;
    throw error;
  }
}
