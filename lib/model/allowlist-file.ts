/**
 * Reads an allowlist from the text of its files: one, or those of a directory together. All or nothing: one mistake in one
 * file and there is no list, because half of it looks like a whole one (evidence-and-alerts.md section 4.2).
 */
import { createHash } from 'node:crypto';
import type { Allowance, Allowlist } from './allowlist.ts';
import { allowlistFile, MAX_ALLOWLIST_BYTES, MAX_ALLOWLIST_ENTRIES, MAX_ALLOWLIST_FILES } from './files.ts';
import { MAX_PROBLEMS, type Parsed, parseYaml, type Problem } from './yaml.ts';

export interface AllowlistText {
  /** As problems name it. */
  readonly file: string;
  readonly text: string;
}

/** Where an entry stands. */
export interface EntryPlace {
  readonly file: string;
  readonly line: number;
  readonly column: number;
}

export interface ReadAllowlist extends Allowlist {
  readonly places: ReadonlyMap<string, EntryPlace>;
}

export type AllowlistRead =
  | { readonly ok: true; readonly allowlist: ReadAllowlist }
  | { readonly ok: false; readonly problems: readonly Problem[] };

/** Files of these names are read of a directory; others, and what begins with a dot, are left alone. */
export function isAllowlistName(name: string): boolean {
  return /^[^./][^/]*\.(yaml|yml|json)$/.test(name);
}

/** `file`: file, directory or place in S3. Whether several files or one: the entries are one list. */
export function readAllowlist(texts: readonly AllowlistText[], file: string, isDirectory: boolean): AllowlistRead {
  const problems: Problem[] = [...tooMuch(texts, file)];
  const entries: Allowance[] = [];
  const places = new Map<string, EntryPlace>();
  for (const each of problems.length > 0 ? [] : texts) {
    const parsed = parseYaml(each.text, each.file, allowlistFile, MAX_ALLOWLIST_BYTES);
    if (!parsed.ok) {
      problems.push(...parsed.problems);
      continue;
    }
    const found = parsed.value.entries as readonly Allowance[];
    for (const [i, entry] of found.entries()) {
      const place = placeOf(parsed, each.file, i);
      const earlier = places.get(entry.id);
      if (earlier === undefined) places.set(entry.id, place);
      else problems.push({ ...place, message: duplicate(entry.id, earlier) });
      entries.push(entry);
    }
    if (entries.length > MAX_ALLOWLIST_ENTRIES) {
      const message = `more than ${MAX_ALLOWLIST_ENTRIES} entries in all files together`;
      problems.push({ file: each.file, line: 1, column: 1, message });
    }
  }
  if (problems.length > 0) return { ok: false, problems: problems.slice(0, MAX_PROBLEMS) };
  return { ok: true, allowlist: { entries, digest: digestOf(texts, isDirectory), file, places } };
}

function placeOf(parsed: Parsed<unknown> & { ok: true }, file: string, i: number): EntryPlace {
  return { file, ...parsed.at(['entries', i, 'id']) };
}

function duplicate(id: string, { file, line }: EntryPlace): string {
  return `id ${id} is at ${file}:${line} too: every id must be its own`;
}

function tooMuch(texts: readonly AllowlistText[], file: string): readonly Problem[] {
  const bytes = texts.reduce((sum, { text }) => sum + Buffer.byteLength(text), 0);
  const start = { file, line: 1, column: 1 };
  if (texts.length > MAX_ALLOWLIST_FILES)
    return [{ ...start, message: `more than ${MAX_ALLOWLIST_FILES} files: put several entries into each` }];
  if (texts.length > 1 && bytes > MAX_ALLOWLIST_BYTES)
    return [{ ...start, message: `larger than ${MAX_ALLOWLIST_BYTES} bytes in all` }];
  return [];
}

function digestOf(texts: readonly AllowlistText[], isDirectory: boolean): string {
  const [only] = texts;
  if (!isDirectory && only !== undefined) return sha256(only.text);
  const nameOf = (file: string): string => file.slice(file.lastIndexOf('/') + 1);
  const lines = texts.map(({ file, text }) => [nameOf(file), `${sha256(text)}  ${nameOf(file)}\n`] as const);
  return sha256(
    lines
      .toSorted(([a], [b]) => (a < b ? -1 : 1))
      .map(([, line]) => line)
      .join(''),
  );
}

function sha256(text: string): string {
  return createHash('sha256').update(text).digest('hex');
}
