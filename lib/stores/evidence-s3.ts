/** Evidence in a bucket: each object put once, with its digest; how long it is locked is the bucket's to say. */
import { createHash } from 'node:crypto';
import {
  GetObjectCommand,
  NoSuchKey,
  paginateListObjectsV2,
  PutObjectCommand,
  type S3Client,
  S3ServiceException,
} from '@aws-sdk/client-s3';
import { failureOf } from '../aws/errors.ts';
import { AjarError } from '../model/errors.ts';
import { type EvidenceStore, MAX_FOLDER_NAMES } from '../model/evidence.ts';

/** `prefix`: `''`, or a path that ends in a slash. */
export function s3Evidence(s3: S3Client, bucket: string, prefix = ''): EvidenceStore {
  const place = `s3://${bucket}/${prefix}`;
  return {
    place,
    async names(folder) {
      const found: string[] = [];
      const Prefix = `${prefix}${folder}`;
      const pages = paginateListObjectsV2({ client: s3 }, { Bucket: bucket, Prefix, Delimiter: '/' });
      try {
        for await (const { Contents = [], CommonPrefixes = [] } of pages) {
          found.push(...Contents.map(({ Key = '' }) => Key), ...CommonPrefixes.map((one) => one.Prefix ?? ''));
          if (found.length > MAX_FOLDER_NAMES) throw unreadable(`${place}${folder}`, `holds ${found.length} names`);
        }
      } catch (error) {
        throw told(error, `${place}${folder}`, 'cannot be listed');
      }
      return found.map((key) => key.slice(Prefix.length)).toSorted();
    },
    async *read(name) {
      try {
        const { Body } = await s3.send(new GetObjectCommand({ Bucket: bucket, Key: `${prefix}${name}` }));
        yield* Body as unknown as AsyncIterable<Uint8Array>;
      } catch (error) {
        throw told(error, `${place}${name}`, error instanceof NoSuchKey ? 'is not there' : 'cannot be read');
      }
    },
    put: (name, mediaType, body) => putOnce(s3, { bucket, key: `${prefix}${name}`, mediaType, body }),
  };
}

export interface NewObject {
  readonly bucket: string;
  readonly key: string;
  readonly mediaType: string;
  readonly body: Uint8Array;
  /** Where it is known already what must arrive. */
  readonly sha256?: Buffer;
}

/** S3 compares the digest with what it received, and keeps it beside the object. */
export async function putOnce(s3: S3Client, object: NewObject): Promise<'put' | 'there'> {
  const { bucket, key, mediaType, body, sha256 = createHash('sha256').update(body).digest() } = object;
  const ChecksumSHA256 = sha256.toString('base64');
  try {
    await s3.send(
      new PutObjectCommand({
        ...{ Bucket: bucket, Key: key, Body: body, IfNoneMatch: '*', ContentType: mediaType },
        ...{ ChecksumAlgorithm: 'SHA256', ChecksumSHA256 },
      }),
    );
    return 'put';
  } catch (error) {
    if (error instanceof Error && error.name === 'PreconditionFailed') return 'there';
    throw error;
  }
}

function told(error: unknown, what: string, why: string): unknown {
  if (error instanceof S3ServiceException) return unreadable(what, `${why} (${error.name})`, error);
  // The network, or no credentials; a bug of ours stays one.
  const { code, detail } = failureOf(error);
  return code === 'fault' || code === 'cancelled' ? error : unreadable(what, `${why} (${detail})`, error);
}

function unreadable(what: string, why: string, cause?: unknown): AjarError {
  return new AjarError('store-unavailable', `${what} ${why}`, { cause, cure: 'check the place and your permissions' });
}
