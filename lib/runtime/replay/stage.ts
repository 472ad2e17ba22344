/** What both ways of looking share: a scripted world on a virtual clock, a store in memory, vantages, and a sink that notes. */
import type { Allowlist } from '../../model/allowlist.ts';
import type { Notice } from '../../model/incident.ts';
import type { InventorySource } from '../../model/inventory.ts';
import { durationMs, type ReplayFile } from '../../model/replay.ts';
import { ESCALATION, type Outcome, type Sink } from '../../model/sink.ts';
import type { StateStore } from '../../model/store.ts';
import { pacer } from '../../net/visit.ts';
import { type Hearing, hearing } from '../../pipeline/hearing.ts';
import type { ProbeRun } from '../../pipeline/probe-run.ts';
import { memoryStore } from '../../stores/memory.ts';
import { USER_AGENT } from '../version.ts';
import { VirtualClock } from './clock.ts';
import { scriptedInventory } from './inventory.ts';
import { scriptedProbes, scriptedResolver } from './prober.ts';
import { World } from './world.ts';

/** A topic takes a message. */
const PUBLISH_MS = 300;
const NEVER = new AbortController().signal;

export interface Delivered {
  readonly at: number;
  readonly notice: Notice;
}

/** `page`: those who are woken, told together what belongs together. `second`: the second contact. `machine`: every notice. */
export const AUDIENCES = ['page', 'second', 'machine'] as const;
export type Deliveries = Readonly<Record<(typeof AUDIENCES)[number], readonly Delivered[]>>;
const SINKS = { page: 'page', second: `${ESCALATION}page`, machine: 'machine' } as const;

/** What came of a history. */
export interface Played {
  readonly store: StateStore;
  /** Every message that a sink accepted, in order. */
  readonly delivered: Deliveries;
  /** Visits made and readings judged. */
  readonly visits: number;
}

export interface Vantage {
  readonly name: string;
  readonly now: () => Date;
  /** For one visit or one pass. */
  run(runId: string): ProbeRun;
}

export interface Stage {
  readonly file: ReplayFile;
  readonly allowlist: Allowlist;
  readonly clock: VirtualClock;
  readonly world: World;
  readonly source: InventorySource;
  readonly store: StateStore;
  readonly sinks: readonly Sink[];
  readonly delivered: Deliveries;
  readonly vantages: readonly Vantage[];
  readonly now: () => Date;
  readonly signal: AbortSignal;
}

export function openStage(file: ReplayFile, allowlist: Allowlist): Stage {
  const clock = new VirtualClock(Date.parse(file.from));
  const world = new World(file, clock);
  const now = (): Date => new Date(clock.now());
  const delivered: Record<(typeof AUDIENCES)[number], Delivered[]> = { page: [], second: [], machine: [] };
  const store = memoryStore({ sinks: Object.values(SINKS), now, shared: true });
  return {
    ...{ file, allowlist, clock, world, store, delivered, now, signal: NEVER },
    source: scriptedInventory(file, world, clock),
    sinks: AUDIENCES.map((audience) => notingSink(SINKS[audience], world, delivered[audience])),
    vantages: (file.vantages ?? ['outside']).map((name) => vantageOf(name, world, store)),
  };
}

function notingSink(id: string, world: World, delivered: Delivered[]): Sink {
  const deliverAll = async (notices: readonly Notice[]): Promise<readonly Outcome[]> => {
    await world.clock.sleep(PUBLISH_MS);
    if (world.fault('sink-down') !== undefined) throw new Error('the topic refuses, as scripted');
    return notices.map((notice) => ({ id: `${id}-${delivered.push({ at: world.clock.now(), notice })}` }));
  };
  const one = async (notice: Notice): Promise<{ id: string }> => {
    await deliverAll([notice]);
    return { id: `${id}-${delivered.length}` };
  };
  return id === SINKS.machine ? { id, deliver: one } : { id, groups: true, deliver: one, deliverAll };
}

function vantageOf(name: string, world: World, store: StateStore): Vantage {
  const ears = hearing(undefined, () => world.clock.now());
  const lasting: Omit<ProbeRun, 'runId' | 'now' | 'signal'> = {
    ...{ vantage: name, probes: scriptedProbes(world, name), resolver: scriptedResolver(world), hearing: ears },
    ...{ pacer: pacer(), policy: { allowPrivate: false, only: [] }, rawNames: false, concurrency: 20 },
    metadata: 2,
    // Of a world that is nobody's no service is asked without leave.
    ...{ budgets: store.budgets, userAgent: USER_AGENT, permission: 'a scripted world' },
  };
  const now = (): Date => new Date(world.clock.now() + skewOf(name, world));
  return {
    name,
    now,
    run(runId) {
      hearCanary(ears, name, world, now());
      return { ...lasting, runId, now, signal: NEVER };
    },
  };
}

function skewOf(vantage: string, world: World): number {
  const fault = world.fault('clock-skew', { vantage });
  return fault?.by === undefined ? 0 : durationMs(fault.by) * (fault.behind === true ? -1 : 1);
}

/** As lib/runtime/lambda/canary.ts: without it the silence of an endpoint would say nothing. */
function hearCanary(ears: Hearing, vantage: string, world: World, now: Date): void {
  if (world.fault('prober-blind', { vantage }) === undefined) ears.heard('canary', now);
  else ears.deaf();
}
