import { describe, expect, it } from 'vitest';
import {
  type Audience,
  declaredOf,
  type HeldSubscription,
  subscriptionsCheck,
} from '../../lib/pipeline/guard-subscriptions.ts';

const NOW = new Date('2026-12-04T10:00:00.000Z');
const held = (audience: Audience, protocol: string, endpoint: string, confirmed = true): HeldSubscription => ({
  ...{ audience, protocol, endpoint, confirmed },
});
const ON_CALL = held('page', 'email', 'oncall@example.org');
const HEALTH = held('health', 'email', 'oncall@example.org');
const BOTH = ['page email oncall@example.org', 'health email oncall@example.org'];
const PAGER = 'https://events.example.org/integration/s3cr3t/enqueue';

async function keysOf(found: readonly HeldSubscription[], declared?: readonly string[]) {
  const check = subscriptionsCheck(async () => found, declared === undefined ? undefined : declaredOf(declared));
  const { problems = [] } = (await check.look(NOW)) ?? {};
  return problems.map(({ key, severity }) => `${severity} ${key}`);
}

describe('subscriptions', () => {
  it.each<[string, readonly HeldSubscription[], readonly string[] | undefined, readonly string[]]>([
    ['as declared', [ON_CALL, HEALTH], BOTH, []],
    ['declared in other letters', [ON_CALL, HEALTH], BOTH.map((each) => each.replace('oncall', 'OnCall')), []],
    [
      'missing on the page topic',
      [HEALTH],
      BOTH,
      ['critical subscriptions/page/nobody', 'critical subscriptions/missing/page email oncall@example.org'],
    ],
    [
      'missing where it is less urgent',
      [ON_CALL, HEALTH],
      [...BOTH, 'digest email team@example.org'],
      ['warning subscriptions/missing/digest email team@example.org'],
    ],
    [
      'not confirmed',
      [{ ...ON_CALL, confirmed: false }, HEALTH],
      BOTH,
      ['critical subscriptions/page/nobody', 'critical subscriptions/pending/page email oncall@example.org'],
    ],
    ['confirmed once and pending once more', [ON_CALL, { ...ON_CALL, confirmed: false }, HEALTH], BOTH, []],
    [
      'of somebody nobody declared',
      [ON_CALL, HEALTH, held('machine', 'sqs', 'arn:aws:sqs:eu-west-1:444455556666:x')],
      BOTH,
      ['warning subscriptions/unknown/machine sqs arn:aws:sqs:eu-west-1:444455556666:x'],
    ],
    [
      'of the right one to the wrong topic',
      [ON_CALL, HEALTH, held('chat', 'email', 'oncall@example.org')],
      BOTH,
      ['warning subscriptions/unknown/chat email oncall@example.org'],
    ],
    [
      'with a password, which SNS does not show',
      [ON_CALL, HEALTH, held('page', 'https', 'https://me:****@example.org/x')],
      [...BOTH, 'page https https://me:s3cr3t@example.org/x'],
      [],
    ],
    ['that nobody declared at all', [ON_CALL, HEALTH, held('chat', 'https', PAGER)], undefined, []],
    [
      'none, and none declared',
      [],
      undefined,
      ['critical subscriptions/page/nobody', 'critical subscriptions/health/nobody'],
    ],
    [
      'pending only, and none declared',
      [ON_CALL, { ...HEALTH, confirmed: false }],
      undefined,
      ['critical subscriptions/health/nobody'],
    ],
    [
      'beside a list that is malformed',
      [ON_CALL, HEALTH],
      [...BOTH, 'pager email x@example.org', 'page email', 'page email a b'],
      ['warning subscriptions/declared'],
    ],
  ])('%s', async (_, found, declared, problems) => {
    expect(await keysOf(found, declared)).toEqual(problems);
  });

  it('name the host of a URL, and none of the secrets behind it', async () => {
    const check = subscriptionsCheck(
      async () => [ON_CALL, HEALTH, held('chat', 'https', `${PAGER}/2`)],
      declaredOf([...BOTH, `page https ${PAGER}`]),
    );
    const { problems = [] } = (await check.look(NOW)) ?? {};
    expect(problems.map((p) => p.subject)).toEqual([
      'subscription lost: page https events.example.org/...',
      'subscription nobody declared: chat https events.example.org/...',
    ]);
    expect(JSON.stringify(problems)).not.toContain('s3cr3t');
  });

  it('say to which topic nobody listens', async () => {
    const { problems = [] } = (await subscriptionsCheck(async () => [], undefined).look(NOW)) ?? {};
    expect(problems.map((p) => p.deafens)).toEqual(['page', 'health']);
  });

  it('of a thousand strangers are told of twenty, in printable words', async () => {
    const strangers = Array.from({ length: 1_000 }, (_, i) => held('page', 'email', `\u202e${i}@${'x'.repeat(900)}`));
    const { problems = [] } =
      (await subscriptionsCheck(async () => [ON_CALL, HEALTH, ...strangers], declaredOf(BOTH)).look(NOW)) ?? {};
    expect(problems).toHaveLength(20);
    for (const { key, subject, detail } of problems) {
      expect([subject.length <= 99, key.length + detail.length < 600]).toEqual([true, true]);
      expect(key + subject + detail).not.toMatch(/\u202e/u);
    }
  });

  it('that cannot be read are the failure of the check', async () => {
    const check = subscriptionsCheck(() => Promise.reject(new Error('throttled')), undefined);
    await expect(check.look(NOW)).rejects.toThrow('throttled');
  });

  it('of the stack alone are missed where nobody said who else listens, and others may', async () => {
    const queue = 'arn:aws:sqs:eu-west-1:111122223333:ajar-prod-drill';
    const declared = { ...declaredOf([`machine sqs ${queue}`]), othersToo: true as const };
    const look = async (found: readonly HeldSubscription[]) =>
      (await subscriptionsCheck(async () => found, declared).look(NOW))?.problems.map(({ key }) => key);
    expect(await look([ON_CALL, HEALTH])).toEqual([`subscriptions/missing/machine sqs ${queue}`]);
    expect(await look([ON_CALL, HEALTH, held('machine', 'sqs', queue)])).toEqual([]);
  });
});
