import { beforeAll, describe, expect, it } from 'vitest';
import { LAB, openRedis, place } from '../support/command.ts';

const { ajar, at, file } = place();
const { entry, mood } = await openRedis();
const inventory = file('inventory.yaml', `version: 1\nendpoints:\n${entry('sessions')}`);
const STATE = ['--state', at('state')];
const incidents = (...words: string[]) => ajar('incidents', ...words, ...STATE);

interface Listed {
  readonly id: string;
  readonly protection: string;
  readonly handling?: { readonly acked?: { readonly by: string } };
}
async function listed(...flags: string[]): Promise<readonly Listed[]> {
  const { stdout } = await incidents('list', '--format', 'json', ...flags);
  return stdout
    .split('\n')
    .filter(Boolean)
    .map((line) => JSON.parse(line) as Listed);
}
let id = '';

beforeAll(async () => {
  mood.protect = false;
  await ajar('scan', '--file', inventory, ...STATE, ...LAB);
  id = (await listed()).find((i) => i.protection === 'authentication')?.id ?? '';
}, 60_000);

describe('ajar incidents', () => {
  it('lists what is open, and says that nobody acknowledged it', async () => {
    const { stdout, code } = await incidents();
    expect(code).toBe(0);
    expect(stdout).toMatch(
      /^[0-9a-f]{8} critical open {5}sessions authentication first seen -> off; since .*not acknowledged/m,
    );
    expect(stdout).toMatch(/\d open incidents?\n$/);
  });

  it('acknowledges by the beginning of an id, once', async () => {
    const first = await incidents('ack', id.slice(0, 8), '--by', 'jdoe@example.com');
    expect(first.stdout).toMatch(/^recorded\n/);
    expect(first.stdout).toMatch(/acked +by jdoe@example\.com at /);
    expect((await incidents('ack', id, '--by', 'other')).stdout).toMatch(/^known already, nothing written\n/);
    expect((await listed()).find((i) => i.id === id)?.handling?.acked?.by).toBe('jdoe@example.com');
  });

  it('takes the user of this machine where nobody is named', async () => {
    const { stdout, code } = await incidents('note', id, 'the \u202eTerraform module\u001b[31m');
    expect(code).toBe(0);
    expect(stdout).toContain('the U+202ETerraform moduleU+001B[31m');
  });

  it('counts the clocks of the law from when a human was aware, and never before', async () => {
    expect((await incidents('show', id)).stdout).not.toMatch(/GDPR/);
    const since = new Date(Date.now() - 3_600_000).toISOString();
    const { stdout } = await incidents('aware', id, '--at', since, '--by', 'dpo@example.com');
    expect(stdout).toContain(`since ${since}, says dpo@example.com`);
    const due = new Date(Date.parse(since) + 72 * 3_600_000).toISOString();
    expect(stdout).toMatch(new RegExp(`GDPR +${due} +2 d 22 h 59 min left: `));
  });

  it('shows it with its history', async () => {
    await incidents('assign', id, 'data-platform', '--by', 'jdoe');
    const { stdout } = await incidents('show', id);
    for (const said of [
      /ajar decided: opened$/m,
      /message "opened" accepted by stdout, receipt /,
      /jdoe@example\.com: ack$/m,
      /jdoe: assign, data-platform$/m,
    ])
      expect(stdout).toMatch(said);
  });

  it.each([
    [['ack', 'zzzzzz'], /an incident id has 36 characters/],
    [['ack', '00000000'], /no incident of this id/],
    [['aware', '000000', '--at', '2099-01-01'], /in the future/],
    [['note', '000000', ' '], /1 to 500 characters/],
    [['assign', '000000', 'x'.repeat(200)], /1 to 128 characters/],
  ])('%j is refused, and nothing is written', async (words, message) => {
    const { code, stderr } = await incidents(...words);
    expect(code).toBe(2);
    expect(stderr).toMatch(message);
  });

  it('makes no state where there is none', async () => {
    const { code, stderr } = await ajar('incidents', '--state', at('nowhere'));
    expect(code).toBe(2);
    expect(stderr).toMatch(/no state there/);
  });

  it('lists what is over with --all alone', async () => {
    mood.protect = true;
    await ajar('scan', '--file', inventory, ...STATE, ...LAB);
    expect((await listed()).map((i) => i.id)).not.toContain(id);
    expect((await listed('--all')).find((i) => i.id === id)?.handling?.acked?.by).toBe('jdoe@example.com');
    // What is over may still be noted.
    expect((await incidents('note', id, 'post mortem done')).stdout).toMatch(/^recorded\n/);
  });
});
