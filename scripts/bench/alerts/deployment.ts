/**
 * ajar as it is deployed, at the size of an organisation, on a virtual clock: the pipeline's own functions behind queues of the
 * batches and the concurrency of serverless.yml. What AWS itself takes is a named guess here, and only there.
 */
import { stamped } from '../../../lib/assess/stamped.ts';
import { EMPTY_ALLOWLIST } from '../../../lib/model/allowlist.ts';
import type { CollectMessage, ProbeMessage } from '../../../lib/model/messages.ts';
import type { Queued } from '../../../lib/model/queue.ts';
import type { Reading } from '../../../lib/model/reading.ts';
import { durationMs } from '../../../lib/model/replay.ts';
import { assess } from '../../../lib/pipeline/assess.ts';
import { handleChange } from '../../../lib/pipeline/change.ts';
import { collectPlace } from '../../../lib/pipeline/collect-place.ts';
import { withInventory } from '../../../lib/pipeline/listed.ts';
import { TIER_MS } from '../../../lib/pipeline/plan.ts';
import { probeEndpoint } from '../../../lib/pipeline/probe.ts';
import { dueProbes, dueSweeps } from '../../../lib/pipeline/roster.ts';
import { Notifier } from '../../../lib/runtime/replay/notifier.ts';
import type { Stage, Vantage } from '../../../lib/runtime/replay/stage.ts';
import { trailEvent } from '../../../lib/runtime/replay/trail.ts';
import { Lane, type LaneShape } from './lane.ts';

/** As serverless.yml has them; test/scripts/alert-fleet.test.ts holds them against it. */
export const LANES = {
  collect: { batch: 1, windowMs: 0, atOnce: 50 },
  probe: { batch: 50, windowMs: 2_000, atOnce: 20 },
  assess: { batch: 50, windowMs: 2_000, atOnce: 20 },
  change: { batch: 10, windowMs: 0, atOnce: 10 },
} as const satisfies Record<string, LaneShape>;
export type Lanes = Readonly<Record<keyof typeof LANES, LaneShape>>;

const MINUTE_MS = 60_000;
/** Plan writes ten messages a request, one request after the other. */
const SEND_MS = 20;
const TOGETHER = 10;
/** A read and a transaction of DynamoDB; an event that is normalised, kept, and whose dependents are asked for. */
const JUDGE_MS = 60;
const CHANGE_MS = 100;

export class FleetDeployment {
  readonly #stage: Stage;
  readonly #vantage: Vantage;
  readonly #notifier: Notifier;
  readonly collect: Lane<CollectMessage>;
  readonly probe: Lane<ProbeMessage>;
  readonly assess: Lane<Reading>;
  readonly change: Lane<object>;
  #runs = 0;

  constructor(stage: Stage, lanes: Lanes) {
    const [vantage] = stage.vantages;
    if (vantage === undefined) throw new Error('no vantage');
    [this.#stage, this.#vantage] = [stage, vantage];
    this.#notifier = new Notifier(stage, () => this.#runId());
    const { clock } = stage;
    this.collect = new Lane(clock, lanes.collect, (message) => this.#collect(message));
    this.probe = new Lane(clock, lanes.probe, (message) => this.#probe(message));
    this.assess = new Lane(clock, lanes.assess, (reading) => this.#assess(reading));
    this.change = new Lane(clock, lanes.change, (event) => this.#change(event));
  }

  async play(): Promise<void> {
    const { clock, file } = this.#stage;
    const from = Date.parse(file.from);
    clock.at(from, () => this.#planSweeps());
    clock.at(from, () => this.#minute());
    for (const event of file.events ?? []) {
      const endpoint = file.endpoints.find(({ id }) => id === event.endpoint);
      if (event.trail === undefined || event.trail.lost === true || endpoint === undefined) continue;
      const told = trailEvent(event, endpoint);
      if (told === undefined) throw new Error(`no event tells of ${event.endpoint}`);
      clock.at(Date.parse(event.at) + durationMs(event.trail.delay ?? '20s'), () => this.change.send(told));
    }
    await clock.run(Date.parse(file.until));
  }

  async #minute(): Promise<void> {
    const { clock, store, now } = this.#stage;
    clock.after(MINUTE_MS, () => this.#minute());
    this.#notifier.wake();
    let sent = 0;
    const send = async (message: ProbeMessage): Promise<void> =>
      this.probe.send(message, Math.floor(sent++ / TOGETHER) * SEND_MS);
    await dueProbes(store.states(), send, now());
  }

  async #planSweeps(): Promise<void> {
    const { clock, source, store, now } = this.#stage;
    clock.after(TIER_MS.hot, () => this.#planSweeps());
    await dueSweeps(source, store, async (message) => this.collect.send(message), now());
  }

  async #collect(message: CollectMessage): Promise<void> {
    const { source, store, now, signal } = this.#stage;
    const run = { source, store, now, signal, runId: this.#runId(), vantage: 'aws-api' };
    const collected = await collectPlace(message, run);
    for (const probe of collected?.probes ?? []) this.probe.send(probe);
    for (const reading of collected?.gone ?? []) this.#sendReading(reading);
    if (collected?.again !== undefined) this.#sendCollect(collected.again);
  }

  #sendCollect({ body, delaySeconds = 0 }: Queued<CollectMessage>): void {
    this.collect.send(body, delaySeconds * 1_000);
  }

  async #probe(message: ProbeMessage): Promise<void> {
    const { endpoint, until, everyMs } = message;
    const takenAt = this.#stage.now().toISOString();
    if (until !== undefined && takenAt > until) return;
    const run = { ...this.#vantage.run(this.#runId()), ...(everyMs === undefined ? {} : { everyMs }) };
    const outcome = await probeEndpoint(endpoint, run);
    if (outcome.kind === 'cancelled') return;
    const reading = { ...withInventory(message)(outcome.reading), takenAt };
    if (outcome.kind === 'not-due' && reading.remembered === true) return;
    this.#sendReading(reading);
  }

  #sendReading(reading: Reading): void {
    this.assess.send(stamped(reading, this.#stage.now().toISOString()));
  }

  async #assess(reading: Reading): Promise<void> {
    const { store, allowlist, now, clock } = this.#stage;
    await clock.sleep(JUDGE_MS);
    const { notices } = await assess(reading, store, allowlist, now);
    if (notices.length > 0) this.#notifier.wake();
  }

  async #change(envelope: object): Promise<void> {
    const { store, source, now, signal, clock } = this.#stage;
    await clock.sleep(CHANGE_MS);
    const handled = await handleChange(envelope, {
      ...{ store, runId: this.#runId(), signal, vantage: 'aws-events', now, allowlist: EMPTY_ALLOWLIST },
      collect: { send: async (messages) => messages.forEach((message) => this.#sendCollect(message)) },
      placeOf: async (account, region) => (await source.regions(account)).items.find((p) => p.region === region),
    });
    if (handled.kind === 'change' && handled.explained > 0) this.#notifier.wake();
  }

  #runId(): string {
    return `fleet-${this.#runs++}`;
  }
}
