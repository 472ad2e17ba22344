import { beforeAll, describe, expect, it } from 'vitest';
import { LAB, place } from '../support/command.ts';

const { ajar, at, file } = place();
/** Nobody speaks its protocol here: what it is stays unknown. */
const inventory = file(
  'inventory.yaml',
  'version: 1\nendpoints:\n  - id: lost\n    host: lost.invalid\n    port: 9200\n    engine: elasticsearch\n',
);
const STATE = ['--state', at('state')];
const alarms = (...words: string[]) => ajar('alarms', ...words, ...STATE);

beforeAll(async () => {
  expect((await ajar('scan', '--file', inventory, ...STATE, ...LAB)).code).toBe(3);
}, 60_000);

describe('ajar alarms', () => {
  it('lists what a pass could not see and said', async () => {
    const { stdout, code } = await alarms();
    expect(code).toBe(0);
    expect(stdout).toMatch(/^gaps {2}warning {2}since \S+Z {2}1 gap in what a pass could see\n {2}lost: unresolved/);
    expect(stdout).toMatch(/\n1 alarm\n$/);
  });

  it('acknowledges by its key, once, and the report says who', async () => {
    expect((await alarms('ack', 'gaps', '--by', 'jdoe')).stdout).toMatch(
      /^recorded\n.*\n.*\n {2}acknowledged \S+Z by jdoe/,
    );
    expect((await alarms('ack', 'gaps', '--by', 'other')).stdout).toMatch(/^known already, nothing written/);
    const { stdout } = await alarms('list', '--format', 'json');
    expect(JSON.parse(stdout)).toMatchObject({ key: 'gaps', acked: { by: 'jdoe' } });
    expect((await alarms('ack', 'nothing')).code).toBe(2);
  });

  it('keeps a chain that verify follows', async () => {
    const { stdout } = await ajar('verify', ...STATE);
    expect(stdout).not.toContain('broken');
  });
});
