import { AccountClient, ListRegionsCommand } from '@aws-sdk/client-account';
import { EC2Client } from '@aws-sdk/client-ec2';
import { DescribeOrganizationCommand, ListAccountsCommand, OrganizationsClient } from '@aws-sdk/client-organizations';
import { AssumeRoleCommand, GetCallerIdentityCommand, STSClient } from '@aws-sdk/client-sts';
import { mockClient } from 'aws-sdk-client-mock';
import { beforeEach, describe, expect, it } from 'vitest';
import { UNKNOWN_ORGANIZATION } from '../../lib/model/inventory.ts';
import { listPlaces } from '../../lib/pipeline/inventory.ts';
import { type AwsAccountsSettings, type AwsOptions, openAwsAccounts } from '../../lib/runtime/aws-accounts.ts';
import { awsError, EMPTY_NETWORK } from '../support/aws.ts';

const [OWN, MEMBER, STRANGER] = ['999988887777', '111122223333', '444455556666'];
const mocks = {
  sts: mockClient(STSClient),
  organizations: mockClient(OrganizationsClient),
  account: mockClient(AccountClient),
  ec2: mockClient(EC2Client),
};
beforeEach(() => {
  for (const mock of Object.values(mocks)) mock.reset();
  mocks.sts.on(GetCallerIdentityCommand).resolves({ Account: OWN, Arn: `arn:aws:sts::${OWN}:assumed-role/a/b` });
  mocks.sts.on(AssumeRoleCommand).callsFake(({ RoleArn }: { RoleArn: string }) => ({
    Credentials: { AccessKeyId: 'a', SecretAccessKey: 's', SessionToken: 't', Expiration: new Date() },
    AssumedRoleUser: { AssumedRoleId: 'x', Arn: RoleArn },
  }));
  mocks.account.on(ListRegionsCommand).resolves({ Regions: [{ RegionName: 'eu-west-1' }] });
  mocks.organizations.on(ListAccountsCommand).resolves({ Accounts: [{ Id: OWN }, { Id: MEMBER }] });
});

let passed = 0;
beforeEach(() => {
  passed = 0;
});
const open = (change: Partial<AwsAccountsSettings> = {}, options: Partial<AwsOptions> = {}) =>
  openAwsAccounts(
    { region: 'eu-west-1', role: 'reader', sessionName: 'ajar', maxAttempts: 1, requestTimeoutMs: 1_000, ...change },
    {
      now: () => new Date(Date.parse('2026-11-26T12:00:00Z') + passed),
      credentials: async () => ({ accessKeyId: 'a', secretAccessKey: 's' }),
      ...options,
    },
    async () => EMPTY_NETWORK,
  );
const organizationsOf = async (aws: Awaited<ReturnType<typeof open>>, account: string) =>
  (await aws.regions(account)).items.map(({ organization }) => organization);
const asked = () => mocks.organizations.commandCalls(DescribeOrganizationCommand).length;

describe('accounts of an organisation', () => {
  it('are all in it, and it is asked for once', async () => {
    mocks.organizations.on(DescribeOrganizationCommand).resolves({ Organization: { Id: 'o-ours' } });
    const aws = await open();
    expect((await aws.accounts()).items.map(({ account }) => account)).toEqual([OWN, MEMBER]);
    expect([await organizationsOf(aws, OWN), await organizationsOf(aws, MEMBER)]).toEqual([['o-ours'], ['o-ours']]);
    expect(asked()).toBe(1);
  });

  it.each([{}, { regions: ['eu-west-1', 'us-east-1'] }])(
    'are in one that is not known while nobody answers: said once a pass, and asked again by the next (%j)',
    async (settings) => {
      mocks.organizations
        .on(DescribeOrganizationCommand)
        .rejectsOnce(awsError('TooManyRequestsException', 429))
        .rejectsOnce(awsError('TooManyRequestsException', 429))
        .resolves({ Organization: { Id: 'o-ours' } });
      const aws = await open(settings);
      const pass = async () => {
        const { places, gaps } = await listPlaces(aws);
        return [[...new Set(places.map((p) => p.organization))], gaps.map(({ code }) => code), asked()];
      };
      expect(await pass()).toEqual([[UNKNOWN_ORGANIZATION], ['throttled'], 1]);
      passed += 60_000;
      expect(await pass()).toEqual([[UNKNOWN_ORGANIZATION], ['throttled'], 2]);
      passed += 60_000;
      expect(await pass()).toEqual([['o-ours'], [], 3]);
      passed += 60_000;
      expect(await pass()).toEqual([['o-ours'], [], 3]);
    },
  );

  it('are listed once in 15 minutes, whoever does not say whose they are', async () => {
    mocks.organizations.on(DescribeOrganizationCommand).rejects(awsError('AccessDeniedException', 403));
    const aws = await open();
    for (let pass = 0; pass < 3; pass++) {
      const { items, gaps } = await aws.accounts();
      expect([items.length, gaps.map((g) => g.detail.split(': ', 1)[0])]).toEqual([
        2,
        ['organizations:DescribeOrganization'],
      ]);
      expect(gaps[0]?.subject).toBe(`${OWN}/us-east-1/organizations`);
      passed += 60_000;
    }
    expect(mocks.organizations.commandCalls(ListAccountsCommand)).toHaveLength(1);
  });

  it('are the caller alone where the list says that it is in none, though nobody said which it is in', async () => {
    mocks.organizations
      .on(DescribeOrganizationCommand)
      .rejects(awsError('AccessDeniedException', 403))
      .on(ListAccountsCommand)
      .rejects(awsError('AWSOrganizationsNotInUseException'));
    const { items, gaps } = await (await open()).accounts();
    expect([items, gaps.map((g) => g.code)]).toEqual([[{ account: OWN }], ['denied']]);
  });

  it('are planned without asking whose they are: no policy is judged', async () => {
    const aws = await open({}, { listsOnly: true });
    const { places, gaps } = await listPlaces(aws);
    expect([places.length, gaps, asked()]).toEqual([2, [], 0]);
    expect(places.map((p) => p.organization)).toEqual([UNKNOWN_ORGANIZATION, UNKNOWN_ORGANIZATION]);
  });

  it('are the caller alone where it is in none', async () => {
    mocks.organizations.on(DescribeOrganizationCommand).rejects(awsError('AWSOrganizationsNotInUseException'));
    const aws = await open();
    expect(await aws.accounts()).toEqual({ items: [{ account: OWN }], gaps: [] });
    expect(await organizationsOf(aws, OWN)).toEqual([undefined]);
    expect(mocks.organizations.commandCalls(ListAccountsCommand)).toEqual([]);
  });
});

describe('accounts that somebody names', () => {
  it('are asked themselves which organisation they are in: ours says nothing of theirs', async () => {
    mocks.organizations
      .on(DescribeOrganizationCommand)
      .resolvesOnce({ Organization: { Id: 'o-theirs' } })
      .rejects(awsError('AccessDeniedException', 403));
    const aws = await open({ accounts: [STRANGER, MEMBER] });
    expect(await organizationsOf(aws, STRANGER)).toEqual(['o-theirs']);
    const { items, gaps } = await aws.regions(MEMBER);
    expect([items.map((p) => p.organization), gaps.map((g) => g.code)]).toEqual([[UNKNOWN_ORGANIZATION], ['denied']]);
  });

  it('are left out by nobody who only came without the role: what is known of others stays known', async () => {
    const of = (account: string) => ({ account, region: 'eu-west-1', partition: 'aws' }) as const;
    const alone = await open({ role: undefined });
    expect([alone.includes(of(OWN)), alone.includes(of(MEMBER))]).toEqual([true, true]);
    const literal = await open({ role: `arn:aws:iam::${MEMBER}:role/reader` });
    expect(literal.includes(of(STRANGER))).toBe(true);
    expect((await open({ accounts: [MEMBER] })).includes(of(STRANGER))).toBe(false);
  });

  it('cannot be others than our own without a role', async () => {
    await expect(open({ role: undefined, accounts: [MEMBER] })).rejects.toThrow(
      `account ${MEMBER} cannot be read without a role`,
    );
    mocks.organizations.on(DescribeOrganizationCommand).rejects(awsError('AWSOrganizationsNotInUseException'));
    expect((await (await open({ role: undefined })).accounts()).items).toEqual([{ account: OWN }]);
  });

  it('are one where the role is a whole ARN, and no other may be named beside it', async () => {
    const role = `arn:aws:iam::${MEMBER}:role/reader`;
    expect((await (await open({ role })).accounts()).items).toEqual([{ account: MEMBER }]);
    await expect(open({ role, accounts: [MEMBER, STRANGER] })).rejects.toThrow(`--role ${role} is of ${MEMBER} alone`);
    const all = await open({ role: 'arn:aws:iam::{account}:role/reader', accounts: [MEMBER, STRANGER] });
    expect((await all.accounts()).items).toHaveLength(2);
  });
});
