/** What both ways of looking share: a scripted world on a virtual clock, a store in memory, vantages, and a sink that notes. */
import type { Allowlist } from '../../model/allowlist.ts';
import type { Notice } from '../../model/incident.ts';
import type { InventorySource } from '../../model/inventory.ts';
import { durationMs, type ReplayFile } from '../../model/replay.ts';
import type { Sink } from '../../model/sink.ts';
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

/** What came of a history. */
export interface Played {
  readonly store: StateStore;
  /** Every message that the sink accepted, in order. */
  readonly delivered: readonly Delivered[];
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
  readonly sink: Sink;
  readonly delivered: Delivered[];
  readonly vantages: readonly Vantage[];
  readonly now: () => Date;
  readonly signal: AbortSignal;
}

export function openStage(file: ReplayFile, allowlist: Allowlist): Stage {
  const clock = new VirtualClock(Date.parse(file.from));
  const world = new World(file, clock);
  const now = (): Date => new Date(clock.now());
  const delivered: Delivered[] = [];
  const store = memoryStore({ sinks: ['page'], now, shared: true });
  return {
    ...{ file, allowlist, clock, world, store, delivered, now, signal: NEVER },
    source: scriptedInventory(file, world, clock),
    sink: notingSink(world, delivered),
    vantages: (file.vantages ?? ['outside']).map((name) => vantageOf(name, world, store)),
  };
}

function notingSink(world: World, delivered: Delivered[]): Sink {
  return {
    id: 'page',
    async deliver(notice) {
      await world.clock.sleep(PUBLISH_MS);
      if (world.fault('sink-down') !== undefined) throw new Error('the topic refuses, as scripted');
      delivered.push({ at: world.clock.now(), notice });
      return { id: `page-${delivered.length}` };
    },
  };
}

function vantageOf(name: string, world: World, store: StateStore): Vantage {
  const ears = hearing();
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
}
