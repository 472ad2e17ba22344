/**
 * One pass over the inventory: probe, assess, notify, each endpoint as soon as it is done. What was committed
 * stays committed whatever happens next; a cancelled run leaves the rest as it was.
 */
import type { Allowlist } from '../model/allowlist.ts';
import type { CoverageGap, Endpoint } from '../model/endpoint.ts';
import type { Incident, Transition } from '../model/incident.ts';
import type { Inventory } from '../model/inventory.ts';
import type { Json } from '../model/ledger.ts';
import { countedGaps } from '../model/posture.ts';
import type { Reading } from '../model/reading.ts';
import type { Sink } from '../model/sink.ts';
import type { EndpointState } from '../model/state.ts';
import type { StateStore } from '../model/store.ts';
import type { VerdictName } from '../model/verdict.ts';
import { tellAccountGaps } from './account-gaps.ts';
import { assess } from './assess.ts';
import { workloadsOf } from './egress.ts';
import { remindAll } from './handle.ts';
import { type Delivery, notify } from './notify.ts';
import { deletion, type Heard, inventoryLines, nothingHeard, withInventory } from './listed.ts';
import { type Outcome, probeAll } from './probe.ts';
import type { ProbeRun } from './probe-run.ts';

export interface ScanRun extends ProbeRun {
  readonly store: StateStore;
  readonly sinks: readonly Sink[];
  readonly allowlist: Allowlist;
  readonly toolVersion: string;
  /** Who runs it, where that is known. */
  readonly by?: string;
  readonly onProgress: (progress: Progress) => void;
  /** What the inventory said besides the endpoints, where it came from AWS. */
  readonly inventory?: Omit<Inventory, 'endpoints'>;
  readonly heard?: Heard;
  /** Called after each commit, before its notices leave. */
  readonly onAssessed?: (state: EndpointState, transitions: readonly Transition[]) => void;
}

export interface Progress {
  readonly done: number;
  readonly total: number;
  readonly open: number;
  readonly gaps: number;
}

export interface ScanSummary {
  readonly runId: string;
  readonly startedAt: string;
  readonly endedAt: string;
  readonly endpoints: number;
  readonly probed: number;
  readonly notDue: number;
  readonly cancelled: number;
  readonly verdicts: Readonly<Record<VerdictName, number>>;
  /** Open incidents of the endpoints in this inventory, after the run. */
  readonly findings: readonly Incident[];
  readonly gaps: readonly CoverageGap[];
  readonly forgotten: Inventory['forgotten'];
  readonly coverage?: Inventory['coverage'];
  readonly delivered: number;
  readonly undelivered: Delivery['deferred'];
}

export async function scan(endpoints: readonly Endpoint[], run: ScanRun): Promise<ScanSummary> {
  const startedAt = run.now().toISOString();
  await run.store.append([
    runLine(run, startedAt, {
      ...{ event: 'start', endpoints: endpoints.length, allowlist: run.allowlist.digest },
      // What is told to those who listen, and that alarms of this run are on record.
      ...{ sinks: run.sinks.map(({ id }) => id), alarms: true, ...(run.by === undefined ? {} : { by: run.by }) },
    }),
  ]);
  if (run.inventory !== undefined) {
    const { listing, gaps } = run.inventory;
    // Those of accounts are remembered in the store: a scan an hour must not say each time that they began.
    const others = { ...run.inventory, gaps: gaps.filter((gap) => listing?.gaps.includes(gap) !== true) };
    await run.store.append(inventoryLines(run, others, startedAt, run.heard ?? nothingHeard()));
    if (listing !== undefined) await tellAccountGaps(listing, run.store, run);
  }
  const tally = new Tally(endpoints.length, run);
  const deliver = deliverer({ ...run, endpoints: endpoints.length });
  const judge = async (reading: Reading): Promise<void> => {
    const { state, transitions, notices } = await assess(reading, run.store, run.allowlist, run.now);
    run.onAssessed?.(state, transitions);
    if (notices.length > 0) deliver.wake();
  };
  // Where no visit is due, what AWS says of it today is news all the same.
  const judgeConfiguration = async (reading: Reading): Promise<void> => {
    if (reading.remembered !== true && reading.endpoint.declaredAt !== undefined) await judge(reading);
  };
  const asListed = withInventory(run.inventory);
  await probeAll(endpoints, { ...run, workloads: workloadsOf(endpoints) }, async (outcome) => {
    if (outcome.kind === 'reading') await judge(asListed(outcome.reading));
    if (outcome.kind === 'not-due') await judgeConfiguration(asListed(outcome.reading));
    tally.add(outcome);
  });
  for (const endpoint of run.signal.aborted ? [] : (run.inventory?.gone ?? [])) await judge(deletion(endpoint, run));
  await remindAll(run.store, run.vantage, run.now);
  const summary = await tally.summary(startedAt, await deliver.finish());
  await run.store.append([runLine(run, summary.endedAt, endBody(summary))]);
  return summary;
}

type Told = Pick<Delivery, 'delivered' | 'deferred'>;

/** One delivery at a time, alongside the probing; whoever asks meanwhile is served by the next round. */
function deliverer(run: ScanRun & { readonly endpoints: number }): { wake(): void; finish(): Promise<Told> } {
  const all: { delivered: number; deferred: Delivery['deferred'][number][] } = { delivered: 0, deferred: [] };
  let current: Promise<void> | undefined;
  let again = false;
  let failure: { readonly error: unknown } | undefined;
  // Notices that are owed leave even when the run is cancelled: only their own deadline ends them.
  const calm = new AbortController().signal;
  // What waits for its like is looked at again then, or at the end of the pass: nothing more comes after that.
  let held: NodeJS.Timeout | undefined;
  let flush = false;
  const endpoints = (): Promise<number> => Promise.resolve(run.endpoints);
  const round = async (): Promise<void> => {
    do {
      again = false;
      clearTimeout(held);
      const options = { endpoints, flush };
      const { delivered, deferred, until } = await notify(run.store, run.sinks, run.runId, run.now, calm, options);
      all.delivered += delivered;
      all.deferred.push(...deferred);
      if (until !== undefined) held = setTimeout(wake, Math.max(0, until.getTime() - run.now().getTime())).unref();
    } while (again);
  };
  const wake = (): void => {
    again = true;
    current ??= round()
      .catch((error: unknown) => {
        failure = { error };
      })
      .finally(() => {
        current = undefined;
      });
  };
  return {
    wake,
    async finish() {
      flush = true;
      wake();
      while (current !== undefined) await current;
      clearTimeout(held);
      if (failure !== undefined) throw failure.error;
      return all;
    },
  };
}

class Tally {
  readonly #run: ScanRun;
  readonly #total: number;
  readonly #ids: string[] = [];
  readonly #outcomes: Record<Outcome['kind'], number> = { reading: 0, 'not-due': 0, cancelled: 0 };
  #gaps = 0;
  #open = 0;
  constructor(total: number, run: ScanRun) {
    this.#total = total;
    this.#run = run;
  }

  add(outcome: Outcome): void {
    this.#outcomes[outcome.kind]++;
    const endpoint = outcome.kind === 'reading' ? outcome.reading.endpoint : outcome.endpoint;
    this.#ids.push(endpoint.id);
    if (outcome.kind === 'reading') {
      const { observations } = outcome.reading;
      if (observations.some((o) => o.gap !== undefined)) this.#gaps++;
      if (observations.some((o) => o.auth.state === 'open-anonymous')) this.#open++;
    }
    this.#run.onProgress({ done: this.#ids.length, total: this.#total, open: this.#open, gaps: this.#gaps });
  }

  async summary(startedAt: string, delivery: Told): Promise<ScanSummary> {
    const verdicts: Record<VerdictName, number> = { exposed: 0, reachable: 0, latent: 0, protected: 0, unknown: 0 };
    const findings: Incident[] = [];
    const gaps: CoverageGap[] = [...(this.#run.inventory?.gaps ?? [])];
    const known = new Set(gaps.map(keyOf));
    for (const id of this.#ids.toSorted()) {
      const state = await this.#run.store.read(id);
      if (state === undefined) {
        verdicts.unknown++;
        gaps.push({
          stage: 'probe',
          subject: id,
          code: 'cancelled',
          detail: 'never seen: the run ended before its turn',
        });
        continue;
      }
      verdicts[state.posture.verdict.name]++;
      findings.push(...state.incidents.filter((i) => i.status === 'open'));
      // What the inventory could not read of an endpoint is in its posture too: told once.
      gaps.push(...gapsOf(state).filter((gap) => !known.has(keyOf(gap))));
    }
    return {
      runId: this.#run.runId,
      startedAt,
      endedAt: this.#run.now().toISOString(),
      endpoints: this.#total,
      probed: this.#outcomes.reading,
      notDue: this.#outcomes['not-due'],
      cancelled: this.#outcomes.cancelled,
      verdicts,
      findings,
      gaps,
      forgotten: this.#run.inventory?.forgotten ?? [],
      ...(this.#run.inventory === undefined ? {} : { coverage: this.#run.inventory.coverage }),
      delivered: delivery.delivered,
      undelivered: delivery.deferred,
    };
  }
}

function keyOf({ subject, code, detail }: CoverageGap): string {
  return `${code} ${subject} ${detail}`;
}

/** An endpoint without a conclusive verdict is a gap, also where each address had its own reason. */
function gapsOf(state: EndpointState): readonly CoverageGap[] {
  const { verdict } = state.posture;
  const gaps = countedGaps(state.posture);
  if (gaps.length > 0 || verdict.confirmed) return gaps;
  return [{ stage: 'assess', subject: state.endpoint.id, code: 'undetermined', detail: verdict.why }];
}

function runLine(run: ScanRun, at: string, body: { readonly [key: string]: Json }) {
  const { runId, vantage, toolVersion } = run;
  return {
    kind: 'run' as const,
    runId,
    subject: runId,
    observedAt: at,
    recordedAt: at,
    body: { ...body, vantage, toolVersion },
  };
}

function endBody(summary: ScanSummary): { readonly [key: string]: Json } {
  const { endpoints, probed, notDue, cancelled, verdicts } = summary;
  return {
    event: 'end',
    endpoints,
    probed,
    notDue,
    cancelled,
    verdicts,
    findings: summary.findings.length,
    gaps: summary.gaps.length,
    delivered: summary.delivered,
    undelivered: summary.undelivered.length,
  };
}
