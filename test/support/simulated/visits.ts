/** Visits to the simulated world, and the readings that the pipeline is given of them. */
import { stamped } from '../../../lib/assess/stamped.ts';
import type { Reading } from '../../../lib/model/reading.ts';
import { aReading, instant, type ObservationOverrides } from '../readings.ts';
import { doorTo, ENDPOINTS, IN_AWS, type Truth, type Vantage, type Which, type World } from './world.ts';

/** `blank`: it learned nothing. `denied`: it was not let go. `half`: one of two addresses was not tried. `deaf`: nobody answers it. */
export const LOOKS = ['plain', 'plain', 'plain', 'plain', 'blank', 'denied', 'half', 'deaf'] as const;
export type Look = (typeof LOOKS)[number];

/** What was read of the configuration, and when. */
export interface Listed {
  readonly at: number;
  readonly audit: Truth['audit'];
  readonly demanded: Truth['demanded'];
}

export interface Visit {
  readonly id: string;
  readonly which: Which;
  readonly vantage: Vantage;
  readonly look: Look;
  /** By the right clock. What it sees is so at `answered`. */
  readonly began: number;
  readonly answered: number;
  readonly sentAt: number;
  /** How far the prober's clock is ahead, as the visit begins and as it ends. */
  readonly off: readonly [number, number];
  readonly listed: Listed | undefined;
  /** The configuration was read for another visit. */
  readonly remembered: boolean;
}

/** The API's word that it is gone. */
export interface Ending {
  readonly id: string;
  readonly which: Which;
  readonly ended: true;
  readonly sentAt: number;
}
export type Message = Visit | Ending;

/** Where a store that has pages notes what is no news. */
const PAGE = 'page';

/** As the assess queue hands it over: timed by the queue. */
export function readingOf(message: Message, world: World): Reading {
  return stamped('ended' in message ? ending(message) : visited(message, world), instant(message.sentAt));
}

function visited(visit: Visit, world: World): Reading {
  const { id, which, vantage, look, began, sentAt, off, listed, remembered } = visit;
  const read = listed === undefined || remembered ? Number.POSITIVE_INFINITY : listed.at;
  return {
    ...aReading({
      id,
      vantage,
      at: sentAt + off[1],
      began: Math.min(began + off[0], read),
      alive: look !== 'deaf',
      sees: seenBy(visit, world.truth(which, visit.answered)),
      endpoint: endpointOf(which),
      ...(listed === undefined ? {} : { declared: { 'audit-log': listed.audit, authentication: listed.demanded } }),
    }),
    ...(listed === undefined ? {} : { endpoint: declaring(which, listed) }),
    takenAt: instant(began),
    page: PAGE,
    ...(remembered ? { remembered: true as const } : {}),
    ...(which === IN_AWS && look !== 'deaf' ? { regionAlive: true as const } : {}),
  };
}

function ending({ id, which, sentAt }: Ending): Reading {
  const { vantageAlive: _, ...gone } = aReading({ id, vantage: 'aws-api', at: sentAt, deleted: true, sees: [] });
  return { ...gone, endpoint: aReading({ endpoint: endpointOf(which) }).endpoint, vantageAlive: false };
}

export function hostOf(id: string): string {
  return `${id}.example.test`;
}

function endpointOf(which: Which) {
  const id = ENDPOINTS[which];
  return { id, name: id, host: hostOf(id), source: which === IN_AWS ? 'aws' : 'file' } as const;
}

function declaring(which: Which, { at, audit, demanded }: Listed) {
  const declared = { 'audit-log': audit, authentication: demanded };
  const { endpoint } = aReading({ endpoint: endpointOf(which), declared });
  return { ...endpoint, declaredAt: instant(at) };
}

const NOT_TRIED = { l4: 'not-tried', gap: 'fault' } as const;

function seenBy({ look, vantage }: Visit, truth: Truth): readonly ObservationOverrides[] {
  if (look === 'blank') return [{ l4: 'not-tried', gap: 'cancelled' }];
  if (look === 'denied') return [{ l4: 'not-tried', gap: 'budget-spent' }];
  const found = look === 'deaf' ? SILENT : throughDoor(truth, vantage);
  return look === 'half' ? [found, NOT_TRIED] : [found];
}

const SILENT = { l4: 'filtered', gap: 'no-answer' } as const;

function throughDoor(truth: Truth, vantage: Vantage): ObservationOverrides {
  switch (doorTo(truth, vantage)) {
    case 'gone':
      return { l4: 'not-tried', dns: 'failed', address: null, gap: 'unresolved' };
    case 'refused':
      return { l4: 'refused' };
    case 'silent':
      return SILENT;
    case 'open':
      return {
        auth: ({ on: 'auth-required', partial: 'open-restricted', off: 'open-anonymous' } as const)[truth.auth],
        tls: ({ on: 'required', partial: 'offered', off: 'absent' } as const)[truth.tls],
      };
  }
}
