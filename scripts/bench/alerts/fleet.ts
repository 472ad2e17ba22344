/** An organisation whose doors lose their protections at random moments, and when the first alert of each was delivered. */
import fc from 'fast-check';
import type { Allowlist } from '../../../lib/model/allowlist.ts';
import type { ReplayEndpoint, ReplayEvent, ReplayFile } from '../../../lib/model/replay.ts';
import { endpointIdOf } from '../../../lib/runtime/replay/inventory.ts';
import { AUDIENCES, type Delivered, openStage } from '../../../lib/runtime/replay/stage.ts';
import { anAllowance, anAllowlist } from '../../../test/support/readings.ts';
import { valueAt } from '../../soak/figures.ts';
import { FleetDeployment, LANES, type Lanes } from './deployment.ts';

export interface FleetSize {
  readonly accounts: number;
  readonly endpoints: number;
  readonly removals: number;
  readonly minutes: number;
  readonly seed: number;
}

/**
 * `engine`: authentication goes inside of the engine of a door that is open by right; no event tells. `call`: an API call opens a
 * closed door that demands nothing, and its event comes within 5 to 60 s. `silent`: the same, and the event never comes.
 */
export const CAUSES = ['engine', 'call', 'silent'] as const;
export type Cause = (typeof CAUSES)[number];

export interface Told {
  readonly cause: Cause;
  /** From the change to the first message that somebody got; absent where nobody did. */
  readonly seconds: number | undefined;
}
export interface FleetRun {
  /** By audience: who is woken, and machines. */
  readonly told: Readonly<Record<'page' | 'machine', readonly Told[]>>;
  readonly visits: number;
  readonly longest: Readonly<Record<'collect' | 'probe' | 'assess' | 'change', number>>;
  /** Messages about nothing that was lost. */
  readonly unfounded: number;
}

const START = Date.parse('2026-05-04T12:00:00Z');
const REGION = 'eu-west-1';
/** All of it is known, and seen closed or accepted, before anything happens. */
const WARM_MS = 12 * 60_000;
/** What happens last is told by then. */
const AFTER_MS = 10 * 60_000;
/** Of a hundred doors so many are open by right. */
const OPEN_PERCENT = 60;

interface Removal {
  readonly endpoint: ReplayEndpoint;
  readonly at: number;
  readonly cause: Cause;
}

export async function playFleet(size: FleetSize, lanes: Lanes = LANES): Promise<FleetRun> {
  const endpoints = endpointsOf(size);
  const removals = removalsOf(endpoints, size);
  const file: ReplayFile = {
    ...{ version: 1, name: 'fleet', from: at(0), until: at(WARM_MS + size.minutes * 60_000 + AFTER_MS) },
    ...{ vantages: ['outside'], endpoints, events: removals.map(eventOf), faults: [], allowances: [] },
    accounts: [...new Set(endpoints.map(({ account }) => account))].map((id) => ({ id, regions: [REGION] })),
  };
  const stage = openStage(file, openByRight(file));
  const deployment = new FleetDeployment(stage, lanes);
  await deployment.play();
  const { collect, probe, assess, change } = deployment;
  const first = Object.fromEntries(
    AUDIENCES.map((audience) => [audience, firstOf(stage.delivered[audience], removals)]),
  ) as Record<(typeof AUDIENCES)[number], readonly Told[]>;
  const lost = new Set(removals.map(({ endpoint }) => endpointIdOf(endpoint)));
  return {
    told: { page: first.page, machine: first.machine },
    visits: probe.handled,
    longest: { collect: collect.longest, probe: probe.longest, assess: assess.longest, change: change.longest },
    unfounded: stage.delivered.machine.filter(({ notice }) => !lost.has(notice.endpoint.id)).length,
  };
}

function at(offsetMs: number): string {
  return new Date(START + offsetMs).toISOString().replace('.000Z', 'Z');
}

function endpointsOf({ accounts, endpoints }: FleetSize): ReplayEndpoint[] {
  return Array.from({ length: endpoints }, (_, i): ReplayEndpoint => {
    const isOpen = i % 100 < OPEN_PERCENT;
    const account = String(100_000_000_000 + (i % accounts));
    const declared = { network: isOpen ? 'off' : 'on', authentication: 'on' } as const;
    const observed = isOpen ? { door: 'open', authentication: 'on', tls: 'on' } : { door: 'refused' };
    const where = { account, region: REGION, service: 'opensearch', engine: 'elasticsearch', port: 443 } as const;
    return { id: `e${i}`, ...where, declared, observed: observed as ReplayEndpoint['observed'] };
  });
}

/** Each of another endpoint, at any second. */
function removalsOf(endpoints: readonly ReplayEndpoint[], size: FleetSize): readonly Removal[] {
  const [isOpen, isClosed] = [true, false].map((open) =>
    endpoints.filter((e) => (e.observed.door === 'open') === open),
  );
  const drawn = fc.record({ at: fc.nat({ max: size.minutes * 60 - 1 }), place: fc.nat({ max: 1_000_000 }) });
  const some = fc.sample(drawn, { numRuns: size.removals, seed: size.seed });
  const taken = new Set<ReplayEndpoint>();
  const removals = some.map(({ at: second, place }, i): Removal => {
    const cause = CAUSES[i % CAUSES.length] ?? 'engine';
    const free = ((cause === 'engine' ? isOpen : isClosed) ?? []).filter((endpoint) => !taken.has(endpoint));
    const endpoint = free[place % free.length];
    if (endpoint === undefined) throw new Error('more removals than doors');
    taken.add(endpoint);
    return { endpoint, cause, at: WARM_MS + second * 1_000 };
  });
  return removals.toSorted((a, b) => a.at - b.at);
}

const EVENT_SECONDS = { least: 5, most: 60 } as const;

function eventOf({ endpoint, at: offset, cause }: Removal): ReplayEvent {
  const base = { at: at(offset), endpoint: endpoint.id, does: 'change', what: cause } as const;
  if (cause === 'engine') return { ...base, observed: { authentication: 'off' } };
  const seconds = EVENT_SECONDS.least + ((offset / 1_000) % (EVENT_SECONDS.most - EVENT_SECONDS.least + 1));
  return {
    ...base,
    declared: { network: 'off' },
    observed: { door: 'open', authentication: 'off', tls: 'on' },
    trail: { delay: `${seconds}s`, lost: cause === 'silent' },
  };
}

function openByRight({ accounts }: ReplayFile): Allowlist {
  const match = { accounts: accounts.map(({ id }) => id), protocols: ['elasticsearch'] } as const;
  return anAllowlist(anAllowance({ approvedOn: '2026-05-01', expires: '2026-12-31', match }));
}

/** A message for people may be of several doors. */
function firstOf(delivered: readonly Delivered[], removals: readonly Removal[]): readonly Told[] {
  const first = new Map<string, number[]>();
  for (const { at: when, notice } of delivered) {
    for (const id of new Set([notice.incident, ...notice.also].map(({ endpointId }) => endpointId))) {
      const known = first.get(id);
      if (known === undefined) first.set(id, [when]);
      else known.push(when);
    }
  }
  return removals.map(({ endpoint, at: offset, cause }) => {
    const when = first.get(endpointIdOf(endpoint))?.find((each) => each >= START + offset);
    return { cause, seconds: when === undefined ? undefined : (when - START - offset) / 1_000 };
  });
}

export interface Spread {
  readonly count: number;
  readonly untold: number;
  readonly p50: number;
  readonly p95: number;
  readonly most: number;
}

/** Of these causes. Who was told of nothing counts as told never. */
export function spreadOf(told: readonly Told[], causes: readonly Cause[]): Spread {
  const mine = told.filter(({ cause }) => causes.includes(cause)).map(({ seconds }) => seconds ?? Infinity);
  const value = (percent: number): number => valueAt(mine, percent) ?? Infinity;
  const untold = mine.filter((seconds) => seconds === Infinity).length;
  return { count: mine.length, untold, p50: value(50), p95: value(95), most: value(100) };
}
