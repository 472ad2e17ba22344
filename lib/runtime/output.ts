/** Writes a command's files, all or none, or says in one line why not. */
import { mkdir, rename, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { ReportFile } from '../model/report.ts';
import { chunksOf } from '../reports/bytes.ts';
import { absentDirectories } from '../stores/directories.ts';
import { badInput } from './config.ts';

const REASONS: Readonly<Record<string, string>> = {
  EACCES: 'permission denied',
  EPERM: 'permission denied',
  EROFS: 'the file system is read-only',
  ENOSPC: 'the disk is full',
  EDQUOT: 'the disk quota is used up',
  ENOTDIR: 'not a directory',
  EEXIST: 'not a directory',
  EISDIR: 'a directory stands where a file should',
  ENOENT: 'nothing can be created there',
  ENAMETOOLONG: 'the name is too long',
  ELOOP: 'too many symbolic links',
};

/** `dir` is made where it is not there. A report that was there before stays whole until the new one is. */
export async function writeFiles(dir: string, files: readonly ReportFile[]): Promise<void> {
  const draft = (name: string): string => join(dir, `.${name}.${process.pid}`);
  try {
    for (const at of absentDirectories(dir)) await mkdir(at);
    for (const { name, content } of files) await writeFile(draft(name), chunksOf(content));
    for (const { name } of files) await rename(draft(name), join(dir, name));
  } catch (error) {
    // Where a draft cannot be removed either, the first error is the one to tell.
    await Promise.allSettled(files.map(({ name }) => rm(draft(name), { force: true })));
    throw unwritable(error, dir);
  }
}

function unwritable(error: unknown, dir: string): unknown {
  const code = error instanceof Error && 'code' in error ? String(error.code) : undefined;
  if (code === undefined) return error;
  const reason = REASONS[code] ?? `cannot be written (${code})`;
  return badInput([`--out ${dir}: ${reason}`], 'pass --out with a directory that this user may write to');
}
