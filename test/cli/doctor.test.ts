import { mkdtempSync, rmSync } from 'node:fs';
import { mkdir } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { AccountClient, ListRegionsCommand } from '@aws-sdk/client-account';
import { DescribeRegionsCommand, EC2Client } from '@aws-sdk/client-ec2';
import { MemoryDBClient } from '@aws-sdk/client-memorydb';
import { DescribeOrganizationCommand, ListAccountsCommand, OrganizationsClient } from '@aws-sdk/client-organizations';
import { AssumeRoleCommand, GetCallerIdentityCommand, STSClient } from '@aws-sdk/client-sts';
import { mockClient } from 'aws-sdk-client-mock';
import { afterAll, beforeEach, describe, expect, it } from 'vitest';
import { openSessions } from '../../lib/aws/session.ts';
import { doctorCommand } from '../../lib/cli/doctor.ts';
import type { AwsInventorySettings } from '../../lib/runtime/aws.ts';
import { type Check, clockCheck, examineAws, examineState } from '../../lib/runtime/doctor.ts';
import { openSqliteStore } from '../../lib/stores/sqlite.ts';
import { awsError } from '../support/aws.ts';

const root = mkdtempSync(join(tmpdir(), 'ajar-doctor-'));
afterAll(() => rmSync(root, { recursive: true, force: true }));

describe('ajar doctor', () => {
  it('reads a state directory through, and counts what is owed', async () => {
    const dir = join(root, 'state');
    const store = await openSqliteStore({ dir, sinks: [], now: () => new Date() });
    const line = {
      kind: 'run',
      runId: 'r',
      subject: 'r',
      observedAt: '2026-11-25T00:00:00.000Z',
      recordedAt: '2026-11-25T00:00:00.000Z',
      body: {},
    } as const;
    await store.append([line, line]);
    await store.close();
    expect(await examineState(dir)).toMatchObject({
      works: true,
      detail: expect.stringContaining('2 ledger lines, 0 notices owed'),
    });
  });

  it('does not mistake what a demo left for a state', async () => {
    const dir = join(root, 'left');
    await mkdir(join(dir, 'demo'), { recursive: true });
    const before = process.cwd();
    process.chdir(root);
    try {
      await mkdir(join(root, '.ajar', 'demo'), { recursive: true });
      await expect(doctorCommand().exitOverride().parseAsync([], { from: 'user' })).rejects.toMatchObject({
        code: 'bad-input',
        message: 'nothing to examine',
      });
    } finally {
      process.chdir(before);
    }
  });
});

const [OWN, MEMBER] = ['999988887777', '111122223333'] as const;
const mocks = {
  sts: mockClient(STSClient),
  organizations: mockClient(OrganizationsClient),
  account: mockClient(AccountClient),
  ec2: mockClient(EC2Client),
  memorydb: mockClient(MemoryDBClient),
};
afterAll(() => {
  for (const mock of Object.values(mocks)) mock.restore();
});
const DENIED = awsError('AccessDeniedException', 403);

describe('what ajar doctor says of AWS', () => {
  beforeEach(() => {
    for (const mock of Object.values(mocks)) mock.reset();
    mocks.sts
      .on(GetCallerIdentityCommand)
      .resolves({ Account: OWN, Arn: `arn:aws:sts::${OWN}:assumed-role/a/b` })
      .on(AssumeRoleCommand)
      .rejects(awsError('AccessDenied', 403));
    mocks.organizations
      .on(DescribeOrganizationCommand)
      .resolves({ Organization: { Id: 'o-ours' } })
      .on(ListAccountsCommand)
      .resolves({ Accounts: [{ Id: OWN }, { Id: MEMBER }] });
    mocks.account.on(ListRegionsCommand).resolves({ Regions: [{ RegionName: 'us-east-1' }] });
    mocks.ec2.on(DescribeRegionsCommand).resolves({ Regions: [{ RegionName: 'us-east-1' }] });
    mocks.memorydb.onAnyCommand().resolves({});
  });

  const examine = async (change: Partial<AwsInventorySettings> = {}) => {
    const settings = { region: 'us-east-1', sessionName: 'ajar', maxAttempts: 1, requestTimeoutMs: 1_000 };
    const checks: Check[] = [];
    for await (const check of examineAws({ ...settings, services: ['memorydb'], ...change })) checks.push(check);
    return (name: string): Check | undefined => checks.find((check) => check.name === name);
  };
  const untested = (check: Awaited<ReturnType<typeof examine>>): readonly string[] =>
    check('not called for')?.detail.split(' ') ?? [];

  it('has called and been answered what it called', async () => {
    const check = await examine();
    expect(check('organisation')).toMatchObject({
      works: undefined,
      detail: expect.stringContaining('without --role'),
    });
    expect(check('organisation id')).toMatchObject({ works: true, detail: 'o-ours' });
    expect(check(`account ${OWN}`)).toMatchObject({ works: true, detail: '1 region open' });
    expect(untested(check)).toEqual(expect.arrayContaining(['organizations:ListAccounts', 'ec2:DescribeRegions']));
    expect(untested(check)).not.toContain('account:ListRegions');
    expect(untested(check)).not.toContain('organizations:DescribeOrganization');
  });

  it('names a refusal that another call made good, and does not count it as answered', async () => {
    const whole = await examine();
    mocks.account.on(ListRegionsCommand).rejects(DENIED);
    const check = await examine();
    expect(check(`account ${OWN}`)).toMatchObject({ works: true });
    expect(check('account:ListRegions')).toMatchObject({
      works: false,
      detail: expect.stringMatching(/^denied: AccessDeniedException/),
      cure: 'allow account:ListRegions',
    });
    // One less of what it called before, one more: the fallback.
    expect(check('actions')?.detail).toBe(whole('actions')?.detail);
    expect(untested(check)).not.toContain('account:ListRegions');
  });

  it('tells who we are apart from whose accounts there are', async () => {
    mocks.organizations.on(DescribeOrganizationCommand).rejects(DENIED);
    const check = await examine({ role: 'reader', regions: ['us-east-1'] });
    expect(check('organisation')).toMatchObject({ works: true, detail: '2 accounts' });
    expect(check('organisation id')).toMatchObject({
      works: false,
      cure: expect.stringContaining('organizations:DescribeOrganization'),
    });
    const counted = /^(\d+) of/.exec(check('actions')?.detail ?? '')?.[1];
    mocks.organizations.on(DescribeOrganizationCommand).resolves({ Organization: { Id: 'o-ours' } });
    const whole = await examine({ role: 'reader', regions: ['us-east-1'] });
    expect(/^(\d+) of/.exec(whole('actions')?.detail ?? '')?.[1]).toBe(String(Number(counted) + 1));
  });

  it('gives the cure of a list of accounts that is refused', async () => {
    mocks.organizations.on(ListAccountsCommand).rejects(DENIED);
    const check = await examine({ role: 'reader' });
    expect(check('organisation')).toMatchObject({ works: false, cure: expect.stringContaining('ListAccounts') });
    expect(check('organisation id')).toMatchObject({ works: true });
  });

  it.each([
    ['accounts were given', { role: 'reader', accounts: [OWN] }],
    ['the role is of one account', { role: `arn:aws:iam::${OWN}:role/reader` }],
  ] as const)('does not say that it asked for accounts where %s', async (_, change) => {
    const check = await examine(change);
    expect(check('organisation')).toMatchObject({ works: undefined, detail: expect.stringContaining('not asked for') });
    expect(mocks.organizations.commandCalls(ListAccountsCommand)).toEqual([]);
  });

  it('says that services without a region are left out', async () => {
    const check = await examine({ services: ['memorydb', 'cloudfront'], regions: ['eu-west-1'] });
    expect(check('global services')).toMatchObject({ detail: expect.stringContaining('cloudfront') });
    expect(check('organisation')).toMatchObject({ works: undefined });
  });
});

describe('the clock', () => {
  it.each([
    [undefined, undefined, 'the answer carried no date'],
    [0, true, '0 s ahead of AWS'],
    [-59_000, true, '59 s behind AWS'],
    [90_000, false, '90 s ahead of AWS'],
    [-400_000, false, '400 s behind AWS'],
  ])('that is %j ms ahead works: %j', (aheadMs, works, detail) => {
    expect(clockCheck(aheadMs)).toMatchObject({ name: 'clock', works, detail });
  });

  it('is compared with the date of an answer', async () => {
    for (const mock of Object.values(mocks)) mock.restore();
    const arn = `arn:aws:iam::${OWN}:user/u`;
    const server = createServer((_, response) => {
      response.setHeader('date', 'Thu, 26 Nov 2026 12:00:00 GMT').setHeader('content-type', 'text/xml');
      response.end(
        `<GetCallerIdentityResponse xmlns="https://sts.amazonaws.com/doc/2011-06-15/"><GetCallerIdentityResult><Arn>${arn}</Arn><Account>${OWN}</Account></GetCallerIdentityResult></GetCallerIdentityResponse>`,
      );
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    const endpoint = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
    const settings = { region: 'us-east-1', sessionName: 'ajar', maxAttempts: 1, requestTimeoutMs: 5_000, endpoint };
    const base = async () => ({ accessKeyId: 'a', secretAccessKey: 's' });
    const now = () => new Date('2026-11-26T12:07:00Z');
    const who = await openSessions(settings, now, base).caller();
    server.close();
    expect(who).toMatchObject({ account: OWN, clockAheadMs: 7 * 60_000 });
  });
});
