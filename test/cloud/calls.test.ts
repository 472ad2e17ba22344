/** Roles that are assumed, and what doctor and plan say; commands.test.ts has the calls against the role's policies. */
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { configOf, createOrganisation, ROLE } from './account.ts';
import { ajar, inventory } from './ajar.ts';
import { type FaultProxy, startFaultProxy } from './fault-proxy.ts';
import { type Moto, startMoto } from './moto.ts';
import { plant } from './plant.ts';

const REGION = 'us-east-1';
let moto: Moto;
let proxy: FaultProxy;
let account: string;

beforeAll(async () => {
  moto = await startMoto();
  proxy = await startFaultProxy(moto.url);
  account = (await createOrganisation(moto.url, 2)).find((a) => a !== '123456789012') ?? '';
  await plant(await configOf(moto.url, account, REGION));
});
afterEach(() => {
  proxy.rules = [];
});
afterAll(async () => {
  await proxy?.stop();
  await moto?.stop();
});

describe('what ajar calls', () => {
  it('is one AssumeRole per account, whatever the number of regions', async () => {
    proxy.calls.length = 0;
    await inventory(
      proxy.url,
      '--accounts',
      account,
      '--regions',
      'us-east-1,eu-west-1,ap-southeast-2',
      '--services',
      'rds,msk',
    );
    expect(proxy.calls.filter((c) => c.action === 'AssumeRole')).toHaveLength(1);
  });

  it('stays in the own account, and asks no organisation for its accounts, without a role', async () => {
    proxy.calls.length = 0;
    const run = await ajar(proxy.url, 'inventory', '--aws', '--regions', REGION, '--services', 'memorydb');
    expect(run.status).toBe(0);
    expect(proxy.calls.map((c) => c.action)).not.toContain('AssumeRole');
    expect(proxy.calls.map((c) => c.action)).not.toContain('ListAccounts');
    expect(run.stderr).toMatch(/AWS: 1 account, 1 account-region/);
  });
});

describe('ajar doctor', () => {
  const doctor = (...args: readonly string[]) =>
    ajar(proxy.url, 'doctor', '--aws', '--role', ROLE, '--accounts', account, '--regions', REGION, ...args);

  it('names the action that is refused, and the cure', async () => {
    proxy.rules = [{ fault: 'denied', when: (c) => c.service === 'memorydb' }];
    const { status, stdout } = await doctor();
    expect(status).toBe(3);
    expect(stdout).toMatch(/fails memorydb:DescribeClusters +denied: .*\n +allow memorydb:DescribeClusters\n/);
    expect(stdout).not.toContain('allow rds:DescribeDBInstances');
    expect(stdout).toMatch(/ok +identity +arn:aws:sts::/);
    expect(stdout).toMatch(/fails trail .* blind: no trail records management events/);
  });

  it('gives one document per check to programs', async () => {
    const { stdout } = await doctor('--format', 'json', '--services', 'memorydb');
    const checks = stdout
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line) as { type: string; name: string; works?: boolean });
    expect(checks.every((c) => c.type === 'check')).toBe(true);
    expect(checks.find((c) => c.name === 'identity')?.works).toBe(true);
  });

  it('says when no role can be assumed in an account', async () => {
    proxy.rules = [{ fault: 'denied', when: (c) => c.action === 'AssumeRole' }];
    const { status, stdout } = await doctor('--services', 'memorydb');
    expect(status).toBe(3);
    expect(stdout).toContain('AccessDenied');
  });
});

describe('ajar plan', () => {
  it('sweeps nothing, and says what sweeping would call and cost', async () => {
    proxy.calls.length = 0;
    const { stdout } = await ajar(
      proxy.url,
      'plan',
      '--aws',
      '--dry-run',
      '--role',
      ROLE,
      '--accounts',
      account,
      '--regions',
      'us-east-1,eu-west-1',
    );
    expect(new Set(proxy.calls.map((c) => c.service))).toEqual(new Set(['sts']));
    expect(stdout).toMatch(/1 account, 2 account-regions, 35 services: 68 cells/);
    expect(stdout).toMatch(/a month: [\d,]+ calls; GuardDuty reading them \$[\d.]+, a second trail \$[\d.]+/);
    expect(stdout).toMatch(/68 cells were never read and count as empty/);
  });
});
