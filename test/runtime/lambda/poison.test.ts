/** The deployed handlers behind queues, each with a batch in which one message is good: what is poison fails alone. */
import { GetCallerIdentityCommand, STSClient } from '@aws-sdk/client-sts';
import { mockClient } from 'aws-sdk-client-mock';
import { afterAll, afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import type { SQSBatchResponse } from 'aws-lambda';
import { dynoxide, startDynamo } from '../../stores/dynamodb-server.ts';
import { aReading } from '../../support/readings.ts';

const program = dynoxide();
const NESTED = `${'['.repeat(100_000)}${']'.repeat(100_000)}`;
const PLACE = { account: '111122223333', region: 'eu-west-1', partition: 'aws' };
const { endpoint } = aReading();

/** Of each queue a message that leads to nothing more, and what a later version might make of it. */
const QUEUES = {
  change: [
    { kind: 'remind', endpointId: 'nobody' },
    { kind: 'explain', endpointId: 'nobody', isLast: 'soon' },
  ],
  collect: [
    { kind: 'collect', place: PLACE, services: ['no-such-service'] },
    { kind: 'collect', place: { ...PLACE, partition: 'aws-moon' }, services: [] },
  ],
  probe: [
    { kind: 'probe', endpoint, since: '2019-12-04T10:00:00.000Z', until: '2019-12-04T10:01:00.000Z' },
    { kind: 'probe', endpoint: { ...endpoint, port: '9200' }, since: '2019-12-04T10:00:00.000Z' },
  ],
} as const;

describe.runIf(program === undefined)('a queue with poison in it', () => {
  it.skip('is not tried: @dynoxide/linux-x64 is not installed on this platform', () => {});
});

describe.runIf(program !== undefined)('a queue with poison in it', async () => {
  const server = await startDynamo(program ?? '');
  const sts = mockClient(STSClient);
  afterAll(async () => {
    sts.restore();
    await server.stop();
  });
  beforeEach(async () => {
    const Arn = `arn:aws:sts::${PLACE.account}:assumed-role/ajar/s`;
    sts.on(GetCallerIdentityCommand).resolves({ Account: PLACE.account, Arn });
    const table = await server.table();
    for (const [name, value] of Object.entries({
      ...{ AWS_REGION: 'eu-west-1', AWS_ACCESS_KEY_ID: 'x', AWS_SECRET_ACCESS_KEY: 'x', AJAR_VANTAGE: 'v1' },
      ...{ AWS_ENDPOINT_URL: server.url, AWS_ENDPOINT_URL_DYNAMODB: server.url, AJAR_TABLE: table },
      ...{ AJAR_COLLECT_QUEUE: 'q', AJAR_PROBE_QUEUE: 'q', AJAR_ASSESS_QUEUE: 'q', AJAR_CHANGE_QUEUE: 'q' },
    })) {
      vi.stubEnv(name, value);
    }
  });
  afterEach(() => vi.unstubAllEnvs());

  it.each(Object.entries(QUEUES))('of %s fails for the poison alone', async (stage, [good, later]) => {
    vi.resetModules();
    const { handler } = (await import(`../../../functions/${stage}.ts`)) as { readonly handler: unknown };
    const bodies = [
      ...['{"kind":', JSON.stringify(later), JSON.stringify(good)],
      ...[JSON.stringify({ ...good, more: 'x'.repeat(1_024 * 1_024) }), NESTED],
    ];
    const Records = bodies.map((body, n) => ({ messageId: `m${n}`, eventSource: 'aws:sqs', body }));
    const context = { awsRequestId: 'run', functionName: stage, getRemainingTimeInMillis: () => 60_000 };
    const invoke = handler as (event: unknown, context: unknown) => Promise<SQSBatchResponse>;
    const { batchItemFailures } = await invoke({ Records }, context);
    expect(batchItemFailures.map(({ itemIdentifier }) => itemIdentifier).toSorted()).toEqual(['m0', 'm1', 'm3', 'm4']);
  });
});
