import { GetObjectCommand, ListObjectVersionsCommand, NoSuchKey, S3Client } from '@aws-sdk/client-s3';
import { mockClient } from 'aws-sdk-client-mock';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';

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
