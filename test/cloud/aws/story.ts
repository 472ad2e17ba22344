/** One story: somebody changes something, CloudTrail tells of it, one alert comes; it is put back, and one recovery comes. */
import type { Notice } from '../../../lib/model/incident.ts';
import { type TrailEvent, trailEvent } from '../../support/cloudtrail.ts';
import { REGION } from './stack.ts';
import type { World } from './world.ts';

export interface Told {
  readonly notice: Notice;
  /** Seconds from the change to the message in the queue behind the topic, on the driver's clock. */
  readonly seconds: number;
}

export interface Deed {
  /** The API call, on moto. */
  readonly call: () => Promise<unknown>;
  /** The event of it, which moto does not write. Absent: nothing ever tells. */
  readonly event?: Pick<TrailEvent, 'shape' | 'request' | 'response' | 'name'>;
}

/** What paged because of it, and the id of its event. `wait`: for how long the schedules run; otherwise until all is quiet. */
export async function happens(
  world: World,
  { call, event }: Deed,
  wait?: number,
): Promise<{ readonly told: readonly Told[]; readonly eventId: string }> {
  const { driver, clock, account } = world;
  const before = driver.arrivals.length;
  const from = clock.now();
  await call();
  let eventId = '';
  if (event !== undefined) {
    const { id, envelope } = trailEvent({ ...event, account, region: REGION, at: new Date(from) });
    eventId = id;
    await driver.enqueue('ChangeQueue', envelope);
  }
  await (wait === undefined ? driver.settle() : driver.run(wait));
  return { told: pagesSince(world, before, from), eventId };
}

export function pagesSince({ driver }: World, before: number, from: number): readonly Told[] {
  return driver.arrivals
    .slice(before)
    .flatMap(({ topic, at, body }) =>
      topic === 'page' ? [{ notice: JSON.parse(body) as Notice, seconds: (at - from) / 1_000 }] : [],
    );
}

export function lineOf(notice: Notice, head: string): string {
  return notice.lines.find((line) => line.startsWith(head)) ?? '';
}

/** As printed at the end of each: what came, how fast, and whose each step was. */
export function printed(title: string, { notice, seconds }: Told, steps: string): string {
  return `${title}\n  ${notice.subject}\n  ${lineOf(notice, 'WHO')}\n  after ${seconds.toFixed(1)} s; ${steps}\n`;
}
