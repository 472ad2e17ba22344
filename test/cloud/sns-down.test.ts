/**
 * SNS is down, on the deployed stack: it answers with errors, a topic is deleted, nobody answers at all. What the operator sees
 * (logs, outbox, guard, whoever is reached without SNS: a web hook and the dead man's switch) is printed; docs/operations.md has
 * it. When SNS is back every notice is told once, under its key. The errors are put on the wire; the topics are moto's.
 */
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { OpenSearchClient, UpdateDomainConfigCommand } from '@aws-sdk/client-opensearch';
import { PutObjectCommand, S3Client } from '@aws-sdk/client-s3';
import { CreateSecretCommand, SecretsManagerClient } from '@aws-sdk/client-secrets-manager';
import { CreateTopicCommand, DeleteTopicCommand, SNSClient, SubscribeCommand } from '@aws-sdk/client-sns';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import type { Notice } from '../../lib/model/incident.ts';
import { openDynamoStore } from '../../lib/stores/dynamodb.ts';
import { configOf } from './account.ts';
import { type OwnClients, plantOwn } from './aws/own.ts';
import { plantDomains, policy } from './aws/plant-december.ts';
import { connectVpc } from './aws/plant-network.ts';
import { HUB, OWN, REGION, type Topic } from './aws/stack.ts';
import { happens } from './aws/story.ts';
import type { Fault } from './aws/wire.ts';
import { startWorld, type World } from './aws/world.ts';

const MINUTE = 60_000;
/** The longest that a notice is put off after it was refused (lib/pipeline/notify.ts), and a sweep. */
const BACKOFF = 17 * MINUTE;
const BROKEN: Fault = { code: 'InternalErrorException', message: 'SNS is down' };
const END = '9999-12-31T23:59:59.999Z';

let world: World;
let own: OwnClients;
let search: OpenSearchClient;
let sns: SNSClient;
let outside: Server;
/** Whoever is reached without SNS: keys that the web hook got, and how often the dead man's switch was asked. */
const hooked: string[] = [];
let pings = 0;

beforeAll(async () => {
  outside = createServer((request, response) => {
    let body = '';
    request.on('data', (chunk: Buffer) => (body += chunk.toString()));
    request.on('end', () => {
      if (request.url === '/beat') pings++;
      else hooked.push((JSON.parse(body) as Notice).key);
      response.end();
    });
  });
  await new Promise<void>((resolve) => outside.listen(0, '127.0.0.1', resolve));
  const url = `http://127.0.0.1:${(outside.address() as AddressInfo).port}`;
  world = await startWorld({
    ...{ duplicates: 0, scheduled: ['notify'] },
    settings: { AJAR_HEARTBEAT_URL: `${url}/beat`, AJAR_SINKS: 's3://ajar-allowlist/sinks/sinks.yaml' },
  });
  own = await plantOwn(world.motoUrl, world.deployment);
  const aws = { endpoint: world.motoUrl, region: REGION, credentials: OWN };
  sns = new SNSClient(aws);
  await plantHook({ ...aws, forcePathStyle: true }, `${url}/hook`);
  const config = await configOf(world.motoUrl, world.account, REGION);
  search = new OpenSearchClient(config);
  await connectVpc(config);
  await plantDomains(config, ['device-analytics', 'device-logs']);
  await world.driver.invoke('plan', { task: 'hot' });
  await world.driver.settle(MINUTE);
  await guardAfter(MINUTE);
  world.clock.skip(3 * MINUTE);
});
afterEach(() => world.wire.faults.splice(0));
afterAll(async () => {
  own?.close();
  for (const client of [search, sns]) client?.destroy();
  outside?.closeAllConnections();
  outside?.close();
  await world?.stop();
});

/** `sinks.yaml` with one web hook, whose address is a secret. */
async function plantHook(config: object, url: string): Promise<void> {
  const [secrets, s3] = [new SecretsManagerClient(config), new S3Client(config)];
  const { ARN } = await secrets.send(new CreateSecretCommand({ Name: 'ajar/hook', SecretString: url }));
  const Body = `version: 1\nsinks:\n  - type: webhook\n    url: { secret: '${ARN}' }\n`;
  await s3.send(new PutObjectCommand({ Bucket: 'ajar-allowlist', Key: 'sinks/sinks.yaml', Body }));
  secrets.destroy();
  s3.destroy();
}

const down = (fault: Fault): void =>
  void world.wire.faults.push(({ service }) => (service === 'sns' ? fault : undefined));

const change = async (DomainName: string, effect: 'Allow' | 'Deny') =>
  happens(world, {
    call: () => search.send(new UpdateDomainConfigCommand({ DomainName, AccessPolicies: policy(effect) })),
    event: { shape: 'update-domain-config', request: { domainName: DomainName, accessPolicies: policy(effect) } },
  });

/** Guard runs after so long, and what came out of the health topic's queue since. */
async function guardAfter(ms: number): Promise<readonly Health[]> {
  world.clock.skip(ms);
  const before = world.driver.arrivals.length;
  await world.driver.invoke('seal', { task: 'seal' });
  await world.driver.invoke('guard', { task: 'guard' });
  await world.driver.settle(0);
  return arrived('health', before).map((body) => JSON.parse(body) as Health);
}
interface Told {
  readonly key: string;
  readonly severity: string;
  readonly subject: string;
  readonly detail: string;
}
interface Health {
  readonly began: readonly Told[];
  readonly ended: readonly Told[];
}

const arrived = (topic: Topic, from: number): readonly string[] =>
  world.driver.arrivals.slice(from).flatMap((one) => (one.topic === topic ? [one.body] : []));
const keysAt = (topic: Topic, from: number): readonly string[] =>
  arrived(topic, from).map((body) => (JSON.parse(body) as Notice).key);

async function owed() {
  const store = await openDynamoStore({
    ...{ client: world.stack.dynamodb, table: world.stack.table, sinks: [], readOnly: true },
    now: () => new Date(world.clock.now()),
  });
  return store.outbox.due(END, 100);
}

/** The environment ends, as it may at any time, and what it wrote is read. */
async function logOf(name: string, about: RegExp): Promise<readonly string[]> {
  await world.fleet.kill(name);
  const lines = world.fleet.log(name).split('\n');
  return lines.filter((line) => about.test(line));
}

function print(title: string, lines: readonly string[]): void {
  process.stdout.write(`${[`-- ${title}`, ...lines].join('\n   ')}\n`);
}
const short = (line: string): string => line.replaceAll(/[0-9a-f]{8}-[0-9a-f-]{27}/gu, '…').slice(0, 600);
const outboxLines = async () =>
  (await owed()).map(({ sink, notice, attempts, dueAt, lastError = '' }) =>
    short(`${sink} ${notice.key}, ${attempts} attempts, again at ${dueAt}: ${lastError}`),
  );

describe('SNS answers with errors', () => {
  it('nothing is lost, who is reached otherwise is told at once, and the dead man’s switch is no longer asked', async () => {
    const [from, beats] = [world.driver.arrivals.length, pings];
    down(BROKEN);
    await change('device-analytics', 'Allow');
    await change('device-analytics', 'Deny');
    await change('device-logs', 'Allow');
    print('outbox', await outboxLines());
    expect(new Set((await owed()).map(({ sink }) => sink))).toEqual(new Set(['sns:page', 'sns:chat', 'sns:machine']));
    expect(await owed()).toHaveLength(9);
    expect(hooked).toHaveLength(3);
    const told = await guardAfter(2 * MINUTE);
    expect(told).toEqual([]);
    expect(pings).toBe(beats);
    expect(world.driver.failures.map(({ name }) => name)).toEqual(['guard']);
    print(
      'guard fails',
      world.driver.failures.map(({ error }) => short(error)),
    );
    const refused = await logOf('notify', /not accepted: tried again/u);
    expect(refused.length).toBeGreaterThanOrEqual(9);
    print('log of notify', refused.slice(0, 1).map(short));
    const problem = await logOf('guard', /"key":"outbox"/u);
    expect(problem).toHaveLength(1);
    print('log of guard', problem.map(short));
    expect(world.driver.arrivals.length).toBe(from);
    await world.driver.run(BACKOFF);
    print('outbox, 17 minutes later', await outboxLines());
    expect(await owed()).toHaveLength(9);
    expect(hooked).toHaveLength(3);
  });

  it('and is back: every notice is told once, under its key', async () => {
    const [from, beats] = [world.driver.arrivals.length, pings];
    const waiting = (await owed()).filter(({ sink }) => sink === 'sns:machine').map(({ notice }) => notice.key);
    await world.driver.run(BACKOFF);
    expect(await owed()).toEqual([]);
    expect(keysAt('machine', from).toSorted()).toEqual(waiting.toSorted());
    expect(keysAt('page', from).toSorted()).toEqual(waiting.toSorted());
    expect(keysAt('machine', from).toSorted()).toEqual(hooked.toSorted());
    expect(arrived('chat', from)).toHaveLength(waiting.length);
    const pages = arrived('page', from).map((body) => JSON.parse(body) as Notice);
    // After so long an end may go past its beginning, and says so (docs/operations.md, "Order of messages").
    const [first, second, ...more] = pages.filter(({ endpoint }) => endpoint.name === 'device-analytics');
    expect([new Set([first?.kind, second?.kind]), more]).toEqual([new Set(['closed', 'opened']), []]);
    expect(first?.kind === 'opened' || first?.lines[1]?.startsWith('EARLIER')).toBe(true);
    print(
      'told on the page topic',
      pages.map(({ kind, subject }) => `${kind}: ${subject}`),
    );
    await guardAfter(MINUTE);
    expect(pings).toBe(beats + 1);
    print('dead man’s switch', [`asked ${pings - beats} time since; while SNS was down: not at all`]);
  });
});

describe('a topic that was deleted', () => {
  const page = (): string => world.stack.settings['AJAR_TOPIC_PAGE'] ?? '';

  it('keeps its own notices waiting and no others, and guard says so on the health topic, with the cure', async () => {
    const from = world.driver.arrivals.length;
    await sns.send(new DeleteTopicCommand({ TopicArn: page() }));
    await change('device-logs', 'Deny');
    expect(keysAt('machine', from)).toHaveLength(1);
    expect((await owed()).map(({ sink }) => sink)).toEqual(['sns:page']);
    print('outbox', await outboxLines());
    const began = (await guardAfter(5 * MINUTE)).flatMap((message) => message.began);
    print(
      'guard on the health topic',
      began.map(({ severity, subject, detail }) => short(`${severity} ${subject}: ${detail}`)),
    );
    expect(began.find(({ key }) => key === 'outbox')?.detail).toMatch(/sns:page: .*NotFound/u);
    expect(began.map(({ key }) => key)).toContain('outbox');
  });

  it('is made again: it gets what it is owed, once, and guard says that it is over', async () => {
    const from = world.driver.arrivals.length;
    const waiting = (await owed()).map(({ notice }) => notice.key);
    const Attributes = { RawMessageDelivery: 'true' };
    await sns.send(new CreateTopicCommand({ Name: page().split(':').at(-1) ?? '' }));
    const Endpoint = `arn:aws:sqs:${REGION}:${HUB}:inbox-page`;
    await sns.send(new SubscribeCommand({ TopicArn: page(), Protocol: 'sqs', Endpoint, Attributes }));
    await world.driver.run(BACKOFF);
    expect(keysAt('page', from)).toEqual(waiting);
    expect(await owed()).toEqual([]);
    const ended = (await guardAfter(5 * MINUTE)).flatMap((message) => message.ended.map(({ key }) => key));
    expect(ended).toContain('outbox');
  });
});

describe('nobody answers at SNS', () => {
  it('each attempt is given up in time, and what is owed is told once when somebody does', async () => {
    const from = world.driver.arrivals.length;
    down('silence');
    const begun = performance.now();
    await change('device-analytics', 'Allow');
    print('outbox', await outboxLines());
    const seconds = (performance.now() - begun) / 1_000;
    print('took', [`${seconds.toFixed(0)} s for ${(await owed()).length} notices`]);
    expect((await owed()).map(({ sink }) => sink).toSorted()).toEqual(['sns:chat', 'sns:machine', 'sns:page']);
    expect((await owed()).every(({ lastError = '' }) => /time|abort/iu.test(lastError))).toBe(true);
    expect(arrived('machine', from)).toEqual([]);
    world.wire.faults.splice(0);
    await world.driver.run(BACKOFF);
    expect(await owed()).toEqual([]);
    expect(keysAt('machine', from)).toHaveLength(1);
    expect(keysAt('page', from)).toEqual(keysAt('machine', from));
    expect(world.driver.failures.map(({ name }) => name)).toEqual(['guard']);
  });
});
