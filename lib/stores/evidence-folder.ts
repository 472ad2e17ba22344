/**
 * Evidence in a folder. A file is written under a name of its own, made durable, and only then linked to its place, so that it
 * is there whole or not at all and never over another. It is left read-only: against mistakes, not against its owner.
 */
import { randomUUID } from 'node:crypto';
import { createReadStream, type Dirent } from 'node:fs';
import { chmod, link, mkdir, open, readdir, rm } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { AjarError } from '../model/errors.ts';
import { type EvidenceStore, MAX_FOLDER_NAMES } from '../model/evidence.ts';
import { absentDirectories } from './directories.ts';

export function evidenceFolder(place: string): EvidenceStore {
  return {
    place,
    async names(folder) {
      const found = await entriesOf(join(place, folder));
      // Neither drafts nor links nor pipes: none of them was put here by us.
      const names = found.filter(({ name }) => !name.startsWith('.')).flatMap(nameOf);
      if (names.length > MAX_FOLDER_NAMES) throw unreadable(join(place, folder), `holds ${names.length} names`);
      return names.toSorted();
    },
    async *read(name) {
      const path = join(place, name);
      try {
        for await (const chunk of createReadStream(path)) yield chunk as Buffer;
      } catch (error) {
        throw codeOf(error) === undefined ? error : unreadable(path, `cannot be read (${codeOf(error)})`, error);
      }
    },
    async put(name, _, body) {
      const path = join(place, name);
      try {
        return await putFile(path, body);
      } catch (error) {
        if (codeOf(error) === undefined) throw error;
        throw unreadable(path, `cannot be written (${codeOf(error)})`, error);
      }
    },
  };
}

async function putFile(path: string, body: Uint8Array): Promise<'put' | 'there'> {
  const folder = dirname(path);
  for (const at of absentDirectories(folder)) {
    await unlessThere(mkdir(at, 0o700));
    await flushed(dirname(at));
  }
  const draft = join(folder, `.${randomUUID()}`);
  try {
    const file = await open(draft, 'wx', 0o600);
    try {
      await file.writeFile(body);
      await file.sync();
    } finally {
      await file.close();
    }
    await chmod(draft, 0o444);
    if (await unlessThere(link(draft, path))) return 'there';
    await flushed(folder);
    return 'put';
  } finally {
    await rm(draft, { force: true });
  }
}

/** Whether it was there already. */
async function unlessThere(made: Promise<unknown>): Promise<boolean> {
  try {
    await made;
    return false;
  } catch (error) {
    if (codeOf(error) === 'EEXIST') return true;
    throw error;
  }
}

/** The names in a folder: a file that is not lost and cannot be found is lost. */
async function flushed(folder: string): Promise<void> {
  const handle = await open(folder, 'r');
  try {
    await handle.sync();
  } finally {
    await handle.close();
  }
}

async function entriesOf(folder: string): Promise<readonly Dirent[]> {
  try {
    return await readdir(folder, { withFileTypes: true });
  } catch (error) {
    const code = codeOf(error);
    if (code === 'ENOENT') return [];
    throw code === undefined ? error : unreadable(folder, `cannot be read (${code})`, error);
  }
}

function nameOf(entry: Dirent): readonly string[] {
  if (entry.isDirectory()) return [`${entry.name}/`];
  return entry.isFile() ? [entry.name] : [];
}

function codeOf(error: unknown): string | undefined {
  return error instanceof Error && 'code' in error ? String(error.code) : undefined;
}

function unreadable(path: string, why: string, cause?: unknown): AjarError {
  return new AjarError('store-unavailable', `${path} ${why}`, { cause, cure: 'check the path and its permissions' });
}
