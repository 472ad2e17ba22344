/** The deployed handler over a real table: what of a batch is one write, and what alone comes again. */
import { afterAll, afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import type { SQSBatchResponse } from 'aws-lambda';
import { openDynamoStore } from '../../../lib/stores/dynamodb.ts';
import { dynoxide, startDynamo } from '../../stores/dynamodb-server.ts';
import { aReading, instant } from '../../support/readings.ts';

const program = dynoxide();

describe.runIf(program === undefined)('a batch of readings', () => {
  it.skip('is not tried: @dynoxide/linux-x64 is not installed on this platform', () => {});
});

describe.runIf(program !== undefined)('a batch of readings', async () => {
  const server = await startDynamo(program ?? '');
  const client = server.client();
  afterAll(async () => {
    client.destroy();
    await server.stop();
  });
  let table: string;
  beforeEach(async () => {
    table = await server.table();
    for (const [name, value] of Object.entries({
      ...{ AWS_REGION: 'eu-west-1', AWS_ACCESS_KEY_ID: 'x', AWS_SECRET_ACCESS_KEY: 'x' },
      ...{ AWS_ENDPOINT_URL_DYNAMODB: server.url, AJAR_TABLE: table },
    })) {
      vi.stubEnv(name, value);
    }
  });
  afterEach(() => vi.unstubAllEnvs());

  const handled = async (...readings: readonly unknown[]) => handledAt(undefined, ...readings);

  /** `sentAt`: the queue's stamp of each. */
  async function handledAt(sentAt: string | undefined, ...readings: readonly unknown[]): Promise<readonly string[]> {
    vi.resetModules();
    const { handler } = await import('../../../functions/assess.ts');
    const attributes = sentAt === undefined ? {} : { attributes: { SentTimestamp: String(Date.parse(sentAt)) } };
    const Records = readings.map((reading, n) => ({
      ...{ messageId: `m${n}`, eventSource: 'aws:sqs', ...attributes },
      // Text is a body as it stands.
      body: typeof reading === 'string' ? reading : JSON.stringify({ kind: 'reading', reading }),
    }));
    const context = { awsRequestId: 'run', functionName: 'assess', getRemainingTimeInMillis: () => 60_000 };
    const invoke = handler as unknown as (event: unknown, context: unknown) => Promise<SQSBatchResponse>;
    return (await invoke({ Records }, context)).batchItemFailures.map(({ itemIdentifier }) => itemIdentifier);
  }
  const stateOf = async (id: string) => {
    const store = await openDynamoStore({ client, table, sinks: [], now: () => new Date() });
    return store.read(id);
  };

  it('is timed by its queue where the clock of the prober is a quarter of an hour ahead, alone and among others', async () => {
    const [a, b] = [1, 2].map((at) => ({ ...aReading({ at: at + 900, sees: [{}] }), takenAt: instant(0) }));
    const { id } = aReading().endpoint;
    expect(await handledAt(instant(3), a)).toEqual([]);
    expect((await stateOf(id))?.lastReadingAt).toBe(instant(3));
    expect(await handledAt(instant(4), { ...b, id: 'b' }, { ...b, id: 'c' })).toEqual([]);
    expect((await stateOf(id))?.recent.map(({ at }) => at)).toEqual([3, 4, 4].map(instant));
  });

  it('is one write for each endpoint in it; what does not parse comes again alone', async () => {
    const [a, b, c] = [1, 2, 3].map((at) => aReading({ at, sees: [{}] }));
    const other = { ...aReading({ at: 1, sees: [{}] }), id: 'other' };
    const failed = await handled(
      a,
      { nonsense: true },
      b,
      { ...other, endpoint: { ...other.endpoint, id: 'other' } },
      c,
    );
    expect(failed).toEqual(['m1']);
    const state = await stateOf(a?.endpoint.id ?? '');
    expect([state?.version, state?.recent.length]).toEqual([1, 3]);
    expect((await stateOf('other'))?.version).toBe(1);
  });

  it('with one that cannot be judged still judges the others of that endpoint, and names that one', async () => {
    const [a, b, c] = [1, 2, 3].map((at) => aReading({ at, sees: [{}] }));
    expect(await handled(a, { ...b, observations: [null] }, c)).toEqual(['m1']);
    expect((await stateOf(a?.endpoint.id ?? ''))?.recent.map(({ id }) => id)).toEqual([a?.id, c?.id]);
  });

  it('is judged where nothing can be logged: standard output refuses every line', async () => {
    vi.stubEnv('POWERTOOLS_LOG_LEVEL', 'DEBUG');
    const lines: unknown[] = [];
    const stdout = vi.spyOn(process.stdout, 'write').mockImplementation((line) => {
      lines.push(line);
      throw Object.assign(new Error('write EAGAIN'), { code: 'EAGAIN' });
    });
    try {
      const opened = aReading({ at: 1, sees: [{ auth: 'open-anonymous' }] });
      expect(await handled(opened, { nonsense: true })).toEqual(['m1']);
      expect((await stateOf(opened.endpoint.id))?.version).toBe(1);
      expect(lines.length).toBeGreaterThan(1);
    } finally {
      stdout.mockRestore();
    }
  });

  it('with poison in it judges the others and names each that is poison', async () => {
    const good = aReading({ at: 1, sees: [{}] });
    const [look] = good.observations;
    const { id } = good.endpoint;
    const nested = `${'['.repeat(100_000)}${']'.repeat(100_000)}`;
    const poison = {
      'no JSON': '{"kind":"reading","reading":{',
      'another schema': { ...good, observations: [{ ...look, auth: { state: 'unheard-of' } }] },
      'a time that is none': { ...good, at: 'yesterday' },
      'a mebibyte': { ...good, observations: [{ ...look, rule: 'x'.repeat(1_024 * 1_024) }] },
      'deep nesting': nested,
      'deep nesting where we look': `{"kind":"reading","reading":{"id":${nested},"observations":[${nested}]}}`,
      'deep nesting in what is kept': JSON.stringify({
        ...{ kind: 'reading', reading: { ...good, id: 'deep', endpoint: { ...good.endpoint, novelty: '@' } } },
      }).replace('"@"', nested),
      nothing: 'null',
    };
    const bodies = Object.values(poison);
    const failed = await handledAt(instant(3), ...bodies.slice(0, 4), good, ...bodies.slice(4));
    expect(failed.toSorted()).toEqual(['m0', 'm1', 'm2', 'm3', 'm5', 'm6', 'm7', 'm8']);
    const state = await stateOf(id);
    expect([state?.version, state?.recent.map(({ at }) => at)]).toEqual([1, [instant(1)]]);
  });
});
