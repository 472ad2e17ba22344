import { Readable } from 'node:stream';
import { CloudFormationClient, DescribeStacksCommand } from '@aws-sdk/client-cloudformation';
import {
  GetObjectCommand,
  ListObjectsV2Command,
  NoSuchKey,
  PutObjectCommand,
  S3Client,
  S3ServiceException,
} from '@aws-sdk/client-s3';
import { mockClient } from 'aws-sdk-client-mock';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeEach, describe, expect, it } from 'vitest';
import { verifyAll } from '../../lib/runtime/verify.ts';
import { s3Evidence } from '../../lib/stores/evidence-s3.ts';
import { ledgerOf, memoryEvidence, minutesIn, sealAt, testSigner } from '../support/sealed.ts';

const s3 = mockClient(S3Client);
const stacks = mockClient(CloudFormationClient);
const root = mkdtempSync(join(tmpdir(), 'ajar-s3-'));
afterAll(() => rmSync(root, { recursive: true, force: true }));
const refused = (name: string) =>
  new S3ServiceException({ name, $fault: 'client', message: name, $metadata: { httpStatusCode: 412 } });

/** A bucket as S3 lists, gives and takes it; two keys a page. */
function bucket(files: Map<string, Buffer>): void {
  s3.on(ListObjectsV2Command).callsFake(({ Prefix = '', ContinuationToken = '' }: Record<string, string>) => {
    const below = [...files.keys()].filter((key) => key.startsWith(Prefix)).toSorted();
    const all = [...new Set(below.map((key) => Prefix + key.slice(Prefix.length).replace(/\/.*/, '/')))];
    const from = all.findIndex((key) => key > ContinuationToken);
    const page = from === -1 ? [] : all.slice(from, from + 2);
    const isLast = from === -1 || from + 2 >= all.length;
    return {
      Contents: page.filter((key) => !key.endsWith('/')).map((Key) => ({ Key })),
      CommonPrefixes: page.filter((key) => key.endsWith('/')).map((one) => ({ Prefix: one })),
      ...(isLast ? {} : { NextContinuationToken: page.at(-1), IsTruncated: true }),
    };
  });
  s3.on(GetObjectCommand).callsFake(({ Key = '' }: Record<string, string>) => {
    const body = files.get(Key);
    if (body === undefined) throw new NoSuchKey({ message: Key, $metadata: {} });
    return { Body: Readable.from([body.subarray(0, 10), body.subarray(10)]) };
  });
  s3.on(PutObjectCommand).callsFake(({ Key, Body }: { Key: string; Body: Buffer }) => {
    if (files.has(Key)) throw refused('PreconditionFailed');
    files.set(Key, Buffer.from(Body));
    return {};
  });
}

beforeEach(() => {
  s3.reset();
  stacks.reset();
});

describe('evidence in a bucket', () => {
  it('is sealed and verified as in a folder, below a prefix', async () => {
    const files = new Map<string, Buffer>();
    bucket(files);
    const signer = testSigner();
    const store = await ledgerOf([0, 10, 40, 41, 165, 200]);
    await sealAt(215, store, s3Evidence(new S3Client({ region: 'eu-west-1' }), 'evidence', 'ajar/'), signer);
    const inMemory = memoryEvidence();
    await sealAt(215, store, inMemory, signer);
    expect(files).toEqual(new Map([...inMemory.files].map(([name, body]) => [`ajar/${name}`, body])));
    for (const call of s3.commandCalls(PutObjectCommand)) {
      expect(call.args[0].input).toMatchObject({ Bucket: 'evidence', IfNoneMatch: '*', ChecksumAlgorithm: 'SHA256' });
    }
    const key = join(root, 'key.pem');
    writeFileSync(key, signer.publicKey.export({ type: 'spki', format: 'pem' }));
    const options = { publicKeys: [key], checkpoints: [], until: minutesIn(210) };
    expect(await verifyAll({ ...options, places: ['s3://evidence/ajar'] })).toMatchObject([
      { place: 's3://evidence/ajar/', entries: 6, brokenCount: 0, gapCount: 0 },
    ]);
    const Outputs = ['TableName', 'AllowlistUri', 'EvidenceBucketName'].map((OutputKey) => ({
      OutputKey,
      OutputValue: 'x',
    }));
    stacks.on(DescribeStacksCommand).resolves({
      Stacks: [{ StackName: 'ajar-prod', CreationTime: new Date(0), StackStatus: 'CREATE_COMPLETE', Outputs }],
    });
    const [ofStack] = await verifyAll({ ...options, places: [], stack: 'ajar-prod', region: 'eu-west-1' });
    expect(ofStack).toMatchObject({ place: 's3://x/', gaps: ['there is no checkpoint: nothing is proven'] });
  });

  it('is never put over', async () => {
    bucket(new Map([['ledger/a', Buffer.from('first')]]));
    const evidence = s3Evidence(new S3Client({ region: 'eu-west-1' }), 'evidence');
    expect(await evidence.put('ledger/a', 'text/plain', Buffer.from('second'))).toBe('there');
    expect(await evidence.put('ledger/b', 'text/plain', Buffer.from('second'))).toBe('put');
  });

  it.each([
    ['listed', () => s3.on(ListObjectsV2Command).rejects(refused('AccessDenied')), /cannot be listed \(AccessDenied\)/],
    ['read', () => s3.on(GetObjectCommand).rejects(refused('AccessDenied')), /cannot be read \(AccessDenied\)/],
    ['found', () => bucket(new Map()), /is not there \(NoSuchKey\)/],
  ] as const)('that cannot be %s is not proven, and no bug', async (what, prepare, message) => {
    prepare();
    const evidence = s3Evidence(new S3Client({ region: 'eu-west-1' }), 'evidence');
    const asked =
      what === 'listed' ? evidence.names('ledger/') : evidence.read('ledger/a')[Symbol.asyncIterator]().next();
    const failed = await Promise.resolve(asked).catch((error: unknown) => error);
    expect(failed).toMatchObject({ code: 'store-unavailable', message: expect.stringMatching(message) as string });
  });

  it.each([
    ['breaks off in the middle', () => Object.assign(new Error('socket hang up'), { code: 'ECONNRESET' })],
    ['does not resolve', () => Object.assign(new Error('getaddrinfo'), { code: 'ENOTFOUND' })],
    ['is asked by nobody', () => Object.assign(new Error('no credentials'), { name: 'CredentialsProviderError' })],
  ])('that %s is not proven, and no bug', async (_, broken) => {
    const evidence = s3Evidence(new S3Client({ region: 'eu-west-1' }), 'evidence');
    const pieces = async function* () {
      yield Buffer.from('{"seq":1');
      throw broken();
    };
    s3.on(GetObjectCommand).resolves({ Body: Readable.from(pieces()) as never });
    s3.on(ListObjectsV2Command).rejects(broken());
    const read = async (): Promise<void> => {
      for await (const piece of evidence.read('ledger/a')) expect(piece.length).toBe(8);
    };
    const failed = { code: 'store-unavailable', cure: expect.any(String) };
    await expect(read()).rejects.toMatchObject(failed);
    await expect(evidence.names('ledger/')).rejects.toMatchObject(failed);
  });

  it('is at a place that can be written down', async () => {
    const options = { publicKeys: [], checkpoints: [] };
    for (const place of ['s3://', 's3:bucket', 's3://UPPER/x', 's3://-a']) {
      await expect(verifyAll({ ...options, places: [place] })).rejects.toThrow(/not a place like s3:/);
    }
  });
});
