/**
 * An allowlist in S3: one object, or those directly under a prefix that ends in a slash. Reads and nothing else. Where the
 * newest does not load, older versions of the files that are wrong stand in for them: never wider than what was once in force.
 */
import { GetObjectCommand, ListObjectsV2Command, ListObjectVersionsCommand, NoSuchKey } from '@aws-sdk/client-s3';
import type { S3Client } from '@aws-sdk/client-s3';
import { type Allowlist, EMPTY_ALLOWLIST } from '../model/allowlist.ts';
import { type AllowlistRead, type AllowlistText, isAllowlistName, readAllowlist } from '../model/allowlist-file.ts';
import { AjarError } from '../model/errors.ts';
import { MAX_ALLOWLIST_BYTES, MAX_ALLOWLIST_FILES } from '../model/files.ts';
import type { Problem } from '../model/yaml.ts';

export interface ObjectPlace {
  readonly bucket: string;
  /** Ends in a slash: a prefix. */
  readonly key: string;
}

/** Versions looked through for one that loads, of each file that is wrong. */
const MAX_VERSIONS = 20;
/** Objects read at the same time. */
const AT_ONCE = 20;
/** Of all files together. */
const MAX_STEPS = 100;

export function placeOf(url: string): ObjectPlace {
  const [, bucket, key] = /^s3:\/\/([^/]+)\/(.+)$/.exec(url) ?? [];
  if (bucket === undefined || key === undefined) throw new AjarError('bad-input', `${url}: not s3://bucket/key`);
  return { bucket, key };
}

/** As it is now. `undefined`: there is none. */
export async function readObjects(s3: S3Client, place: ObjectPlace): Promise<AllowlistRead | undefined> {
  const texts = await newest(s3, place);
  return texts === undefined ? undefined : readAllowlist(texts, nameOf(place), isPrefix(place));
}

export interface LastGood {
  readonly allowlist: Allowlist;
  /** What is wrong with the newest; empty where it is in force. */
  readonly problems: readonly Problem[];
}

/** The newest that loads: each file that is wrong gives way to its last version that is not, or is left out. */
export async function lastGoodObjects(s3: S3Client, place: ObjectPlace): Promise<LastGood> {
  const now = await newest(s3, place);
  // Nobody put one there: nothing is allowed.
  if (now === undefined) return { allowlist: EMPTY_ALLOWLIST, problems: [] };
  const first = readAllowlist(now, nameOf(place), isPrefix(place));
  if (first.ok) return { allowlist: first.allowlist, problems: [] };
  const texts = new Map(now.map((each) => [each.file, each]));
  const older = new Map<string, AsyncGenerator<string>>();
  let read: AllowlistRead = first;
  for (let step = 0; step < MAX_STEPS && !read.ok && texts.size > 0; step++) {
    const wrong = read.problems.map(({ file }) => file).find((file) => texts.has(file));
    // Too much in all and no single file to blame.
    if (wrong === undefined) break;
    const versions = older.get(wrong) ?? olderVersions(s3, place.bucket, wrong);
    older.set(wrong, versions);
    const next = await versions.next();
    if (next.done === true) texts.delete(wrong);
    else texts.set(wrong, { file: wrong, text: next.value });
    read = readAllowlist([...texts.values()], nameOf(place), isPrefix(place));
  }
  const allowlist = read.ok && texts.size > 0 ? read.allowlist : EMPTY_ALLOWLIST;
  return { allowlist, problems: first.problems };
}

function isPrefix({ key }: ObjectPlace): boolean {
  return key.endsWith('/');
}

function nameOf({ key }: ObjectPlace): string {
  return key;
}

async function newest(s3: S3Client, place: ObjectPlace): Promise<readonly AllowlistText[] | undefined> {
  const keys = isPrefix(place) ? await keysUnder(s3, place) : [place.key];
  const texts: AllowlistText[] = [];
  for (let i = 0; i < keys.length; i += AT_ONCE) {
    const some = keys.slice(i, i + AT_ONCE).map(async (file) => {
      const text = await textOf(s3, place.bucket, file, undefined);
      return text === undefined ? [] : [{ file, text }];
    });
    texts.push(...(await Promise.all(some)).flat());
  }
  return texts.length === 0 ? undefined : texts;
}

/** One more than may be, so that too many are told. */
async function keysUnder(s3: S3Client, { bucket, key }: ObjectPlace): Promise<readonly string[]> {
  const keys: string[] = [];
  let token: string | undefined;
  do {
    const page = await s3.send(
      new ListObjectsV2Command({ Bucket: bucket, Prefix: key, Delimiter: '/', ContinuationToken: token }),
    );
    keys.push(
      ...(page.Contents ?? []).flatMap(({ Key }) => Key ?? []).filter((k) => isAllowlistName(k.slice(key.length))),
    );
    token = page.NextContinuationToken;
  } while (token !== undefined && keys.length <= MAX_ALLOWLIST_FILES);
  return keys.slice(0, MAX_ALLOWLIST_FILES + 1);
}

async function* olderVersions(s3: S3Client, bucket: string, file: string): AsyncGenerator<string> {
  const { Versions = [] } = await s3.send(
    new ListObjectVersionsCommand({ Bucket: bucket, Prefix: file, MaxKeys: MAX_VERSIONS }),
  );
  for (const { Key, VersionId, IsLatest } of Versions) {
    if (Key !== file || VersionId === undefined || IsLatest === true) continue;
    const text = await textOf(s3, bucket, file, VersionId);
    if (text !== undefined) yield text;
  }
}

async function textOf(
  s3: S3Client,
  Bucket: string,
  Key: string,
  VersionId: string | undefined,
): Promise<string | undefined> {
  try {
    const { Body, ContentLength = 0 } = await s3.send(new GetObjectCommand({ Bucket, Key, VersionId }));
    // What is too large is not read at all: as text of one byte too many it is refused like any other that is.
    if (ContentLength > MAX_ALLOWLIST_BYTES) return ' '.repeat(MAX_ALLOWLIST_BYTES + 1);
    return await Body?.transformToString('utf-8');
  } catch (error) {
    if (error instanceof NoSuchKey) return undefined;
    throw error;
  }
}
