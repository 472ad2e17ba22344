import { CloudTrailClient, LookupEventsCommand } from '@aws-sdk/client-cloudtrail';
import { mockClient } from 'aws-sdk-client-mock';
import { afterEach, describe, expect, it } from 'vitest';
import { lookUpEvents, MAX_NAMES, resourceNames } from '../../lib/aws/lookup-events.ts';
import { awsError, testCell } from '../support/aws.ts';

const aws = mockClient(CloudTrailClient);
afterEach(() => aws.reset());
const PERIOD = { from: new Date('2026-12-04T10:00:00Z'), to: new Date('2026-12-04T11:00:00Z') };
const event = (EventId: string) => ({ EventId, CloudTrailEvent: `{"eventID":"${EventId}"}` });

describe('events looked up by resource name', () => {
  it('are the records of all names and pages, each once', async () => {
    aws
      .on(LookupEventsCommand)
      .resolvesOnce({ Events: [event('1')], NextToken: 't' })
      .resolvesOnce({ Events: [event('2'), { EventId: 'no text' }] })
      .resolvesOnce({ Events: [event('2'), event('3')] });
    const found = await lookUpEvents(testCell('events'), ['db', 'group'], PERIOD);
    expect(found).toEqual(['{"eventID":"1"}', '{"eventID":"2"}', '{"eventID":"3"}']);
    expect(aws.commandCalls(LookupEventsCommand)[2]?.args[0].input).toMatchObject({
      LookupAttributes: [{ AttributeKey: 'ResourceName', AttributeValue: 'group' }],
      StartTime: PERIOD.from,
      EndTime: PERIOD.to,
    });
  });

  it('are bounded in names and in events of each, however many there are', async () => {
    const many = Array.from({ length: 50 }, (_, n) => event(String(n)));
    aws.on(LookupEventsCommand).callsFake(({ NextToken = 'a' }: { NextToken?: string }) => ({
      Events: many,
      NextToken: `${NextToken}a`,
    }));
    await lookUpEvents(
      testCell('events'),
      Array.from({ length: 30 }, (_, n) => `n${n}`),
      PERIOD,
    );
    expect(aws.commandCalls(LookupEventsCommand)).toHaveLength(2 * MAX_NAMES);
  });

  it('that are refused leave a gap, and nothing found', async () => {
    aws.on(LookupEventsCommand).rejects(awsError('AccessDeniedException'));
    const cell = testCell('events');
    expect(await lookUpEvents(cell, ['db'], PERIOD)).toEqual([]);
    expect(cell.gaps().map((gap) => gap.code)).toEqual(['denied']);
  });
});

describe('what CloudTrail calls a resource', () => {
  it('is its name, or its id; what is its own comes before the network that it shares', () => {
    const keys = ['es:domain/logs', 'ec2:sg-0123456789abcdef0', 'rds:pg/a', 'kms:key/a/b', 'rds:db/a'];
    expect(resourceNames(keys)).toEqual(['logs', 'a', 'a/b', 'sg-0123456789abcdef0']);
  });
});
