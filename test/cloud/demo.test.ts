/**
 * `ajar demo --aws` on the suite's moto: lib/runtime/demo/aws.ts, aws-account.ts, aws-delivery.ts, aws-functions.ts, aws-stages.ts.
 * Where there is no moto: test/cli/demo-aws.test.ts.
 */
import { spawn } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { DynamoDBClient, ListTablesCommand } from '@aws-sdk/client-dynamodb';
import { ListDomainNamesCommand, OpenSearchClient } from '@aws-sdk/client-opensearch';
import { ListSubscriptionsCommand, ListTopicsCommand, SNSClient } from '@aws-sdk/client-sns';
import { ListQueuesCommand, SQSClient } from '@aws-sdk/client-sqs';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Notice } from '../../lib/model/incident.ts';
import { made, makeAccount } from '../../lib/runtime/demo/aws-account.ts';
import { openDelivery } from '../../lib/runtime/demo/aws-delivery.ts';
import { startFunctions } from '../../lib/runtime/demo/aws-functions.ts';
import { configOf } from './account.ts';
import { installMoto, type Moto, startMoto } from './moto.ts';

const LAUNCHER = join(import.meta.dirname, '..', '..', 'bin', 'ajar.cjs');
const root = mkdtempSync(join(tmpdir(), 'ajar-demo-cloud-'));
const signal = new AbortController().signal;
let moto: Moto;
beforeAll(async () => {
  moto = await startMoto();
});
afterAll(async () => {
  await moto?.stop();
  rmSync(root, { recursive: true, force: true });
});

function demo(env: Readonly<Record<string, string>>) {
  const state = mkdtempSync(join(root, 'state-'));
  const child = spawn(process.execPath, [LAUNCHER, 'demo', '--aws', '--state', state], {
    // Credentials of a real account, for all that is known: they must be of no consequence.
    env: { ...process.env, AWS_ACCESS_KEY_ID: 'AKIAREAL', AWS_SECRET_ACCESS_KEY: 'x', AWS_PROFILE: 'prod', ...env },
  });
  let output = '';
  for (const stream of [child.stdout, child.stderr]) stream.on('data', (d: Buffer) => (output += d.toString()));
  const ended = new Promise<number | null>((resolve) => child.on('close', resolve));
  return { child, ended, state, output: () => output };
}

/** What is in the demo's account. */
async function leftIn(account: string): Promise<readonly string[]> {
  const config = await configOf(moto.url, account, 'us-west-2');
  const [sqs, sns] = [new SQSClient(config), new SNSClient(config)];
  const [dynamodb, search] = [new DynamoDBClient(config), new OpenSearchClient(config)];
  const { QueueUrls = [] } = await sqs.send(new ListQueuesCommand({}));
  const { Topics = [] } = await sns.send(new ListTopicsCommand({}));
  const { Subscriptions = [] } = await sns.send(new ListSubscriptionsCommand({}));
  const { TableNames = [] } = await dynamodb.send(new ListTablesCommand({}));
  const { DomainNames = [] } = await search.send(new ListDomainNamesCommand({}));
  for (const client of [sqs, sns, dynamodb, search]) client.destroy();
  const named = [...Topics.map((t) => t.TopicArn), ...Subscriptions.map((s) => s.SubscriptionArn)];
  return [...QueueUrls, ...TableNames, ...named, ...DomainNames.map((d) => d.DomainName)].map(String);
}

const accountIn = (output: string): string => /Account (\d{12}),/.exec(output)?.[1] ?? '';

describe('ajar demo --aws', () => {
  it('prints one alert that names who did it and one recovery, as received, and leaves nothing on a moto it was given', async () => {
    const started = performance.now();
    const run = demo({ AWS_ENDPOINT_URL: moto.url });
    expect(await run.ended, run.output()).toBe(0);
    expect(performance.now() - started).toBeLessThan(45_000);
    const output = run.output();
    const alert = readFileSync(join(run.state, 'alert.json'), 'utf8');
    // As received: to the byte.
    expect(output).toContain(`\nAs received:\n\n${alert}\n`);
    const { kind, lines, incident } = JSON.parse(alert) as Notice;
    expect(kind).toBe('opened');
    expect(lines.find((line) => line.startsWith('WHO'))).toContain('j.doe@example.com');
    expect(lines.find((line) => line.startsWith('WHO'))).toContain(/event ([0-9a-f-]{36}), by/.exec(output)?.[1]);
    const recovery = JSON.parse(readFileSync(join(run.state, 'recovery.json'), 'utf8')) as Notice;
    expect([recovery.kind, recovery.incident.id]).toEqual(['closed', incident.id]);
    expect(output.match(/^\[CRIT\]/gm)).toHaveLength(1);
    expect(output.match(/^\[RECOVERED\]/gm)).toHaveLength(1);
    expect(output.match(/one message from the topic, \d+ bytes, [\d.]+ s after the change/g)).toHaveLength(2);
    expect(output).toMatch(/a gap, and said so: (unresolved|forbidden-address)/);
    expect(output).toMatch(/2 messages, .*; \d+ ledger lines, chain verified/);
    expect(existsSync(join(run.state, 'ledger.ndjson'))).toBe(true);
    expect(output).toContain('removed  all that was made on moto');
    expect(accountIn(output)).not.toBe('');
    expect(await leftIn(accountIn(output))).toEqual([]);
  });

  it('finds a moto_server on the PATH, starts it and ends it', async () => {
    const run = demo({ AWS_ENDPOINT_URL: '', PATH: `${dirname(installMoto())}:${process.env['PATH'] ?? ''}` });
    expect(await run.ended, run.output()).toBe(0);
    const url = /moto at (http:\/\/127\.0\.0\.1:\d+), started for this/.exec(run.output())?.[1] ?? '';
    expect(url).not.toBe('');
    await expect(fetch(url)).rejects.toThrow();
  });

  it('removes what it made when it is interrupted', async () => {
    const run = demo({ AWS_ENDPOINT_URL: moto.url });
    while (!run.output().includes('4 December: an employee')) await new Promise((resolve) => setTimeout(resolve, 10));
    run.child.kill('SIGINT');
    expect(await run.ended, run.output()).toBe(3);
    expect(run.output()).not.toContain('On record');
    expect(await leftIn(accountIn(run.output()))).toEqual([]);
  });
});

describe('its delivery', () => {
  it('gives a message back that failed, and tells after the third time', async () => {
    const all = made();
    const account = await makeAccount(moto.url, all);
    let deliveries = 0;
    let failures = 2;
    const functions = {
      log: () => 'why it failed',
      stop: async () => undefined,
      async invoke(stage: string, event: unknown) {
        if (stage !== 'assess') return undefined;
        const { Records } = event as { readonly Records: readonly { readonly messageId: string }[] };
        deliveries++;
        return { batchItemFailures: failures-- > 0 ? Records.map((r) => ({ itemIdentifier: r.messageId })) : [] };
      },
    };
    try {
      const delivery = openDelivery(account, functions, signal);
      await delivery.send('assess', { n: 1 });
      await delivery.settle();
      expect(deliveries).toBe(3);
      failures = 3;
      await delivery.send('assess', { n: 2 });
      await expect(delivery.settle()).rejects.toThrow('assess failed 3 times:\nwhy it failed');
      expect(deliveries).toBe(6);
    } finally {
      expect(await all.remove()).toEqual([]);
    }
    expect(await leftIn(account.id)).toEqual([]);
  });
});

describe('the process of its functions', () => {
  const credentials = { accessKeyId: 'test', secretAccessKey: 'test', sessionToken: 'test' };

  it('says which stage threw and why, and answers the next', async () => {
    const functions = startFunctions({ AWS_REGION: 'us-west-2' }, credentials, signal);
    try {
      await expect(functions.invoke('plan', { task: 'hot' })).rejects.toThrow(
        /plan failed: .*the environment has no AJAR_TABLE/,
      );
      await expect(functions.invoke('plan', {})).rejects.toThrow('plan failed');
    } finally {
      await functions.stop();
    }
  });

  it('lets go of what it was asked when it is stopped', async () => {
    const functions = startFunctions({ AWS_REGION: 'us-west-2' }, credentials, signal);
    const waiting = expect(functions.invoke('collect', { Records: [] })).rejects.toThrow('the functions ended');
    await functions.stop();
    await waiting;
  });
});
