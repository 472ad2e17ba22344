/** functions/drill.ts behind a server that turns HTTP into a function URL's events, and the real probe in front of it. */
import { createServer, type IncomingHttpHeaders, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest';
import { handler } from '../../../functions/drill.ts';
import { judge } from '../../../lib/assess/judge.ts';
import type { Reading } from '../../../lib/model/reading.ts';
import { pacer } from '../../../lib/net/visit.ts';
import { drillEndpoint } from '../../../lib/pipeline/drill.ts';
import { hearing } from '../../../lib/pipeline/hearing.ts';
import { probeEndpoint } from '../../../lib/pipeline/probe.ts';
import { PROBES } from '../../../lib/probes/catalogue.ts';
import { answer } from '../../../lib/runtime/lambda/drill.ts';
import { memoryStore } from '../../../lib/stores/memory.ts';

const OPEN = new Date('2026-12-04T06:09:59.999Z');
const CLOSED = new Date('2026-12-04T06:10:00.000Z');
const context = { getRemainingTimeInMillis: () => 3_000 };

interface FunctionUrlEvent {
  readonly rawPath: string;
  readonly rawQueryString: string;
  readonly headers: IncomingHttpHeaders;
}
const invoke = handler as unknown as (event: unknown, context: unknown) => Promise<ReturnType<typeof answer>>;

let server: Server;
/** As a function URL may hand it on: AWS renames the header of a challenge. */
let isRenamed = false;
beforeAll(async () => {
  server = createServer((request, response) => {
    const { pathname, search } = new URL(request.url ?? '', 'http://drill.invalid');
    const event: FunctionUrlEvent = { rawPath: pathname, rawQueryString: search.slice(1), headers: request.headers };
    void invoke(event, context).then(({ statusCode, headers, body }) => {
      const { 'www-authenticate': challenge, ...rest } = headers;
      const named = isRenamed ? 'x-amzn-remapped-www-authenticate' : 'www-authenticate';
      response.writeHead(statusCode, challenge === undefined ? rest : { ...rest, [named]: challenge }).end(body);
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
});
afterAll(() => server.close());
beforeEach(() => {
  vi.stubEnv('AJAR_DRILL', '10m/6h');
  vi.useFakeTimers({ toFake: ['Date'] });
  isRenamed = false;
});
afterEach(() => {
  vi.useRealTimers();
  vi.unstubAllEnvs();
});

async function visited(now: Date): Promise<Reading> {
  vi.setSystemTime(now);
  const { port } = server.address() as AddressInfo;
  const outcome = await probeEndpoint(drillEndpoint(`http://127.0.0.1:${port}/`, 'eu-west-1'), {
    ...{
      runId: 'run',
      vantage: 'test',
      probes: PROBES,
      metadata: 2,
      rawNames: true,
      concurrency: 1,
      userAgent: 'test',
    },
    ...{ policy: { allowPrivate: true, only: ['127.0.0.0/8'] }, pacer: pacer(0), hearing: hearing() },
    ...{ budgets: memoryStore({ sinks: [] }).budgets, now: () => new Date(), signal: new AbortController().signal },
  });
  if (outcome.kind !== 'reading') throw new Error(`no reading: ${outcome.kind}`);
  return outcome.reading;
}

describe('the door, as the real probe finds it', () => {
  it('asks for credentials while it is closed', async () => {
    const reading = await visited(CLOSED);
    // Plaintext here, so credentials would cross the wire in clear; behind its URL there is TLS alone.
    expect(reading.observations).toMatchObject([
      { l4: 'open', proto: { state: 'match', confidence: 'firm' }, auth: { state: 'auth-weak' } },
    ]);
    const { observed, verdict } = judge(reading);
    expect([observed.authentication.level, verdict.name]).toEqual(['on', 'reachable']);
  });

  it('also where its challenge comes under another name', async () => {
    isRenamed = true;
    expect((await visited(CLOSED)).observations).toMatchObject([
      { proto: { state: 'match', confidence: 'firm' }, auth: { state: 'auth-required' }, proof: 2 },
    ]);
  });

  it('lets a stranger in while it is open, and shows one empty index', async () => {
    const reading = await visited(OPEN);
    expect(reading.observations).toMatchObject([
      {
        ...{ rule: 'elasticsearch/open', auth: { state: 'open-anonymous' }, proof: 4 },
        proto: { state: 'match', confidence: 'firm', product: 'elasticsearch' },
        data: { objects: 1, records: 0, bytes: 0, samples: ['ajar-drill'], truncated: false },
      },
    ]);
    expect(judge(reading)).toMatchObject({
      observed: { authentication: { level: 'off' } },
      verdict: { name: 'exposed', confirmed: true },
    });
  });
});

describe('an answer', () => {
  const SECRET = 'c4n4ry-of-a-request';
  const requests: readonly unknown[] = [
    ...['/', '/_cat/indices', '/_mapping', '/_search', '/.exposure-probe/0', '//', '/%2e%2e', ''].map((rawPath) => ({
      rawPath,
    })),
    { rawPath: `/${SECRET}`, rawQueryString: SECRET, headers: { [SECRET]: SECRET }, cookies: [SECRET], body: SECRET },
    { rawPath: { toString: () => SECRET } },
    { rawPath: 'x'.repeat(1_000_000) },
    ...['__proto__', 'constructor', 'toString'].map((rawPath) => ({ rawPath })),
    ...[undefined, null, 7, SECRET, [], {}],
  ];

  it('is a refusal to whatever is asked while the door is closed', () => {
    for (const request of requests) expect(answer(request, CLOSED)).toMatchObject({ statusCode: 401 });
    expect(JSON.parse(answer({ rawPath: '/_cat/indices' }, CLOSED).body)).toMatchObject({
      error: { type: 'security_exception' },
      status: 401,
    });
    expect(answer({ rawPath: '/' }, CLOSED).headers['www-authenticate']).toContain('realm="security"');
  });

  it('is of three paths while it is open; there is nothing at any other', () => {
    const found = requests.filter((request) => answer(request, OPEN).statusCode === 200);
    expect(found).toEqual([{ rawPath: '/' }, { rawPath: '/_cat/indices' }, { rawPath: '/_mapping' }]);
    const others = new Set(requests.map((request) => answer(request, OPEN).statusCode));
    expect(others).toEqual(new Set([200, 404]));
  });

  it('is small, of JSON, and gives nothing of the request back', () => {
    for (const request of requests) {
      for (const now of [OPEN, CLOSED]) {
        const reply = answer(request, now);
        expect(() => JSON.parse(reply.body) as unknown).not.toThrow();
        expect(JSON.stringify(reply).length).toBeLessThan(1_000);
        expect(JSON.stringify(reply)).not.toContain(SECRET);
      }
    }
  });

  it('leaves nothing of a request in the log, whatever the logger was told', async () => {
    vi.stubEnv('POWERTOOLS_LOGGER_LOG_EVENT', 'true');
    vi.setSystemTime(OPEN);
    const written = [process.stdout, process.stderr].map((stream) => vi.spyOn(stream, 'write').mockReturnValue(true));
    const said = (['log', 'info', 'warn', 'error', 'debug'] as const).map((name) =>
      vi.spyOn(console, name).mockReturnValue(undefined),
    );
    for (const request of requests) await invoke(request, context);
    const lines = [...written, ...said].flatMap(({ mock }) => mock.calls);
    vi.restoreAllMocks();
    expect(lines).toEqual([]);
  });

  it('is none where its schedule is none: a door that nobody knows when to close stays shut', () => {
    vi.stubEnv('AJAR_DRILL', 'always');
    expect(() => answer({ rawPath: '/' }, OPEN)).toThrow('the schedule of the drill is none');
    vi.stubEnv('AJAR_DRILL', '');
    expect(() => answer({ rawPath: '/' }, OPEN)).toThrow('AJAR_DRILL');
  });
});
