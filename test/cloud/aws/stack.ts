/** The deployed stack on the stand-ins: queues with their dead letters, the table, topics with a queue behind each, the bucket. */
import { CreateBucketCommand, PutObjectLockConfigurationCommand, S3Client } from '@aws-sdk/client-s3';
import { CreateKeyCommand, KMSClient } from '@aws-sdk/client-kms';
import { CreateTopicCommand, SNSClient, SubscribeCommand } from '@aws-sdk/client-sns';
import { CreateQueueCommand, SQSClient } from '@aws-sdk/client-sqs';
import { DescribeTableCommand, DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { createTable } from '../../stores/dynamodb-server.ts';
import type { Deployment } from './deployment.ts';

export const HUB = '123456789012';
export const REGION = 'eu-west-1';
export const OWN = { accessKeyId: 'AKIAAJARSTACK', secretAccessKey: 'x' };
/** What all names of the stack begin with. */
export const STACK = 'ajar-test';
export const EVIDENCE = 'ajar-evidence';
export const AUDIENCES = ['page', 'chat', 'machine', 'digest', 'health'] as const;
export type Topic = (typeof AUDIENCES)[number];

export interface Stack {
  readonly sqs: SQSClient;
  readonly dynamodb: DynamoDBClient;
  readonly table: string;
  readonly streamArn: string;
  /** URLs by logical id: `CollectQueue`, `CollectDlq`. */
  readonly queues: Readonly<Record<string, string>>;
  /** What arrived at each topic. */
  readonly inboxes: Readonly<Record<Topic, string>>;
  /** What serverless.yml sets, by name. */
  readonly settings: Readonly<Record<string, string>>;
  close(): void;
}

export interface StackOptions {
  readonly motoUrl: string;
  readonly tableUrl: string;
  readonly deployment: Deployment;
  /** Parameters of the deployment; empty for all. */
  readonly accounts: readonly string[];
  readonly regions: readonly string[];
}

export async function createStack({ motoUrl, tableUrl, deployment, accounts, regions }: StackOptions): Promise<Stack> {
  const config = { endpoint: motoUrl, region: REGION, credentials: OWN, maxAttempts: 1 };
  const sqs = new SQSClient(config);
  const dynamodb = new DynamoDBClient({ ...config, endpoint: tableUrl });
  const queues: Record<string, string> = {};
  for (const { id, maxReceiveCount } of deployment.queues) {
    const dead = id.replace(/Queue$/, 'Dlq');
    queues[dead] = await queue(sqs, dead);
    const RedrivePolicy = JSON.stringify({ deadLetterTargetArn: arnOf(dead), maxReceiveCount });
    queues[id] = await queue(sqs, id, { RedrivePolicy });
  }
  const table = STACK;
  await createTable(dynamodb, table);
  const { Table } = await dynamodb.send(new DescribeTableCommand({ TableName: table }));
  const inboxes = await openTopics(config, sqs);
  const s3 = new S3Client({ ...config, forcePathStyle: true });
  for (const Bucket of ['ajar-allowlist', EVIDENCE]) {
    const lock = { ObjectLockEnabledForBucket: Bucket === EVIDENCE };
    const CreateBucketConfiguration = { LocationConstraint: REGION } as const;
    await s3.send(new CreateBucketCommand({ Bucket, CreateBucketConfiguration, ...lock }));
  }
  const Rule = { DefaultRetention: { Mode: 'COMPLIANCE', Days: 400 } } as const;
  const ObjectLockConfiguration = { ObjectLockEnabled: 'Enabled', Rule } as const;
  await s3.send(new PutObjectLockConfigurationCommand({ Bucket: EVIDENCE, ObjectLockConfiguration }));
  s3.destroy();
  const { CollectQueue = '', ProbeQueue = '', AssessQueue = '', ChangeQueue = '' } = queues;
  const settings = {
    AJAR_TABLE: table,
    AJAR_COLLECT_QUEUE: CollectQueue,
    AJAR_PROBE_QUEUE: ProbeQueue,
    AJAR_ASSESS_QUEUE: AssessQueue,
    AJAR_CHANGE_QUEUE: ChangeQueue,
    ...Object.fromEntries(AUDIENCES.map((name) => [`AJAR_TOPIC_${name.toUpperCase()}`, topicArn(name)])),
    AJAR_ROLE: 'security/ajar-inventory',
    AJAR_EXTERNAL_ID: 'x-1',
    ...(accounts.length === 0 ? {} : { AJAR_ACCOUNTS: accounts.join(',') }),
    ...(regions.length === 0 ? {} : { AJAR_REGIONS: regions.join(',') }),
    AJAR_VANTAGE: `aws-${REGION}`,
    AJAR_ALLOWLIST: 's3://ajar-allowlist/allowlist/allowlist.yaml',
    AJAR_EVIDENCE_BUCKET: EVIDENCE,
    AJAR_SIGNING_KEY: await signingKey(config),
    AJAR_SUBSCRIPTIONS: AUDIENCES.map((name) => `${name} sqs ${inboxArn(name)}`).join(),
  };
  return {
    ...{ sqs, dynamodb, table, queues, inboxes, settings },
    streamArn: Table?.LatestStreamArn ?? '',
    close() {
      sqs.destroy();
      dynamodb.destroy();
    },
  };
}

async function signingKey(config: object): Promise<string> {
  const kms = new KMSClient(config);
  const { KeyMetadata } = await kms.send(new CreateKeyCommand({ KeySpec: 'ECC_NIST_P256', KeyUsage: 'SIGN_VERIFY' }));
  kms.destroy();
  if (KeyMetadata?.Arn === undefined) throw new Error('moto made no key');
  return KeyMetadata.Arn;
}

async function openTopics(config: object, sqs: SQSClient): Promise<Record<Topic, string>> {
  const sns = new SNSClient(config);
  const inboxes: Partial<Record<Topic, string>> = {};
  for (const name of AUDIENCES) {
    const Attributes = { KmsMasterKeyId: MESSAGE_KEY };
    const { TopicArn } = await sns.send(new CreateTopicCommand({ Name: `${STACK}-${name}`, Attributes }));
    inboxes[name] = await queue(sqs, `inbox-${name}`);
    const Endpoint = inboxArn(name);
    await sns.send(
      new SubscribeCommand({ TopicArn, Protocol: 'sqs', Endpoint, Attributes: { RawMessageDelivery: 'true' } }),
    );
  }
  sns.destroy();
  return inboxes as Record<Topic, string>;
}

async function queue(sqs: SQSClient, QueueName: string, Attributes: Record<string, string> = {}): Promise<string> {
  const { QueueUrl } = await sqs.send(new CreateQueueCommand({ QueueName, Attributes }));
  if (QueueUrl === undefined) throw new Error(`moto made no queue ${QueueName}`);
  return QueueUrl;
}

const arnOf = (queueName: string): string => `arn:aws:sqs:${REGION}:${HUB}:${queueName}`;
const topicArn = (name: string): string => `arn:aws:sns:${REGION}:${HUB}:${STACK}-${name}`;
const inboxArn = (name: string): string => arnOf(`inbox-${name}`);
/** moto keeps the attribute and encrypts nothing. */
const MESSAGE_KEY = `arn:aws:kms:${REGION}:${HUB}:key/1234abcd-12ab-34cd-56ef-1234567890ab`;
