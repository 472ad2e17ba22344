/** The deployed handler over a real table: what guard asks for of incidents that stay open (lib/pipeline/guard-work.ts). */
import type { SQSBatchResponse } from 'aws-lambda';
import { afterAll, afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { EMPTY_ALLOWLIST } from '../../../lib/model/allowlist.ts';
import type { Incident } from '../../../lib/model/incident.ts';
import type { ExplainMessage, RemindMessage } from '../../../lib/model/messages.ts';
import { assess } from '../../../lib/pipeline/assess.ts';
import { explainCheck } from '../../../lib/pipeline/guard-work.ts';
import { act } from '../../../lib/pipeline/handle.ts';
import { type DynamoStore, openDynamoStore } from '../../../lib/stores/dynamodb.ts';
import { dynoxide, startDynamo } from '../../stores/dynamodb-server.ts';
import { aReading } from '../../support/readings.ts';

const program = dynoxide();
const MINUTE = 60_000;
const END = '9999-12-31T23:59:59.999Z';
/** The topics that the function knows, whoever owed the alert. */
const REMINDED = ['chat', 'machine', 'page'].map((audience) => `reminder es-1 sns:${audience}`);

describe.runIf(program === undefined)('reminders of a deployed ajar', () => {
  it.skip('are not tried: @dynoxide/linux-x64 is not installed on this platform', () => {});
});

describe.runIf(program !== undefined)('reminders of a deployed ajar', async () => {
  const server = await startDynamo(program ?? '');
  const client = server.client();
  afterAll(async () => {
    client.destroy();
    await server.stop();
  });
  let store: DynamoStore;
  beforeEach(async () => {
    const table = await server.table();
    for (const [name, value] of Object.entries({
      ...{ AWS_REGION: 'eu-west-1', AWS_ACCESS_KEY_ID: 'x', AWS_SECRET_ACCESS_KEY: 'x', AJAR_TABLE: table },
      ...{ AWS_ENDPOINT_URL_DYNAMODB: server.url },
      ...{ AJAR_COLLECT_QUEUE: `${server.url}/collect`, AJAR_CHANGE_QUEUE: `${server.url}/change` },
      ...{ AJAR_TOPIC_PAGE: 'p', AJAR_TOPIC_CHAT: 'c', AJAR_TOPIC_MACHINE: 'm' },
    })) {
      vi.stubEnv(name, value);
    }
    vi.resetModules();
    store = await openDynamoStore({ client, table, sinks: ['sns:page'], now: () => new Date() });
  });
  afterEach(() => vi.unstubAllEnvs());

  const handled = async (...bodies: readonly unknown[]) => {
    const { handler } = await import('../../../functions/change.ts');
    const Records = bodies.map((body, n) => ({
      messageId: `m${n}`,
      eventSource: 'aws:sqs',
      body: JSON.stringify(body),
    }));
    const context = { awsRequestId: 'run', functionName: 'change', getRemainingTimeInMillis: () => 60_000 };
    const invoke = handler as unknown as (event: unknown, context: unknown) => Promise<SQSBatchResponse>;
    return (await invoke({ Records }, context)).batchItemFailures;
  };
  /** Anybody may read it, since so many minutes before this one. */
  const exposed = async (minutesAgo: number, id = 'es-1') => {
    const now = () => new Date(Date.now() - minutesAgo * MINUTE);
    const [closed, open] = [{}, { auth: 'open-anonymous' }] as const;
    for (const [at, sees] of [closed, open].entries())
      await assess(
        { ...aReading({ at, endpoint: { id }, sees: [sees] }), at: now().toISOString() },
        store,
        EMPTY_ALLOWLIST,
        now,
      );
  };
  /** What guard's check of this minute puts on the change queue. */
  const asked = async (): Promise<readonly RemindMessage[]> => {
    const sent: (ExplainMessage | RemindMessage)[] = [];
    const queue = {
      send: async (messages: readonly { body: ExplainMessage | RemindMessage }[]) =>
        void sent.push(...messages.map(({ body }) => body)),
    };
    const notes = { read: async () => undefined, save: async () => undefined };
    await explainCheck((filter) => store.incidents(filter), queue, notes).look(new Date());
    return sent.filter((message) => message.kind === 'remind');
  };
  const openIncidents = async () => {
    const found: Incident[] = [];
    for await (const incident of store.incidents({ status: 'open' })) found.push(incident);
    return found;
  };
  const owed = async () =>
    (await store.outbox.due(END, 100)).map(({ notice, sink }) => `${notice.kind} ${notice.endpoint.id} ${sink}`);

  it('are owed to every topic, once, however often they are asked for', async () => {
    await exposed(20);
    const messages = await asked();
    expect(messages).toEqual([{ kind: 'remind', endpointId: 'es-1' }]);
    expect(await handled(...messages, ...messages)).toEqual([]);
    expect(await handled(...messages)).toEqual([]);
    expect((await owed()).filter((line) => !line.startsWith('opened'))).toEqual(REMINDED);
    expect(await asked()).toEqual([]);
    const [incident] = await openIncidents();
    expect(incident?.ladder).toMatchObject({ step: 1 });
  });

  it('go to the second contact after half an hour', async () => {
    await exposed(31);
    await handled(...(await asked()));
    expect(await owed()).toContain('escalated es-1 sns:page');
  });

  it('are none where somebody acknowledged it after guard had asked', async () => {
    await exposed(20);
    const messages = await asked();
    for (const { id } of await openIncidents())
      await act(store, id, { kind: 'ack' }, { by: 'jdoe', runId: 'r' }, () => new Date());
    expect(await handled(...messages)).toEqual([]);
    expect((await owed()).filter((line) => line.startsWith('reminder'))).toEqual([]);
    expect(await asked()).toEqual([]);
  });

  it('are none of an endpoint that is not known; a message that is none comes again alone, and the others in the batch are owed', async () => {
    await exposed(20);
    const [good] = await asked();
    expect(await handled({ kind: 'remind', endpointId: 'nobody' }, { kind: 'remind' }, good)).toEqual([
      { itemIdentifier: 'm1' },
    ]);
    expect((await owed()).filter((line) => line.startsWith('reminder'))).toEqual(REMINDED);
  });
});
