/**
 * Guard and report as they are deployed, on moto: guard says of a quiet deployment nothing but what moto cannot answer, and
 * tells on the health topic what is wrong and when it is over; report puts a day's evidence under lock, once. moto writes no
 * CloudTrail events and starts no schedule: those are ours.
 */
import { createHash } from 'node:crypto';
import { DisableRuleCommand, EnableRuleCommand } from '@aws-sdk/client-eventbridge';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import {
  GetObjectCommand,
  HeadObjectCommand,
  ListObjectVersionsCommand,
  PutObjectCommand,
  S3Client,
} from '@aws-sdk/client-s3';
import { DeleteScheduleCommand } from '@aws-sdk/client-scheduler';
import { ListSubscriptionsByTopicCommand, SNSClient, SubscribeCommand, UnsubscribeCommand } from '@aws-sdk/client-sns';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { codeOfStatus } from '../../lib/assess/presence.ts';
import type { ReportOutcome } from '../../lib/runtime/lambda/report.ts';
import type { SealedHours } from '../../lib/runtime/lambda/seal.ts';
import { openDynamoStore } from '../../lib/stores/dynamodb.ts';
import { trailEvent } from '../support/cloudtrail.ts';
import { configOf } from './account.ts';
import { ajar } from './ajar.ts';
import { type OwnClients, plantOwn } from './aws/own.ts';
import { plantDomains } from './aws/plant-december.ts';
import { connectVpc } from './aws/plant-network.ts';
import { EVIDENCE, HUB, OWN, REGION, STACK } from './aws/stack.ts';
import { startWorld, type World } from './aws/world.ts';

const MINUTE = 60_000;
/** So often guard reads what is its own. */
const READ_EVERY = 5 * MINUTE;
const DAY = 24 * 60 * MINUTE;

let world: World;
let own: OwnClients;
let sns: SNSClient;
let s3: S3Client;

beforeAll(async () => {
  world = await startWorld();
  own = await plantOwn(world.motoUrl, world.deployment);
  const aws = { endpoint: world.motoUrl, region: REGION, credentials: OWN };
  [sns, s3] = [new SNSClient(aws), new S3Client(aws)];
  const config = await configOf(world.motoUrl, world.account, REGION);
  await connectVpc(config);
  await plantDomains(config, ['device-analytics']);
  await sweep();
});
afterAll(async () => {
  own?.close();
  for (const client of [sns, s3]) client?.destroy();
  await world?.stop();
});

async function sweep(): Promise<void> {
  await world.driver.invoke('plan', { task: 'hot' });
  await world.driver.settle(MINUTE);
}

interface Told {
  readonly key: string;
  readonly severity: string;
  readonly subject: string;
  readonly detail: string;
}
interface Health {
  readonly subject: string;
  readonly began: readonly Told[];
  readonly ended: readonly Told[];
  readonly lasting: readonly Told[];
}

/** Guard runs after so long, and what it told (of keys that begin so) is what came out of the health topic's queue. */
async function guardAfter(
  ms: number,
  about = '',
): Promise<{ readonly began: readonly string[]; readonly ended: readonly string[] }> {
  const messages = await toldAfter(ms);
  for (const { began } of messages) heard.push(...began.map(({ key }) => key));
  const keys = (part: 'began' | 'ended') =>
    messages
      .flatMap((each) => each[part].map(({ key }) => key))
      .filter((key) => key.startsWith(about))
      .toSorted();
  return { began: keys('began'), ended: keys('ended') };
}

async function toldAfter(ms: number): Promise<readonly Health[]> {
  const before = world.driver.arrivals.length;
  world.clock.skip(ms);
  await sealed();
  await world.driver.invoke('guard', { task: 'guard' });
  await world.driver.settle(0);
  const came = world.driver.arrivals.slice(before);
  expect(came.filter(({ topic }) => topic !== 'health')).toEqual([]);
  return came.map(({ body }) => JSON.parse(body) as Health);
}

/** All that guard told of so far. */
const heard: string[] = [];
const NOTHING = { began: [], ended: [] };

describe('guard', () => {
  it('says of a quiet deployment only what moto has no call for, once', async () => {
    const [message, ...others] = await toldAfter(0);
    expect(others).toEqual([]);
    expect(message?.began.map(({ key }) => key).toSorted()).toEqual(['coverage/denied', 'coverage/incomplete']);
    const store = await openDynamoStore({
      ...{ client: world.stack.dynamodb, table: world.stack.table, sinks: [], readOnly: true },
      now: () => new Date(world.clock.now()),
    });
    const record = await store.inventory.read(world.account, REGION);
    const gaps = Object.entries(record?.cells ?? {}).filter(([, { status }]) => codeOfStatus(status) !== undefined);
    expect(gaps.length).toBeGreaterThan(0);
    for (const [, { detail }] of gaps) expect(detail).toContain('moto has no such call');
    const names = gaps.map(([service]) => service).toSorted();
    process.stdout.write(`guard, quiet: ${names.length} cells that moto does not answer: ${names.join(', ')}\n`);
    expect(await guardAfter(MINUTE)).toEqual(NOTHING);
  });

  it('tells that a subscription is lost and that nobody listens; and when somebody does again', async () => {
    const TopicArn = world.stack.settings['AJAR_TOPIC_PAGE'];
    const { Subscriptions } = await sns.send(new ListSubscriptionsByTopicCommand({ TopicArn }));
    const { SubscriptionArn, Endpoint } = Subscriptions?.[0] ?? {};
    await sns.send(new UnsubscribeCommand({ SubscriptionArn }));
    expect(await guardAfter(toNextRead(), 'subscriptions/')).toEqual({
      began: [`subscriptions/missing/page sqs ${Endpoint}`, 'subscriptions/page/nobody'],
      ended: [],
    });
    await sns.send(
      new SubscribeCommand({ TopicArn, Protocol: 'sqs', Endpoint, Attributes: { RawMessageDelivery: 'true' } }),
    );
    expect((await guardAfter(toNextRead(), 'subscriptions/')).ended).toEqual([
      `subscriptions/missing/page sqs ${Endpoint}`,
      'subscriptions/page/nobody',
    ]);
  });

  it('tells that nobody reads cells any more, until they are read', async () => {
    await sweep();
    await guardAfter(0);
    const late = await guardAfter(2 * READ_EVERY + 2 * MINUTE);
    expect(late.began).toContain('overdue-cells');
    await sweep();
    expect((await guardAfter(0)).ended).toContain('overdue-cells');
  });

  it('tells that its own rule is off and its own schedule is gone', async () => {
    const Rule = { Name: `${STACK}-changes-1`, EventBusName: STACK };
    await own.eventBridge.send(new DisableRuleCommand(Rule));
    await own.scheduler.send(new DeleteScheduleCommand({ GroupName: STACK, Name: 'notify-4' }));
    await sweep();
    expect((await guardAfter(toNextRead(), 'own-')).began).toEqual([
      `own-rule/${STACK}-changes-1`,
      'own-schedule/notify',
    ]);
    await own.eventBridge.send(new EnableRuleCommand(Rule));
    await sweep();
    expect((await guardAfter(toNextRead(), 'own-')).ended).toEqual([`own-rule/${STACK}-changes-1`]);
  });
});

describe('what CloudTrail tells of ajar itself, in events of ours', () => {
  it("is that the event path is open: guard's own write comes back; where it does not, that is told", async () => {
    await sweep();
    expect(heard).toContain('event-path');
    const { envelope } = trailEvent({ ...hub(), shape: 'stop-logging-denied', request: REQUEST, name: 'PutRule' });
    const detail = { ...(envelope['detail'] as object), ...BY_GUARD };
    await world.driver.enqueue('ChangeQueue', { ...envelope, source: 'aws.events', detail });
    await world.driver.settle(MINUTE);
    expect((await guardAfter(0, 'event-path')).ended).toEqual(['event-path']);
  });

  it('is that somebody tried to stop the trail, by name, once', async () => {
    const { id, envelope } = trailEvent({ ...hub(), shape: 'stop-logging-denied' });
    await world.driver.enqueue('ChangeQueue', envelope);
    await world.driver.settle(MINUTE);
    const [message] = await toldAfter(0);
    expect(message?.began.map(({ key, severity }) => [key, severity])).toEqual([[`tampering/${id}`, 'critical']]);
    expect(message?.began[0]?.detail).toContain('user/ops/mallory');
    expect(await guardAfter(MINUTE)).toEqual(NOTHING);
  });

  const hub = () => ({ account: HUB, region: REGION, at: new Date(world.clock.now()) });
  const REQUEST = { name: `${STACK}-heartbeat`, eventBusName: STACK, state: 'DISABLED' };
  const BY_GUARD = {
    eventSource: 'events.amazonaws.com',
    errorCode: undefined,
    errorMessage: undefined,
    userIdentity: {
      type: 'AssumedRole',
      arn: `arn:aws:sts::${HUB}:assumed-role/${STACK}-guard/${STACK}-guard`,
      accountId: HUB,
      sessionContext: {
        sessionIssuer: {
          type: 'Role',
          arn: `arn:aws:iam::${HUB}:role/${STACK}-guard`,
          accountId: HUB,
          userName: `${STACK}-guard`,
        },
      },
    },
  };
});

/** To the next minute at which guard reads what is its own. */
function toNextRead(): number {
  return READ_EVERY - (world.clock.now() % READ_EVERY);
}

describe('the report', () => {
  const FILES = [
    'asff.json',
    'cells.csv',
    'changes.csv',
    'checks.csv',
    'coverage.csv',
    'differences.csv',
    'digest-message.json',
    'digest-receipt.json',
    'endpoints.csv',
    'exceptions.csv',
    'frameworks.csv',
    'gaps.csv',
    'incidents.csv',
    'inputs.ndjson',
    'interruptions.csv',
    'junit.xml',
    'manifest.json',
    'metrics.csv',
    'objectives.csv',
    'ocsf.ndjson',
    'oscal-assessment-plan.json',
    'oscal-assessment-results.json',
    'oscal12-assessment-plan.json',
    'oscal12-assessment-results.json',
    'places.csv',
    'report.html',
    'report.json',
    'report.pdf',
    'requirements.csv',
    'sources.csv',
    'summary.csv',
    'summary.json',
  ];

  it('puts the day before into the evidence bucket, under lock and each file with its digest; again it changes no byte', async () => {
    world.clock.skip(toNoonAfter());
    const outcome = await reported();
    const day = outcome.period.from.slice(0, 10).replaceAll('-', '/');
    expect(outcome.place).toBe(`s3://${EVIDENCE}/reports/${day}/`);
    const files = await keptReports();
    expect(files.map(({ key }) => key)).toEqual(FILES.map((name) => `reports/${day}/${name}`));
    const ofReport = files.filter(({ key }) => !key.includes('/digest-'));
    expect(ofReport.map(({ digest }) => digest)).toEqual(
      outcome.files.toSorted((a, b) => (a.name < b.name ? -1 : 1)).map(({ sha256 }) => sha256),
    );
    for (const { digest, bytes, lock } of files) {
      expect(createHash('sha256').update(bytes).digest('hex')).toBe(digest);
      expect(lock).toBe('COMPLIANCE');
    }
    expect(files.find(({ key }) => key.endsWith('report.json'))?.bytes.toString()).toContain('device-analytics');
    await world.driver.settle(0);
    const digests = () => world.driver.arrivals.filter(({ topic }) => topic === 'digest');
    expect(digests().map(({ body }) => (JSON.parse(body) as { key: string }).key)).toEqual([
      `digest/${outcome.period.from}/${outcome.period.to}`,
    ]);
    // Another environment, an hour later, with nothing new on record.
    await world.fleet.kill('report');
    world.clock.skip(60 * MINUTE);
    expect(await reported()).toEqual(outcome);
    expect(await keptReports()).toEqual(files);
    await world.driver.settle(0);
    expect(digests()).toHaveLength(1);
    expect(world.driver.failures).toEqual([]);
  });
});

describe('the sealed ledger', () => {
  it('is in the evidence bucket, under lock, and verified with the public key that lies there', async () => {
    world.clock.skip(2 * 60 * MINUTE);
    const files = async () => (await kept()).filter(({ key }) => !key.startsWith('reports/'));
    const outcome = await sealed();
    expect(outcome.made).toBeGreaterThan(0);
    const found = await files();
    expect(found.every(({ lock }) => lock === 'COMPLIANCE')).toBe(true);
    const pem = found.find(({ key }) => key.startsWith('keys/'));
    const folder = mkdtempSync(join(tmpdir(), 'ajar-key-'));
    const key = join(folder, 'ledger.pub.pem');
    writeFileSync(key, pem?.bytes ?? '');
    const until = new Date(world.clock.now()).toISOString();
    const check = () =>
      ajar(world.motoUrl, 'verify', `s3://${EVIDENCE}`, '--public-key', key, '--until', until, '--format', 'json');
    const clean = await check();
    expect(clean.stdout).toContain('"result":"clean"');
    const [evidence = ''] = clean.stdout.split('\n');
    const { entries, lastSeq, newestCheckpoint } = JSON.parse(evidence) as Record<string, unknown>;
    expect({ lastSeq, newestCheckpoint }).toEqual({ lastSeq: outcome.lastSeq, newestCheckpoint: outcome.checkpoint });
    expect(entries).toBe(outcome.lastSeq);
    // Another environment: nothing is put twice.
    await world.fleet.kill('seal');
    expect(await sealed()).toMatchObject({ made: 0 });
    expect(await files()).toEqual(found);
    const lines = found
      .filter(({ key: name }) => name.endsWith('.ndjson'))
      .map(({ bytes }) => bytes)
      .join('');
    expect(lines).toContain('"event":"pulse"');
    const object = found.find(({ key: name }) => name.endsWith('.ndjson'))?.key ?? '';
    await s3.send(new PutObjectCommand({ Bucket: EVIDENCE, Key: object, Body: 'another\n' }));
    expect(await check()).toMatchObject({ status: 1, stdout: expect.stringContaining(`"where":"${object}","line":1`) });
    rmSync(folder, { recursive: true });
    process.stdout.write(`sealed on moto: ${String(entries)} entries in ${found.length} objects\n`);
  });
});

/** Of the next day: an hour more must not make it another day. */
function toNoonAfter(): number {
  return 1.5 * DAY - (world.clock.now() % DAY);
}

async function sealed(): Promise<SealedHours> {
  const outcome = await world.driver.invoke('seal', { task: 'seal' });
  if (outcome.kind !== 'done') throw new Error(JSON.stringify(outcome));
  return outcome.result as SealedHours;
}

async function reported(): Promise<ReportOutcome> {
  const outcome = await world.driver.invoke('report', { task: 'daily' });
  if (outcome.kind !== 'done') throw new Error(JSON.stringify(outcome));
  return outcome.result as ReportOutcome;
}

const keptReports = async () => (await kept()).filter(({ key }) => key.startsWith('reports/'));

/** Every version of every object: none was put over another. `digest` is the checksum that is kept beside it. */
async function kept() {
  const { Versions = [] } = await s3.send(new ListObjectVersionsCommand({ Bucket: EVIDENCE }));
  const objects = Versions.map(async ({ Key = '', VersionId }) => {
    const one = { Bucket: EVIDENCE, Key, VersionId };
    const { Body } = await s3.send(new GetObjectCommand(one));
    const head = await s3.send(new HeadObjectCommand({ ...one, ChecksumMode: 'ENABLED' }));
    return {
      ...{ key: Key, version: VersionId, lock: head.ObjectLockMode },
      digest: Buffer.from(head.ChecksumSHA256 ?? '', 'base64').toString('hex'),
      bytes: Buffer.from((await Body?.transformToByteArray()) ?? []),
    };
  });
  return (await Promise.all(objects)).toSorted((a, b) => (a.key < b.key ? -1 : 1));
}
