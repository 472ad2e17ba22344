/** SQLite's and the file system's errors in our words, each with what to do. Anything else is a bug and stays what it is. */
import { AjarError } from '../model/errors.ts';

// Primary result codes, https://sqlite.org/rescode.html
const CORRUPT = [11, 26];
const PERMISSIONS = 'give this user write permission on the directory and the files in it';
const SPACE = 'free space; what was committed stays, and nothing of this commit was kept';
const UNAVAILABLE: Readonly<Record<number, readonly [reason: string, cure: string]>> = {
  3: ['permission denied', PERMISSIONS],
  5: ['locked by another process', 'stop the other ajar that uses this directory, or pass another --state DIR'],
  8: ['read-only', PERMISSIONS],
  10: ['the disk failed', 'check the disk and the space on it; what was committed stays'],
  13: ['the disk is full', SPACE],
  14: ['the database cannot be opened', PERMISSIONS],
};

const ANOTHER = 'pass --state with a directory on a local disk that this user may write to';
const SYSTEM: Readonly<Record<string, readonly [reason: string, cure: string]>> = {
  EACCES: ['permission denied', PERMISSIONS],
  // What link(2) says on a file system without hard links, too.
  EPERM: ['the file system does not permit it', ANOTHER],
  ENOTSUP: ['the file system does not support it', ANOTHER],
  EOPNOTSUPP: ['the file system does not support it', ANOTHER],
  EROFS: ['the file system is read-only', ANOTHER],
  ENOENT: ['nothing can be created there', ANOTHER],
  ENOTDIR: ['not a directory', ANOTHER],
  EISDIR: ['a directory stands where a file should', ANOTHER],
  ELOOP: ['too many symbolic links', ANOTHER],
  ENAMETOOLONG: ['the name is too long', ANOTHER],
  ENOSPC: ['the disk is full', SPACE],
  EDQUOT: ['the disk quota is used up', SPACE],
};

export function storeError(error: unknown, dir: string): unknown {
  if (!(error instanceof Error) || error instanceof AjarError) return error;
  const primary = 'errcode' in error && typeof error.errcode === 'number' ? error.errcode & 0xff : undefined;
  if (primary !== undefined && CORRUPT.includes(primary)) {
    return corrupt(`${dir}: the database is damaged (${error.message})`, error);
  }
  const known = primary === undefined ? SYSTEM['code' in error ? String(error.code) : ''] : UNAVAILABLE[primary];
  if (known === undefined) return error;
  const [reason, cure] = known;
  return new AjarError('store-unavailable', `${dir}: ${reason}`, { cause: error, cure });
}

export function corrupt(message: string, cause?: unknown): AjarError {
  const cure = 'restore ajar.db from a backup, or pass another --state DIR; nothing was overwritten';
  return new AjarError('store-corrupt', message, { cause, cure });
}

/** A row's JSON, or `store-corrupt`: what cannot be read is never taken for absent. */
export function parseRow<T>(body: unknown, what: string): T {
  let value: unknown;
  try {
    value = JSON.parse(String(body));
  } catch (cause) {
    throw corrupt(`a ${what} in the database is not JSON`, cause);
  }
  if (typeof value !== 'object' || value === null) throw corrupt(`a ${what} in the database is not an object`);
  return value as T;
}
