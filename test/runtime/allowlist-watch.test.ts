import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { GetObjectCommand, ListObjectsV2Command, NoSuchKey, S3Client } from '@aws-sdk/client-s3';
import { mockClient } from 'aws-sdk-client-mock';
import { afterAll, afterEach, describe, expect, it, vi } from 'vitest';
import type { LedgerLine } from '../../lib/model/ledger.ts';
import { loadAllowlist, tryAllowlist } from '../../lib/runtime/allowlist-load.ts';
import { endingLines, watchAllowlist } from '../../lib/runtime/allowlist-watch.ts';
import { entryWith, fileOf } from '../support/allowances.ts';

const root = mkdtempSync(join(tmpdir(), 'ajar-allow-'));
afterAll(() => rmSync(root, { recursive: true, force: true }));
const file = join(root, 'a.yaml');
const write = (text: string): void => writeFileSync(file, text);

describe('an allowlist that is watched', () => {
  it('keeps the last good version, says so on every pass, and writes down what came into force and what was refused', async () => {
    write(fileOf(entryWith()));
    const lines: LedgerLine[] = [];
    const allowed = await watchAllowlist(file, () => ({ append: async (more) => void lines.push(...more) }));
    const pass = (at: string) => allowed.pass(new Date(at));
    expect((await pass('2026-11-26T10:00:00Z')).says).toEqual([]);
    write('version: 1\n');
    for (const at of ['2026-11-26T10:01:00Z', '2026-11-26T10:02:00Z']) {
      const { allowlist, says } = await pass(at);
      expect(allowlist.entries.map(({ id }) => id)).toEqual(['door']);
      expect(says).toEqual([
        expect.stringMatching(/a\.yaml:1:1: entries is missing.*\n.*the last good one stays in force$/),
      ]);
    }
    write(fileOf());
    const { allowlist, says } = await pass('2026-11-26T10:03:00Z');
    expect([allowlist.entries, says]).toEqual([[], []]);
    expect(lines.map(({ kind, body }) => [kind, body['event']])).toEqual([
      ['allowlist', 'loaded'],
      ['allowlist', 'refused'],
      ['allowlist', 'loaded'],
    ]);
  });

  it('says of each ending once that it comes', async () => {
    write(fileOf(entryWith({ expires: '2026-12-02' })));
    const allowed = await watchAllowlist(file, () => ({ append: async () => undefined }));
    const said: string[] = [];
    for (const day of [18, 19, 25, 26, 30]) {
      for (const at of ['T00:00:00Z', 'T23:59:59Z']) {
        said.push(...(await allowed.pass(new Date(`2026-11-${day}${at}`))).says.map((line) => line.slice(0, 50)));
      }
    }
    expect(said).toEqual([
      expect.stringContaining('allowance door expires in 14 days'),
      expect.stringContaining('allowance door expires in 7 days'),
    ]);
    const list = await loadAllowlist(file);
    expect(endingLines(list, new Date('2026-12-02T23:59:59Z'))).toEqual([
      'ajar: allowance door expires today: team@example.com decides',
    ]);
    expect(endingLines(list, new Date('2026-12-03T00:00:00Z'))).toEqual([
      'ajar: allowance door has expired: team@example.com decides',
    ]);
  });

  it('does not begin without a good one', async () => {
    write('version: 1\n');
    await expect(watchAllowlist(file, () => ({ append: async () => undefined }))).rejects.toThrow('entries is missing');
  });
});

describe('a directory', () => {
  it('is one list of its .yaml, .yml and .json files, and nothing else of it', async () => {
    const dir = mkdtempSync(join(root, 'dir-'));
    writeFileSync(join(dir, 'b.yml'), fileOf(entryWith({ id: 'from-b' })));
    writeFileSync(join(dir, 'a.json'), JSON.stringify({ version: 1, entries: [entryWith({ id: 'from-a' })] }));
    writeFileSync(join(dir, 'CODEOWNERS'), '* @security');
    expect((await loadAllowlist(dir)).entries.map(({ id }) => id)).toEqual(['from-a', 'from-b']);
    writeFileSync(join(dir, 'c.yaml'), 'version: 1\n');
    await expect(loadAllowlist(dir)).rejects.toThrow(/c\.yaml:1:1: entries is missing/);
  });

  it('without such a file, or a place that is not there, is a mistake and no empty list', async () => {
    const dir = mkdtempSync(join(root, 'dir-'));
    await expect(loadAllowlist(dir)).rejects.toThrow('no .yaml, .yml or .json file in this directory');
    await expect(loadAllowlist(join(root, 'nowhere'))).rejects.toThrow('cannot be read (ENOENT)');
    await expect(tryAllowlist('s3://bucket')).rejects.toThrow('not s3://bucket/key');
  });
});

describe('a place in S3', () => {
  const s3 = mockClient(S3Client);
  vi.stubEnv('AWS_REGION', 'eu-west-1');
  afterEach(() => s3.reset());
  const holds = (key: string, id: string) => {
    const Body = { transformToString: async () => fileOf(entryWith({ id })) };
    s3.on(GetObjectCommand, { Bucket: 'b', Key: key }).resolves({ Body } as never);
  };

  it('is an object, or those directly under a prefix, as they are now: what is older is not for a command', async () => {
    holds('allow/a.yaml', 'from-a');
    holds('allow/b.yaml', 'from-b');
    s3.on(ListObjectsV2Command, { Bucket: 'b', Prefix: 'allow/' }).resolves({
      Contents: [{ Key: 'allow/' }, { Key: 'allow/b.yaml' }, { Key: 'allow/a.yaml' }, { Key: 'allow/notes.txt' }],
    });
    expect((await loadAllowlist('s3://b/allow/a.yaml')).entries.map(({ id }) => id)).toEqual(['from-a']);
    const both = await loadAllowlist('s3://b/allow/');
    expect(both.entries.map(({ id }) => id).toSorted()).toEqual(['from-a', 'from-b']);
  });

  it.each([
    ['is not there', new NoSuchKey({ message: 'none', $metadata: {} }), 'there is no such object'],
    ['is denied', Object.assign(new Error('no'), { name: 'AccessDenied' }), 'cannot be read (AccessDenied)'],
  ])('that %s is a mistake, and no empty list', async (_, error, message) => {
    s3.on(GetObjectCommand).rejects(error);
    await expect(loadAllowlist('s3://b/allow/a.yaml')).rejects.toThrow(message);
  });
});
