import { beforeEach, describe, expect, it } from 'vitest';
import { ended, LAB, openRedis, place, until } from '../support/command.ts';

const { ajar, at, file, start } = place();
const { inventory, entry, mood } = await openRedis();
const open = file('open.yaml', inventory);
/** Nothing listens where the second one says. */
const half = file('half.yaml', `${inventory}  - { id: gone, host: gone.invalid, port: 9200, engine: elasticsearch }\n`);
let states = 0;
const watch = (inventoryFile: string, ...flags: string[]): string[] => [
  ...['watch', '--file', inventoryFile, '--state', at(`state${++states}`), '--every', '500ms', ...LAB, ...flags],
];

beforeEach(() => Object.assign(mood, { protect: false, delayMs: 0 }));

describe('how a watch ends', () => {
  it('with a critical open it exits 1, after a summary', async () => {
    const { code, stdout } = await ajar(...watch(open, '--passes', '1'));
    expect(code).toBe(1);
    expect(stdout).toMatch(/1 endpoint: 1 exposed\n\d open incidents:\n {2}critical/);
  });

  it.each([
    ['critical', 1],
    ['high', 0],
  ])('with nothing worse than asked for by --fail-on it does not: a password, %s', async (_, passwordless) => {
    mood.protect = passwordless === 0;
    expect((await ajar(...watch(open, '--passes', '1', '--fail-on', 'critical'))).code).toBe(passwordless);
  });

  it('with a gap and no finding it exits 3 and names the gap', async () => {
    mood.protect = true;
    const { code, stdout, stderr } = await ajar(...watch(half, '--passes', '2', '--fail-on', 'critical'));
    expect(code).toBe(3);
    expect(stdout).toMatch(/1 not seen conclusively \(unknown is not safe\):\n {2}unresolved +gone/);
    // When it begins, and not again while it lasts.
    expect(stderr.match(/^ {2}unresolved +gone/gm)).toHaveLength(1);
    expect(stderr).toMatch(/pass 2: .* 1 gap$/m);
  });

  it('a finding outranks a gap', async () => {
    expect((await ajar(...watch(half, '--passes', '1'))).code).toBe(1);
  });

  it.each(['SIGINT', 'SIGTERM'] as const)('on %s it says the same, with everything committed', async (signal) => {
    const child = start(...watch(open));
    await until(() => child.log.includes('pass 2'));
    child.kill(signal);
    expect(await ended(child)).toBe(1);
    expect(child.log).toMatch(/1 endpoint: 1 exposed\n\d open incidents:/);
  });

  it('in JSON every pass has its summary, with its gaps, and nothing else is on standard output', async () => {
    const { stdout } = await ajar(...watch(half, '--passes', '2', '--format', 'json'));
    const lines = stdout
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line) as { type: string; gaps?: unknown[] });
    const summaries = lines.filter((line) => line.type === 'summary');
    expect(summaries.map((line) => line.gaps?.length)).toEqual([1, 1]);
    expect(lines.at(-1)?.type).toBe('summary');
  });
});

describe('a pass that takes longer than --every', () => {
  it('is told once, with both lengths', async () => {
    mood.delayMs = 400; // one visit asks twice
    const { stderr } = await ajar(...watch(open, '--passes', '3'));
    expect(stderr.match(/a pass took \d+\.\d s, longer than --every 0\.5 s/g)).toHaveLength(1);
  });

  it('is not told where passes are in time', async () => {
    const { stderr } = await ajar(...watch(open, '--passes', '2', '--every', '5s'));
    expect(stderr).not.toMatch(/longer than/);
  });
});

it('an inventory broken by an edit stays as it was, and the watch goes on', async () => {
  const edited = file('edited.yaml', inventory);
  const child = start(...watch(edited));
  await until(() => child.log.includes('pass 1'));
  file('edited.yaml', 'version: 2\n');
  await until(() => child.log.includes('the last good one stays in force'));
  file('edited.yaml', `${inventory}${entry('second')}`);
  await until(() => child.log.includes('2 exposed'));
  child.kill('SIGINT');
  expect(await ended(child)).toBe(1);
});
