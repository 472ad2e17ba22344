/** `sinks.yaml`, beside the allowlist. Read once a minute by guard, which says what is wrong with it. */
import { GetObjectCommand, NoSuchKey, S3Client } from '@aws-sdk/client-s3';
import { MAX_SINKS_BYTES } from '../../model/sink-file.ts';
import { placeOf } from '../allowlist-objects.ts';
import { once } from './once.ts';
import { CALL_TIMES } from './times.ts';

const s3 = once(() => new S3Client({ requestHandler: CALL_TIMES }));

/** `undefined` where there is none. */
export async function sinksText(place: string): Promise<string | undefined> {
  const { bucket, key } = placeOf(place);
  try {
    const { Body, ContentLength = 0 } = await s3().send(new GetObjectCommand({ Bucket: bucket, Key: key }));
    // What is too large is not read: as one byte too many it is refused like any other that is.
    if (ContentLength > MAX_SINKS_BYTES) return ' '.repeat(MAX_SINKS_BYTES + 1);
    return await Body?.transformToString('utf-8');
  } catch (error) {
    if (error instanceof NoSuchKey) return undefined;
    throw error;
  }
}
