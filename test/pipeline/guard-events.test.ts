import { describe, expect, it } from 'vitest';
import { heartbeatOf, isOwnName, ownKeys, ownStackOf } from '../../lib/aws/own-stack.ts';
import { normalise } from '../../lib/events/normalise.ts';
import type { Change } from '../../lib/model/change.ts';
import type { Json } from '../../lib/model/ledger.ts';
import type { Notes } from '../../lib/pipeline/guard.ts';
import { beatCheck, eventPathCheck, tamperingCheck } from '../../lib/pipeline/guard-events.ts';
import { memoryStore } from '../../lib/stores/memory.ts';
import { AT } from '../support/builders.ts';

const START = Date.parse(AT);
const after = (minutes: number): Date => new Date(START + minutes * 60_000);
const HUB = '111122223333';
const KEY = '0a1b2c3d-0a1b-0a1b-0a1b-0a1b2c3d4e5f';
const stack = ownStackOf(`arn:aws:sns:eu-west-1:${HUB}:ajar-prod-health`);
const own = {
  keys: ownKeys(stack, [KEY]),
  isOwn: (name: string) => isOwnName(stack, name, [KEY]),
  heartbeat: heartbeatOf(stack),
};
const GUARD = `arn:aws:iam::${HUB}:role/ajar-prod-guard`;
const MALLORY = `arn:aws:iam::${HUB}:role/dev`;

let made = 0;
interface Called {
  readonly source: string;
  readonly name: string;
  readonly request: unknown;
  readonly at?: Date;
  readonly by?: string;
  readonly region?: string;
  readonly account?: string;
  readonly errorCode?: string;
}
/** A change as `lib/events` makes it of the event that AWS sends. */
function changeOf({
  source,
  name,
  request,
  at = after(0),
  by = MALLORY,
  region = 'eu-west-1',
  account = HUB,
  errorCode,
}: Called): Change {
  const detail = {
    ...{
      eventVersion: '1.11',
      eventID: `00000000-0000-4000-8000-${String(++made).padStart(12, '0')}`,
      eventType: 'AwsApiCall',
    },
    ...{ eventSource: `${source}.amazonaws.com`, eventName: name, awsRegion: region, requestParameters: request },
    ...{ eventTime: at.toISOString(), readOnly: false, managementEvent: true, eventCategory: 'Management' },
    ...{ recipientAccountId: account, sourceIPAddress: '203.0.113.7', userAgent: 'aws-cli/2.31' },
    userIdentity: {
      ...{ type: 'AssumedRole', principalId: 'AROAX:session', accountId: account },
      sessionContext: { sessionIssuer: { type: 'Role', arn: by } },
    },
    ...(errorCode === undefined ? {} : { errorCode }),
  };
  const event = {
    version: '0',
    id: 'e',
    'detail-type': 'AWS API Call via CloudTrail',
    source: `aws.${source}`,
    account,
    region,
    detail,
  };
  const normal = normalise(event, new Date(at.getTime() + 60_000));
  if (normal.kind !== 'change') throw new Error(`${name} is ${normal.kind}: ${normal.why}`);
  return normal.change;
}
const beatAt = (minutes: number, over: Partial<Called> = {}): Change =>
  changeOf({
    ...{ source: 'events', name: 'PutRule', at: after(minutes), by: GUARD },
    request: {
      name: 'ajar-prod-heartbeat',
      eventBusName: 'ajar-prod',
      state: 'DISABLED',
      eventPattern: '{"source":["ajar.heartbeat"]}',
    },
    ...over,
  });

function someNotes(): Notes & { readonly held: Map<string, Json> } {
  const held = new Map<string, Json>();
  return { held, read: async (key) => held.get(key), save: async (key, value) => void held.set(key, value) };
}
async function storeWith(changes: readonly Change[]) {
  const store = memoryStore({ sinks: [], now: () => after(0) });
  for (const change of changes) await store.changes.add(change);
  return store.changes;
}

describe('the heartbeat', () => {
  it('is written every fifteen minutes, whatever the schedule’s own lateness', async () => {
    const written: number[] = [];
    const check = beatCheck(
      async (now) => void written.push(Math.floor((now.getTime() - START) / 60_000)),
      someNotes(),
    );
    for (let minute = 0; minute < 60; minute++) await check.look(after(minute + ((minute * 7) % 10) / 60));
    expect(written).toEqual([0, 15, 30, 45]);
  });

  it('is written again a minute later where it could not be, and is a failure of that check', async () => {
    const notes = someNotes();
    let fails = true;
    const check = beatCheck(async () => {
      if (fails) throw new Error('AccessDenied');
    }, notes);
    await expect(check.look(after(0))).rejects.toThrow('AccessDenied');
    expect(notes.held.size).toBe(0);
    fails = false;
    expect(await check.look(after(1))).toEqual({ problems: [] });
    expect(notes.held.get('guard/heartbeat')).toEqual({ first: after(1).toISOString(), last: after(1).toISOString() });
  });

  it('keeps when the first was written', async () => {
    const notes = someNotes();
    const check = beatCheck(async () => undefined, notes);
    await check.look(after(0));
    await check.look(after(15));
    expect(notes.held.get('guard/heartbeat')).toEqual({ first: AT, last: after(15).toISOString() });
  });
});

describe('the event path', () => {
  const firstAt = (minutes: number) => {
    const notes = someNotes();
    notes.held.set('guard/heartbeat', { first: after(minutes).toISOString(), last: after(minutes).toISOString() });
    return notes;
  };
  const look = async (now: Date, changes: readonly Change[], notes: Notes) => {
    const found = await eventPathCheck(await storeWith(changes), own, notes).look(now);
    return { keys: found?.problems.map((p) => p.key), age: found?.counts?.['HeartbeatAge'] };
  };

  it('is given time before anything was written, and five minutes after the first', async () => {
    expect(await look(after(0), [], someNotes())).toEqual({ keys: [], age: undefined });
    expect((await look(after(5), [], firstAt(0))).keys).toEqual([]);
    expect((await look(after(5.1), [], firstAt(0))).keys).toEqual(['event-path']);
  });

  it('is open as long as the last write that came back is younger than twenty minutes', async () => {
    expect(await look(after(20), [beatAt(0)], firstAt(-500))).toEqual({ keys: [], age: 1_200 });
    expect(await look(after(20.1), [beatAt(0)], firstAt(-500))).toEqual({ keys: ['event-path'], age: 1_206 });
    expect(await look(after(20.1), [beatAt(0), beatAt(15)], firstAt(-500))).toEqual({ keys: [], age: 306 });
    expect((await look(after(70), [beatAt(0)], firstAt(-500))).keys).toEqual(['event-path']);
  });

  it.each([
    ['a refused one', beatAt(0, { errorCode: 'AccessDenied' })],
    ['another rule', beatAt(0, { request: { name: 'ajar-prod-changes-1', eventBusName: 'ajar-prod' } })],
    ['another account', beatAt(0, { account: '444455556666' })],
    ['another region', beatAt(0, { region: 'eu-west-2' })],
    ['another call', beatAt(0, { name: 'DisableRule' })],
  ])('is not shown to be open by %s', async (_, change) => {
    expect((await look(after(6), [change], firstAt(0))).keys).toEqual(['event-path']);
  });

  it('says what to look at', async () => {
    const found = await eventPathCheck(await storeWith([]), own, firstAt(0)).look(after(30));
    expect(found?.problems[0]).toMatchObject({ severity: 'critical' });
    expect(found?.problems[0]?.detail).toMatch(
      /ajar-prod-heartbeat every 15 min, and none in the last 60 min. Look at: a trail/,
    );
  });
});

describe('tampering', () => {
  const look = async (changes: readonly Change[], now = after(1)) => {
    const found = await tamperingCheck(await storeWith(changes), own).look(now);
    return found?.problems ?? [];
  };

  it.each<[string, Called]>([
    [
      'a rule that is switched off',
      { source: 'events', name: 'DisableRule', request: { name: 'ajar-prod-changes-1', eventBusName: 'ajar-prod' } },
    ],
    [
      'targets that are taken away',
      {
        source: 'events',
        name: 'RemoveTargets',
        request: { rule: 'ajar-prod-changes-3', eventBusName: 'ajar-prod', ids: ['change'] },
      },
    ],
    ['a forwarding rule', { source: 'events', name: 'DeleteRule', request: { name: 'ajar-changes-2' } }],
    ['the bus', { source: 'events', name: 'DeleteEventBus', request: { name: 'ajar-prod' } }],
    [
      'the bus as an ARN',
      {
        source: 'events',
        name: 'RemovePermission',
        request: { eventBusName: `arn:aws:events:eu-west-1:${HUB}:event-bus/ajar-prod` },
      },
    ],
    [
      'a schedule',
      {
        source: 'scheduler',
        name: 'UpdateSchedule',
        request: { name: 'EveryMinuteGuard-AB12', groupName: 'ajar-prod', state: 'DISABLED' },
      },
    ],
    ['all schedules', { source: 'scheduler', name: 'DeleteScheduleGroup', request: { name: 'ajar-prod' } }],
    [
      'a topic',
      { source: 'sns', name: 'DeleteTopic', request: { topicArn: `arn:aws:sns:eu-west-1:${HUB}:ajar-prod-page` } },
    ],
    [
      'a subscriber',
      {
        source: 'sns',
        name: 'Unsubscribe',
        request: { subscriptionArn: `arn:aws:sns:eu-west-1:${HUB}:ajar-prod-page:0a1b` },
      },
    ],
    [
      'a role, where global services answer',
      {
        source: 'iam',
        name: 'DetachRolePolicy',
        region: 'us-east-1',
        request: { roleName: 'ajar-prod-collect', policyArn: 'x' },
      },
    ],
    [
      'the reading role',
      { source: 'iam', name: 'UpdateAssumeRolePolicy', region: 'us-east-1', request: { roleName: 'ajar-inventory' } },
    ],
    [
      'a role in other letters',
      { source: 'iam', name: 'DeleteRole', region: 'us-east-1', request: { roleName: 'AJAR-Prod-Guard' } },
    ],
    ['a key', { source: 'kms', name: 'ScheduleKeyDeletion', request: { keyId: KEY } }],
    [
      'a key as an ARN',
      { source: 'kms', name: 'DisableKey', request: { keyId: `arn:aws:kms:eu-west-1:${HUB}:key/${KEY}` } },
    ],
    ['a log', { source: 'logs', name: 'DeleteLogGroup', request: { logGroupName: '/aws/lambda/ajar-prod-guard' } }],
    ['any trail of its account', { source: 'cloudtrail', name: 'StopLogging', request: { name: 'management-events' } }],
    [
      'the heartbeat’s rule, by somebody else',
      { source: 'events', name: 'PutRule', request: { name: 'ajar-prod-heartbeat', eventBusName: 'ajar-prod' } },
    ],
    [
      'something else by guard’s role',
      {
        source: 'events',
        name: 'DisableRule',
        by: GUARD,
        request: { name: 'ajar-prod-changes-1', eventBusName: 'ajar-prod' },
      },
    ],
  ])('is told of %s', async (_, called) => {
    const change = changeOf(called);
    expect(await look([change])).toMatchObject([{ key: `tampering/${change.id}`, severity: 'critical', once: true }]);
  });

  it.each<[string, Called]>([
    [
      'guard’s own heartbeat',
      {
        source: 'events',
        name: 'PutRule',
        by: GUARD,
        request: { name: 'ajar-prod-heartbeat', eventBusName: 'ajar-prod' },
      },
    ],
    [
      'somebody else’s rule',
      { source: 'events', name: 'DisableRule', request: { name: 'nightly', eventBusName: 'default' } },
    ],
    [
      'a name that only begins alike',
      { source: 'events', name: 'DisableRule', request: { name: 'ajar-production-1' } },
    ],
    [
      'somebody else’s topic',
      { source: 'sns', name: 'DeleteTopic', request: { topicArn: `arn:aws:sns:eu-west-1:${HUB}:orders` } },
    ],
    ['a stack of another stage', { source: 'scheduler', name: 'DeleteScheduleGroup', request: { name: 'ajar-dev' } }],
  ])('is not %s', async (_, called) => {
    expect(await look([changeOf(called)])).toEqual([]);
  });

  it('is told with who, from where, how it ended and the event', async () => {
    const refused = changeOf({
      ...{ source: 'events', name: 'DisableRule', errorCode: 'AccessDenied' },
      request: { name: 'ajar-prod-changes-1', eventBusName: 'ajar-prod' },
    });
    const [problem] = await look([refused]);
    expect(problem?.subject).toBe('refused: DisableRule on what ajar rests on');
    expect(problem?.detail).toBe(
      `events.amazonaws.com DisableRule of ajar-prod-changes-1, ajar-prod, refused: AccessDenied, in ${HUB}/eu-west-1 at ${AT}, ` +
        `by ${MALLORY} from 203.0.113.7 (cli), event ${refused.id}. If it was no deployment of ajar, find out why.`,
    );
  });

  it('is looked for an hour back, since events may be late, and ahead, since clocks differ', async () => {
    const change = (minutes: number) =>
      changeOf({ source: 'events', name: 'DeleteRule', request: { name: 'ajar-prod-x' }, at: after(minutes) });
    expect(await look([change(0)], after(59))).toHaveLength(1);
    expect(await look([change(0)], after(61))).toHaveLength(0);
    expect(await look([change(0)], after(-2))).toHaveLength(1);
  });

  it('is suspected where there is more than it looks through', async () => {
    const many = Array.from({ length: 501 }, () =>
      changeOf({ source: 'events', name: 'PutTargets', request: { rule: 'theirs' } }),
    );
    expect((await look(many)).map((p) => p.key)).toEqual(['tampering/too-many']);
  });

  it('is told in bounded and printable words', async () => {
    const name = `ajar-prod-${'\u202e<b>'.repeat(100)}`;
    const [problem] = await look([changeOf({ source: 'events', name: 'DeleteRule', request: { name } })]);
    expect(problem?.detail).not.toMatch(/\u202e/u);
    expect(problem?.detail.length).toBeLessThanOrEqual(1_000);
  });
});
