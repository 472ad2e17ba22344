import { execFile, spawn, spawnSync } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import type { AddressInfo } from 'node:net';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { observationDocument } from '../../lib/model/documents.ts';
import { sessionsDoor } from '../support/sessions-door.ts';

const root = mkdtempSync(join(tmpdir(), 'ajar-cli-'));
const main = new URL('../../lib/cli/main.ts', import.meta.url).pathname;
const launcher = new URL('../../bin/ajar.cjs', import.meta.url).pathname;
const fixture = (name: string): string => new URL(`../fixtures/${name}`, import.meta.url).pathname;

/** An open Redis, as far as a stranger can tell. */
const redis = createServer((socket) => {
  socket.on('error', () => undefined);
  socket.on('data', (data) => {
    const asked = data.toString();
    const info = asked.includes('server')
      ? '# Server\r\nredis_version:7.0.15\r\n'
      : '# Keyspace\r\ndb0:keys=42,expires=0\r\n';
    socket.write(asked.includes('PING') ? '+PONG\r\n' : `$${info.length}\r\n${info}\r\n`);
  });
});
let inventory = '';

beforeAll(async () => {
  await new Promise<void>((resolve) => redis.listen(0, '127.0.0.1', resolve));
  inventory = join(root, 'inventory.yaml');
  const { port } = redis.address() as AddressInfo;
  writeFileSync(
    inventory,
    `version: 1\nendpoints:\n  - { id: sessions, host: 127.0.0.1, port: ${port}, engine: redis }\n`,
  );
});
afterAll(async () => {
  await new Promise((resolve) => redis.close(resolve));
  rmSync(root, { recursive: true, force: true });
});

const LAB = ['--allow-private', '--only', '127.0.0.0/8'];
interface Ran {
  readonly code: number | string | null | undefined;
  readonly stdout: string;
  readonly stderr: string;
}
function ajar(...args: string[]): Promise<Ran> {
  return new Promise((resolve) => {
    execFile(process.execPath, [main, ...args], { cwd: root, timeout: 20_000 }, (error, stdout, stderr) => {
      resolve({ code: error === null ? 0 : error.code, stdout, stderr });
    });
  });
}

describe('bad input', () => {
  it('names file, line and column of every mistake, exits 2 and makes no state directory', async () => {
    const state = join(root, 'never');
    const { code, stderr, stdout } = await ajar('scan', '--file', fixture('bad.yaml'), '--state', state);
    expect(code).toBe(2);
    expect(stdout).toBe('');
    expect(stderr).toMatch(/bad\.yaml:5:5: endpoints\.0\.port must be a port number/);
    expect(stderr).toMatch(/bad\.yaml:10:5: endpoints\.1\.engine must be one of/);
    expect(stderr).toMatch(/bad\.yaml:11:5: unknown key "colour"/);
    expect(stderr).toMatch(/bad\.yaml:12:5: endpoints\.2\.host is missing/);
    expect(stderr).toMatch(/bad\.yaml:15:5: endpoints\.2\.account must be text of 12 digits/);
    expect(existsSync(state)).toBe(false);
  });

  it.each([
    ['a bad allowlist', ['--allowlist', 'bad-allowlist.yaml'], /bad-allowlist\.yaml:1:1: entries is missing/],
    ['an allowlist that is not there', ['--allowlist', 'nowhere.yaml'], /nowhere\.yaml:1:1: cannot be read \(ENOENT\)/],
    ['a block that is none', ['--only', '127.0.0.0'], /not a CIDR block/],
    ['a webhook that is no URL', ['--webhook', 'file:///etc/passwd'], /not an http or https URL/],
    ['an unknown flag', ['--fast'], /unknown option/],
  ])('%s exits 2 and writes nothing', async (_, flags, message) => {
    writeFileSync(join(root, 'bad-allowlist.yaml'), 'version: 1\n');
    const state = join(root, 'never');
    const { code, stderr } = await ajar('scan', '--file', inventory, '--state', state, ...flags);
    expect(code).toBe(2);
    expect(stderr).toMatch(message);
    expect(existsSync(state)).toBe(false);
  });

  it('asks for an inventory where there is none', async () => {
    expect(await ajar('scan')).toMatchObject({ code: 2, stderr: expect.stringContaining('--file inventory.yaml') });
  });
});

describe('the stages', () => {
  it('inventory prints endpoints that probe takes, and probe prints observations that keep their schema', async () => {
    const listed = await ajar('inventory', '--file', inventory);
    expect(JSON.parse(listed.stdout)).toMatchObject({ id: 'sessions', engine: 'redis' });
    const file = join(root, 'endpoints.ndjson');
    writeFileSync(file, listed.stdout);
    const probed = await ajar('probe', '--in', file, ...LAB);
    const observation = observationDocument.parse(JSON.parse(probed.stdout));
    expect(observation).toMatchObject({
      endpointId: 'sessions',
      auth: { state: 'open-anonymous' },
      proto: { state: 'match' },
    });
    expect(existsSync(join(root, '.ajar'))).toBe(false);
  });

  it('probe names the line of an input that is not an endpoint', async () => {
    const file = join(root, 'broken.ndjson');
    writeFileSync(file, '\n{"id":1}\n');
    expect(await ajar('probe', '--in', file)).toMatchObject({
      code: 2,
      stderr: expect.stringContaining('broken.ndjson:2:1'),
    });
  });

  it('scan alerts, exits 1, and says the same again without alerting again', async () => {
    const state = join(root, 'state');
    const first = await ajar('scan', '--file', inventory, '--state', state, ...LAB);
    expect(first.code).toBe(1);
    expect(first.stdout).toMatch(/\[CRIT\] OPEN w\/o auth: redis/);
    expect(first.stdout).toMatch(/found at adoption/);
    const second = await ajar('scan', '--file', inventory, '--state', state, ...LAB);
    expect(second.code).toBe(1);
    expect(second.stdout).not.toMatch(/\[CRIT\]/);
    expect(second.stdout).toMatch(/open incidents/);
  });

  it('still owes the alerts that were written to a closed pipe', async () => {
    const state = join(root, 'piped');
    const child = spawn(process.execPath, [main, 'scan', '--file', inventory, '--state', state, ...LAB], { cwd: root });
    child.stdout.destroy(); // the reader went away before anything was written
    await new Promise((resolve) => child.on('exit', resolve));
    await new Promise((resolve) => setTimeout(resolve, 2_100)); // the first backoff
    const again = await ajar('scan', '--file', inventory, '--state', state, ...LAB);
    expect(again.stdout).toMatch(/\[CRIT\] OPEN w\/o auth/);
  });

  it('probe refuses an empty input: nothing looked at is not clean', async () => {
    const file = join(root, 'none.ndjson');
    writeFileSync(file, '');
    expect(await ajar('probe', '--in', file)).toMatchObject({
      code: 2,
      stderr: expect.stringContaining('no endpoint'),
    });
  });

  it('scan --format json is NDJSON and nothing else', async () => {
    const { stdout } = await ajar(
      'scan',
      '--file',
      inventory,
      '--state',
      join(root, 'json'),
      '--format',
      'json',
      ...LAB,
    );
    const lines = stdout
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line) as { type: string });
    expect(lines.map((l) => l.type).sort()).toEqual(['notice', 'notice', 'summary'].slice(-lines.length).sort());
    expect(lines.at(-1)).toMatchObject({ type: 'summary', verdicts: { exposed: 1 } });
  });

  it('scan exits 3 when it could not see, not 0', async () => {
    const { code, stdout } = await ajar('scan', '--file', inventory, '--state', join(root, 'blind'));
    expect(code).toBe(3);
    expect(stdout).toMatch(/forbidden-address/);
  });

  it('report writes its files from the state, twice the same', async () => {
    const state = join(root, 'reported');
    await ajar('scan', '--file', inventory, '--state', state, ...LAB);
    const once = await ajar('report', '--state', state, '--format', 'html,csv,json', '--out', join(root, 'r1'));
    await ajar('report', '--state', state, '--format', 'html,csv,json', '--out', join(root, 'r2'));
    expect(once.code).toBe(0);
    const names = once.stdout
      .trim()
      .split('\n')
      .map((path) => path.split('/').at(-1) ?? '');
    expect(names).toContain('report.html');
    for (const name of names)
      expect(readFileSync(join(root, 'r1', name))).toEqual(readFileSync(join(root, 'r2', name)));
  });

  it('watch stops on SIGTERM with everything committed', async () => {
    const state = join(root, 'watched');
    const child = spawn(
      process.execPath,
      [main, 'watch', '--file', inventory, '--state', state, '--every', '500ms', ...LAB],
      { cwd: root },
    );
    let log = '';
    child.stderr.on('data', (d: Buffer) => (log += d.toString()));
    while (!log.includes('pass 2')) await new Promise((resolve) => setTimeout(resolve, 20));
    child.kill('SIGTERM');
    expect(await new Promise((resolve) => child.on('exit', resolve))).toBe(1); // a critical is open
    const after = await ajar('scan', '--file', inventory, '--state', state, ...LAB);
    expect(after.stdout).not.toMatch(/\[CRIT\]/);
  });
});

describe('the allowlist', () => {
  const entry = (over: string): string => `version: 1\nentries:\n${sessionsDoor('2026-12-31')}${over}`;
  const owned = join(root, 'owned.yaml');
  const file = join(root, 'doors.yaml');

  it('check says that it is valid, and warns of an entry that matches nothing', async () => {
    writeFileSync(file, entry(''));
    const { port } = redis.address() as AddressInfo;
    writeFileSync(
      owned,
      `version: 1\nendpoints:\n  - { id: sessions, host: 127.0.0.1, port: ${port}, engine: redis, account: "111122223333" }\n`,
    );
    expect(await ajar('allowlist', 'check', file, '--file', owned)).toMatchObject({
      code: 0,
      stdout: expect.stringContaining('1 entry, valid'),
    });
    expect(await ajar('allowlist', 'check', file, '--file', inventory)).toMatchObject({
      code: 1,
      stdout: expect.stringMatching(/unused +sessions-door/),
    });
  });

  it('explain says which entry covers an endpoint, and that anonymous access is never accepted', async () => {
    const { stdout } = await ajar('allowlist', 'explain', 'sessions', '--file', owned, '--allowlist', file);
    expect(stdout).toMatch(/accepted: reachable from the internet with authentication \(sessions-door\)/);
    expect(stdout).toMatch(/Never anonymous access/);
    const without = await ajar('allowlist', 'explain', 'sessions', '--file', inventory, '--allowlist', file);
    expect(without.stdout).toMatch(/does not sessions-door: the endpoint names no account/);
  });

  it('an allowance that covers an open door does not silence it', async () => {
    const { code, stdout } = await ajar(
      'scan',
      '--file',
      owned,
      '--allowlist',
      file,
      '--state',
      join(root, 'covered'),
      ...LAB,
    );
    expect(code).toBe(1);
    expect(stdout).toMatch(/OPEN w\/o auth/);
  });

  it('init drafts nothing for an open door, and a draft does not load before people filled it in', async () => {
    const state = join(root, 'covered');
    const open = await ajar('allowlist', 'init', '--state', state);
    expect(open).toMatchObject({ code: 0, stdout: expect.stringContaining('entries: []') });
  });

  it('anonymous access cannot even be written down', async () => {
    writeFileSync(file, entry('').replace('plaintext: true', 'authentication: none'));
    expect(await ajar('allowlist', 'check', file)).toMatchObject({
      code: 2,
      stderr: expect.stringContaining('anonymous access is never accepted'),
    });
  });
});

describe('help and launcher', () => {
  it.each([
    [],
    ['demo'],
    ['inventory'],
    ['probe'],
    ['scan'],
    ['watch'],
    ['report'],
    ['allowlist'],
    ['allowlist', 'check'],
    ['allowlist', 'explain'],
    ['allowlist', 'init'],
    ['allowlist', 'diff'],
  ])('%s --help teaches with examples', async (...command) => {
    const { code, stdout } = await ajar(...command, '--help');
    expect(code).toBe(0);
    expect(stdout).toMatch(/\$ |npx /);
  });

  it('the launcher runs ajar and keeps its exit status', () => {
    expect(spawnSync(process.execPath, [launcher, '--version'], { encoding: 'utf8' }).stdout).toMatch(
      /^\d+\.\d+\.\d+\n$/,
    );
    expect(spawnSync(process.execPath, [launcher, 'scan'], { cwd: root }).status).toBe(2);
  });
});
