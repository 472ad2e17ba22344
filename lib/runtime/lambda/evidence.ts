/** Objects of the evidence bucket: put once, none over another, each with its digest. How long it is locked is the bucket's to say. */
import { GetObjectCommand, HeadObjectCommand, ListObjectsV2Command, type S3Client } from '@aws-sdk/client-s3';
import type { ReportContent } from '../../model/report.ts';
import { chunksOf, measured } from '../../reports/bytes.ts';
import { putOnce } from '../../stores/evidence-s3.ts';

export interface File {
  readonly name: string;
  readonly mediaType: string;
  readonly content: ReportContent;
  readonly sha256: Buffer;
}

export function evidenceFile(name: string, mediaType: string, content: ReportContent): File {
  return { name, mediaType, content, sha256: Buffer.from(measured(content).sha256, 'hex') };
}

/** Made when it is put: of a large report one file at a time is in memory. */
function bodyOf(content: ReportContent): Buffer {
  const chunks = [...chunksOf(content)];
  return chunks.length === 1 && Buffer.isBuffer(chunks[0]) ? chunks[0] : Buffer.concat(chunks);
}

/** Whether one was there before. */
export async function putObject(s3: S3Client, bucket: string, folder: string, file: File): Promise<boolean> {
  const { name, sha256, content } = file;
  const mediaType = isText(file.mediaType) ? `${file.mediaType}; charset=utf-8` : file.mediaType;
  const object = { bucket, key: `${folder}${name}`, mediaType, body: bodyOf(content), sha256 };
  return (await putOnce(s3, object)) === 'there';
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
