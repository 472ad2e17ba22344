/**
 * The allowlist in its versioned place. One that does not load never widens and never blocks: the last version that
 * does is in force, its digest stands with every decision, and the metric `AllowlistInvalid` tells.
 */
import { GetObjectCommand, ListObjectVersionsCommand, NoSuchKey, S3Client } from '@aws-sdk/client-s3';
import { type Allowlist, EMPTY_ALLOWLIST } from '../../model/allowlist.ts';
import { AjarError } from '../../model/errors.ts';
import { parseAllowlist } from '../config.ts';
import { optionalSetting } from './environment.ts';
import { once } from './once.ts';
import { logger, metrics } from './telemetry.ts';
import { CALL_TIMES } from './times.ts';

const FRESH_MS = 60_000;
/** Versions looked through for one that loads. */
const MAX_VERSIONS = 20;

const s3 = once(() => new S3Client({ requestHandler: CALL_TIMES }));
let kept: { readonly at: number; readonly allowlist: Allowlist } | undefined;

export async function allowlist(now: number = Date.now()): Promise<Allowlist> {
  if (kept !== undefined && now - kept.at < FRESH_MS) return kept.allowlist;
  const place = optionalSetting('AJAR_ALLOWLIST');
  const loaded = place === undefined ? EMPTY_ALLOWLIST : await readable(placeOf(place));
  kept = { at: now, allowlist: loaded };
  return loaded;
}

/** Where it cannot be read ajar goes on judging, by the last that it knows: nothing allowed alerts more, never less. */
async function readable(place: S3Place): Promise<Allowlist> {
  try {
    return await lastGood(place);
  } catch (error) {
    metrics.addMetric('AllowlistUnreadable', 'Count', 1);
    logger.error('the allowlist cannot be read: the last that is known is in force', { error: error as Error });
    return kept?.allowlist ?? EMPTY_ALLOWLIST;
  }
}

interface S3Place {
  readonly Bucket: string;
  readonly Key: string;
}

function placeOf(url: string): S3Place {
  const [, Bucket, Key] = /^s3:\/\/([^/]+)\/(.+)$/.exec(url) ?? [];
  if (Bucket === undefined || Key === undefined)
    throw new AjarError('bad-input', `AJAR_ALLOWLIST ${url}: not s3://bucket/key`);
  return { Bucket, Key };
}

async function lastGood(place: S3Place): Promise<Allowlist> {
  const newest = await read(place, undefined);
  // Nobody put one there: nothing is allowed.
  if (newest === undefined) return EMPTY_ALLOWLIST;
  const parsed = parsedOf(place, newest);
  if (parsed !== undefined) return parsed;
  metrics.addMetric('AllowlistInvalid', 'Count', 1);
  const { Versions = [] } = await s3().send(
    new ListObjectVersionsCommand({ Bucket: place.Bucket, Prefix: place.Key, MaxKeys: MAX_VERSIONS }),
  );
  for (const { Key, VersionId, IsLatest } of Versions) {
    if (Key !== place.Key || VersionId === undefined || IsLatest === true) continue;
    const text = await read(place, VersionId);
    const older = text === undefined ? undefined : parsedOf(place, text);
    if (older !== undefined) return older;
  }
  return EMPTY_ALLOWLIST;
}

async function read(place: S3Place, VersionId: string | undefined): Promise<string | undefined> {
  try {
    const { Body } = await s3().send(new GetObjectCommand({ ...place, VersionId }));
    return await Body?.transformToString('utf-8');
  } catch (error) {
    if (error instanceof NoSuchKey) return undefined;
    throw error;
  }
}

function parsedOf({ Key }: S3Place, text: string): Allowlist | undefined {
  try {
    return parseAllowlist(text, Key);
  } catch (error) {
    if (!(error instanceof AjarError) || error.code !== 'bad-input') throw error;
    logger.error('the allowlist does not load: the last version that does is in force', { problem: error.message });
    return undefined;
  }
}
