/**
 * What ajar rests on in its own account, by the names that serverless.yml and deploy/member-account.yml give it
 * (evidence-and-alerts.md section 6.2).
 */
import { scopedKey } from '../model/change.ts';
import { AjarError } from '../model/errors.ts';
import { cellKey, type Partition } from '../model/inventory.ts';
import { printable } from '../model/text.ts';
import { PARTITION_FACTS, partitionOfArn } from './partitions.ts';

/**
 * What guard calls besides state, topics and queues (own-rules.ts, own-topics.ts). `events:PutRule` on the heartbeat rule
 * alone; `scheduler:ListSchedules` knows no resources.
 */
export const OWN_STACK_ACTIONS = [
  'events:DescribeRule',
  'events:ListTargetsByRule',
  'events:PutRule',
  'scheduler:ListSchedules',
  'sns:GetTopicAttributes',
  'sns:ListSubscriptionsByTopic',
] as const;

export const OWN_FUNCTIONS = [
  'plan',
  'collect',
  'probe',
  'assess',
  'notify',
  'change',
  'guard',
  'report',
  'seal',
  'drill',
  'console',
] as const;
export interface OwnStack {
  /** `ajar-prod`: the name of the bus and of the group of schedules, and what all other names begin with. */
  readonly name: string;
  readonly partition: Partition;
  readonly region: string;
  readonly account: string;
}

/** What deploy/member-account.yml makes, in this account too. */
const MEMBER_NAMES = /^ajar-(inventory|forwarder|findings|reader-\d+|changes-\d+|undelivered-events)$/;

/** From the ARN of the health topic. Throws `bad-input` where that is not as serverless.yml names it. */
export function ownStackOf(healthTopicArn: string): OwnStack {
  const [, , service, region = '', account = '', topic = ''] = healthTopicArn.split(':');
  const partition = partitionOfArn(healthTopicArn);
  const name = /^(.+)-health$/.exec(topic)?.[1];
  if (service !== 'sns' || partition === undefined || name === undefined || !/^\d{12}$/.test(account)) {
    throw new AjarError('bad-input', `${printable(healthTopicArn)}: no topic <stack>-health, so its stack has no name`);
  }
  return { name, partition, region, account };
}

export function heartbeatOf({ name, partition, account }: OwnStack): { rule: string; bus: string; role: string } {
  return { rule: `${name}-heartbeat`, bus: name, role: `arn:${partition}:iam::${account}:role/${name}-guard` };
}

/**
 * Where changes of it are filed: guard rails of its own region and, for roles, of where global services answer; its
 * functions' logs; its keys, as far as they are known.
 */
export function ownKeys({ name, partition, region, account }: OwnStack, keyIds: readonly string[]): readonly string[] {
  const regions = [...new Set([region, PARTITION_FACTS[partition].home])];
  return [
    ...regions.map((each) => cellKey({ account, region: each }, 'guardrails')),
    ...OWN_FUNCTIONS.map((each) => scopedKey(`logs:log-group//aws/lambda/${name}-${each}`, account, region)),
    ...keyIds.map((id) => scopedKey(`kms:key/${id}`, account, region)),
  ];
}

/** A name or an ARN: any part of it may be the name. `others`: a role by another name, ids of keys. */
export function isOwnName({ name }: OwnStack, text: string, others: readonly string[]): boolean {
  const own = name.toLowerCase();
  return text
    .toLowerCase()
    .split(/[:/]/)
    .some((part) => part === own || part.startsWith(`${own}-`) || MEMBER_NAMES.test(part) || others.includes(part));
}

/** Of a queue of this stack, whose URL ends with its name. */
export function ownQueueArn({ partition, region, account }: OwnStack, url: string): string {
  return `arn:${partition}:sqs:${region}:${account}:${url.split('/').at(-1) ?? ''}`;
}
