/**
 * CloudTrail events as they arrive on the queue, made from recorded shapes (test/fixtures/cloudtrail): who, from where and
 * by which tool stay as recorded; account, region, time, id and what was touched are the test's.
 */
import { randomUUID } from 'node:crypto';
import { readFileSync } from 'node:fs';

interface Envelope {
  readonly detail: Readonly<Record<string, unknown>>;
}

export interface TrailEvent {
  /** File without its ending. */
  readonly shape: string;
  readonly account: string;
  readonly region: string;
  readonly at: Date;
  readonly request?: unknown;
  readonly response?: unknown;
  /** Another call of the same API by the same caller. */
  readonly name?: string;
}

/** The envelope that EventBridge puts on the change queue, and the event's id. */
export function trailEvent(event: TrailEvent): {
  readonly id: string;
  readonly envelope: Readonly<Record<string, unknown>>;
} {
  const { shape, account, region, at, request, response, name } = event;
  const file = new URL(`../fixtures/cloudtrail/${shape}.json`, import.meta.url);
  const recorded = JSON.parse(
    readFileSync(file, 'utf8').replaceAll('111122223333', account).replaceAll('eu-west-1', region),
  ) as Envelope;
  // CloudTrail's times are whole seconds.
  const eventTime = `${at.toISOString().slice(0, 19)}Z`;
  const id = randomUUID();
  const detail = {
    ...recorded.detail,
    ...(name === undefined ? {} : { eventName: name }),
    ...(request === undefined ? {} : { requestParameters: request }),
    ...(response === undefined ? {} : { responseElements: response }),
    eventTime,
    eventID: id,
    requestID: randomUUID(),
  };
  return { id, envelope: { ...recorded, id: randomUUID(), account, region, time: eventTime, detail } };
}
