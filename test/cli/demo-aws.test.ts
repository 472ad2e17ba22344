/**
 * `ajar demo --aws` where there is no moto, or what is no moto: lib/runtime/demo/aws-moto.ts, aws-trail.ts, aws-account.ts,
 * aws-stages.ts. The story itself, on moto: test/cloud/demo.test.ts.
 */
import { execFile } from 'node:child_process';
import { chmodSync, existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterAll, afterEach, describe, expect, it, vi } from 'vitest';
import { normalise } from '../../lib/events/normalise.ts';
import { accessPolicy, made } from '../../lib/runtime/demo/aws-account.ts';
import { findMoto } from '../../lib/runtime/demo/aws-moto.ts';
import { runStage } from '../../lib/runtime/demo/aws-stages.ts';
import { trailEvent } from '../../lib/runtime/demo/aws-trail.ts';

const root = mkdtempSync(join(tmpdir(), 'ajar-demo-aws-'));
afterAll(() => rmSync(root, { recursive: true, force: true }));
afterEach(() => vi.restoreAllMocks());
const launcher = new URL('../../bin/ajar.cjs', import.meta.url).pathname;
const state = join(root, 'never');

interface Ran {
  readonly status: number | string | null | undefined;
  readonly output: string;
}
/** With nothing of this machine on the PATH, and no settings of its. */
function demo(env: Readonly<Record<string, string>>, ...args: readonly string[]): Promise<Ran> {
  return new Promise((resolve) => {
    const all = [launcher, 'demo', '--aws', '--state', state, ...args];
    execFile(process.execPath, all, { env: { PATH: root, ...env }, timeout: 30_000 }, (error, stdout, stderr) => {
      resolve({ status: error === null ? 0 : error.code, output: stdout + stderr });
    });
  });
}
const never = new AbortController().signal;

/** A folder for the PATH with programs that only say this and end. */
function programs(name: string, said: Readonly<Record<string, string>>): string {
  const folder = mkdtempSync(join(root, name));
  for (const [program, text] of Object.entries(said)) {
    writeFileSync(join(folder, program), `#!/bin/sh\necho "${text}" >&2\nexit 1\n`);
    chmodSync(join(folder, program), 0o755);
  }
  return folder;
}

describe('without moto', () => {
  it('ends with 2, says what to install and how to run it again, and makes nothing', async () => {
    const { status, output } = await demo({});
    expect(status).toBe(2);
    expect(output).toContain('no moto_server on the PATH; no python3 -m moto.server on the PATH');
    expect(output).toContain("pipx install 'moto[server]' && npx ajar demo --aws");
    expect(output).toContain("-m venv ~/.moto && ~/.moto/bin/pip install 'moto[server]'");
    expect(existsSync(state)).toBe(false);
  });

  it('says why a moto that is there does not start', async () => {
    const PATH = programs('broken-', {
      moto_server: "ModuleNotFoundError: No module named 'flask'",
      python3: 'No module named moto',
    });
    const { status, output } = await demo({ PATH });
    expect(status).toBe(2);
    expect(output).toContain("moto_server ended with 1: ModuleNotFoundError: No module named 'flask'");
    expect(output).toContain('python3 -m moto.server ended with 1: No module named moto');
  });

  it('is taught by --help', async () => {
    const { status, output } = await demo({}, '--help');
    expect(status).toBe(0);
    expect(output).toMatch(/--aws +on AWS, as deployed: on moto/);
    expect(output).toContain('AWS_ENDPOINT_URL=http://127.0.0.1:5000 ajar demo --aws');
    expect(output).toContain('Never a real account');
  });
});

describe('AWS_ENDPOINT_URL', () => {
  it.each([
    'https://es.us-west-2.amazonaws.com',
    'http://203.0.113.7:5000',
    'http://10.0.0.1:5000',
    'http://0.0.0.0:5000',
    'http://169.254.169.254',
    'http://[::ffff:192.0.2.1]:5000',
    'http://localhost.example.com:5000',
    'http://127.0.0.1.example.com',
    'http://127.0.0.1@example.com',
    'http://user:secret@127.0.0.1:5000',
    'ftp://127.0.0.1',
    'not a url',
  ])('%s is refused before anything is called', async (url) => {
    const calls = vi.spyOn(globalThis, 'fetch');
    const refusal = await findMoto(url, never).catch((error: unknown) => error);
    expect(refusal).toMatchObject({ code: 'bad-input', message: expect.stringMatching(/nothing was called$/) });
    expect(String(refusal)).not.toContain('secret');
    expect(calls).not.toHaveBeenCalled();
  });

  it.each(['http://127.0.0.1:5000/', 'http://127.9.8.7:5000', 'http://[::1]:5000', 'http://localhost:5000'])(
    '%s is this machine, and asked whether it is moto',
    async (url) => {
      const calls = vi
        .spyOn(globalThis, 'fetch')
        .mockImplementation(async () => new Response('{}', { headers: { 'content-type': 'application/javascript' } }));
      const { origin } = new URL(url);
      expect(await findMoto(url, never)).toMatchObject({ url: origin, isGiven: true });
      expect(calls.mock.calls.map(([asked]) => asked)).toEqual([`${origin}/moto-api/data.json`]);
    },
  );

  it('is refused with 2 by the command, which makes nothing', async () => {
    const { status, output } = await demo({ AWS_ENDPOINT_URL: 'https://sqs.us-west-2.amazonaws.com' });
    expect(status).toBe(2);
    expect(output).toContain('(https://sqs.us-west-2.amazonaws.com) is not a moto on this machine: nothing was called');
    expect(existsSync(state)).toBe(false);
  });

  it('is asked one question and left alone where something else answers', async () => {
    const asked: string[] = [];
    const server = createServer(({ method, url }, reply) => {
      asked.push(`${method ?? ''} ${url ?? ''}`);
      reply.writeHead(200, { 'content-type': 'text/html' }).end('<html>');
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
    const { status, output } = await demo({ AWS_ENDPOINT_URL: url });
    server.close();
    expect(status).toBe(2);
    expect(output).toContain(`AWS_ENDPOINT_URL ${url}: no moto answers there`);
    expect(asked).toEqual(['GET /moto-api/data.json']);
  });
});

describe("the demo's CloudTrail event", () => {
  const at = new Date('2026-12-04T10:01:31.900Z');
  const account = '111122223333';
  const deed = { account, region: 'us-west-2', at, domain: 'device-analytics', human: 'j.doe@example.com' };
  const { id, envelope } = trailEvent({ ...deed, accessPolicies: accessPolicy('everybody', account) });

  it('is read as a change of that domain by that person', () => {
    expect(normalise(envelope, at)).toMatchObject({
      kind: 'change',
      change: {
        id,
        at: '2026-12-04T10:01:31.000Z',
        account,
        region: 'us-west-2',
        name: 'UpdateDomainConfig',
        services: ['opensearch'],
        touched: ['es:domain/device-analytics'],
        actor: { human: 'j.doe@example.com', channel: 'console', mfa: true },
      },
    });
  });

  it('has the shape of one that was recorded', () => {
    const file = new URL('../fixtures/cloudtrail/update-domain-config.json', import.meta.url);
    const recorded = JSON.parse(readFileSync(file, 'utf8')) as { readonly detail: object };
    const { detail } = envelope as { readonly detail: object };
    expect(Object.keys(envelope).toSorted()).toEqual(Object.keys(recorded).toSorted());
    expect(Object.keys(recorded.detail)).toEqual(expect.arrayContaining(Object.keys(detail)));
  });
});

describe('what was made', () => {
  it('is removed newest first, once, and what could not be removed is named', async () => {
    const order: string[] = [];
    const all = made();
    all.keep('queue', async () => order.push('queue'));
    all.keep('topic', async () => {
      throw new Error('no such topic');
    });
    all.keep('table', async () => order.push('table'));
    expect(await all.remove()).toEqual(['topic: no such topic']);
    expect(order).toEqual(['table', 'queue']);
    expect(await all.remove()).toEqual([]);
  });
});

describe('a stage', () => {
  it('that throws answers with why, under the id of its task', async () => {
    expect(await runStage({ id: 7, stage: 'plan', event: { task: 'nonsense' } })).toEqual({
      id: 7,
      error: expect.stringContaining('task'),
    });
  });
});
