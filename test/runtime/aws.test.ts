/** lib/runtime/aws.ts and lib/runtime/plan.ts: what is said of services that have no region. */
import { DescribeOrganizationCommand, OrganizationsClient } from '@aws-sdk/client-organizations';
import { GetCallerIdentityCommand, STSClient } from '@aws-sdk/client-sts';
import { mockClient } from 'aws-sdk-client-mock';
import { beforeEach, describe, expect, it } from 'vitest';
import { type AwsInventorySettings, openAwsInventory } from '../../lib/runtime/aws.ts';
import { planAws } from '../../lib/runtime/plan.ts';

const OWN = '999988887777';
const [sts, organizations] = [mockClient(STSClient), mockClient(OrganizationsClient)];
beforeEach(() => {
  sts.reset();
  organizations.reset();
  sts.on(GetCallerIdentityCommand).resolves({ Account: OWN, Arn: `arn:aws:sts::${OWN}:assumed-role/a/b` });
  organizations.on(DescribeOrganizationCommand).resolves({ Organization: { Id: 'o-ours' } });
});

const SETTINGS: AwsInventorySettings = {
  region: 'eu-west-1',
  sessionName: 'ajar',
  maxAttempts: 1,
  requestTimeoutMs: 1_000,
  services: ['memorydb', 'cloudfront', 'global-accelerator'],
};
const gapsWith = async (change: Partial<AwsInventorySettings>) =>
  (await (await openAwsInventory({ ...SETTINGS, ...change }, { now: () => new Date() })).accounts()).gaps;

describe('services without a region', () => {
  it('are a gap where --regions leaves out the region that they are read with', async () => {
    expect(await gapsWith({ regions: ['eu-west-1', 'eu-central-1'] })).toEqual([
      {
        stage: 'inventory',
        subject: 'global services',
        code: 'incomplete',
        detail:
          'not read, since --regions leaves out us-east-1: global-accelerator, cloudfront; add it, or leave them out by --services',
      },
    ]);
  });

  it.each([
    ['all regions', {}],
    ['their region among others', { regions: ['us-east-1', 'eu-west-1'] }],
    ['nothing but others', { regions: ['eu-west-1'], services: ['memorydb'] }],
  ] as const)('are none where the user asked for %s', async (_, change) => {
    expect(await gapsWith(change)).toEqual([]);
  });

  it('are in another region in another partition', async () => {
    sts.on(GetCallerIdentityCommand).resolves({ Account: OWN, Arn: `arn:aws-us-gov:sts::${OWN}:assumed-role/a/b` });
    expect(await gapsWith({ regions: ['us-gov-west-1'] })).toEqual([]);
    expect((await gapsWith({ regions: ['us-gov-east-1'] })).map((g) => g.detail)).toEqual([
      expect.stringContaining('leaves out us-gov-west-1'),
    ]);
  });
});

describe('a plan', () => {
  it('asks nobody whose the account is, and is whole without the services that were left out', async () => {
    const { estimate, gaps } = await planAws({ ...SETTINGS, regions: ['eu-west-1'] }, undefined);
    expect([estimate.cells, gaps, organizations.calls()]).toEqual([1, [], []]);
  });
});
