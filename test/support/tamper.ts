/**
 * What somebody who may write evidence, and does not hold the key, can do to it: each kind as a function of the files and of
 * random numbers. Gives the first entry that is not what it was, where the kind knows it.
 */
import { generateKeyPairSync, sign } from 'node:crypto';
import { canonicalText, entryHash, sha256 } from '../../lib/model/canonical.ts';
import type { Checkpoint } from '../../lib/model/checkpoint.ts';
import type { LedgerEntry } from '../../lib/model/ledger.ts';
import { fileOf, fingerprintOf, unsigned } from '../../lib/pipeline/checkpoint.ts';

export type Files = Map<string, Buffer>;
/** From 0 to below `n`. */
export type Pick = (n: number) => number;

const other = generateKeyPairSync('ec', { namedCurve: 'P-256' });
const ends = (files: Files, end: string): string[] => [...files.keys()].filter((name) => name.endsWith(end)).toSorted();
const objects = (files: Files): string[] => ends(files, '.ndjson');
const checkpoints = (files: Files): string[] => ends(files, '.checkpoint.json');
const some = <T>(of: readonly T[], pick: Pick): T => of[pick(of.length)] as T;
const bytesOf = (files: Files, name: string): Buffer => Buffer.from(files.get(name) ?? '');
const linesOf = (files: Files, name: string): string[] => bytesOf(files, name).toString().split('\n').slice(0, -1);
const put = (files: Files, name: string, lines: readonly string[]) =>
  files.set(name, Buffer.from(lines.map((line) => `${line}\n`).join('')));
const seqIn = (line: string | undefined): number => (JSON.parse(line ?? '') as LedgerEntry).seq;
const checkpointIn = (files: Files, name: string): Checkpoint =>
  JSON.parse(bytesOf(files, name).toString()) as Checkpoint;

/** Changes the lines of one object. */
function inLines(change: (lines: string[], pick: Pick) => number | undefined) {
  return (files: Files, pick: Pick): number | undefined => {
    const name = some(objects(files), pick);
    const lines = linesOf(files, name);
    const seq = change(lines, pick);
    put(files, name, lines);
    return seq;
  };
}

/** Entries from one on, made anew with hashes that fit. */
function madeAnew(files: Files, from: number): void {
  let prevHash: string | undefined;
  for (const name of objects(files)) {
    const lines = linesOf(files, name).map((line) => {
      const { hash, ...entry } = JSON.parse(line) as LedgerEntry;
      if (entry.seq < from) {
        prevHash = hash;
        return line;
      }
      const changed = {
        ...entry,
        ...(entry.seq === from ? { subject: 'another' } : {}),
        prevHash: prevHash ?? entry.prevHash,
      };
      prevHash = entryHash(changed);
      return canonicalText({ ...changed, hash: prevHash });
    });
    put(files, name, lines);
  }
}

function signedByAnother(files: Files, name: string, checkpoint: Checkpoint, hidesIt: boolean): void {
  const body = { ...unsigned(checkpoint), ...(hidesIt ? {} : { key: fingerprintOf(other.publicKey) }) };
  const signature = sign('sha256', Buffer.from(canonicalText(body)), other.privateKey).toString('base64');
  files.set(name, fileOf({ ...body, signature }));
}

export const KINDS: Readonly<Record<string, (files: Files, pick: Pick) => number | undefined>> = {
  'a bit of an object is flipped'(files, pick) {
    const name = some(objects(files), pick);
    const bytes = bytesOf(files, name);
    const at = pick(bytes.length);
    const lines = bytes.subarray(0, at).toString('latin1').split('\n').length;
    const seq = seqIn(linesOf(files, name)[lines - 1]);
    bytes[at] = (bytes[at] ?? 0) ^ (1 << pick(8));
    files.set(name, bytes);
    return seq;
  },
  'a bit of a checkpoint is flipped'(files, pick) {
    const name = some(checkpoints(files), pick);
    const bytes = bytesOf(files, name);
    const at = pick(bytes.length);
    bytes[at] = (bytes[at] ?? 0) ^ (1 << pick(8));
    files.set(name, bytes);
    return undefined;
  },
  'a line is dropped': inLines((lines, pick) => {
    const at = pick(lines.length);
    return seqIn(lines.splice(at, 1)[0]);
  }),
  'a line is doubled': inLines((lines, pick) => {
    const at = pick(lines.length);
    const seq = seqIn(lines[at]);
    lines.splice(at, 0, lines[at] ?? '');
    return seq + 1;
  }),
  'two lines are swapped': inLines((lines, pick) => {
    const a = pick(lines.length - 1);
    const b = a + 1 + pick(lines.length - a - 1);
    const seq = seqIn(lines[a]);
    [lines[a], lines[b]] = [lines[b] ?? '', lines[a] ?? ''];
    return seq;
  }),
  'the tail of an object is cut off': inLines((lines, pick) => {
    const keep = pick(lines.length);
    return seqIn(lines.splice(keep)[0]);
  }),
  'the beginning of an object is cut off': inLines((lines, pick) => {
    const seq = seqIn(lines[0]);
    lines.splice(0, 1 + pick(lines.length - 1));
    return seq;
  }),
  'an object ends in the middle of a line'(files, pick) {
    const name = some(objects(files), pick);
    const bytes = bytesOf(files, name);
    files.set(name, bytes.subarray(0, 1 + pick(bytes.length - 1)));
    return undefined;
  },
  'a line is written again with other spaces': inLines((lines, pick) => {
    const at = pick(lines.length);
    const seq = seqIn(lines[at]);
    lines[at] = (lines[at] ?? '').replace('{', '{ ');
    return seq;
  }),
  'a word of a line is another, and its hash fits': inLines((lines, pick) => {
    const at = pick(lines.length);
    const { hash: _, ...entry } = JSON.parse(lines[at] ?? '') as LedgerEntry;
    const changed = { ...entry, subject: 'another' };
    lines[at] = canonicalText({ ...changed, hash: entryHash(changed) });
    // In the last line of an object nothing follows that would contradict: the signature does, of the whole.
    return at === lines.length - 1 ? undefined : entry.seq + 1;
  }),
  'a line of our own is added': inLines((lines) => {
    const { hash, seq, ...entry } = JSON.parse(lines.at(-1) ?? '') as LedgerEntry;
    const added = { ...entry, seq: seq + 1, prevHash: hash };
    lines.push(canonicalText({ ...added, hash: entryHash(added) }));
    return seq + 1;
  }),
  'the chain is made anew under the old checkpoints'(files, pick) {
    const all = objects(files).flatMap((name) => linesOf(files, name));
    madeAnew(files, seqIn(some(all, pick)));
    return undefined;
  },
  'an object is deleted'(files, pick) {
    const name = some(objects(files), pick);
    const seq = seqIn(linesOf(files, name)[0]);
    files.delete(name);
    return seq;
  },
  'a checkpoint is deleted'(files, pick) {
    files.delete(some(checkpoints(files), pick));
    return undefined;
  },
  'hours are deleted, first, last or between'(files, pick) {
    const names = checkpoints(files);
    const from = pick(names.length);
    for (const name of names.slice(from, from + 1 + pick(names.length - from))) {
      files.delete(name);
      files.delete(name.replace('.checkpoint.json', '.ndjson'));
    }
    return undefined;
  },
  'one object stands in for another'(files, pick) {
    const names = objects(files);
    const a = pick(names.length);
    const from = names[(a + 1 + pick(names.length - 1)) % names.length] ?? '';
    const seq = seqIn(linesOf(files, names[a] ?? '')[0]);
    files.set(names[a] ?? '', bytesOf(files, from));
    return seq;
  },
  'two hours are swapped'(files, pick) {
    const names = checkpoints(files);
    const a = pick(names.length);
    const b = (a + 1 + pick(names.length - 1)) % names.length;
    for (const end of ['.checkpoint.json', '.ndjson']) {
      const [one, two] = [names[a], names[b]].map((name = '') => name.replace('.checkpoint.json', end));
      const [first, second] = [files.get(one ?? ''), files.get(two ?? '')];
      if (second === undefined) files.delete(one ?? '');
      else files.set(one ?? '', second);
      if (first === undefined) files.delete(two ?? '');
      else files.set(two ?? '', first);
    }
    return undefined;
  },
  'a figure of a checkpoint is another'(files, pick) {
    const name = some(checkpoints(files), pick);
    const checkpoint = checkpointIn(files, name);
    const field = some(['firstSeq', 'lastSeq', 'count', 'total'] as const, pick);
    files.set(name, fileOf({ ...checkpoint, [field]: checkpoint[field] + 1 }));
    return undefined;
  },
  'a digest of a checkpoint is another'(files, pick) {
    const name = some(checkpoints(files), pick);
    const field = some(['headHash', 'merkleRoot', 'previous'] as const, pick);
    files.set(name, fileOf({ ...checkpointIn(files, name), [field]: sha256(String(pick(1e9))) }));
    return undefined;
  },
  'a checkpoint is signed with another key, and says so'(files, pick) {
    const name = some(checkpoints(files), pick);
    signedByAnother(files, name, checkpointIn(files, name), false);
    return undefined;
  },
  'a checkpoint is signed with another key, and names the old one'(files, pick) {
    const name = some(checkpoints(files), pick);
    signedByAnother(files, name, checkpointIn(files, name), true);
    return undefined;
  },
  'everything is made anew and signed with another key'(files, pick) {
    const all = objects(files).flatMap((name) => linesOf(files, name));
    madeAnew(files, seqIn(some(all, pick)));
    let previous = '0'.repeat(64);
    for (const name of checkpoints(files)) {
      const object = bytesOf(files, name.replace('.checkpoint.json', '.ndjson'));
      const old = checkpointIn(files, name);
      const fits =
        old.object === undefined ? {} : { object: { ...old.object, bytes: object.length, sha256: sha256(object) } };
      signedByAnother(files, name, { ...old, ...fits, previous }, pick(2) === 0);
      previous = sha256(bytesOf(files, name));
    }
    return undefined;
  },
};
