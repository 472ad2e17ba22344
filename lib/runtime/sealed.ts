/** Where the sealed hours of a record lie, and what they can be checked with: beside a state, or in the bucket of a stack. */
import { existsSync, readFileSync } from 'node:fs';
import type { KeyObject } from 'node:crypto';
import { S3Client } from '@aws-sdk/client-s3';
import { fingerprintOf } from '../pipeline/checkpoint.ts';
import { keysBeside, publicKeyOf } from '../pipeline/public-key.ts';
import type { SealedSource } from '../pipeline/read-sealed.ts';
import { evidenceFolder } from '../stores/evidence-folder.ts';
import { s3Evidence } from '../stores/evidence-s3.ts';
import { publicKeyPath } from '../stores/ledger-key.ts';
import type { Place } from './incidents.ts';
import { evidencePlace } from './seal.ts';

const S3_ATTEMPTS = 5;

/** `undefined` of a table that no stack names: where its hours lie nobody says. */
export function sealedSource({ state, table, evidence: bucket, region, credentials }: Place): SealedSource | undefined {
  if (table === undefined)
    return { evidence: evidenceFolder(evidencePlace(state)), keys: () => Promise.resolve(keyOfState(state)) };
  if (bucket === undefined) return undefined;
  const place = { ...(region === undefined ? {} : { region }), ...(credentials === undefined ? {} : { credentials }) };
  return bucketSource(new S3Client({ maxAttempts: S3_ATTEMPTS, ...place }), bucket);
}

export function bucketSource(s3: S3Client, bucket: string): SealedSource {
  const evidence = s3Evidence(s3, bucket);
  return { evidence, keys: () => keysBeside(evidence) };
}

function keyOfState(state: string): ReadonlyMap<string, KeyObject> {
  const path = publicKeyPath(state);
  const key = existsSync(path) ? publicKeyOf(readFileSync(path, 'utf8')) : undefined;
  return new Map(key === undefined ? [] : [[fingerprintOf(key), key]]);
}
