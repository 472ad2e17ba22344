/** The real record and the real formats; S3 is a stand-in that keeps what it is given, and never puts one over another. */
import {
  GetObjectCommand,
  HeadObjectCommand,
  ListObjectsV2Command,
  NoSuchKey,
  PutObjectCommand,
  type PutObjectCommandInput,
  S3Client,
} from '@aws-sdk/client-s3';
import { PublishCommand, SNSClient } from '@aws-sdk/client-sns';
import { mockClient } from 'aws-sdk-client-mock';
import { createHash } from 'node:crypto';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { decide } from '../../../lib/assess/decide.ts';
import { EMPTY_ALLOWLIST } from '../../../lib/model/allowlist.ts';
import { reproduce } from '../../../lib/runtime/reproduce.ts';
import { openDynamoStore } from '../../../lib/stores/dynamodb.ts';
import { awsError } from '../../support/aws.ts';
import { anEndpoint } from '../../support/builders.ts';
import { dynoxide, startDynamo } from '../../stores/dynamodb-server.ts';

const program = dynoxide();
const NAMES = [
  'asff.json',
  'cells.csv',
  'changes.csv',
  'checks.csv',
  'coverage.csv',
  'differences.csv',
  'endpoints.csv',
  'exceptions.csv',
  'frameworks.csv',
  'gaps.csv',
  'incidents.csv',
  'interruptions.csv',
  'metrics.csv',
  'objectives.csv',
  'places.csv',
  'requirements.csv',
  'sources.csv',
  'summary.csv',
  'report.html',
  'report.json',
  'summary.json',
  'junit.xml',
  'ocsf.ndjson',
  'oscal-assessment-plan.json',
  'oscal-assessment-results.json',
  'oscal12-assessment-plan.json',
  'oscal12-assessment-results.json',
  'report.pdf',
  'inputs.ndjson',
  'manifest.json',
];
/** What comes to lie beside the report of a day. */
const DIGEST = ['digest-message.json', 'digest-receipt.json'];
const s3 = mockClient(S3Client);
const sns = mockClient(SNSClient);
const TOPIC = 'arn:aws:sns:eu-west-1:123456789012:ajar-digest';
const NOW = new Date('2026-12-05T00:30:00.000Z');
const FOLDER = 'reports/2026/12/04/';

describe.runIf(program === undefined)('the report', () => {
  it.skip('is not tried: @dynoxide/linux-x64 is not installed on this platform', () => {});
});

describe.runIf(program !== undefined)('the report', async () => {
  const server = await startDynamo(program ?? '');
  const client = server.client();
  afterAll(async () => {
    client.destroy();
    await server.stop();
  });

  let table: string;
  let bucket: Map<string, PutObjectCommandInput>;
  /** A Lambda environment that begins. */
  async function report(event: unknown = { task: 'daily' }, now = NOW) {
    vi.resetModules();
    return (await import('../../../lib/runtime/lambda/report.ts')).report(event, now);
  }
  async function visited(at: string, id = 'device-analytics'): Promise<void> {
    const store = await openDynamoStore({ client, table, sinks: [], now: () => new Date(at) });
    const before = await store.read(id);
    const reading = {
      id: `${at}/${id}`,
      runId: at,
      at,
      endpoint: anEndpoint({ id }),
      vantage: 'v',
      observations: [],
      vantageAlive: true,
    };
    const { state, lines, notices, incidents } = decide(before, reading, EMPTY_ALLOWLIST, new Date(at));
    await store.commit({ state, expected: before?.version ?? 0, lines, notices, incidents });
  }

  beforeEach(async () => {
    s3.reset();
    bucket = new Map();
    s3.on(GetObjectCommand).callsFake(({ Key }: { Key: string }) => {
      const kept = bucket.get(Key);
      if (kept === undefined) throw new NoSuchKey({ message: 'none', $metadata: {} });
      return { Body: { transformToString: async () => Promise.resolve(textOf(kept)) } };
    });
    s3.on(ListObjectsV2Command).callsFake(({ Prefix }: { Prefix: string }) => ({
      Contents: [...bucket.keys()].filter((key) => key.startsWith(Prefix)).map((Key) => ({ Key })),
    }));
    sns.reset();
    sns.on(PublishCommand).resolves({ MessageId: 'm-1' });
    s3.on(PutObjectCommand).callsFake((input: PutObjectCommandInput) => {
      const key = input.Key ?? '';
      if (input.IfNoneMatch === '*' && bucket.has(key)) throw awsError('PreconditionFailed', 412);
      bucket.set(key, input);
      return {};
    });
    s3.on(HeadObjectCommand).callsFake(({ Key, ChecksumMode }: { Key: string; ChecksumMode?: string }) => ({
      ChecksumSHA256: ChecksumMode === 'ENABLED' ? bucket.get(Key)?.ChecksumSHA256 : undefined,
    }));
    table = await server.table();
    for (const [name, value] of Object.entries({
      ...{ AWS_REGION: 'eu-west-1', AWS_ACCESS_KEY_ID: 'x', AWS_SECRET_ACCESS_KEY: 'x' },
      ...{ AWS_ENDPOINT_URL_DYNAMODB: server.url, AJAR_TABLE: table, AJAR_EVIDENCE_BUCKET: 'evidence' },
      ...{ AJAR_ALLOWLIST: 's3://allowlists/allowlist/allowlist.yaml', AJAR_TOPIC_DIGEST: TOPIC },
    })) {
      vi.stubEnv(name, value);
    }
  });
  afterEach(() => vi.unstubAllEnvs());
  const published = () => sns.commandCalls(PublishCommand).map(({ args: [{ input }] }) => input);
  const keys = () => [...bucket.keys()].toSorted();
  const textOf = (input: PutObjectCommandInput | undefined): string =>
    Buffer.isBuffer(input?.Body) ? input.Body.toString() : '';
  const bytes = () => new Map([...bucket].map(([key, input]) => [key, textOf(input)]));

  it('of each day is of the day before, in every format, under its date, with its checksum', async () => {
    await visited('2026-12-04T10:00:00.000Z');
    const outcome = await report();
    expect(outcome.period).toEqual({ from: '2026-12-04T00:00:00.000Z', to: '2026-12-05T00:00:00.000Z' });
    expect(outcome.place).toBe(`s3://evidence/${FOLDER}`);
    expect(outcome.files.map((f) => f.name)).toEqual(NAMES);
    expect(keys()).toEqual([...NAMES, ...DIGEST].map((name) => `${FOLDER}${name}`).toSorted());
    for (const [key, input] of bucket) {
      if (key.includes('digest-')) continue;
      const { ChecksumSHA256, ContentType, Bucket } = input;
      const digest = createHash('sha256')
        .update(input.Body as Uint8Array)
        .digest();
      expect([Bucket, ChecksumSHA256]).toEqual(['evidence', digest.toString('base64')]);
      expect(outcome.files.find((f) => key.endsWith(`/${f.name}`))?.sha256).toBe(digest.toString('hex'));
      expect(ContentType).toMatch(
        /^((text\/(csv|html)|application\/(json|oscal\+json|xml)); charset=utf-8|application\/(x-ndjson|pdf))$/,
      );
    }
    const manifest = JSON.parse(textOf(bucket.get(`${FOLDER}manifest.json`))) as {
      files: { name: string; sha256: string }[];
    };
    const listed = outcome.files.filter(({ name }) => name !== 'manifest.json');
    expect(manifest.files.map(({ name, sha256 }) => ({ name, sha256 }))).toEqual(
      listed.toSorted((a, b) => (a.name < b.name ? -1 : 1)),
    );
    const json = JSON.parse(textOf(bucket.get(`${FOLDER}report.json`))) as { id: string; endpoints: unknown[] };
    expect([json.id, json.endpoints.length]).toEqual([outcome.id, 1]);
  });

  it('made twice of the same record is the same bytes, and no error', async () => {
    await visited('2026-12-04T10:00:00.000Z');
    const first = await report();
    const before = bytes();
    expect(await report(undefined, new Date('2026-12-05T23:59:59.999Z'))).toEqual(first);
    expect(bytes()).toEqual(before);
    expect(s3.commandCalls(HeadObjectCommand)).toHaveLength(NAMES.length);
    expect(published()).toHaveLength(1);
    bucket.clear();
    await report();
    expect(bytes()).toEqual(before);
  });

  it('is made again byte for byte from what lies in its folder and the table, when the record has grown', async () => {
    await visited('2026-12-04T10:00:00.000Z');
    await visited('2026-12-04T11:00:00.000Z', 'orders');
    await report();
    await visited('2026-12-05T01:00:00.000Z');
    await visited('2026-12-05T02:00:00.000Z', 'another');
    const dir = mkdtempSync(join(tmpdir(), 'ajar-report-'));
    for (const [key, { Body }] of bucket) {
      if (!key.includes('digest-')) writeFileSync(join(dir, key.slice(FOLDER.length)), Body as Uint8Array);
    }
    const { result, files } = await reproduce(dir, { state: 'none', table, evidence: 'evidence' }, undefined);
    rmSync(dir, { recursive: true });
    expect(files.filter(({ expected, got, here }) => expected !== got || here !== 'same')).toEqual([]);
    expect([result, files.length]).toEqual(['identical', NAMES.length]);
  });

  it('that differs is whole in a place of its own beside the first, which stays, and is an error', async () => {
    await visited('2026-12-04T10:00:00.000Z');
    await report();
    const before = bytes();
    await visited('2026-12-04T11:00:00.000Z', 'another');
    const said =
      /^s3:\/\/evidence\/reports\/2026\/12\/04\/asff\.json is there and differs; this report is in s3:\/\/evidence\/(reports\/2026\/12\/04\/[0-9a-f]{16}\/)$/;
    const error = await report().catch((thrown: unknown) => thrown as Error);
    expect(error).toMatchObject({ name: 'AjarError', code: 'conflict' });
    const [, beside] = said.exec(error instanceof Error ? error.message : '') ?? [];
    expect(keys()).toEqual([...before.keys(), ...NAMES.map((name) => `${beside}${name}`)].toSorted());
    for (const [key, body] of before) expect(bytes().get(key)).toBe(body);
    // Tried again, as Lambda does: nothing more comes of it.
    await expect(report()).rejects.toMatchObject({ code: 'conflict' });
    expect(bucket.size).toBe(2 * NAMES.length + DIGEST.length);
  });

  it('that was cut short is made whole by the next', async () => {
    await visited('2026-12-04T10:00:00.000Z');
    await report();
    const before = bytes();
    for (const name of NAMES.slice(3)) bucket.delete(`${FOLDER}${name}`);
    await report();
    expect(bytes()).toEqual(before);
  });

  it.each([
    [{ from: '2026-12-04T00:00:00Z', to: '2026-12-05T00:00:00Z' }, FOLDER],
    [
      { from: '2026-12-01T00:00Z', to: '2026-12-05T00:00:00.000Z' },
      'reports/periods/20261201T000000000Z-20261205T000000000Z/',
    ],
    [
      { from: '2026-12-04T10:00:00Z', to: '2026-12-05T10:00:00Z' },
      'reports/periods/20261204T100000000Z-20261205T100000000Z/',
    ],
  ])('is made of any period on demand: %j', async (event, folder) => {
    await visited('2026-12-04T11:00:00.000Z');
    expect((await report(event, new Date('2026-12-06T00:00:00Z'))).place).toBe(`s3://evidence/${folder}`);
    expect(keys()).toHaveLength(NAMES.length);
    // A digest is of days.
    expect(published()).toEqual([]);
  });

  it('of a day is told of in one digest, which is kept beside it with its receipt', async () => {
    await visited('2026-12-04T10:00:00.000Z');
    const { id, place } = await report();
    const [digest, ...others] = published();
    expect(others).toEqual([]);
    expect(digest).toMatchObject({ TopicArn: TOPIC, MessageStructure: 'json' });
    const { default: json } = JSON.parse(digest?.Message ?? '') as { default: string };
    expect(JSON.parse(json)).toMatchObject({
      ...{ kind: 'digest', key: 'digest/2026-12-04T00:00:00.000Z/2026-12-05T00:00:00.000Z', report: { id, place } },
    });
    const { TopicArn, ...message } = digest ?? {};
    expect(JSON.parse(textOf(bucket.get(`${FOLDER}digest-message.json`)))).toEqual(message);
    expect(textOf(bucket.get(`${FOLDER}digest-receipt.json`))).toContain(`m-1 ${TopicArn}`);
  });

  it('whose digest SNS did not take fails, and made again sends the very same one, though the record has grown', async () => {
    await visited('2026-12-04T10:00:00.000Z');
    sns.on(PublishCommand).rejects(awsError('InternalError', 500));
    await expect(report()).rejects.toThrow();
    const refused = published().at(-1);
    sns.reset();
    sns.on(PublishCommand).resolves({ MessageId: 'm-2' });
    await visited('2026-12-04T11:00:00.000Z', 'another');
    await expect(report()).rejects.toMatchObject({ code: 'conflict' });
    await expect(report()).rejects.toMatchObject({ code: 'conflict' });
    expect(published()).toEqual([refused]);
  });

  it('whose function ended before the receipt was kept sends the same message under the same key', async () => {
    await visited('2026-12-04T10:00:00.000Z');
    await report();
    bucket.delete(`${FOLDER}digest-receipt.json`);
    await report();
    const [first, second] = published();
    expect(second).toEqual(first);
    await report();
    expect(published()).toHaveLength(2);
  });

  it.each([
    ['a period that has not ended', { from: '2026-12-04T00:00:00Z', to: '2026-12-05T00:31:00Z' }],
    ['a period that ends before it begins', { from: '2026-12-04T00:00:00Z', to: '2026-12-03T00:00:00Z' }],
    ['a day that is none', { from: '2026-13-44T00:00:00Z', to: '2026-12-04T00:00:00Z' }],
    ['no period', { from: '2026-12-04T00:00:00Z' }],
    ['another time zone', { from: '2026-12-04T00:00:00+01:00', to: '2026-12-04T12:00:00Z' }],
    ['another task', { task: 'weekly' }],
  ])('is refused of %s', async (_, event) => {
    await visited('2026-12-02T10:00:00.000Z');
    await expect(report(event)).rejects.toThrow();
    expect(bucket.size).toBe(0);
  });

  it('of a day about which there is nothing on record is none, and no error; of a period asked for it is one', async () => {
    expect(await report()).toEqual({
      period: { from: '2026-12-04T00:00:00.000Z', to: '2026-12-05T00:00:00.000Z' },
      ...{ place: `s3://evidence/${FOLDER}`, files: [] },
    });
    await expect(report({ from: '2026-12-04T00:00:00Z', to: '2026-12-05T00:00:00Z' })).rejects.toMatchObject({
      code: 'bad-input',
    });
    expect(bucket.size).toBe(0);
  });

  it('fails where the bucket does not take it, or its place or its table are not told', async () => {
    await visited('2026-12-04T10:00:00.000Z');
    s3.on(PutObjectCommand).rejects(awsError('AccessDenied', 403));
    await expect(report()).rejects.toThrow('AccessDenied');
    for (const name of ['AJAR_TABLE', 'AJAR_EVIDENCE_BUCKET']) {
      vi.stubEnv(name, '');
      await expect(report()).rejects.toThrow(name);
    }
  });
});
