/**
 * What stands on moto: an account made up for this run, the domain that somebody will open, and ajar's own queues, topics and
 * table, as serverless.yml declares them. Whatever is made is remembered, and removed at the end.
 */
import {
  CreateTableCommand,
  DeleteTableCommand,
  DynamoDBClient,
  UpdateTimeToLiveCommand,
} from '@aws-sdk/client-dynamodb';
import {
  CreateDomainCommand,
  DeleteDomainCommand,
  OpenSearchClient,
  UpdateDomainConfigCommand,
} from '@aws-sdk/client-opensearch';
import {
  CreateTopicCommand,
  DeleteTopicCommand,
  SNSClient,
  SubscribeCommand,
  UnsubscribeCommand,
} from '@aws-sdk/client-sns';
import { CreateQueueCommand, DeleteQueueCommand, GetQueueAttributesCommand, SQSClient } from '@aws-sdk/client-sqs';
import { AssumeRoleCommand, STSClient } from '@aws-sdk/client-sts';
import { AjarError } from '../../model/errors.ts';
import { printable } from '../../model/text.ts';
import { dynamoTable } from '../../stores/dynamodb-table.ts';
import type { SettingName } from '../lambda/environment.ts';
import type { Credentials } from './aws-functions.ts';

export const REGION = 'us-west-2';
export const DOMAIN = 'device-analytics';
const TABLE = 'ajar-demo';
const CALL_MS = 10_000;
/** Of ajar in the accounts that it watches; moto lets anybody assume any. */
const ROLE = 'security/ajar-inventory';

export interface DemoAccount {
  readonly id: string;
  readonly credentials: Credentials;
  readonly sqs: SQSClient;
  readonly dynamodb: DynamoDBClient;
  readonly table: string;
  readonly queues: Queues;
  /** URL of the queue that is subscribed to the topic that pages. */
  readonly inbox: string;
  /** What serverless.yml sets. */
  readonly settings: Readonly<Partial<Record<SettingName, string>>>;
  /** UpdateDomainConfig, as anybody may call it who is allowed to. */
  setPolicy(accessPolicies: string): Promise<void>;
}

/** URLs of those that a stage reads. */
export type Queues = Readonly<Record<'collect' | 'probe' | 'assess' | 'change', string>>;

/** What was made, newest last, and how it is removed. */
export interface Made {
  /** Removes all of it, newest first; names what could not be removed. */
  remove(): Promise<readonly string[]>;
  readonly keep: (what: string, undo: () => Promise<unknown>) => void;
}

export function made(): Made {
  const all: { readonly what: string; readonly undo: () => Promise<unknown> }[] = [];
  return {
    keep: (what, undo) => void all.push({ what, undo }),
    async remove() {
      const left: string[] = [];
      for (const { what, undo } of all.splice(0).reverse()) {
        try {
          await undo();
        } catch (error) {
          left.push(`${what}: ${error instanceof Error ? error.message : String(error)}`);
        }
      }
      return left;
    },
  };
}

/** Who may call the domain: only whom the account itself lets, or everybody. */
export function accessPolicy(who: 'account' | 'everybody', account: string): string {
  const Principal = { AWS: who === 'everybody' ? '*' : `arn:aws:iam::${account}:root` };
  const Resource = `arn:aws:es:${REGION}:${account}:domain/${DOMAIN}/*`;
  return JSON.stringify({
    Version: '2012-10-17',
    Statement: [{ Effect: 'Allow', Principal, Action: 'es:*', Resource }],
  });
}

/** On moto alone: `url` is its. */
export async function makeAccount(url: string, { keep }: Made): Promise<DemoAccount> {
  // Its own account: nothing that others made on the same moto is seen or touched.
  const id = String(100_000_000_000 + Math.floor(Math.random() * 899_999_999_999));
  const common = {
    ...{ endpoint: url, region: REGION, maxAttempts: 3, useFipsEndpoint: false, useDualstackEndpoint: false },
    requestHandler: { connectionTimeout: 2_000, requestTimeout: CALL_MS, throwOnRequestTimeout: true },
  };
  const credentials = await sessionOf(new STSClient({ ...common, credentials: OUTSIDE }), id);
  const config = { ...common, credentials };
  const [sqs, sns] = [new SQSClient(config), new SNSClient(config)];
  const [dynamodb, search] = [new DynamoDBClient(config), new OpenSearchClient(config)];
  keep('connections', async () => {
    for (const client of [sqs, sns, dynamodb, search]) client.destroy();
  });
  const queue = async (name: string): Promise<string> => {
    const { QueueUrl = '' } = await sqs.send(new CreateQueueCommand({ QueueName: `ajar-demo-${name}` }));
    keep(`queue ${name}`, () => sqs.send(new DeleteQueueCommand({ QueueUrl })));
    // Messages are sent to where the URL leads.
    if (URL.parse(QueueUrl)?.origin !== url)
      throw new AjarError('invariant', `moto at ${url} says that its queue is at ${printable(QueueUrl)}`);
    return QueueUrl;
  };
  const topic = async (name: string): Promise<string> => {
    const { TopicArn = '' } = await sns.send(new CreateTopicCommand({ Name: `ajar-demo-${name}` }));
    keep(`topic ${name}`, () => sns.send(new DeleteTopicCommand({ TopicArn })));
    return TopicArn;
  };
  const queues: Queues = {
    collect: await queue('collect'),
    probe: await queue('probe'),
    assess: await queue('assess'),
    change: await queue('change'),
  };
  const inbox = await queue('inbox');
  const page = await topic('page');
  const { Attributes } = await sqs.send(
    new GetQueueAttributesCommand({ QueueUrl: inbox, AttributeNames: ['QueueArn'] }),
  );
  const { SubscriptionArn } = await sns.send(
    new SubscribeCommand({
      TopicArn: page,
      Protocol: 'sqs',
      Endpoint: Attributes?.QueueArn,
      Attributes: { RawMessageDelivery: 'true' },
    }),
  );
  keep('subscription', () => sns.send(new UnsubscribeCommand({ SubscriptionArn })));
  const { create, timeToLive } = dynamoTable(TABLE);
  await dynamodb.send(new CreateTableCommand(create));
  keep('table', () => dynamodb.send(new DeleteTableCommand({ TableName: TABLE })));
  await dynamodb.send(new UpdateTimeToLiveCommand(timeToLive));
  await search.send(new CreateDomainCommand({ ...CLOSED, AccessPolicies: accessPolicy('account', id) }));
  keep('domain', () => search.send(new DeleteDomainCommand({ DomainName: DOMAIN })));
  return {
    ...{ id, credentials, sqs, dynamodb, queues, inbox, table: TABLE },
    settings: {
      AWS_REGION: REGION,
      AWS_ENDPOINT_URL: url,
      AJAR_TABLE: TABLE,
      AJAR_COLLECT_QUEUE: queues.collect,
      AJAR_PROBE_QUEUE: queues.probe,
      AJAR_ASSESS_QUEUE: queues.assess,
      AJAR_CHANGE_QUEUE: queues.change,
      AJAR_TOPIC_PAGE: page,
      AJAR_TOPIC_CHAT: await topic('chat'),
      AJAR_TOPIC_MACHINE: await topic('machine'),
      AJAR_ROLE: ROLE,
      AJAR_ACCOUNTS: id,
      AJAR_REGIONS: REGION,
      AJAR_VANTAGE: 'demo',
    },
    setPolicy: async (AccessPolicies) => {
      await search.send(new UpdateDomainConfigCommand({ DomainName: DOMAIN, AccessPolicies }));
    },
  };
}

/** Known to no account. */
const OUTSIDE = { accessKeyId: 'test', secretAccessKey: 'test' };

/** As it was on 3 December. */
const CLOSED = {
  DomainName: DOMAIN,
  EngineVersion: 'OpenSearch_2.5',
  EncryptionAtRestOptions: { Enabled: true },
  DomainEndpointOptions: { EnforceHTTPS: true, TLSSecurityPolicy: 'Policy-Min-TLS-1-2-2019-07' },
} as const;

async function sessionOf(sts: STSClient, account: string): Promise<Credentials> {
  try {
    const RoleArn = `arn:aws:iam::${account}:role/ajar-demo`;
    const { Credentials: given } = await sts.send(new AssumeRoleCommand({ RoleArn, RoleSessionName: 'ajar-demo' }));
    const { AccessKeyId, SecretAccessKey, SessionToken } = given ?? {};
    if (AccessKeyId === undefined || SecretAccessKey === undefined || SessionToken === undefined)
      throw new AjarError('invariant', 'moto gave no credentials for an account of its own');
    return { accessKeyId: AccessKeyId, secretAccessKey: SecretAccessKey, sessionToken: SessionToken };
  } finally {
    sts.destroy();
  }
}
