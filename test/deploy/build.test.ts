/** scripts/build.ts and scripts/size.ts: scripts/build/bundles.ts, scripts/build/credentials.ts, scripts/build/weigh.ts */
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { buildFunctions } from '../../scripts/build/bundles.ts';
import { importMs, zipBytes } from '../../scripts/build/weigh.ts';
import { packageInto, ROOT, serviceFolder } from './packaged.ts';

const WORKER = `import middy from '@middy/core';
  import { SQSClient } from '@aws-sdk/client-sqs';
  export const handler = middy(async () => new SQSClient({}).config.region());`;
const HTTP = `import { request } from 'undici'; export const fetchAll = async () => request('http://127.0.0.1:1/');`;

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'ajar-build-'));
  symlinkSync(join(ROOT, 'node_modules'), join(folder, 'node_modules'));
  mkdirSync(join(folder, 'functions'));
  mkdirSync(join(folder, 'lib'));
});
afterEach(() => rmSync(folder, { recursive: true }));

function write(files: Readonly<Record<string, string>>): void {
  for (const [file, text] of Object.entries(files)) writeFileSync(join(folder, file), text);
}
const built = (out = 'dist') => buildFunctions(join(folder, 'functions'), join(folder, out));

describe('the build', () => {
  it('makes one bundle per function that runs on its own', async () => {
    write({
      'functions/plan.ts': WORKER,
      'functions/assess.ts': 'export const handler = async (): Promise<number> => 7;',
    });
    expect(await built()).toEqual({ functions: ['assess', 'plan'], problems: [] });
    rmSync(join(folder, 'node_modules'));
    const { handler } = (await import(join(folder, 'dist/functions/plan.mjs'))) as { handler: unknown };
    expect(handler).toBeTypeOf('function');
  });

  it('gives the same bytes again', async () => {
    write({ 'functions/plan.ts': WORKER });
    await built('first');
    await built('second');
    const [first, second] = ['first', 'second'].map((out) => readFileSync(join(folder, out, 'functions/plan.mjs')));
    expect(second?.equals(first ?? Buffer.alloc(0))).toBe(true);
  });

  it('keeps source maps and the metafile out of what is zipped, and what is gone out of it too', async () => {
    write({ 'functions/plan.ts': WORKER, 'functions/old.ts': 'export const handler = 1;' });
    await built();
    rmSync(join(folder, 'functions/old.ts'));
    await built();
    expect(readdirSync(join(folder, 'dist/functions'))).toEqual(['plan.mjs']);
    expect(readdirSync(join(folder, 'dist/maps'))).toEqual(['plan.mjs.map']);
    expect(readdirSync(join(folder, 'dist'))).toContain('meta.json');
    expect(readFileSync(join(folder, 'dist/functions/plan.mjs'), 'utf8')).not.toContain('sourceMappingURL');
  });

  it('names the imports by which a function carries what it must not', async () => {
    write({
      'lib/http.ts': HTTP,
      'functions/assess.ts': `import { fetchAll } from '../lib/http.ts'; export const handler = fetchAll;`,
      'functions/guard.ts': `import { fetchAll } from '../lib/http.ts'; export const handler = fetchAll;`,
      'functions/report.ts': `import { EC2Client } from '@aws-sdk/client-ec2'; export const handler = () => new EC2Client({});`,
      'functions/collect.ts': `import { EC2Client } from '@aws-sdk/client-ec2'; export const handler = () => new EC2Client({});`,
    });
    expect((await built()).problems).toEqual([
      'assess carries undici: functions/assess.ts > lib/http.ts > undici',
      'report carries @aws-sdk/client-ec2: functions/report.ts > @aws-sdk/client-ec2',
    ]);
  });

  it('takes credentials from the environment, as Lambda gives them, and has no other way to any', async () => {
    write({
      'functions/plan.ts': `import { SQSClient } from '@aws-sdk/client-sqs';
        export const handler = async () => new SQSClient({ region: 'eu-central-1' }).config.credentials();`,
    });
    await built();
    expect(readFileSync(join(folder, 'dist/functions/plan.mjs'), 'utf8')).not.toMatch(
      /sso_|credential_process|web_identity/,
    );
    const { handler } = (await import(join(folder, 'dist/functions/plan.mjs'))) as { handler: () => Promise<unknown> };
    vi.stubEnv('AWS_ACCESS_KEY_ID', 'id');
    vi.stubEnv('AWS_SECRET_ACCESS_KEY', 'secret');
    vi.stubEnv('AWS_SESSION_TOKEN', 'token');
    expect(await handler()).toMatchObject({ accessKeyId: 'id', secretAccessKey: 'secret', sessionToken: 'token' });
    vi.unstubAllEnvs();
  });

  it('does not mind a package that is imported for its types', async () => {
    write({
      'functions/notify.ts': `import type { EC2Client } from '@aws-sdk/client-ec2'; export const handler = (c: EC2Client) => c;`,
    });
    expect((await built()).problems).toEqual([]);
  });

  it('refuses a function without a handler, and a folder without functions', async () => {
    await expect(built()).rejects.toThrow('holds no function');
    write({ 'functions/plan.ts': 'export const handle = 1;' });
    expect((await built()).problems).toEqual(['plan: exports no handler']);
  });
});

describe('the weight of a bundle', () => {
  it('is that of the zip that is deployed, which is the same each time', async () => {
    write({ 'functions/plan.ts': WORKER });
    await built();
    const service = serviceFolder();
    try {
      const bundle = readFileSync(join(folder, 'dist/functions/plan.mjs'));
      writeFileSync(join(service, 'dist/functions/plan.mjs'), bundle);
      const first = await packageInto(service, 'first');
      const second = await packageInto(service, 'second');
      const zip = readFileSync(join(first, 'plan.zip'));
      expect(zip.equals(readFileSync(join(second, 'plan.zip')))).toBe(true);
      expect(zipBytes('dist/functions/plan.mjs', bundle) / zip.length).toBeCloseTo(1, 2);
    } finally {
      rmSync(service, { recursive: true });
    }
  }, 120_000);

  it('includes the time of its import, in a process of its own', async () => {
    write({ 'slow.mjs': `const until = performance.now() + 60; while (performance.now() < until);` });
    expect(await importMs(join(folder, 'slow.mjs'), 3)).toBeGreaterThan(59);
  });

  it('is not known of a bundle that does not load', async () => {
    write({ 'broken.mjs': `throw new Error('no table');` });
    await expect(importMs(join(folder, 'broken.mjs'), 1)).rejects.toThrow('no table');
  });
});
