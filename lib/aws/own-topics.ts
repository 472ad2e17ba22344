/**
 * ajar's own topics: whether they are there and encrypted, and who is subscribed. Calls: GetTopicAttributes,
 * ListSubscriptionsByTopic, all pages.
 */
import { GetTopicAttributesCommand, paginateListSubscriptionsByTopic, type SNSClient } from '@aws-sdk/client-sns';
import { AjarError } from '../model/errors.ts';
import type { Problem } from '../model/health.ts';
import { isAbsence } from './errors.ts';

export interface OwnTopic<Audience extends string> {
  readonly audience: Audience;
  readonly arn: string;
}

export interface TopicFacts {
  readonly problems: readonly Problem[];
  /** Ids of the keys that they are encrypted with. */
  readonly keyIds: readonly string[];
}

/** Throws where AWS did not say. */
export async function topicFacts(client: SNSClient, topics: readonly OwnTopic<string>[]): Promise<TopicFacts> {
  const problems: Problem[] = [];
  const keyIds = new Set<string>();
  for (const { audience, arn } of topics) {
    const attributes = await attributesOf(client, arn);
    const key = attributes?.['KmsMasterKeyId'];
    const wrong = attributes === undefined ? 'is gone' : key === undefined ? 'is no longer encrypted' : undefined;
    if (key !== undefined) keyIds.add(key.slice(key.lastIndexOf('/') + 1));
    if (wrong === undefined) continue;
    problems.push({
      key: `own-topic/${audience}`,
      severity: 'critical',
      subject: `the ${audience} topic ${wrong}`,
      detail: `${arn}. Deploy again; CloudTrail says who did it.`,
    });
  }
  return { problems, keyIds: [...keyIds].toSorted() };
}

/** `undefined` where there is no such topic. */
async function attributesOf(client: SNSClient, TopicArn: string): Promise<Record<string, string> | undefined> {
  try {
    return (await client.send(new GetTopicAttributesCommand({ TopicArn }))).Attributes ?? {};
  } catch (error) {
    if (isAbsence(error, ABSENT)) return undefined;
    throw error;
  }
}
const ABSENT = ['NotFoundException', 'NotFound'];

export interface OwnSubscription<Audience extends string> {
  readonly audience: Audience;
  readonly protocol: string;
  readonly endpoint: string;
  readonly confirmed: boolean;
}

/** A topic that is gone has none. Throws where AWS did not say, or said more than is read. */
export async function readSubscriptions<Audience extends string>(
  client: SNSClient,
  topics: readonly OwnTopic<Audience>[],
): Promise<readonly OwnSubscription<Audience>[]> {
  const lists = await Promise.all(topics.map(async (topic) => subscriptionsOf(client, topic)));
  return lists.flat();
}

/** Fifty pages. */
const MAX_SUBSCRIPTIONS = 5_000;

async function subscriptionsOf<Audience extends string>(
  client: SNSClient,
  { audience, arn: TopicArn }: OwnTopic<Audience>,
): Promise<readonly OwnSubscription<Audience>[]> {
  const found: OwnSubscription<Audience>[] = [];
  try {
    for await (const page of paginateListSubscriptionsByTopic({ client, stopOnSameToken: true }, { TopicArn })) {
      for (const { Protocol: protocol = '', Endpoint: endpoint = '', SubscriptionArn: arn } of page.Subscriptions ??
        []) {
        // `PendingConfirmation`, `Deleted`
        found.push({ audience, protocol, endpoint, confirmed: arn?.startsWith('arn:') === true });
      }
      if (found.length > MAX_SUBSCRIPTIONS) {
        throw new AjarError('invariant', `${TopicArn} has more than ${MAX_SUBSCRIPTIONS} subscriptions`);
      }
    }
  } catch (error) {
    if (!isAbsence(error, ABSENT)) throw error;
  }
  return found;
}
