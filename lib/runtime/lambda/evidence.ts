/** Objects of the evidence bucket: put once, none over another, each with its digest. How long it is locked is the bucket's to say. */
import { createHash } from 'node:crypto';
import {
  GetObjectCommand,
  HeadObjectCommand,
  ListObjectsV2Command,
  PutObjectCommand,
  type S3Client,
} from '@aws-sdk/client-s3';

export interface File {
  readonly name: string;
  readonly mediaType: string;
  readonly body: Buffer;
  readonly sha256: Buffer;
}

export function evidenceFile(name: string, mediaType: string, content: string | Uint8Array): File {
  const body =
    typeof content === 'string'
      ? Buffer.from(content)
      : Buffer.from(content.buffer, content.byteOffset, content.byteLength);
  return { name, mediaType, body, sha256: createHash('sha256').update(body).digest() };
}

/** Whether one was there before. */
export async function putObject(
  s3: S3Client,
  Bucket: string,
  folder: string,
  { name, mediaType, body, sha256 }: File,
): Promise<boolean> {
  try {
    await s3.send(
      new PutObjectCommand({
        ...{ Bucket, Key: `${folder}${name}`, Body: body, IfNoneMatch: '*' },
        ContentType: isText(mediaType) ? `${mediaType}; charset=utf-8` : mediaType,
        ...{ ChecksumAlgorithm: 'SHA256', ChecksumSHA256: sha256.toString('base64') },
      }),
    );
    return false;
  } catch (error) {
    if (error instanceof Error && error.name === 'PreconditionFailed') return true;
    throw error;
  }
}

function isText(mediaType: string): boolean {
  return mediaType.startsWith('text/') || /[/+](json|xml)$/.test(mediaType);
}

/** By the checksum that S3 made of it. */
export async function isSame(s3: S3Client, Bucket: string, folder: string, { name, sha256 }: File): Promise<boolean> {
  const input = { Bucket, Key: `${folder}${name}`, ChecksumMode: 'ENABLED' } as const;
  const { ChecksumSHA256 } = await s3.send(new HeadObjectCommand(input));
  return ChecksumSHA256 === sha256.toString('base64');
}

/** Names of those in a folder that begin so. Asked by listing: to whoever may not list, an absent object is a denied one. */
export async function namesOf(
  s3: S3Client,
  Bucket: string,
  folder: string,
  prefix: string,
): Promise<readonly string[]> {
  const { Contents = [] } = await s3.send(new ListObjectsV2Command({ Bucket, Prefix: `${folder}${prefix}` }));
  return Contents.map(({ Key = '' }) => Key.slice(folder.length));
}

export async function textOf(s3: S3Client, Bucket: string, Key: string): Promise<string> {
  const { Body } = await s3.send(new GetObjectCommand({ Bucket, Key }));
  return (await Body?.transformToString('utf-8')) ?? '';
}
