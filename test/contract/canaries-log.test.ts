/**
 * No record value and no secret is logged (promise I6): peers with a planted secret visited, judged and told of by the functions as they
 * are deployed, at the level at which they say most, and what they write searched. Then everything goes wrong: messages broken
 * off at the secret, a store and topics that refuse and repeat what they were sent.
 */
import { createHash } from 'node:crypto';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { inspect } from 'node:util';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest';
import { PROBES } from '../../lib/probes/catalogue.ts';
import { TOPICS } from '../../lib/runtime/lambda/owed.ts';
import { openDynamoStore } from '../../lib/stores/dynamodb.ts';
import { dynoxide, startDynamo } from '../stores/dynamodb-server.ts';
import { PLANTED, plantedPeers } from '../support/canaries.ts';
import { type CanaryDoor, openDoor } from '../support/canary-doors.ts';
import { visited, withoutVersions } from '../support/canary-visits.ts';
import { instant } from '../support/readings.ts';

const program = dynoxide();
/** Of each probe. */
const DOORS = 3;
const READINGS = 6;
/** Judged before they are told of: the stand-in for the table is slow where a hundred notices are claimed at once. */
const FEW = 20;
const topicOf = (audience: string): string => `arn:aws:sns:eu-west-1:123456789012:ajar-${audience}`;

/** All that a function writes while `work` goes on, and what Lambda writes of an error that it ends with. */
async function written(work: () => Promise<unknown>): Promise<string> {
  const streams = [process.stdout, process.stderr].map((stream) => vi.spyOn(stream, 'write').mockReturnValue(true));
  const words = (['log', 'info', 'warn', 'error', 'debug'] as const).map((name) =>
    vi.spyOn(console, name).mockReturnValue(undefined),
  );
  let end = '';
  try {
    await work();
  } catch (error) {
    end = `${inspect(error, { depth: 10, maxStringLength: null })}${JSON.stringify(error)}`;
  }
  const lines = [...streams, ...words].flatMap(({ mock }) => mock.calls.map(([line]) => String(line)));
  vi.restoreAllMocks();
  return [...lines, end].join('\n');
}

describe.runIf(program === undefined)('what the functions log', () => {
  it.skip('is not tried: @dynoxide/linux-x64 is not installed on this platform', () => {});
});

describe.runIf(program !== undefined)('what the functions log', async () => {
  const server = await startDynamo(program ?? '');
  const client = server.client();
  /** Bodies that the queue took. */
  const queued: string[] = [];
  let isRefusing = false;
  let aws: Server;
  const doors: CanaryDoor[] = [];
  let table: string;

  beforeAll(async () => {
    aws = createServer((request, response) => {
      let body = '';
      request.on('data', (chunk: Buffer) => (body += chunk.toString()));
      request.on('end', () => {
        const isQuery = request.headers['content-type']?.includes('x-www-form-urlencoded') === true;
        if (isRefusing) return refuse(isQuery, body);
        if (!isQuery) return take(body);
        return refuse(true, body);
      });
      /** With all of what was asked in its words, as AWS does with some of it. */
      function refuse(isQuery: boolean, asked: string): void {
        const message = decodeURIComponent(asked.replaceAll('+', ' ')).replaceAll(/[<>&]/gu, ' ');
        response.writeHead(400, { 'content-type': isQuery ? 'text/xml' : 'application/x-amz-json-1.0' });
        response.end(
          isQuery
            ? `<ErrorResponse><Error><Type>Sender</Type><Code>InvalidParameter</Code><Message>${message}</Message></Error></ErrorResponse>`
            : JSON.stringify({ __type: 'com.amazonaws#ValidationException', message: asked }),
        );
      }
      function take(body: string): void {
        const { Entries } = JSON.parse(body) as { Entries: { Id: string; MessageBody: string }[] };
        queued.push(...Entries.map(({ MessageBody }) => MessageBody));
        const Successful = Entries.map(({ Id, MessageBody }) => {
          return { Id, MessageId: Id, MD5OfMessageBody: createHash('md5').update(MessageBody).digest('hex') };
        });
        response.writeHead(200, { 'content-type': 'application/x-amz-json-1.0' });
        response.end(JSON.stringify({ Successful, Failed: [] }));
      }
    });
    await new Promise<void>((resolve) => aws.listen(0, '127.0.0.1', resolve));
  });
  afterAll(async () => {
    for (const door of doors) door.close();
    aws.closeAllConnections();
    aws.close();
    client.destroy();
    await server.stop();
  });
  const awsUrl = (): string => `http://127.0.0.1:${(aws.address() as AddressInfo).port}`;
  beforeEach(async () => {
    [isRefusing, table] = [false, await server.table()];
    queued.length = 0;
    for (const [name, value] of Object.entries({
      ...{ AWS_REGION: 'eu-west-1', AWS_ACCESS_KEY_ID: 'x', AWS_SECRET_ACCESS_KEY: 'x' },
      ...{ AWS_ENDPOINT_URL: awsUrl(), AWS_ENDPOINT_URL_DYNAMODB: server.url, AJAR_TABLE: table },
      ...{ AJAR_ASSESS_QUEUE: `${awsUrl()}/1/assess`, AJAR_CHANGE_QUEUE: `${awsUrl()}/1/change`, AJAR_VANTAGE: 'v1' },
      ...{ AJAR_ONLY: '127.0.0.0/8', AJAR_ALLOW_PRIVATE: 'yes', AJAR_CANARY: '127.0.0.1:9' },
      ...{ AJAR_TOPIC_PAGE: topicOf('page'), AJAR_TOPIC_CHAT: topicOf('chat'), AJAR_TOPIC_MACHINE: topicOf('machine') },
      ...{ POWERTOOLS_LOG_LEVEL: 'DEBUG', POWERTOOLS_SERVICE_NAME: 'ajar', POWERTOOLS_METRICS_NAMESPACE: 'ajar' },
    })) {
      vi.stubEnv(name, value);
    }
    vi.resetModules();
  });
  afterEach(() => vi.unstubAllEnvs());

  /** As Lambda would hand it over, ten a batch; what comes of it is in the log. */
  async function handle(name: 'probe' | 'assess' | 'notify', bodies: readonly string[], size = 10): Promise<string> {
    const { handler } = (await import(`../../functions/${name}.ts`)) as { readonly handler: unknown };
    const invoke = handler as (event: unknown, context: unknown) => Promise<unknown>;
    const context = { awsRequestId: 'run', functionName: name, getRemainingTimeInMillis: () => 60_000 };
    const lines: string[] = [];
    for (let from = 0; from < bodies.length; from += size) {
      const Records = bodies
        .slice(from, from + size)
        .map((body, n) => ({ messageId: `m${from + n}`, eventSource: 'aws:sqs', body }));
      lines.push(await written(async () => invoke({ Records }, context)));
    }
    return lines.join('\n');
  }

  /** As the process that asked them has them, a server's own words and all. */
  async function readings() {
    const all = PROBES.map(async (probe, p) =>
      Promise.all(plantedPeers(probe, READINGS).map((peer, i) => visited(probe, peer, p * READINGS + i))),
    );
    return (await Promise.all(all)).flat();
  }
  const bodyOf = (reading: unknown): string => JSON.stringify({ kind: 'reading', reading });

  it('of visits, of judging what was seen and of telling it holds no secret', { timeout: 180_000 }, async () => {
    const bodies: string[] = [];
    for (const [p, probe] of PROBES.entries()) {
      for (const [i, planted] of plantedPeers(probe, DOORS).entries()) {
        const door = await openDoor(planted, `127.60.${p}.${i + 1}`);
        doors.push(door);
        const { host, port } = door;
        const engine = probe.engines[0] ?? 'unidentified';
        const endpoint = { id: host, host, port, engine, source: 'file', tags: {}, declared: {} };
        bodies.push(JSON.stringify({ kind: 'probe', endpoint, since: instant(0) }));
      }
    }
    const visiting = await handle('probe', bodies, bodies.length);
    expect(visiting).toContain('"Visits"');
    expect(visiting).not.toMatch(PLANTED);
    expect(queued.length).toBeGreaterThan(bodies.length * 0.9);
    const bodiesToJudge = queued.toSorted();
    const few = await handle('assess', bodiesToJudge.splice(0, FEW));
    // The stand-in for SNS takes nothing, and says back what it was asked.
    const telling = await handle('notify', ['{}']);
    expect(telling).toContain('not accepted: tried again');
    expect(telling).not.toMatch(PLANTED);
    const judging = few + (await handle('assess', bodiesToJudge));
    expect(judging).toContain('"message":"changed"');
    expect(judging).not.toMatch(PLANTED);
  });

  it('of readings that still have the words of servers in them, judged or broken, holds none', {
    timeout: 180_000,
  }, async () => {
    const seen = await readings();
    const judging = withoutVersions(await handle('assess', seen.map(bodyOf)), seen);
    expect(judging).toContain('"message":"changed"');
    expect(judging).not.toMatch(PLANTED);
    const planted = seen.map(bodyOf).filter((body) => PLANTED.test(body));
    expect(planted.length).toBeGreaterThan(20);
    /** Broken off before the secret, at it, behind it; and an unknown word in the place of a known one. */
    const broken = planted.flatMap((body) => [
      body.slice(body.search(PLANTED)),
      body.replace(PLANTED, '"$&'),
      body.replace(PLANTED, '$&"'),
      body.slice(0, body.search(PLANTED) + 8),
      body.replace(/"l4":"[^"]*"/u, `"l4":"${PLANTED.exec(body)?.[0] ?? ''}"`),
    ]);
    const refusing = await handle('assess', broken);
    expect(refusing).toContain('not done: it will be delivered again');
    expect(refusing).not.toMatch(PLANTED);
    expect(await handle('probe', broken)).not.toMatch(PLANTED);
  });

  it('of a store and topics that refuse and repeat what they were sent holds none', { timeout: 180_000 }, async () => {
    const seen = await readings();
    await handle('assess', seen.slice(0, FEW).map(bodyOf));
    const store = await openDynamoStore({ client, table, sinks: TOPICS, now: () => new Date() });
    const owed = await store.outbox.due('9999-12-31T23:59:59.999Z', 1_000);
    expect(owed.length).toBeGreaterThan(0);
    expect(await handle('notify', ['{}'])).toContain('not accepted: tried again');
    vi.stubEnv('AWS_ENDPOINT_URL_DYNAMODB', awsUrl());
    isRefusing = true;
    vi.resetModules();
    const refused = withoutVersions(await handle('assess', seen.map(bodyOf)), seen);
    expect(refused).toContain('not done: it will be delivered again');
    expect(refused).not.toMatch(PLANTED);
  });
});
