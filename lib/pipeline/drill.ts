/**
 * The drill's endpoint in the roster. It is one like any other, but no collector lists it: plan brings it in where the
 * service was deployed with a drill, and out where it is deployed without (docs/decisions/0015).
 */
import { DRILL_ID } from '../model/drill.ts';
import type { Endpoint } from '../model/endpoint.ts';
import { AjarError } from '../model/errors.ts';
import type { ProbeMessage } from '../model/messages.ts';
import type { Reading } from '../model/reading.ts';
import type { EndpointState } from '../model/state.ts';
import type { StateStore } from '../model/store.ts';
import { isDeleted } from './collect.ts';
import { deletion } from './listed.ts';
import { PROBE_MS } from './roster.ts';

type Door = Pick<Endpoint, 'host' | 'port'>;

function doorOf(url: string | undefined): Door | undefined {
  const { protocol, hostname = '', port = '' } = URL.parse(url ?? '') ?? {};
  if (protocol !== 'https:' && protocol !== 'http:') return undefined;
  return { host: hostname, port: Number(port || (protocol === 'https:' ? 443 : 80)) };
}

/** Of the function's URL. Throws `bad-input` where that is none. */
export function drillEndpoint(url: string, region: string): Endpoint {
  const door = doorOf(url);
  if (door === undefined) {
    throw new AjarError('bad-input', 'the URL of the drill is none', { cure: 'deploy again: serverless.yml sets it' });
  }
  return {
    id: DRILL_ID,
    ...door,
    engine: 'elasticsearch',
    source: 'aws',
    region,
    name: DRILL_ID,
    tags: {},
    declared: {},
    // Its own stack lists it: it is not one that nobody knows.
    foundBy: ['service'],
    drill: true,
  };
}

/** The roster without a drill that is no more, or that has moved: its old door is nobody's to visit. */
export async function* withoutOldDrill(
  states: AsyncIterable<EndpointState>,
  url: string | undefined,
): AsyncGenerator<EndpointState> {
  const door = doorOf(url);
  for await (const state of states) if (state.endpoint.drill !== true || isSame(state.endpoint, door)) yield state;
}

export interface DrillRun {
  readonly runId: string;
  readonly now: Date;
  readonly probe: (message: ProbeMessage) => Promise<void>;
  readonly assess: (reading: Reading) => Promise<void>;
}

/** A first visit where the roster does not have it yet; its end where it is switched off, which is ours to know. */
export async function planDrill(
  drill: Endpoint | undefined,
  store: Pick<StateStore, 'read'>,
  { runId, now, probe, assess }: DrillRun,
): Promise<void> {
  const state = await store.read(DRILL_ID);
  const isThere = state !== undefined && !isDeleted(state);
  if (drill === undefined) {
    if (isThere) await assess(deletion(state.endpoint, { runId, vantage: 'plan', now: () => now }));
  } else if (!isThere || !isSame(state.endpoint, drill)) {
    const until = new Date(now.getTime() + PROBE_MS.open).toISOString();
    await probe({ kind: 'probe', endpoint: drill, since: now.toISOString(), until });
  }
}

function isSame(known: Door, door: Door | undefined): boolean {
  return known.host === door?.host && known.port === door.port;
}
