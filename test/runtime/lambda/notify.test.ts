/** The deployed notifier over a real table, and a stand-in for SNS of which one topic never answers. */
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterAll, afterEach, beforeAll, describe, expect, it, vi } from 'vitest';
import { EMPTY_ALLOWLIST } from '../../../lib/model/allowlist.ts';
import { assess } from '../../../lib/pipeline/assess.ts';
import { TOPICS } from '../../../lib/runtime/lambda/owed.ts';
import { openDynamoStore } from '../../../lib/stores/dynamodb.ts';
import { dynoxide, startDynamo } from '../../stores/dynamodb-server.ts';
import { aReading } from '../../support/readings.ts';

const program = dynoxide();
const topicOf = (audience: string): string => `arn:aws:sns:eu-west-1:123456789012:ajar-${audience}`;

describe.runIf(program === undefined)('notify', () => {
  it.skip('is not tried: @dynoxide/linux-x64 is not installed on this platform', () => {});
});

describe.runIf(program !== undefined)('notify', async () => {
  const server = await startDynamo(program ?? '');
  const client = server.client();
  const asked: string[] = [];
  let sns: Server;

  beforeAll(async () => {
    sns = createServer((request, response) => {
      let body = '';
      request.on('data', (chunk: Buffer) => (body += chunk.toString()));
      request.on('end', () => {
        const form = new URLSearchParams(body);
        const topic = form.get('TopicArn') ?? '';
        asked.push(topic);
        if (topic === topicOf('page')) return;
        const ids = [...form].filter(([name]) => /^PublishBatchRequestEntries\.member\.\d+\.Id$/.test(name));
        const members = ids.map(([, id], n) => `<member><Id>${id}</Id><MessageId>m-${n}</MessageId></member>`).join('');
        response.writeHead(200, { 'content-type': 'text/xml' });
        response.end(
          `<PublishBatchResponse xmlns="http://sns.amazonaws.com/doc/2010-03-31/"><PublishBatchResult><Failed/><Successful>${members}</Successful></PublishBatchResult></PublishBatchResponse>`,
        );
      });
    });
    await new Promise<void>((resolve) => sns.listen(0, '127.0.0.1', resolve));
  });
  afterAll(async () => {
    sns.closeAllConnections();
    sns.close();
    client.destroy();
    await server.stop();
  });
  afterEach(() => vi.unstubAllEnvs());

  it('leaves due what a topic that never answers did not take, and sends the others', { timeout: 30_000 }, async () => {
    const table = await server.table();
    for (const [name, value] of Object.entries({
      ...{ AWS_REGION: 'eu-west-1', AWS_ACCESS_KEY_ID: 'x', AWS_SECRET_ACCESS_KEY: 'x' },
      ...{ AWS_ENDPOINT_URL_DYNAMODB: server.url, AJAR_TABLE: table },
      AWS_ENDPOINT_URL_SNS: `http://127.0.0.1:${(sns.address() as AddressInfo).port}`,
      ...{ AJAR_TOPIC_PAGE: topicOf('page'), AJAR_TOPIC_CHAT: topicOf('chat'), AJAR_TOPIC_MACHINE: topicOf('machine') },
    })) {
      vi.stubEnv(name, value);
    }
    const store = await openDynamoStore({ client, table, sinks: TOPICS, now: () => new Date() });
    await assess(aReading({ at: 1, sees: [{}] }), store, EMPTY_ALLOWLIST, () => new Date());
    await assess(aReading({ at: 2, sees: [{ auth: 'open-anonymous' }] }), store, EMPTY_ALLOWLIST, () => new Date());
    const owed = await store.outbox.pending();
    vi.resetModules();
    const { publish } = await import('../../../lib/runtime/lambda/notify.ts');
    const begun = performance.now();
    await publish({}, { signal: AbortSignal.timeout(25_000), runId: 'r' });
    expect(performance.now() - begun).toBeLessThan(20_000);
    const left = await store.outbox.due('9999-12-31T23:59:59.999Z', 100);
    expect(left.length).toBe(owed / TOPICS.length);
    for (const { sink, attempts, lastError } of left) {
      expect([sink, attempts]).toEqual(['sns:page', 1]);
      expect(lastError).toContain(topicOf('page'));
    }
    // The client gave a request up by itself and asked again, before the attempt as a whole was over.
    expect(asked.filter((topic) => topic === topicOf('page')).length).toBeGreaterThan(1);
  });
});
