/**
 * ajar as it is deployed, in one process on a virtual clock: the same pipeline functions as the Lambdas of lib/runtime/lambda,
 * joined by queues that take a moment, woken by the same schedules and by CloudTrail's events.
 */
import { EMPTY_ALLOWLIST } from '../../model/allowlist.ts';
import { isUnexplained } from '../../assess/attribution.ts';
import { stamped } from '../../assess/stamped.ts';
import { normalise } from '../../events/normalise.ts';
import type { CollectMessage, ExplainMessage, ProbeMessage, RemindMessage } from '../../model/messages.ts';
import type { Queued } from '../../model/queue.ts';
import type { Reading } from '../../model/reading.ts';
import { durationMs, type ReplayEvent } from '../../model/replay.ts';
import { assess } from '../../pipeline/assess.ts';
import { type ChangeRun, explainEndpoint, handleChange } from '../../pipeline/change.ts';
import { collectPlace } from '../../pipeline/collect-place.ts';
import type { Check } from '../../pipeline/guard.ts';
import { remindEndpoint } from '../../pipeline/handle.ts';
import { withInventory } from '../../pipeline/listed.ts';
import { TIER_MS } from '../../pipeline/plan.ts';
import { probeEndpoint } from '../../pipeline/probe.ts';
import { dueProbes, dueSweeps, unlistedProbes } from '../../pipeline/roster.ts';
import { guarding, isAnythingOpen } from './guarding.ts';
import { Notifier } from './notifier.ts';
import type { Played, Stage, Vantage } from './stage.ts';
import { MINUTE_MS, nextTick } from './ticks.ts';
import { trailEvent } from './trail.ts';

/** From one stage's queue to the next stage at work: a message waits for a poll, sometimes for a new environment. */
const QUEUE_MS = 500;
const REDELIVERED_MS = 20_000;
/** From a call to its event on the bus: seconds mostly, never promised. */
const TRAIL_MS = 20_000;
const COPY_MS = 7_000;
/** As lib/runtime/lambda/assess.ts and change.ts: when who did it is searched for, and how often. */
const SEARCH_MS = 900_000;
const MAX_SEARCHES = 4;

export async function playDeployed(stage: Stage): Promise<Played> {
  const deployment = new Deployment(stage);
  deployment.start();
  await stage.clock.run(Date.parse(stage.file.until));
  return { store: stage.store, delivered: stage.delivered, visits: deployment.visits };
}

class Deployment {
  readonly #stage: Stage;
  readonly #notifier: Notifier;
  readonly #guard: Check;
  #runs = 0;
  visits = 0;

  constructor(stage: Stage) {
    this.#stage = stage;
    this.#notifier = new Notifier(stage, () => this.#runId());
    this.#guard = guarding(stage, (message) => this.#queue(0, () => this.#asked(message)));
  }

  start(): void {
    const { clock, file } = this.#stage;
    let last = Date.parse(file.from);
    let swept = Number.NEGATIVE_INFINITY;
    const tick = (): void => {
      const at = clock.now();
      clock.after(0, () => this.#planProbes());
      if (at - swept >= TIER_MS.hot) {
        // After a stride everything seems overdue, which it is not.
        const isStride = at - last > TIER_MS.hot;
        clock.after(0, () => this.#planSweeps(isStride));
        swept = at;
      }
      this.#notifier.wake();
      last = at;
      clock.at(nextTick(file, at), tick);
    };
    clock.at(Date.parse(file.from), tick);
    clock.at(Date.parse(file.from), () => this.#guardMinute());
    for (const event of file.events ?? []) this.#deliverTrail(event);
  }

  async #guardMinute(): Promise<void> {
    const { clock, file, now } = this.#stage;
    await this.#guard.look(now());
    this.#notifier.wake();
    const isBusy = await isAnythingOpen(this.#stage);
    clock.at(isBusy ? clock.now() + MINUTE_MS : nextTick(file, clock.now()), () => this.#guardMinute());
  }

  /** As lib/runtime/lambda/change.ts. */
  async #asked(message: ExplainMessage | RemindMessage): Promise<void> {
    if (message.kind === 'explain') return this.#explain(message);
    const { store, now } = this.#stage;
    if ((await remindEndpoint(message.endpointId, store, 'aws-events', now)) > 0) this.#notifier.wake();
  }

  async #planProbes(): Promise<void> {
    const { store, now } = this.#stage;
    await dueProbes(store.states(), this.#sendProbe, now());
  }

  async #planSweeps(isStride: boolean): Promise<void> {
    const { store, now, source } = this.#stage;
    const listed = await dueSweeps(source, store, async (message) => this.#sendCollect({ body: message }), now());
    if (!isStride) await unlistedProbes(store, listed, this.#sendProbe, now());
  }

  #sendCollect({ body, delaySeconds = 0 }: Queued<CollectMessage>): void {
    this.#queue(delaySeconds * 1_000, () => this.#collect(body));
  }

  /** To every vantage. */
  readonly #sendProbe = async (message: ProbeMessage): Promise<void> => {
    for (const vantage of this.#stage.vantages) this.#queue(0, () => this.#probe(message, vantage));
  };

  async #collect(message: CollectMessage): Promise<void> {
    const { source, store, now, signal } = this.#stage;
    const run = { source, store, now, signal, runId: this.#runId(), vantage: 'aws-api' };
    const collected = await collectPlace(message, run);
    for (const probe of collected?.probes ?? []) await this.#sendProbe(probe);
    for (const reading of collected?.gone ?? []) this.#sendReading(reading);
    if (collected?.again !== undefined) this.#sendCollect(collected.again);
  }

  async #probe(message: ProbeMessage, vantage: Vantage): Promise<void> {
    const { world, clock, now } = this.#stage;
    const dead = world.fault('prober-dead', { vantage: vantage.name });
    // The queue keeps it: it is taken when somebody is there again.
    if (dead !== undefined) {
      clock.at(Date.parse(dead.at) + durationMs(dead.for), () => this.#probe(message, vantage));
      return;
    }
    const { endpoint, until } = message;
    const takenAt = now().toISOString();
    if (until !== undefined && takenAt > until) return;
    this.visits++;
    const outcome = await probeEndpoint(endpoint, vantage.run(this.#runId()));
    if (outcome.kind === 'cancelled') return;
    const reading = { ...withInventory(message)(outcome.reading), takenAt };
    if (outcome.kind === 'not-due' && reading.remembered === true) return;
    this.#sendReading(reading);
  }

  /** Timed by the queue's clock, which is right. */
  #sendReading(reading: Reading): void {
    const sent = stamped(reading, this.#stage.now().toISOString());
    this.#queue(0, () => this.#assess(sent));
  }

  async #assess(reading: Reading): Promise<void> {
    const { store, allowlist, now, clock } = this.#stage;
    const { transitions, notices, state } = await assess(reading, store, allowlist, now);
    if (transitions.some((t) => t.kind === 'opened') && state.incidents.some(isUnexplained)) {
      const search = { kind: 'explain', endpointId: state.endpoint.id, isLast: false, attempt: 0 } as const;
      clock.after(SEARCH_MS, () => this.#explain(search));
    }
    if (notices.length > 0) this.#notifier.wake();
  }

  #deliverTrail(event: ReplayEvent): void {
    const { file, clock } = this.#stage;
    const endpoint = file.endpoints.find(({ id }) => id === event.endpoint);
    const { trail } = event;
    if (trail === undefined || trail.lost === true || endpoint === undefined) return;
    const delay = trail.delay === undefined ? TRAIL_MS : durationMs(trail.delay);
    for (let copy = 0; copy < (trail.copies ?? 1); copy++) {
      const at = Date.parse(event.at) + delay + copy * COPY_MS;
      clock.at(at, () => this.#change(trailEvent(event, endpoint)));
    }
  }

  async #change(envelope: object | undefined): Promise<void> {
    const { notices } = { notices: await handleChange(envelope, this.#changeRun()) };
    if (notices.kind === 'change' && notices.explained > 0) this.#notifier.wake();
  }

  /** As the Lambda does, CloudTrail's own memory is asked first. */
  async #explain({ endpointId, isLast, attempt }: ExplainMessage): Promise<void> {
    const { store, file, clock, now } = this.#stage;
    for (const event of file.events ?? []) {
      const endpoint = file.endpoints.find(({ id }) => id === event.endpoint);
      if (event.trail === undefined || endpoint === undefined || Date.parse(event.at) > clock.now()) continue;
      const normal = normalise(trailEvent(event, endpoint), now());
      if (normal.kind === 'change') await store.changes.add(normal.change);
    }
    const explained = await explainEndpoint(endpointId, this.#changeRun(), isLast);
    if (explained > 0) this.#notifier.wake();
    if (explained > 0 || attempt === undefined || attempt + 1 >= MAX_SEARCHES) return;
    const next = { kind: 'explain', endpointId, isLast: attempt + 2 >= MAX_SEARCHES, attempt: attempt + 1 } as const;
    clock.after(SEARCH_MS, () => this.#explain(next));
  }

  #changeRun(): ChangeRun {
    const { store, source, now, signal } = this.#stage;
    return {
      ...{ store, runId: this.#runId(), signal, vantage: 'aws-events', now, allowlist: EMPTY_ALLOWLIST },
      collect: { send: async (messages) => messages.forEach((message) => this.#sendCollect(message)) },
      placeOf: async (account, region) => (await source.regions(account)).items.find((p) => p.region === region),
    };
  }

  #queue(delayMs: number, job: () => Promise<void>): void {
    const { clock, world } = this.#stage;
    clock.after(QUEUE_MS + delayMs, job);
    if (world.fault('redelivery') !== undefined) clock.after(QUEUE_MS + delayMs + REDELIVERED_MS, job);
  }

  #runId(): string {
    return `replay-${this.#runs++}`;
  }
}
