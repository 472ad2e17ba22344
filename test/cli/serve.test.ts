import type { ChildProcess } from 'node:child_process';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { ended, LAB, openRedis, place, until } from '../support/command.ts';

const { ajar, at, file, start } = place();
const { entry, mood } = await openRedis();
const inventory = file('inventory.yaml', `version: 1\nendpoints:\n${entry('sessions')}`);
const STATE = ['--state', at('state')];
const ADDRESS = /http:\/\/127\.0\.0\.1:\d+\//;
const OWN = { 'sec-fetch-site': 'same-origin', 'content-type': 'application/x-www-form-urlencoded' };

let server: ChildProcess & { log: string };
let address = '';
const page = async (path: string): Promise<string> => (await fetch(new URL(path, address))).text();

beforeAll(async () => {
  mood.protect = false;
  await ajar('scan', '--file', inventory, ...STATE, ...LAB);
  server = start('serve', ...STATE, '--port', '0', '--by', 'jdoe@example.com');
  await until(() => ADDRESS.test(server.log));
  address = ADDRESS.exec(server.log)?.[0] ?? '';
}, 60_000);
afterAll(() => {
  if (server.exitCode === null) server.kill('SIGKILL');
});

describe('ajar serve', () => {
  it('shows what is open, and keeps what is said in the ledger, in the name of who runs it', async () => {
    const [, id = ''] = /href="\/incidents\/([0-9a-f-]{36})"/.exec(await page('/')) ?? [];
    expect(id).not.toBe('');
    const answer = await fetch(new URL(`/incidents/${id}/note`, address), {
      ...{ method: 'POST', headers: OWN, body: 'text=rule+removed', redirect: 'manual' },
    });
    expect(answer.status).toBe(303);
    const told = await page(`/incidents/${id}`);
    expect(told).toContain('rule removed');
    expect(told).toContain('jdoe@example.com');
    expect((await ajar('incidents', 'show', id, ...STATE)).stdout).toContain('jdoe@example.com: note, rule removed');
  });

  it('sees what was written since by others', async () => {
    expect(await page('/endpoints')).toContain('class="verdict v-exposed"');
    mood.protect = true;
    await ajar('scan', '--file', inventory, ...STATE, ...LAB);
    await expect.poll(() => page('/endpoints'), { timeout: 15_000 }).toContain('class="verdict v-reachable"');
    mood.protect = false;
  });

  it('answers this machine alone, and on a port that is free', async () => {
    const open = await ajar('serve', ...STATE, '--listen', '0.0.0.0');
    expect([open.code, open.stderr]).toEqual([2, expect.stringContaining('not an address of this machine alone')]);
    const taken = await ajar('serve', ...STATE, '--port', new URL(address).port);
    expect([taken.code, taken.stderr]).toEqual([2, expect.stringContaining('EADDRINUSE')]);
  });

  it('makes no state by being asked', async () => {
    const { code, stderr } = await ajar('serve', '--state', at('nowhere'));
    expect([code, stderr]).toEqual([2, expect.stringContaining('no state there')]);
  });

  it('ends on Ctrl-C, quietly', async () => {
    server.kill('SIGINT');
    expect(await ended(server)).toBe(0);
    expect(server.log).not.toContain('Error');
  });
});
