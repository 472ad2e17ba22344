import {
  DescribeVpcBlockPublicAccessExclusionsCommand,
  DescribeVpcBlockPublicAccessOptionsCommand,
  EC2Client,
  GetSnapshotBlockPublicAccessStateCommand,
} from '@aws-sdk/client-ec2';
import { CloudTrailClient, DescribeTrailsCommand } from '@aws-sdk/client-cloudtrail';
import { mockClient } from 'aws-sdk-client-mock';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { guardrails } from '../../lib/collectors/guardrails.ts';
import { awsError, collectWith, PLACE, testCell } from '../support/aws.ts';

const ec2 = mockClient(EC2Client);
const trail = mockClient(CloudTrailClient);
afterEach(() => {
  ec2.reset();
  trail.reset();
});

function answer(vpc: object, snapshots: string | undefined = 'unblocked', exclusions: object[] = []): void {
  ec2.on(DescribeVpcBlockPublicAccessOptionsCommand).resolves({ VpcBlockPublicAccessOptions: vpc });
  ec2.on(DescribeVpcBlockPublicAccessExclusionsCommand).resolves({ VpcBlockPublicAccessExclusions: exclusions });
  ec2.on(GetSnapshotBlockPublicAccessStateCommand).resolves({ State: snapshots as never });
}
beforeEach(() => {
  answer({ InternetGatewayBlockMode: 'off', State: 'default-state' });
  trail.on(DescribeTrailsCommand).resolves({ trailList: [] });
});

describe('guard rails', () => {
  it('lists one endpoint per guard rail, at hosts that nobody probes', async () => {
    const { endpoints, status, cell } = await collectWith(guardrails);
    expect(status).toBe('complete');
    expect(endpoints.map(({ id, host, shared, engine }) => [id, host, shared, engine])).toEqual(
      [
        ['vpc-block-public-access', 'ec2'],
        ['ebs-snapshot-block-public-access', 'ec2'],
        ['cloudtrail', 'cloudtrail'],
      ].map(([name, api]) => [
        `111122223333/us-east-1/guardrails/${name}`,
        `${api}.us-east-1.amazonaws.com`,
        true,
        'provider-api',
      ]),
    );
    expect(endpoints.map(({ declared }) => Object.keys(declared))).toEqual(Array(3).fill(['guardrail']));
    expect(cell.asked).toHaveLength(3);
  });

  it('uses the suffix of its partition', async () => {
    const place = { ...PLACE, region: 'cn-north-1', partition: 'aws-cn' } as const;
    const { endpoints } = await collectWith(guardrails, { place });
    expect(endpoints[0]?.host).toBe('ec2.cn-north-1.amazonaws.com.cn');
  });

  it.each([
    ['off', [], 'off'],
    ['block-ingress', [], 'on'],
    ['block-bidirectional', [], 'on'],
    ['block-bidirectional', [{ ExclusionId: 'x', State: 'create-complete' }], 'partial'],
    ['block-bidirectional', [{ ExclusionId: 'x', State: 'delete-in-progress' }], 'partial'],
    ['block-bidirectional', [{ ExclusionId: 'x' }], 'partial'],
    [
      'block-bidirectional',
      [{ State: 'delete-complete' }, { State: 'disable-complete' }, { State: 'create-failed' }],
      'on',
    ],
    ['block-egress', [], 'unknown'],
    [undefined, [], 'unknown'],
  ])('reads VPC block public access %s with exclusions %j as %s', async (mode, exclusions, level) => {
    answer({ InternetGatewayBlockMode: mode }, 'unblocked', exclusions);
    const collected = await collectWith(guardrails);
    expect(collected.door('/vpc-block-public-access').declared.guardrail?.level).toBe(level);
  });

  it('does not know how far the switch reaches while the exclusions are denied', async () => {
    answer({ InternetGatewayBlockMode: 'block-ingress' });
    ec2.on(DescribeVpcBlockPublicAccessExclusionsCommand).rejects(awsError('UnauthorizedOperation', 403));
    const collected = await collectWith(guardrails);
    expect([collected.door('/vpc-block-public-access').declared.guardrail?.level, collected.status]).toEqual([
      'unknown',
      'complete',
    ]);
  });

  it.each([
    ['block-all-sharing', 'on'],
    ['block-new-sharing', 'partial'],
    ['unblocked', 'off'],
    ['something-new', 'unknown'],
    [undefined, 'unknown'],
  ])('reads snapshot block public access %s as %s', async (state, level) => {
    answer({ InternetGatewayBlockMode: 'off' }, state ?? '');
    if (state === undefined) ec2.on(GetSnapshotBlockPublicAccessStateCommand).resolves({});
    const collected = await collectWith(guardrails);
    expect(collected.door('/ebs-snapshot-block-public-access').declared.guardrail?.level).toBe(level);
  });

  it('lists the others, and is in doubt, where one API is missing', async () => {
    ec2.on(DescribeVpcBlockPublicAccessOptionsCommand).rejects(awsError('InvalidAction'));
    const { endpoints, status, cell } = await collectWith(guardrails);
    expect(endpoints.map(({ name }) => name)).toEqual(['ebs-snapshot-block-public-access', 'cloudtrail']);
    expect([status, cell.gaps().length]).toEqual(['partial', 1]);
  });

  it('is denied where everything is', async () => {
    ec2.onAnyCommand().rejects(awsError('UnauthorizedOperation', 403));
    trail.onAnyCommand().rejects(awsError('AccessDeniedException', 400));
    const { endpoints, status } = await collectWith(guardrails);
    expect([endpoints, status]).toEqual([[], 'denied']);
  });

  it('never says that a switch is gone', async () => {
    const [endpoint] = (await collectWith(guardrails)).endpoints;
    const ask = (name: string) => guardrails.exists(testCell('guardrails'), { ...endpoint!, name });
    expect(await ask('vpc-block-public-access')).toBe(true);
    ec2.onAnyCommand().rejects(awsError('UnauthorizedOperation', 403));
    expect([await ask('vpc-block-public-access'), await ask('no such guard rail')]).toEqual([undefined, undefined]);
  });
});

describe('what a guard rail depends on', () => {
  it('is what is excluded from it, and the trails that tell of it', async () => {
    const ResourceArn = 'arn:aws:ec2:us-east-1:111122223333:subnet/subnet-0a1b2c3d';
    answer({ InternetGatewayBlockMode: 'block-ingress' }, 'unblocked', [{ ExclusionId: 'x', ResourceArn }]);
    const TrailARN = 'arn:aws:cloudtrail:us-east-1:111122223333:trail/all';
    trail.on(DescribeTrailsCommand).resolves({ trailList: [{ TrailARN, IsMultiRegionTrail: true }] });
    const { endpoints } = await collectWith(guardrails);
    expect(endpoints.map((e) => e.dependencies)).toEqual([
      ['ec2:subnet-0a1b2c3d'],
      undefined,
      ['cloudtrail:trail/all'],
    ]);
  });
});
