/** Composition root of the one-machine ajar: pipeline, SQLite store, file inventory, stdout and the sinks that the settings name. */
import { randomUUID } from 'node:crypto';
import { existsSync } from 'node:fs';
import { readInventory } from '../collectors/file.ts';
import type { Allowlist } from '../model/allowlist.ts';
import type { Endpoint } from '../model/endpoint.ts';
import type { Notice, Transition } from '../model/incident.ts';
import type { ConnectionBudgets, StateStore } from '../model/store.ts';
import type { Inventory } from '../model/inventory.ts';
import type { Sink } from '../model/sink.ts';
import type { EndpointState } from '../model/state.ts';
import { formatProblem } from '../model/yaml.ts';
import { dialTestNet } from '../net/dial.ts';
import { postJson } from '../net/post.ts';
import { pacer } from '../net/visit.ts';
import { hearing } from '../pipeline/hearing.ts';
import { nothingHeard } from '../pipeline/listed.ts';
import { ANY_PORT } from '../pipeline/any-port.ts';
import { asked } from '../pipeline/asked.ts';
import { OLD_TLS } from '../pipeline/old-tls.ts';
import type { ProbeRun } from '../pipeline/probe-run.ts';
import { type Progress, scan, type ScanSummary } from '../pipeline/scan.ts';
import { selfTest } from '../pipeline/self-test.ts';
import { PROBES } from '../probes/catalogue.ts';
import { stdoutSink } from '../sinks/stdout.ts';
import { webhookSink } from '../sinks/webhook.ts';
import { memoryStore } from '../stores/memory.ts';
import { openSqliteStore } from '../stores/sqlite.ts';
import { databasePath } from '../stores/sqlite-file.ts';
import { badInput, type Settings } from './config.ts';
import { nameOfUser } from './user.ts';
import { sinkFor } from './sinks.ts';
import { fileSwitch } from './stop.ts';
import { USER_AGENT, VERSION } from './version.ts';

export interface LocalOptions {
  readonly settings: Settings;
  /** Where the stdout sink writes. */
  readonly write: (text: string) => void;
  readonly format: 'text' | 'json';
  readonly now?: () => Date;
  /** Between connections to one address; 250 ms unless everything is on loopback. */
  readonly spacingMs?: number;
  /** Called before a notice is written. */
  readonly onNotice?: (notice: Notice) => void;
}

export interface Local {
  readonly store: StateStore;
  scan(endpoints: readonly Endpoint[], allowlist: Allowlist, pass: Pass): Promise<ScanSummary>;
  close(): Promise<void>;
}

export interface Pass {
  readonly signal: AbortSignal;
  /** What the inventory said besides the endpoints. */
  readonly inventory?: Omit<Inventory, 'endpoints'>;
  readonly onProgress: (progress: Progress) => void;
  /** Where passes follow each other: how often. */
  readonly everyMs?: number;
  readonly onAssessed?: (state: EndpointState, transitions: readonly Transition[]) => void;
}

export async function readEndpoints(files: readonly string[]): Promise<readonly Endpoint[]> {
  if (files.length === 0) {
    throw badInput(
      ['no inventory: nothing says which endpoints are ours'],
      'pass --file inventory.yaml (ajar inventory --help shows one)',
    );
  }
  const { endpoints, problems } = await readInventory(files);
  if (problems.length > 0) throw badInput(problems.map(formatProblem), 'nothing was probed and nothing was written');
  return endpoints;
}

export async function openLocal(options: LocalOptions): Promise<Local> {
  const { settings } = options;
  const now = options.now ?? (() => new Date());
  const sinks = sinksOf(options);
  const store = await openSqliteStore({ dir: settings.state, sinks: sinks.map((s) => s.id), now });
  const lasting = {
    pacer: pacer(options.spacingMs),
    hearing: hearing(),
    heard: nothingHeard(),
    oldTls: asked(OLD_TLS, store.budgets, now),
    anyPort: asked(ANY_PORT, store.budgets, now),
    ...vantagesOf(settings),
  };
  const by = nameOfUser();
  return {
    store,
    scan: (endpoints, allowlist, pass) =>
      scan(endpoints, {
        ...probeRun(settings, store.budgets, now, pass.signal),
        ...lasting,
        ...pass,
        store,
        sinks,
        allowlist,
        toolVersion: VERSION,
        ...(by === undefined ? {} : { by }),
      }),
    close: () => store.close(),
  };
}

/** What the probe stage needs on its own: `ajar probe` has no store but for the connection budgets. */
export function probeRun(
  settings: Settings,
  budgets: ConnectionBudgets,
  now: () => Date,
  signal: AbortSignal,
): ProbeRun {
  return {
    runId: randomUUID(),
    vantage: settings.vantage,
    ...vantagesOf(settings),
    probes: PROBES,
    policy: { allowPrivate: settings.allowPrivate, only: settings.only },
    metadata: settings.metadata,
    ...(settings.permission === undefined ? {} : { permission: settings.permission }),
    rawNames: settings.names,
    concurrency: settings.concurrency,
    pacer: pacer(),
    hearing: hearing(),
    budgets,
    stop: fileSwitch(settings.state, now),
    selfTest: selfTest({ only: settings.only, now, answers: dialTestNet }),
    userAgent: USER_AGENT,
    now,
    signal,
  };
}

/** Each with ears of its own: what one place hears says nothing of another. */
function vantagesOf({ sources }: Settings): Pick<ProbeRun, 'from'> {
  return sources.length === 0 ? {} : { from: sources.map((source) => ({ ...source, hearing: hearing() })) };
}

function sinksOf({ settings, write, format, onNotice }: LocalOptions): readonly Sink[] {
  const stdout = stdoutSink({ write, format });
  const announced: Sink = {
    id: stdout.id,
    deliver(notice, signal) {
      onNotice?.(notice);
      return stdout.deliver(notice, signal);
    },
  };
  const webhooks = settings.webhooks.map(({ url, secret }) =>
    webhookSink({ url, post: postJson, ...(secret === undefined ? {} : { secret }) }),
  );
  return [announced, ...webhooks, ...settings.sinks.map(sinkFor)];
}

export function hasState(dir: string): boolean {
  return existsSync(databasePath(dir));
}

/** Reads a state directory, which is left as it is and never made. */
export async function withState<T>(dir: string, use: (store: StateStore) => Promise<T>): Promise<T> {
  const store = await openSqliteStore({ dir, sinks: [], now: () => new Date(), readOnly: true });
  try {
    return await use(store);
  } finally {
    await store.close();
  }
}

/** Budgets only where a probe has one, so that a plain `ajar probe` writes nothing at all. */
export async function openBudgets(
  settings: Settings,
  endpoints: readonly Endpoint[],
): Promise<ConnectionBudgets & { close(): Promise<void> }> {
  const counted = PROBES.filter((p) => p.connectionBudget !== undefined).flatMap((p) => p.engines);
  const needed = endpoints.some((e) => counted.includes(e.engine));
  const now = (): Date => new Date();
  const store = needed ? await openSqliteStore({ dir: settings.state, sinks: [], now }) : memoryStore({ sinks: [] });
  return { ...store.budgets, close: () => store.close() };
}

/** What is known already, without a trace of this run: a copy in memory of what a state directory remembers, or nothing. */
export async function withKnown<T>(
  dir: string | undefined,
  use: (store: Pick<StateStore, 'read' | 'inventory'>) => Promise<T>,
): Promise<T> {
  const fresh = memoryStore({ sinks: [] });
  if (dir === undefined) return use(fresh);
  return withState(dir, async (known) => {
    for await (const record of known.inventory.all()) await fresh.inventory.save(record);
    return use({ read: (id) => known.read(id), inventory: fresh.inventory });
  });
}
