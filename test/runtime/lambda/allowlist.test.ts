import {
  GetObjectCommand,
  ListObjectsV2Command,
  ListObjectVersionsCommand,
  NoSuchKey,
  S3Client,
} from '@aws-sdk/client-s3';
import { mockClient } from 'aws-sdk-client-mock';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { entryWith, fileOf } from '../../support/allowances.ts';

const s3 = mockClient(S3Client);
const GOOD = `version: 1
entries: []
`;
const text = (body: string) =>
  ({ Body: { transformToString: async () => body } }) as unknown as ReturnType<typeof Object>;

/** A Lambda that has just started: nothing is kept from before. */
async function fresh() {
  vi.resetModules();
  return (await import('../../../lib/runtime/lambda/allowlist.ts')).allowlist;
}

beforeEach(() => {
  s3.reset();
  vi.stubEnv('AJAR_ALLOWLIST', 's3://bucket/allowlist/allowlist.yaml');
  vi.stubEnv('AWS_REGION', 'eu-west-1');
});
afterEach(() => vi.unstubAllEnvs());

describe('the allowlist of a deployed ajar', () => {
  it('is read once a minute, and known by its digest', async () => {
    s3.on(GetObjectCommand).resolves(text(GOOD));
    const allowlist = await fresh();
    const first = await allowlist(0);
    expect([first.entries, first.digest.length]).toEqual([[], 64]);
    await allowlist(59_000);
    expect(s3.commandCalls(GetObjectCommand)).toHaveLength(1);
    await allowlist(61_000);
    expect(s3.commandCalls(GetObjectCommand)).toHaveLength(2);
  });

  it('allows nothing where there is none', async () => {
    s3.on(GetObjectCommand).rejects(new NoSuchKey({ message: 'none', $metadata: {} }));
    expect((await (await fresh())()).entries).toEqual([]);
    vi.stubEnv('AJAR_ALLOWLIST', '');
    expect((await (await fresh())()).entries).toEqual([]);
  });

  it('that does not load gives way to the last version that does', async () => {
    s3.on(GetObjectCommand, { VersionId: undefined }).resolves(text('version: 1\nentries: nonsense\n'));
    s3.on(GetObjectCommand, { VersionId: 'v2' }).resolves(text('also: wrong'));
    s3.on(GetObjectCommand, { VersionId: 'v1' }).resolves(text(`# the good one\n${GOOD}`));
    s3.on(ListObjectVersionsCommand).resolves({
      Versions: [
        { Key: 'allowlist/allowlist.yaml', VersionId: 'v3', IsLatest: true },
        { Key: 'allowlist/allowlist.yaml', VersionId: 'v2' },
        { Key: 'allowlist/allowlist.yaml.other', VersionId: 'v9' },
        { Key: 'allowlist/allowlist.yaml', VersionId: 'v1' },
      ],
    });
    const read = await (await fresh())();
    expect(read.entries).toEqual([]);
    expect(s3.commandCalls(GetObjectCommand).map((c) => c.args[0].input.VersionId)).toEqual([undefined, 'v2', 'v1']);
  });

  it('that cannot be read leaves the last that is known in force, or allows nothing: ajar is never silent for it', async () => {
    s3.on(GetObjectCommand).rejects(new Error('AccessDenied'));
    expect((await (await fresh())()).entries).toEqual([]);
    s3.reset();
    s3.on(GetObjectCommand).resolvesOnce(text(GOOD)).rejects(new Error('AccessDenied'));
    const allowlist = await fresh();
    const { digest } = await allowlist(0);
    expect((await allowlist(61_000)).digest).toBe(digest);
  });
});

describe('a directory of files in S3', () => {
  const under = (...names: readonly string[]) =>
    s3.on(ListObjectsV2Command).resolves({ Contents: names.map((name) => ({ Key: `allowlist/${name}` })) });
  const holds = (key: string, body: string, VersionId?: string) =>
    s3.on(GetObjectCommand, { Bucket: 'bucket', Key: `allowlist/${key}`, VersionId }).resolves(text(body));
  const inForce = async () => {
    vi.stubEnv('AJAR_ALLOWLIST', 's3://bucket/allowlist/');
    vi.resetModules();
    return (await import('../../../lib/runtime/lambda/allowlist.ts')).allowlistInForce();
  };
  const ids = ({ allowlist }: Awaited<ReturnType<typeof inForce>>) => allowlist.entries.map(({ id }) => id);

  it('is one list; what is no allowlist file is left alone', async () => {
    under('a.yaml', 'b.json', 'README.md', 'old/c.yaml');
    holds('a.yaml', fileOf(entryWith({ id: 'from-a' })));
    holds('b.json', fileOf(entryWith({ id: 'from-b' })));
    const found = await inForce();
    expect([ids(found), found.problems]).toEqual([['from-a', 'from-b'], []]);
  });

  it('of which one file is wrong keeps the others, and of that one the last version that loads', async () => {
    under('a.yaml', 'b.yaml');
    holds('a.yaml', fileOf(entryWith({ id: 'from-a' })));
    holds('b.yaml', 'version: 1\n');
    holds('b.yaml', fileOf(entryWith({ id: 'earlier-b' })), 'v1');
    s3.on(ListObjectVersionsCommand, { Prefix: 'allowlist/b.yaml' }).resolves({
      Versions: [
        { Key: 'allowlist/b.yaml', VersionId: 'v2', IsLatest: true },
        { Key: 'allowlist/b.yaml', VersionId: 'v1' },
      ],
    });
    const found = await inForce();
    expect(ids(found)).toEqual(['from-a', 'earlier-b']);
    expect(found.problems.map(({ file }) => file)).toEqual(['allowlist/b.yaml']);
  });

  it('in which an id is twice leaves out the later file where it has no version that fits: less is allowed, never more', async () => {
    under('a.yaml', 'b.yaml');
    holds('a.yaml', fileOf(entryWith({ id: 'door' })));
    holds('b.yaml', fileOf(entryWith({ id: 'door' }), entryWith({ id: 'other' })));
    s3.on(ListObjectVersionsCommand).resolves({ Versions: [] });
    const found = await inForce();
    expect(ids(found)).toEqual(['door']);
    expect(found.problems).toHaveLength(1);
  });

  it('that is empty allows nothing', async () => {
    under();
    expect(ids(await inForce())).toEqual([]);
  });

  it('too large a file is not even read', async () => {
    under('a.yaml');
    const transformToString = vi.fn(async () => GOOD);
    const large = { Body: { transformToString }, ContentLength: 1024 * 1024 + 1 };
    s3.on(GetObjectCommand).resolves(large as unknown as ReturnType<typeof Object>);
    s3.on(ListObjectVersionsCommand).resolves({ Versions: [] });
    const found = await inForce();
    expect([ids(found), transformToString.mock.calls.length]).toEqual([[], 0]);
    expect(found.problems[0]?.message).toContain('larger than 1048576 bytes');
  });
});
