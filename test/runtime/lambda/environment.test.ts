/** What a function does that was deployed without what it has to be told: nothing by half, and not in silence. */
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { listSetting, optionalSetting, setting } from '../../../lib/runtime/lambda/environment.ts';

const { endpoint, ...reading } = {
  ...{ id: 'r/a', runId: 'r', at: '2019-12-04T10:00:00.000Z', vantage: 'v1', vantageAlive: true, observations: [] },
  endpoint: { id: 'a', host: 'db', port: 9200, engine: 'redis', source: 'file', declared: {}, tags: {} },
};
const BODIES = {
  assess: { kind: 'reading', reading: { ...reading, endpoint } },
  change: { kind: 'remind', endpointId: 'a' },
  collect: { kind: 'collect', place: { account: '111122223333', region: 'eu-west-1', partition: 'aws' }, services: [] },
  probe: { kind: 'probe', endpoint, since: '2019-12-04T10:00:00.000Z' },
};
const TASKS = { notify: { task: 'sweep' }, plan: { task: 'hot' }, report: { task: 'daily' }, seal: { task: 'seal' } };

beforeEach(() => {
  for (const name of Object.keys(process.env)) if (/^(AJAR|AWS)_/.test(name)) vi.stubEnv(name, undefined);
  for (const name of ['AWS_ACCESS_KEY_ID', 'AWS_SECRET_ACCESS_KEY']) vi.stubEnv(name, 'x');
  vi.stubEnv('AWS_REGION', 'eu-west-1');
  // Nothing answers there: what is asked all the same is refused at once.
  vi.stubEnv('AWS_ENDPOINT_URL', 'http://127.0.0.1:9');
});
afterEach(() => vi.unstubAllEnvs());

async function invoked(stage: string, event: unknown): Promise<unknown> {
  vi.resetModules();
  const { handler } = (await import(`../../../functions/${stage}.ts`)) as { readonly handler: unknown };
  const context = { awsRequestId: 'run', functionName: stage, getRemainingTimeInMillis: () => 60_000 };
  return (handler as (event: unknown, context: unknown) => Promise<unknown>)(event, context);
}

describe('an environment without its table', () => {
  it.each(Object.entries(BODIES))('has %s give back every message', async (stage, body) => {
    const record = { messageId: 'm', eventSource: 'aws:sqs', body: JSON.stringify(body) };
    await expect(invoked(stage, { Records: [record] })).rejects.toThrow(/All records failed/);
  });

  it.each(Object.entries(TASKS))('has %s fail, in words', async (stage, task) => {
    await expect(invoked(stage, task)).rejects.toThrow(/the environment has no AJAR_\w+/);
  });
});

describe('a setting', () => {
  it.each([undefined, ''])('that is %j is none, and said by its name with the cure', (value) => {
    vi.stubEnv('AJAR_TABLE', value);
    expect(optionalSetting('AJAR_TABLE')).toBeUndefined();
    expect(() => setting('AJAR_TABLE')).toThrow(
      expect.objectContaining({
        code: 'bad-input',
        message: 'the environment has no AJAR_TABLE',
        cure: expect.any(String),
      }),
    );
  });

  it('that is a list of nothing is none: it leaves out nobody', () => {
    vi.stubEnv('AJAR_ACCOUNTS', ' , ,');
    expect(listSetting('AJAR_ACCOUNTS')).toBeUndefined();
    vi.stubEnv('AJAR_ACCOUNTS', ' 111122223333,, 444455556666 ');
    expect(listSetting('AJAR_ACCOUNTS')).toEqual(['111122223333', '444455556666']);
  });
});
