import {
  CloudTrailClient,
  DescribeTrailsCommand,
  GetEventSelectorsCommand,
  GetTrailStatusCommand,
  type Trail,
} from '@aws-sdk/client-cloudtrail';
import { mockClient } from 'aws-sdk-client-mock';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { managementWrites, TRAIL_ACTIONS, trailProtection } from '../../lib/aws/trails.ts';
import { awsError, testCell } from '../support/aws.ts';

const aws = mockClient(CloudTrailClient);
afterEach(() => aws.reset());

const management = { Field: 'eventCategory', Equals: ['Management'] };
const advanced = (...FieldSelectors: { Field: string }[]) => ({ AdvancedEventSelectors: [{ FieldSelectors }] });
const basic = (...EventSelectors: object[]) => ({ EventSelectors });

describe('which management writes a trail records', () => {
  it.each([
    ['the default selector', basic({ ReadWriteType: 'All', IncludeManagementEvents: true }), 'all'],
    ['the documented defaults', basic({}), 'all'],
    ['writes only', basic({ ReadWriteType: 'WriteOnly', IncludeManagementEvents: true }), 'all'],
    ['reads only', basic({ ReadWriteType: 'ReadOnly', IncludeManagementEvents: true }), 'none'],
    ['data events only', basic({ ReadWriteType: 'All', IncludeManagementEvents: false }), 'none'],
    ['a kind that nobody knows', basic({ ReadWriteType: 'Sometimes' }), 'unread'],
    [
      'all but the noisy sources',
      basic({ ExcludeManagementEventSources: ['kms.amazonaws.com', 'rdsdata.amazonaws.com'] }),
      'all',
    ],
    ['all but RDS', basic({ ExcludeManagementEventSources: ['rds.amazonaws.com'] }), 'some'],
    ['one selector of two', basic({ ReadWriteType: 'ReadOnly' }, {}), 'all'],
    ['no selector', basic(), 'none'],
    ['nothing that says anything', {}, 'unread'],
    ['management events', advanced(management), 'all'],
    ['management writes', advanced(management, { Field: 'readOnly', Equals: ['false'] } as never), 'all'],
    ['management reads', advanced(management, { Field: 'readOnly', Equals: ['true'] } as never), 'none'],
    [
      'an operator that nobody knows',
      advanced(management, { Field: 'readOnly', NotEquals: ['true'] } as never),
      'unread',
    ],
    ['data events', advanced({ Field: 'eventCategory', Equals: ['Data'] } as never), 'none'],
    ['all but KMS', advanced(management, { Field: 'eventSource', NotEquals: ['kms.amazonaws.com'] } as never), 'all'],
    ['all but EC2', advanced(management, { Field: 'eventSource', NotEquals: ['ec2.amazonaws.com'] } as never), 'some'],
    ['one service', advanced(management, { Field: 'eventSource', Equals: ['s3.amazonaws.com'] } as never), 'some'],
    ['some people', advanced(management, { Field: 'userIdentity.arn', NotEquals: ['arn:x'] } as never), 'some'],
    ['a selector without fields', { AdvancedEventSelectors: [{}] }, 'unread'],
  ])('%s', (_, selectors, expected) => {
    expect(managementWrites(selectors as never)).toBe(expected);
  });
});

describe('whether changes in a place reach anybody', () => {
  const trail = (name: string, change: Partial<Trail> = {}): Trail => ({
    TrailARN: `arn:aws:cloudtrail:us-east-1:111122223333:trail/${name}`,
    HomeRegion: 'us-east-1',
    IsMultiRegionTrail: true,
    ...change,
  });
  const trails = (...trailList: Trail[]) => aws.on(DescribeTrailsCommand).resolves({ trailList });
  beforeEach(() => {
    aws.on(GetTrailStatusCommand).resolves({ IsLogging: true });
    aws.on(GetEventSelectorsCommand).resolves(basic({ IncludeManagementEvents: true }));
  });
  const read = async () => {
    const cell = testCell('guardrails');
    return { protection: (await trailProtection(cell))?.protection, cell };
  };

  it('is on with one trail that records everything, and asks no further', async () => {
    trails(trail('b'), trail('a'));
    const { protection, cell } = await read();
    expect(protection).toMatchObject({ level: 'on', evidence: expect.stringContaining('trail/a: IsLogging=true') });
    expect(cell.asked).toEqual([...TRAIL_ACTIONS]);
  });

  it.each([
    ['there is no trail', []],
    ['the only trail is of another region', [trail('a', { HomeRegion: 'eu-west-1', IsMultiRegionTrail: false })]],
  ])('is off, and says blind, where %s', async (_, list) => {
    trails(...list);
    expect((await read()).protection).toMatchObject({ level: 'off', evidence: expect.stringContaining('blind') });
  });

  it('counts a trail of this region alone, and one of another that covers all', async () => {
    trails(trail('a', { IsMultiRegionTrail: false }));
    expect((await read()).protection?.level).toBe('on');
    trails(trail('a', { HomeRegion: 'eu-west-1' }));
    expect((await read()).protection?.level).toBe('on');
  });

  it('is off where logging was stopped', async () => {
    trails(trail('a'));
    aws.on(GetTrailStatusCommand).resolves({ IsLogging: false });
    expect((await read()).protection).toMatchObject({
      level: 'off',
      evidence: expect.stringContaining('IsLogging=false'),
    });
  });

  it('is partial where logs are not delivered, or record only some changes', async () => {
    trails(trail('a'));
    aws.on(GetTrailStatusCommand).resolves({ IsLogging: true, LatestDeliveryError: 'NoSuchBucket' });
    expect((await read()).protection).toMatchObject({
      level: 'partial',
      evidence: expect.stringContaining('NoSuchBucket'),
    });
    aws.on(GetTrailStatusCommand).resolves({ IsLogging: true });
    aws.on(GetEventSelectorsCommand).resolves(basic({ ExcludeManagementEventSources: ['ec2.amazonaws.com'] }));
    expect((await read()).protection?.level).toBe('partial');
  });

  it('finds the trail that records everything behind one that does not answer', async () => {
    trails(trail('a'), trail('b'));
    aws.on(GetTrailStatusCommand, { Name: trail('a').TrailARN }).rejects(awsError('AccessDeniedException', 400));
    const { protection, cell } = await read();
    expect(protection?.level).toBe('on');
    expect(cell.gaps()).toMatchObject([{ subject: trail('a').TrailARN, code: 'denied' }]);
  });

  it.each([
    ['its status', GetTrailStatusCommand],
    ['its selectors', GetEventSelectorsCommand],
  ])('is unknown where a trail does not tell %s', async (_, command) => {
    trails(trail('a'));
    aws.on(command as never).rejects(awsError('AccessDeniedException', 400));
    const { protection, cell } = await read();
    expect([protection?.level, cell.status(1)]).toEqual(['unknown', 'complete']);
    aws.on(command as never).resolves({});
    expect((await read()).protection?.level).toBe('unknown');
  });

  it('says nothing where the trails cannot be listed', async () => {
    aws.on(DescribeTrailsCommand).rejects(awsError('AccessDeniedException', 400));
    const { protection, cell } = await read();
    expect([protection, cell.status(0)]).toEqual([undefined, 'denied']);
  });
});
