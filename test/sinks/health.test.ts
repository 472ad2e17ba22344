import { PublishCommand, SNSClient } from '@aws-sdk/client-sns';
import { mockClient } from 'aws-sdk-client-mock';
import { afterEach, describe, expect, it } from 'vitest';
import type { HealthNews, Told } from '../../lib/model/health.ts';
import { healthMessage, publishHealth } from '../../lib/sinks/health.ts';
import { messageBytes } from '../../lib/sinks/sns-message.ts';
import { awsError } from '../support/aws.ts';

const AT = '2026-12-04T10:00:00.000Z';
const client = new SNSClient({
  region: 'eu-west-1',
  credentials: { accessKeyId: 'x', secretAccessKey: 'x' },
  maxAttempts: 1,
});
const sns = mockClient(client);
afterEach(() => sns.reset());
const topics = { health: { client, topicArn: 'arn:health' }, page: { client, topicArn: 'arn:page' } };
const { signal } = new AbortController();

const told = (over: Partial<Told> = {}): Told => ({
  ...{ key: 'event-path', severity: 'critical', subject: 'event path down', detail: 'Look at the trail.', since: AT },
  ...over,
});
const news = (over: Partial<HealthNews> = {}): HealthNews => ({
  ...{ at: AT, began: [], lasting: [], ended: [], open: 0, deaf: [] },
  ...over,
});
const bodies = (of: HealthNews) => JSON.parse(healthMessage(of).Message) as Record<'default' | 'email' | 'sms', string>;

describe('a health message', () => {
  it.each<[string, HealthNews, string]>([
    ['what begins', news({ began: [told()], open: 1 }), '[CRIT] ajar itself: event path down'],
    [
      'what is less urgent',
      news({ began: [told({ severity: 'warning' })], open: 1 }),
      '[WARN] ajar itself: event path down',
    ],
    [
      'how much else there is',
      news({ began: [told(), told()], lasting: [told()], open: 3 }),
      '[CRIT] ajar itself: event path down (+2 more)',
    ],
    ['what lasts', news({ lasting: [told()], open: 1 }), '[CRIT] ajar itself: event path down - still'],
    ['what is over', news({ ended: [told()] }), '[OK] ajar itself: event path down - over'],
    [
      'what is over while others last',
      news({ ended: [told()], open: 2 }),
      '[OK] ajar itself: event path down - over, 2 open',
    ],
  ])('says in its subject %s', (_, of, subject) => {
    expect(healthMessage(of).Subject).toBe(subject);
  });

  it('is words for people and a document for machines', () => {
    const of = news({
      began: [
        told({ affected: ['a', 'b'] }),
        told({ key: 'tampering/1', subject: 'DisableRule on what ajar rests on', once: true }),
      ],
      ended: [told({ key: 'outbox', subject: '1 notice owed' })],
      open: 1,
    });
    const { email, sms, ...rest } = bodies(of);
    expect(email.split('\n')).toEqual([
      ...['NEW', 'CRITICAL  event path down', '  Look at the trail.', `  since ${AT}`],
      ...['CRITICAL  DisableRule on what ajar rests on', '  Look at the trail.', ''],
      ...['OVER', 'CRITICAL  1 notice owed', '  Look at the trail.', `  since ${AT}`, ''],
      `1 of these or others are open at ${AT}. This is about ajar, not about what it watches.`,
    ]);
    expect(sms).toBe('[CRIT] ajar itself: event path down (+2 more)');
    const document = { severity: 'critical', detail: 'Look at the trail.', since: AT };
    expect(JSON.parse(rest.default)).toEqual({
      ...{ schemaVersion: 1, kind: 'health', at: AT, subject: sms, open: 1, deaf: [], lasting: [] },
      began: [
        { ...document, key: 'event-path', subject: 'event path down', affected: ['a', 'b'], affectedCount: 2 },
        { ...document, key: 'tampering/1', subject: 'DisableRule on what ajar rests on', once: true },
      ],
      ended: [{ ...document, key: 'outbox', subject: '1 notice owed' }],
    });
  });

  it('can be filtered by kind, severity and state', () => {
    const { MessageAttributes } = healthMessage(news({ lasting: [told({ severity: 'warning' })], open: 1 }));
    const values = Object.entries(MessageAttributes).map(([name, { StringValue }]) => `${name}=${StringValue}`);
    expect(values).toEqual(['kind=health', 'severity=warning', 'state=lasting', 'problems=1']);
  });

  it.each([
    ['long', 'x'.repeat(50_000)],
    ['outside ASCII', '\u{1f6aa}é\u202e\n\u0000'.repeat(5_000)],
    ['quotes, which grow when they are quoted', '"\\'.repeat(5_000)],
  ])('fits the budget and its subject the limit, whatever the texts: %s', (_, text) => {
    const many = Array.from({ length: 500 }, (__, i) =>
      told({ key: `${i}${text}`, subject: text, detail: text, affected: Array.from({ length: 500 }, () => text) }),
    );
    for (const of of [
      news({ began: many, lasting: many, ended: many, open: 1_000 }),
      news({ began: [told({ subject: text })] }),
    ]) {
      const message = healthMessage(of);
      expect(messageBytes(message)).toBeLessThanOrEqual(32 * 1_024);
      expect(message.Subject).toMatch(/^\[CRIT\] ajar itself: [\x20-\x7e]{0,79}$/);
      const { default: json, email, sms } = JSON.parse(message.Message) as Record<string, string>;
      expect((JSON.parse(json ?? '') as { began: unknown[] }).began.length).toBeGreaterThan(0);
      expect(email).not.toMatch(/[\u0000\u202e]/u);
      expect(sms?.length).toBeLessThanOrEqual(140);
    }
  });

  it('counts what it leaves out', () => {
    const { email, default: json } = bodies(
      news({ began: Array.from({ length: 70 }, () => told({ detail: 'd'.repeat(900) })), open: 70 }),
    );
    const { began, omitted } = JSON.parse(json) as { began: unknown[]; omitted: number };
    expect(began.length + omitted).toBe(70);
    expect(email).toContain(`+${omitted} more`);
  });
});

describe('a health message is published', () => {
  const asked = () => sns.commandCalls(PublishCommand).map((c) => c.args[0].input.TopicArn);

  it('to the health topic', async () => {
    sns.on(PublishCommand).resolves({ MessageId: 'm' });
    expect(await publishHealth(news({ began: [told()] }), topics, signal)).toBe('m arn:health');
    expect(asked()).toEqual(['arn:health']);
  });

  it('to the page topic where the health topic does not take it', async () => {
    sns.on(PublishCommand, { TopicArn: 'arn:health' }).rejects(awsError('NotFoundException', 404));
    sns.on(PublishCommand, { TopicArn: 'arn:page' }).resolves({ MessageId: 'm' });
    expect(await publishHealth(news({ began: [told()] }), topics, signal)).toBe('m arn:page');
  });

  it.each([
    [['health'], 'arn:page'],
    [['page'], 'arn:health'],
    [['health', 'page'], 'arn:health'],
  ] as const)('first to where somebody listens: deaf are %s', async (deaf, first) => {
    sns.on(PublishCommand).resolves({ MessageId: 'm' });
    await publishHealth(news({ began: [told()], deaf }), topics, signal);
    expect(asked()).toEqual([first]);
  });

  it('nowhere, with what both said', async () => {
    sns.on(PublishCommand).rejects(awsError('AuthorizationErrorException', 403));
    await expect(publishHealth(news({ began: [told()] }), topics, signal)).rejects.toMatchObject({
      code: 'sink-refused',
      message: expect.stringMatching(/arn:health: AuthorizationError.*arn:page: AuthorizationError/) as string,
    });
  });

  it('not where SNS gave no id for it', async () => {
    sns.on(PublishCommand).resolves({});
    await expect(publishHealth(news({ began: [told()] }), topics, signal)).rejects.toMatchObject({
      code: 'sink-refused',
    });
  });
});
