import { EventBridgeClient, PutEventsCommand } from '@aws-sdk/client-eventbridge';
import { mockClient } from 'aws-sdk-client-mock';
import { beforeEach, describe, expect, it } from 'vitest';
import { entryOf, eventBridgeSink } from '../../lib/sinks/eventbridge.ts';
import { aNotice, anIncident } from '../support/builders.ts';

const { signal } = new AbortController();
const bus = 'arn:aws:events:eu-west-1:111122223333:event-bus/security';
const aws = mockClient(EventBridgeClient);
const client = new EventBridgeClient({ region: 'eu-west-1' });
const sink = eventBridgeSink({ id: 'eventbridge', client, bus, attemptMs: 200 });
const many = (n: number) => Array.from({ length: n }, (_, i) => aNotice({ key: `k${i}` }));

beforeEach(() => aws.reset());

describe('the EventBridge sink', () => {
  it('puts the document of web hooks on the bus, as an exposure state change', async () => {
    aws.on(PutEventsCommand).resolves({ Entries: [{ EventId: 'e1' }] });
    const arn = 'arn:aws:es:us-east-1:111122223333:domain/device-analytics';
    const notice = aNotice({ endpoint: { ...aNotice().endpoint, arn } });
    expect(await sink.deliver(notice, signal)).toEqual({ id: `e1 ${bus}` });
    const [entry] = aws.commandCalls(PutEventsCommand)[0]?.args[0].input.Entries ?? [];
    expect(entry).toMatchObject({
      EventBusName: bus,
      Source: 'ajar',
      DetailType: 'Exposure State Change',
      Resources: [arn],
    });
    expect(JSON.parse(entry?.Detail ?? '')).toEqual({ schemaVersion: 1, ...notice });
  });

  it('has an outcome for each, in batches of ten', async () => {
    aws.on(PutEventsCommand).callsFake(({ Entries }: { Entries: { Detail: string }[] }) => ({
      Entries: Entries.map(({ Detail }) => {
        const { key } = JSON.parse(Detail) as { key: string };
        return key === 'k11' ? { ErrorCode: 'ThrottlingException', ErrorMessage: 'slow down' } : { EventId: key };
      }),
    }));
    const outcomes = (await sink.deliverAll?.(many(25), signal)) ?? [];
    expect(aws.commandCalls(PutEventsCommand).map((call) => call.args[0].input.Entries?.length)).toEqual([10, 10, 5]);
    expect(outcomes).toHaveLength(25);
    expect(outcomes[11]).toEqual({ error: `${bus}: ThrottlingException: slow down` });
    expect(outcomes.filter((o) => 'id' in o)).toHaveLength(24);
  });

  it.each(['AccessDeniedException', 'ResourceNotFoundException'])(
    'says of %s how to mend it, and waits until then',
    async (name) => {
      aws.on(PutEventsCommand).rejects(Object.assign(new Error('no'), { name }));
      await expect(sink.deliver(aNotice(), signal)).rejects.toMatchObject({
        code: 'sink-refused',
        message: expect.stringContaining('allow events:PutEvents') as string,
        retryAfterMs: 300_000,
      });
    },
  );

  it('takes an answer without an event id as a refusal', async () => {
    aws.on(PutEventsCommand).resolves({ Entries: [{}] });
    await expect(sink.deliver(aNotice(), signal)).rejects.toMatchObject({ code: 'sink-refused' });
    aws.on(PutEventsCommand).resolves({});
    expect(await sink.deliverAll?.(many(2), signal)).toMatchObject(
      [{ error: /NoEventId/ }, { error: /NoEventId/ }].map(() => ({
        error: expect.stringContaining('NoEventId') as string,
      })),
    );
  });

  it('gives up a bus that does not answer, and one that hangs before it asks', async () => {
    aws.on(PutEventsCommand).callsFake(async () => new Promise<never>(() => {}));
    await expect(sink.deliver(aNotice(), signal)).rejects.toMatchObject({ code: 'sink-refused' });
    expect(await sink.deliverAll?.(many(1), AbortSignal.abort())).toMatchObject([
      { error: expect.any(String) as string },
    ]);
  });

  it('keeps ten of the longest within one request', () => {
    const long = 'ü"\\'.repeat(50_000);
    const notice = aNotice({
      incident: anIncident({ evidence: long, reasons: [long] }),
      endpoint: { ...aNotice().endpoint, name: long, arn: long },
    });
    const { Detail = '', Resources } = entryOf(notice, bus);
    expect(Buffer.byteLength(Detail)).toBeLessThanOrEqual(24 * 1024);
    expect(Resources).toEqual([]);
  });
});
