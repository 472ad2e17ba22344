/** Throttling and lists that break off as they come over the wire: the clients of a real session, and a service on loopback. */
import { createServer, type Server } from 'node:http';
import { DescribeClustersCommand, MemoryDBClient } from '@aws-sdk/client-memorydb';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { openSessions } from '../../lib/aws/session.ts';
import { testCell } from '../support/aws.ts';

const ATTEMPTS = 3;
/** The SDK backs off for as long as chance says. */
const PATIENCE = { timeout: 20_000 };
type Answer = readonly [status: number, body: object];
const page = (name: string, NextToken?: string): Answer => [200, { Clusters: [{ Name: name }], NextToken }];
const refusal = (status: number, __type: string): Answer => [status, { __type, message: 'so it says' }];

let server: Server;
/** What a page token gets, in turn; the last answer stays. */
let answers: Readonly<Record<string, readonly Answer[]>>;
const asked: { readonly token: string; readonly at: number }[] = [];

beforeEach(async () => {
  asked.length = 0;
  server = createServer((request, response) => {
    const chunks: Buffer[] = [];
    request.on('data', (chunk: Buffer) => chunks.push(chunk));
    request.on('end', () => {
      const { NextToken: token = 'first' } = JSON.parse(Buffer.concat(chunks).toString()) as { NextToken?: string };
      const before = asked.filter((call) => call.token === token).length;
      asked.push({ token, at: performance.now() });
      const turns = answers[token] ?? [refusal(400, 'InvalidParameterValueException')];
      const [status, body] = turns[Math.min(before, turns.length - 1)] ?? refusal(500, 'InternalFailure');
      response.writeHead(status, { 'content-type': 'application/x-amz-json-1.1' }).end(JSON.stringify(body));
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
});
afterEach(async () => {
  server.closeAllConnections();
  await new Promise((resolve) => server.close(resolve));
});

async function listed() {
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('no port');
  const settings = {
    ...{ region: 'eu-west-1', sessionName: 'ajar', maxAttempts: ATTEMPTS, requestTimeoutMs: 2_000 },
    endpoint: `http://127.0.0.1:${address.port}`,
  };
  const sessions = openSessions(
    settings,
    () => new Date(),
    async () => ({ accessKeyId: 'x', secretAccessKey: 's' }),
  );
  const client = sessions.client(MemoryDBClient, undefined, 'eu-west-1');
  const cell = testCell('memorydb');
  const items = await cell.list(
    'memorydb:DescribeClusters',
    (NextToken) => client.send(new DescribeClustersCommand({ NextToken })),
    ({ Clusters }) => Clusters,
    ({ NextToken }) => NextToken,
  );
  client.destroy();
  return { names: items.map(({ Name }) => Name), status: cell.status(items.length), gaps: cell.gaps() };
}

describe('a call that is throttled', PATIENCE, () => {
  it('and then answered is waited for and no gap', async () => {
    answers = { first: [refusal(400, 'ThrottlingException'), page('a', 'two')], two: [page('b')] };
    expect(await listed()).toEqual({ names: ['a', 'b'], status: 'complete', gaps: [] });
    const [one, two] = asked.map(({ at }) => at);
    expect(asked.map(({ token }) => token)).toEqual(['first', 'first', 'two']);
    expect((two ?? 0) - (one ?? 0)).toBeGreaterThan(20);
  });

  it.each([
    ['ThrottlingException', 400],
    ['TooManyRequestsException', 429],
  ] as const)('by %s at page 3 until nobody tries any more leaves a list that is not whole', async (name, status) => {
    answers = { first: [page('a', 'two')], two: [page('b', 'three')], three: [refusal(status, name)] };
    const { names, status: cell, gaps } = await listed();
    expect([names, cell]).toEqual([['a', 'b'], 'partial']);
    expect(gaps).toMatchObject([{ code: 'throttled', detail: expect.stringContaining('memorydb:DescribeClusters') }]);
    expect(asked.filter(({ token }) => token === 'three')).toHaveLength(ATTEMPTS);
  });

  it('by 503 at page 2 leaves it so too', async () => {
    answers = { first: [page('a', 'two')], two: [refusal(503, 'ServiceUnavailable')] };
    expect(await listed()).toMatchObject({ names: ['a'], status: 'partial', gaps: [{ code: 'not-answered' }] });
  });
});

describe('a list that goes on', () => {
  it('over a page without items, to its end', async () => {
    answers = { first: [page('a', 'two')], two: [[200, { NextToken: 'three' }]], three: [page('c')] };
    expect(await listed()).toEqual({ names: ['a', 'c'], status: 'complete', gaps: [] });
  });

  it.each([
    ['a page token that has expired', 400, 'InvalidParameterValueException', 'not-answered'],
    ['credentials that have expired', 400, 'ExpiredTokenException', 'denied'],
  ] as const)('and ends with %s is not whole, and not begun anew', async (_, status, name, code) => {
    answers = { first: [page('a', 'two')], two: [refusal(status, name)] };
    expect(await listed()).toMatchObject({ names: ['a'], status: 'partial', gaps: [{ code }] });
    expect(asked.filter(({ token }) => token === 'first')).toHaveLength(1);
  });
});
