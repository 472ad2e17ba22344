import { AccountClient, ListRegionsCommand } from '@aws-sdk/client-account';
import { DescribeRegionsCommand, EC2Client } from '@aws-sdk/client-ec2';
import { DescribeOrganizationCommand, ListAccountsCommand, OrganizationsClient } from '@aws-sdk/client-organizations';
import { mockClient } from 'aws-sdk-client-mock';
import { afterEach, describe, expect, it } from 'vitest';
import { accountRegions, organizationAccounts, organizationId } from '../../lib/aws/accounts.ts';
import { UNKNOWN_ORGANIZATION } from '../../lib/model/inventory.ts';
import { awsError, testCell } from '../support/aws.ts';

const organizations = mockClient(OrganizationsClient);
const account = mockClient(AccountClient);
const ec2 = mockClient(EC2Client);
afterEach(() => {
  for (const mock of [organizations, account, ec2]) mock.reset();
});

describe('the accounts of an organisation', () => {
  it('are listed over all pages, with State before Status, and without those where nothing runs any more', async () => {
    organizations
      .on(ListAccountsCommand)
      .resolves({
        Accounts: [
          { Id: '3', Status: 'ACTIVE' },
          { Id: '4', State: 'PENDING_CLOSURE', Status: 'ACTIVE' },
        ],
      })
      .on(ListAccountsCommand, { NextToken: undefined })
      .resolves({
        Accounts: [
          { Id: '1', State: 'ACTIVE', Name: 'a\u202eb' },
          { Id: '2', State: 'CLOSED', Status: 'SUSPENDED' },
        ],
        NextToken: 'n',
      });
    const cell = testCell('organizations');
    expect(await organizationAccounts(cell)).toEqual([
      { account: '1', state: 'ACTIVE', name: 'aU+202Eb' },
      { account: '3', state: 'ACTIVE' },
      { account: '4', state: 'PENDING_CLOSURE' },
    ]);
    expect(cell.status(3)).toBe('complete');
  });

  it('are swept also where they are suspended: their doors can stand open for weeks', async () => {
    organizations.on(ListAccountsCommand).resolves({
      Accounts: [
        { Id: '1', Status: 'SUSPENDED' },
        { Id: '2', State: 'SUSPENDED' },
        { Id: '3', State: 'CLOSED' },
      ],
    });
    expect((await organizationAccounts(testCell('organizations')))?.map(({ account: id }) => id)).toEqual(['1', '2']);
  });

  it('are none, without a gap, where the account is in no organisation', async () => {
    organizations.on(ListAccountsCommand).rejects(awsError('AWSOrganizationsNotInUseException'));
    const cell = testCell('organizations');
    expect([await organizationAccounts(cell), cell.gaps()]).toEqual([undefined, []]);
  });

  it('are not listed for ever: a page that comes again is a gap, and what came is kept', async () => {
    organizations.on(ListAccountsCommand).resolves({ Accounts: [{ Id: '1', State: 'ACTIVE' }], NextToken: 'n' });
    const cell = testCell('organizations');
    expect(await organizationAccounts(cell)).toHaveLength(2);
    expect([cell.asked, cell.status(2)]).toEqual([Array<string>(2).fill('organizations:ListAccounts'), 'partial']);
  });

  it('are unknown, with a gap, where the organisation does not let us see them', async () => {
    organizations.on(ListAccountsCommand).rejects(awsError('AccessDeniedException', 403));
    const cell = testCell('organizations');
    expect(await organizationAccounts(cell)).toEqual([]);
    expect(cell.gaps()).toMatchObject([{ code: 'denied' }]);
  });
});

describe('the organisation', () => {
  it('is known by its id, is none, or is not known', async () => {
    organizations
      .on(DescribeOrganizationCommand)
      .resolvesOnce({ Organization: { Id: 'o-ours' } })
      .rejectsOnce(awsError('AWSOrganizationsNotInUseException'))
      .rejects(awsError('AccessDeniedException', 403));
    const ask = () => organizationId(testCell('organizations'));
    expect([await ask(), await ask(), await ask()]).toEqual(['o-ours', undefined, UNKNOWN_ORGANIZATION]);
    const cell = testCell('organizations');
    await organizationId(cell);
    expect(cell.gaps()).toMatchObject([{ code: 'denied' }]);
  });
});

describe('the regions of an account', () => {
  const names = async (cell = testCell('regions')) => ({
    regions: (await accountRegions(cell)).items.map((p) => p.region),
    cell,
  });

  it('come from the account service, page by page', async () => {
    account
      .on(ListRegionsCommand)
      .resolves({ Regions: [{ RegionName: 'eu-west-1' }] })
      .on(ListRegionsCommand, { NextToken: undefined })
      .resolves({ Regions: [{ RegionName: 'us-east-1' }], NextToken: 'n' });
    expect((await names()).regions).toEqual(['eu-west-1', 'us-east-1']);
  });

  it('come from EC2 where the account service refuses, also half way', async () => {
    account.on(ListRegionsCommand).rejects(awsError('AccessDeniedException', 403));
    account
      .on(ListRegionsCommand, { NextToken: undefined })
      .resolves({ Regions: [{ RegionName: 'us-east-1' }], NextToken: 'n' });
    ec2
      .on(DescribeRegionsCommand)
      .resolves({ Regions: [{ RegionName: 'us-east-1' }, { RegionName: 'ap-southeast-4' }] });
    const { regions, cell } = await names();
    expect([regions, cell.gaps()]).toEqual([['ap-southeast-4', 'us-east-1'], []]);
    expect(cell.asked).toEqual(['account:ListRegions', 'account:ListRegions', 'ec2:DescribeRegions']);
    expect(cell.refused).toEqual([['account:ListRegions', expect.stringContaining('AccessDeniedException')]]);
  });

  it('come from EC2 where the account service serves the same page again', async () => {
    account.on(ListRegionsCommand).resolves({ Regions: [{ RegionName: 'us-east-1' }], NextToken: 'n' });
    ec2.on(DescribeRegionsCommand).resolves({ Regions: [{ RegionName: 'eu-west-1' }] });
    const { regions, cell } = await names();
    expect([regions, cell.gaps(), account.calls().length]).toEqual([['eu-west-1'], [], 2]);
  });

  it('are a gap where neither answers', async () => {
    account.on(ListRegionsCommand).rejects(awsError('AccessDeniedException', 403));
    ec2.on(DescribeRegionsCommand).rejects(awsError('UnauthorizedOperation', 403));
    const { regions, cell } = await names();
    expect([regions, cell.status(0)]).toEqual([[], 'denied']);
  });

  it('do not swallow a name that is no region of the partition', async () => {
    account
      .on(ListRegionsCommand)
      .resolves({ Regions: [{ RegionName: 'us-east-1' }, { RegionName: 'evil.example.com/' }] });
    const { regions, cell } = await names();
    expect([regions, cell.gaps().length]).toEqual([['us-east-1'], 1]);
  });
});
