/** The real pages over a real table: who the API says is asking, and nobody else. */
import { afterAll, afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { decide } from '../../../lib/assess/decide.ts';
import { EMPTY_ALLOWLIST } from '../../../lib/model/allowlist.ts';
import type { PageAnswer, PageEvent } from '../../../lib/runtime/lambda/console.ts';
import { openDynamoStore } from '../../../lib/stores/dynamodb.ts';
import { aReading } from '../../support/readings.ts';
import { dynoxide, startDynamo } from '../../stores/dynamodb-server.ts';

const program = dynoxide();
const API = 'abc123.execute-api.eu-west-1.amazonaws.com';
const CLAIMS = { sub: 'user-7', email: 'jdoe@example.com', email_verified: 'true' };

describe.runIf(program === undefined)('the console of a stack', () => {
  it.skip('is not tried: @dynoxide/linux-x64 is not installed on this platform', () => {});
});

describe.runIf(program !== undefined)('the console of a stack', async () => {
  const server = await startDynamo(program ?? '');
  const client = server.client();
  afterAll(async () => {
    client.destroy();
    await server.stop();
  });
  let id: string;

  beforeEach(async () => {
    const table = await server.table();
    for (const [name, value] of Object.entries({
      ...{ AWS_REGION: 'eu-west-1', AWS_ACCESS_KEY_ID: 'x', AWS_SECRET_ACCESS_KEY: 'x' },
      ...{ AWS_ENDPOINT_URL_DYNAMODB: server.url, AJAR_TABLE: table },
    })) {
      vi.stubEnv(name, value);
    }
    const store = await openDynamoStore({ client, table, sinks: [], now: () => new Date() });
    const reading = aReading({ sees: [{ auth: 'open-anonymous' }] });
    const { state, lines, notices, incidents } = decide(undefined, reading, EMPTY_ALLOWLIST, new Date());
    await store.commit({ state, expected: 0, lines, notices, incidents });
    id = incidents[0]?.id ?? '';
  });
  afterEach(() => vi.unstubAllEnvs());

  interface Asked {
    readonly path: string;
    readonly method?: string;
    readonly host?: string;
    readonly headers?: Readonly<Record<string, string>>;
    readonly body?: string;
    readonly claims?: Readonly<Record<string, string>>;
  }

  /** As an HTTP API sends it, payload 2.0, into a Lambda environment that begins. */
  async function ask(asked: Asked): Promise<PageAnswer> {
    vi.resetModules();
    const { path, method = 'GET', host = API, headers = {}, body, claims = CLAIMS } = asked;
    const event = {
      ...{ version: '2.0', routeKey: '$default', rawPath: path, rawQueryString: '', isBase64Encoded: false },
      ...{ body: body ?? null, headers: { host, 'x-forwarded-proto': 'https', ...headers } },
      requestContext: {
        ...{ domainName: API, http: { method, path, protocol: 'HTTP/1.1', sourceIp: '198.51.100.7', userAgent: 'x' } },
        authorizer: { jwt: { claims, scopes: null } },
      },
    } as unknown as PageEvent;
    return (await import('../../../lib/runtime/lambda/console.ts')).answerPage(event);
  }

  it('shows what is open', async () => {
    const { statusCode, body } = await ask({ path: '/' });
    expect(statusCode).toBe(200);
    expect(body).toContain(`/incidents/${id}`);
  });

  it.each([
    ['whose address is confirmed', CLAIMS, 'jdoe@example.com'],
    ['whose address is not', { ...CLAIMS, email_verified: 'false' }, 'user-7'],
  ])('notes in the name of the token %s', async (_, claims, by) => {
    const headers = { 'sec-fetch-site': 'same-origin', 'content-type': 'application/x-www-form-urlencoded' };
    const path = `/incidents/${id}/note`;
    const { statusCode } = await ask({ path, method: 'POST', headers, body: 'text=rule+removed', claims });
    expect(statusCode).toBe(303);
    const { body } = await ask({ path: `/incidents/${id}` });
    expect(body).toContain(by);
    expect(body).toContain('rule removed');
  });

  it('answers a proxy that logs people in, where it was told its name, and no other', async () => {
    expect((await ask({ path: '/', host: 'ajar.example.com' })).statusCode).toBe(421);
    vi.stubEnv('AJAR_CONSOLE_HOSTS', 'other.example.com, ajar.example.com');
    expect((await ask({ path: '/', host: 'ajar.example.com' })).statusCode).toBe(200);
  });

  it('lets nobody in where the API asks for no token', async () => {
    const { statusCode, body } = await ask({ path: '/', claims: {} });
    expect([statusCode, body]).toEqual([403, 'no token\n']);
  });
});
